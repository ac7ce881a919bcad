"""What every page of A4 or Letter carries: the utility's header, and a footer that says what and when it is."""

from collections.abc import Callable, Sequence

from cashier_app.documents.layout import MM, SMALL, TITLE, Align, Ink, Sheet, Style, Weight, fitted, font_name
from cashier_app.documents.paper import Imprint, Letterhead

HEADER_BOTTOM = 34 * MM
"""Where content begins below the header."""

_NAME = Style(11, Weight.SEMI_BOLD)
_SUBTITLE = Style(9, Weight.MEDIUM, Ink.MUTED)
_MARK_SIDE = 26.0


def page_furniture(
    letterhead: Letterhead,
    title: str,
    subtitle: str,
    imprint: Imprint,
    marks: Sequence[str] = (),
    *,
    has_footer: bool = True,
) -> Callable[[Sheet], None]:
    """Return what draws header and footer; `marks` such as VOID stand large behind the content of each page."""

    def draw(sheet: Sheet) -> None:
        _ghost(sheet, marks)
        _header(sheet, letterhead, title, subtitle)
        if has_footer:
            _footer(sheet, imprint)

    return draw


def logo_mark(sheet: Sheet, x: float, y: float, side: float, ink: Ink = Ink.ACCENT) -> None:
    """Draw the mark: a drop and a rising line in a rounded square, with its upper left corner at (x, y)."""
    canvas = sheet.canvas
    bottom = sheet.frame.height - y - side
    canvas.setFillColorRGB(*ink.value)
    canvas.roundRect(x, bottom, side, side, side * 0.23, stroke=0, fill=1)
    canvas.setFillColorRGB(*Ink.WHITE.value)
    drop = canvas.beginPath()
    center = x + side * 0.5
    drop.moveTo(center, bottom + side * 0.83)
    drop.curveTo(
        center + side * 0.10, bottom + side * 0.66, center + side * 0.26, bottom + side * 0.55, center + side * 0.26,
        bottom + side * 0.39,
    )  # fmt: skip
    drop.curveTo(
        center + side * 0.26, bottom + side * 0.07, center - side * 0.26, bottom + side * 0.07, center - side * 0.26,
        bottom + side * 0.39,
    )  # fmt: skip
    drop.curveTo(
        center - side * 0.26, bottom + side * 0.55, center - side * 0.10, bottom + side * 0.66, center,
        bottom + side * 0.83,
    )  # fmt: skip
    canvas.drawPath(drop, stroke=0, fill=1)
    canvas.setStrokeColorRGB(*ink.value)
    canvas.setLineWidth(side * 0.075)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    pulse = canvas.beginPath()
    pulse.moveTo(center + side * 0.04, bottom + side * 0.52)
    pulse.lineTo(center - side * 0.08, bottom + side * 0.37)
    pulse.lineTo(center + side * 0.08, bottom + side * 0.37)
    pulse.lineTo(center - side * 0.04, bottom + side * 0.22)
    canvas.drawPath(pulse, stroke=1, fill=0)


def _header(sheet: Sheet, letterhead: Letterhead, title: str, subtitle: str) -> None:
    top = 14 * MM
    logo_mark(sheet, sheet.left, top, _MARK_SIDE)
    x = sheet.left + _MARK_SIDE + 9
    half = sheet.width * 0.56
    sheet.text(x, top + 11, fitted(letterhead.utility_name, _NAME, half - _MARK_SIDE), _NAME)
    address = " · ".join((*letterhead.address_lines, letterhead.contact)).strip(" ·")
    sheet.text(x, top + 22, fitted(address, SMALL, half - _MARK_SIDE), SMALL)
    sheet.text(sheet.right, top + 13, fitted(title, TITLE, sheet.width - half), TITLE, Align.RIGHT)
    sheet.text(sheet.right, top + 26, fitted(subtitle, _SUBTITLE, sheet.width - half), _SUBTITLE, Align.RIGHT)
    sheet.box(sheet.left, top + 37, sheet.right, top + 38, Ink.ACCENT)


def _footer(sheet: Sheet, imprint: Imprint) -> None:
    y = sheet.frame.height - 12 * MM
    sheet.box(sheet.left, y - 11, sheet.right, y - 10.5, Ink.LINE)
    third = sheet.width / 3 - 6
    printed = f"Printed {imprint.printed_at} by {imprint.printed_by}"
    sheet.text(sheet.left, y, fitted(printed, SMALL, third * 1.3), SMALL)
    center = (sheet.left + sheet.right) / 2 + third * 0.15
    sheet.text(center, y, fitted(imprint.document_id, SMALL, third), SMALL, Align.CENTER)
    sheet.text(sheet.right, y, f"Page {sheet.page} of {sheet.pages}", SMALL, Align.RIGHT)


def _ghost(sheet: Sheet, marks: Sequence[str]) -> None:
    """Large words across the page, behind everything, so that a cut-off header cannot hide them."""
    if not marks:
        return
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(sheet.frame.width / 2, sheet.frame.height / 2)
    canvas.rotate(38)
    style = Style(118 if len(marks) == 1 else 84, Weight.BOLD, Ink.GHOST)
    for index, mark in enumerate(marks):
        offset = (len(marks) - 1) * 50 - index * 100
        canvas.setFont(font_name(style.weight), style.size)
        canvas.setFillColorRGB(*style.ink.value)
        canvas.drawCentredString(0, offset - style.size * 0.36, mark)
    canvas.restoreState()
