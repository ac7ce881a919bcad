"""A server and its branches held against each other, and the seals that each keeps for the others."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.verifying import verify_machines
from tests.branches.town import a_branch, teller
from tests.builders import a_ledger, an_account, an_open_drawer, paid

TELLER = teller("BRANCH-7")


@pytest.fixture
def server(database_url):
    return a_ledger(database_url)


@pytest.fixture
def branch(server, tmp_path):
    account = an_account(server, owing={"ELEC": "84.10"})
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source="CASH-BRANCH-7")
    paid(branch, account, "20.00", TELLER)
    branch.meet()
    paid(branch, account, "5.00", TELLER)
    return branch


def damage(ledger, *statements):
    ledger.unchecked = True
    for statement in statements:
        ledger.database.connection.execute(statement)


def test_an_outbox_is_no_difference(server, branch):
    compared = verify_machines(server.database, [branch.database])
    assert compared.ok, compared
    assert compared.together.checked == {"commands of branches": 3}


def test_a_command_that_differs_is_told(server, branch):
    damage(
        branch,
        "DROP TRIGGER protect_journal_update",
        "UPDATE journal SET hash = zeroblob(32) WHERE id = (SELECT min(id) FROM journal)",
    )
    compared = verify_machines(server.database, [branch.database])
    assert [problem.code for problem in compared.together.problems] == ["I11"]
    assert "Command 1 of BRANCH-7" in str(compared.together.problems[0])


def test_what_a_branch_takes_for_arrived_must_have_arrived(server, branch):
    damage(branch, "UPDATE branch_link SET confirmed = 4")
    compared = verify_machines(server.database, [branch.database])
    assert [problem.code for problem in compared.together.problems] == ["I14"]


def test_a_branch_notices_when_the_server_cuts_its_own_journal(server, branch):
    """The server's database administrator cannot take the seal out of the branch."""
    server.do(SealDay(), "sue")
    branch.meet()
    last = server.value("SELECT max(id) FROM journal WHERE id < 2199023255552")
    drop = {
        "sqlite": "DROP TRIGGER protect_journal_delete",
        "postgresql": "DROP TRIGGER protect_journal_delete ON journal",
    }
    dialect = server.database.dialect
    damage(server, drop[dialect], f"DELETE FROM journal WHERE id >= {last - 3} AND id <= {last}")
    compared = verify_machines(server.database, [branch.database])
    assert not compared.ok
    assert any("sealed" in str(problem) for problem in compared.server.problems)


def test_the_command_line_compares_and_exports(server, branch, tmp_path):
    server.do(SealDay(), "sue")
    branch.meet()
    url, file = branch.url, tmp_path / "seals.json"
    runner = CliRunner()
    told = runner.invoke(app, ["verify", "-d", server.url, "--branch", url, "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["branches"]["BRANCH-7"]["ok"] is True
    assert runner.invoke(app, ["seal", "export", "-d", url, "-o", str(file)]).exit_code == 0
    assert {seal["node"] for seal in json.loads(file.read_text("utf-8"))} >= {1}
    assert runner.invoke(app, ["verify", "-d", server.url, "--seals", str(file)]).exit_code == 0
    again = runner.invoke(app, ["seal", "export", "-d", url, "-o", str(file)])
    assert again.exit_code == 1
    assert "FILE-001" in again.output
