"""Tables keep their place when rows come and go."""

import pytest

from cashier_app.ui.table_models.rows import Column, RowsModel
from cashier_app.ui.widgets.tables import TableView


@pytest.fixture
def table(qtbot):
    made = TableView("Numbers")
    qtbot.addWidget(made)
    made.setModel(RowsModel([Column("Number", str)], list(range(200)), key=lambda row: row))
    made.resize(300, 300)
    made.show()
    made.go_to(100)
    made.verticalScrollBar().setValue(made.verticalScrollBar().value() + 30)
    return made


def test_new_rows_leave_selection_and_scrolling_where_they_were(table):
    at = table.verticalScrollBar().value()
    table.model().replace(range(-3, 190))
    assert table.current_row() == 100
    assert table.selectionModel().selectedRows()[0].row() == 103
    assert table.verticalScrollBar().value() == at


def test_where_the_row_is_gone_nothing_is_chosen_instead(table):
    table.model().replace([row for row in range(200) if row != 100])
    assert table.current_row() is None


def test_rows_about_nothing_in_particular_start_anew(qtbot):
    made = TableView("Numbers")
    qtbot.addWidget(made)
    made.setModel(RowsModel([Column("Number", str)], list(range(20))))
    made.go_to(10)
    made.model().replace(range(21))
    assert made.current_row() is None


def test_more_is_asked_for_near_the_end_and_comes_below_or_where_it_is_sorted(table):
    asked = []
    table.more = lambda: asked.append(True)
    table.go_to(110)
    assert asked == []
    table.go_to(199)
    assert asked
    at = table.verticalScrollBar().value()
    table.model().extend([200, 201])
    assert table.model().rows[-2:] == (200, 201)
    assert (table.current_row(), table.verticalScrollBar().value()) == (199, at)
