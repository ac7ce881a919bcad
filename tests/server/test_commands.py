"""Commands over HTTP: the same door, exactly once, with the same refusals (design D1, D13)."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from cashier_app.server.commands import NOT_OFFERED, offered
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.services.kernel.commands import catalogue
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import Finish
from cashier_app.services.payments.event_editing import FreezeEvent
from tests.builders import PASSWORD, Ledger, a_ledger, a_payment, an_account, an_open_drawer, balances_of, cash, paid
from tests.checkers import digest
from tests.server.office import Office, an_office, refusal


def test_a_payment_is_taken_and_its_result_told(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    answer = office.command(a_payment(account, cash("50.00")))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["result"]["receipt_number"]
    assert {"kind": "account", "key": account.id} in told["changes"]
    assert not told["repeated"]
    assert balances_of(ledger, account) == {"ELEC": 0}


def test_the_same_id_answers_again_and_counts_once(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    command, command_id = a_payment(account, cash("20.00")), uuid.uuid4().hex
    first = office.command(command, command_id=command_id).json()
    again = office.command(command, command_id=command_id).json()
    assert again["repeated"]
    assert again["result"] == first["result"]
    assert balances_of(ledger, account) == {"ELEC": 3000}


def test_the_same_id_for_something_else_is_refused(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    command_id = uuid.uuid4().hex
    office.command(a_payment(account, cash("20.00")), command_id=command_id)
    answer = office.command(a_payment(account, cash("30.00")), command_id=command_id)
    assert refusal(answer) == (409, "CMD-002")


def test_many_at_once_with_one_id_count_once(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    command, command_id = a_payment(account, cash("20.00")), uuid.uuid4().hex
    office.token("ann")
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(office.command(command, command_id=command_id)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert sum(not answer.json()["repeated"] for answer in answers) == 1
    assert balances_of(ledger, account) == {"ELEC": 3000}


def test_a_preview_tells_and_keeps_nothing(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    office.token("ann")
    before = digest(ledger.database)
    answer = office.command(a_payment(account, cash("20.00")), preview=True)
    assert answer.json()["result"]["payments"][0]["amount"] == "20.00 USD"
    assert digest(ledger.database) == before


def test_all_that_is_wrong_is_said_at_once_with_its_field(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    answer = office.command(a_payment(account, cash("-1.00")))
    assert answer.status_code == 422
    assert all(problem["sentence"] for problem in answer.json()["problems"])


def test_somebody_without_the_right_is_refused(office: Office, ledger: Ledger):
    account = an_account(ledger)
    answer = office.command(AddAlert(account_id=account.id, text="dog"), by="vera")
    assert refusal(answer) == (403, "SEC-003")


def test_a_second_person_signs_with_a_password_of_their_own(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    command = CancelTender(tender_id=paid(ledger, account, "5.00").tender_ids[0], reason="ERROR")
    assert refusal(office.command(command)) == (403, "SEC-010")
    assert refusal(office.command(command, approval={"login": "ann", "password": PASSWORD})) == (403, "SEC-011")
    assert refusal(office.command(command, approval={"login": "sue", "password": "wrong"})) == (403, "SEC-020")
    assert office.command(command, approval={"login": "sue", "password": PASSWORD}).status_code == 200


def test_what_needs_confirming_names_the_codes(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    ledger.do(a_payment(account, cash("20.00")))
    asked = office.command(a_payment(account, cash("20.00")))
    if asked.status_code == 409:
        codes = asked.json()["confirm"]
        assert codes
        assert office.command(a_payment(account, cash("20.00")), confirmed=codes).status_code == 200


def _a_body(command: bytes, more: bytes = b"") -> bytes:
    return b'{"command_id": "%s", "command": %s%s}' % (b"0" * 32, command, more)


def test_a_command_decided_on_an_old_picture_is_stale(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    event = ledger.do(a_payment(account, cash("20.00"), finish=Finish.DISTRIBUTE)).event_id
    seen = {"cursor": office.get("/changes").json()["cursor"], "things": [{"kind": "event", "key": event}]}
    ledger.do(FreezeEvent(event_id=event), "sue")
    answer = office.command(FreezeEvent(event_id=event), seen=seen)
    assert refusal(answer) == (409, "STALE-001")
    assert "Sue" in answer.json()["detail"]
    assert refusal(office.command(FreezeEvent(event_id=event), seen=seen | {"cursor": "x"})) == (422, "FEED-001")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "API-012"),
        (b"{", 400, "API-012"),
        (b"\xff\xfe", 400, "API-012"),
        (b"[" * 100_000, 400, "API-012"),
        (b'{"command": {"a": NaN}}', 400, "API-012"),
        (b"[]", 422, "CMD-003"),
        (b"{}", 422, "CMD-003"),
        (b'{"command_id": "7", "command": {"tender_source": "CASH-A01"}}', 422, "API-013"),
        (_a_body(b"{}"), 422, "CMD-003"),
        (_a_body(b'{"tender_source": 7}'), 422, "CMD-003"),
        (_a_body(b'{"tender_source": "CASH-A01", "x": 1}'), 422, "CMD-003"),
        (_a_body(b'{"tender_source": "CASH-A01"}', more=b', "x": 1'), 422, "CMD-003"),
        (_a_body(b'{"tender_source": "CASH-A01", "all_users": "true"}'), 422, "CMD-003"),
    ],
)
def test_a_body_that_is_none_is_refused_and_changes_nothing(
    office: Office, ledger: Ledger, body: bytes, status: int, code: str
):
    office.token("ann")
    before = digest(ledger.database)
    headers = {"Content-Type": "application/json"}
    answer = office.ask("POST", "/commands/OpenTenderControl", "ann", content=body, headers=headers)
    assert refusal(answer) == (status, code)
    assert digest(ledger.database) == before


def test_a_body_of_another_kind_is_refused(office: Office):
    for headers in ({"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {}):
        answer = office.ask("POST", "/commands/OpenTenderControl", "ann", content=b"{}", headers=headers)
        assert refusal(answer) == (415, "API-011")


def test_commands_of_the_installation_itself_have_no_address(office: Office):
    for name, handler in catalogue().items():
        if handler.right == "system" or name in NOT_OFFERED:
            assert refusal(office.ask("POST", f"/commands/{name}", "adam", json={})) == (404, "API-003")
    assert set(NOT_OFFERED) < set(catalogue())
    assert "RecordSignIn" not in offered()


# -- passwords


def _new_user(login: str = "zoe", password: str = "a sentence of her own") -> dict[str, Any]:
    return {"login": login, "name": "Zoe", "password": password, "groups": ["CASHIER"]}


def _create(office: Office, by: str = "adam", command_id: str = "", **more: Any) -> Any:
    body = {"command_id": command_id or uuid.uuid4().hex, "command": _new_user(), "current_password": PASSWORD} | more
    return office.ask("POST", "/commands/CreateUser", by, json=body)


def test_a_password_is_hashed_here_and_journaled_nowhere(office: Office, ledger: Ledger):
    assert _create(office).status_code == 200
    assert sign_in(ledger.door, "zoe", "a sentence of her own").login == "zoe"
    journal = ledger.rows("SELECT content, result, effects FROM journal")
    assert not any("a sentence of her own" in text for row in journal for text in row)


def test_a_user_sent_twice_is_created_once(office: Office):
    command_id = uuid.uuid4().hex
    first = _create(office, command_id=command_id).json()
    again = _create(office, command_id=command_id).json()
    assert again["repeated"]
    assert again["result"] == first["result"]


def test_a_weak_password_or_a_hash_from_elsewhere_is_refused(office: Office):
    assert refusal(_create(office, command=_new_user(password="short"))) == (422, "SEC-040")
    hashed = {"login": "zoe", "name": "Zoe", "password_hash": "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"}
    assert refusal(_create(office, command=hashed)) == (422, "CMD-003")
    both = _new_user() | hashed
    assert refusal(_create(office, command=both)) == (422, "CMD-003")
    assert refusal(_create(office, command={"login": "zoe", "name": "Zoe"})) == (422, "CMD-003")


def test_whoever_changes_users_shows_the_own_password_once_more(office: Office, ledger: Ledger):
    assert refusal(_create(office, current_password="")) == (403, "SEC-020")
    assert refusal(_create(office, current_password="wrong")) == (403, "SEC-020")
    change = office.command(ChangeUser(login="ann", active=False), by="adam")
    assert refusal(change) == (403, "SEC-020")
    own = {"command_id": uuid.uuid4().hex, "command": {"login": "ann", "password": "quite another sentence"}}
    assert refusal(office.ask("POST", "/commands/SetPassword", "ann", json=own)) == (403, "SEC-020")
    own["current_password"] = PASSWORD
    assert office.ask("POST", "/commands/SetPassword", "ann", json=own).status_code == 200
    assert refusal(office.get("/me", by="ann")) == (401, "API-001")
    assert sign_in(ledger.door, "ann", "quite another sentence").login == "ann"


def test_stale_keys_are_refused_not_broken(office: Office):
    assert refusal(office.command(FreezeEvent(event_id=7), by="sue")) == (422, "PAY-120")
    assert refusal(office.command(FreezeEvent(event_id=2**70), by="sue")) == (422, "API-005")
    assert refusal(office.command(OpenTenderControl(tender_source="a\x00"), by="sue"))[0] == 422


def test_a_ledger_that_may_not_be_written_says_so_and_still_answers(office: Office, ledger: Ledger):
    ledger.unchecked = True
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    office.token("ann")
    ledger.database.connection.cursor().execute("UPDATE configuration_state SET version = -version - 1")
    answer = office.command(a_payment(account, cash("20.00")))
    assert refusal(answer) == (503, "VER-001")
    assert office.get(f"/accounts/{account.id}").status_code == 200
    ready = office.client.request("GET", "/health/ready")
    assert (ready.status_code, ready.json()["checks"]["writing"]) == (503, "read-only")


@pytest.mark.postgresql
def test_connections_that_the_database_ended_are_opened_again_and_nothing_counts_twice(
    postgresql_url: str, tmp_path: Path
):
    ledger = a_ledger(postgresql_url)
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    with an_office(ledger, tmp_path) as office:
        command, command_id = a_payment(account, cash("20.00")), "5" * 32
        office.command(command, command_id=command_id)
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        ledger.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        answers = [office.command(command, command_id=command_id) for _ in range(6)]
        away = [refusal(answer) for answer in answers if answer.status_code != 200]
        assert set(away) <= {(503, "DB-AWAY")}
        assert len(away) <= 2  # as many as there are doors
        assert all(answer.headers["retry-after"] for answer in answers if answer.status_code != 200)
        assert all(answer.json()["repeated"] for answer in answers if answer.status_code == 200)
    assert balances_of(ledger, account) == {"ELEC": 3000}
