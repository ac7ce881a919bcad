import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets.amounts import AmountLabel, BigChange, MoneyEdit
from tests.ui.typing import press, type_text

EUROS = AmountFormat.of_currency("EUR", decimal_mark=",", group_mark=".")


@pytest.fixture
def form(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.show()
    return made


@pytest.fixture
def edit(form):
    made = MoneyEdit("Pays")
    form.layout().addWidget(made)
    form.layout().addWidget(QLineEdit())
    made.setFocus()
    return made


@pytest.mark.parametrize("typed", ["12550", "125.50", "125,50", "125.5"])
def test_the_same_amount_may_be_typed_with_or_without_the_mark(edit, typed):
    type_text(edit, typed)
    assert edit.value == 12550


def test_leaving_the_field_writes_the_amount_out(edit):
    type_text(edit, "1234550")
    press(edit, Qt.Key.Key_Tab)
    assert edit.text() == "12,345.50"
    assert edit.value == 1_234_550


def test_the_value_follows_each_key(edit, qtbot):
    heard = []
    edit.value_changed.connect(heard.append)
    type_text(edit, "12x")
    assert heard == [1, 12, None]


def test_what_is_no_amount_is_marked_and_says_what_would_be_one(edit):
    type_text(edit, "12x")
    assert edit.property("refused") is True
    assert "125.50" in edit.problem
    press(edit, Qt.Key.Key_Backspace)
    assert edit.property("refused") is False
    assert edit.problem == ""


def test_an_empty_field_is_no_amount_and_no_problem(edit):
    type_text(edit, "5")
    press(edit, Qt.Key.Key_Backspace)
    assert edit.value is None
    assert edit.problem == ""


def test_money_is_never_negative_unless_it_may_be(edit, form):
    type_text(edit, "-5")
    assert edit.value is None
    adjustment = MoneyEdit("Adjustment", negative=True)
    form.layout().addWidget(adjustment)
    type_text(adjustment, "-5.00")
    assert adjustment.value == -500


def test_a_field_may_be_switched_to_another_currency(edit):
    edit.set_value(123456)
    edit.currency = EUROS
    assert edit.text() == "1.234,56"
    edit.currency = AmountFormat.of_currency("JPY")
    assert edit.text() == "123,456"


def test_large_amounts_do_not_overflow(edit, qtbot):
    with qtbot.waitSignal(edit.value_changed) as heard:
        edit.set_value(10**14)
    assert heard.args == [10**14]


def test_typing_replaces_what_was_proposed(edit, form):
    edit.set_value(12535)
    form.findChild(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)
    edit.clearFocus()
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    type_text(edit, "100.00")
    assert edit.value == 10_000


def test_credits_say_so_and_their_decimals_line_up(form):
    owed, credit = AmountLabel(credit=True), AmountLabel(credit=True)
    owed.set_amount(8410)
    credit.set_amount(-2535)
    assert credit.text() == "25.35 CR"
    right_of_owed = owed.contentsMargins().right()
    assert right_of_owed == credit.fontMetrics().horizontalAdvance(" CR")
    assert credit.contentsMargins().right() == 0


def test_a_minus_sign_stands_before_the_figure():
    label = AmountLabel()
    label.set_amount(-2535)
    assert label.text() == "\u221225.35"
    assert "25.35" in label.accessibleName()


def test_change_is_large_and_says_what_it_is(form):
    change = BigChange()
    form.layout().addWidget(change)
    reserved = change.minimumHeight()
    change.show_change(2535)
    assert change.text == "25.35"
    assert change.accessibleName().startswith("Change due")
    assert change.sizeHint().height() >= 40
    change.show_change(-100)
    assert change.accessibleName().startswith("Still missing")
    change.clear()
    assert change.text == ""
    assert change.minimumHeight() == reserved, "nothing jumps"
