"""Draws endorsement and validation lines on a strip that is fed into a printer by hand."""

from collections.abc import Sequence

from cashier_app.documents.layout import MM, Frame, Ink, Sheet, Style, Weight, fitted

_FIRST = Style(10, Weight.BOLD, Ink.BLACK)
_OTHER = Style(8.5, Weight.MEDIUM, Ink.BLACK)
_WIDTH, _HEIGHT = 152 * MM, 70 * MM
"""A personal check of the United States, 6 by 2.75 inches."""
_ENDORSEMENT_AREA = 100 * MM
"""Regulation CC keeps the rest of the back for the banks; we stay in the payee's part at the trailing edge."""


def draw_endorsement(lines: Sequence[str]) -> bytes:
    """Return the lines as a one-page PDF; a single line runs over the full width."""
    margin = 6 * MM
    right = _WIDTH - margin if len(lines) == 1 else _ENDORSEMENT_AREA
    frame = Frame(width=_WIDTH, height=_HEIGHT, left=margin, right=right, top=margin, bottom=_HEIGHT - margin)
    sheet = Sheet(frame, lambda _: None, 1, "Endorsement")
    for index, line in enumerate(lines):
        style = _FIRST if index == 0 and len(lines) > 1 else _OTHER
        sheet.line(fitted(line, style, sheet.width), style)
    return sheet.finish()
