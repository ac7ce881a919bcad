"""An account at a glance, and its history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AddAlert, OpenAccount
from cashier_app.services.customers.persons import LinkPerson
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish
from cashier_app.services.queries.accounts import (
    AccountGlance,
    DebtKind,
    HistoryKind,
    account_at_a_glance,
    history,
    lines_of_ft,
)
from tests.builders import (
    AnAccount,
    Ledger,
    a_charge,
    a_payment,
    an_account,
    an_open_drawer,
    cash,
    check,
    paid,
    usd,
)
from tests.services.queries.conftest import Ask


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    an_open_drawer(ledger)
    return an_account(ledger, owing={"GAS": "41.25", "ELEC": "84.10"})


def glance(ledger: Ledger, ask: Ask, account: AnAccount) -> AccountGlance:
    seen: AccountGlance = ask(account_at_a_glance, account.id, ledger.clock.business_date())
    return seen


def test_header_and_agreements_in_order_of_payment(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    seen = glance(ledger, ask, account)
    assert (seen.number, seen.name, seen.address) == (account.number, "Jane Masters", "18 Oak Lane")
    assert (seen.customer_class, seen.customer_class_description) == ("RES", "Residential")
    assert [(row.description, row.current_balance, row.priority) for row in seen.agreements] == [
        ("Electric", 8410, 10),
        ("Gas", 4125, 20),
    ]
    assert (seen.current_balance, seen.payoff_balance, seen.proposed_payment) == (12535, 12535, 12535)
    assert seen.last_payment is None


def test_unknown_account_is_refused(ask: Ask) -> None:
    with pytest.raises(RuleViolation, match="CUS-010"):
        ask(account_at_a_glance, 1, date(2026, 1, 1))
    with pytest.raises(RuleViolation, match="CUS-010"):
        ask(history, 1)


def test_debt_by_age_adds_up(ledger: Ledger, ask: Ask) -> None:
    today = ledger.clock.business_date()
    account = an_account(ledger)
    for amount, days in (("5.00", 200), ("7.00", 180), ("11.00", 51), ("13.00", 22), ("17.00", -3)):
        a_charge(ledger, account.sa["ELEC"], amount, today - timedelta(days))
    a_charge(ledger, account.sa["ELEC"], "19.00", None)
    seen = glance(ledger, ask, account)
    assert [(piece.kind, piece.days, piece.amount) for piece in seen.pieces] == [
        (DebtKind.OLDEST, 180, 1200),
        (DebtKind.AGED, 51, 1100),
        (DebtKind.AGED, 22, 1300),
        (DebtKind.FUTURE, 3, 1700),
        (DebtKind.NEW_CHARGE, 0, 1900),
    ]
    assert sum(piece.amount for piece in seen.pieces) == seen.current_balance == seen.aged.total == 7200
    assert seen.agreements[0].pieces == seen.pieces


def test_worked_example_of_the_reference(ledger: Ledger, ask: Ask) -> None:
    """R billing 8: 250.00 paid against 213.41 and 124.50, and 8.00 unbilled."""
    today = ledger.clock.business_date()
    an_open_drawer(ledger)
    account = an_account(ledger)
    a_charge(ledger, account.sa["ELEC"], "213.41", today - timedelta(51))
    a_charge(ledger, account.sa["ELEC"], "124.50", today - timedelta(22))
    a_charge(ledger, account.sa["ELEC"], "8.00", None)
    paid(ledger, account, "250.00")
    pieces = glance(ledger, ask, account).pieces
    assert [(piece.kind, piece.days, piece.amount) for piece in pieces] == [
        (DebtKind.AGED, 22, 8791),
        (DebtKind.NEW_CHARGE, 0, 800),
    ]


def test_credit_lowers_the_total_and_proposes_nothing(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    paid(ledger, account, "200.00")
    seen = glance(ledger, ask, account)
    assert (seen.current_balance, seen.aged.credit, seen.aged.total) == (-7465, -7465, -7465)
    assert (seen.proposed_payment, seen.pieces) == (0, ())


def test_last_payment_is_the_latest_that_stands(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    paid(ledger, account, "10.00")
    later = ledger.do(a_payment(account, check("20.00")))
    last = glance(ledger, ask, account).last_payment
    assert last is not None
    assert (last.amount, last.tender_description, last.event_id) == (2000, "Check", later.event_id)
    ledger.do(CancelTender(tender_id=later.tender_ids[0], reason="WRONG"), "sue")
    before = glance(ledger, ask, account).last_payment
    assert before is not None
    assert (before.amount, before.tender_description) == (1000, "Cash")


def test_last_payment_of_two_workstations_is_the_later_one(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    other = ledger.another_door("COUNTER-2")
    other.execute(a_payment(account, cash("3.00")), user_id=ledger.people["ann"])
    ledger.clock.advance(minutes=5)
    paid(ledger, account, "4.00")
    last = glance(ledger, ask, account).last_payment
    assert last is not None
    assert last.amount == 400
    rows = ask(history, account.id, kinds=[HistoryKind.PAYMENT]).rows
    assert [row.amount for row in rows] == [-400, -300]


def test_alerts_of_rules_and_notes(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    taken = paid(ledger, account, "125.35")
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    ledger.do(AddAlert(account_id=account.id, text="Dog bites"), "olga")
    ledger.do(AddAlert(account_id=account.id, text="Over", ends=ledger.clock.business_date() - timedelta(1)), "olga")
    seen = glance(ledger, ask, account)
    assert [(alert.code, alert.text) for alert in seen.alerts] == [
        ("UNBALANCED", "1 unbalanced payment event(s)"),
        ("NOTE", "Dog bites"),
    ]
    assert seen.unbalanced_events == 1


def test_returned_check_shows_in_the_credit_standing(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    for number in ("1", "2", "3"):
        taken = ledger.do(a_payment(account, check("10.00", number)), confirmed=["PAY-011"])
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
    seen = glance(ledger, ask, account)
    assert (seen.credit.rating, seen.credit.is_cash_only) == (595, True)
    assert {"CASH-ONLY", "CREDIT-RATING"} <= {alert.code for alert in seen.alerts}


def test_other_persons_are_listed(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    other = an_account(ledger, "Rosa Guarantor")
    ledger.do(LinkPerson(account_id=account.id, person_id=other.person_id, relationship="GUARANTOR"), "system")
    people = glance(ledger, ask, account).persons
    assert [(person.name, person.relationship) for person in people] == [
        ("Jane Masters", "MAIN"),
        ("Rosa Guarantor", "GUARANTOR"),
    ]


def test_history_runs_from_the_balance_back_to_nothing(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    ledger.clock.advance(hours=1)
    taken = paid(ledger, account, "100.00")
    ledger.clock.advance(hours=1)
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    page = ask(history, account.id)
    assert [(row.kind, row.title, row.amount, row.balance, row.user) for row in page.rows] == [
        (HistoryKind.PAYMENT_CANCELLATION, "Wrong customer", 10000, 12535, "Sue"),
        (HistoryKind.PAYMENT, "Cash", -10000, 2535, "Ann"),
        (HistoryKind.ADJUSTMENT, "Opening receivable", 8410, 12535, "System"),
        (HistoryKind.ADJUSTMENT, "Opening receivable", 4125, 4125, "System"),
    ]
    assert page.next is None
    assert [row.status for row in page.rows] == ["CANCELED", "CANCELED", "FROZEN", "FROZEN"]
    payment = page.rows[1]
    assert (payment.command, payment.receipt_number) == ("TakePayment", taken.receipt_number)
    assert {ft.sa_description: ft.current_amount for ft in payment.fts} == {"Electric": -8410, "Gas": -1590}
    for row in page.rows:
        for ft in row.fts:
            assert sum(line.amount for line in ft.lines) == 0
            assert ask(lines_of_ft, ft.ft_id) == ft.lines


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_join_without_gap_or_repetition(ledger: Ledger, ask: Ask, account: AnAccount, limit: int) -> None:
    for cents in range(1, 7):
        paid(ledger, account, f"{cents}.00")
        if cents % 2:  # some share an instant
            ledger.clock.advance(minutes=1)
    whole = ask(history, account.id, limit=100).rows
    pages, cursor = [], None
    while True:
        page = ask(history, account.id, cursor, limit)
        pages += page.rows
        assert len(page.rows) <= limit
        if (cursor := page.next) is None:
            break
    assert pages == list(whole)
    assert pages[0].balance == glance(ledger, ask, account).current_balance


def test_kinds_filter_and_then_no_balance_is_claimed(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    paid(ledger, account, "1.00")
    fee = ledger.do(AddAdjustment(sa_id=account.sa["GAS"], adjustment_type="FEE", amount=usd("2.00")), "olga")
    ledger.do(CancelAdjustment(adjustment_id=fee.adjustment_id, reason="MISTAKE"), "olga")
    rows = ask(history, account.id, kinds=[HistoryKind.ADJUSTMENT_CANCELLATION, HistoryKind.PAYMENT]).rows
    assert {row.kind for row in rows} == {HistoryKind.ADJUSTMENT_CANCELLATION, HistoryKind.PAYMENT}
    assert all(row.balance is None for row in rows)
    canceled = next(row for row in rows if row.kind is HistoryKind.ADJUSTMENT_CANCELLATION)
    assert (canceled.title, canceled.cancel_reason, canceled.amount) == ("Service fee", "Entered by mistake", -200)


def test_payments_that_wait_lead(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    ledger.do(a_payment(account, cash("9.00"), finish=Finish.NOTHING))
    first = ask(history, account.id).rows[0]
    assert (first.kind, first.status, first.amount, first.balance) == (
        HistoryKind.PENDING_PAYMENT,
        "INCOMPLETE",
        -900,
        None,
    )


def test_an_account_with_many_agreements(ledger: Ledger, ask: Ask) -> None:
    an_open_drawer(ledger)
    agreements = tuple(AgreementIn(sa_type="WATER", address=f"{number} Pole Road") for number in range(15))
    opened = ledger.do(OpenAccount(name="City", customer_class="GOV", agreements=agreements), "system")
    for sa_id in opened.agreements:
        a_charge(ledger, sa_id, "1.00")
    city = AnAccount(opened.account_id, opened.number, opened.person_id, {})
    paid(ledger, city, "15.00")
    seen = glance(ledger, ask, city)
    assert seen.last_payment is not None
    assert (len(seen.agreements), seen.current_balance, seen.last_payment.amount) == (15, 0, 1500)
    page = ask(history, city.id, limit=1)
    assert [(row.kind, row.amount, len(row.fts)) for row in page.rows] == [(HistoryKind.PAYMENT, -1500, 15)]
    assert len(ask(history, city.id, page.next, 100).rows) == 15
