"""The contracts of the spots around adjustments, and the shipped rules by what an accountant would expect of them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.algorithms.adjustment_rules import (
    AmountLimits,
    ArrearsDays,
    FlatPercentage,
    NoteText,
    Warn,
    adjustment_words,
    age_from_freeze,
    amount_within_limits,
    flat_percentage,
    note_at_freeze,
    payoff_less_current,
    refund_of_credit,
    refund_within_credit,
)
from cashier_app.algorithms.ft_creation import CodesFrom, OtherSide, adjustment_normal
from cashier_app.domain.system_events import (
    AdjustmentFacts,
    AdjustmentFtRequest,
    DetermineAgreementRequest,
    GenerationRequest,
    GlLineDraft,
    InformationRequest,
    SystemEvent,
)
from tests.algorithms.test_contracts import agreements, every_rule

TODAY = date(2026, 1, 5)


def facts(amount=0, *, current=0, payoff=0):
    return AdjustmentFacts("FEE", amount, "USD", "ELEC", current, payoff, TODAY)


@every_rule(SystemEvent.DETERMINE_AGREEMENT)
@given(agreements)
def test_an_agreement_of_the_account_is_determined_or_none(rule, found):
    assert rule(DetermineAgreementRequest(found, 100)) in {0, *(agreement.sa_id for agreement in found)}


@every_rule(SystemEvent.RESOLVE_SUSPENSE)
@given(agreements)
def test_suspense_is_resolved_to_an_agreement_of_the_account(rule, found):
    assert bool(rule(DetermineAgreementRequest(found, 100))) == bool(found)


@every_rule(SystemEvent.GENERATE_ADJUSTMENT)
@given(st.integers(-(10**12), 10**12))
def test_the_same_request_gives_the_same_lines(rule, base):
    request = GenerationRequest(base, facts(base))
    assert rule(request) == rule(request) != ()


@given(st.integers(0, 10**12), st.decimals(0, 100, places=3))
def test_a_percentage_is_rounded_half_up_once(base, percent):
    lines = flat_percentage(GenerationRequest(base, facts()), FlatPercentage(percent=percent))
    exact = base * percent / 100
    assert abs(sum(line.amount for line in lines) - base - exact) <= Decimal("0.5")


@pytest.mark.parametrize(("base", "tax"), [(5000, 400), (-5000, -400), (7, 1), (6, 0), (0, 0)])
def test_eight_percent(base, tax):
    lines = flat_percentage(GenerationRequest(base, facts()), FlatPercentage(percent=Decimal(8)))
    assert sum(line.amount for line in lines) == base + tax


def test_a_fixed_price_stands_for_what_is_not_typed():
    lines = flat_percentage(GenerationRequest(0, facts()), FlatPercentage(unit_price=1500))
    assert [line.amount for line in lines] == [1500]


def test_calculation_lines_without_a_code_take_the_type_s():
    lines = (GlLineDraft("REV", 5000), GlLineDraft("", 400))
    draft = adjustment_normal(AdjustmentFtRequest(5400, "A/R", "OTHER", lines=lines), OtherSide(CodesFrom("CL")))
    assert draft.lines == (("A/R", 5400), ("REV", -5000), ("OTHER", -400))


@pytest.mark.parametrize(("payoff", "proposed"), [(-6300, 6300), (0, 0), (500, 0)])
def test_a_refund_proposes_the_credit(payoff, proposed):
    assert refund_of_credit(facts(payoff=payoff), None) == proposed


def test_current_is_brought_to_payoff():
    assert payoff_less_current(facts(current=100, payoff=3350), None) == 3250


@pytest.mark.parametrize(("amount", "refused"), [(99, True), (100, False), (200, False), (201, True)])
def test_limits_are_inclusive(amount, refused):
    limits = AmountLimits(lowest=100, highest=200)
    assert bool(amount_within_limits(facts(amount), limits)) == refused


@pytest.mark.parametrize(("amount", "refused"), [(100, False), (101, True)])
def test_no_more_is_given_back_than_there_is(amount, refused):
    assert bool(refund_within_credit(facts(amount, payoff=-100), Warn())) == refused


def test_what_follows_a_freeze():
    assert age_from_freeze(facts(), ArrearsDays(days=7)).arrears_date == date(2026, 1, 12)
    assert note_at_freeze(facts(), NoteText("Ask for the meter.")).alert == "Ask for the meter."


def test_an_adjustment_in_words():
    request = InformationRequest("Service fee", "25.00 USD", TODAY, "", "Second visit")
    assert adjustment_words(request, None) == "Service fee 25.00 USD of 2026-01-05, Second visit"
