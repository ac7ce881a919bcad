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
    assert f"{run['run_id'][:12]} adjust-in-mass FINISHED, 1 of 1" in cashier(ledger, "batch", "list").output
    shown = cashier(ledger, "batch", "show", run["run_id"][:6]).output
    assert "1 of 1 chunks, 1 done, 0 in error" in shown
    assert "adjustments: 1" in shown
    again = cashier(ledger, "batch", "resume", run["run_id"][:6])
    assert again.exit_code == 0
    assert balances_of(ledger, account) == {"ELEC": 1500}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("batch", "run", "no-such-job"), "RUN-005"),
        (("batch", "run", "mark-redundant", "--set", "days=3"), "CMD-003"),
        (("batch", "run", "mark-redundant", "--set", "days"), "CMD-003"),
        (("batch", "show", "abc"), "RUN-001"),
        (("batch", "resume", "abc"), "RUN-001"),
    ],
)
def test_what_cannot_be_is_refused(ledger, words, code):
    answer = cashier(ledger, *words)
    assert answer.exit_code == 1
    assert code in answer.output
