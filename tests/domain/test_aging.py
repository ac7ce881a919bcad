"""Open debt and its age: reading backwards gives what replaying history gives."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.aging import UNBILLED, AgedDebt, Debit, age_of, aged, open_pieces
from cashier_app.domain.system_events import NEW_CHARGE

DAY = date(2026, 1, 1)

history = st.lists(
    st.one_of(
        st.tuples(st.just("charge"), st.integers(1, 500), st.integers(0, 400)),
        st.tuples(st.just("credit"), st.integers(1, 700), st.just(0)),
        st.tuples(st.just("cancel"), st.integers(0, 30), st.just(0)),
    ),
    max_size=30,
)


def _played(moves):
    """Balance and the charges that stand, in the order in which they were made."""
    charges: list[Debit | None] = []
    relief = 0
    for kind, amount, days in moves:
        if kind == "charge":
            charges.append(Debit(amount, DAY + timedelta(days)))
        elif kind == "credit":
            relief += amount
        elif charges:
            charges[amount % len(charges)] = None
    standing = [charge for charge in charges if charge is not None]
    return sum(charge.amount for charge in standing) - relief, standing


def _replayed(moves):
    """The straightforward way: all relief relieve the oldest standing charges first."""
    balance, standing = _played(moves)
    standing = sorted(enumerate(standing), key=lambda item: (item[1].arrears_date, item[0]))
    credit = sum(charge.amount for _, charge in standing) - balance
    left = []
    for _, charge in standing:
        relieved = min(credit, charge.amount)
        credit -= relieved
        if charge.amount > relieved:
            left.append(Debit(charge.amount - relieved, charge.arrears_date))
    return left


@given(history)
def test_reading_backwards_is_the_same_as_replaying_history(moves):
    balance, standing = _played(moves)
    ranked = sorted(enumerate(standing), key=lambda item: (item[1].arrears_date, item[0]), reverse=True)
    pieces = list(open_pieces(balance, (charge for _, charge in ranked)))
    assert pieces[::-1] == _replayed(moves)
    assert sum(piece.amount for piece in pieces) == max(balance, 0)


def test_no_more_charges_are_read_than_the_balance_needs():
    read = []

    def charges():
        for number in range(1000):
            read.append(number)
            yield Debit(100, DAY - timedelta(number))

    assert list(open_pieces(150, charges())) == [Debit(100, DAY), Debit(50, DAY - timedelta(1))]
    assert len(read) <= 3


@pytest.mark.parametrize(
    ("arrears_date", "age"),
    [
        (DAY, 0),
        (DAY - timedelta(31), 31),
        (DAY + timedelta(1), -2),
        (DAY + timedelta(40), -41),
        (UNBILLED, NEW_CHARGE),
    ],
)
def test_age_is_counted_in_days_and_the_future_is_younger_than_an_unbilled_charge(arrears_date, age):
    assert age_of(arrears_date, DAY) == age


def test_buckets_end_with_the_thirtieth_day_and_add_up():
    ages = [NEW_CHARGE, -2, 0, 30, 31, 60, 61, 90, 91, 4000]
    debt = aged([(age, 10) for age in ages], credit=-5)
    assert debt == AgedDebt(10, 10, 20, 20, 20, 20, -5)
    assert debt.total == 95
    assert aged([]).total == 0
