"""The general ledger's screen on a real ledger: runs, trial balance, checks, calendars, codes."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.documents.text import EN_DASH
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.ui.view_models import general_ledger as view_model
from cashier_app.ui.view_models.general_ledger import GeneralLedger
from cashier_app.ui.views import general_ledger as views
from cashier_app.ui.views.general_ledger import GeneralLedgerScreen
from cashier_app.ui.widgets.figures import figures_at
from tests.builders import an_account, an_open_drawer, paid, usd
from tests.services.adjustments.office import changed_type
from tests.ui.office import an_office


@pytest.fixture
def office(request, sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, getattr(request, "param", "olga")) as made:
        yield made


@pytest.fixture
def account(office):
    """Who was charged 42.00 and paid 32.00 of it."""
    account = an_account(office.ledger, owing={"ELEC": "42.00"}, mailing_address="18 Oak Lane, Oakfield")
    an_open_drawer(office.ledger)
    paid(office.ledger, account, "32.00")
    return account


def shown(table):
    """The texts of a table."""
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def screen(office, qtbot):
    return office.screen(qtbot, GeneralLedgerScreen)


@pytest.mark.usefixtures("account")
def test_the_trial_balance_says_what_is_not_sent_yet(office, qtbot):
    page = screen(office, qtbot).balance
    assert shown(page.table)[1] == [
        "CITY",
        "10-1210",
        "Receivable electricity",
        EN_DASH,
        "42.00",
        "32.00",
        "10.00",
        "10.00",
    ]
    assert "debits equal credits" in page.sums.text()
    assert [each.words for each in figures_at(page.sums)] == ["CITY, debits", "CITY, credits"]


@pytest.mark.usefixtures("account")
def test_the_books_are_handed_over_and_open_to_one_transaction(office, qtbot):
    whole = screen(office, qtbot)
    whole._run()
    assert office.said == ["Handed over. The run's files can be saved."]
    page = whole.runs
    assert [row[:2] for row in shown(page.entries)] == [
        ["10-1010", "Cash at First City Bank"],
        ["10-1210", "Receivable electricity"],
        ["30-3900", "Opening balances taken over"],
    ]
    page.entries.go_to(1)
    assert "GLACCT-BASE" in page.sources.text()
    page.fts.go_to(0)
    assert "Dr 42.00 10-1210" in page.detail.text()
    whole._run()
    assert office.said[-1] == "Nothing new: everything was handed over already."


@pytest.mark.usefixtures("account")
def test_a_run_that_was_stopped_goes_on_where_it_was(office, qtbot):
    whole = screen(office, qtbot)
    whole.ledger.changed.connect(whole.ledger.stop_run)
    whole._run()
    assert "Stopped" in office.said[-1]
    assert office.ledger.value("SELECT status FROM gl_run") == "STAGING"
    whole.ledger.changed.disconnect(whole.ledger.stop_run)
    whole._run()
    assert office.ledger.value("SELECT status FROM gl_run") == "CLOSED"


@pytest.mark.usefixtures("account")
def test_a_mistake_of_ours_leaves_no_run_under_way(office, qtbot, monkeypatch):
    whole = screen(office, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr(view_model, "StageGlChunk", lambda **_command: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            whole._run()
    assert whole.ledger.under_way is None
    whole._run()
    assert office.ledger.value("SELECT status FROM gl_run") == "CLOSED"


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Where whatever is saved goes."""
    path = tmp_path / "saved"
    monkeypatch.setattr(views, "ask_where", lambda _parent, _title, _name, then: then(path))
    return path


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("page", "action", "start"),
    [
        ("balance", "_save_file", b"\xef\xbb\xbfyear,"),
        ("runs", "_save_file", b"\xef\xbb\xbfrun_number,"),
        ("balance", ".pdf", b"%PDF"),
        ("balance", ".xlsx", b"PK"),
        ("runs", ".pdf", b"%PDF"),
        ("runs", ".xlsx", b"PK"),
    ],
)
def test_what_is_shown_can_be_saved(office, qtbot, saved, page, action, start):  # noqa: PLR0917  # what is parametrized
    whole = screen(office, qtbot)
    whole._run()
    whole.tabs.show_page(page)
    if action.startswith("."):
        whole._save_paper(action)
    else:
        whole._save_file()
    assert saved.read_bytes().startswith(start)


