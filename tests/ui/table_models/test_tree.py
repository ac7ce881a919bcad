"""Rows that open in place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from cashier_app.ui.table_models.tree import Branch, Heading, TreeModel, amount_heading
from cashier_app.ui.widgets.trees import TreeView
from tests.ui.typing import press

HEADINGS = (Heading("What", stretch=1), amount_heading("Amount"))


def branches(*names):
    return [
        Branch((name, "1.00"), key=name, row=name.upper(), below=(Branch((f"about {name}",), role="muted"),))
        for name in names
    ]


@pytest.fixture
def tree(qtbot):
    made = TreeView("History", HEADINGS)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.show_branches(branches("one", "two"))
    return made


def test_the_model_keeps_qt_s_promises(qtmodeltester):
    model = TreeModel(HEADINGS)
    model.show(branches("one", "two"))
    model.append(branches("three"))
    qtmodeltester.check(model)


def test_enter_opens_and_closes_a_row(tree):
    tree.go_to("one")
    press(tree, Qt.Key.Key_Return)
    assert tree.isExpanded(tree.rows.find("one"))
    press(tree, Qt.Key.Key_Return)
    assert not tree.isExpanded(tree.rows.find("one"))


def test_enter_on_what_opens_no_further_chooses_the_row_it_belongs_to(tree):
    chosen = []
    tree.chosen.connect(chosen.append)
    tree.go_to("two")
    press(tree, Qt.Key.Key_Right)
    press(tree, Qt.Key.Key_Down)
    press(tree, Qt.Key.Key_Return)
    assert chosen == ["TWO"]


def test_what_is_open_and_chosen_stays_so_when_rows_are_shown_anew(tree):
    tree.go_to("two")
    tree.expand(tree.rows.find("two"))
    tree.show_branches(branches("zero", "one", "two"))
    assert tree.current_row() == "TWO"
    assert tree.isExpanded(tree.rows.find("two"))
    assert not tree.isExpanded(tree.rows.find("one"))


def test_the_list_is_as_high_as_what_is_open(tree):
    tree.fit()
    closed = tree.height()
    tree.expandAll()
    tree.fit()
    assert tree.height() > closed


def test_a_sentence_below_a_row_is_read_aloud_whole(tree):
    index = tree.rows.index(0, 0, tree.rows.find("one"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "about one"
    assert QAccessible.queryAccessibleInterface(tree).text(QAccessible.Text.Name) == "History"


def test_the_end_of_a_list_asks_for_more_only_when_it_is_near(qtbot):
    tree = TreeView("History", HEADINGS)
    qtbot.addWidget(tree)
    tree.resize(300, 200)
    tree.show()
    tree.show_branches(branches(*(f"row {number}" for number in range(50))))
    asked = []
    tree.more = lambda: asked.append(True)
    tree.go_to("row 3")
    assert asked == []
    tree.go_to("row 49")
    assert asked


def test_a_long_list_is_walked_to_its_end_and_back_with_few_rows_at_a_time(qtbot):
    tree = TreeView("History", HEADINGS)
    qtbot.addWidget(tree)
    tree.resize(400, 300)
    tree.show()
    known = list(range(100))

    def branch(place):
        return Branch((f"entry {known[place]}",), key=known[place], row=known[place])

    def more():
        known.extend(range(len(known), len(known) + 100))
        tree.more = more if len(known) < 1000 else None
        tree.show_rows(len(known), branch, grown=True)

    tree.more = more
    tree.show_rows(len(known), branch)
    bar, seen = tree.verticalScrollBar(), [tree.indexAt(tree.rect().topLeft()).data()]
    while bar.value() < bar.maximum():
        bar.setValue(bar.value() + 200)
        seen.append(tree.indexAt(tree.rect().topLeft()).data())
        assert tree.rows.rowCount() <= TreeView.WINDOW
    assert len(known) == 1000
    assert tree.rows.top[-1].key == 999
    assert [int(text.split()[1]) for text in seen] == sorted({int(text.split()[1]) for text in seen}), "nothing jumps"
    while bar.value() > 0:
        bar.setValue(bar.value() - 200)
    assert tree.rows.top[0].key == 0


def test_who_has_walked_on_stays_there_when_the_list_is_shown_anew(qtbot):
    tree = TreeView("History", HEADINGS)
    qtbot.addWidget(tree)
    tree.resize(400, 300)
    tree.show()
    places = [Branch((f"entry {place}",), key=place, row=place) for place in range(1000)]
    tree.show_rows(1000, places.__getitem__)
    for _ in range(60):
        tree.verticalScrollBar().setValue(tree.verticalScrollBar().value() + 200)
    before = tree.indexAt(tree.rect().topLeft()).data()
    tree.show_rows(1000, places.__getitem__)
    tree.go_to_first()
    assert tree.indexAt(tree.rect().topLeft()).data() == before
    tree.show_rows(0, places.__getitem__)
    tree.show_rows(1000, places.__getitem__)
    assert tree.rows.top[0].key == 0, "another list begins at its beginning"
