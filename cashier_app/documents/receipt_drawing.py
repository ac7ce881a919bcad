"""Draws a receipt on an 80 mm roll or on a page of A4 or Letter (R payments 9.2)."""

from cashier_app.documents.furniture import HEADER_BOTTOM, page_furniture
from cashier_app.documents.layout import (
    BODY,
    BODY_STRONG,
    LABEL,
    MM,
    SMALL,
    Align,
    Ink,
    Sheet,
    Style,
    Weight,
    draw_pages,
    draw_roll,
    wrapped,
)
from cashier_app.documents.paper import Imprint, Paper
from cashier_app.documents.receipt import ReceiptData, ReceiptPayment, ReceiptTender
from cashier_app.documents.receipt_words import balance_label, receipt_facts, receipt_notes, tender_details
from cashier_app.documents.roll import (
    FINE,
    STRONG,
    TEXT,
    centered,
    roll_facts,
    roll_head,
    roll_heading,
    roll_pair,
    roll_total,
)
from cashier_app.documents.tables import (
    Column,
    Row,
    balance_column,
    facts,
    money_column,
    paragraph,
    section,
    table,
    total_row,
)
from cashier_app.documents.text import amount_text, balance_text, grouped, price_text

_HERO = Style(22, Weight.SEMI_BOLD)
_CODES_HEIGHT = 17 * MM
_NUMBER = Style(8, Weight.MEDIUM, Ink.BLACK)


def draw_receipt(data: ReceiptData, paper: Paper) -> bytes:
    """Return the receipt as a PDF."""
    title = f"Receipt {data.receipt_number}"
    if paper is Paper.ROLL_80:
        return draw_roll(lambda sheet: _draw_on_roll(sheet, data), title=title)
    imprint = Imprint(printed_at=data.taken_at, printed_by=data.cashier, document_id=f"Receipt {data.receipt_number}")
    heading = " · ".join(("Receipt", *data.marks))
    furniture = page_furniture(data.letterhead, heading, grouped(data.receipt_number), imprint, data.marks)
    return draw_pages(paper, furniture, lambda sheet: _draw_on_page(sheet, data), title=title, top=HEADER_BOTTOM)


def _draw_on_roll(sheet: Sheet, data: ReceiptData) -> None:
    roll_head(sheet, data.letterhead, data.marks)
    roll_facts(sheet, receipt_facts(data), frozenset({"Receipt", "Received from"}))
    roll_heading(sheet, "Payments", data.currency)
    for payment in data.payments:
        _roll_payment(sheet, payment, data)
    roll_total(sheet, "Paid", price_text(data.total_paid, data.currency, data.locale))
    roll_heading(sheet, "Tendered", data.currency)
    for tender in data.tenders:
        _roll_tender(sheet, tender, data)
    if data.cash_tendered is not None:
        sheet.skip(3)
        roll_pair(sheet, "Cash tendered", amount_text(data.cash_tendered, data.currency, data.locale), TEXT)
        roll_total(sheet, "Change", price_text(data.change_given, data.currency, data.locale))
    _roll_foot(sheet, data)


def _roll_payment(sheet: Sheet, payment: ReceiptPayment, data: ReceiptData) -> None:
    roll_pair(sheet, payment.customer_name, amount_text(payment.amount, data.currency, data.locale), STRONG)
    if payment.account_number:
        sheet.line(f"Account {payment.account_number}", FINE)
    for segment in payment.segments:
        amount = amount_text(segment.amount, data.currency, data.locale)
        roll_pair(sheet, segment.description, amount, FINE, indent=8)
    if payment.new_balance is not None:
        balance = balance_text(payment.new_balance, data.currency, data.locale)
        sheet.line(f"{balance_label(data)} {balance}", FINE)
    sheet.skip(3)


def _roll_tender(sheet: Sheet, tender: ReceiptTender, data: ReceiptData) -> None:
    roll_pair(sheet, tender.tender_type, amount_text(tender.amount, data.currency, data.locale), TEXT)
    if details := tender_details(tender, data.locale):
        for line in wrapped(details, FINE, sheet.width - 8):
            sheet.line(line, FINE, x=sheet.left + 8)


