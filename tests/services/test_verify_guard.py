"""A breach stops writing, says why and how to go on, and ends when all is right again (R reliability P17)."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from cashier_app.cli import checking
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.verifying import verify
from cashier_app.services.verifying.guard import allow_writing, block_writing, is_blocked
from tests.builders import AnAccount, Ledger, a_payment, an_account, an_open_drawer, cash, paid

WRONG = "UPDATE service_agreement SET current_balance = current_balance + 1"
RIGHT = "UPDATE service_agreement SET current_balance = current_balance - 1"


def changed(ledger: Ledger, sql: str) -> None:
    ledger.database.connection.cursor().execute(sql)


def test_a_broken_ledger_takes_nothing_more_and_says_why(ledger: Ledger):
    account = an_account(ledger, owing="40.00")
    an_open_drawer(ledger)
    first = ledger.outcome(a_payment(account, cash("10.00")), command_id="a" * 32)
    changed(ledger, WRONG)
    block_writing(ledger.database, verify(ledger.database))
    with pytest.raises(RuleViolation, match=r"VER-001: The ledger is read-only: I2: Agreement .*cashier verify"):
        paid(ledger, account, "5.00")
    assert ledger.outcome(a_payment(account, cash("10.00")), command_id="a" * 32).result == first.result
    assert ledger.door.preview(a_payment(account, cash("5.00")), user_id=ledger.people["ann"]).result
    changed(ledger, RIGHT)
    assert verify(ledger.database).ok, "the mark itself is no breach"
    assert allow_writing(ledger.database)
    paid(ledger, account, "5.00")


def test_blocking_twice_is_blocking_once(ledger: Ledger):
    changed(ledger, "UPDATE node SET last_key = 0")
    verdict = verify(ledger.database)
    block_writing(ledger.database, verdict)
    block_writing(ledger.database, verdict)
    assert is_blocked(ledger.database)
    assert allow_writing(ledger.database)
    assert not is_blocked(ledger.database)
    assert not allow_writing(ledger.database)
    ledger.unchecked = True


def test_the_command_line_blocks_and_allows_again(ledger: Ledger):
    app = typer.Typer()
    checking.register(app)
    app.command("other")(lambda: None)
    run = CliRunner().invoke
    changed(ledger, "UPDATE number_series SET last_number = last_number + 1")
    broken = run(app, ["verify", "--database", ledger.url, "--json"])
    assert broken.exit_code == 1
    told = json.loads(broken.stdout)
    assert (told["ok"], told["problems"][0]["code"]) == (False, "I10")
    assert ledger.refusal(a_payment(AnAccount(1, "", 1, {}), cash("1.00"))) == "VER-001"
    changed(ledger, "UPDATE number_series SET last_number = last_number - 1")
    mended = run(app, ["verify", "--database", ledger.url, "--json"])
    assert mended.exit_code == 0
    assert json.loads(mended.stdout)["problems"] == []
    assert "may be written" in mended.stderr
    an_account(ledger)
