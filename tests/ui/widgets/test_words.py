from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from cashier_app.ui.widgets.cards import Card
from cashier_app.ui.widgets.words import Fact, FactList, Notice, ProblemLabel, SectionLabel, StatusBadge
from tests.ui.typing import press


def test_a_problem_marks_its_field_and_says_what_would_be_accepted(qtbot):
    field = QLineEdit()
    qtbot.addWidget(field)
    problem = ProblemLabel(field)
    qtbot.addWidget(problem)
    height = problem.sizeHint().height()
    problem.show_problem("No account has this number.", "Type the number on the bill.")
    assert problem.text == "No account has this number. Type the number on the bill."
    assert field.property("refused") is True
    assert field.accessibleDescription() == problem.text
    problem.clear()
    assert field.property("refused") is False
    assert max(problem.minimumHeight(), problem.sizeHint().height()) >= height, "nothing jumps"


def test_a_notice_goes_by_itself_unless_it_must_not_be_missed(qtbot):
    notice = Notice(stays_ms=20)
    qtbot.addWidget(notice)
    notice.show()
    notice.say("Receipt printed", "good")
    assert notice.text == "Receipt printed"
    qtbot.waitUntil(lambda: notice.text == "")
    notice.say("The printer is out of paper", "attention", stays=True)
    qtbot.wait(60)
    assert notice.text == "The printer is out of paper"


def test_names_from_outside_are_never_markup(qtbot):
    facts = FactList([Fact("Customer", "<b>Jane</b>")])
    qtbot.addWidget(facts)
    badge = StatusBadge("<i>open</i>")
    qtbot.addWidget(badge)
    assert "Customer: <b>Jane</b>" in facts.accessibleName()
    assert badge.textFormat() == Qt.TextFormat.PlainText


def test_facts_that_are_gone_are_not_shown(qtbot):
    facts = FactList([Fact("Customer", "Jane"), Fact("Account", "2004 118-7")])
    qtbot.addWidget(facts)
    facts.show()
    facts.show_facts([Fact("Customer", "John")])
    assert facts.accessibleName() == "Customer: John"
    assert [name.isVisible() for name, _ in facts._values] == [True, False]


def test_small_capitals_are_read_aloud_as_words(qtbot):
    section = SectionLabel("Who")
    qtbot.addWidget(section)
    assert section.accessibleName() == "Who"


def test_a_card_opens_with_the_keys_and_says_its_state(qtbot):
    card = Card("CASH-A01")
    qtbot.addWidget(card)
    card.show_head("CASH-A01", "cashier1 since 08:02", "open", "good")
    assert card.accessibleName() == "CASH-A01, open, cashier1 since 08:02"
    with qtbot.waitSignal(card.opened):
        press(card, Qt.Key.Key_Return)
