"""Every endpoint against everybody who might ask: made from the routes, so that a new one without a line here fails.

The lines say which of the shipped user groups may ask (R reliability P14): Cashiers, Supervisors, Back office,
Administrators, auditors (V). `branch` stands for enrolled devices, `anybody` for whoever reaches the server. Commands
need no line: for them the catalogue's right and the shipped groups decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from cashier_app.server.app import addresses
from cashier_app.server.commands import ASKS_AGAIN, offered
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.branches.devices import RevokeDevice
from tests.builders import Ledger, a_ledger, a_user, demo_package
from tests.checkers import digest
from tests.server.office import ABranch, Office, refusal

GROUPS = {"C": "CASHIER", "S": "SUPERVISOR", "B": "BACKOFFICE", "A": "ADMIN", "V": "AUDITOR"}
PERSON = {"C": "ann", "S": "sue", "B": "olga", "A": "adam", "V": "vera"}
ANYBODY, BRANCH, EVERYONE = "anybody", "branch", "CSBAV"
ID = "0" * 32

MATRIX = {
    "POST /tokens": ANYBODY,
    "DELETE /tokens": EVERYONE,
    "POST /tokens/device/challenge": ANYBODY,
    "POST /tokens/device": ANYBODY,
    "GET /me": EVERYONE,
    "GET /openapi.json": ANYBODY,
    "GET /accounts/search": EVERYONE,
    "GET /accounts/{account_id}": EVERYONE,
    "GET /accounts/{account_id}/history": EVERYONE,
    "GET /events/{event_id}": EVERYONE,
    "GET /explanations": EVERYONE,
    "GET /changes": EVERYONE,
    "GET /drawers": "SAV",
    "GET /drawers/mine": "CS",
    "GET /drawers/{tender_control_id}": "CSAV",
    "GET /deposits": "SAV",
    "GET /deposits/{deposit_control_id}": "SAV",
    "GET /documents/receipts/{number}": "CSB",
    "GET /documents/drawers/{tender_control_id}/x": "CSAV",
    "GET /documents/z-reports/{workstation}/{number}": "SAV",
    "GET /documents/deposit-slips/{number}": "SAV",
    "GET /devices": "A",
    "POST /devices": "A",
    "POST /files": "BA",
    "POST /runs": "SBAV",
    "GET /runs": "SBAV",
    "GET /runs/{run_id}": "SBAV",
    "GET /runs/{run_id}/events": "SBAV",
    "POST /branch/enrol": ANYBODY,
    "GET /branch/state": BRANCH,
    "POST /branch/deliveries": BRANCH,
    "GET /branch/changes": BRANCH,
    "GET /branch/directory": BRANCH,
    "GET /health/live": ANYBODY,
    "GET /health/ready": ANYBODY,
    "GET /metrics": ANYBODY,
}
"""`/metrics` is for this machine, which the tests are; see test_limits for the others."""

VALUES = {
    "account_id": "7",
    "event_id": "7",
    "tender_control_id": "7",
    "deposit_control_id": "7",
    "number": "7",
    "workstation": "COUNTER-1",
    "run_id": ID,
}
"""What stands in the addresses: keys of nothing, so that whoever may ask finds nothing."""


@dataclass(frozen=True)
class Endpoint:
    """A method at an address."""

    method: str
    path: str

    @property
    def line(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    @property
    def command(self) -> str:
        return self.path.removeprefix("/api/v1/commands/").removesuffix("/preview") if "/commands/" in self.path else ""

    def asked(self, office: Office, token: str = "") -> Any:
        path = self.path.format(**VALUES)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        more: dict[str, Any] = {"headers": headers}
        if self.path.endswith(("/deliveries", "/files")):
            more |= {"content": b"x", "params": {"name": "file.csv"} if self.path.endswith("/files") else {}}
            headers |= {"Content-Type": "application/octet-stream", "X-Signature": "none"}
        elif self.method == "POST":
            more["json"] = {}
        return office.client.request(self.method, path, **more)


def endpoints() -> Iterator[Endpoint]:
    for route in iter_route_contexts(addresses().routes):
        for method in sorted(route.methods or ()):
            yield Endpoint(method, str(route.path))


def allowed(endpoint: Endpoint) -> str:
    if not endpoint.command:
        return MATRIX[endpoint.line]
    right = offered()[endpoint.command].right
    rights = {group["code"]: set(group["rights"]) for group in demo_package()["user_group"]}
    return "".join(letter for letter, group in GROUPS.items() if right in rights[group])


@pytest.fixture
def ledger(sqlite_ledger_url: str) -> Ledger:
    """One database is enough: no query differs by who asks of which kind it is."""
    return a_ledger(sqlite_ledger_url)


def test_every_endpoint_has_a_line_and_every_line_an_endpoint(office: Office):
    lines = {each.line for each in endpoints() if not each.command}
    assert lines == set(MATRIX)
    assert {each.command for each in endpoints()} - {""} == set(offered())


def _no_token_that_is_good(office: Office, ledger: Ledger) -> dict[str, tuple[str, int]]:
    """Tokens that open nothing, by what is wrong with them, and the status that says so."""
    office.token("ann")
    ended = office.ask("POST", "/tokens", json={"login": "ann", "password": "correct horse battery"}).json()["token"]
    office.ask("DELETE", "/tokens", headers={"Authorization": f"Bearer {ended}"})
    a_user(ledger, "eve", "ADMIN")
    gone = office.token("eve")
    ledger.do(ChangeUser(login="eve", active=False), "adam")
    revoked = office.a_branch("BRANCH-9")
    stolen = revoked.token
    ledger.do(RevokeDevice(device_id=revoked.device_id, reason="stolen"), "adam")
    head, claims, signature = office.token("adam").split(".")
    return {
        "none": ("", 401),
        "forged": (f"{head}.{claims}.{signature[::-1]}", 401),
        "ended": (ended, 401),
        "of somebody who left": (gone, 403),
        "of a stolen device": (stolen, 403),
    }


def test_nobody_without_a_good_token_is_answered(office: Office, ledger: Ledger):
    bad = _no_token_that_is_good(office, ledger)
    before = digest(ledger.database)
    leaks = []
    for endpoint in endpoints():
        if allowed(endpoint) == ANYBODY:
            continue
        for what, (token, status) in bad.items():
            if endpoint.line == "DELETE /tokens" and what == "of somebody who left":
                continue  # whoever holds a token may end it
            answer = endpoint.asked(office, token)
            if answer.status_code != status:
                leaks.append((endpoint.line, what, answer.status_code))
    assert leaks == []
    assert digest(ledger.database) == before


def test_a_token_that_is_too_old_opens_nothing(office: Office, ledger: Ledger):
    tokens = [office.token(login) for login in PERSON.values()] + [office.a_branch().token]
    ledger.clock.advance(minutes=15)
    before = digest(ledger.database)
    answers = {
        (endpoint.line, token): endpoint.asked(office, token).status_code
        for endpoint in endpoints()
        if allowed(endpoint) != ANYBODY
        for token in tokens
    }
    assert {where for where, status in answers.items() if status != 401} == set()
    assert digest(ledger.database) == before


def test_each_group_is_answered_where_its_line_says_so_and_nowhere_else(office: Office, ledger: Ledger):
    tokens = {letter: office.token(login) for letter, login in PERSON.items()}
    before = digest(ledger.database)
    wrong = []
    for endpoint in endpoints():
        may = allowed(endpoint)
        if may == ANYBODY or endpoint.line == "DELETE /tokens":
            continue
        for letter, token in tokens.items():
            answer = endpoint.asked(office, token)
            if answer.status_code in {401, 403, 500} and letter in may:
                wrong.append((endpoint.line, letter, answer.status_code, answer.json()["code"]))
            if letter not in may and answer.status_code != 403:
                wrong.append((endpoint.line, letter, answer.status_code, "is answered"))
    assert wrong == []
    assert digest(ledger.database) == before


def test_a_device_is_answered_at_its_own_addresses_only(office: Office, ledger: Ledger):
    branch: ABranch = office.a_branch()
    token = branch.token
    before = digest(ledger.database)
    for endpoint in endpoints():
        may = allowed(endpoint)
        if may in {ANYBODY, BRANCH}:
            continue
        assert refusal(endpoint.asked(office, token)) == (403, "API-002"), endpoint.line
    assert digest(ledger.database) == before


def test_nobody_in_no_group_is_told_who_they_are_and_nothing_else(office: Office, ledger: Ledger):
    a_user(ledger, "ned", "CASHIER")
    ledger.do(ChangeUser(login="ned", groups=()), "adam")
    token = office.token("ned")
    for endpoint in endpoints():
        if allowed(endpoint) == ANYBODY or endpoint.line in {"GET /me", "DELETE /tokens"}:
            continue
        assert endpoint.asked(office, token).status_code == 403, endpoint.line


def test_commands_that_ask_for_the_password_again_exist():
    assert set(ASKS_AGAIN) <= set(offered())
