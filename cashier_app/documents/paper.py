"""The facts shared by every document: who issues it, on what paper, in which words figures are written."""

from dataclasses import dataclass
from enum import Enum


class Paper(Enum):
    """What a document is drawn on."""

    ROLL_80 = "roll-80"
    """An 80 mm roll: as long as its content, printed 72 mm wide."""
    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The utility as it introduces itself on paper."""

    utility_name: str
    address_lines: tuple[str, ...] = ()
    contact: str = ""
    """One line: telephone, web address, hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """When and by whom a page was printed; stands in the footer of every page."""

    printed_at: str
    """Local date and time, as it is to be read."""
    printed_by: str
    document_id: str
    """What identifies the document in the system, for example `TC 1042` or `Z 000 118`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DenominationCount:
    """So many pieces of one note or coin."""

    value: int
    """What one piece is worth, in minor units."""
    pieces: int
    label: str = ""
    """How the pieces are packed or named, for example `rolls of 50`; empty for loose pieces."""
    tender_type: str = ""

    @property
    def amount(self) -> int:
        """What the pieces are worth together."""
        return self.value * self.pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check, listed so that it cannot be swapped for cash (R reliability T3)."""

    number: str
    payor: str
    amount: int
    receipt_number: str = ""
    bank: str = ""
    """Routing number or bank name, where it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInLine:
    """A part of a drawer handed to the head cashier (R payments 2.7)."""

    time: str
    number: str
    tender_type: str
    amount: int
    handed_by: str
    received_by: str = ""
    """Empty while nobody has received it."""
    drawer: str = ""
