"""Accounts that one office keeps to itself: only holders of its data access role see them (T10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.cashiering.drawer_statements import drawer_statement
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import (
    StartAgreement,
)
from cashier_app.services.customers.persons import AddIdentifier
from cashier_app.services.papers.printing import (
    checks_of_event,
    endorsement_data,
    receipt_data,
    stub_data,
    stub_validation_data,
    stubs_of_event,
)
from cashier_app.services.payments.event_editing import (
    AddTender,
)
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.administration import journal_entries, journal_entry
from cashier_app.services.queries.events import (
    event_detail,
    event_lines,
    todays_events,
    unbalanced_events,
    unfrozen_events,
)
from cashier_app.services.queries.history import history
from cashier_app.services.queries.search import find, read_home
from cashier_app.services.queries.till import tenders_to_tick
from cashier_app.services.queries.to_do import to_do_entries, to_do_notes
from cashier_app.services.queries.transactions import fts_by_id, lines_of_ft
from cashier_app.services.to_do.working import CommentToDo
from tests.builders import (
    Ledger,
    a_payment,
    an_account,
    cash,
    check,
    usd,
)
from tests.services.offices import (
    ELSEWHERE,
    EXTERNAL,
    MAY_NOT,
    MAY_SEE_NORTH,
    OF_ALL,
    OF_NONE,
    OF_NORTH,
    OF_SOUTH,
    OFFICES,
    READER,
    TODAY,
    Offices,
)


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


@pytest.mark.parametrize("query", [unbalanced_events, unfrozen_events, to_do_entries])
def test_lists_of_what_waits_leave_out_what_is_kept_elsewhere(offices: Offices, query: Callable[..., Any]):
    ledger = offices.ledger
    ledger.do(
        AddTender(event_id=offices.prepared.event_id, payor_account_id=offices.north.id, tender=cash("1.00")), OF_NORTH
    )
    _an_entry(ledger, offices.north.id, None)
    _an_entry(ledger, None, offices.prepared.event_id)
    for login in OFFICES:
        assert bool(offices.ask(login, query)) is (login in MAY_SEE_NORTH), login


def test_work_of_no_account_is_everybodys(offices: Offices):
    _an_entry(offices.ledger, None, None)
    assert all(len(offices.ask(login, to_do_entries)) == 1 for login in OFFICES)


def _an_entry(ledger: Ledger, account_id: int | None, event_id: int | None) -> None:
    """Made by hand: what makes one otherwise takes a returned check."""
    ledger.unchecked = True
    mark = "?" if ledger.database.dialect == "sqlite" else "%s"
    at = 0 if mark == "?" else "2026-01-05T08:00Z"
    number = 9_000_000 + int(ledger.value("SELECT count(*) FROM to_do"))
    ledger.database.connection.cursor().execute(
        "INSERT INTO to_do (id, to_do_type, account_id, event_id, text, created_on, status, created_at) "
        f"VALUES ({', '.join([mark] * 8)})",
        (number, "SUSPENSE", account_id, event_id, "Look", "2026-01-05", "OPEN", at),
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


def test_the_checks_to_tick_name_nobody_of_another_office(offices: Offices):
    theirs = a_payment(offices.north, check("10.00", "1002", remitter="Nico Northcote"))
    offices.ledger.do(theirs, OF_NORTH)

    def remitters(login: str) -> set[str]:
        return {tender.remitter for tender in offices.ask(login, tenders_to_tick, offices.drawer)}

    assert "Nico Northcote" in remitters(OF_NORTH)
    assert remitters(OF_SOUTH) == {"Customer of another office"}


def test_what_was_said_about_an_entry_is_for_those_who_see_its_account(offices: Offices):
    _an_entry(offices.ledger, offices.north.id, None)
    ((entry,),) = offices.ledger.rows("SELECT id FROM to_do")
    offices.ledger.do(CommentToDo(to_do_id=entry, text="Nina has called."), OF_NORTH)
    told = {login: "".join(note.text for note in offices.ask(login, to_do_notes, entry)) for login in OFFICES}
    assert told == {**dict.fromkeys(MAY_SEE_NORTH, "Nina has called."), **dict.fromkeys(MAY_NOT, "")}
