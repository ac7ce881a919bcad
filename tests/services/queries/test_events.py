"""Payment events, whole and in lists."""

from __future__ import annotations

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.kernel.commands import catalogue
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.event_editing import DistributeEvent, FreezeEvent
from cashier_app.services.payments.receipts import PrintReceipt
from cashier_app.services.payments.taking import TakePayment
from cashier_app.services.queries.events import (
    EventDetail,
    EventState,
    event_detail,
    todays_events,
    unbalanced_events,
    unfrozen_events,
)
from tests.builders import AnAccount, Ledger, a_payment, an_account, an_open_drawer, cash, check, paid, usd
from tests.services.queries.conftest import Ask


@pytest.fixture
def drawer(ledger: Ledger) -> int:
    return an_open_drawer(ledger)


@pytest.fixture
def account(ledger: Ledger, drawer: int) -> AnAccount:
    return an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})


def detail(ask: Ask, event_id: int) -> EventDetail:
    seen: EventDetail = ask(event_detail, event_id)
    return seen


def test_a_frozen_event_with_everything_in_it(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    taken = ledger.do(a_payment(account, cash("20.00"), check("90.00", micr="021000021 123456789"), paying="100.00"))
    ledger.do(PrintReceipt(event_id=taken.event_id))
    ledger.do(PrintReceipt(event_id=taken.event_id), "sue")
    seen = detail(ask, taken.event_id)
    assert (seen.state, seen.amount, seen.unbalanced_by, seen.created_by) == (EventState.FROZEN, 10000, 0, "Ann")
    assert [(row.description, row.amount, row.amount_tendered, row.amount_change) for row in seen.tenders] == [
        ("Cash", 1000, 2000, 1000),
        ("Check", 9000, None, None),
    ]
    assert seen.tenders[1].micr == "***************6789"
    (payment,) = seen.payments
    assert (payment.account_number, payment.name, payment.status) == (account.number, "Jane Masters", "FROZEN")
    assert [(row.description, row.amount) for row in payment.segments] == [("Electric", 8410), ("Gas", 1590)]
    for segment in payment.segments:
        (ft,) = segment.fts
        assert (ft.current_amount, ft.user, ft.command) == (-segment.amount, "Ann", "TakePayment")
        assert sum(line.amount for line in ft.lines) == 0
    assert [(row.copy, row.printed_by) for row in seen.prints] == [(0, "Ann"), (1, "Sue")]
    assert seen.actions == {"PrintReceipt"}
    assert payment.actions == {"CancelPayment", "TransferPayment"}


def test_info_line_names_the_payor_of_a_single_tender_only(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    one = paid(ledger, account, "10.00")
    two = ledger.do(a_payment(account, cash("1.00"), check("2.00")))
    today = ledger.clock.business_date()
    assert detail(ask, one.event_id).info == f"{today}, 10.00 USD, Jane Masters"
    assert detail(ask, two.event_id).info == f"{today}, 3.00 USD"


def test_what_waits_says_so_and_offers_what_would_help(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    prepared = ledger.do(a_payment(account, cash("10.00"), finish=Finish.NOTHING))
    seen = detail(ask, prepared.event_id)
    assert seen.state is EventState.UNFROZEN
    assert "Unfrozen payments" in seen.info
    assert seen.actions == {"AddPayments", "AddTender", "DeleteEvent", "DistributeEvent"}
    assert seen.payments[0].actions == {"RemovePayment", "PlaceSegments"}
    assert seen.tenders[0].actions == {"CancelTender", "RemoveTender"}
    assert [row.event_id for row in ask(unfrozen_events)] == [prepared.event_id]
    ledger.do(DistributeEvent(event_id=prepared.event_id))
    assert "FreezeEvent" in detail(ask, prepared.event_id).actions
    ledger.do(FreezeEvent(event_id=prepared.event_id))
    assert detail(ask, prepared.event_id).state is EventState.FROZEN
    assert ask(unfrozen_events) == ()


def test_an_unbalanced_event_is_on_the_work_list(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    taken = paid(ledger, account, "25.00")
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    (row,) = ask(unbalanced_events)
    assert (row.event_id, row.state, row.unbalanced_by, row.name) == (
        taken.event_id,
        EventState.UNBALANCED,
        2500,
        "Jane Masters",
    )
    seen = detail(ask, taken.event_id)
    assert "AddPayments" in seen.actions
    assert "unbalanced by 25.00 USD" in seen.info
    assert [ft.kind for ft in seen.payments[0].segments[0].fts] == ["PS", "PX"]
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="WRONG"), "sue")
    assert ask(unbalanced_events) == ()
    assert detail(ask, taken.event_id).state is EventState.CANCELED


def test_strip_of_a_drawer_is_newest_first_and_its_own(
    ledger: Ledger, ask: Ask, account: AnAccount, drawer: int
) -> None:
    other = an_open_drawer(ledger, "bob")
    events = [paid(ledger, account, f"{amount}.00").event_id for amount in (1, 2, 3)]
    elsewhere = paid(ledger, account, "4.00", by="bob").event_id
    assert [row.event_id for row in ask(todays_events, drawer, 2)] == [events[2], events[1]]
    assert [(row.event_id, row.taken_by) for row in ask(todays_events, other)] == [(elsewhere, "Bob")]


def test_strip_shows_what_came_in(ledger: Ledger, ask: Ask, account: AnAccount, drawer: int) -> None:
    rosa = an_account(ledger, "Rosa Luna", owing="5.00")
    payments = (
        PaymentIn(account_id=account.id, amount=usd("10.00")),
        PaymentIn(account_id=rosa.id, amount=usd("5.00")),
    )
    ledger.do(TakePayment(payor_account_id=rosa.id, tenders=(check("20.00"),), payments=payments))
    (row,) = ask(todays_events, drawer)
    assert (row.name, row.amount, row.tender_types) == ("Rosa Luna", 1500, ("CHEC",))


def test_every_action_is_a_command(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    frozen = detail(ask, paid(ledger, account, "1.00").event_id)
    waiting = detail(ask, ledger.do(a_payment(account, cash("2.00"), finish=Finish.DISTRIBUTE)).event_id)
    for seen in (frozen, waiting):
        offered = [seen.actions, *(row.actions for row in seen.payments), *(row.actions for row in seen.tenders)]
        assert frozenset().union(*offered) <= set(catalogue())


def test_unknown_event_is_refused(ask: Ask) -> None:
    with pytest.raises(RuleViolation, match="PAY-120"):
        ask(event_detail, 1)
