"""The hand in which papers of the till are written on an 80 mm roll: head, facts, amounts, sums."""

from collections.abc import Iterable

from cashier_app.documents.furniture import logo_mark
from cashier_app.documents.layout import Align, Ink, Sheet, Style, Weight, text_width, wrapped
from cashier_app.documents.paper import Letterhead

NAME = Style(12, Weight.SEMI_BOLD, Ink.BLACK)
FINE = Style(7.2, ink=Ink.BLACK)
"""Thermal paper knows no gray: on the roll everything is black."""
TEXT = Style(8.5, ink=Ink.BLACK)
STRONG = Style(8.5, Weight.SEMI_BOLD, Ink.BLACK)
_TINY = Style(6.4, Weight.MEDIUM, Ink.BLACK)
_TOTAL = Style(13, Weight.BOLD, Ink.BLACK)
_BAND = Style(13, Weight.BOLD, Ink.WHITE)


def roll_head(sheet: Sheet, letterhead: Letterhead, marks: Iterable[str], title: str = "") -> None:
    """Who issues it, what it is called where that is not plain, and the marks across it."""
    side = 24.0
    logo_mark(sheet, (sheet.left + sheet.right - side) / 2, sheet.y, side, Ink.BLACK)
    sheet.skip(side + 5)
    centered(sheet, letterhead.utility_name, NAME)
    for line in (*letterhead.address_lines, letterhead.contact):
        if line:
            centered(sheet, line, FINE)
    sheet.skip(5)
    if title:
        centered(sheet, title, _TOTAL)
        sheet.skip(4)
    for mark in marks:
        sheet.box(sheet.left, sheet.y, sheet.right, sheet.y + 20, Ink.BLACK)
        sheet.text((sheet.left + sheet.right) / 2, sheet.y + 14.6, mark, _BAND, Align.CENTER)
        sheet.skip(23)
    sheet.rule(Ink.BLACK)
    sheet.skip(4)


def roll_facts(sheet: Sheet, pairs: Iterable[tuple[str, str]], strong: frozenset[str] = frozenset()) -> None:
    """Labels with their values, which wrap; those named in `strong` stand out."""
    label_width = 62.0
    for label, value in pairs:
        sheet.text(sheet.left, sheet.y + TEXT.size, label, FINE)
        style = STRONG if label in strong else TEXT
        for line in wrapped(value, style, sheet.width - label_width):
            sheet.line(line, style, x=sheet.left + label_width)
    sheet.skip(4)


def roll_heading(sheet: Sheet, title: str, currency: str) -> None:
    """A small heading over amounts, with their currency."""
    sheet.skip(2)
    sheet.text(sheet.left, sheet.y + _TINY.size, title.upper(), _TINY)
    sheet.text(sheet.right, sheet.y + _TINY.size, currency, _TINY, Align.RIGHT)
    sheet.skip(_TINY.leading + 1)
    sheet.rule(Ink.BLACK)
    sheet.skip(3)


def roll_pair(sheet: Sheet, label: str, amount: str, style: Style, indent: float = 0) -> None:
    """A text that wraps beside an amount that does not; the amount stands on the first line."""
    sheet.need(style.leading)
    first = sheet.y + style.size
    inset = 58.0 if indent else 0.0  # parts of an amount stand left of the amounts they add up to
    lines = wrapped(label, style, sheet.width - indent - inset - text_width(amount, style) - 8)
    sheet.text(sheet.left + indent, first, lines[0], style)
    sheet.text(sheet.right - inset, first, amount, style, Align.RIGHT)
    sheet.skip(style.leading)
    for line in lines[1:]:
        sheet.line(line, style, x=sheet.left + indent)


def roll_total(sheet: Sheet, label: str, amount: str) -> None:
    """A sum, large under a rule."""
    sheet.rule(Ink.BLACK)
    sheet.skip(3)
    sheet.text(sheet.left, sheet.y + _TOTAL.size, label, _TOTAL)
    sheet.text(sheet.right, sheet.y + _TOTAL.size, amount, _TOTAL, Align.RIGHT)
    sheet.skip(_TOTAL.leading + 4)


def roll_signature(sheet: Sheet, role: str, name: str) -> None:
    """Room to sign, and who is to."""
    sheet.skip(26)
    sheet.rule(Ink.BLACK)
    sheet.skip(2)
    for line in wrapped(f"{role}: {name}", FINE, sheet.width):
        sheet.line(line, FINE)


def centered(sheet: Sheet, text: str, style: Style) -> None:
    """A text that wraps, in the middle."""
    for line in wrapped(text, style, sheet.width):
        sheet.line(line, style, align=Align.CENTER)
