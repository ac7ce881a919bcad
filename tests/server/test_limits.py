"""How much the server takes from whom, and what it tells of itself (R reliability P14, OWASP ASVS 5.0)."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from cashier_app.server.options import Rate
from cashier_app.server.rates import MOST_KEYS, Buckets
from cashier_app.server.refusing import Refused
from tests.builders import PASSWORD, Ledger, a_ledger
from tests.server.office import UNHURRIED, Client, Office, an_office, refusal


@pytest.fixture
def ledger(sqlite_ledger_url: str) -> Ledger:
    return a_ledger(sqlite_ledger_url)


def test_a_bucket_fills_again_with_time():
    now = 0.0
    buckets = Buckets(Rate(0.5, 2), lambda: now)
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(Refused) as refused:
        buckets.take("a")
    assert refused.value.headers == {"Retry-After": "2"}
    buckets.take("b")
    now = 2.0
    buckets.take("a")


def test_many_strangers_cost_no_memory():
    buckets = Buckets(Rate(1, 1), lambda: 0.0)
    for number in range(MOST_KEYS + 100):
        buckets.take(str(number))
    assert len(buckets._filled) == MOST_KEYS


def test_whoever_guesses_passwords_is_slowed_down(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, sign_ins=Rate(0.001, 3))) as office:
        for login in ("ann", "bob", "cleo"):
            office.ask("POST", "/tokens", json={"login": login, "password": "wrong"})
        answer = office.ask("POST", "/tokens", json={"login": "ann", "password": PASSWORD})
        assert refusal(answer) == (429, "API-007")
        assert int(answer.headers["retry-after"]) > 0
        assert refusal(office.ask("POST", "/branch/enrol", json={})) == (429, "API-007")


def test_a_branch_office_that_comes_back_together_is_not_taken_for_one_who_guesses(ledger: Ledger, tmp_path: Path):
    limits = replace(UNHURRIED, sign_ins=Rate(0.001, 1), device_tokens=Rate(0.001, 40))
    with an_office(ledger, tmp_path, limits) as office:
        asked = [office.ask("POST", "/tokens/device/challenge", json={"device_id": 7}).status_code for _ in range(40)]
        assert set(asked) == {200}
        for path in ("/tokens/device", "/tokens/device/challenge"):
            assert refusal(office.ask("POST", path, json={})) == (429, "API-007")


def test_one_who_asks_too_often_keeps_nobody_else_waiting(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, per_identity=Rate(0.001, 3))) as office:
        statuses = [office.get("/me").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert office.get("/me", by="bob").status_code == 200


def test_an_address_that_asks_too_often_is_sent_away_and_health_is_still_told(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, per_address=Rate(0.001, 3))) as office:
        statuses = [office.ask("GET", "/me").status_code for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        assert office.client.request("GET", "/health/live").status_code == 200


def test_a_body_that_is_too_large_is_refused(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, command_bytes=1000)) as office:
        headers = {"Content-Type": "application/json"}
        path = "/commands/OpenTenderControl"
        announced = office.ask("POST", path, "ann", content=b" " * 1001, headers=headers)
        assert refusal(announced) == (413, "API-006")

        async def pieces() -> object:
            for _ in range(11):
                yield b" " * 100

        unannounced = office.ask("POST", path, "ann", content=pieces(), headers=headers)
        assert refusal(unannounced) == (413, "API-006")


def test_whoever_finds_no_door_free_is_sent_away_politely(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, replace(UNHURRIED, door_seconds=0.05), workers=1) as office:
        office.token("ann")
        with office.site.doors.lend():
            answer = office.get("/me")
        assert refusal(answer) == (503, "API-008")
        assert answer.headers["retry-after"] == "1"
        assert office.get("/me").status_code == 200


def test_every_answer_tells_browsers_to_keep_their_hands_off(office: Office):
    for answer in (
        office.get("/me"),
        office.get("/nothing"),
        office.ask("GET", "/me"),
        office.client.request("GET", "/health/live"),
    ):
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-request-id"]
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers


def test_strict_transport_is_asked_for_where_there_is_tls(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path / "a", behind_proxy="127.0.0.1") as office:
        assert "strict-transport-security" in office.client.request("GET", "/health/live").headers
    with an_office(ledger, tmp_path / "b") as office:
        assert "strict-transport-security" not in office.client.request("GET", "/health/live").headers


def test_a_bug_tells_its_number_and_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    secret = "something about our insides"

    def broken(*_: object) -> None:
        raise RuntimeError(secret)

    office.token("ann")
    monkeypatch.setattr("cashier_app.server.accounts.find", broken)
    answer = office.get("/accounts/search", params={"text": "x"})
    assert refusal(answer) == (500, "API-009")
    assert secret not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert secret in caplog.text
    assert answer.headers["x-request-id"] in caplog.text


def test_refusals_are_logged_with_who_and_why_and_no_secret(office: Office, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "cashier.server")
    office.get("/devices", by="ann")
    office.ask("POST", "/tokens", json={"login": "ann", "password": "a guess that is wrong"})
    office.get("/accounts/search?text=Masters&limit=x")
    text = caplog.text
    assert '"code": "SEC-003"' in text
    assert '"code": "API-005"' in text
    assert f'"who": "user:{office.ledger.people["ann"]}"' in text
    assert '"route": "/api/v1/devices"' in text
    office.token("ann")
    assert f'{{"event": "signed in", "who": "user:{office.ledger.people["ann"]}", "from": "127.0.0.1"}}' in caplog.text
    for secret in ("a guess that is wrong", PASSWORD, office.token("ann"), "Masters"):
        assert secret not in text


def test_figures_are_for_this_machine_or_for_the_key(ledger: Ledger, tmp_path: Path):
    with an_office(ledger, tmp_path, metrics_key="let me see") as office:
        branch = office.a_branch()
        branch.ask("GET", "/branch/state")
        here = office.client.request("GET", "/metrics")
        assert here.status_code == 200
        assert 'cashier_requests_total{method="GET",route="/api/v1/branch/state",status="200"} 1.0' in here.text
        assert 'cashier_branch_commands{branch="BRANCH-7"} 0.0' in here.text
        assert "cashier_branches_late 0.0" in here.text
        elsewhere = Client(office.app, office.client.portal, "192.0.2.7")
        assert refusal(elsewhere.request("GET", "/metrics")) == (403, "API-015")
        wrong = elsewhere.request("GET", "/metrics", headers={"Authorization": "Bearer let me"})
        assert refusal(wrong) == (403, "API-015")
        right = elsewhere.request("GET", "/metrics", headers={"Authorization": "Bearer let me see"})
        assert right.status_code == 200


def test_made_up_methods_make_no_figures_of_their_own(office: Office):
    for number in range(3):
        office.client.request(f"BREW{number}", "/health/live")
    text = office.client.request("GET", "/metrics").text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_commands_are_counted_by_what_came_of_them(office: Office):
    from cashier_app.services.administration.seals import SealDay  # noqa: PLC0415

    office.command(SealDay(), by="sue", command_id="1" * 32)
    office.command(SealDay(), by="sue", command_id="1" * 32)
    office.command(SealDay(), by="ann")
    text = office.client.request("GET", "/metrics").text
    for outcome in ("taken", "repeated", "SEC-003"):
        assert f'cashier_commands_total{{name="SealDay",outcome="{outcome}"}} 1.0' in text


def test_the_server_is_ready_only_while_its_database_answers(office: Office):
    answer = office.client.request("GET", "/health/ready")
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "schema": "ok", "writing": "ok"}}
    for door in office.site.doors._all:
        door.database.close()
        door.database.url = door.database.url.set(database="/nowhere/at/all.db")
    answer = office.client.request("GET", "/health/ready")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "away")
    assert "nowhere" not in answer.text
    assert office.client.request("GET", "/health/live").status_code == 200
