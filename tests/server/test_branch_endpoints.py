"""What branches may say: signed, within bounds, about themselves (R reliability T9, D8)."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

from cashier_app.services.administration.seals import SealDay
from cashier_app.services.branches.deliveries import DeliveryBody, encoded, gather
from cashier_app.services.branches.device_keys import DeviceKey, Purpose
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.kernel.writing import writing
from tests.builders import Ledger
from tests.checkers import digest
from tests.server.office import UNHURRIED, ABranch, Office, an_office, refusal


def a_delivery(branch: ABranch, folder: Path, commands: int = 2) -> bytes:
    """What a branch that sealed a few days would send."""
    told = branch.enrolled
    database = Database(str(folder / "branch.db"), must_exist=False)
    try:
        start_branch(
            database,
            Enrolment(
                server_url="https://server.example",
                server_id=told["ledger"],
                device_id=told["device_id"],
                node_id=told["node_id"],
                workstation=told["name"],
            ),
        )
        door = Door(database, told["name"], branch.office.ledger.clock)
        for _ in range(commands):
            door.execute(SealDay(), user_id=SYSTEM.id)
        with writing(database) as store:
            body: DeliveryBody = gather(store, told["ledger"], told["node_id"], 0, 100)
        return encoded(body)
    finally:
        database.close()


def state(branch: ABranch) -> Any:
    """Ledger, node, sequence and head as the server has them."""
    return branch.ask("GET", "/branch/state").json()


def test_a_delivery_is_taken_once_however_often_it_arrives(office: Office, tmp_path: Path):
    branch = office.a_branch()
    raw = a_delivery(branch, tmp_path)
    first = branch.deliver(raw)
    assert first.status_code == 200, first.text
    assert first.json()[2] == 2
    assert branch.deliver(raw).json() == first.json() == state(branch)


def test_a_delivery_may_be_packed(office: Office, tmp_path: Path):
    branch = office.a_branch()
    packed = gzip.compress(a_delivery(branch, tmp_path))
    assert branch.deliver(packed, **{"Content-Encoding": "gzip"}).json()[2] == 2


def test_one_delivery_of_a_branch_is_taken_at_a_time(office: Office, tmp_path: Path):
    branch = office.a_branch()
    raw = a_delivery(branch, tmp_path)
    office.site.delivering.add(branch.device_id)
    assert refusal(branch.deliver(raw)) == (503, "API-008")
    office.site.delivering.clear()
    assert branch.deliver(raw).json()[2] == 2
    assert office.site.delivering == set()


def test_a_delivery_that_the_device_did_not_sign_changes_nothing(office: Office, ledger: Ledger, tmp_path: Path):
    branch = office.a_branch()
    raw = a_delivery(branch, tmp_path)
    token = branch.token
    before = digest(ledger.database)
    assert refusal(branch.deliver(raw, DeviceKey.generate())) == (403, "API-014")
    for signature in (
        "",
        "rubbish",
        branch.key.sign(Purpose.TOKEN, raw),
        branch.key.sign(Purpose.DELIVERY, raw + b" "),
    ):
        assert refusal(branch.deliver(raw, **{"X-Signature": signature})) == (403, "API-014")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
    unsigned = office.ask("POST", "/branch/deliveries", content=raw, headers=headers)
    assert refusal(unsigned) == (422, "API-005")
    assert digest(ledger.database) == before


def test_a_branch_delivers_its_own_commands_only(office: Office, ledger: Ledger, tmp_path: Path):
    one, other = office.a_branch(), office.a_branch("BRANCH-8")
    raw = a_delivery(one, tmp_path)
    other.deliver(raw)
    assert refusal(other.deliver(raw)) == (422, "SYNC-005")
    assert state(one)[2] == 0
    assert ledger.rows("SELECT sequence FROM node WHERE name LIKE 'BRANCH%'") == [(0,), (0,)]


def test_rubbish_under_a_good_signature_is_refused(office: Office):
    branch = office.a_branch()
    for rubbish in (b"", b"{}", b"[]", b"\xff" * 100, b"[" * 100_000, b'["x", 7, [], []]'):
        status, code = refusal(branch.deliver(rubbish))
        assert (status, code[:4]) == (422, "SYNC"), rubbish[:20]
    for packed in (b"", b"no gzip", gzip.compress(b"[]")[:-3], gzip.compress(b"{}")):
        status, _ = refusal(branch.deliver(packed, **{"Content-Encoding": "gzip"}))
        assert status in {400, 413, 422}


def test_what_unpacks_to_more_than_the_bound_is_refused(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, delivery_bytes=100_000)) as office:
        branch = office.a_branch()
        bomb = gzip.compress(b"0" * 10_000_000)
        assert len(bomb) < 100_000
        assert refusal(branch.deliver(bomb, **{"Content-Encoding": "gzip"})) == (413, "API-006")
        assert refusal(branch.deliver(b"0" * 100_001)) == (413, "API-006")


def test_a_branch_is_known_by_the_figures_of_the_server(office: Office, tmp_path: Path):
    branch = office.a_branch()
    branch.deliver(a_delivery(branch, tmp_path, commands=3))
    text = office.client.request("GET", "/metrics").text
    assert 'cashier_branch_commands{branch="BRANCH-7"} 3.0' in text
    assert 'cashier_branch_silent_seconds{branch="BRANCH-7"}' in text
    assert 'cashier_branch_unsent_commands{branch="BRANCH-7"}' not in text


def test_what_waits_at_a_branch_is_seen_at_the_server_as_it_last_told(office: Office):
    branch = office.a_branch()
    assert branch.ask("GET", "/branch/state", headers={"X-Unsent": "12 3600"}).status_code == 200
    assert branch.ask("GET", "/branch/state", headers={"X-Unsent": "many"}).status_code == 200
    text = office.client.request("GET", "/metrics").text
    assert 'cashier_branch_unsent_commands{branch="BRANCH-7"} 12.0' in text
    assert 'cashier_branch_oldest_unsent_seconds{branch="BRANCH-7"} 3600.0' in text
