"""Draws a turn-in slip on an 80 mm roll."""

from cashier_app.documents.layout import Sheet, draw_roll
from cashier_app.documents.roll import (
    FINE,
    TEXT,
    centered,
    roll_facts,
    roll_head,
    roll_heading,
    roll_pair,
    roll_signature,
    roll_total,
)
from cashier_app.documents.text import amount_text, price_text
from cashier_app.documents.turn_in_slip import TurnInSlipData, slip_facts, slip_notes, slip_signatures


def draw_turn_in_slip(data: TurnInSlipData) -> bytes:
    """Return the slip as a PDF."""
    return draw_roll(lambda sheet: _draw(sheet, data), title=f"Turn-in {data.number}")


def _draw(sheet: Sheet, data: TurnInSlipData) -> None:
    roll_head(sheet, data.letterhead, data.marks, "Turn-in")
    roll_facts(sheet, slip_facts(data), frozenset({"Number"}))
    roll_heading(sheet, "Handed over", data.currency)
    roll_pair(sheet, data.tender_type, amount_text(data.amount, data.currency, data.locale), TEXT)
    sheet.skip(3)
    roll_total(sheet, "Turned in", price_text(data.amount, data.currency, data.locale))
    for role, name in slip_signatures(data):
        roll_signature(sheet, role, name)
    sheet.skip(8)
    for note in slip_notes(data):
        centered(sheet, note, FINE)
        sheet.skip(2)
