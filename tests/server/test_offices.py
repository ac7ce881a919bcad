"""Nobody is told of another office's customers, at any address, by any command, on any paper (R reliability T10)."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from cashier_app.server.commands import ASKS_AGAIN, WITH_PASSWORD, offered
from tests.builders import Ledger
from tests.checkers import digest
from tests.documents.reading import all_text
from tests.server.office import ABranch, Office
from tests.server.test_authorization_matrix import MATRIX, endpoints
from tests.services.offices import EXTERNAL, MAY_NOT, MICR, OF_ALL, OF_NORTH, Offices, two_offices

SECRETS = ("Northcote", EXTERNAL, "5550101", MICR.split()[1])
"""What only the north office knows of its customer, with the account's number. A check's bank is on deposit slips."""


@pytest.fixture
def offices(ledger: Ledger) -> Offices:
    return two_offices(ledger)


def _texts(answer: Any) -> str:
    if answer.headers.get("content-type") == "application/pdf":
        return all_text(answer.content)
    return str(answer.text)


def _addresses(offices: Offices, office: Office) -> Iterator[str]:
    """Every address that can be asked for something to look at, with all keys of the north's customer in it."""
    ledger = offices.ledger
    receipt = ledger.value(f"SELECT receipt_number FROM payment_event WHERE id = {offices.taken.event_id}")
    keys = {
        "account_id": [offices.north.id],
        "event_id": [offices.taken.event_id, offices.prepared.event_id],
        "tender_control_id": [offices.drawer],
        "deposit_control_id": [offices.deposit],
        "number": [receipt],
        "workstation": ["COUNTER-1"],
        "run_id": ["0" * 32],
    }
    for endpoint in endpoints():
        if endpoint.method != "GET" or endpoint.line.startswith(("GET /branch", "GET /metrics", "GET /openapi")):
            continue
        path = endpoint.path.removeprefix("/api/v1")
        needed = [name for name in keys if f"{{{name}}}" in path]
        if not needed:
            yield path
        elif len(needed) == 1:
            yield from (path.format(**{needed[0]: key}) for key in keys[needed[0]])
        else:
            yield path.format(**{name: keys[name][0] for name in needed})
    for words in ("Northcote", "Nina", EXTERNAL, "5550101", offices.north.number, str(receipt), MICR):
        yield f"/accounts/search?text={words}"


def _told(text: str, offices: Offices) -> list[str]:
    return [secret for secret in (*SECRETS, offices.north.number) if secret in text]


@pytest.mark.parametrize("login", MAY_NOT)
def test_another_office_s_customer_is_told_at_no_address(office: Office, offices: Offices, login: str):
    leaks = {}
    for address in _addresses(offices, office):
        answer = office.get(address, by=login)
        assert answer.status_code < 500, (address, answer.text)
        # What was asked for may be said again: "there is no receipt 0001…".
        told = [secret for secret in _told(_texts(answer), offices) if secret not in address]
        if told:
            leaks[address] = told
    assert leaks == {}


def test_the_own_office_s_customer_is_told(office: Office, offices: Offices):
    """Or else the test above would find nothing wrong with a server that tells nothing to anybody."""
    for login in (OF_NORTH, OF_ALL):
        told = {
            address.partition("?")[0]
            for address in _addresses(offices, office)
            if _told(_texts(office.get(address, by=login)), offices)
        }
        assert {"/accounts/search", f"/accounts/{offices.north.id}", f"/drawers/{offices.drawer}"} <= told
        assert any(address.startswith("/documents/receipts/") for address in told)


KEYS = {
    "account_id": lambda offices: offices.north.id,
    "payor_account_id": lambda offices: offices.north.id,
    "to_account_id": lambda offices: offices.north.id,
    "sa_id": lambda offices: offices.north.sa["ELEC"],
    "event_id": lambda offices: offices.prepared.event_id,
    "payment_id": lambda offices: offices.taken.payments[0].payment_id,
    "tender_id": lambda offices: offices.taken.tender_ids[0],
    "person_id": lambda offices: offices.north.person_id,
    "alert_id": lambda offices: offices.alert,
    "adjustment_id": lambda offices: offices.adjustment(),
}


