import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.actions import ActionSpec, Catalog
from cashier_app.ui.views.command_palette import CommandPalette
from cashier_app.ui.views.key_help import KeyHelp
from cashier_app.ui.views.main_window import Area, MainWindow
from tests.ui.typing import press, press_where_the_focus_is, type_text


class Screen(QWidget):
    def __init__(self, actions, done) -> None:
        super().__init__()
        self.told = []
        self.note = QLineEdit()
        self.note.setAccessibleName("Note")
        QVBoxLayout(self).addWidget(self.note)
        actions.bind(self, "payment.take", lambda: done.append("taken"))

    def enter(self) -> None:
        self.told.append("enter")

    def leave(self) -> None:
        self.told.append("leave")


@pytest.fixture
def done():
    return []


@pytest.fixture
def window(qtbot):
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


def catalog():
    return Catalog(
        [
            ActionSpec("payment.take", "Take payment", "F5", group="Counter"),
            ActionSpec("drawer.count", "Count the drawer", "F5", group="My drawer"),
        ]
    )


@pytest.fixture
def shell(window, done):
    areas = [
        Area("counter", "Counter", "counter", lambda actions: Screen(actions, done)),
        Area("drawer", "My drawer", "drawer", lambda _actions: QWidget()),
        Area("setup", "Setup", "setup", lambda _actions: QWidget(), right="setup"),
    ]
    return window.open_shell(areas, catalog(), lambda right: right != "setup", "cashier1")


def test_the_first_thing_to_do_is_to_sign_in(window, qtbot):
    login, password = window.sign_in.findChildren(QLineEdit)
    login.setFocus()
    type_text(login, "cashier1")
    press(login, Qt.Key.Key_Return)
    assert password.hasFocus()
    type_text(password, "śecret")
    with qtbot.waitSignal(window.sign_in.submitted) as heard:
        press(password, Qt.Key.Key_Return)
    assert heard.args == ["cashier1", "śecret"]
    assert not password.isEnabled(), "nobody signs in twice at once"


def test_a_refused_sign_in_says_why_and_asks_again(window):
    login, password = window.sign_in.findChildren(QLineEdit)
    login.setText("cashier1")
    password.setText("wrong")
    window.sign_in.show_problem("Login or password is wrong.", "Passwords tell capitals apart.")
    assert window.sign_in.problem == "Login or password is wrong. Passwords tell capitals apart."
    assert (login.text(), password.text()) == ("cashier1", "")
    assert password.hasFocus()


@pytest.mark.parametrize(("login", "password"), [("", "x"), ("x", "")])
def test_what_is_missing_is_asked_for_before_anybody_is_bothered(window, qtbot, login, password):
    fields = window.sign_in.findChildren(QLineEdit)
    fields[0].setText(login)
    fields[1].setText(password)
    with qtbot.assertNotEmitted(window.sign_in.submitted):
        press(fields[1], Qt.Key.Key_Return)
    assert window.sign_in.problem


def test_after_signing_in_the_program_listens(window, shell):
    assert shell.scan.hasFocus()
    assert window.current_area == "counter"
    assert shell.user.text() == "cashier1"


def test_only_areas_one_has_rights_to_are_there(window, shell):
    assert set(shell.rail._buttons) == {"counter", "drawer"}


def test_areas_have_keys_and_screens_are_made_when_first_wanted(window, shell):
    assert window.screen_of("drawer") is None
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_area == "drawer"
    assert window.screen_of("drawer").isVisible()
    assert shell.rail.button("drawer").isChecked()
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.screen_of("counter").told == ["enter", "leave", "enter"]


def test_f2_leads_home_from_everywhere(window, shell):
    window.screen_of("counter").note.setFocus()
    press(window, Qt.Key.Key_F2)
    assert shell.scan.hasFocus()


def test_escape_in_an_empty_home_field_asks_for_a_clear_screen(window, shell, qtbot):
    type_text(shell.scan, "x")
    press(shell.scan, Qt.Key.Key_Escape)
    with qtbot.waitSignal(window.clear_requested):
        press(shell.scan, Qt.Key.Key_Escape)


def test_counts_show_where_something_waits(window, shell):
    shell.rail.show_count("drawer", 3)
    shell.rail.show_count("approvals of somebody else", 1)
    assert shell.rail.button("drawer").accessibleName() == "My drawer, 3 waiting"


def test_the_rail_folds_to_icons_that_still_have_names(window, shell, qtbot):
    wide = shell.rail.width()
    press(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shell.rail.width() < wide)
    assert "My drawer" in shell.rail.button("drawer").toolTip()


def test_any_action_is_found_by_a_few_letters_and_done_with_the_keys(window, shell, done):
    window.screen_of("counter").note.setFocus()
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = shell.findChild(CommandPalette)
    assert palette.isVisible()
    type_text(QApplication.focusWidget(), "tak")
    assert palette.shown()[0] == "Take payment"
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert done == ["taken"]
    assert not palette.isVisible()
    assert window.screen_of("counter").note.hasFocus(), "the focus is where it was"


