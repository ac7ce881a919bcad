import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cashier_app.ui.view_models.counting import CountedDenomination, Counting
from cashier_app.ui.widgets.denominations import DenominationTable
from tests.ui.typing import press_where_the_focus_is, type_text


@pytest.fixture
def counting():
    return Counting(
        [
            CountedDenomination(10_000),
            CountedDenomination(2_000, packed=100),
            CountedDenomination(25, "quarter", coin=True, packed=40),
        ]
    )


@pytest.fixture
def table(counting, qtbot):
    made = DenominationTable(counting)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.start()
    return made


def write(text):
    type_text(QApplication.focusWidget(), text)


def test_a_drawer_is_counted_with_figures_and_tab_alone(table, counting):
    for figures in ("3", "14", "1", "7"):
        write(figures)
        press_where_the_focus_is(Qt.Key.Key_Tab)
    write("2")
    assert counting.by_value() == {10_000: 3, 2_000: 114, 25: 87}
    assert table._total.text() == "2,601.75"


def test_it_adds_up_while_one_types(table):
    write("1")
    assert table._total.text() == "100.00"
    write("2")
    assert table._total.text() == "1,200.00"


def test_enter_goes_down_the_column_and_finishes_at_its_end(table, qtbot):
    write("1")
    press_where_the_focus_is(Qt.Key.Key_Return)
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is table.edits()[-2]
    with qtbot.waitSignal(table.finished):
        press_where_the_focus_is(Qt.Key.Key_Return)


def test_only_pieces_can_be_typed(table, counting):
    write("1.5-x")
    assert counting.pieces(0) == 15


def test_every_field_says_what_it_counts(table):
    assert [edit.accessibleName() for edit in table.edits()] == [
        "100.00, loose pieces",
        "20.00, loose pieces",
        "20.00, bundles of 100",
        "quarter, loose pieces",
        "quarter, rolls of 40",
    ]
