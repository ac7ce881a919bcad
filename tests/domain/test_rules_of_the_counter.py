"""Drawers, life cycles, journal bytes, refusals, clocks, calendars."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.clock import FixedClock, SystemClock
from cashier_app.domain.drawers import TenderTypeBalance, balances, cash_share, like_cash_total
from cashier_app.domain.errors import EnvironmentProblem, Problem, RuleViolation, raise_all, refuse, require
from cashier_app.domain.journal import FORMAT, NO_HASH, Entry, canonical, entry_hash
from cashier_app.domain.lifecycles import LIFECYCLES, PAYMENT, TENDER, Lifecycle, PaymentStatus, TenderStatus


def test_a_drawer_is_compared_by_tender_type():
    found = balances({"CASH": 100, "CHEC": 50, "CARD": 0}, {"CASH": 97, "MORD": 5})
    assert found == (
        TenderTypeBalance("CASH", 100, 97),
        TenderTypeBalance("CHEC", 50, 0),
        TenderTypeBalance("MORD", 0, 5),
    )
    assert [balance.variance for balance in found] == [-3, -50, 5]


@given(st.integers(-(10**9), 10**9), st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 10**9), min_size=1))
def test_the_cash_side_is_shared_without_losing_a_cent(amount, by_bank):
    shares = cash_share(amount, by_bank)
    assert sum(share for _, share in shares) == amount
    assert all(share for _, share in shares) or amount == 0
    assert {code for code, _ in shares} <= set(by_bank)


def test_like_cash_is_added_up_over_its_types():
    assert like_cash_total({"CASH": 100, "MORD": 20, "CHEC": 7}, ["CASH", "MORD", "OVUN"]) == 120


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.thing)
def test_only_the_moves_of_the_table_are_made(lifecycle):
    for state in lifecycle.moves:
        for target in lifecycle.moves:
            if target in lifecycle.moves[state]:
                assert lifecycle.move(state, target) is target
            else:
                with pytest.raises(RuleViolation) as refusal:
                    lifecycle.move(state, target)
                assert refusal.value.codes == (lifecycle.codes.get(state, "LC-001"),)


def test_a_final_state_says_that_it_is():
    with pytest.raises(RuleViolation, match="final"):
        TENDER.move(TenderStatus.CANCELED, TenderStatus.VALID)
    with pytest.raises(RuleViolation, match="from here: ERROR, FREEZABLE"):
        PAYMENT.move(PaymentStatus.INCOMPLETE, PaymentStatus.FROZEN)


def test_a_state_that_the_table_does_not_know_leads_nowhere():
    empty = Lifecycle("thing", {}, {})
    with pytest.raises(RuleViolation, match="LC-001"):
        empty.move(TenderStatus.VALID, TenderStatus.CANCELED)


def _entry(**more):
    given = {
        "id": 1, "format": FORMAT, "command_id": "c", "name": "N", "user_id": 1, "approver_id": None,
        "business_date": date(2026, 1, 5), "executed_at": datetime(2026, 1, 5, 15, tzinfo=UTC),
        "content": "{}", "result": "{}", "changes": "[]", "effects": ("[]",),
    }  # fmt: skip
    return Entry(**{**given, **more})


def test_the_bytes_of_an_entry_are_as_documented_for_ever():
    wanted = b"1:11:11:c1:N1:10:10:2026-01-0532:2026-01-05T15:00:00.000000+00:002:{}2:{}2:[]2:[]"
    assert entry_hash(NO_HASH, _entry()) == hashlib.sha256(NO_HASH + wanted).digest()
    assert entry_hash(NO_HASH, _entry()).hex().startswith(hashlib.sha256(NO_HASH + wanted).hexdigest()[:8])


@pytest.mark.parametrize(
    "more",
    [
        {"id": 2}, {"command_id": "d"}, {"name": "M"}, {"user_id": 2}, {"approver_id": 0}, {"content": "{} "},
        {"business_date": date(2026, 1, 6)}, {"executed_at": datetime(2026, 1, 5, 15, 0, 0, 1, tzinfo=UTC)},
        {"result": ""}, {"effects": ("[]", "")}, {"effects": ()}, {"format": 2},
    ],
)  # fmt: skip
def test_every_field_is_covered_by_the_hash(more):
    assert entry_hash(NO_HASH, _entry(**more)) != entry_hash(NO_HASH, _entry())


fields = st.lists(st.text(max_size=5), max_size=5)


@given(fields, fields)
def test_no_two_lists_of_fields_give_the_same_bytes(one, other):
    assert (canonical(one) == canonical(other)) == (one == other)


def test_refusals_come_with_code_sentence_and_field():
    with pytest.raises(RuleViolation) as refusal:
        refuse("PAY-001", "No drawer.", "tenders")
    assert refusal.value.problems == (Problem("PAY-001", "No drawer.", "tenders"),)
    assert str(refusal.value) == "PAY-001: No drawer."
    require(1, "X-1", "never")
    raise_all([])
    with pytest.raises(RuleViolation) as several:
        raise_all([Problem("A-1", "a"), Problem("B-1", "b")])
    assert several.value.codes == ("A-1", "B-1")
    assert EnvironmentProblem("DB-AWAY", "gone").code == "DB-AWAY"


def test_the_business_date_may_differ_from_the_machine():
    clock = FixedClock()
    assert clock.business_date() == date(2026, 1, 5)
    clock.advance(hours=12)
    assert (clock.now(), clock.business_date()) == (datetime(2026, 1, 6, 3, tzinfo=UTC), date(2026, 1, 6))
    assert FixedClock(date=date(2026, 1, 1)).business_date() == date(2026, 1, 1)
    assert SystemClock(date(2020, 2, 2)).business_date() == date(2020, 2, 2)
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=10)
    assert SystemClock().business_date() == datetime.now().astimezone().date()


def test_a_monthly_calendar_covers_every_day_once():
    periods = AccountingCalendar(code="M", monthly_years=(2024, 2026), days_open_after=10).all_periods()
    assert len(periods) == 36
    for before, after in pairwise(periods):
        assert after.begin - before.end == timedelta(1)
    february = periods[1]
    assert (february.end, february.open_to) == (date(2024, 2, 29), date(2024, 3, 10))


def test_periods_written_out_stand_beside_those_laid_out():
    thirteenth = Period(
        year=2027, number=13, begin=date(2027, 1, 1), end=date(2027, 1, 1),
        open_from=date(2027, 1, 1), open_to=date(2027, 1, 1),
    )  # fmt: skip
    assert AccountingCalendar(code="M", periods=(thirteenth,)).all_periods() == (thirteenth,)
    assert AccountingCalendar(code="M", periods=(thirteenth,), monthly_years=(2026,)).all_periods()[-1] == thirteenth
