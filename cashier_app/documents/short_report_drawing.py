"""Draws the short form of a drawer's report on an 80 mm roll."""

from cashier_app.documents.drawer_report import DrawerReportData
from cashier_app.documents.drawer_report_words import report_title, verdict
from cashier_app.documents.layout import Align, Ink, Sheet, Style, Weight, text_width, wrapped
from cashier_app.documents.short_drawer_report import ShortSection, short_notes, short_sections

_NAME = Style(11, Weight.SEMI_BOLD, Ink.BLACK)
_TITLE = Style(13, Weight.BOLD, Ink.BLACK)
_TEXT = Style(8.2, ink=Ink.BLACK)
_STRONG = Style(8.2, Weight.SEMI_BOLD, Ink.BLACK)
_FINE = Style(7, ink=Ink.BLACK)
_TINY = Style(6.4, Weight.MEDIUM, Ink.BLACK)


def draw_short_report(sheet: Sheet, data: DrawerReportData) -> None:
    """Draw the short form on a roll."""
    for line in wrapped(data.letterhead.utility_name, _NAME, sheet.width):
        sheet.line(line, _NAME, align=Align.CENTER)
    sheet.line(report_title(data), _TITLE, align=Align.CENTER)
    sheet.skip(3)
    for line in wrapped(verdict(data), _STRONG, sheet.width):
        sheet.line(line, _STRONG, align=Align.CENTER)
    for part in short_sections(data):
        _section(sheet, part)
    sheet.skip(6)
    for note in short_notes(data):
        for line in wrapped(note, _FINE, sheet.width):
            sheet.line(line, _FINE)
        sheet.skip(2)
    for role, name in (("Cashier", data.owner), ("Supervisor", data.supervisor)):
        sheet.skip(26)
        sheet.rule(Ink.BLACK)
        sheet.skip(2)
        sheet.line(f"{role}: {name}", _FINE)
    sheet.skip(4)
    sheet.line(f"Printed {data.imprint.printed_at} by {data.imprint.printed_by}", _FINE)


def _section(sheet: Sheet, part: ShortSection) -> None:
    sheet.skip(5)
    if part.title:
        sheet.line(part.title.upper(), _TINY)
    sheet.rule(Ink.BLACK)
    sheet.skip(2.5)
    for label, figure in part.pairs:
        if not figure:
            continue
        style = _STRONG if label in part.strong else _TEXT
        lines = wrapped(figure, style, sheet.width - text_width(label, style) - 10)
        sheet.text(sheet.left, sheet.y + style.size, label, style)
        for line in lines:
            sheet.line(line, style, align=Align.RIGHT)
