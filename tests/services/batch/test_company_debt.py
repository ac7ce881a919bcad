"""Aged debt of the company: the sum of all customers' grids, whether from kept totals or from the agreements."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.aging import DISPUTED, Debit
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.accounting import company_debt as kept
from cashier_app.services.accounting.agreements import agreements_by_id, open_debits
from cashier_app.services.accounting.company_debt import take_picture
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.kernel.reading import reading
from cashier_app.services.matching.match_events import CancelMatchEvent, CreateMatchEvent
from cashier_app.services.queries.company_debt import company_debt
from cashier_app.services.verifying import verify
from tests.builders import an_account
from tests.services.batch.test_redundant import TODAY, booked, ft_of, mark, moved_to


def asked(ledger):
    moved_to(ledger, 0)
    with reading(ledger.database, access=EVERYTHING) as store:
        return company_debt(store, ledger.door.current_config(store), TODAY)


def by_day(ledger):
    with reading(ledger.database, access=EVERYTHING) as store:
        return [found.by_day for found in kept.company_debt(store)]


def from_agreements(ledger):
    """The same, from every agreement on its own."""
    days: dict[date, int] = {}
    ids = [key for (key,) in ledger.rows("SELECT id FROM service_agreement")]
    with reading(ledger.database, access=EVERYTHING) as store:
        for agreement in agreements_by_id(store, ids).values():
            disputed = Debit(agreement.disputed_balance, DISPUTED)
            for amount, day in (*open_debits(store, [agreement]).get(agreement.id, ()), disputed):
                days[day] = days.get(day, 0) + amount
    return [dict(sorted(days.items()))]


def picture(ledger):
    moved_to(ledger, 0)
    return take_picture(ledger.database, ledger.clock.now())


def test_rows_are_to_the_day_with_an_oldest_bucket(ledger):
    one, other = (an_account(ledger, name).sa["ELEC"] for name in ("One", "Other"))
    booked(ledger, one, 6000, 300)
    booked(ledger, one, 2500, 20)
    booked(ledger, other, 1000, 20)
    booked(ledger, other, -400, 5)
    booked(ledger, an_account(ledger, "Third").sa["ELEC"], -700, 5)
    (debt,) = asked(ledger)
    assert [(row.kind.value, row.days, row.amount) for row in debt.rows] == [("OLDEST", 180, 6000), ("AGED", 20, 3100)]
    assert (debt.owed, debt.credit, debt.agreements) == (9100, -700, 2)
    assert debt.buckets.total == 8400


def test_without_any_debt_there_is_nothing_to_show(ledger):
    assert asked(ledger) == ()
    assert picture(ledger) == 0
    assert asked(ledger) == ()


def test_a_wrong_picture_is_never_shown(ledger):
    sa_id = an_account(ledger).sa["ELEC"]
    booked(ledger, sa_id, 6000, 30)
    picture(ledger)
    with ledger.database.lock:
        ledger.database.connection.execute("UPDATE debt_picture_total SET amount = 1")
    (debt,) = asked(ledger)
    assert [row.amount for row in debt.rows] == [6000]
    ledger.unchecked = True
    assert "The kept debt of the company comes to 1 USD; balances come to 6000." in [
        problem.sentence for problem in verify(ledger.database).problems
    ]


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("book"),
            st.integers(0, 2),
            st.sampled_from((1000, 2500, 6000, -1000, -2500, -5000)),
            st.integers(0, 400),
        ),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("dispute"), st.integers(0, 30)),
        st.tuples(st.just("match"), st.integers(0, 30), st.integers(0, 30)),
        st.tuples(st.just("release"), st.integers(0, 30)),
        st.tuples(st.just("picture")),
        st.tuples(st.just("mark")),
    ),
    min_size=3,
    max_size=14,
)


@pytest.fixture
def three(ledger):
    return [an_account(ledger, name, customer_class="COM") for name in ("One", "Two", "Three")]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_kept_totals_with_what_came_since_are_what_all_agreements_owe(ledger, three, steps):
    done: list[int] = []
    events: list[int] = []
    for step in steps:
        if step[0] == "book":
            done.append(booked(ledger, three[step[1]].sa["ELEC"], step[2], step[3]))
        elif step[0] in {"dispute", "match"} and done:
            found = tuple({ft_of(ledger, done[place % len(done)]) for place in step[1:]})
            owner = ledger.value(
                "SELECT account_id FROM service_agreement s JOIN financial_transaction f ON f.sa_id = s.id "
                f"WHERE f.id = {found[0]}"
            )
            match = CreateMatchEvent(account_id=owner, ft_ids=found, dispute="No" if step[0] == "dispute" else None)
            with contextlib.suppress(RuleViolation):  # not everything can be matched
                events.append(ledger.do(match, "olga").match_event_id)
        elif step[0] == "release" and events:
            key = events.pop(step[1] % len(events))
            ledger.refusal(CancelMatchEvent(match_event_id=key, reason="Not justified"), "olga")
        elif step[0] == "cancel" and done:
            moved_to(ledger, 0)
            key = done.pop(step[1] % len(done))
            ledger.do(CancelAdjustment(adjustment_id=key, reason="MISTAKE"), "system")
        elif step[0] == "mark":
            mark(ledger)
        elif step[0] == "picture":
            picture(ledger)
    found, wanted = by_day(ledger), from_agreements(ledger)
    assert lumped(found) == lumped(wanted)


def lumped(found):
    """Inside the oldest bucket ages do not matter."""
    rows: dict[int, int] = {}
    for days in found:
        for day, amount in days.items():
            age = -1 if day == DISPUTED else min((TODAY - day).days, 180)
            rows[age] = rows.get(age, 0) + amount
    return {age: amount for age, amount in rows.items() if amount}
