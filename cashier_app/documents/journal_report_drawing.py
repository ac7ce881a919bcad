"""Draws a journal report: groups with subtotals, totals, and whether debits equal credits."""

from itertools import groupby

from cashier_app.documents.furniture import HEADER_BOTTOM, page_furniture
from cashier_app.documents.journal_report import JournalLine, JournalReportData
from cashier_app.documents.layout import Ink, Sheet, Style, Weight, draw_pages
from cashier_app.documents.paper import Paper
from cashier_app.documents.tables import Column, Row, facts, money_column, paragraph, section, table, total_row
from cashier_app.documents.text import amount_text, grid_text

_VERDICT = Style(13, Weight.SEMI_BOLD)
_ALARM = Style(13, Weight.SEMI_BOLD, Ink.DANGER)
_COLUMNS = (
    Column("Distribution code", 1.5), Column("GL account", 1.5), Column("Description", 3), money_column("Debit", 1.3),
    money_column("Credit", 1.3),
)  # fmt: skip


def draw_journal_report(data: JournalReportData, paper: Paper) -> bytes:
    """Return the report as a PDF."""
    furniture = page_furniture(data.letterhead, data.title, data.period, data.imprint)
    return draw_pages(
        Paper.A4 if paper is Paper.ROLL_80 else paper,
        furniture,
        lambda sheet: _content(sheet, data),
        title=f"{data.title} {data.period}",
        top=HEADER_BOTTOM,
    )


def _content(sheet: Sheet, data: JournalReportData) -> None:
    difference = data.total_debit - data.total_credit
    if difference:
        amount = amount_text(abs(difference), data.currency, data.locale)
        sheet.line(f"Debits and credits differ by {data.currency} {amount}.", _ALARM)
    else:
        sheet.line("Debits equal credits.", _VERDICT)
    sheet.skip(10)
    facts(sheet, (("Period", data.period), ("Scope", data.scope), ("Currency", data.currency)), columns=4)
    groups = [(name, list(lines)) for name, lines in groupby(data.lines, key=lambda line: line.group)]
    for name, lines in groups:
        section(sheet, name or "Lines", data.currency)
        table(sheet, _COLUMNS, [*(_row(line, data) for line in lines), _sum_row("Subtotal", lines, data)])
    if len(groups) != 1:
        sheet.skip(18)
        table(sheet, _COLUMNS, [_sum_row("Total", data.lines, data)], has_titles=False)
    sheet.skip(12)
    for note in data.notes:
        paragraph(sheet, note)


def _row(line: JournalLine, data: JournalReportData) -> Row:
    debit, credit = (grid_text(amount, data.currency, data.locale) for amount in (line.debit, line.credit))
    return Row((line.distribution_code, line.gl_account, line.description, debit, credit))


def _sum_row(label: str, lines: list[JournalLine] | tuple[JournalLine, ...], data: JournalReportData) -> Row:
    debit = amount_text(sum(line.debit for line in lines), data.currency, data.locale)
    credit = amount_text(sum(line.credit for line in lines), data.currency, data.locale)
    return total_row(label, "", "", debit, credit)
