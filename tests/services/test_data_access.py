"""Accounts that one office keeps to itself: only holders of its data access role see or touch them (T10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.accounting.adjustments import AddAdjustment, CancelAdjustment
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import ChangeUser, CreateUser
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
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
from cashier_app.services.papers.printing import (
    checks_of_event,
    endorsement_data,
    receipt_data,
    stub_data,
    stub_validation_data,
    stubs_of_event,
)
from cashier_app.services.papers.words import Reader
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
from cashier_app.services.payments.taking import EventTaken, Finish, TakePayment
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.administration import journal_entries, journal_entry
from cashier_app.services.queries.drawers import drawer_statement
from cashier_app.services.queries.events import (
    event_detail,
    event_lines,
    todays_events,
    unbalanced_events,
    unfrozen_events,
    work_items,
)
from cashier_app.services.queries.explain import explain_balance, explain_ft
from cashier_app.services.queries.history import history
from cashier_app.services.queries.search import find, read_home
from cashier_app.services.queries.transactions import fts_by_id, lines_of_ft
from tests.builders import (
    AnAccount,
    Ledger,
    a_payment,
    a_user,
    an_account,
    an_open_deposit,
    cash,
    check,
    usd,
)

TODAY = date(2026, 1, 5)
OF_NORTH, OF_SOUTH, OF_ALL, OF_NONE = "nora", "seth", "alma", "nils"
OFFICES = {OF_NORTH: ("NORTH-OFFICE",), OF_SOUTH: ("SOUTH-OFFICE",), OF_ALL: ("ALL-OFFICES",), OF_NONE: ()}
"""Login → data access roles. All of them may do anything else."""
MAY_SEE_NORTH, MAY_NOT = (OF_NORTH, OF_ALL), (OF_SOUTH, OF_NONE)


MICR = "064000017 1234567"
ELSEWHERE = "SEC-031"
EXTERNAL = "OLD-4711"
READER = Reader(name="Somebody", now=datetime(2026, 1, 5, 15, 0, tzinfo=UTC))


@dataclass(frozen=True)
class Offices:
    """Two offices with a drawer and a customer each, and one customer of nobody in particular."""

    ledger: Ledger
    north: AnAccount
    south: AnAccount
    open: AnAccount
    taken: EventTaken
    """A check of the north office's customer, frozen."""
    prepared: EventTaken
    """Money of the same customer, not frozen."""
    drawer: int
    """The north office's."""
    deposit: int
    alert: int

    def ask(self, by: str, query: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Ask as a screen does, for somebody's eyes."""
        with self.ledger.door.looking(self.ledger.people[by]) as (store, config):
            return query(store, config, *arguments, **more)

    def refusal_of(self, by: str, query: Callable[..., Any], *arguments: Any, **more: Any) -> str:
        try:
            self.ask(by, query, *arguments, **more)
        except RuleViolation as refused:
            return refused.problems[0].code
        return ""

    def adjustment(self) -> int:
        found = self.ledger.value(f"SELECT id FROM adjustment WHERE sa_id = {self.north.sa['ELEC']}")
        return int(found)

    def ft(self) -> int:
        sql = f"SELECT min(id) FROM financial_transaction WHERE sa_id = {self.north.sa['ELEC']}"
        return int(self.ledger.value(sql))


@pytest.fixture
def offices(ledger: Ledger) -> Offices:
    ledger.do(LoadConfiguration(tables={"user_group": ({"code": "EVERYTHING", "rights": ("*",)},)}), "system")
    drawers = dict(zip(OFFICES, ("CASH-A01", "CASH-A02", "CASH-A03", ""), strict=True))
    for login, roles in OFFICES.items():
        source = drawers[login]
        a_user(ledger, login, "EVERYTHING", data_access_roles=roles, tender_sources=(source,) if source else ())
    deposit = an_open_deposit(ledger)
    opened = {
        login: ledger.do(OpenTenderControl(tender_source=source, starting_balance=usd("100.00")), login)
        for login, source in drawers.items()
        if source
    }
    north = an_account(
        ledger, "Nina Northcote", owing="80.00", access_group="NORTH", phone="5550101", external_number=EXTERNAL
    )
    south = an_account(ledger, "Saul Southwell", owing="70.00", access_group="SOUTH")
    anybody = an_account(ledger, "Olive Openshaw", owing="60.00")
    alert = ledger.do(AddAlert(account_id=north.id, text="Bites"), OF_NORTH).alert_id
    taken = ledger.do(a_payment(north, check("30.00", micr=MICR)), OF_NORTH)
    prepared = ledger.do(a_payment(north, cash("20.00"), finish=Finish.DISTRIBUTE), OF_NORTH)
    drawer = opened[OF_NORTH].tender_control_id
    return Offices(ledger, north, south, anybody, taken, prepared, drawer, deposit, alert)


# -- who sees what


def test_offices_see_their_own_customers_and_those_of_nobody(offices: Offices):
    seen = {
        login: {found.name for word in ("Nina", "Saul", "Olive") for found in offices.ask(login, find, word)}
        for login in OFFICES
    }
    assert seen == {
        OF_NORTH: {"Nina Northcote", "Olive Openshaw"},
        OF_SOUTH: {"Saul Southwell", "Olive Openshaw"},
        OF_ALL: {"Nina Northcote", "Saul Southwell", "Olive Openshaw"},
        OF_NONE: {"Olive Openshaw"},
    }


def _numbers(offices: Offices) -> dict[str, str]:
    receipt = offices.taken.receipt_number
    assert receipt is not None
    return {
        "account number": offices.north.number,
        "its beginning": offices.north.number[:-2],
        "a wrong check digit": offices.north.number[:-1] + str((int(offices.north.number[-1]) + 1) % 10),
        "old number": EXTERNAL,
        "receipt": receipt,
        "bill": "BILL-1",
        "identifier": "ID-77",
        "service point": "SP-5",
        "name": "northcote",
        "beginnings": "ni no",
        "phone": "5550101",
    }


@pytest.fixture
def known_by_everything(offices: Offices) -> Offices:
    """The north office's customer has a bill, an identifier and a service point."""
    do = offices.ledger.do
    agreement = AgreementIn(sa_type="WATER", address="1 Pole Road", service_point="SP-5")
    do(StartAgreement(account_id=offices.north.id, agreement=agreement), "system")
    do(AddIdentifier(person_id=offices.north.person_id, id_type="TAX", value="ID-77"), "system")
    charge = AddAdjustment(sa_id=offices.north.sa["ELEC"], adjustment_type="CONVERSION", amount=usd("1.00"))
    do(replace(charge, reference="BILL-1"), "system")
    return offices


@pytest.mark.parametrize(
    "by_what",
    [
        "account number",
        "its beginning",
        "a wrong check digit",
        "old number",
        "receipt",
        "bill",
        "identifier",
        "service point",
        "name",
        "beginnings",
        "phone",
    ],
)
def test_nobody_finds_another_offices_customer_by_any_key(known_by_everything: Offices, by_what: str):
    offices = known_by_everything
    text = _numbers(offices)[by_what]
    for login in OFFICES:
        found = {row.account_id for row in offices.ask(login, find, text)}
        assert (offices.north.id in found) is (login in MAY_SEE_NORTH), login


def test_nobody_finds_another_offices_customer_by_check_or_stub(offices: Offices):
    scan = "T064000017T 1234567U 1001"
    for login in OFFICES:
        found = offices.ask(login, read_home, scan).found
        assert [row.account_id for row in found] == ([offices.north.id] if login in MAY_SEE_NORTH else []), login


def test_a_list_is_full_although_what_comes_first_is_kept_elsewhere(offices: Offices):
    """The limit counts what is shown, not what is hidden."""
    for number in range(30):
        an_account(offices.ledger, f"Twin Smith{number}", access_group="SOUTH")
    for number in range(5):
        an_account(offices.ledger, f"Twin Smith{number + 50}", access_group="NORTH")
    assert len(offices.ask(OF_NORTH, find, "twin", 5)) == 5
    assert len(offices.ask(OF_NORTH, find, offices.north.number[:6], 4)) == 4


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda o: (account_at_a_glance, o.north.id, TODAY), id="account"),
        pytest.param(lambda o: (history, o.north.id), id="history"),
        pytest.param(lambda o: (explain_balance, o.north.sa["ELEC"]), id="explain balance"),
        pytest.param(lambda o: (explain_ft, o.ft()), id="explain transaction"),
        pytest.param(lambda o: (lines_of_ft, o.ft()), id="lines of transaction"),
        pytest.param(lambda o: (fts_by_id, [o.ft()]), id="transactions"),
        pytest.param(lambda o: (event_detail, o.taken.event_id), id="event"),
        pytest.param(lambda o: (receipt_data, o.taken.event_id, READER), id="receipt"),
        pytest.param(lambda o: (checks_of_event, o.taken.event_id, READER), id="checks"),
        pytest.param(lambda o: (endorsement_data, o.taken.tender_ids[0], READER), id="endorsement"),
        pytest.param(lambda o: (stubs_of_event, o.taken.event_id, READER), id="stubs of an event"),
        pytest.param(lambda o: (stub_validation_data, o.taken.payments[0].payment_id, READER), id="stub of a payment"),
        pytest.param(lambda o: (stub_data, o.north.id, TODAY, READER), id="stub"),
    ],
)
def test_what_is_of_one_account_is_refused_to_others(offices: Offices, ask: Callable[[Offices], Any]):
    refusals = {login: offices.refusal_of(login, *ask(offices)) for login in OFFICES}
    assert refusals == {**dict.fromkeys(MAY_SEE_NORTH, ""), **dict.fromkeys(MAY_NOT, ELSEWHERE)}


