"""`cashier device`: letting branch workstations in and out from the server's own machine."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.devices import EnrolDevice, code_hash
from tests.builders import OPEN_LEDGERS, Ledger, a_ledger


@pytest.fixture
def ledger(sqlite_url: str):
    found = a_ledger(sqlite_url)
    yield found
    found.close()
    OPEN_LEDGERS.clear()


def run(ledger: Ledger, *words: str, code: int = 0) -> str:
    told = CliRunner().invoke(app, ["device", *words, "--database", ledger.url, "--node", "COUNTER-1"])
    assert told.exit_code == code, told.output
    return told.output


def test_a_device_is_invited_listed_and_shut_out(ledger: Ledger):
    told = json.loads(run(ledger, "invite", "BRANCH-7", "--group", "NORTH", "--hours", "2", "--json"))
    enrolled = ledger.do(
        EnrolDevice(code_hash=code_hash(told["code"]), public_key=DeviceKey.generate().public), "system"
    )
    assert enrolled.access_groups == ("NORTH",)
    assert "BRANCH-7" in run(ledger, "list")
    (row,) = json.loads(run(ledger, "list", "--json"))
    assert (row["status"], row["heard_at"]) == ("ENROLLED", None)
    assert "shut out" in run(ledger, "revoke", "BRANCH-7", "--reason", "stolen")
    assert "DEV-004" in run(ledger, "revoke", "BRANCH-7", "--reason", "stolen", code=1)
    assert "DEV-001" in run(ledger, "revoke", "BRANCH-8", "--reason", "stolen", code=1)


def test_a_code_is_told_in_words_and_kept_nowhere(ledger: Ledger):
    told = run(ledger, "invite", "BRANCH-7")
    code = next(word for word in told.split() if word.count("-") == 3)
    assert code in told
    assert not any(code in str(row) for row in ledger.rows("SELECT content, effects, result FROM journal"))
    assert code not in run(ledger, "list", "--json")
