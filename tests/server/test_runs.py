"""Runs: started once, watched, looked up afterwards, and interrupted without harm (design D13)."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from cashier_app.services.batch import run_records
from cashier_app.services.batch.run_records import RunStatus
from tests.builders import Ledger, an_account, balances_of
from tests.server.office import Office, an_office, refusal

SOON = 20.0


def started(office: Office, kind: str, by: str, parameters: dict[str, Any] | None = None, run_id: str = "") -> Any:
    body = {"command_id": run_id or uuid.uuid4().hex, "kind": kind, "parameters": parameters or {}}
    return office.ask("POST", "/runs", by, json=body)


def finished(office: Office, run: Any, by: str) -> Any:
    assert run.status_code == 200, run.text
    ends = time.monotonic() + SOON
    while time.monotonic() < ends:
        found = office.get(f"/runs/{run.json()['run_id']}", by=by).json()
        if found["ended_at"]:
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def sent(office: Office, by: str, content: bytes, name: str = "bank.csv") -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    return office.ask("POST", "/files", by, content=content, params={"name": name}, headers=headers)


def test_the_ledger_is_verified(office: Office):
    run = finished(office, started(office, "verify", "vera"), "vera")
    assert run["status"] == "FINISHED", run
    assert run["result"]["ok"]


def test_a_breach_is_told_and_stops_writing(office: Office, ledger: Ledger):
    ledger.unchecked = True
    account = an_account(ledger, owing="50.00")
    cursor = ledger.database.connection.cursor()
    cursor.execute(f"UPDATE service_agreement SET current_balance = 1 WHERE id = {account.sa['ELEC']}")
    run = finished(office, started(office, "verify", "vera"), "vera")
    assert not run["result"]["ok"]
    assert office.client.request("GET", "/health/ready").status_code == 503


def test_the_day_is_sealed_once_however_often_it_is_asked_for(office: Office, ledger: Ledger):
    run_id = uuid.uuid4().hex
    first = finished(office, started(office, "seal-day", "sue", run_id=run_id), "sue")
    again = started(office, "seal-day", "sue", run_id=run_id)
    assert again.json()["status"] == "FINISHED"
    assert again.json()["result"] == first["result"]
    assert ledger.value("SELECT count(*) FROM journal WHERE name = 'SealDay'") == 1
    assert refusal(started(office, "verify", "sue", run_id=run_id)) == (409, "CMD-002")


def test_a_run_in_chunks_is_done_and_goes_on_under_the_same_id(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    parameters = {"adjustment_type": "CONVERSION", "amount": "5.00 USD", "sa_type": "ELEC"}
    run_id = uuid.uuid4().hex
    run = finished(office, started(office, "adjust-in-mass", "olga", parameters, run_id), "olga")
    assert run["status"] == "FINISHED", run
    assert (run["result"]["units_done"], run["done"], run["total"]) == (1, 1, 1)
    ledger.database.connection.cursor().execute("UPDATE batch_run SET status = 'INTERRUPTED'")
    again = finished(office, started(office, "adjust-in-mass", "olga", parameters, run_id), "olga")
    assert again["result"] == run["result"]
    sa_id = account.sa["ELEC"]
    assert ledger.value(f"SELECT current_balance FROM service_agreement WHERE id = {sa_id}") == 5500
    assert started(office, "adjust-in-mass", "sue", parameters).status_code == 403


def test_the_company_s_debt_is_kept(office: Office, ledger: Ledger):
    an_account(ledger, owing="50.00")
    run = finished(office, started(office, "age-debt", "olga"), "olga")
    assert (run["status"], run["result"]) == ("FINISHED", {"days": 1})


def test_a_file_of_payments_is_sent_and_paid_in(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    file = f"external_id,amount,reference\n{account.number},12.50,881\n".encode()
    kept = sent(office, "olga", file).json()
    parameters = {"file": kept["file"], "file_name": kept["file_name"], "tender_source": "LOCKBOX"}
    run = finished(office, started(office, "pay-in", "olga", parameters), "olga")
    assert run["status"] == "FINISHED", run
    assert (run["result"]["payments"], run["result"]["amount"]) == (1, "12.50 USD")
    assert (run["done"], run["total"]) == (1, 1)
    assert balances_of(ledger, account) == {"ELEC": 3750}
    again = finished(office, started(office, "pay-in", "olga", parameters), "olga")
    assert again["status"] in {"FINISHED", "REFUSED"}
    assert balances_of(ledger, account) == {"ELEC": 3750}


def test_a_file_with_mistakes_is_refused_with_all_of_them(office: Office):
    kept = sent(office, "olga", b"external_id,amount\n,x\n77,-1\n").json()
    parameters = {"file": kept["file"], "file_name": "bank.csv", "tender_source": "LOCKBOX"}
    run = finished(office, started(office, "pay-in", "olga", parameters), "olga")
    assert run["status"] == "REFUSED"
    assert "IMP-020" in run["message"]
    assert "BLK-005" in run["message"]


def test_an_import_is_tried_and_nothing_written(office: Office, ledger: Ledger):
    kept = sent(office, "adam", b"nonsense\n1\n").json()
    parameters = {"file": kept["file"], "file_name": "bank.csv", "mapping": "houston-municipal-electricity"}
    run = finished(office, started(office, "import-dry-run", "adam", parameters), "adam")
    assert run["status"] == "REFUSED", run
    assert ledger.value("SELECT count(*) FROM import_run") == 0


@pytest.mark.parametrize(
    ("kind", "parameters", "code"),
    [
        ("nothing", {}, "RUN-005"),
        ("verify", {"quick": "yes"}, "CMD-003"),
        ("verify", {"x": 1}, "CMD-003"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(office: Office, kind: str, parameters: Any, code: str):
    assert refusal(started(office, kind, "sue", parameters)) == (422, code)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"file": "0" * 64, "file_name": "a.csv"}, "RUN-002"),
        ({"file": "../../etc", "file_name": "passwd"}, "RUN-002"),
        ({"file": "0" * 64, "file_name": "../a.csv"}, "RUN-003"),
        ({"file": "..", "file_name": ".."}, "RUN-003"),
    ],
)
def test_a_file_that_was_not_sent_is_not_found_wherever_it_lies(office: Office, parameters: Any, code: str):
    run = finished(office, started(office, "pay-in", "olga", parameters | {"tender_source": "LOCKBOX"}), "olga")
    assert (run["status"], run["message"][:7]) == ("REFUSED", code)


def test_a_mapping_is_named_never_a_path(office: Office):
    kept = sent(office, "adam", b"a\n1\n").json()
    parameters = {"file": kept["file"], "file_name": "bank.csv", "mapping": "../../secrets"}
    run = finished(office, started(office, "import-dry-run", "adam", parameters), "adam")
    assert run["message"].startswith("RUN-004")


def test_a_file_has_a_plain_name_and_a_bounded_size(office: Office, ledger: Ledger, tmp_path: Path):
    assert refusal(sent(office, "olga", b"x", "../up.csv")) == (422, "RUN-003")
    from dataclasses import replace  # noqa: PLC0415

    from tests.server.office import UNHURRIED  # noqa: PLC0415

    with an_office(ledger, tmp_path / "small", replace(UNHURRIED, upload_bytes=100), name="OTHER") as small:
        assert refusal(sent(small, "olga", b"x" * 101)) == (413, "API-006")
        assert list((tmp_path / "small" / "files").iterdir()) == []
        for number in range(10):
            if sent(small, "olga", b"x" * 90 + bytes([number])).status_code != 200:
                break
        assert refusal(sent(small, "olga", b"more")) == (413, "API-006")


def test_files_that_arrive_at_once_neither_trip_over_each_other_nor_fill_the_disk(office: Office):
    runs = office.site.runs
    (runs.files / "taken away by another request").symlink_to(runs.files / "nowhere")
    assert sent(office, "olga", b"x").status_code == 200
    runs._arriving = 4
    assert refusal(sent(office, "olga", b"y")) == (503, "API-008")
    runs._arriving = 0
    assert sent(office, "olga", b"y").status_code == 200


def test_each_sees_the_runs_that_they_may_start(office: Office):
    finished(office, started(office, "verify", "vera"), "vera")
    seal = finished(office, started(office, "seal-day", "sue"), "sue")
    assert {run["kind"] for run in office.get("/runs", by="sue").json()} == {"verify", "seal-day"}
    assert {run["kind"] for run in office.get("/runs", by="vera").json()} == {"verify"}
    assert refusal(office.get(f"/runs/{seal['run_id']}", by="vera")) == (403, "SEC-003")
    assert refusal(started(office, "seal-day", "vera")) == (403, "SEC-003")
    assert refusal(office.get(f"/runs/{'9' * 32}", by="vera")) == (404, "RUN-001")


def test_a_watched_run_is_told_to_its_end(office: Office):
    run = started(office, "verify", "vera")
    answer = office.get(f"/runs/{run.json()['run_id']}/events", by="vera")
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert told[-1]["status"] == "FINISHED"


def test_a_run_that_a_stop_interrupts_says_so_after_the_next_start(ledger: Ledger, tmp_path: Path):
    run_id = uuid.uuid4().hex
    run_records.request_run(
        ledger.database,
        run_id,
        kind="verify",
        batch_code="VERIFY",
        parameters='{"quick":false}',
        user_id=ledger.people["vera"],
        worker="SERVER-RUNS",
        now=ledger.clock.now(),
    )
    run_records.claim_run(ledger.database, run_id, "SERVER-RUNS", ledger.clock.now())
    with an_office(ledger, tmp_path) as office:
        found = office.get(f"/runs/{run_id}", by="vera").json()
        again = finished(office, started(office, "verify", "vera", run_id=run_id), "vera")
    assert (found["status"], found["batch_code"]) == (RunStatus.INTERRUPTED, "VERIFY")
    assert "ask again" in found["message"]
    assert again["status"] == "FINISHED"


def test_a_run_that_died_elsewhere_is_taken_up_here(office: Office, ledger: Ledger):
    run_id = uuid.uuid4().hex
    finished(office, started(office, "mark-redundant", "olga", run_id=run_id), "olga")
    cursor = ledger.database.connection.cursor()
    cursor.execute("UPDATE batch_run SET status = 'RUNNING', worker = 'TILL-9-RUNS'")
    assert office.get(f"/runs/{run_id}", by="olga").json()["status"] == "RUNNING"
    assert started(office, "REDSAAMT", "olga", run_id=run_id).json()["status"] == "RUNNING", "it is left alone"
    cursor.execute("UPDATE batch_run SET seen_at = seen_at - 61")
    assert office.get(f"/runs/{run_id}", by="olga").json()["status"] == "INTERRUPTED"
    again = finished(office, started(office, "REDSAAMT", "olga", run_id=run_id), "olga")
    assert again["status"] == "FINISHED"


def test_a_payment_file_goes_on_where_a_stop_interrupted_it(ledger: Ledger, tmp_path: Path):
    account = an_account(ledger, owing="50.00")
    rows = "".join(f"{account.number},0.01,{number}\n" for number in range(2500))
    file = f"external_id,amount,reference\n{rows}".encode()
    with an_office(ledger, tmp_path) as office:
        kept = sent(office, "olga", file).json()
        parameters = {"file": kept["file"], "file_name": kept["file_name"], "tender_source": "LOCKBOX"}
        first = started(office, "pay-in", "olga", parameters).json()
    with an_office(ledger, tmp_path) as office:
        run = office.get(f"/runs/{first['run_id']}", by="olga").json()
        assert run["status"] in {"INTERRUPTED", "FINISHED"}
        again = finished(office, started(office, "pay-in", "olga", parameters), "olga")
    assert again["status"] == "FINISHED", again
    assert again["result"]["payments"] == 2500
    assert balances_of(ledger, account) == {"ELEC": 2500}
    assert ledger.value("SELECT count(*) FROM tender WHERE amount = 1") == 2500
