"""The slip of a turn-in: what was handed over, and room for both who sign."""

from dataclasses import replace

import pytest

from cashier_app.documents.escpos import NARROW, WIDE, drawer_kick, escpos_turn_in_slip
from cashier_app.documents.escpos_preview import preview
from cashier_app.documents.turn_in_slip import render_turn_in_slip
from tests.documents.reading import all_text, page_size
from tests.documents.samples import LONG_NAME, TURN_IN_SLIP

PAPER = """\
[drawer opens, pin 2]
            Bay Harbor Water & Power
                 T U R N - I N
------------------------------------------------
Number                            8001 0000 0312
Date                       Nov 20, 2026, 2:05 PM
Location                    Bay Harbor counter 1
Drawer                           CASH-A01 / 1042
Handed over by              Dana Cole (cashier1)

HANDED OVER                                  USD
------------------------------------------------
Cash                                    1,500.00
------------------------------------------------
T U R N E D   I N               1 , 5 0 0 . 0 0


------------------------------------------------
Handed over: Dana Cole (cashier1)


------------------------------------------------
Counted and received:

   Printed Nov 20, 2026, 5:31 PM by cashier1
[cut]
"""
RECEIVED = replace(TURN_IN_SLIP, received_at="Nov 20, 2026, 2:15 PM", received_by="Sam Reyes (super1)")


def test_the_slip_as_it_stands_on_paper():
    assert preview(escpos_turn_in_slip(TURN_IN_SLIP, kick_drawer=True)) == PAPER
    assert drawer_kick() not in escpos_turn_in_slip(TURN_IN_SLIP)


def test_both_sign_it():
    text = all_text(render_turn_in_slip(TURN_IN_SLIP))
    assert "Handed over: Dana Cole (cashier1)" in text
    assert "Counted and received:" in text
    assert "Counted and received: Sam Reyes (super1)" in all_text(render_turn_in_slip(RECEIVED))


def test_it_says_what_it_is_and_how_much():
    text = all_text(render_turn_in_slip(TURN_IN_SLIP))
    assert all(words in text for words in ("Turn-in", "8001 0000 0312", "$1,500.00", "CASH-A01 / 1042"))
    assert page_size(render_turn_in_slip(TURN_IN_SLIP))[0] == pytest.approx(226.8, abs=1)


def test_copies_and_what_was_taken_back_say_so():
    marked = replace(RECEIVED, is_copy=True, is_void=True)
    assert {"VOID", "COPY"} <= set(all_text(render_turn_in_slip(marked)).split())
    paper = preview(escpos_turn_in_slip(marked))
    assert "V O I D" in paper
    assert "C O P Y" in paper


@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_no_line_is_wider_than_the_paper(columns):
    long = replace(RECEIVED, handed_by=LONG_NAME, received_by="x" * 100, tender_type="Money order " * 6)
    job = escpos_turn_in_slip(long, columns=columns)
    assert all(len(line) <= columns for line in preview(job, columns).splitlines())
    assert render_turn_in_slip(long).startswith(b"%PDF")