def test_the_palette_offers_only_what_could_be_done_now(window, shell):
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = shell.findChild(CommandPalette)
    assert "Setup" not in palette.shown()
    assert "Count the drawer" not in palette.shown()
    type_text(QApplication.focusWidget(), "zzzz")
    assert palette.shown() == []
    press_where_the_focus_is(Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_arrows_walk_the_palette_round_its_end(window, shell):
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = shell.findChild(CommandPalette)
    press_where_the_focus_is(Qt.Key.Key_Up)
    assert palette._found.currentRow() == len(palette.shown()) - 1
    press_where_the_focus_is(Qt.Key.Key_Down)
    assert palette._found.currentRow() == 0


def test_f1_shows_the_keys_that_work_here_and_goes_again(window, shell):
    press(window, Qt.Key.Key_F1)
    keys = shell.findChild(KeyHelp)
    assert keys.isVisible()
    groups = {heading: [spec.text for spec in specs] for heading, specs in keys.groups().items()}
    assert groups["Counter"] == ["Take payment"]
    assert "My drawer" not in groups, "its screen is not shown"
    assert "Go to the scan field" in groups["Everywhere"]
    press_where_the_focus_is(Qt.Key.Key_F1)
    assert not keys.isVisible()
    assert shell.scan.hasFocus()


def test_locked_nothing_can_be_seen_or_typed_at(window, shell, done):
    window.lock("cashier1", "Event 1042")
    assert window.is_locked
    assert not shell.isVisible()
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert done == []
    assert window.current_area == "counter"


def test_nobody_else_can_go_on_with_an_open_event(window, shell, qtbot):
    other = next(b for b in window.lock_view.findChildren(type(shell.any_button)) if "somebody" in b.text())
    window.lock("cashier1", "Event 1042")
    assert not other.isEnabled()
    window.lock("cashier1")
    assert other.isEnabled()
    with qtbot.waitSignal(window.lock_view.other_requested):
        other.click()


def test_the_password_brings_everything_back_as_it_was(window, shell, qtbot):
    window.screen_of("counter").note.setFocus()
    window.lock("cashier1")
    password = window.lock_view.findChild(QLineEdit)
    assert password.hasFocus()
    type_text(password, "wrong")
    with qtbot.waitSignal(window.lock_view.unlock_requested) as heard:
        press(password, Qt.Key.Key_Return)
    assert heard.args == ["wrong"]
    window.lock_view.show_problem("That is not cashier1's password.")
    assert window.is_locked
    assert password.text() == ""
    window.unlock()
    assert window.screen_of("counter").note.hasFocus()


def test_signing_out_leaves_nothing_behind(window, shell):
    window.close_shell()
    assert window.sign_in.isVisible()
    assert window.screen_of("counter") is None
    assert [field.text() for field in window.sign_in.findChildren(QLineEdit)] == ["", ""]


def test_somebody_else_can_sign_in_afterwards(window, shell, done):
    window.close_shell()
    areas = [Area("counter", "Counter", "counter", lambda actions: Screen(actions, done))]
    again = window.open_shell(areas, catalog(), lambda _right: True, "cashier2")
    press(again.scan, Qt.Key.Key_F5)
    assert done == ["taken"], "once, not also for the user before"
    assert again.user.text() == "cashier2"


def test_a_window_with_open_work_asks_instead_of_closing(window, qtbot):
    window.may_close = lambda: False
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.may_close = lambda: True
    window.close()
    assert not window.isVisible()


@pytest.mark.parametrize("theme", [look.Theme.LIGHT, look.Theme.DARK])
def test_the_window_fits_the_smallest_screen(window, shell, qapp, theme):
    look.apply(qapp, theme)
    window.resize(1024, 700)
    shell.drawer.show_state("CASH-A01 open", "good", about="Drawer")
    shell.line.show_state("4 unsent", about="Line")
    qapp.processEvents()
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700
    assert (window.width(), window.height()) == (1024, 700)


def test_chips_say_what_they_are_about(shell):
    shell.line.show_state("4 unsent", about="Line to the server")
    assert shell.line.accessibleName() == "Line to the server: 4 unsent"
    assert shell.line.isVisible()
    shell.line.show_state("")
    assert not shell.line.isVisible()


def test_nothing_happens_behind_an_open_palette(window, shell, done):
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    press_where_the_focus_is(Qt.Key.Key_F5)
    assert done == []
    press_where_the_focus_is(Qt.Key.Key_Escape)
    press_where_the_focus_is(Qt.Key.Key_F5)
    assert done == ["taken"]


def test_a_click_elsewhere_closes_the_palette(window, shell):
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    window.screen_of("counter").note.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not shell.findChild(CommandPalette).isVisible()
    assert window.screen_of("counter").note.hasFocus()
