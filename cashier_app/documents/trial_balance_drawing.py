"""Draws reports of GL accounts: a section per division and currency, its sums, and whether they balance."""

from cashier_app.documents.furniture import HEADER_BOTTOM, page_furniture
from cashier_app.documents.layout import Ink, Sheet, Style, Weight, draw_pages
from cashier_app.documents.paper import Paper
from cashier_app.documents.tables import Column, Row, facts, money_column, paragraph, section, table, total_row
from cashier_app.documents.text import amount_text, grid_text
from cashier_app.documents.trial_balance import AccountLine, AccountSection, AccountsReportData

_VERDICT = Style(13, Weight.SEMI_BOLD)
_ALARM = Style(13, Weight.SEMI_BOLD, Ink.DANGER)
_NAMES = (Column("GL account", 1.2), Column("Description", 2.6))
_MOVED = (money_column("Debit", 1.2), money_column("Credit", 1.2))
_BALANCES = (*_NAMES, money_column("Opening", 1.2), *_MOVED, money_column("Closing", 1.2))
_ENTRY = (*_NAMES, *_MOVED, Column("Statistic", 1.2))


def draw_accounts_report(data: AccountsReportData, paper: Paper) -> bytes:
    """Return the report as a PDF."""
    furniture = page_furniture(data.letterhead, data.title, data.period, data.imprint)
    return draw_pages(
        Paper.A4 if paper is Paper.ROLL_80 else paper,
        furniture,
        lambda sheet: _content(sheet, data),
        title=f"{data.title} {data.period}",
        top=HEADER_BOTTOM,
    )


def _content(sheet: Sheet, data: AccountsReportData) -> None:
    if not data.sections:
        sheet.line("Nothing was booked.", _VERDICT)
    elif data.is_balanced:
        sheet.line("Debits equal credits.", _VERDICT)
    else:
        sheet.line("Debits and credits differ: run the checks.", _ALARM)
    sheet.skip(10)
    if data.facts:
        facts(sheet, data.facts, columns=4)
    for each in data.sections:
        section(sheet, each.title, each.currency)
        rows = [_row(line, each, data) for line in each.lines]
        table(sheet, _BALANCES if data.has_balances else _ENTRY, [*rows, _sums(each, data)])
    sheet.skip(12)
    for note in data.notes:
        paragraph(sheet, note)


def _row(line: AccountLine, of: AccountSection, data: AccountsReportData) -> Row:
    opening, debit, credit, closing = (
        grid_text(amount, of.currency, data.locale) for amount in (line.opening, line.debit, line.credit, line.closing)
    )
    if data.has_balances:
        return Row((line.gl_account, line.description, opening, debit, credit, closing))
    return Row((line.gl_account, line.description, debit, credit, line.note))


def _sums(of: AccountSection, data: AccountsReportData) -> Row:
    opening, debit, credit, closing = (amount_text(amount, of.currency, data.locale) for amount in of.sums)
    if data.has_balances:
        return total_row("Total", "", opening, debit, credit, closing)
    return total_row("Total", "", debit, credit, "")
