"""The contract of each system event, for every rule that is registered there."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.algorithms.registry import algorithm, description_of, parameter_names, rules
from cashier_app.domain.system_events import (
    AdjustmentFtRequest,
    AlertRequest,
    Debt,
    DistributionRequest,
    GlAccountRequest,
    GlLineDraft,
    NsfRequest,
    OverpaymentRequest,
    PayableAgreement,
    PaymentAmountRequest,
    PaymentFtRequest,
    SystemEvent,
)

amounts = st.integers(1, 10**12)
debts = st.lists(
    st.builds(Debt, st.integers(1, 6), st.integers(1, 3), st.integers(-40, 400), st.integers(1, 10**9)), max_size=12
).map(tuple)
agreements = st.lists(
    st.builds(
        PayableAgreement,
        st.integers(1, 9),
        st.sampled_from(["ELEC", "GAS", "OVERPAY"]),
        st.integers(1, 3),
        st.booleans(),
        st.sampled_from(["", "NSF"]),
        st.integers(-(10**9), 10**9),
    ),
    max_size=6,
    unique_by=lambda agreement: agreement.sa_id,
).map(tuple)


def every_rule(event: SystemEvent) -> Any:
    """Each rule of an event, bound to each of its parameters' defaults."""
    found = {name: rule for name, rule in rules().items() if description_of(rule).event is event}
    assert found, f"no rule for {event}"
    bound = [_with_defaults(rule) for rule in found.values()]
    return pytest.mark.parametrize("rule", bound, ids=list(found))


def _with_defaults(rule: Any) -> Any:
    parameters = description_of(rule).parameters()
    return lambda request: rule(request, parameters)


@every_rule(SystemEvent.PAYMENT_DISTRIBUTION)
@given(amounts, debts)
def test_a_distribution_accounts_for_every_cent(rule, amount, owed):
    segments, left = rule(DistributionRequest(amount, owed))
    assert sum(segment.amount for segment in segments) + left == amount
    assert left >= 0
    assert left == 0 or sum(debt.amount for debt in owed) == amount - left, "nothing is left while debt is"
    _has_whole_segments(segments)


@every_rule(SystemEvent.PAYMENT_DISTRIBUTION)
@given(amounts, debts)
def test_no_agreement_gets_more_than_it_owes(rule, amount, owed):
    segments, _ = rule(DistributionRequest(amount, owed))
    for segment in segments:
        assert segment.amount <= sum(debt.amount for debt in owed if debt.sa_id == segment.sa_id) + len(owed)


@every_rule(SystemEvent.OVERPAYMENT)
@given(amounts, agreements)
def test_an_overpayment_accounts_for_every_cent(rule, amount, found):
    segments, left = rule(OverpaymentRequest(amount, found))
    assert sum(segment.amount for segment in segments) + left == amount
    _has_whole_segments(segments)
    assert {segment.sa_id for segment in segments} <= {0, *(agreement.sa_id for agreement in found)}


def _has_whole_segments(segments):
    assert all(segment.amount > 0 for segment in segments), "no segment is empty or negative"
    assert len({segment.sa_id for segment in segments}) == len(segments), "one segment per agreement"


@every_rule(SystemEvent.PAYMENT_FT)
@given(st.integers(-(10**12), 10**12).filter(bool), st.integers(0, 10**9))
def test_a_payment_s_books_balance_and_the_current_balance_falls(rule, amount, part):
    cash = (GlLineDraft("CASH-A", amount - part), GlLineDraft("CASH-B", part))
    current, payoff, lines = rule(PaymentFtRequest(amount, "A/R", cash))
    assert sum(line.amount for line in lines) == 0
    assert current == -amount
    assert payoff in {-amount, 0}


@every_rule(SystemEvent.ADJUSTMENT_FT)
@given(st.integers(-(10**12), 10**12).filter(bool))
def test_an_adjustment_s_books_balance_and_a_payoff_has_lines(rule, amount):
    current, payoff, lines = rule(AdjustmentFtRequest(amount, "A/R", "REV"))
    assert sum(line.amount for line in lines) == 0
    assert lines or not payoff
    assert {current, payoff} <= {amount, 0}
    assert current or payoff or lines


@every_rule(SystemEvent.NSF)
@given(agreements)
def test_a_fee_is_charged_to_the_payor_or_to_nobody(rule, found):
    charge = rule(NsfRequest(found))
    assert not charge.adjustment_type or charge.sa_id in {agreement.sa_id for agreement in found}


@every_rule(SystemEvent.PAYMENT_AMOUNT)
@given(st.integers(-(10**12), 10**12), debts)
def test_a_proposed_amount_is_never_negative(rule, balance, owed):
    assert rule(PaymentAmountRequest(balance, owed)) >= 0


@every_rule(SystemEvent.ALERT)
def test_an_account_without_history_has_no_alert(rule):
    assert rule(AlertRequest(date(2026, 1, 5), "USD", 0, (), 700, 600, 0, 700, 0)) == ()


@every_rule(SystemEvent.ALERT)
@given(debts, st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3))
def test_alerts_have_a_code_and_a_text(rule, owed, rating, score, unbalanced):
    alerts = rule(AlertRequest(date(2026, 1, 5), "USD", 100, owed, rating, 600, score, 700, unbalanced))
    assert all(alert.code and alert.text for alert in alerts)


@every_rule(SystemEvent.GL_ACCOUNT)
def test_without_details_there_is_no_account(rule):
    assert rule(GlAccountRequest(date(2026, 1, 5), ())) == ""


def test_rules_are_found_and_can_be_told_apart():
    assert parameter_names(rules()["priority-and-age"]) == ("order",)

    @algorithm("mine", at=SystemEvent.ALERT)
    def mine(_request: object, _parameters: object) -> tuple[()]:
        return ()

    assert description_of(mine).name == "mine"
    assert "mine" not in rules(), "a description registers nothing"
