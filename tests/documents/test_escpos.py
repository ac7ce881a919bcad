from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.documents.code_pages import CODE_PAGES, PageEncoder, decoded
from cashier_app.documents.escpos import (
    NARROW,
    WIDE,
    drawer_kick,
    escpos_drawer_report,
    escpos_receipt,
    escpos_slip,
)
from cashier_app.documents.escpos_preview import preview
from tests.documents.samples import BUSY_RECEIPT, ENDORSEMENT, LONG_NAME, RECEIPT, UNUSUAL_NAMES, Z_REPORT

PAPER = """\
[drawer opens, pin 2]
            Bay Harbor Water & Power
                120 Quay Street
              Bay Harbor, CA 94501
                 (510) 555-0142
------------------------------------------------
Receipt                           0042 0000 1178
Event                                  1 000 042
Date                      Nov 20, 2026, 11:42 AM
Location                    Bay Harbor counter 1
Drawer                           CASH-A01 / 1042
Cashier                     Dana Cole (cashier1)
Received from                       Jane Masters

PAYMENTS                                     USD
------------------------------------------------
Jane Masters                              125.35
  Account 2004 118-7
  Electric, 18 Oak Lane        84.10
  Gas, 18 Oak Lane             41.25
  New balance 0.00
------------------------------------------------
P A I D                             1 2 5 . 3 5

TENDERED                                     USD
------------------------------------------------
Cash                                      125.35
Cash tendered                             140.00
------------------------------------------------
C H A N G E                           1 4 . 6 5
------------------------------------------------
 Please keep this receipt as proof of payment.
            [Code 128: 004200001178]
                 0042 0000 1178
               [QR: 004200001178]
[cut]
"""


def test_receipt_as_it_stands_on_paper():
    assert preview(escpos_receipt(RECEIPT, kick_drawer=True)) == PAPER


def test_drawer_is_opened_only_where_the_tender_type_wants_it():
    assert b"\x1bp" not in escpos_receipt(RECEIPT)
    assert escpos_receipt(RECEIPT, kick_drawer=True).startswith(b"\x1b@\x1bp\x0022")
    assert drawer_kick() == bytes.fromhex("1b 70 00 32 32")
    assert drawer_kick(5) == bytes.fromhex("1b 70 01 32 32")


def test_job_ends_with_the_cut_and_holds_both_codes():
    job = escpos_receipt(RECEIPT)
    assert job.endswith(b"\x1dV\x42\x00")
    assert b"\x1dkI\x0e{B004200001178" in job
    assert b"\x1d(k\x0f\x001P0004200001178" in job


@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_no_line_is_wider_than_the_paper(columns):
    busy = replace(BUSY_RECEIPT, cashier="x" * 100, notes=(LONG_NAME, "y" * 100))
    for job in (escpos_receipt(busy, columns=columns), escpos_drawer_report(Z_REPORT, columns=columns)):
        assert all(len(line) <= columns for line in preview(job, columns).splitlines())


def test_amounts_stand_at_the_right_edge():
    paper = preview(escpos_receipt(BUSY_RECEIPT)).splitlines()
    for amount in ("3,000.00", "1,300.00", "-127.50", "873.93", "79.02"):
        assert any(line.endswith(amount) and len(line) == WIDE for line in paper)


def test_names_of_other_alphabets_reach_the_paper():
    paper = preview(escpos_receipt(BUSY_RECEIPT))
    assert all(name in paper for name in UNUSUAL_NAMES)


def test_copies_and_canceled_receipts_say_so():
    paper = preview(escpos_receipt(replace(RECEIPT, is_void=True, is_copy=True)))
    assert "V O I D" in paper
    assert "C O P Y" in paper


def test_a_name_cannot_command_the_printer():
    job = escpos_receipt(replace(RECEIPT, payor="Eve\x1bp\x00\xff\xff\x1dV\x00"))
    assert b"\x1bp" not in job
    assert b"\x1dV\x00" not in job
    assert "Evep" in preview(job)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_the_texts_there_is_one_cut_and_no_kick(payor, note):
    job = escpos_receipt(replace(RECEIPT, payor=payor, notes=(note,)))
    assert job.count(b"\x1dV") == 1
    assert b"\x1bp" not in job


def test_slip_prints_endorsement_and_releases_it():
    job = escpos_slip(("FOR DEPOSIT ONLY", ENDORSEMENT.bank_name))
    assert job == b"\x1b@\x1bc0\x04FOR DEPOSIT ONLY\nHarbor National Bank\n\x0c"


@pytest.mark.parametrize("name", UNUSUAL_NAMES)
def test_our_code_pages_print_what_another_library_prints(name):
    dummy = pytest.importorskip("escpos.printer").Dummy()
    dummy.text(name)
    assert preview(PageEncoder().encode(name)).strip() == preview(dummy.output).strip() == name


def test_pages_are_switched_only_where_a_letter_needs_it():
    encoder = PageEncoder()
    assert encoder.encode("plain") == b"plain"
    assert encoder.encode("é") == b"\x82"
    assert encoder.encode("Ł") == b"\x1bt\x12\x9d"
    assert encoder.encode("Ł then plain") == b"\x9d then plain"


def test_letters_no_page_has_lose_their_accent_or_become_a_question_mark():
    assert PageEncoder().encode("ậ字") == b"a?"


@given(st.text(alphabet=st.characters(categories=["L"], max_codepoint=0x4FF)))
def test_a_letter_is_printed_as_itself_plain_or_unknown(text):
    printed = preview(b"[" + PageEncoder().encode(text) + b"]").strip()[1:-1]
    position = 0
    for character in text:
        if printed[position : position + 1] == character or printed[position : position + 1] == "?":
            position += 1
        else:
            plain = PageEncoder().encode(character).decode("ascii")
            assert printed[position : position + len(plain)] == plain
            position += len(plain)
    assert position == len(printed)


def test_every_code_page_is_known_to_python():
    assert all(decoded(0x41, page) == "A" for page in CODE_PAGES)
