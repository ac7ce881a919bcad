"""Tables on a sheet: columns with titles, rows that wrap, titles again on each new page, sums that stand out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cashier_app.documents.layout import (
    BODY,
    BODY_STRONG,
    HEADING,
    LABEL,
    SMALL,
    Align,
    Ink,
    Sheet,
    Style,
    fitted,
    wrapped,
)
from cashier_app.documents.text import MINUS

_GAP = 12.0
_ROW_PADDING = 2.9
_CREDIT_ROOM = 14.0
_TITLE_LINES = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its share of the width, where its text stands."""

    title: str
    share: float
    align: Align = Align.LEFT
    hangs_credit: bool = False
    """Keeps room for CR right of the figures, so that decimals align with and without it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ready texts, one per column."""

    cells: Sequence[str]
    style: Style = BODY
    is_total: bool = False
    """Drawn strong with a line above it, and kept on the page of the row before it."""
    is_detail: bool = False
    """Belongs to the row above: no line between them."""
    warns_of_negatives: bool = False
    """Negative amounts are also set in the danger ink; their sign says the same without color."""


def money_column(title: str, share: float) -> Column:
    """Return a column of amounts, aligned at the right; equal decimals and tabular figures align the rest."""
    return Column(title, share, Align.RIGHT)


def balance_column(title: str, share: float) -> Column:
    """Return a column of balances, where credits carry a CR behind the figure."""
    return Column(title, share, Align.RIGHT, hangs_credit=True)


def total_row(*cells: str) -> Row:
    """Return a row of sums."""
    return Row(cells, BODY_STRONG, is_total=True)


def section(sheet: Sheet, title: str, note: str = "") -> None:
    """Begin a section: a heading, kept together with the first rows under it."""
    sheet.need(62)
    sheet.skip(14)
    sheet.text(sheet.left, sheet.y + HEADING.size, title, HEADING)
    if note:
        sheet.text(sheet.right, sheet.y + HEADING.size, note, SMALL, Align.RIGHT)
    sheet.skip(HEADING.leading + 3)


def table(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Row], *, has_titles: bool = True) -> None:
    """Draw a table over the full width, over as many pages as it takes; titles stand again on each new page."""
    places = _places(sheet, columns)
    if has_titles:
        _titles(sheet, columns, places)
    listed = list(rows)
    begins_page = has_titles
    for index, row in enumerate(listed):
        lines = [_cell_lines(cell, row.style, place) for cell, place in zip(row.cells, places, strict=True)]
        height = _height(lines, row)
        follows_total = index + 1 < len(listed) and listed[index + 1].is_total and not row.is_total
        if sheet.need(height * (2.2 if follows_total else 1)):
            _titles(sheet, columns, places)
            begins_page = True
        if row.is_total and not begins_page:
            sheet.rule(Ink.MUTED, 0.8)
        elif not row.is_detail and not begins_page:
            sheet.rule()
        _draw_row(sheet, row, lines, columns, places)
        begins_page = False
    if not (listed and listed[-1].is_total):
        sheet.rule()


def facts(sheet: Sheet, pairs: Sequence[tuple[str, str]], columns: int = 2) -> None:
    """Draw labels with their values below them, in a grid read across; pairs without a value are left out."""
    shown = [pair for pair in pairs if pair[1].strip()]
    width = (sheet.width - _GAP * (columns - 1)) / columns
    for start in range(0, len(shown), columns):
        texts = [wrapped(value, BODY, width) for _, value in shown[start : start + columns]]
        height = LABEL.leading + max(len(lines) for lines in texts) * BODY.leading + 5
        sheet.need(height)
        for index, lines in enumerate(texts):
            x = sheet.left + index * (width + _GAP)
            sheet.text(x, sheet.y + LABEL.size, shown[start + index][0].upper(), LABEL)
            for number, line in enumerate(lines):
                sheet.text(x, sheet.y + LABEL.leading + number * BODY.leading + BODY.size, line, BODY)
        sheet.skip(height)


