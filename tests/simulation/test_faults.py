"""The plan of faults: seeded, as often as the table says, and replayable."""

import random
from collections import Counter

import pytest

from cashier_app.simulation.faults import (
    FAULTS_PER_THOUSAND_STEPS,
    FILE_FAULTS,
    FaultKind,
    FaultPlan,
    only,
)


def test_every_kind_has_its_rate():
    assert set(FAULTS_PER_THOUSAND_STEPS) == set(FaultKind)


def test_more_than_one_fault_in_two_steps_as_the_promise_asks():
    assert sum(FAULTS_PER_THOUSAND_STEPS.values()) >= 500


def test_faults_come_as_often_as_the_table_says():
    plan = FaultPlan(random.Random(1))
    drawn = Counter(fault.kind for fault in (plan.next() for _ in range(100_000)) if fault)
    for kind, rate in FAULTS_PER_THOUSAND_STEPS.items():
        assert abs(drawn[kind] - 100 * rate) < 20 + 50 * rate**0.5, kind


def test_the_same_generator_draws_the_same_faults():
    reversed_rates = dict(reversed(FAULTS_PER_THOUSAND_STEPS.items()))
    one, other = FaultPlan(random.Random(2)), FaultPlan(random.Random(2), reversed_rates)
    assert [one.next() for _ in range(1000)] == [other.next() for _ in range(1000)]


def test_only_file_faults_wait_for_file_operations():
    plan = FaultPlan(random.Random(3))
    drawn = [fault for fault in (plan.next() for _ in range(10_000)) if fault]
    assert all(fault.after == 0 for fault in drawn if fault.kind not in FILE_FAULTS)
    assert {fault.after for fault in drawn if fault.kind in FILE_FAULTS} == set(range(80))


def test_one_kind_alone_narrows_down_a_failing_seed():
    plan = FaultPlan(random.Random(4), only([FaultKind.REPLY_LOST]))
    assert {fault.kind for fault in (plan.next() for _ in range(100)) if fault} == {FaultKind.REPLY_LOST}


def test_no_fault_at_all_is_possible():
    plan = FaultPlan(random.Random(4), only([]))
    assert all(plan.next() is None for _ in range(100))


@pytest.mark.parametrize("rates", [{FaultKind.PARTITION: 1001}, {FaultKind.PARTITION: -1}])
def test_impossible_rates_are_refused(rates):
    with pytest.raises(ValueError, match="per thousand"):
        FaultPlan(random.Random(1), rates)
