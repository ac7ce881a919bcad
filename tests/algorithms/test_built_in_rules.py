"""What each built-in rule does, as a table."""

from datetime import date

import pytest

from cashier_app.algorithms.account_rules import OldDebt, OverdueOnly, effective_detail, old_debt_alert, overdue_debt
from cashier_app.algorithms.overpayment import ExcessCredit, to_excess_credit, to_highest_priority
from cashier_app.algorithms.payment_distribution import ByPriorityAndAge, Order, by_priority_and_age, pro_rata
from cashier_app.domain.gl_tables import GlAccount
from cashier_app.domain.system_events import (
    NEW_CHARGE,
    AlertRequest,
    Debt,
    DistributionRequest,
    GlAccountRequest,
    OverpaymentRequest,
    PayableAgreement,
    PaymentAmountRequest,
)

ELEC, GAS, WATER = 1, 2, 3


@pytest.mark.parametrize(
    ("order", "paid", "debts", "placed", "left"),
    [
        # by            pays  owes: agreement, priority, age, amount           is applied as         is left
        ("PRIORITY_THEN_AGE", 100, [(ELEC, 10, 5, 60), (GAS, 20, 90, 70)], {ELEC: 60, GAS: 40}, 0),
        ("AGE_THEN_PRIORITY", 100, [(ELEC, 10, 5, 60), (GAS, 20, 90, 70)], {GAS: 70, ELEC: 30}, 0),
        ("PRIORITY_THEN_AGE", 100, [(ELEC, 10, 5, 60), (GAS, 20, 5, 10)], {ELEC: 60, GAS: 10}, 30),
        ("PRIORITY_THEN_AGE", 10, [(GAS, 20, 5, 60), (WATER, 20, 5, 30)], {GAS: 7, WATER: 3}, 0),
        ("PRIORITY_THEN_AGE", 50, [(ELEC, 10, 40, 20), (ELEC, 10, 5, 60)], {ELEC: 50}, 0),
        ("PRIORITY_THEN_AGE", 20, [(ELEC, 10, NEW_CHARGE, 20), (GAS, 10, 1, 20)], {GAS: 20}, 0),
        ("PRIORITY_THEN_AGE", 100, [], {}, 100),
    ],
)
def test_debts_are_met_in_their_order(order, paid, debts, placed, left):
    request = DistributionRequest(paid, tuple(Debt(*debt) for debt in debts))
    segments, remainder = by_priority_and_age(request, ByPriorityAndAge(Order(order)))
    assert (dict(segments), remainder) == (placed, left)


def test_pro_rata_ignores_age_and_priority():
    request = DistributionRequest(50, (Debt(ELEC, 10, 90, 60), Debt(GAS, 20, 1, 30), Debt(ELEC, 10, 5, 10)))
    segments, left = pro_rata(request, None)
    assert (dict(segments), left) == ({ELEC: 35, GAS: 15}, 0)
    assert pro_rata(DistributionRequest(5, ()), None) == ((), 5)


def _agreement(sa_id, sa_type, priority, do_not_overpay=False):
    return PayableAgreement(sa_id, sa_type, priority, do_not_overpay, "", 0)


def test_credit_goes_to_the_best_agreement_that_may_be_overpaid():
    agreements = (_agreement(3, "DEPOSIT", 1, do_not_overpay=True), _agreement(2, "GAS", 20), _agreement(1, "ELEC", 10))
    assert dict(to_highest_priority(OverpaymentRequest(30, agreements), None).segments) == {1: 30}
    assert to_highest_priority(OverpaymentRequest(30, agreements[:1]), None) == ((), 30)


def test_excess_credit_asks_for_an_agreement_where_there_is_none():
    assert dict(to_excess_credit(OverpaymentRequest(30, (_agreement(1, "ELEC", 1),)), ExcessCredit()).segments) == {
        0: 30
    }
    holder = (_agreement(7, "OVERPAY", 90),)
    assert dict(to_excess_credit(OverpaymentRequest(30, holder), ExcessCredit()).segments) == {7: 30}


def test_only_overdue_debt_is_proposed():
    debts = (Debt(ELEC, 10, 20, 5), Debt(ELEC, 10, 21, 7), Debt(ELEC, 10, 90, 9))
    assert overdue_debt(PaymentAmountRequest(21, debts), OverdueOnly()) == 16


def test_old_debt_is_told_from_the_day_after():
    def told(age):
        request = AlertRequest(date(2026, 1, 5), "USD", 5, (Debt(ELEC, 10, age, 5),), 700, 600, 0, 700, 0)
        return bool(old_debt_alert(request, OldDebt(60)))

    assert (told(60), told(61)) == (False, True)


def test_the_latest_active_account_in_force_is_taken():
    details = (
        GlAccount(effective=date(2020, 1, 1), gl_account="OLD"),
        GlAccount(effective=date(2026, 1, 1), gl_account="NEW"),
        GlAccount(effective=date(2026, 1, 3), gl_account="OFF", active=False),
        GlAccount(effective=date(2026, 2, 1), gl_account="LATER"),
    )
    assert effective_detail(GlAccountRequest(date(2026, 1, 5), details), None) == "NEW"
    assert effective_detail(GlAccountRequest(date(2019, 1, 5), details), None) == ""
