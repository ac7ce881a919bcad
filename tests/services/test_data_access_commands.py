"""Accounts that one office keeps to itself: only holders of its data access role touch them (T10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import ChangeUser, CreateUser
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import (
    AddAlert,
    ChangeAccessGroup,
    EndAlert,
    OpenAccount,
    StartAgreement,
    StopAgreement,
)
from cashier_app.services.customers.persons import AddIdentifier, ChangePerson, LinkPerson
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import PaymentIn, SegmentIn
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
from cashier_app.services.payments.taking import Finish, TakePayment
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.history import history
from cashier_app.services.queries.search import find
from tests.builders import (
    a_payment,
    cash,
    usd,
)
from tests.services.offices import (
    ELSEWHERE,
    MAY_NOT,
    OF_ALL,
    OF_NONE,
    OF_NORTH,
    OF_SOUTH,
    TODAY,
    Offices,
)

COMMANDS: dict[str, Callable[[Offices], Any]] = {
    "take": lambda o: a_payment(o.north, cash("5.00")),
    "take for another": lambda o: TakePayment(
        payor_account_id=o.open.id,
        tenders=(cash("5.00", tender_control_id=o.drawer),),
        payments=(PaymentIn(account_id=o.north.id, amount=usd("5.00")),),
    ),
    "take with another payor": lambda o: a_payment(
        o.open, cash("5.00", payor_account_id=o.north.id, tender_control_id=o.drawer)
    ),
    "add payments": lambda o: AddPayments(
        event_id=o.prepared.event_id,
        payments=(PaymentIn(account_id=o.north.id, amount=usd("1.00")),),
        finish=Finish.DISTRIBUTE,
    ),
    "add tender": lambda o: AddTender(event_id=o.prepared.event_id, payor_account_id=o.north.id, tender=cash("1.00")),
    "remove payment": lambda o: RemovePayment(payment_id=o.prepared.payments[0].payment_id),
    "remove tender": lambda o: RemoveTender(tender_id=o.prepared.tender_ids[0]),
    "place": lambda o: PlaceSegments(
        payment_id=o.prepared.payments[0].payment_id,
        segments=(SegmentIn(sa_id=o.north.sa["ELEC"], amount=usd("20.00")),),
    ),
    "distribute": lambda o: DistributeEvent(event_id=o.prepared.event_id),
    "freeze": lambda o: FreezeEvent(event_id=o.prepared.event_id),
    "delete event": lambda o: DeleteEvent(event_id=o.prepared.event_id),
    "cancel payment": lambda o: CancelPayment(payment_id=o.taken.payments[0].payment_id, reason="ERROR"),
    "cancel tender": lambda o: CancelTender(tender_id=o.taken.tender_ids[0], reason="ERROR"),
    "transfer": lambda o: TransferPayment(
        payment_id=o.taken.payments[0].payment_id,
        targets=(PaymentIn(account_id=o.open.id, amount=usd("30.00")),),
        reason="ERROR",
    ),
    "print receipt": lambda o: PrintReceipt(event_id=o.taken.event_id),
    "adjust": lambda o: AddAdjustment(sa_id=o.north.sa["ELEC"], adjustment_type="CONVERSION", amount=usd("1.00")),
    "cancel adjustment": lambda o: CancelAdjustment(adjustment_id=o.adjustment(), reason="MISTAKE"),
    "start agreement": lambda o: StartAgreement(account_id=o.north.id, agreement=AgreementIn(sa_type="GAS")),
    "stop agreement": lambda o: StopAgreement(sa_id=o.north.sa["ELEC"]),
    "add alert": lambda o: AddAlert(account_id=o.north.id, text="Barks"),
    "end alert": lambda o: EndAlert(alert_id=o.alert),
    "change person": lambda o: ChangePerson(person_id=o.north.person_id, name="Nina Newname"),
    "identify person": lambda o: AddIdentifier(person_id=o.north.person_id, id_type="TAX", value="1"),
    "link to the account": lambda o: LinkPerson(
        account_id=o.north.id, person_id=o.open.person_id, relationship="OWNER"
    ),
    "link the person": lambda o: LinkPerson(account_id=o.open.id, person_id=o.north.person_id, relationship="OWNER"),
    "open for the person": lambda o: OpenAccount(person_id=o.north.person_id, customer_class="RES"),
    "open in the office": lambda o: OpenAccount(name="Nora New", customer_class="RES", access_group="NORTH"),
    "give away": lambda o: ChangeAccessGroup(account_id=o.north.id, access_group="SOUTH"),
}


@pytest.mark.parametrize("what", COMMANDS)
def test_commands_touch_no_account_that_is_kept_elsewhere(offices: Offices, what: str):
    ledger, command = offices.ledger, COMMANDS[what](offices)
    before = ledger.value("SELECT count(*) FROM journal")
    assert [ledger.refusal(command, by) for by in MAY_NOT] == [ELSEWHERE, ELSEWHERE]
    with pytest.raises(RuleViolation, match="another office"):
        ledger.door.preview(command, user_id=ledger.people[OF_SOUTH])
    assert ledger.value("SELECT count(*) FROM journal") == before
    ledger.do(command, OF_NORTH, second="sue" if what in {"cancel payment", "transfer"} else "")


def test_an_account_moves_to_another_office(offices: Offices):
    moved = offices.ledger.do(ChangeAccessGroup(account_id=offices.north.id, access_group="SOUTH"), OF_NORTH)
    assert (moved.account_id, moved.access_group) == (offices.north.id, "SOUTH")
    assert offices.ask(OF_SOUTH, account_at_a_glance, offices.north.id, TODAY).access_group == "SOUTH"
    assert offices.refusal_of(OF_NORTH, account_at_a_glance, offices.north.id, TODAY) == ELSEWHERE
    assert [len(offices.ask(by, find, "northcote")) for by in (OF_NORTH, OF_SOUTH, OF_NONE)] == [0, 1, 0]
    offices.ledger.do(ChangeAccessGroup(account_id=offices.north.id, access_group=""), OF_SOUTH)
    assert offices.ask(OF_NONE, account_at_a_glance, offices.north.id, TODAY).access_group == ""


def test_there_must_be_such_an_office(offices: Offices):
    ledger = offices.ledger
    assert ledger.refusal(ChangeAccessGroup(account_id=offices.open.id, access_group="WEST"), OF_ALL) == "CFG-001"
    assert ledger.refusal(OpenAccount(name="A", customer_class="RES", access_group="WEST"), OF_ALL) == "CFG-001"
    unknown = CreateUser(login="zoe", name="Zoe", password_hash="$argon2id$x", data_access_roles=("WEST",))
    assert ledger.refusal(unknown, "adam") == "CFG-001"
    role = {"data_access_role": ({"code": "R", "access_groups": ("WEST",)},)}
    assert ledger.refusal(LoadConfiguration(tables=role), "system") == "CFG-005"


def test_a_customer_of_two_offices_is_changed_by_either(offices: Offices):
    """Whoever may see one of a person's accounts knows the person."""
    shared = OpenAccount(person_id=offices.north.person_id, customer_class="RES", access_group="SOUTH")
    offices.ledger.do(shared, "system")
    offices.ledger.do(ChangePerson(person_id=offices.north.person_id, phone="5550199"), OF_SOUTH)


