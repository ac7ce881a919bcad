"""A branch on the command line: joining, exchanging, and never leaving with something unsent."""

import json

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.domain.clock import FixedClock
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from tests.branches.town import teller
from tests.builders import OPEN_LEDGERS, Ledger, a_ledger, an_account, an_open_drawer, balances_of, paid
from tests.sync.wires import Proxy, invitation, serving


@pytest.fixture
def server(sqlite_url):
    return a_ledger(sqlite_url)


@pytest.fixture
def wire(server, tmp_path):
    with serving(server, tmp_path / "state") as url, Proxy(url).running() as proxy:
        yield proxy


@pytest.fixture
def cashier(tmp_path):
    def run(*arguments, fails=False, database=tmp_path / "branch.db"):
        command = ["branch", *map(str, arguments), "--database", str(database)]
        answer = CliRunner().invoke(app, command, env={"COLUMNS": "160"})
        assert answer.exit_code == int(fails), answer.output
        return answer.stderr if fails else answer.stdout

    return run


def at_the_till(server, tmp_path):
    database = Database(str(tmp_path / "branch.db"))
    clock = FixedClock()
    branch = Ledger(str(tmp_path / "branch.db"), Door(database, "BRANCH-7", clock), clock)
    branch.people = dict(server.people)
    OPEN_LEDGERS.append(branch)
    an_open_drawer(branch, teller("BRANCH-7"), source="CASH-BRANCH-7")
    return branch


def ledger_command(name, file, tmp_path, *more):
    return CliRunner().invoke(app, [name, file, *more, "--database", str(tmp_path / "branch.db")])


def test_a_workstation_joins_sends_what_it_took_and_leaves_only_then(server, wire, cashier, tmp_path):
    account = an_account(server, owing={"ELEC": "84.10"})
    assert "BRANCH-7" in cashier("enrol", wire.url, invitation(server))
    assert json.loads(cashier("status", "--json"))["cursor"] == ""
    assert "Directory: whole" in cashier("exchange")
    branch = at_the_till(server, tmp_path)
    paid(branch, account, "84.10", teller("BRANCH-7"))
    assert "Unsent: 3 of 3 commands, the oldest of" in cashier("status")
    assert "BR-005" in cashier("leave", fails=True)
    branch.database.close()
    backup = str(tmp_path / "branch.backup")
    assert ledger_command("backup", backup, tmp_path).exit_code == 0
    assert "BR-005" in ledger_command("restore", backup, tmp_path, "--replace").stderr
    wire.mood = "down"
    assert "LINE-001" in cashier("exchange", fails=True)
    wire.mood = "kind"
    cashier("exchange", "--minutes", "1")
    assert "35 days" in cashier("leave")
    assert balances_of(server, account) == {"ELEC": 0}


def test_what_stands_in_the_way_is_said(server, wire, cashier, tmp_path):
    assert "DEV-003" in cashier("enrol", wire.url, "WRONG", fails=True)
    assert "LINE-003" in cashier("enrol", "http://elsewhere.example", "WRONG", fails=True)
    assert "DB-MISSING" in cashier("status", fails=True)
    assert "BR-007" in cashier("status", fails=True, database=server.url)
    assert "BR-007" in cashier("exchange", fails=True, database=server.url)
