import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui.actions import Actions, ActionSpec, Catalog, wear
from tests.ui.typing import press, type_text

TAKE = ActionSpec("payment.take", "Take payment", "F5", group="Counter", tip="Save, kick the drawer, print.")
CANCEL = ActionSpec("payment.cancel", "Cancel payment", "F8", right="cancel", group="Counter")
COUNT = ActionSpec("drawer.count", "Count", "F5", group="My drawer")


@pytest.fixture
def screen(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.field = QLineEdit()
    made.button = QPushButton()
    column = QVBoxLayout(made)
    column.addWidget(made.field)
    column.addWidget(made.button)
    made.show()
    made.activateWindow()
    made.field.setFocus()
    return made


def test_a_key_does_its_action_from_within_the_screen(screen):
    done = []
    Actions(Catalog([TAKE]), lambda _: True, screen).bind(screen, "payment.take", lambda: done.append("taken"))
    press(screen.field, Qt.Key.Key_F5)
    assert done == ["taken"]


def test_a_key_works_wherever_the_focus_is_while_its_screen_is_shown(screen):
    done = []
    panel = QWidget(screen)
    Actions(Catalog([TAKE]), lambda _: True, screen).bind(panel, "payment.take", lambda: done.append("taken"))
    press(screen.field, Qt.Key.Key_F5)
    assert done == [], "its screen is hidden"
    panel.show()
    press(screen.field, Qt.Key.Key_F5)
    assert done == ["taken"]


def test_a_letter_is_a_key_only_where_it_is_offered(screen):
    done = []
    catalog = Catalog([ActionSpec("request.approve", "Approve", "A", near=True)])
    Actions(catalog, lambda _: True, screen).bind(screen.button, "request.approve", lambda: done.append("approved"))
    type_text(screen.field, "a")
    assert (screen.field.text(), done) == ("a", [])
    screen.button.setFocus()
    press(screen.button, Qt.Key.Key_A)
    assert done == ["approved"]


def test_without_the_right_there_is_no_action(screen):
    done = []
    actions = Actions(Catalog([CANCEL]), lambda right: right != "cancel", screen)
    action = actions.bind(screen, "payment.cancel", lambda: done.append("cancelled"))
    wear(screen.button, action)
    press(screen.field, Qt.Key.Key_F8)
    assert done == []
    assert not screen.button.isVisible()
    assert actions.offered() == []


def test_a_button_wears_its_action(screen, qtbot):
    done = []
    action = Actions(Catalog([TAKE]), lambda _: True, screen).bind(screen, "payment.take", lambda: done.append(1))
    wear(screen.button, action)
    assert screen.button.text() == "Take payment"
    assert screen.button.toolTip() == "Save, kick the drawer, print. (F5)"
    screen.button.click()
    press(screen.field, Qt.Key.Key_F5)
    assert done == [1, 1]
    action.setEnabled(False)
    assert not screen.button.isEnabled()


def test_a_key_means_one_thing_on_one_screen():
    catalog = Catalog([TAKE, COUNT])
    with pytest.raises(ValueError, match="F5 means payment"):
        catalog.declare(ActionSpec("payment.other", "Other", "F5", group="Counter"))
    with pytest.raises(ValueError, match="F5"):
        catalog.declare(ActionSpec("any", "Any", "F5", everywhere=True))
    with pytest.raises(ValueError, match="twice"):
        catalog.declare(TAKE)


def test_actions_of_a_closed_screen_are_not_offered(screen, qtbot):
    actions = Actions(Catalog([TAKE, COUNT]), lambda _: True)
    actions.bind(screen, "payment.take", lambda: None)
    other = QWidget(screen)
    actions.bind(other, "drawer.count", lambda: None)
    assert [actions.spec(action).id for action in actions.offered()] == ["payment.take"]
    other.show()
    assert len(actions.offered()) == 2
    other.deleteLater()
    qtbot.waitUntil(lambda: len(actions.offered()) == 1)
