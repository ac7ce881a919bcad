"""The batch screen on a real ledger: what the company is owed, and runs that are stopped and taken up again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cashier_app.services.batch import running
from cashier_app.ui.view_models.batch import UnderWay
from cashier_app.ui.views.batch import BatchScreen
from cashier_app.ui.views.batch_words import about_words, job_words, parameter_words, progress_words
from cashier_app.ui.widgets.debt_chart import DebtChart
from cashier_app.ui.widgets.work_place import Choice
from tests.builders import an_account, balances_of
from tests.services.adjustments.office import set_up
from tests.ui.office import an_office


@pytest.fixture
def office(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "olga") as made:
        yield made


def shown(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def screen(office, qtbot):
    return office.screen(qtbot, BatchScreen)


def test_what_the_company_is_owed_is_shown_to_the_day(office, qtbot):
    an_account(office.ledger, owing="84.10", arrears_date=date(2025, 12, 1))
    an_account(office.ledger, "Bob Hill", owing="15.90", arrears_date=date(2025, 1, 1))
    whole = screen(office, qtbot)
    assert shown(whole.grid) == [["180 days and older", "USD", "15.90"], ["35 days old", "USD", "84.10"]]
    assert (
        whole.debt_words.text().replace("\N{NO-BREAK SPACE}", " ")
        == "2 agreements owe USD 100.00; others have USD 0.00 in credit."
    )
    assert whole.chart.accessibleName() == "31-60: 84.10; 180+: 15.90"


def test_where_nothing_is_owed_the_chart_says_so(office, qtbot):
    whole = screen(office, qtbot)
    assert isinstance(whole.chart, DebtChart)
    assert whole.chart.accessibleName() == "Nothing is owed"
    assert not whole._go_on.isEnabled()


def start(whole, code="REDSAAMT", **typed):
    """As somebody at the form does."""
    whole._ask_which()
    whole.start_sheet.job.choose(code)
    for name, text in typed.items():
        editor = whole.start_sheet.fields.editor(name)
        editor.choose(text) if isinstance(editor, Choice) else editor.setText(text)
    whole._start()


def test_a_run_is_done_and_shown(office, qtbot):
    an_account(office.ledger, owing="84.10")
    whole = screen(office, qtbot)
    start(whole)
    assert office.said == ["The run is finished."]
    (row,) = shown(whole.runs)
    assert (row[0], row[2], row[3]) == ("Mark redundant transactions", "finished", "1 / 1")
    assert whole.batch.under_way is None
    assert whole.start_sheet.isHidden()
    assert not whole._go_on.isEnabled()


def test_the_form_asks_for_what_the_job_takes_and_begins_with_what_is_set_up(office, qtbot):
    account = an_account(office.ledger, owing="10.00")
    given = [{"name": "adjustment_type", "value": "CONVERSION"}, {"name": "comment", "required": True}]
    control = {"code": "SPRING", "description": "Spring charge", "job": "adjust-in-mass", "parameters": given}
    set_up(office.ledger, batch_control=[control])
    whole = screen(office, qtbot)
    start(whole, "SPRING", amount="5.00", sa_type="ELEC")
    assert whole.start_sheet.fields.problem("comment") == "Fill this in: Comment."
    assert shown(whole.runs) == []
    whole.start_sheet.fields.editor("comment").setText("Spring")
    whole.start_sheet.fields.editor("amount").setText("five")
    whole.start_sheet.wanted.emit()
    assert whole.start_sheet.fields.problem("amount").startswith("'five' is not an amount")
    whole.start_sheet.fields.editor("amount").setText("5.00")
    whole.start_sheet.wanted.emit()
    assert office.said == ["The run is finished."]
    assert balances_of(office.ledger, account) == {"ELEC": 1500}
    assert shown(whole.runs)[0][0] == "Spring charge"


def test_a_file_is_paid_in_from_the_window(office, qtbot, tmp_path):
    account = an_account(office.ledger, owing="50.00")
    file = tmp_path / "bank.csv"
    file.write_text(f"external_id,amount,reference\n{account.number},12.50,881\n", encoding="utf-8")
    whole = screen(office, qtbot)
    whole._ask_which()
    whole.start_sheet.job.choose("PAYUP")
    whole.start_sheet.fields.editor("file").line.setText(str(file))
    whole.start_sheet.fields.editor("tender_source").choose("LOCKBOX")
    whole.start_sheet.wanted.emit()
    assert office.said == ["The run is finished."]
    assert balances_of(office.ledger, account) == {"ELEC": 3750}


def test_a_run_that_was_stopped_goes_on(office, qtbot):
    set_up(office.ledger, batch_control=[{"code": "REDSAAMT", "job": "mark-redundant", "chunk_size": 2}])
    whole = screen(office, qtbot)
    told = []

    def stop_at_once():
        if whole.batch.under_way is not None:
            told.append(whole.batch.under_way.done)
            if whole.batch.under_way.done == 1:
                whole.batch.stop()

    whole.batch.changed.connect(stop_at_once)
    start(whole)
    assert office.said == ["Stopped. The run goes on from here when it is wanted again."]
    assert shown(whole.runs)[0][2] == "stopped: can be resumed"
    assert whole._go_on.isEnabled()
    whole.batch.changed.disconnect(stop_at_once)
    whole._take_up()
    assert office.said[-1] == "The run is finished."
    assert [row[2] for row in shown(whole.runs)] == ["finished"]


def test_a_run_whose_program_died_can_be_taken_up(office, qtbot):
    whole = screen(office, qtbot)
    start(whole)
    cursor = office.ledger.database.connection.cursor()
    cursor.execute("UPDATE batch_run SET status = 'RUNNING'")
    whole.batch.refresh()
    assert shown(whole.runs)[0][2] == "under way"
    assert not whole._go_on.isEnabled()
    cursor.execute("UPDATE batch_run SET seen_at = seen_at - 61")
    whole.batch.refresh()
    assert shown(whole.runs)[0][2] == "stopped: can be resumed"
    whole._take_up()
    assert office.said[-1] == "The run is finished."


def test_an_entry_to_do_leads_to_its_run(office, qtbot):
    whole = screen(office, qtbot)
    for _ in range(2):
        start(whole)
        office.ledger.clock.advance(hours=1)
    first = office.ledger.value("SELECT id FROM batch_run ORDER BY requested_at")
    whole.open_run(first)
    assert whole.runs.current_row().run_id == whole.batch.detail.run.run_id == first


def test_a_mistake_of_ours_leaves_no_run_under_way(office, qtbot, monkeypatch):
    whole = screen(office, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr(running, "FinishBatch", lambda **_command: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            start(whole)
    assert whole.batch.under_way is None
    assert shown(whole.runs)[0][2] == "failed"
    whole._take_up()
    assert office.said == ["The run is finished."]


def test_every_job_and_each_of_its_parameters_has_a_name(office, qtbot):
    whole = screen(office, qtbot)
    for control in whole.batch.jobs.controls:
        assert job_words(control.code) != control.code
        assert len(about_words(control)) > len("Run 1 is next. ")
        names = [each.name for each in control.parameters if each.name != "file_name"]
        assert [name for name in names if parameter_words(name) == name] == []


def test_progress_says_how_far_how_fast_and_how_long():
    under_way = UnderWay("REDSAAMT", 20, 80, 2.5, timedelta(seconds=84))
    assert progress_words(under_way) == "Mark redundant transactions · 20 of 80 · 2.5 a second · 1:24 left"
    assert progress_words(UnderWay("VERIFY", 0, 0, 0.0, None)) == "Check the ledger is under way"
