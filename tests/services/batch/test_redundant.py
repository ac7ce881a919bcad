"""Redundant marking (S1 p.40, R batch 6): no balance and no age changes, whatever is canceled before or afterwards."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.money import Money
from cashier_app.domain.redundancy import OldFt, redundant
from cashier_app.services.accounting.agreements import agreements_by_id, open_debits
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.batch.executing import InThisProcess
from cashier_app.services.batch.redundant_marking import MarkRedundant
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.kernel.reading import reading
from cashier_app.services.queries.debt_grid import debt_grid
from cashier_app.services.verifying import verify
from tests.builders import an_account

TODAY = date(2026, 1, 5)


def moved_to(ledger, days_ago):
    ledger.clock.instant = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=UTC) - timedelta(days=days_ago)


def booked(ledger, sa_id, amount, days_ago):
    """A charge that ages from that day, or a credit of that day."""
    moved_to(ledger, days_ago)
    arrears = TODAY - timedelta(days=days_ago) if amount > 0 else None
    command = AddAdjustment(
        sa_id=sa_id, adjustment_type="CONVERSION", amount=Money(amount, "USD"), arrears_date=arrears
    )
    return ledger.do(command, "system").adjustment_id


def mark(ledger):
    moved_to(ledger, 0)
    return run_in_chunks(
        ledger.door,
        "REDSAAMT",
        MarkRedundant(),
        run_id=uuid.uuid4().hex,
        user_id=ledger.people["olga"],
        executor=InThisProcess(),
    ).totals["marked"]


def marked(ledger, sa_id):
    sql = f"SELECT current_amount FROM financial_transaction WHERE sa_id = {sa_id} AND redundant ORDER BY id"
    return [amount for (amount,) in ledger.rows(sql)]


def grid(ledger, sa_id):
    moved_to(ledger, 0)
    with reading(ledger.database, access=EVERYTHING) as store:
        agreements = list(agreements_by_id(store, [sa_id]).values())
        config = ledger.door.current_config(store)
        pieces = open_debits(store, agreements).get(sa_id, [])
    return agreements[0].current_balance, debt_grid(pieces, config, TODAY)


def replayed(history, oldest):
    """The grid by replaying history without what was canceled, credits against the oldest first."""
    credit = -sum(amount for amount, _days in history if amount < 0)
    rows: dict[int, int] = {}
    for amount, days in sorted((each for each in history if each[0] > 0), key=lambda each: -each[1]):
        left = max(0, amount - credit)
        credit -= amount - left
        if left:
            age = min(days, oldest)
            rows[age] = rows.get(age, 0) + left
    return rows


def test_the_worked_example(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    for amount, days_ago in ((6000, 300), (-6000, 270), (2500, 200)):
        booked(ledger, sa_id, amount, days_ago)
    before = grid(ledger, sa_id)
    assert mark(ledger) == 2
    assert marked(ledger, sa_id) == [6000, -6000]
    assert grid(ledger, sa_id) == before
    assert [(piece.days, piece.amount) for piece in before[1]] == [(180, 2500)]


def test_marked_again_nothing_changes_and_nothing_is_unmarked(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    booked(ledger, sa_id, 6000, 300)
    booked(ledger, sa_id, -6000, 270)
    assert (mark(ledger), mark(ledger)) == (2, 0)
    assert marked(ledger, sa_id) == [6000, -6000]


def test_what_is_not_old_is_left_alone(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    booked(ledger, sa_id, 6000, 300)
    booked(ledger, sa_id, -6000, 100)
    assert mark(ledger) == 0


def test_a_redundant_credit_that_is_canceled_gives_the_debt_its_age_back(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    booked(ledger, sa_id, 6000, 300)
    credit = booked(ledger, sa_id, -6000, 270)
    booked(ledger, sa_id, 1000, 20)
    assert mark(ledger) == 2
    ledger.do(CancelAdjustment(adjustment_id=credit, reason="MISTAKE"), "system")
    balance, rows = grid(ledger, sa_id)
    assert balance == 7000
    assert [(piece.days, piece.amount) for piece in rows] == [(180, 6000), (20, 1000)]
    assert verify(ledger.database).ok


def test_a_redundant_charge_that_is_canceled_leaves_its_credit_to_the_next_debt(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    charge = booked(ledger, sa_id, 6000, 300)
    booked(ledger, sa_id, -6000, 270)
    booked(ledger, sa_id, 7500, 20)
    assert mark(ledger) == 2
    ledger.do(CancelAdjustment(adjustment_id=charge, reason="MISTAKE"), "system")
    balance, rows = grid(ledger, sa_id)
    assert balance == 1500
    assert [(piece.days, piece.amount) for piece in rows] == [(20, 1500)]


HISTORIES = st.lists(
    st.tuples(
        st.sampled_from((1000, 2500, 4000, 6000, -1000, -2500, -4000, -5000)),
        st.integers(min_value=1, max_value=500),
        st.booleans(),  # canceled before the marking
        st.booleans(),  # canceled after it
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_no_balance_and_no_age_changes(ledger, history):
    sa_id = an_account(ledger).sa["ELEC"]
    entries = [
        (booked(ledger, sa_id, amount, days), amount, days, before, after)
        for amount, days, before, after in sorted(history, key=lambda each: -each[1])
    ]
    moved_to(ledger, 0)
    for key, _amount, _days, before, _after in entries:
        if before:
            ledger.do(CancelAdjustment(adjustment_id=key, reason="MISTAKE"), "system")
    unmarked = grid(ledger, sa_id)
    mark(ledger)
    assert grid(ledger, sa_id) == unmarked
    assert sum(marked(ledger, sa_id)) == 0
    for key, _amount, _days, before, after in entries:
        if after and not before:
            ledger.do(CancelAdjustment(adjustment_id=key, reason="MISTAKE"), "system")
    left = [(amount, days) for _key, amount, days, before, after in entries if not (before or after)]
    balance, rows = grid(ledger, sa_id)
    assert balance == sum(amount for amount, _days in left)
    assert {piece.days: piece.amount for piece in rows} == replayed(left, 180)
    mark(ledger)
    assert {piece.days: piece.amount for piece in grid(ledger, sa_id)[1]} == replayed(left, 180)


@given(
    amounts=st.lists(
        st.tuples(st.integers(min_value=-9, max_value=9).filter(bool), st.integers(min_value=0, max_value=30)),
        max_size=12,
    )
)
def test_what_is_left_unmarked_covers_the_debt(amounts):
    fts = [OldFt(place, amount, TODAY + timedelta(days=day)) for place, (amount, day) in enumerate(amounts)]
    gone = set(redundant(fts))
    assert sum(ft.amount for ft in fts if ft.id in gone) == 0
    debits = sorted((ft for ft in fts if ft.amount > 0), key=lambda ft: (ft.day, ft.id))
    kept = [ft.id not in gone for ft in debits]
    assert kept == sorted(kept), "only the oldest debits are marked"
    balance = sum(ft.amount for ft in fts)
    assert balance <= sum(ft.amount for ft in debits if ft.id not in gone)