def test_what_a_user_sees_changes_with_the_roles(offices: Offices):
    offices.ledger.do(ChangeUser(login=OF_NONE, data_access_roles=("NORTH-OFFICE",)), "adam")
    assert offices.ask(OF_NONE, account_at_a_glance, offices.north.id, TODAY).number == offices.north.number
    offices.ledger.do(ChangeUser(login=OF_NONE, name="Nils N."), "adam")
    assert offices.refusal_of(OF_NONE, history, offices.north.id) == ""
    offices.ledger.do(ChangeUser(login=OF_NONE, data_access_roles=()), "adam")
    assert offices.refusal_of(OF_NONE, history, offices.north.id) == ELSEWHERE


def test_nobody_gives_access_to_themselves(offices: Offices):
    more = ChangeUser(login=OF_SOUTH, data_access_roles=("ALL-OFFICES",))
    assert offices.ledger.refusal(more, OF_SOUTH) == "SEC-043"


def test_all_offices_together_are_everything(offices: Offices):
    ledger = offices.ledger
    ledger.do(ChangeUser(login=OF_NONE, data_access_roles=("NORTH-OFFICE", "SOUTH-OFFICE")), "adam")
    with ledger.door.looking(ledger.people[OF_NONE]) as (store, _config):
        assert store.access.everything
    ledger.do(LoadConfiguration(tables={"access_group": ({"code": "WEST"},)}), "system")
    with ledger.door.looking(ledger.people[OF_NONE]) as (store, _config):
        assert not store.access.everything
        assert store.access.may_see("SOUTH")
        assert not store.access.may_see("WEST")


def test_nobody_at_all_sees_open_accounts_only(offices: Offices):
    with offices.ledger.door.looking(None) as (store, config):
        assert [row.name for word in ("Nina", "Olive") for row in find(store, config, word)] == ["Olive Openshaw"]
