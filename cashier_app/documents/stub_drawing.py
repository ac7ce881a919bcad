"""Draws a payment stub: a notice above, and below the tear line what scanners and people read."""

from cashier_app.documents.furniture import HEADER_BOTTOM, logo_mark, page_furniture
from cashier_app.documents.layout import (
    BODY,
    LABEL,
    MM,
    SMALL,
    Align,
    Ink,
    Sheet,
    Style,
    Weight,
    draw_pages,
    wrapped,
)
from cashier_app.documents.paper import Imprint, Paper
from cashier_app.documents.stub import StubData
from cashier_app.documents.tables import paragraph
from cashier_app.documents.text import date_text, price_text
from cashier_app.domain.scan_line import format_readable_stub, format_stub

_HERO = Style(26, Weight.SEMI_BOLD)
_FIGURE = Style(13, Weight.SEMI_BOLD)
_NAME = Style(9, Weight.SEMI_BOLD)
_READABLE = Style(10.5, Weight.MEDIUM, Ink.BLACK)
STUB_HEIGHT = 92 * MM
"""From the tear line to the lower edge of the sheet."""


def draw_stub(data: StubData, paper: Paper) -> bytes:
    """Return a page with the notice and the stub."""
    number = data.bill_number or data.account_number
    imprint = Imprint(printed_at="", printed_by="", document_id=number)
    furniture = page_furniture(data.letterhead, "Amount due", data.bill_number, imprint, has_footer=False)
    return draw_pages(
        Paper.A4 if paper is Paper.ROLL_80 else paper,
        furniture,
        lambda sheet: _content(sheet, data),
        title=f"Payment stub {number}",
        top=HEADER_BOTTOM,
        bottom=0,
    )


def _content(sheet: Sheet, data: StubData) -> None:
    _figures(sheet, data)
    for line in (data.customer_name, *data.mailing_lines):
        sheet.line(line, BODY)
    sheet.skip(14)
    if data.message:
        paragraph(sheet, data.message, BODY)
    tear = sheet.frame.height - STUB_HEIGHT
    _tear_line(sheet, tear)
    draw_stub_at(sheet, tear + 10 * MM, data)


def draw_stub_at(sheet: Sheet, top: float, data: StubData) -> None:
    """Draw the stub proper at a given height, over the width of the sheet; other documents put it at their foot."""
    line = format_stub(data.scan_line)
    logo_mark(sheet, sheet.left, top, 18)
    sheet.text(sheet.left + 26, top + 8, data.letterhead.utility_name, _NAME)
    sheet.text(sheet.left + 26, top + 17, "Please bring or send this part with your payment.", SMALL)
    side = 26 * MM
    sheet.qr(line, sheet.right - side, top, side)
    _stub_facts(sheet, top + 34, data)
    bars = top + 40 * MM
    sheet.code_128(line, sheet.left, bars, 12 * MM, 0.33 * MM)
    sheet.text(sheet.left, bars + 12 * MM + 15, format_readable_stub(data.scan_line), _READABLE)


def _figures(sheet: Sheet, data: StubData) -> None:
    pairs = _answers(data)
    for index, (label, value) in enumerate(pairs):
        x = sheet.left + (0, 0.44, 0.72)[index] * sheet.width
        sheet.text(x, sheet.y + LABEL.size, label.upper(), LABEL)
        sheet.text(x, sheet.y + 36, value, _FIGURE if index else _HERO)
    sheet.skip(64)


def _stub_facts(sheet: Sheet, top: float, data: StubData) -> None:
    room = sheet.width - 34 * MM
    for index, (label, value) in enumerate(_answers(data)):
        x = sheet.left + index * room / 3
        sheet.text(x, top + LABEL.size, label.upper(), LABEL)
        sheet.text(x, top + 22, value, _FIGURE)
    sheet.text(sheet.left, top + 40, "FROM", LABEL)
    for number, line in enumerate(wrapped(data.customer_name, BODY, room)[:2]):
        sheet.text(sheet.left, top + 51 + number * BODY.leading, line, BODY)


def _answers(data: StubData) -> tuple[tuple[str, str], ...]:
    return (
        ("Amount due", price_text(data.amount_due, data.currency, data.locale)),
        ("Due", date_text(data.due_date, data.locale)),
        ("Account", data.account_number_shown or data.account_number),
    )


def _tear_line(sheet: Sheet, y: float) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setStrokeColorRGB(*Ink.MUTED.value)
    canvas.setLineWidth(0.5)
    canvas.setDash(2, 3)
    canvas.line(0, sheet.frame.height - y, sheet.frame.width, sheet.frame.height - y)
    canvas.restoreState()
    sheet.text(sheet.frame.width / 2, y - 4, "Tear off here", SMALL, Align.CENTER)