def _roll_foot(sheet: Sheet, data: ReceiptData) -> None:
    sheet.skip(2)
    sheet.rule(Ink.BLACK)
    sheet.skip(5)
    for note in receipt_notes(data):
        centered(sheet, note, FINE)
        sheet.skip(2)
    sheet.skip(6)
    _codes(sheet, data.receipt_number, sheet.left + 4)


def _codes(sheet: Sheet, number: str, left: float) -> None:
    """Both codes of the receipt number side by side, with quiet zones, the number below the bars."""
    side, module = _CODES_HEIGHT, 0.33 * MM
    sheet.need(side)
    bars = sheet.code_128(number, left + side + 7 * MM, sheet.y + 2, side - 15, module)
    sheet.qr(number, left, sheet.y, side)
    center = left + side + 7 * MM + bars / 2
    sheet.text(center, sheet.y + side - 1, grouped(number), _NUMBER, Align.CENTER)
    sheet.skip(side)


def _draw_on_page(sheet: Sheet, data: ReceiptData) -> None:
    _page_answer(sheet, data)
    facts(sheet, [pair for pair in receipt_facts(data) if pair[0] != "Receipt"], columns=3)
    section(sheet, "Payments", data.currency)
    _payments_table(sheet, data)
    section(sheet, "Tendered", data.currency)
    _tenders_table(sheet, data)
    notes = receipt_notes(data)
    sheet.need(24 + len(notes) * SMALL.leading + _CODES_HEIGHT)  # the foot stays together
    sheet.skip(12)
    for note in notes:
        paragraph(sheet, note, SMALL)
    sheet.skip(12)
    _codes(sheet, data.receipt_number, sheet.left)


def _page_answer(sheet: Sheet, data: ReceiptData) -> None:
    """How much, first and large: what was paid, and beside it what went back."""
    figures = [("Paid", price_text(data.total_paid, data.currency, data.locale))]
    if data.cash_tendered is not None:
        figures.append(("Cash tendered", price_text(data.cash_tendered, data.currency, data.locale)))
        figures.append(("Change", price_text(data.change_given, data.currency, data.locale)))
    for index, (label, figure) in enumerate(figures):
        x = sheet.left + index * (sheet.width + 8) / 3
        sheet.text(x, sheet.y + LABEL.size, label.upper(), LABEL)
        sheet.text(x, sheet.y + 32, figure, _HERO if index == 0 else Style(16, Weight.MEDIUM, Ink.MUTED))
    sheet.skip(48)


def _payments_table(sheet: Sheet, data: ReceiptData) -> None:
    with_balance = any(payment.new_balance is not None for payment in data.payments)
    rows = [row for payment in data.payments for row in _payment_rows(payment, data)]
    rows.append(total_row("Total", "", amount_text(data.total_paid, data.currency, data.locale), ""))
    columns = [Column("Account", 2), Column("Customer", 4.4), money_column("Amount", 1.8)]
    columns.append(balance_column(balance_label(data) if with_balance else "", 1.8))
    table(sheet, columns, rows)


def _payment_rows(payment: ReceiptPayment, data: ReceiptData) -> list[Row]:
    balance = "" if payment.new_balance is None else balance_text(payment.new_balance, data.currency, data.locale)
    amount = amount_text(payment.amount, data.currency, data.locale)
    rows = [Row((payment.account_number, payment.customer_name, amount, balance), BODY_STRONG)]
    for segment in payment.segments:
        part = amount_text(segment.amount, data.currency, data.locale)
        rows.append(Row(("", segment.description, part, ""), SMALL, is_detail=True))
    return rows


def _tenders_table(sheet: Sheet, data: ReceiptData) -> None:
    rows = [
        Row(
            (
                tender.tender_type,
                tender_details(tender, data.locale),
                amount_text(tender.amount, data.currency, data.locale),
                "",
            ),
            BODY,
        )
        for tender in data.tenders
    ]
    total = sum(tender.amount for tender in data.tenders)
    rows.append(total_row("Total", "", amount_text(total, data.currency, data.locale), ""))
    columns = [Column("Tender", 2), Column("Details", 4.4), money_column("Amount", 1.8), balance_column("", 1.8)]
    table(sheet, columns, rows)
