"""Reads a rendered PDF back: its texts with their places, and the codes on its pages as a scanner sees them."""

from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import zxingcpp
from pypdf import PdfReader


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as it was drawn: page from 1, x and y from the lower left corner, its font and size."""

    page: int
    x: float
    y: float
    text: str
    font: str
    size: float


def page_texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def all_text(pdf: bytes) -> str:
    return "\n".join(page_texts(pdf))


def pieces(pdf: bytes) -> list[Piece]:
    found = []
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages, start=1):

        def keep(text, _, matrix, font, size, number=number):
            if text.strip():
                name = str((font or {}).get("/BaseFont", "")).split("+")[-1]
                found.append(Piece(number, matrix[4], matrix[5], text.strip(), name, size))

        page.extract_text(visitor_text=keep)
    return found


def page_size(pdf: bytes) -> tuple[float, float]:
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return float(box.width), float(box.height)


def scanned(pdf: bytes, page: int = 1) -> set[tuple[str, str]]:
    """Format and content of each code on a page, rendered as a 300 dpi printer would."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[page - 1].render(scale=300 / 72).to_pil()
    document.close()
    return {(str(code.format).split(".")[-1].replace(" ", ""), code.text) for code in zxingcpp.read_barcodes(image)}
