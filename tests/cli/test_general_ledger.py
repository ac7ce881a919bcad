"""`cashier gl` and `cashier ap` as an operator and a nightly job use them."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.services.adjustments.adding import AddAdjustment
from tests.builders import a_ledger, an_account, an_open_drawer, paid, usd


@pytest.fixture
def ledger(sqlite_url):
    """The worked example: 42.00 charged, 32.00 of it paid; and a refund of 63.00 that is due on 7 January."""
    ledger = a_ledger(sqlite_url)
    account = an_account(ledger, owing={"ELEC": "42.00"}, mailing_address="18 Oak Lane, Oakfield")
    an_open_drawer(ledger)
    paid(ledger, account, "32.00")
    other = an_account(ledger, "Bob Hill", owing={"GAS": "10.00"}, mailing_address="2 Elm Street, Oakfield")
    paid(ledger, other, "73.00")
    sa_id = ledger.value(f"SELECT id FROM service_agreement WHERE account_id = {other.id} AND current_balance < 0")
    ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP", amount=usd("63.00")), "system")
    yield ledger
    ledger.close()


def cashier(ledger, *words):
    where = ("--database", ledger.url)
    told = ("--node", "COUNTER-1", "--date", "2026-01-07") if {"run", "extract", "respond"} & {*words} else ()
    return CliRunner().invoke(app, [*words, *where, *told])


def test_a_run_is_done_shown_and_written_twice_the_same(ledger, tmp_path):
    done = cashier(ledger, "gl", "run")
    assert done.exit_code == 0
    assert "Run 1: 5 transactions, 10 GL lines" in done.output
    assert cashier(ledger, "gl", "run").output == "Nothing new to hand over.\n"
    assert "10-1210" in cashier(ledger, "gl", "show", "1").output
    assert "CLOSED" in cashier(ledger, "gl", "show").output
    files = [tmp_path / name for name in ("one.txt", "two.txt")]
    for file in files:
        assert cashier(ledger, "gl", "export", "1", "--layout", "GL-FIXED", "--output", str(file)).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    again = cashier(ledger, "gl", "export", "1", "--output", str(files[0]))
    assert again.exit_code == 1
    assert "FILE-001" in again.output


def test_the_trial_balance_comes_as_text_and_as_a_workbook(ledger, tmp_path):
    assert "10-1210" in cashier(ledger, "gl", "trial-balance").output
    file = tmp_path / "balance.xlsx"
    assert cashier(ledger, "gl", "trial-balance", "--output", str(file)).exit_code == 0
    sheet = openpyxl.load_workbook(BytesIO(file.read_bytes()), data_only=True).worksheets[0]
    rows = {row[0]: row[2:6] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["10-1210"] == (0, 42, 32, 10)
    assert rows["Total"][3] == 0
    wrong = cashier(ledger, "gl", "trial-balance", "--output", str(tmp_path / "balance.doc"))
    assert "GL-012" in wrong.output


def test_checks_go_out_and_answers_come_in(ledger, tmp_path):
    out = cashier(ledger, "ap", "extract", "--output", str(tmp_path))
    assert "Run 1: 1 request(s), 63.00 USD." in out.output
    request = (tmp_path / "APDL-000001-AP-STANDARD.txt").read_text().split("|")[1]
    answers = tmp_path / "answers.csv"
    answers.write_text(
        f"request_id,status,check_number,check_date,amount\n{request},P,100245,2026-01-08,63.00\n7,P,1,2026-01-08,1\n"
    )
    took = cashier(ledger, "ap", "respond", str(answers))
    assert took.exit_code == 1
    assert "1 paid, 0 held, 0 canceled, 1 exception(s)" in took.output
    assert "line 3: CHK-007" in took.output
    shown = cashier(ledger, "ap", "show").output
    assert "1 request(s)" in shown
    assert "answers.csv, line 3: " in shown
    assert cashier(ledger, "ap", "extract").output == "No check is due.\n"
