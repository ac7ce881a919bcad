from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView

from cashier_app.ui import look
from cashier_app.ui.table_models.rows import ROW_ROLE, Align, Column, RowsModel, amount_column
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets.tables import TableView
from tests.ui.typing import press

DOLLARS = AmountFormat()


@dataclass(frozen=True)
class Payment:
    id: int
    customer: str
    amount: int


COLUMNS = (
    Column[Payment]("Customer", lambda row: row.customer, lambda row: row.customer.casefold(), stretch=1),
    amount_column("Amount", lambda row: DOLLARS.grid(row.amount), lambda row: row.amount),
    Column[Payment]("Note", lambda _row: "late", role=lambda _row: "danger"),
)
PAYMENTS = (Payment(1, "Masters", 100_000), Payment(2, "Bakery", 9_000), Payment(3, "Cole", -500))


@pytest.fixture
def model():
    return RowsModel(COLUMNS, PAYMENTS, key=lambda row: row.id)


@pytest.fixture
def view(model, qtbot):
    made = TableView("Payments")
    qtbot.addWidget(made)
    made.setModel(model)
    made.resize(500, 300)
    made.show()
    return made


def customers(model):
    return [row.customer for row in model.rows]


def test_rows_keep_to_the_rules_of_qt(model, qtmodeltester):
    qtmodeltester.check(model, force_py=True)
    qtmodeltester.check(RowsModel(COLUMNS), force_py=True)


def test_amounts_are_sorted_by_value_and_not_by_their_text(model):
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row.amount for row in model.rows] == [-500, 9_000, 100_000]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.amount for row in model.rows] == [100_000, 9_000, -500]


def test_new_rows_keep_the_order_that_was_asked_for(model):
    model.sort(0)
    model.replace([*PAYMENTS, Payment(4, "Adams", 1)])
    assert customers(model) == ["Adams", "Bakery", "Cole", "Masters"]


def test_a_column_without_a_value_cannot_be_sorted(model):
    model.sort(2)
    assert model.rows == PAYMENTS


def test_amounts_stand_right_in_every_direction_of_reading(model):
    assert Align.END.value & Qt.AlignmentFlag.AlignAbsolute
    assert model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) == Align.END.value


def test_color_comes_from_the_theme_in_force(model, qapp):
    cell = model.index(0, 2)
    assert cell.data(Qt.ItemDataRole.ForegroundRole).name() == look.LIGHT.danger
    look.apply(qapp, look.Theme.DARK)
    assert cell.data(Qt.ItemDataRole.ForegroundRole).name() == look.DARK.danger


def test_the_chosen_row_stays_chosen_when_the_list_is_sorted(model):
    held = QPersistentModelIndex(model.index(0, 0))
    model.sort(1)
    assert held.data(ROW_ROLE).customer == "Masters"
    assert held.row() == 2


def test_a_change_in_one_row_moves_nothing(model, view, qtbot):
    view.go_to(1)
    with qtbot.assertNotEmitted(model.modelReset):
        model.replace([PAYMENTS[0], Payment(2, "Bakery", 9_100), PAYMENTS[2]])
    assert view.current_row().amount == 9_100
    assert model.place_of(3) == 2


def test_a_list_is_shown_in_the_order_it_came_until_somebody_sorts_it(view, model):
    assert model.rows == PAYMENTS


def test_enter_chooses_the_row_the_keys_are_on(view, qtbot):
    view.go_to(0)
    press(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.chosen) as chosen:
        press(view, Qt.Key.Key_Return)
    assert chosen.args[0].customer == "Bakery"


def test_after_one_is_done_the_next_one_is_there(view):
    view.go_to(0)
    view.go_on()
    assert view.current_row().id == 2
    view.go_to(2)
    view.go_on()
    assert view.current_row().id == 3


def test_copying_takes_the_row_as_shown(view):
    view.go_to(0)
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Masters\t1,000.00\tlate"


def test_nothing_slow_can_happen_in_a_long_list(view):
    assert view.verticalHeader().sectionResizeMode(0) == QHeaderView.ResizeMode.Fixed
    assert view.rowHeight(0) == look.ROW_DENSE
    view.selectAll()
    assert len(view.selectionModel().selectedRows()) <= 1
    for column in range(3):
        assert view.horizontalHeader().sectionResizeMode(column) != QHeaderView.ResizeMode.ResizeToContents


def test_an_amount_is_never_cut_off(view):
    for width in (260, 500, 900):
        view.resize(width, 300)
        needed = view.fontMetrics().horizontalAdvance("1,000.00")
        assert view.columnWidth(1) >= needed + 20
