"""Writes rows as CSV that is safe to open in a spreadsheet (R reliability T13)."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A spreadsheet may run a cell that begins with one of these; also their full-width twins, tried below."""
_FULL_WIDTH = {ord(wide): narrow for wide, narrow in zip("\uff1d\uff0b\uff0d\uff20", "=+-@", strict=True)}

Cell = str | int | None


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows with their titles as RFC 4180 text.

    Texts that a spreadsheet could take for a formula get an apostrophe in front. Integers are written as they are;
    amounts come as plain decimal texts (`domain.money.decimal_text`), and a plain number is no formula.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([escaped(title) for title in titles])
    for row in rows:
        assert len(row) == len(titles), "every row has a cell for every title"
        writer.writerow([escaped(cell) for cell in row])
    return out.getvalue()


def csv_bytes(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the same as UTF-8 with a byte order mark, which spreadsheets need to read names correctly."""
    return csv_text(titles, rows).encode("utf-8-sig")


def escaped(cell: Cell) -> str:
    """Return a cell as harmless text."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    text = cell.replace("\x00", "")
    begins = text.lstrip(" \u00a0\ufeff").translate(_FULL_WIDTH)[:1]
    if begins in _STARTS_FORMULA and begins and not _is_plain_number(text):
        return f"'{text}"
    return text


def _is_plain_number(text: str) -> bool:
    """A sign, digits, at most one point: what an exported amount looks like."""
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.replace(".", "", 1).isdigit() and not text.startswith(("-+", "+-"))
