"""Code 128 and QR as dark rectangles, ready to be drawn; no page, no canvas."""

from functools import lru_cache

import segno
from reportlab.graphics.barcode.code128 import Code128Auto

_QR_MASK = 3
"""Fixed: choosing the best mask costs four times the rest, and every mask can be read."""


@lru_cache(maxsize=256)
def code_128_bars(text: str) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return the dark bars of a Code 128 as (start, width) in modules, and the width of the whole code."""
    code = Code128Auto(text)
    code.validate()
    code.encode()
    code.decompose()
    bars = []
    position = 0
    for element in code.decomposed:  # A to D are bars, a to d are spaces, of one to four modules
        width = ord(element.upper()) - ord("A") + 1
        if element.isupper():
            bars.append((position, width))
        position += width
    return tuple(bars), position


@lru_cache(maxsize=256)
def qr_runs(text: str) -> tuple[tuple[tuple[int, int, int], ...], int]:
    """Return the dark runs of a QR code (level M) as (row, column, length) in modules, and modules per side."""
    rows = segno.make_qr(text, error="m", mask=_QR_MASK, boost_error=False).matrix
    runs = []
    for row, modules in enumerate(rows):
        column = 0
        while column < len(modules):
            length = 0
            while column + length < len(modules) and modules[column + length]:
                length += 1
            if length:
                runs.append((row, column, length))
            column += max(length, 1)
    return tuple(runs), len(rows)
