"""A branch's screens: names for screen readers, a visible focus, longer words in the smallest window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton

from cashier_app.ui.branch_line import Phase
from cashier_app.ui.views.assistant import ALONE, BRANCH, OFFICE, Assistant
from tests.ui.branch import a_branch_window, a_met_town
from tests.ui.test_for_everyone import LongerWords
from tests.ui.views.test_till_for_everyone import CONTENT, stops


@pytest.fixture(scope="module")
def met(demo_ledger, tmp_path_factory):
    return a_met_town(demo_ledger, tmp_path_factory.mktemp("town"))


@pytest.fixture
def branch(met, tmp_path, qapp):
    with a_branch_window(met, tmp_path) as window:
        yield window


@pytest.fixture
def in_longer_words(qapp):
    translator = LongerWords()
    qapp.installTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.removeTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def offline(branch):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "60")
    branch.stage.clock.advance(minutes=35)
    branch.look()


def nameless(widget):
    found = []
    for stop in stops(widget):
        interface = QAccessible.queryAccessibleInterface(stop)
        if not (stop.accessibleName() or (interface and interface.text(QAccessible.Text.Name))):
            found.append(stop)
    return found


def test_every_control_of_the_line_has_a_name_and_a_visible_focus(branch):
    offline(branch)
    branch.stage.trigger("line.show")
    panel = branch.stage.session.line._panel
    assert nameless(panel) == []
    panel.table.setFocus(Qt.FocusReason.TabFocusReason)
    before = panel.try_now.grab().toImage()
    panel.try_now.setFocus(Qt.FocusReason.TabFocusReason)
    assert panel.try_now.grab().toImage() != before
    chip = branch.chip
    unfocused = chip.grab().toImage()
    branch.stage.press("Escape")
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    assert chip.grab().toImage() != unfocused


def test_every_control_of_the_first_start_has_a_name(qtbot):
    assistant = Assistant()
    qtbot.addWidget(assistant)
    assistant.show_missing("ledger.db")
    for place in (ALONE, OFFICE, BRANCH):
        assistant.choose(place)
        assert nameless(assistant) == []


def test_longer_words_fit_the_smallest_window_while_the_line_is_down(branch, in_longer_words):
    window = branch.stage.window
    window.resize(1024, 700)
    offline(branch)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    branch.stage.settle()
    assert (window.width(), window.height()) == (1024, 700)
    assert window.shell.minimumSizeHint().width() <= 1024
    assert window.shell.scan.width() >= 200
    branch.stage.press("F8")
    screen = window.screen_of("event")
    assert screen.minimumSizeHint().width() <= CONTENT[0]
    branch.stage.trigger("line.show")
    panel = branch.stage.session.line._panel
    assert window.shell.rect().contains(panel.geometry())
    for button in panel.findChildren(QPushButton):
        assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_longer_words_fit_the_first_start(qtbot, branch, in_longer_words):
    window = branch.stage.window
    window.resize(1024, 700)
    assistant = Assistant()
    window.show_instead(assistant)
    assistant.show_missing("ledger.db")
    for place in (ALONE, OFFICE, BRANCH):
        assistant.choose(place)
        branch.stage.settle()
        assert assistant.widget().minimumSizeHint().width() <= 1024
    state = branch.line.state
    fetching = replace(state.link, directory_after=7)
    assistant.show_joined(replace(state, phase=Phase.OFFLINE, link=fetching, problem="The server cannot be reached."))
    branch.stage.settle()
    assert assistant.widget().minimumSizeHint().width() <= 1024
