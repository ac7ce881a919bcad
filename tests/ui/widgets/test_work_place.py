"""The frame of back-office screens: flowing buttons, forms in place, days, moments."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.work_place import OWN_ENTER, ActionSheet, Choice
from tests.ui.typing import press

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31 Dec 2026", date(2026, 12, 31)),
        ("12/31/26", date(2026, 12, 31)),
        ("+30", date(2026, 12, 20)),
        ("", None),
    ],
)
def test_a_day_is_taken_as_people_write_it(qtbot, typed, day):
    edit = DayEdit("Last day", TODAY)
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert (edit.value, edit.problem) == (day, "")


@pytest.mark.parametrize("typed", ["2026-02-30", "tomorrow", "31"])
def test_what_is_no_day_says_what_would_be(qtbot, typed):
    edit = DayEdit("Last day", TODAY)
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.value is None
    assert "2026-11-20" in edit.problem


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit_that_says_enough(ago, words):
    now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert when.since(now - ago, now) == words


def test_buttons_go_on_in_the_next_line_when_there_is_no_room(qtbot):
    flow = Flow()
    qtbot.addWidget(flow)
    for number in range(6):
        flow.add(QPushButton(f"Action number {number}"))
    assert flow.layout().heightForWidth(2000) < flow.layout().heightForWidth(300)


@pytest.fixture
def sheet(qtbot):
    over = QWidget()
    qtbot.addWidget(over)
    made = ActionSheet("Cancel a tender", "Cancel it")
    made.reason = QLineEdit()
    made.form.add("reason", "Why", made.reason)
    QVBoxLayout(over).addWidget(made)
    over.show()
    made.over = over  # Qt forgets what nobody holds
    made.open_sheet("Check 4471")
    return made


def test_enter_does_it_and_escape_leaves_it(sheet):
    heard = []
    sheet.wanted.connect(lambda: heard.append("wanted"))
    sheet.left.connect(lambda: heard.append("left"))
    press(sheet.reason, Qt.Key.Key_Return)
    press(sheet.reason, Qt.Key.Key_Escape)
    assert heard == ["wanted", "left"]
    assert not sheet.isVisible()


def test_enter_in_a_search_within_a_form_does_not_send_the_form(sheet):
    heard = []
    sheet.wanted.connect(lambda: heard.append("wanted"))
    sheet.reason.setProperty(OWN_ENTER, True)
    press(sheet.reason, Qt.Key.Key_Return)
    assert heard == []


def test_nothing_is_sent_twice_while_it_is_under_way(sheet):
    heard = []
    sheet.wanted.connect(lambda: heard.append("wanted"))
    sheet.show_busy(busy=True)
    press(sheet.reason, Qt.Key.Key_Return)
    assert heard == []


def test_problems_stand_beside_their_field_and_the_rest_above_the_buttons(sheet):
    sheet.show_problems([Problem("PAY-008", "A cancel reason is needed.", "reason"), Problem("PAY-005", "Closed.")])
    assert sheet.form.problem("reason") == "A cancel reason is needed."
    assert sheet.problem == "Closed."


def test_a_choice_stays_chosen_while_it_is_offered(qtbot):
    choice = Choice("Reason")
    qtbot.addWidget(choice)
    choice.offer([("A", "One"), ("B", "Two")])
    choice.choose("B")
    choice.offer([("B", "Two"), ("C", "Three")])
    assert choice.code == "B"
    choice.offer([("C", "Three")])
    assert choice.code == "C"
