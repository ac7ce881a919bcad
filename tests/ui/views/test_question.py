import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.views.question import Question, SecondPerson
from tests.ui.typing import press_where_the_focus_is, type_text


@pytest.fixture
def screen(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.field = QLineEdit()
    QVBoxLayout(made).addWidget(made.field)
    made.show()
    made.activateWindow()
    made.field.setFocus()
    return made


def ask(screen, **more):
    heard = []
    question = Question(
        screen, "Cancel the payment?", "The drawer pays 84.10 back.", yes="Cancel it", no="Keep it", **more
    )

    async def work():
        heard.append(await question.ask())

    ImmediateTasks().start(work())
    return heard


def test_enter_takes_the_answer_with_the_focus(screen):
    heard = ask(screen)
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert heard == [True]
    assert screen.field.hasFocus()


def test_escape_changes_nothing(screen):
    heard = ask(screen)
    press_where_the_focus_is(Qt.Key.Key_Escape)
    assert heard == [False]


def test_a_dangerous_question_starts_on_the_harmless_answer(screen):
    heard = ask(screen, dangerous=True)
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert heard == [False]


def test_an_open_question_is_not_walked_away_from(screen):
    heard = ask(screen)
    screen.field.setFocus()
    assert not screen.field.hasFocus()
    next(button for button in screen.findChildren(QPushButton) if button.text() == "Keep it").click()
    assert heard == [False]


def test_a_second_person_consents_with_their_own_password(screen):
    heard = []
    person = SecondPerson(screen, "A supervisor must consent", "Cancelling 84.10 is above your limit.")

    async def work():
        heard.append(await person.ask())
        person.show_problem("That is your own login.", "Somebody else must consent.")
        heard.append(await person.ask())

    ImmediateTasks().start(work())
    login, password = person.findChildren(QLineEdit)
    type_text(login, "cashier1")
    press_where_the_focus_is(Qt.Key.Key_Return)
    type_text(password, "secret")
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert heard == [("cashier1", "secret", "")]
    assert password.text() == ""
    press_where_the_focus_is(Qt.Key.Key_Escape)
    assert heard[1] is None