def paragraph(sheet: Sheet, text: str, style: Style = SMALL) -> None:
    """Write running text over the full width."""
    for line in wrapped(text, style, sheet.width):
        sheet.need(style.leading)
        sheet.line(line, style)


def signatures(sheet: Sheet, names: Sequence[tuple[str, str]]) -> None:
    """Draw lines to sign on, each with a role and the name below it."""
    sheet.need(64)
    sheet.skip(38)
    gap = 28.0
    width = (sheet.width - gap * (len(names) - 1)) / len(names)
    for index, (role, name) in enumerate(names):
        x = sheet.left + index * (width + gap)
        sheet.box(x, sheet.y, x + width, sheet.y + 0.6, Ink.MUTED)
        sheet.text(x, sheet.y + 10, role.upper(), LABEL)
        sheet.text(x, sheet.y + 20, fitted(name, BODY, width), BODY)
        sheet.text(x + width, sheet.y + 10, "DATE", LABEL, Align.RIGHT)
    sheet.skip(28)


def _places(sheet: Sheet, columns: Sequence[Column]) -> list[tuple[float, float]]:
    """The left and right edge of each column; gaps lie between columns, never at the edges of the sheet."""
    usable = sheet.width - _GAP * (len(columns) - 1)
    whole = sum(column.share for column in columns)
    places = []
    x = sheet.left
    for column in columns:
        width = usable * column.share / whole
        places.append((x, x + width))
        x += width + _GAP
    return places


def _titles(sheet: Sheet, columns: Sequence[Column], places: Sequence[tuple[float, float]]) -> None:
    """Titles of one or two lines, all standing on the same line above the rule."""
    wrapped_titles = [
        wrapped(column.title.upper(), LABEL, place[1] - place[0])[:_TITLE_LINES]
        for column, place in zip(columns, places, strict=True)
    ]
    depth = max(len(lines) for lines in wrapped_titles)
    for lines, column, place in zip(wrapped_titles, columns, places, strict=True):
        first = sheet.y + LABEL.size + (depth - len(lines)) * LABEL.leading
        for number, line in enumerate(lines):
            sheet.text(_anchor(column, place), first + number * LABEL.leading, line, LABEL, column.align)
    sheet.skip(depth * LABEL.leading + 2)
    sheet.rule(Ink.MUTED)
    sheet.skip(0.5)


def _anchor(column: Column, place: tuple[float, float]) -> float:
    """The x at which the texts of a column stand."""
    left, right = place
    if column.align is Align.CENTER:
        return (left + right) / 2
    if column.align is Align.LEFT:
        return left
    return right - _CREDIT_ROOM if column.hangs_credit else right


def _cell_lines(cell: str, style: Style, place: tuple[float, float]) -> list[str]:
    return wrapped(cell, style, place[1] - place[0])


def _height(lines: Sequence[Sequence[str]], row: Row) -> float:
    padding = _ROW_PADDING / 2 if row.is_detail else _ROW_PADDING
    return max(len(cell) for cell in lines) * row.style.leading + 2 * padding


def _draw_row(
    sheet: Sheet,
    row: Row,
    lines: Sequence[Sequence[str]],
    columns: Sequence[Column],
    places: Sequence[tuple[float, float]],
) -> None:
    first = sheet.y + (0 if row.is_detail else _ROW_PADDING) + row.style.size
    for cell, column, place in zip(lines, columns, places, strict=True):
        for number, line in enumerate(cell):
            warns = row.warns_of_negatives and line.startswith(MINUS)
            style = replace(row.style, ink=Ink.DANGER) if warns else row.style
            _draw_cell(sheet, line, (_anchor(column, place), first + number * row.style.leading), style, column)
    sheet.skip(_height(lines, row))


def _draw_cell(sheet: Sheet, line: str, at: tuple[float, float], style: Style, column: Column) -> None:
    x, y = at
    figure, mark, _ = line.partition(" CR") if column.hangs_credit else (line, "", "")
    sheet.text(x, y, figure, style, column.align)
    if mark:
        sheet.text(x + 3, y, mark, replace(style, size=style.size * 0.8))
