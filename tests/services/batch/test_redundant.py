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
from cashier_app.services.matching.match_events import CancelMatchEvent, CreateMatchEvent, EndDispute
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


def ft_of(ledger, adjustment_id):
    return int(ledger.value(f"SELECT id FROM financial_transaction WHERE source_id = {adjustment_id} AND kind = 'AD'"))


def matched(ledger, account, *adjustment_ids, dispute=None):
    ft_ids = tuple(ft_of(ledger, each) for each in adjustment_ids)
    command = CreateMatchEvent(account_id=account.id, ft_ids=ft_ids, dispute=dispute)
    return ledger.do(command, "olga").match_event_id


def test_what_covers_each_other_is_marked_together_or_not_at_all(ledger):
    account = an_account(ledger, customer_class="COM")
    sa_id = account.sa["ELEC"]
    for amount, charged, paid in ((6000, 300, 270), (2500, 290, 100)):
        matched(ledger, account, booked(ledger, sa_id, amount, charged), booked(ledger, sa_id, -amount, paid))
    assert mark(ledger) == 2
    assert marked(ledger, sa_id) == [6000, -6000]
    (settled,) = ledger.rows("SELECT min(match_event_id) FROM financial_transaction WHERE redundant")[0]
    assert ledger.refusal(CancelMatchEvent(match_event_id=settled, reason="Mistake"), "olga") == "MAT-008"
    (redundant_ft,) = ledger.rows("SELECT max(id) FROM financial_transaction WHERE redundant")[0]
    again = CreateMatchEvent(account_id=account.id, ft_ids=(redundant_ft,))
    assert ledger.refusal(again, "olga") == "MAT-004"


def test_while_something_old_is_disputed_nobody_knows_what_is_covered(ledger):
    account = an_account(ledger, customer_class="COM")
    sa_id = account.sa["ELEC"]
    first = booked(ledger, sa_id, 6000, 300)
    booked(ledger, sa_id, 6000, 290)
    booked(ledger, sa_id, -6000, 270)
    event = matched(ledger, account, first, dispute="Nobody was there.")
    assert mark(ledger) == 0
    ledger.do(EndDispute(match_event_id=event), "olga")
    assert mark(ledger) == 0, "the event is open still"
    ledger.do(CancelMatchEvent(match_event_id=event, reason="Not justified"), "olga")
    assert mark(ledger) == 2
    assert marked(ledger, sa_id) == [6000, -6000]


HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(("alone", "alone", "disputed", "paid by")),
        st.sampled_from((1000, 2500, 4000, 6000, -1000, -2500, -4000, -5000)),
        st.integers(min_value=1, max_value=500),
        st.booleans(),  # canceled before the marking, or its payment
        st.booleans(),  # canceled after it, or its payment; a dispute ends
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_no_balance_and_no_age_changes(ledger, history):
    account = an_account(ledger, customer_class="COM")
    sa_id = account.sa["ELEC"]
    left: list[tuple[int, int]] = []
    disputed, takes_back = 0, {True: [], False: []}
    for kind, amount, days, before, after in sorted(history, key=lambda each: -each[2]):
        charge = abs(amount)
        key = booked(ledger, sa_id, amount if kind == "alone" else charge, days)
        undo = CancelAdjustment(adjustment_id=key, reason="MISTAKE")
        if kind == "disputed":
            event = matched(ledger, account, key, dispute="Nobody was there.")
            undo = undo if before else EndDispute(match_event_id=event)
            left += [(charge, days)] if after and not before else []
            disputed += 0 if before or after else charge
        elif kind == "paid by":
            payment = booked(ledger, sa_id, -charge, days // 2)
            matched(ledger, account, key, payment)
            undo = CancelAdjustment(adjustment_id=payment, reason="MISTAKE")
            left += [(charge, days)] if before or after else []
        elif not (before or after):
            left.append((amount, days))
        if before or after:
            takes_back[before].append(undo)
    moved_to(ledger, 0)
    for command in takes_back[True]:
        ledger.do(command, "system")
    unmarked = grid(ledger, sa_id)
    mark(ledger)
    assert grid(ledger, sa_id) == unmarked
    assert sum(marked(ledger, sa_id)) == 0
    for command in takes_back[False]:
        ledger.do(command, "system")
    balance, rows = grid(ledger, sa_id)
    assert balance == sum(amount for amount, _days in left) + disputed
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