@pytest.mark.parametrize("query", [unbalanced_events, unfrozen_events, work_items])
def test_lists_of_what_waits_leave_out_what_is_kept_elsewhere(offices: Offices, query: Callable[..., Any]):
    ledger = offices.ledger
    ledger.do(
        AddTender(event_id=offices.prepared.event_id, payor_account_id=offices.north.id, tender=cash("1.00")), OF_NORTH
    )
    _a_work_item(ledger, offices.north.id, None)
    _a_work_item(ledger, None, offices.prepared.event_id)
    for login in OFFICES:
        assert bool(offices.ask(login, query)) is (login in MAY_SEE_NORTH), login


def test_work_of_no_account_is_everybodys(offices: Offices):
    _a_work_item(offices.ledger, None, None)
    assert all(len(offices.ask(login, work_items)) == 1 for login in OFFICES)


def _a_work_item(ledger: Ledger, account_id: int | None, event_id: int | None) -> None:
    """Made by hand: what makes one otherwise takes a returned check."""
    ledger.unchecked = True
    mark = "?" if ledger.database.dialect == "sqlite" else "%s"
    number = 9_000_000 + int(ledger.value("SELECT count(*) FROM work_item"))
    ledger.database.connection.cursor().execute(
        "INSERT INTO work_item (id, kind, account_id, event_id, text, created_on, done) "
        f"VALUES ({', '.join([mark] * 7)})",
        (number, "SUSPENSE", account_id, event_id, "Look", "2026-01-05", 0 if mark == "?" else False),
    )


