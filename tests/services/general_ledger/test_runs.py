"""The general-ledger interface: each FT sent once, in balance, restartable, and made again byte for byte (C6)."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.general_ledger import runs
from cashier_app.services.general_ledger.closing import file_of
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.general_ledger.runs import CloseGlRun, StageGlChunk, StartGlRun, run_of
from cashier_app.services.kernel.codec import from_plain, to_plain
from cashier_app.services.kernel.reading import reading
from cashier_app.services.verifying import verify
from tests.builders import a_charge, an_account, an_open_drawer, paid


@pytest.fixture
def account(ledger):
    """Who was charged 42.00 and paid 32.00 of it."""
    account = an_account(ledger, owing={"ELEC": "42.00"})
    an_open_drawer(ledger)
    paid(ledger, account, "32.00")
    return account


def run(ledger):
    return run_gl(ledger.door, user_id=ledger.people["olga"])


def files(ledger, layout="GL-STANDARD"):
    found = []
    with reading(ledger.database, access=EVERYTHING) as store:
        for (run_id,) in ledger.rows("SELECT id FROM gl_run WHERE status = 'CLOSED' ORDER BY number"):
            found.append(file_of(store, run_of(store, run_id), layout)[1].decode())
    return found


def details(text):
    return [line.split("|")[4:6] for line in text.splitlines() if line.startswith("D|")]


def set_up(ledger, **tables):
    ledger.do(from_plain({"tables": tables}, LoadConfiguration), "system")


def without_account(ledger, code):
    known = ledger.door.config.get(DistributionCode, code)
    set_up(ledger, distribution_code=(to_plain(dataclasses.replace(known, gl_accounts=())),))
    return known


@pytest.mark.usefixtures("account")
def test_a_run_sends_the_journal_entry_of_the_worked_example(ledger):
    done = run(ledger)
    assert done.closed.number == 1
    assert done.closed.ft_count == 2
    assert [(str(total.debit), str(total.credit)) for total in done.closed.totals] == [("42.00 USD", "42.00 USD")]
    (text,) = files(ledger)
    assert details(text) == [["10-1010", "32.00"], ["10-1210", "10.00"], ["30-3900", "-42.00"]]
    assert text.splitlines()[0].split("|")[3:] == ["2026-01-05", "USD", "3", "42.00", "42.00"]


@pytest.mark.usefixtures("account")
def test_a_second_run_finds_nothing_new(ledger):
    run(ledger)
    assert run(ledger).closed is None
    assert ledger.value("SELECT count(*) FROM gl_run") == 1


def test_what_freezes_later_goes_with_the_next_run(ledger, account):
    run(ledger)
    a_charge(ledger, account.sa["ELEC"], "5.00")
    assert run(ledger).closed.ft_count == 1
    assert details(files(ledger)[1]) == [["10-1210", "5.00"], ["30-3900", "-5.00"]]


def test_a_run_goes_in_chunks_of_which_each_is_staged_once(ledger, account, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 2)
    for amount in ("1.00", "2.00", "3.00"):
        a_charge(ledger, account.sa["ELEC"], amount)
    started = ledger.do(StartGlRun(), "olga")
    assert started.chunks == 3
    ledger.do(StageGlChunk(run_id=started.run_id, number=1), "olga")
    assert ledger.refusal(StageGlChunk(run_id=started.run_id, number=1), "olga") == "GL-004"
    assert ledger.refusal(CloseGlRun(run_id=started.run_id), "olga") == "GL-005"


@pytest.mark.parametrize("staged", [0, 1, 2, 3])
def test_a_run_that_died_goes_on_from_its_last_staged_chunk(ledger, account, monkeypatch, staged):
    monkeypatch.setattr(runs, "CHUNK", 2)
    for amount in ("1.00", "2.00", "3.00"):
        a_charge(ledger, account.sa["ELEC"], amount)
    started = ledger.do(StartGlRun(), "olga")
    for number in range(1, staged + 1):
        ledger.do(StageGlChunk(run_id=started.run_id, number=number), "olga")
    a_charge(ledger, account.sa["ELEC"], "9.00")
    done = run(ledger)
    assert done.resumed
    assert (done.closed.number, done.closed.ft_count) == (1, 5)
    assert details(files(ledger)[0])[1:] == [["10-1210", "16.00"], ["30-3900", "-48.00"]]
    assert run(ledger).closed.ft_count == 1


def test_two_runs_at_once_are_refused(ledger, account):
    ledger.do(StartGlRun(), "olga")
    a_charge(ledger, account.sa["ELEC"], "1.00")
    assert ledger.refusal(StartGlRun(), "olga") == "GL-002"


def test_a_code_without_an_account_keeps_its_transactions_back_until_it_has_one(ledger, account):
    known = without_account(ledger, "CONVERSION")
    done = run(ledger)
    assert (done.closed.ft_count, done.closed.held_count) == (1, 1)
    assert done.missing == ("distribution code CONVERSION has no account on 2026-01-05",)
    assert details(files(ledger)[0]) == [["10-1010", "32.00"], ["10-1210", "-32.00"]]
    assert run(ledger).closed is None
    to_do = "SELECT status FROM to_do WHERE to_do_type = 'GL_ACCOUNT'"
    assert ledger.rows(to_do) == [("OPEN",)]
    set_up(ledger, distribution_code=(to_plain(known),))
    assert run(ledger).closed.ft_count == 1
    assert details(files(ledger)[1]) == [["10-1210", "42.00"], ["30-3900", "-42.00"]]
    assert ledger.rows(to_do) == [("COMPLETE",)]
    assert run(ledger).closed is None


def test_a_file_is_the_same_after_its_layout_and_the_accounts_were_changed(ledger, account):
    run(ledger)
    before = files(ledger), files(ledger, "GL-FIXED"), files(ledger, "CSV")
    known = ledger.door.config.get(DistributionCode, "CONVERSION")
    other = dataclasses.replace(known.gl_accounts[0], gl_account="99-9999")
    set_up(
        ledger,
        distribution_code=(to_plain(dataclasses.replace(known, gl_accounts=(other,))),),
        file_layout=({"code": "GL-STANDARD", "delimiter": ";", "detail": ({"value": "amount"},)},),
    )
    assert (files(ledger), files(ledger, "GL-FIXED"), files(ledger, "CSV")) == before
    a_charge(ledger, account.sa["ELEC"], "1.00")
    run(ledger)
    assert files(ledger)[1] == "1.00\n-1.00\n"


@pytest.mark.usefixtures("account")
def test_the_fixed_layout_gives_every_field_its_width(ledger):
    run(ledger)
    header, *rows, trailer = files(ledger, "GL-FIXED")[0].splitlines()
    assert header == "GLH0000000120260105USD00000003" + "4200".rjust(17, "0") + "4200".rjust(17, "0")
    assert {len(row) for row in rows} == {80}
    assert rows[-1].startswith("GLDCITY      202601" + "30-3900".ljust(24) + "-" + "4200".rjust(16, "0"))
    assert trailer == "GLT00000003"


@pytest.mark.usefixtures("account")
def test_an_account_too_long_for_its_field_is_refused_not_cut_off(ledger):
    known = ledger.door.config.get(DistributionCode, "CONVERSION")
    wide = dataclasses.replace(known.gl_accounts[0], gl_account="3" * 25)
    set_up(ledger, distribution_code=(to_plain(dataclasses.replace(known, gl_accounts=(wide,))),))
    started = ledger.do(StartGlRun(), "olga")
    ledger.do(StageGlChunk(run_id=started.run_id, number=1), "olga")
    assert ledger.refusal(CloseGlRun(run_id=started.run_id), "olga") == "GL-008"


def test_periods_and_days_stand_apart(ledger, account):
    set_up(
        ledger,
        accounting_calendar=({"code": "MONTHS", "monthly_years": (2005, 2035), "days_open_after": 40},),
    )
    from cashier_app.services.adjustments.adding import AddAdjustment  # noqa: PLC0415
    from tests.builders import usd  # noqa: PLC0415

    earlier = AddAdjustment(
        sa_id=account.sa["ELEC"],
        adjustment_type="CONVERSION",
        amount=usd("7.00"),
        arrears_date=date(2025, 12, 1),
        accounting_date=date(2025, 12, 31),
    )
    ledger.do(earlier, "system", second="sue")
    run(ledger)
    lines = [line.split("|")[2:6] for line in files(ledger)[0].splitlines()[1:]]
    assert ["2025", "12", "10-1210", "7.00"] in lines
    assert ["2026", "1", "10-1210", "10.00"] in lines


def tampered(ledger, *statements):
    ledger.unchecked = True
    cursor = ledger.database.connection.cursor()
    for table in ("gl_staged", "gl_entry", "gl_chunk", "gl_run", "gl_held", "gl_line"):
        for verb in ("update", "delete"):
            if ledger.database.dialect == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS protect_{table}_{verb}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS protect_{table}_{verb} ON {table}")
    for statement in statements:
        cursor.execute(statement)
    return verify(ledger.database)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE gl_staged SET debit = debit + 1 WHERE line = 1", "I16"),
        ("UPDATE gl_entry SET gl_account = '77-7777' WHERE line = 1", "I17"),
        ("UPDATE gl_chunk SET last_ft_id = last_ft_id - 1", "I17"),
        ("UPDATE gl_chunk SET ft_count = ft_count + 1", "I17"),
        ("UPDATE gl_line SET amount = amount * 2", "I17"),
        ("DELETE FROM gl_staged WHERE line = 1", "I17"),
    ],
)
def test_verification_finds_what_was_changed_after_it_was_sent(ledger, statement, code):
    run(ledger)
    assert verify(ledger.database).ok
    assert code in tampered(ledger, statement).codes


def test_whoever_may_not_run_the_interface_is_refused(ledger):
    assert ledger.refusal(StartGlRun(), "ann") == "SEC-003"