def test_checks_are_handed_over_and_answered(office, qtbot, tmp_path, account, saved):
    paid(office.ledger, account, "73.00")
    sa_id = office.ledger.value("SELECT id FROM service_agreement WHERE current_balance < 0")
    refund = AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP", amount=usd("63.00"))
    office.ledger.do(refund, "system")
    whole = screen(office, qtbot)
    page = whole.checks
    assert shown(page.table)[0][1] == "Jane Masters"
    whole._hand_checks_over()
    assert office.said == ["No check is due."]
    office.ledger.clock.advance(days=2)
    whole._hand_checks_over()
    request = saved.read_text().split("|")[1]
    answers = tmp_path / "answers.csv"
    answers.write_text(f"request_id,status,check_number,check_date\n{request},P,100245,2026-01-08\n7,P,1,2026-01-08\n")
    whole.ledger.respond(answers, whole._answered)
    assert office.said[-1] == "1 paid, 0 held, 0 canceled."
    assert "CHK-007" in page.outcome.text()
    assert shown(page.table)[0][3:5] == ["paid", "100245"]


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_a_period_that_leaves_a_gap_is_refused_beside_the_form(office, qtbot):
    page = screen(office, qtbot).calendars
    page.table.go_to(0)
    page.change()
    page.sheet.days["end"].set_value(date(2026, 1, 30))
    page.sheet.wanted.emit()
    assert "leave a gap" in page.sheet.problem
    page.sheet.days["end"].set_value(date(2026, 2, 1))
    page.sheet.wanted.emit()
    assert "overlap" in page.sheet.problem
    page.sheet.days["end"].set_value(date(2026, 1, 31))
    page.sheet.days["open_to"].set_value(date(2026, 3, 15))
    page.sheet.wanted.emit()
    assert page.sheet.isHidden()
    assert shown(page.table)[0][4] == "15 Mar 2026"


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_a_year_is_added_to_a_calendar(office, qtbot):
    whole = screen(office, qtbot)
    whole._extend_calendar()
    assert whole.calendars.years.findData("2036") >= 0


def test_distribution_codes_show_their_accounts(office, qtbot):
    page = screen(office, qtbot).codes
    assert shown(page.table)[0][:2] == ["A/R-ELEC", "Receivable electricity"]
    assert shown(page.accounts)[0][:2] == ["1 Jan 2005", "10-1210"]


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_a_code_stands_for_another_account_from_a_day_on(office, qtbot):
    whole = screen(office, qtbot)
    whole._change_account.trigger()
    page = whole.codes
    assert page.sheet.account.text() == "10-1210"
    page.sheet.day.setText("2026-01-01")
    page.sheet.wanted.emit()
    assert "today or later" in page.sheet.form.problem("effective")
    page.sheet.day.setText("+30")
    page.sheet.account.setText("10-1290")
    page.sheet.wanted.emit()
    assert page.sheet.isHidden()
    assert [row[1] for row in shown(page.accounts)] == ["10-1290", "10-1210"]


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_two_who_set_up_at_once_do_not_overwrite_each_other(office, qtbot):
    whole = office.screen(qtbot, GeneralLedgerScreen)
    whole.codes.change()
    changed_type(office.ledger, "distribution_code", "A/R-GAS", description="Gas receivable")
    whole.codes.sheet.day.setText("+1")
    whole.codes.sheet.wanted.emit()
    assert "changed this configuration" in whole.codes.sheet.problem


def test_an_empty_ledger_says_what_comes_here(office, qtbot):
    whole = screen(office, qtbot)
    assert isinstance(whole.ledger, GeneralLedger)
    assert whole.runs.table.model().rowCount() == 0
    assert not whole.runs.badge.isVisible()
