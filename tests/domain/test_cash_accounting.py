"""Payables cash accounting, with the figures of the seed (S1 p.123-131)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.cash_accounting import (
    Held,
    Holding,
    HoldingLine,
    released_by_priority,
    released_in_proportion,
    still_held,
    taken_back,
    transfer_lines,
)

JANUARY_2, JANUARY_15, FEBRUARY_16 = date(2009, 1, 2), date(2009, 1, 15), date(2009, 2, 16)
CODES = {
    "LPC": Holding("R-MISC", 10),
    "RGEN": Holding("R-GEN", 20),
    "RDIS": Holding("R-DIST", 30),
    "RTRN": Holding("R-TRAN", 30),
    "THRD": Holding("R-THRD", 40),
    "VAT": Holding("A/P VAT", 90),
}
POSTED = {
    JANUARY_2: {"THRD": 4500, "VAT": 500},
    JANUARY_15: {"RGEN": 1500, "RDIS": 2000, "RTRN": 5500, "THRD": 1000, "VAT": 2700, "LPC": 1000},
    FEBRUARY_16: {"RGEN": 1500, "RDIS": 2000, "RTRN": 4500, "THRD": 1000, "VAT": 1000},
}
LINES = [HoldingLine(code, on, held) for on, codes in POSTED.items() for code, held in codes.items()]


def after(paid):
    pieces, _ = still_held(LINES)
    return released_by_priority(pieces, CODES, 28700, paid)


@pytest.mark.parametrize(
    ("paid", "moved"),
    [
        (28700, {"LPC": 1000, "RGEN": 3000, "RDIS": 4000, "RTRN": 10000, "THRD": 6500, "VAT": 4200}),
        (7000, {"LPC": 1000, "RGEN": 1000, "THRD": 4500, "VAT": 500}),
        (22000, {"LPC": 1000, "RGEN": 3000, "RDIS": 2554, "RTRN": 6746, "THRD": 5500, "VAT": 3200}),
    ],
)
def test_the_seeds_three_payments(paid, moved):
    assert after(paid) == moved
    assert sum(moved.values()) == paid


def test_a_quarter_of_the_bill_releases_a_quarter_of_the_tax():
    pieces, _ = still_held([HoldingLine("VAT", JANUARY_2, 1000)])
    assert released_in_proportion(pieces, 11000, 2750) == {"VAT": 250}
    assert released_in_proportion(pieces, 11000, 20000) == {"VAT": 1000}


def test_where_revenue_is_recognized_at_billing_only_the_share_is_released():
    pieces, _ = still_held([HoldingLine("VAT", JANUARY_2, 3000)])
    assert sum(released_by_priority(pieces, CODES, 20000, 8000).values()) == 1200


def test_what_was_released_before_reduces_the_oldest():
    pieces, _ = still_held([*LINES, HoldingLine("THRD", JANUARY_2, -4600)])
    assert [piece for piece in pieces if piece.code == "THRD"] == [
        Held("THRD", JANUARY_15, 900),
        Held("THRD", FEBRUARY_16, 1000),
    ]


def test_an_overdrawn_code_is_released_by_no_payment_and_taken_back_by_a_refund():
    lines = [HoldingLine("VAT", JANUARY_15, 500), HoldingLine("VAT", JANUARY_15, -2000)]
    pieces, overdrawn = still_held(lines)
    assert (pieces, overdrawn) == ((), {"VAT": 1500})
    assert taken_back(overdrawn, 16500, 16500) == {"VAT": 1500}
    assert [(line.distribution_code, line.amount) for line in transfer_lines({"VAT": 1500}, CODES, -1)] == [
        ("VAT", -1500),
        ("A/P VAT", 1500),
    ]


def test_nothing_is_released_where_nothing_is_owed():
    pieces, _ = still_held(LINES)
    assert released_in_proportion(pieces, 0, 100) == {}
    assert released_by_priority(pieces, CODES, -5, 100) == {}


held_lines = st.lists(
    st.builds(
        HoldingLine,
        st.sampled_from(sorted(CODES)),
        st.dates(date(2009, 1, 1), date(2009, 12, 31)),
        st.integers(1, 10**6),
    ),
    min_size=1,
    max_size=30,
)


@given(held_lines, st.integers(1, 10**8), st.integers(1, 10**8))
def test_no_code_releases_more_than_it_holds_and_a_full_payment_releases_all(lines, receivable, paid):
    pieces, _ = still_held(lines)
    held: dict[str, int] = {}
    for piece in pieces:
        held[piece.code] = held.get(piece.code, 0) + piece.amount
    for moved in (
        released_in_proportion(pieces, receivable, paid),
        released_by_priority(pieces, CODES, receivable, paid),
    ):
        assert all(0 < amount <= held[code] for code, amount in moved.items())
        if paid >= receivable:
            assert moved == held
    assert sum(line.amount for line in transfer_lines(held, CODES)) == 0