def test_a_drawers_own_list_counts_every_event_and_names_no_hidden_customer(offices: Offices):
    for query in (
        lambda login: offices.ask(login, todays_events, offices.drawer),
        lambda login: offices.ask(login, event_lines, [offices.prepared.event_id, offices.taken.event_id]),
    ):
        shown = {login: [(line.amount, line.name, line.account_number) for line in query(login)] for login in OFFICES}
        whole = [(2000, "Nina Northcote", offices.north.number), (3000, "Nina Northcote", offices.north.number)]
        masked = [(amount, "Customer of another office", "") for amount, *_ in whole]
        assert shown == {**dict.fromkeys(MAY_SEE_NORTH, whole), **dict.fromkeys(MAY_NOT, masked)}


def test_a_drawers_report_names_no_hidden_customer(offices: Offices):
    def payors(login: str) -> list[str]:
        return [tender.payor for tender in offices.ask(login, drawer_statement, offices.drawer).listed]

    assert payors(OF_NORTH) == ["Nina Northcote"]
    assert payors(OF_SOUTH) == ["Customer of another office"]


def test_the_journal_tells_its_content_to_whoever_may_see_all_customers(offices: Offices):
    for login in OFFICES:
        with offices.ledger.door.looking(offices.ledger.people[login]) as (store, _config):
            rows = journal_entries(store, command="OpenAccount").rows
            told = [row.content + row.result for row in (*rows, journal_entry(store, rows[0].journal_id))]
        assert all(rows)
        assert ("Northcote" in "".join(told)) is (login == OF_ALL), login


# -- who may do what


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
    "cancel adjustment": lambda o: CancelAdjustment(adjustment_id=o.adjustment(), reason="Wrong"),
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


# -- set up


def test_an_account_moves_to_another_office(offices: Offices):
    moved = offices.ledger.do(ChangeAccessGroup(account_id=offices.north.id, access_group="SOUTH"), OF_NORTH)
    assert (moved.account_id, moved.access_group) == (offices.north.id, "SOUTH")
    assert offices.ask(OF_SOUTH, account_at_a_glance, offices.north.id, TODAY).access_group == "SOUTH"
    assert offices.refusal_of(OF_NORTH, account_at_a_glance, offices.north.id, TODAY) == ELSEWHERE
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
