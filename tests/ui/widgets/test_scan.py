import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui.views.question import Question
from cashier_app.ui.widgets.scan import Judgement, ScanCatcher, ScanField
from tests.ui.typing import press, press_where_the_focus_is, type_text


class Clock:
    """Stands until it is moved; every look moves it by one step."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.2

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def window(qtbot, clock):
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    made.field = ScanField(
        lambda text: Judgement(text.endswith("7"), "account" if text.endswith("7") else "check digit?")
    )
    made.name = QLineEdit()
    made.button = QPushButton("Take payment")
    for part in (made.field, made.name, made.button):
        column.addWidget(part)
    made.catcher = ScanCatcher(made, made.field, clock=clock)
    made.show()
    made.activateWindow()
    made.field.setFocus()
    return made


def send_scan(clock, text):
    clock.now += 1  # nobody scans while typing
    clock.step = 0.004
    for letter in text:
        type_text(QApplication.focusWidget(), letter)
    press_where_the_focus_is(Qt.Key.Key_Return)
    clock.step = 0.2


def test_a_number_is_judged_while_it_is_typed(window):
    type_text(window.field, "20041189")
    assert window.field.verdict == "check digit?"
    press(window.field, Qt.Key.Key_Backspace)
    type_text(window.field, "7")
    assert window.field.verdict == "account"
    window.field.clear()
    assert window.field.verdict == ""


def test_enter_submits_what_was_typed(window, qtbot):
    type_text(window.field, "Łódź ")
    with qtbot.waitSignal(window.field.submitted) as heard:
        press(window.field, Qt.Key.Key_Return)
    assert heard.args == ["Łódź"]


def test_escape_empties_and_a_second_one_clears_the_screen(window, qtbot):
    type_text(window.field, "x")
    with qtbot.assertNotEmitted(window.field.left):
        press(window.field, Qt.Key.Key_Escape)
    assert window.field.text() == ""
    with qtbot.waitSignal(window.field.left):
        press(window.field, Qt.Key.Key_Escape)


def test_a_scan_reaches_home_from_another_field_and_leaves_it_as_it_was(window, clock, qtbot):
    window.name.setText("Jane")
    window.name.setFocus()
    with qtbot.waitSignal(window.field.scanned) as heard:
        send_scan(clock, "2004118700012535")
    assert heard.args == ["2004118700012535"]
    assert window.name.text() == "Jane"
    assert window.field.hasFocus()
    assert window.field.text() == "", "listening again"


def test_a_scan_reaches_home_from_a_button_without_pressing_it(window, clock, qtbot):
    window.button.setFocus()
    with qtbot.assertNotEmitted(window.button.clicked), qtbot.waitSignal(window.field.scanned) as heard:
        send_scan(clock, "2004118700012535")
    assert heard.args == ["2004118700012535"]


def test_a_scan_at_home_replaces_what_was_begun(window, clock, qtbot):
    type_text(window.field, "Jan")
    with qtbot.waitSignal(window.field.scanned) as heard:
        send_scan(clock, "20041187")
    assert heard.args == ["20041187"]


def test_a_person_typing_elsewhere_is_left_alone(window, qtbot):
    window.name.setFocus()
    with qtbot.assertNotEmitted(window.field.scanned):
        type_text(window.name, "Jane Masters")
        press(window.name, Qt.Key.Key_Return)
    assert window.name.text() == "Jane Masters"


def test_letters_typed_at_a_button_start_a_search_at_home(window):
    window.button.setFocus()
    press(window.button, Qt.Key.Key_J)
    type_text(window.field, "ane")
    assert window.field.text() == "jane"


def test_a_password_is_never_taken_for_a_scan(window, clock, qtbot):
    window.name.setEchoMode(QLineEdit.EchoMode.Password)
    window.name.setFocus()
    with qtbot.assertNotEmitted(window.field.scanned):
        send_scan(clock, "correct-horse")
    assert window.name.text() == "correct-horse"


def test_while_switched_off_keys_stay_where_they_are_typed(window, clock, qtbot):
    window.catcher.switch(on=False)
    window.name.setFocus()
    with qtbot.assertNotEmitted(window.field.scanned):
        send_scan(clock, "2004118700012535")
    assert window.name.text() == "2004118700012535"


def test_a_scan_begins_nothing_behind_an_open_question(window, clock, qtbot):
    question = Question(window, "Cancel?", "84.10 goes back.", yes="Cancel it", no="Keep it")
    question.ask()
    with qtbot.assertNotEmitted(window.field.scanned):
        clock.step = 0.004
        for letter in "20041187":
            type_text(QApplication.focusWidget(), letter)
    assert window.field.text() == ""
    assert question.isVisible()
