"""The batch screen on a real ledger: what the company is owed, and runs that are stopped and taken up again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cashier_app.services.batch import chunked
from cashier_app.services.batch.jobs import JOBS
from cashier_app.ui.view_models import batch as batch_view_model
from cashier_app.ui.view_models.batch import UnderWay
from cashier_app.ui.views.batch import BatchScreen, progress_words, run_kind_words
from cashier_app.ui.widgets.debt_chart import DebtChart
from tests.builders import an_account
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


def test_a_run_is_done_and_shown(office, qtbot):
    an_account(office.ledger, owing="84.10")
    whole = screen(office, qtbot)
    whole._mark_redundant()
    assert office.said == ["The run is finished."]
    (row,) = shown(whole.runs)
    assert (row[0], row[2], row[3]) == ("Mark redundant transactions", "finished", "1 / 1")
    assert whole.batch.under_way is None
    assert not whole._go_on.isEnabled()


def test_a_run_that_was_stopped_goes_on(office, qtbot, monkeypatch):
    monkeypatch.setattr(chunked, "CHUNK", 2)
    whole = screen(office, qtbot)
    told = []

    def stop_at_once():
        if whole.batch.under_way is not None:
            told.append(whole.batch.under_way.done)
            if whole.batch.under_way.done == 1:
                whole.batch.stop()

    whole.batch.changed.connect(stop_at_once)
    whole._mark_redundant()
    assert office.said == ["Stopped. The run goes on from here when it is wanted again."]
    assert shown(whole.runs)[0][2] == "interrupted"
    assert whole._go_on.isEnabled()
    whole.batch.changed.disconnect(stop_at_once)
    whole._take_up()
    assert office.said[-1] == "The run is finished."
    assert [row[2] for row in shown(whole.runs)] == ["finished"]


def test_a_mistake_of_ours_leaves_no_run_under_way(office, qtbot, monkeypatch):
    whole = screen(office, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr(batch_view_model, "DoBatchChunk", lambda **_command: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            whole._mark_redundant()
    assert whole.batch.under_way is None
    assert shown(whole.runs)[0][2] == "failed"
    whole._take_up()
    assert office.said == ["The run is finished."]


def test_every_job_has_a_name():
    assert [kind for kind in JOBS if run_kind_words(kind) == kind] == []


def test_progress_says_how_far_how_fast_and_how_long():
    under_way = UnderWay("mark-redundant", 20, 80, 2.5, timedelta(seconds=84))
    assert progress_words(under_way) == "20 of 80 chunks · 2.5 a second · 1:24 left"
    assert progress_words(UnderWay("mark-redundant", 0, 80, 0.0, None)) == "0 of 80 chunks"
