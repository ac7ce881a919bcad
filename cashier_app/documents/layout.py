"""The hand of every page: papers, fonts, colors by role, and a sheet that is filled from top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cashier_app.documents.codes import code_128_bars, qr_runs
from cashier_app.documents.paper import Paper
from cashier_app.documents.text import clean
from resources import path as resource_path

MM = 72 / 25.4

PAGE_SIZES = {Paper.A4: (210 * MM, 297 * MM), Paper.LETTER: (612.0, 792.0)}
ROLL_WIDTH = 80 * MM
ROLL_MARGIN = 4 * MM
_LONGEST_ROLL = 14_400.0
"""The longest page PDF allows, five meters."""

rl_config.useA85 = 0


class Weight(Enum):
    """A cut of the bundled typeface; the value is its file."""

    REGULAR = "InterTabular-Regular"
    MEDIUM = "InterTabular-Medium"
    SEMI_BOLD = "InterTabular-SemiBold"
    BOLD = "InterTabular-Bold"


class Ink(Enum):
    """Colors in print, by role. All pass 4.5 : 1 on white except the lines and shades, which carry no text."""

    TEXT = (0.09, 0.11, 0.14)
    MUTED = (0.36, 0.40, 0.45)
    LINE = (0.80, 0.83, 0.86)
    SHADE = (0.955, 0.963, 0.97)
    ACCENT = (0.02, 0.36, 0.42)
    DANGER = (0.72, 0.11, 0.11)
    GHOST = (0.90, 0.915, 0.93)
    BLACK = (0.0, 0.0, 0.0)
    WHITE = (1.0, 1.0, 1.0)


class Align(Enum):
    """Where a text stands relative to its x."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text looks."""

    size: float
    weight: Weight = Weight.REGULAR
    ink: Ink = Ink.TEXT

    @property
    def leading(self) -> float:
        """The distance between two lines."""
        return self.size * 1.36


TITLE = Style(16, Weight.SEMI_BOLD)
HEADING = Style(10.5, Weight.SEMI_BOLD)
BODY = Style(8.5)
BODY_MEDIUM = Style(8.5, Weight.MEDIUM)
BODY_STRONG = Style(8.5, Weight.SEMI_BOLD)
SMALL = Style(7.2, ink=Ink.MUTED)
LABEL = Style(6.4, Weight.MEDIUM, Ink.MUTED)
"""For tiny section labels, the only place for capitals (interface 8)."""


@lru_cache(maxsize=8)
def font_name(weight: Weight) -> str:
    """Return the registered name of a cut; each file is read once per process."""
    registerFont(TTFont(weight.value, str(resource_path(f"fonts/{weight.value}.ttf"))))
    return weight.value


def text_width(text: str, style: Style) -> float:
    """Return the width of a clean text in points."""
    return float(stringWidth(text, font_name(style.weight), style.size))


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """Break a text into lines no wider than `width`; a word that is too long is broken inside. At least one line."""
    lines = [""]
    for word in clean(text).split(" "):
        candidate = f"{lines[-1]} {word}".strip()
        if text_width(candidate, style) <= width:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        rest = word
        while text_width(rest, style) > width and len(rest) > 1:
            fitting = _fitting_length(rest, style, width)
            lines[-1:] = [rest[:fitting], ""]
            rest = rest[fitting:]
        lines[-1] = rest
    return lines


def fitted(text: str, style: Style, width: float) -> str:
    """Return the text, shortened with an ellipsis where it is wider than `width`."""
    shown = clean(text)
    if text_width(shown, style) <= width:
        return shown
    ellipsis = "\N{HORIZONTAL ELLIPSIS}"
    return shown[: _fitting_length(shown, style, width - text_width(ellipsis, style))].rstrip() + ellipsis


