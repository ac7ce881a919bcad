"""Two people on one thing never overwrite each other: the second is told who was first, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError, StaleData
from cashier_app.services.administration.signing_in import RecordSignIn
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    BalanceDeposit,
    ReopenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    ReopenTenderControl,
    ResumeTaking,
    StartBalancing,
)
from cashier_app.services.cashiering.turn_ins import TurnInFunds, VoidTurnIn
from cashier_app.services.customers.accounts import AddAlert, EndAlert
from cashier_app.services.customers.persons import ChangePerson
from cashier_app.services.kernel.cursors import MARK, Cursor, heads, position
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.freshness import Seen
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import Change
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn, SegmentIn
from cashier_app.services.payments.event_editing import (
    AddPayments,
    AddTender,
    DeleteEvent,
    DistributeEvent,
    FreezeEvent,
    PlaceSegments,
    RemovePayment,
    RemoveTender,
)
from cashier_app.services.payments.receipts import PrintReceipt
from cashier_app.services.payments.taking import TakePayment
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    AnAccount,
    Ledger,
    a_user,
    an_account,
    an_open_deposit,
    an_open_drawer,
    cash,
    counted,
    paid,
    usd,
)


@dataclass
class Place:
    """Somebody at a workstation of their own, and what they last saw."""

    door: Door
    user_id: int
    seen: Seen | None = None

    def look(self, *things: tuple[str, int]) -> None:
        """See these things as they are now."""
        with reading(self.door.database, access=EVERYTHING) as store:
            self.seen = Seen(heads(store), tuple(Change(*thing) for thing in things))

    def do(self, command: Any) -> Any:
        return self.door.execute(command, user_id=self.user_id, seen=self.seen).result

    def refusal(self, command: Any) -> str:
        try:
            self.do(command)
        except CashierError as refused:
            return str(refused)
        return ""

    def may_do(self, command: Any) -> bool:
        return not self.refusal(command)


@pytest.fixture
def sue(ledger: Ledger) -> Place:
    return Place(ledger.another_door("OFFICE-1"), ledger.people["sue"])


@pytest.fixture
def stan(ledger: Ledger) -> Place:
    return Place(ledger.another_door("OFFICE-2"), ledger.people["stan"])


# -- events


@dataclass
class Prepared:
    """An event, and what may be done to it, each as somebody prepared it from the same picture."""

    event_id: int
    commands: dict[str, Any]


@dataclass
class Customers:
    jane: AnAccount
    john: AnAccount
    mary: AnAccount


@pytest.fixture
def customers(ledger: Ledger) -> Customers:
    an_open_drawer(ledger)
    return Customers(*(an_account(ledger, name, owing="900.00") for name in ("Jane", "John", "Mary")))


def unfinished(ledger: Ledger, who: Customers) -> Prepared:
    """Two tenders, two payments, nothing frozen."""
    shares = (
        PaymentIn(account_id=who.jane.id, amount=usd("6.00")),
        PaymentIn(account_id=who.john.id, amount=usd("4.00")),
    )
    taken = ledger.do(
        TakePayment(
            payor_account_id=who.jane.id,
            tenders=(cash("9.00"), cash("1.00")),
            payments=shares,
            finish=Finish.DISTRIBUTE,
        )
    )
    event, payment = taken.event_id, taken.payments[0].payment_id
    drawer = ledger.value(f"SELECT tender_control_id FROM tender WHERE event_id = {event}")
    one_more = (PaymentIn(account_id=who.mary.id, amount=usd("2.00")),)
    placed = (SegmentIn(sa_id=who.jane.sa["ELEC"], amount=usd("6.00")),)
    return Prepared(
        event,
        {
            "freeze": FreezeEvent(event_id=event),
            "delete": DeleteEvent(event_id=event),
            "distribute": DistributeEvent(event_id=event),
            "remove payment": RemovePayment(payment_id=payment),
            "remove tender": RemoveTender(tender_id=taken.tender_ids[1]),
            "add tender": AddTender(
                event_id=event, payor_account_id=who.jane.id, tender=cash("3.00", tender_control_id=drawer)
            ),
            "add payment": AddPayments(event_id=event, payments=one_more, finish=Finish.DISTRIBUTE),
            "place": PlaceSegments(payment_id=payment, segments=placed),
            "cancel tender": CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"),
        },
    )


def finished(ledger: Ledger, who: Customers) -> Prepared:
    """Frozen, with a receipt."""
    taken = paid(ledger, who.jane, "10.00")
    payment = taken.payments[0].payment_id
    to_john = (PaymentIn(account_id=who.john.id, amount=usd("10.00")),)
    return Prepared(
        taken.event_id,
        {
            "cancel payment": CancelPayment(payment_id=payment, reason="ERROR"),
            "cancel tender": CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"),
            "transfer": TransferPayment(payment_id=payment, targets=to_john, reason="WRONG"),
        },
    )


def halved(ledger: Ledger, who: Customers) -> Prepared:
    """Frozen, then its payment canceled: the money waits to be given to somebody."""
    taken = paid(ledger, who.jane, "10.00")
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), "sue")
    to_john, to_mary = (
        AddPayments(
            event_id=taken.event_id, payments=(PaymentIn(account_id=account.id, amount=usd("5.00")),), finish=how
        )
        for account, how in ((who.john, Finish.DISTRIBUTE), (who.mary, Finish.NOTHING))
    )
    cancel = CancelTender(tender_id=taken.tender_ids[0], reason="ERROR")
    return Prepared(taken.event_id, {"to john": to_john, "to mary": to_mary, "cancel tender": cancel})


@pytest.mark.parametrize("prepare", [unfinished, finished, halved])
def test_what_one_did_to_an_event_the_other_is_told_before_doing_anything(
    ledger: Ledger, customers: Customers, sue: Place, stan: Place, prepare: Callable[[Ledger, Customers], Prepared]
):
    names = list(prepare(ledger, customers).commands)
    for first, second in product(names, repeat=2):
        event = prepare(ledger, customers)
        for place in (sue, stan):
            place.look(("event", event.event_id))
        sue.do(event.commands[first])
        refused = stan.refusal(event.commands[second])
        assert refused.startswith("STALE-001: Sue changed this payment event just now ("), (first, second, refused)
        stan.look(("event", event.event_id))
        assert "STALE" not in stan.refusal(event.commands[second]), "who has looked may, or hears another reason"


def test_at_the_very_same_moment_one_of_two_is_told(ledger: Ledger, customers: Customers, sue: Place, stan: Place):
    with ThreadPoolExecutor(2) as pool:
        for first, second in product(("distribute", "place", "add tender"), repeat=2):
            event = unfinished(ledger, customers)
            for place in (sue, stan):
                place.look(("event", event.event_id))
            done = list(pool.map(Place.refusal, (sue, stan), (event.commands[first], event.commands[second])))
            assert sorted(map(bool, done)) == [False, True], done
            assert "STALE-001" in "".join(done)


def test_the_sentence_says_who_did_what_and_when(ledger: Ledger, customers: Customers, sue: Place, stan: Place):
    event = finished(ledger, customers)
    stan.look(("event", event.event_id))
    sue.do(event.commands["cancel payment"])
    ledger.clock.advance(minutes=3)
    assert stan.refusal(event.commands["transfer"]) == (
        "STALE-001: Sue changed this payment event 3 min ago (cancel payment). "
        "Nothing was done; look again, then decide."
    )


def test_what_one_did_oneself_is_known(ledger: Ledger, customers: Customers, sue: Place):
    event = unfinished(ledger, customers)
    sue.look(("event", event.event_id))
    assert sue.seen is not None
    own = sue.door.execute(event.commands["distribute"], user_id=sue.user_id, seen=sue.seen).journal_id
    assert "STALE-001: Sue" in sue.refusal(event.commands["freeze"])
    sue.seen = replace(sue.seen, own=frozenset({own}))
    assert sue.may_do(event.commands["freeze"])


def test_a_command_that_was_done_is_answered_though_others_have_gone_on(
    ledger: Ledger, customers: Customers, sue: Place, stan: Place
):
    """A lost answer: the same id again gives the first result, not that it is stale now."""
    event = unfinished(ledger, customers)
    sue.look(("event", event.event_id))
    send = {"user_id": sue.user_id, "seen": sue.seen, "command_id": "7" * 32}
    first = sue.door.execute(event.commands["distribute"], **send)
    stan.do(event.commands["freeze"])
    again = sue.door.execute(event.commands["distribute"], **send)
    assert (again.result, again.repeated) == (first.result, True)


def test_a_printed_receipt_and_another_event_disturb_nobody(
    ledger: Ledger, customers: Customers, sue: Place, stan: Place
):
    event, other = finished(ledger, customers), finished(ledger, customers)
    stan.look(("event", event.event_id))
    sue.do(PrintReceipt(event_id=event.event_id))
    sue.do(other.commands["cancel payment"])
    assert stan.may_do(event.commands["cancel payment"])


def test_who_does_not_say_what_they_saw_is_asked_nothing(ledger: Ledger, customers: Customers, sue: Place, stan: Place):
    """Files, batch and scenarios look at nothing; the rules of each command hold for them as before."""
    event = unfinished(ledger, customers)
    sue.do(event.commands["distribute"])
    assert stan.may_do(event.commands["freeze"])


# -- drawers and deposits


def _drawer_commands(control: int) -> Iterator[tuple[Any, Any]]:
    """What one does, and what the other had in mind."""
    fifty, ninety = (CountDrawer(tender_control_id=control, count=counted(amount)) for amount in ("50.00", "90.00"))
    balance = BalanceDrawer(tender_control_id=control, note="Counted twice")
    resume = ResumeTaking(tender_control_id=control)
    yield fifty, ninety
    yield ninety, balance
    yield resume, ninety
    yield resume, balance


def test_a_count_that_one_did_not_see_is_not_accepted_unseen(ledger: Ledger, sue: Place, stan: Place):
    control = an_open_drawer(ledger)
    for first, second in _drawer_commands(control):
        if ledger.value(f"SELECT status FROM tender_control WHERE id = {control}") == "OPEN":
            ledger.do(StartBalancing(tender_control_id=control), "sue")
            ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")), "sue")
        for place in (sue, stan):
            place.look(("tender_control", control))
        sue.do(first)
        assert stan.refusal(second).startswith("STALE-001: Sue changed this drawer just now"), (first, second)


def test_a_deposit_that_one_did_not_see_is_not_handed_over_unseen(ledger: Ledger, sue: Place, stan: Place):
    deposit, control = an_open_deposit(ledger), an_open_drawer(ledger)
    thing = ("deposit_control", deposit)
    paid(ledger, an_account(ledger, owing="9.00"), "9.00")
    start = StartDepositBalancing(deposit_control_id=deposit)
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("109.00")))
    ledger.do(BalanceDrawer(tender_control_id=control))
    stan.look(thing)
    sue.do(ReopenTenderControl(tender_control_id=control, reason="Forgot one"))
    assert stan.refusal(start).startswith("STALE-001: Sue changed this deposit"), "a drawer came back into it"
    ledger.do(TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("1.00")))
    assert stan.refusal(start).startswith("STALE-001"), "and a turn-in"
    ledger.do(VoidTurnIn(turn_in_id=ledger.value("SELECT id FROM turn_in")))
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("109.00")))
    ledger.do(BalanceDrawer(tender_control_id=control))
    sue.look(thing)
    sue.do(start)
    half = AddTenderDeposit(deposit_control_id=deposit, amount=usd("4.50"))
    rest = AddTenderDeposit(deposit_control_id=deposit)
    for second in (rest, half, ReopenDepositControl(deposit_control_id=deposit, reason="Torn")):
        stan.look(thing)
        ledger.do(half if second is rest else ReopenDepositControl(deposit_control_id=deposit, reason="Again"), "sue")
        assert stan.refusal(second).startswith("STALE-001: Sue changed this deposit"), second
        ledger.do(start, "sue") if second is not rest else None
    stan.look(thing)
    ledger.do(rest, "sue")
    assert stan.refusal(BalanceDeposit(deposit_control_id=deposit)).startswith("STALE-001")


# -- customers, users, notes


def test_a_name_that_one_corrected_is_not_put_back_by_the_other(ledger: Ledger, sue: Place, stan: Place):
    person = an_account(ledger, "Jane Msaters").person_id
    sue.user_id = stan.user_id = ledger.people["olga"]
    for place in (sue, stan):
        place.look(("person", person))
    sue.do(ChangePerson(person_id=person, name="Jane Masters"))
    assert stan.refusal(ChangePerson(person_id=person, name="Jane Msaters", phone="555 0100")).startswith(
        "STALE-001: Olga changed this customer"
    )


def test_a_payment_on_the_account_does_not_stop_a_new_telephone_number(ledger: Ledger, sue: Place):
    account = an_account(ledger, owing="9.00")
    sue.user_id = ledger.people["olga"]
    sue.look(("person", account.person_id))
    an_open_drawer(ledger)
    paid(ledger, account, "9.00")
    assert sue.may_do(ChangePerson(person_id=account.person_id, phone="555 0100"))


def test_rights_that_one_gave_are_not_taken_away_unseen(ledger: Ledger):
    adam = Place(ledger.another_door("OFFICE-1"), ledger.people["adam"])
    eve = Place(ledger.another_door("OFFICE-2"), a_user(ledger, "eve", "ADMIN"))
    ann = ledger.people["ann"]
    for place in (adam, eve):
        place.look(("user", ann))
    adam.do(ChangeUser(login="ann", groups=("CASHIER", "SUPERVISOR")))
    refused = eve.refusal(ChangeUser(login="ann", groups=("CASHIER", "BACKOFFICE")))
    assert refused.startswith("STALE-001: Adam changed this user")


def test_a_sign_in_does_not_stop_a_change_of_rights(ledger: Ledger):
    adam = Place(ledger.another_door("OFFICE-1"), ledger.people["adam"])
    adam.look(("user", ledger.people["ann"]))
    ledger.do(RecordSignIn(login="ann", succeeded=True), "system")
    assert adam.may_do(ChangeUser(login="ann", groups=("CASHIER", "SUPERVISOR")))


def test_a_note_is_ended_once_and_its_last_day_stays(ledger: Ledger):
    account = an_account(ledger)
    alert = ledger.do(AddAlert(account_id=account.id, text="Dog"), "system").alert_id
    ledger.do(EndAlert(alert_id=alert), "system")
    ends = ledger.value("SELECT ends FROM account_alert")
    ledger.clock.advance(days=3)
    assert ledger.refusal(EndAlert(alert_id=alert), "system") == "CUS-018"
    assert ledger.value("SELECT ends FROM account_alert") == ends


# -- ledgers that are not what was seen


def test_what_was_seen_before_a_backup_came_back_is_stale(ledger: Ledger):
    account = an_account(ledger)
    with reading(ledger.database, access=EVERYTHING) as store:
        (place,) = (now := position(store)).places
    ahead = str(Cursor(now.ledger, (place._replace(sequence=place.sequence + 1),)))
    other = str(Cursor("elsewhere", (place,)))
    gone_on_since = str(Cursor(now.ledger, (place._replace(sequence=place.sequence - 1, mark="00" * MARK),)))
    for cursor in (ahead, other, gone_on_since):
        seen = Seen(cursor, (Change("account", account.id),))
        with pytest.raises(StaleData, match="STALE-002"):
            ledger.door.execute(AddAlert(account_id=account.id, text="Dog"), user_id=ledger.people["system"], seen=seen)
