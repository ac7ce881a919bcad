"""The slip that goes with a turn-in to the head cashier; both sign it (R payments 2.7)."""

from dataclasses import dataclass

from cashier_app.documents.paper import Imprint, Letterhead
from cashier_app.documents.text import grouped

MARK_SENTENCES = {
    "VOID": "This turn-in was taken back into the drawer.",
    "COPY": "Copy. The slip that was signed went with the money.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInSlipData:
    """Everything on a turn-in slip. The amount is minor units of `currency`."""

    letterhead: Letterhead
    imprint: Imprint
    number: str
    """Twelve digits, check digit included."""
    location: str = ""
    drawer: str
    """Tender source and tender control, for example `CASH-A01 / 1042`."""
    tender_type: str
    """Its description, as people call it."""
    amount: int
    currency: str
    handed_at: str
    """Local date and time, as it is to be read."""
    handed_by: str
    received_at: str = ""
    """Empty while nobody has received it."""
    received_by: str = ""
    is_copy: bool = False
    is_void: bool = False
    locale: str = "en_US"

    @property
    def marks(self) -> tuple[str, ...]:
        """The words stamped across the slip, the graver first."""
        return tuple(mark for mark, is_set in (("VOID", self.is_void), ("COPY", self.is_copy)) if is_set)


def slip_facts(data: TurnInSlipData) -> tuple[tuple[str, str], ...]:
    """Return labels and values that say what went where; those without a value are left out."""
    received = f"{data.received_at} by {data.received_by}" if data.received_by else ""
    pairs = (
        ("Number", grouped(data.number)),
        ("Date", data.handed_at),
        ("Location", data.location),
        ("Drawer", data.drawer),
        ("Handed over by", data.handed_by),
        ("Received", received),
    )
    return tuple(pair for pair in pairs if pair[1].strip())


def slip_signatures(data: TurnInSlipData) -> tuple[tuple[str, str], ...]:
    """Return who signs, by role; the receiver's name is open until the money was received."""
    return (("Handed over", data.handed_by), ("Counted and received", data.received_by))


def slip_notes(data: TurnInSlipData) -> tuple[str, ...]:
    """Return the sentences below the signatures."""
    printed = f"Printed {data.imprint.printed_at} by {data.imprint.printed_by}"
    return (*(MARK_SENTENCES[mark] for mark in data.marks), printed)


def render_turn_in_slip(data: TurnInSlipData) -> bytes:
    """Return the slip as a PDF on an 80 mm roll; the same data give the same bytes."""
    from cashier_app.documents.turn_in_slip_drawing import draw_turn_in_slip  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_turn_in_slip(data)
