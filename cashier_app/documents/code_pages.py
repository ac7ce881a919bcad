"""Puts names into the code pages of receipt printers, switching pages as the letters need.

python-escpos could do this, but importing it sets up the root logger, leaves a temporary folder behind and costs
100 ms; its encoder serves the tests as an independent check instead.
"""

import codecs
import unicodedata
from functools import lru_cache

CODE_PAGES = {
    0: "cp437",  # United States; every printer has it and starts with it
    2: "cp850",  # Western Europe
    19: "cp858",  # the same with the euro sign
    16: "cp1252",
    18: "cp852",  # Central Europe
    13: "cp857",  # Turkish
    14: "cp737",  # Greek
    17: "cp866",  # Cyrillic
    51: "cp1257",  # Baltic
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
}
"""Parameter of `ESC t` and the page it selects, in the order they are tried (Epson's numbers, widely followed)."""

_UNKNOWN = b"?"


class PageEncoder:
    """Encodes texts in their order for one printer that has just been initialized; remembers the selected page."""

    def __init__(self) -> None:
        self._page = 0

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text with the page switches it needs.

        A letter that no page has is printed without its accents, or as a question mark: never as another letter.
        """
        out = bytearray()
        for character in text:
            if character.isascii():
                out += character.encode("ascii")
                continue
            page = self._page if _encoded(character, self._page) else _page_for(character)
            if page is None:
                out += _without_accents(character)
                continue
            if page != self._page:
                out += b"\x1bt" + bytes([page])
                self._page = page
            out += _encoded(character, page)
        return bytes(out)


def decoded(byte: int, page: int) -> str:
    """Return the character that a byte prints while a page is selected."""
    return codecs.decode(bytes([byte]), CODE_PAGES.get(page, "cp437"), "replace")


@lru_cache(maxsize=4096)
def _encoded(character: str, page: int) -> bytes:
    """The byte of a character in a page; empty where the page has none."""
    return codecs.encode(character, CODE_PAGES[page], "ignore")


@lru_cache(maxsize=4096)
def _page_for(character: str) -> int | None:
    return next((page for page in CODE_PAGES if _encoded(character, page)), None)


def _without_accents(character: str) -> bytes:
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore")
    return plain if plain.isalnum() else _UNKNOWN
