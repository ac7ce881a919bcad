"""Draws a deposit slip: how much, of what, from where, and who stands for it (R payments 2.11, C6)."""

from cashier_app.documents.deposit_slip import DepositSlipData
from cashier_app.documents.furniture import HEADER_BOTTOM, page_furniture
from cashier_app.documents.layout import BODY, LABEL, SMALL, Sheet, Style, Weight, draw_pages
from cashier_app.documents.paper import Paper
from cashier_app.documents.tables import (
    Column,
    Row,
    facts,
    money_column,
    paragraph,
    section,
    signatures,
    table,
    total_row,
)
from cashier_app.documents.text import amount_text, price_text

_HERO = Style(24, Weight.SEMI_BOLD)
_FIGURE = Style(13, Weight.MEDIUM)


def draw_deposit_slip(data: DepositSlipData, paper: Paper) -> bytes:
    """Return the slip as a PDF."""
    title = "Deposit slip"
    furniture = page_furniture(data.letterhead, title, data.slip_number, data.imprint)
    return draw_pages(
        Paper.A4 if paper is Paper.ROLL_80 else paper,
        furniture,
        lambda sheet: _content(sheet, data),
        title=f"{title} {data.slip_number}",
        top=HEADER_BOTTOM,
    )


def _content(sheet: Sheet, data: DepositSlipData) -> None:
    _answer(sheet, data)
    pairs = (
        ("Bank", data.bank_name),
        ("Account", data.bank_account),
        ("Deposited on", data.deposited_on),
        ("Deposit control", data.deposit_control),
    )
    facts(sheet, pairs, columns=4)
    _cash(sheet, data)
    _checks(sheet, data)
    _other(sheet, data)
    _sources(sheet, data)
    sheet.skip(10)
    for note in data.notes:
        paragraph(sheet, note)
    signatures(
        sheet, (("Prepared by", data.prepared_by), ("Checked by", data.checked_by), ("Received by the bank", ""))
    )


def _money(data: DepositSlipData, amount: int) -> str:
    return amount_text(amount, data.currency, data.locale)


def _answer(sheet: Sheet, data: DepositSlipData) -> None:
    """The total first and large, beside it what it is made of."""
    figures = [("Total to deposit", data.total), ("Cash", data.cash_total)]
    figures.append((f"Checks ({len(data.checks)})", data.checks_total))
    if data.other:
        figures.append(("Other", sum(line.amount for line in data.other)))
    x = sheet.left
    for index, (label, amount) in enumerate(figures):
        sheet.text(x, sheet.y + LABEL.size, label.upper(), LABEL)
        style = _FIGURE if index else _HERO
        sheet.text(x, sheet.y + 34, price_text(amount, data.currency, data.locale), style)
        x += sheet.width * (0.19 if index else 0.40)
    sheet.skip(52)


def _cash(sheet: Sheet, data: DepositSlipData) -> None:
    section(sheet, "Notes and coin", data.currency)
    rows = [
        Row((_money(data, count.value), count.label or "loose", str(count.pieces), _money(data, count.amount)))
        for count in data.denominations
    ]
    not_itemized = data.cash_total - sum(count.amount for count in data.denominations)
    if not_itemized:
        rows.append(Row(("", "not itemized", "", _money(data, not_itemized)), BODY))
    rows.append(total_row("", "Total cash", "", _money(data, data.cash_total)))
    columns = (
        money_column("Denomination", 1), Column("Packed", 2), money_column("Pieces", 1), money_column("Amount", 1.2)
    )  # fmt: skip
    table(sheet, columns, rows)


def _checks(sheet: Sheet, data: DepositSlipData) -> None:
    if not data.checks:
        return
    section(sheet, "Checks", data.currency)
    rows = [
        Row((str(index), check.number, check.payor, check.bank or check.receipt_number, _money(data, check.amount)))
        for index, check in enumerate(data.checks, start=1)
    ]
    count = len(data.checks)
    label = f"{count} check{'' if count == 1 else 's'}"
    rows.append(total_row("", label, "", "", _money(data, data.checks_total)))
    columns = (
        money_column("#", 0.4), Column("Number", 1.1), Column("Payor", 3), Column("Bank or receipt", 1.6),
        money_column("Amount", 1.2),
    )  # fmt: skip
    table(sheet, columns, rows)


def _other(sheet: Sheet, data: DepositSlipData) -> None:
    if not data.other:
        return
    section(sheet, "Other", data.currency)
    rows = [Row((line.description, str(line.count), _money(data, line.amount))) for line in data.other]
    table(sheet, (Column("What", 4), money_column("Pieces", 1), money_column("Amount", 1.2)), rows)


def _sources(sheet: Sheet, data: DepositSlipData) -> None:
    """From which drawers and turn-ins the deposit comes; must tie out with what it is composed of (I8)."""
    if not data.drawers and not data.turn_ins:
        return
    section(sheet, "Where it comes from", data.currency)
    rows = [
        Row(
            (
                drawer.drawer,
                drawer.tender_control,
                drawer.owner,
                _money(data, drawer.counted),
                _money(data, -drawer.starting_float),
                _money(data, drawer.amount),
            )
        )
        for drawer in data.drawers
    ]
    rows += [
        Row((f"Turn-in {line.number}", line.drawer, line.handed_by, "", "", _money(data, line.amount)))
        for line in data.turn_ins
    ]
    rows.append(total_row("Total", "", "", "", "", _money(data, data.sources_total)))
    columns = (
        Column("Drawer", 2), Column("Control", 1), Column("Owner", 2), money_column("Counted", 1.2),
        money_column("Float kept", 1.1), money_column("Amount", 1.2),
    )  # fmt: skip
    table(sheet, columns, rows)
    if difference := data.sources_total - data.total:
        sheet.skip(4)
        text = f"Drawers and turn-ins differ from this slip by {_money(data, difference)}."
        paragraph(sheet, text, Style(SMALL.size, Weight.MEDIUM))