def _about_the_north(command: type, offices: Offices) -> dict[str, Any] | None:
    """A command about the north's customer, otherwise as harmless as its fields allow; nothing where it names none."""
    found: dict[str, Any] = {}
    concerned = False
    for field in dataclasses.fields(command):
        if field.name in KEYS:
            found[field.name] = KEYS[field.name](offices)
            concerned = True
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            found[field.name] = _harmless(get_type_hints(command)[field.name])
    return found if concerned else None


def _harmless(wanted: Any) -> Any:
    text = str(wanted)
    if "Money" in text:
        return "1.00 USD"
    if "tuple" in text:
        return []
    return 1 if wanted is int else "ERROR"


@pytest.mark.parametrize("login", MAY_NOT)
def test_no_command_touches_or_tells_another_office_s_customer(office: Office, offices: Offices, login: str):
    office.token(login)
    before = digest(offices.ledger.database)
    asked, leaks = set(), {}
    for name, handler in offered().items():
        command = _about_the_north(handler.command, offices)
        if command is None or name in ASKS_AGAIN | WITH_PASSWORD:
            continue
        asked.add(name)
        for path in (f"/commands/{name}", f"/commands/{name}/preview"):
            body: dict[str, Any] = {"command": command}
            if not path.endswith("preview"):
                body |= {"command_id": uuid.uuid4().hex, "confirmed": [], "approval": None}
            answer = office.ask("POST", path, login, json=body)
            if answer.status_code not in {403, 422} or _told(answer.text, offices):
                leaks[path] = (answer.status_code, answer.text[:200])
    assert leaks == {}
    assert {"TakePayment", "AddAlert", "CancelPayment", "StopAgreement", "ChangePerson"} <= asked
    assert digest(offices.ledger.database) == before


def test_the_feed_of_changes_names_only_what_one_may_see(office: Office, offices: Offices):
    begin = office.get("/changes", by="seth").json()["cursor"]
    from cashier_app.services.customers.accounts import AddAlert  # noqa: PLC0415

    for account in (offices.north, offices.south, offices.open):
        offices.ledger.do(AddAlert(account_id=account.id, text="dog"), OF_ALL)

    def named(login: str) -> set[int]:
        answer = office.get("/changes", by=login, params={"after": begin}).json()
        return {change["key"] for change in answer["changes"] if change["kind"] == "account"}

    assert named("seth") == {offices.south.id, offices.open.id}
    assert named("nils") == {offices.open.id}
    assert named(OF_ALL) == {offices.north.id, offices.south.id, offices.open.id}


def _fetched(branch: ABranch) -> str:
    answers = [branch.ask("GET", "/branch/directory"), branch.ask("GET", "/branch/changes")]
    cursor = json.loads(answers[1].content)[0]
    answers.append(branch.ask("GET", "/branch/changes", params={"after": cursor}))
    assert [answer.status_code for answer in answers] == [200] * 3
    return "".join(answer.text for answer in answers)


def test_a_branch_is_told_of_its_own_offices_customers_only(office: Office, offices: Offices):
    south = _fetched(office.a_branch("BRANCH-S", ("SOUTH",)))
    assert "Southwell" in south
    assert "Openshaw" in south
    assert _told(south, offices) == []
    assert "Northcote" in _fetched(office.a_branch("BRANCH-N", ("NORTH",)))
    assert "Northcote" in _fetched(office.a_branch("BRANCH-A", ("*",)))


def test_looking_at_everything_covers_every_address_there_is(office: Office, offices: Offices):
    gets = {line for line in MATRIX if line.startswith("GET ") and "/branch" not in line}
    asked = {address.partition("?")[0].split("/")[1] for address in _addresses(offices, office)}
    assert {line.split("/")[1] for line in gets} - asked <= {"metrics", "openapi.json"}
