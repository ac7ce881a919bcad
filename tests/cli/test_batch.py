"""`cashier batch` as an operator and a nightly job use it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from tests.builders import a_ledger, an_account, balances_of


@pytest.fixture
def ledger(sqlite_url):
    ledger = a_ledger(sqlite_url)
    yield ledger
    ledger.close()


def cashier(ledger, *words):
    ledger.database.close()
    told = ("--node", "COUNTER-1", "--date", "2026-01-07") if {"run", "resume"} & {*words} else ()
    answer = CliRunner().invoke(app, [*words, "--database", ledger.url, *told])
    ledger.database.connect()
    return answer


def test_a_job_is_run_listed_and_shown(ledger):
    account = an_account(ledger, owing="10.00")
    given = ("adjustment_type=CONVERSION", "amount=5.00 USD", "sa_type=ELEC")
    done = cashier(
        ledger, "batch", "run", "adjust-in-mass", *(word for each in given for word in ("--set", each)), "--json"
    )
    assert done.exit_code == 0, done.output
    run = json.loads(done.stdout)
    assert (run["status"], run["done"], run["total"]) == ("FINISHED", 1, 1)
    assert balances_of(ledger, account) == {"ELEC": 1500}
    listed = cashier(ledger, "batch", "list").output
    assert "ADJMASS (adjust-in-mass): Adjust in mass. adjustment_type* amount* sa_type* comment; next 2, " in listed
    assert f"{run['run_id'][:12]} ADJMASS FINISHED, 1 of 1" in listed
    shown = cashier(ledger, "batch", "show", run["run_id"][:6]).output
    assert "1 of 1 chunks, 1 done, 0 in error" in shown
    assert "adjustments: 1" in shown
    again = cashier(ledger, "batch", "resume", run["run_id"][:6])
    assert again.exit_code == 0
    assert balances_of(ledger, account) == {"ELEC": 1500}


def test_a_run_whose_program_died_is_told_apart_and_resumed(ledger):
    cashier(ledger, "batch", "run", "REDSAAMT")
    run_id = ledger.value("SELECT id FROM batch_run")
    cursor = ledger.database.connection.cursor()
    cursor.execute("UPDATE batch_run SET status = 'RUNNING'")
    assert "REDSAAMT RUNNING" in cashier(ledger, "batch", "list").output
    refused = cashier(ledger, "batch", "resume", run_id)
    assert (refused.exit_code, "RUN-006" in refused.output) == (1, True)
    ledger.database.connection.cursor().execute("UPDATE batch_run SET seen_at = seen_at - 61")
    assert "REDSAAMT STOPPED, can be resumed" in cashier(ledger, "batch", "list").output
    assert cashier(ledger, "batch", "resume", run_id).exit_code == 0


def test_a_file_is_paid_in(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("CASHIER_STATE", str(tmp_path / "state"))
    account = an_account(ledger, owing="50.00")
    file = tmp_path / "bank.csv"
    file.write_text(f"external_id,amount,reference\n{account.number},12.50,881\n", encoding="utf-8")
    done = cashier(ledger, "batch", "run", "PAYUP", "--file", str(file), "--set", "tender_source=LOCKBOX")
    assert done.exit_code == 0, done.output
    assert balances_of(ledger, account) == {"ELEC": 3750}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("batch", "run", "no-such-job"), "RUN-005"),
        (("batch", "run", "mark-redundant", "--set", "days=3"), "CMD-003"),
        (("batch", "run", "monitor-approvals", "--set", "hours=3"), "RUN-007"),
        (("batch", "run", "pay-in", "--file", "/no/such/file.csv"), "RUN-002"),
        (("batch", "run", "mark-redundant", "--set", "days"), "CMD-003"),
        (("batch", "show", "abc"), "RUN-001"),
        (("batch", "resume", "abc"), "RUN-001"),
    ],
)
def test_what_cannot_be_is_refused(ledger, words, code):
    answer = cashier(ledger, *words)
    assert answer.exit_code == 1
    assert code in answer.output
