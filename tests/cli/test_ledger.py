"""A ledger's first days on the command line: founding, users, workstations, control tables, backups."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.domain.one_time_codes import code_of, step_at
from cashier_app.services.administration import second_factors

PASSWORD = "four grey herons at noon\n"


@pytest.fixture
def cashier(empty_database_url):
    """Runs `cashier …` on an empty database."""

    def run(*arguments, password=PASSWORD, database=empty_database_url):
        command = [str(each) for each in (*arguments, "--database", database)]
        return CliRunner().invoke(app, command, input=password, env={"COLUMNS": "160"})

    return run


@pytest.fixture
def founded(cashier):
    """The same, on a ledger that was just made."""
    answer = cashier("init", "--admin-password-stdin")
    assert answer.exit_code == 0, answer.output
    return cashier


def test_a_ledger_is_founded_once(cashier):
    answer = cashier("init", "--admin", "adam", "--admin-password-stdin", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["administrator"] == "adam"
    again = cashier("init", "--admin-password-stdin")
    assert again.exit_code == 1
    assert "DB-EXISTS" in again.stderr


def test_a_weak_password_or_a_bad_package_leaves_nothing_behind(cashier, tmp_path):
    assert "SEC-040" in cashier("init", "--admin-password-stdin", password="short\n").stderr
    package = tmp_path / "bad.yaml"
    package.write_text("installation: [{name: Bad, currency: XYZ}]\n", encoding="utf-8")
    assert "CFG-005" in cashier("init", "--package", package, "--admin-password-stdin").stderr
    nobody = tmp_path / "nobody.yaml"
    nobody.write_text("currency: [{code: USD}]\n", encoding="utf-8")
    assert "CFG-021" in cashier("init", "--package", nobody, "--admin-password-stdin").stderr
    assert "PKG-001" in cashier("init", "--package", tmp_path / "none.yaml", "--admin-password-stdin").stderr
    assert "CFG-020" in cashier("init", "--package", _text(tmp_path, "[1, 2]"), "--admin-password-stdin").stderr
    assert cashier("init", "--admin-password-stdin").exit_code == 0


def _text(folder, text):
    path = folder / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_password_is_never_asked_of_nobody(cashier):
    answer = cashier("init")
    assert answer.exit_code == 1
    assert "CLI-001" in answer.stderr


def test_users_are_added_changed_and_listed(founded):
    add = founded("user", "add", "ann", "--name", "Ann", "-g", "CASHIER", "--drawer", "CASH-A01", "--password-stdin")
    assert add.exit_code == 0
    assert "SEC-042" in founded("user", "add", "ann", "--password-stdin").stderr
    assert "CFG-001" in founded("user", "add", "bea", "-g", "NOBODY", "--password-stdin").stderr
    assert founded("user", "change", "ann", "--disabled").exit_code == 0
    (ann,) = [each for each in json.loads(founded("user", "list", "--json").stdout) if each["login"] == "ann"]
    assert (ann["active"], ann["groups"], ann["tender_sources"]) == (False, ["CASHIER"], ["CASH-A01"])
    assert "disabled" in founded("user", "list").output
    assert founded("user", "unlock", "ann").exit_code == 0
    assert founded("user", "password", "ann", "--password-stdin", password="three small green boats\n").exit_code == 0
    assert "SEC-001" in founded("user", "unlock", "nobody").stderr


def test_users_get_data_access_roles(founded):
    founded("user", "add", "ann", "-g", "CASHIER", "--access", "NORTH-OFFICE", "--password-stdin")
    assert "NORTH-OFFICE" in founded("user", "list").output
    assert founded("user", "change", "ann", "--access", "SOUTH-OFFICE").exit_code == 0
    assert founded("user", "change", "ann", "--name", "Ann").exit_code == 0
    (ann,) = [each for each in json.loads(founded("user", "list", "--json").stdout) if each["login"] == "ann"]
    assert ann["data_access_roles"] == ["SOUTH-OFFICE"]
    assert "CFG-001" in founded("user", "change", "ann", "--access", "NOWHERE").stderr


def test_workstations_are_added_once(founded):
    assert json.loads(founded("node", "add", "TILL-2", "--json").stdout)["number"] == 2
    assert "NODE-002" in founded("node", "add", "TILL-2").stderr
    assert "NODE-002" in founded("node", "add", " ").stderr
    assert [each["name"] for each in json.loads(founded("node", "list", "--json").stdout)] == ["TILL-1", "TILL-2"]


def test_control_tables_go_out_and_come_in_again(founded, tmp_path):
    out = tmp_path / "mine.yaml"
    assert founded("config", "dump", "--out", out).exit_code == 0
    assert json.loads(founded("config", "load", out, "--json").stdout) == {"added": 0, "changed": 0}
    out.write_text(out.read_text(encoding="utf-8").replace("Counter 1", "Window 1"), encoding="utf-8")
    assert json.loads(founded("config", "load", out, "--dry-run", "--json").stdout) == {"added": 0, "changed": 1}
    assert json.loads(founded("config", "load", out, "--json").stdout) == {"added": 0, "changed": 1}
    assert "Window 1" in founded("config", "dump").stdout


def test_a_backup_is_taken_and_restored(founded, tmp_path):
    file = tmp_path / "evening.backup"
    taken = founded("backup", file, "--json")
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["size"] == file.stat().st_size
    assert founded("node", "add", "TILL-2").exit_code == 0
    assert "BAK-004" in founded("restore", file).stderr
    restored = founded("restore", file, "--replace")
    assert restored.exit_code == 0, restored.output
    assert "The former ledger is" in restored.output
    assert [each["name"] for each in json.loads(founded("node", "list", "--json").stdout)] == ["TILL-1"]
    assert "up to date" in founded("upgrade").output


def test_a_second_factor_is_set_up_beside_its_owner_and_reset(founded, monkeypatch):
    secret = second_factors.new_secret()
    monkeypatch.setattr(second_factors, "new_secret", lambda: secret)
    code = code_of(secret, step_at(datetime.now(UTC)))
    set_up = founded("user", "second-factor", "admin", "--json", password=f"{PASSWORD}{code}\n\n")
    assert set_up.exit_code == 0, set_up.stderr
    assert secret in set_up.stderr
    assert secret not in set_up.stdout
    assert len(json.loads(set_up.stdout)["recovery_codes"]) == 10
    assert "second factor" in founded("user", "list").output
    wrong = founded("user", "second-factor", "admin", password=f"{PASSWORD}{code}\n\n")
    assert "SEC-050" in wrong.stderr
    assert founded("user", "password", "admin", "--password-stdin", password="green boats 9\n").exit_code == 0
    assert founded("user", "second-factor", "admin", "--reset").exit_code == 0
    assert "SEC-040" in founded("user", "password", "admin", "--password-stdin", password="green boats 9\n").stderr
    assert "SEC-054" in founded("user", "second-factor", "admin", "--reset").stderr


def test_a_figure_is_explained_on_the_command_line(founded):
    known = founded("explain", "control:tender_type:CASH:0")
    assert known.exit_code == 0, known.output
    assert known.stdout.startswith("Tender type CASH")
    assert "LoadConfiguration by" in known.stdout
    told = json.loads(founded("explain", "to-do:", "--json").stdout)
    assert (told["title"], told["amount"], told["rest"]) == ("Waits for you", 0, 0)
    assert "CUS-010" in founded("explain", "001 0000 0000").stderr
    assert "EXP-001" in founded("explain", "balance:7").stderr
