"""What people read of the general ledger: trial balance, runs, and what is behind each figure (C6, H7)."""

from __future__ import annotations

import pytest

from cashier_app.domain.access import EVERYTHING, OPEN_ONLY
from cashier_app.services.general_ledger import runs
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.general_ledger.runs import StageGlChunk, StartGlRun
from cashier_app.services.kernel.reading import reading
from cashier_app.services.queries.gl_runs import entry_fts, entry_sources, gl_run, gl_runs, gl_whereabouts
from cashier_app.services.queries.trial_balance import trial_balance
from tests.builders import a_charge, an_account, an_open_drawer, paid


@pytest.fixture
def account(ledger):
    account = an_account(ledger, owing={"ELEC": "42.00"})
    an_open_drawer(ledger)
    paid(ledger, account, "32.00")
    return account


def ask(ledger, question, *arguments, access=EVERYTHING, **more):
    with reading(ledger.database, access=access) as store:
        return question(store, ledger.door.current_config(store), *arguments, **more)


def figures(balance):
    return {row.gl_account: (row.opening, row.debit, row.credit, row.closing) for row in balance.rows}


WANTED = {
    "10-1010": (0, 3200, 0, 3200),
    "10-1210": (0, 4200, 3200, 1000),
    "30-3900": (0, 0, 4200, -4200),
}


@pytest.mark.usefixtures("account")
def test_the_trial_balance_is_the_same_before_during_and_after_a_run(ledger, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 1)
    before = ask(ledger, trial_balance)
    assert figures(before) == WANTED
    assert {row.gl_account: row.unsent for row in before.rows} == {"10-1010": 3200, "10-1210": 1000, "30-3900": -4200}
    started = ledger.do(StartGlRun(), "olga")
    for number in (1, 2):
        ledger.do(StageGlChunk(run_id=started.run_id, number=number), "olga")
        assert figures(ask(ledger, trial_balance)) == WANTED
    run_gl(ledger.door, user_id=ledger.people["olga"])
    after = ask(ledger, trial_balance)
    assert figures(after) == WANTED
    assert {row.unsent for row in after.rows} == {0}
    assert after.sums == {("USD", "CITY"): (0, 7400, 7400, 0)}


def test_what_was_booked_before_the_period_opens_it(ledger, account):
    run_gl(ledger.door, user_id=ledger.people["olga"])
    ledger.clock.advance(days=31)
    a_charge(ledger, account.sa["ELEC"], "5.00")
    balance = ask(ledger, trial_balance)
    assert (balance.fiscal_year, balance.period) == (2026, 2)
    assert balance.periods == ((2026, 2), (2026, 1))
    assert figures(balance)["10-1210"] == (1000, 500, 0, 1500)
    assert figures(ask(ledger, trial_balance, 2026, 1)) == WANTED


def test_a_figure_of_a_run_leads_to_its_codes_and_transactions(ledger, account):
    run_gl(ledger.door, user_id=ledger.people["olga"])
    (row,) = ask(ledger, gl_runs)
    assert (row.number, row.status, row.user, row.ft_count, row.chunks_staged) == (1, "CLOSED", "Olga", 2, 1)
    facts = ask(ledger, gl_run, row.run_id)
    line = next(entry for entry in facts.entries if entry.gl_account == "10-1210")
    assert (line.description, line.amount) == ("Receivable electricity", 1000)
    (source,) = ask(ledger, entry_sources, row.run_id, line.line)
    assert (source.distribution_code, source.debit, source.credit) == ("A/R-ELEC", 4200, 3200)
    assert source.algorithm.startswith("GLACCT-BASE")
    behind = ask(ledger, entry_fts, row.run_id, line.line)
    assert [ft.current_amount for ft in behind] == [4200, -3200]
    assert ask(ledger, gl_whereabouts, behind[0].ft_id).run_number == 1
    charge = a_charge(ledger, account.sa["ELEC"], "5.00")
    fresh = ledger.value(f"SELECT id FROM financial_transaction WHERE source_id = {charge}")
    assert ask(ledger, gl_whereabouts, fresh).run_number is None


def test_transactions_of_another_office_stay_hidden_behind_a_figure(ledger):
    an_account(ledger, owing={"ELEC": "42.00"}, access_group="NORTH")
    run_gl(ledger.door, user_id=ledger.people["olga"])
    (row,) = ask(ledger, gl_runs)
    assert len(ask(ledger, entry_fts, row.run_id, 1)) == 1
    assert ask(ledger, entry_fts, row.run_id, 1, access=OPEN_ONLY) == ()