def _fitting_length(text: str, style: Style, width: float) -> int:
    length = len(text)
    while length > 1 and text_width(text[:length], style) > width:
        length -= 1
    return length


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where content may stand on a sheet, in points from its upper left corner."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    """The lowest y content may reach."""


class Sheet:
    """One document being drawn, filled from the top; `y` grows downwards and is where the next thing goes.

    `furniture` draws what every page carries; it is called when a page begins, with `page` set.
    """

    def __init__(self, frame: Frame, furniture: Callable[["Sheet"], None], pages: int, title: str) -> None:
        self.frame = frame
        self.page = 0
        self.pages = pages
        self.y = frame.top
        self._furniture = furniture
        self._buffer = BytesIO()
        self.canvas: Any = Canvas(
            self._buffer, pagesize=(frame.width, frame.height), invariant=1, pageCompression=1, lang="en"
        )
        self.canvas.setTitle(clean(title))
        self.canvas.setCreator("Cashier")
        self.new_page()

    @property
    def left(self) -> float:
        """The left edge of the content."""
        return self.frame.left

    @property
    def right(self) -> float:
        """The right edge of the content."""
        return self.frame.right

    @property
    def width(self) -> float:
        """The width of the content."""
        return self.frame.right - self.frame.left

    def new_page(self) -> None:
        """Begin the next page with its furniture."""
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = self.frame.top
        self._furniture(self)

    def need(self, height: float) -> bool:
        """Begin a new page unless `height` still fits; True where one was begun."""
        if self.y + height <= self.frame.bottom:
            return False
        self.new_page()
        return True

    def skip(self, height: float) -> None:
        """Leave space."""
        self.y += height

    def text(self, x: float, y: float, text: str, style: Style = BODY, align: Align = Align.LEFT) -> None:
        """Write one line with its baseline at `y`; the text is cleaned."""
        shown = clean(text)
        if not shown:
            return
        start = x
        if align is not Align.LEFT:
            start -= text_width(shown, style) * (1.0 if align is Align.RIGHT else 0.5)
        self.canvas.setFont(font_name(style.weight), style.size)
        self.canvas.setFillColorRGB(*style.ink.value)
        self.canvas.drawString(start, self.frame.height - y, shown)

    def line(self, text: str, style: Style = BODY, x: float | None = None, align: Align = Align.LEFT) -> None:
        """Write one line at the cursor and move below it."""
        anchors = {Align.LEFT: self.left, Align.CENTER: (self.left + self.right) / 2, Align.RIGHT: self.right}
        self.text(anchors[align] if x is None else x, self.y + style.size, text, style, align)
        self.y += style.leading

    def rule(self, ink: Ink = Ink.LINE, thickness: float = 0.5, *, x: float | None = None) -> None:
        """Draw a hairline across the content at the cursor, from `x` where given."""
        self.box(self.left if x is None else x, self.y, self.right, self.y + thickness, ink)

    def box(self, left: float, top: float, right: float, bottom: float, ink: Ink) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColorRGB(*ink.value)
        self.canvas.rect(left, self.frame.height - bottom, right - left, bottom - top, stroke=0, fill=1)

    def code_128(self, text: str, x: float, y: float, height: float, module: float) -> float:
        """Draw a Code 128 with its upper left corner at (x, y); return its width. Quiet zones are the caller's."""
        bars, modules = code_128_bars(text)
        bottom = self.frame.height - y - height
        self._rectangles([(x + start * module, bottom, width * module, height) for start, width in bars])
        return modules * module

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a QR code of the given side with its upper left corner at (x, y), without a quiet zone."""
        runs, modules = qr_runs(text)
        module = side / modules
        top = self.frame.height - y
        self._rectangles(
            [(x + column * module, top - (row + 1) * module, length * module, module) for row, column, length in runs]
        )

    def _rectangles(self, rectangles: list[tuple[float, float, float, float]]) -> None:
        """Fill many rectangles at once as raw operators: ReportLab's widgets cost more than the rest of a page."""
        operators = " ".join(f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re" for x, y, width, height in rectangles)
        self.canvas.setFillColorRGB(*Ink.BLACK.value)
        self.canvas._code.append(f"{operators} f")  # noqa: SLF001 - the only way to many rectangles in one path

    def finish(self) -> bytes:
        """Close the document and return it."""
        self.canvas.save()
        return self._buffer.getvalue()


def draw_pages(
    paper: Paper,
    furniture: Callable[[Sheet], None],
    content: Callable[[Sheet], None],
    *,
    title: str,
    top: float,
    bottom: float = 20 * MM,
) -> bytes:
    """Draw content on as many pages as it takes; drawn again when the number of pages is known."""
    width, height = PAGE_SIZES[paper]
    margin = 18 * MM
    frame = Frame(width=width, height=height, left=margin, right=width - margin, top=top, bottom=height - bottom)
    pages = 1
    while True:
        sheet = Sheet(frame, furniture, pages, title)
        content(sheet)
        if sheet.page == pages:
            return sheet.finish()
        pages = sheet.page


def draw_roll(content: Callable[[Sheet], None], *, title: str) -> bytes:
    """Draw content on a roll exactly as long as the content; drawn once to measure, once to keep."""
    height = _LONGEST_ROLL
    for _ in range(2):
        frame = Frame(
            width=ROLL_WIDTH,
            height=height,
            left=ROLL_MARGIN,
            right=ROLL_WIDTH - ROLL_MARGIN,
            top=ROLL_MARGIN,
            bottom=height,
        )
        sheet = Sheet(frame, lambda _: None, 1, title)
        content(sheet)
        if sheet.page > 1:  # longer than a page may be: let it break
            break
        height = sheet.y + 2 * ROLL_MARGIN
    return sheet.finish()
