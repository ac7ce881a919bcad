"""Every control has a name, a place in the tab order, and room for longer words in either direction."""

import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui.actions import ActionSpec, Catalog
from cashier_app.ui.table_models.rows import Column, RowsModel
from cashier_app.ui.view_models.counting import CountedDenomination, Counting
from cashier_app.ui.views.main_window import Area, MainWindow
from cashier_app.ui.widgets.amounts import AmountLabel, BigChange, MoneyEdit
from cashier_app.ui.widgets.bars import AgedDebtBar, LimitBar, StackedBar
from cashier_app.ui.widgets.cards import Card
from cashier_app.ui.widgets.denominations import DenominationTable
from cashier_app.ui.widgets.pages import PageView
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import EmptyState, Fact, FactList, Notice, ProblemLabel, StatusBadge


class Everything(QWidget):
    def __init__(self, actions) -> None:
        super().__init__()
        take = actions.bind(self, "payment.take", lambda: None)
        table = TableView("Payments")
        table.setModel(RowsModel([Column("Customer", str, str)], ["Jane", "John"]))
        counting = Counting([CountedDenomination(2000, packed=100), CountedDenomination(25, coin=True, packed=40)])
        amount = AmountLabel()
        amount.set_amount(100)
        change = BigChange()
        change.show_change(100)
        parts = [
            MoneyEdit("Pays"),
            amount,
            change,
            AgedDebtBar(),
            LimitBar("Cash"),
            StackedBar("Takings"),
            Card("CASH-A01"),
            DenominationTable(counting),
            PageView("Receipt"),
            table,
            EmptyState("receipt", "Nothing yet", "Scan a bill.", take),
            FactList([Fact("Customer", "Jane")]),
            Notice(),
            ProblemLabel(),
            StatusBadge("open", "good"),
        ]
        column = QVBoxLayout(self)
        for part in parts:
            column.addWidget(part)


class LongerWords(QTranslator):
    """A language whose words are 40 % longer."""

    def translate(self, _context, text, _disambiguation=None, _n=-1):
        return text + "m" * (len(text) * 2 // 5)

    def isEmpty(self):  # noqa: N802
        return False


def open_window(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    catalog = Catalog([ActionSpec("payment.take", "Take payment", "F5", group="Counter")])
    window.show()
    window.activateWindow()
    window.open_shell([Area("all", "Everything", "counter", Everything)], catalog, lambda _right: True, "cashier1")
    window.shell.line.show_state("4 unsent", about="Line")
    return window


@pytest.fixture
def window(qtbot):
    return open_window(qtbot)


def controls(window):
    for widget in [window, *window.findChildren(QWidget)]:
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QPushButton):
            yield widget


def is_inner(widget):
    # Parts that Qt makes inside its own views take the focus on behalf of the view that has the name.
    return widget.objectName().startswith("qt_") or type(widget).__name__ in {"QHeaderView", "QScrollBar"}


def test_every_control_has_a_name(window):
    nameless = []
    for widget in controls(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name) if interface else widget.accessibleName()
        if not (name or widget.accessibleName()) and not is_inner(widget):
            nameless.append(widget)
    assert nameless == []


def test_tab_reaches_every_control_in_reading_order_and_comes_back(window, qapp):
    shell = window.shell
    shell.scan.setFocus()
    met = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus in met:
            break
        met.append(focus)
        qapp.focusWidget().window().focusNextPrevChild(True)
    assert QApplication.focusWidget() is shell.scan, "the way is a circle"
    names = [widget.accessibleName() for widget in met]
    assert names.index("Pays") < names.index("20.00, loose pieces") < names.index("20.00, bundles of 100")
    assert names.index("20.00, bundles of 100") < names.index("Payments")


def test_the_focus_can_be_seen(window, qapp):
    for widget in controls(window):
        if not widget.isVisible() or not widget.isEnabled() or is_inner(widget):
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            window.shell.rail.button("all").setFocus()
            if widget is window.shell.rail.button("all"):
                window.shell.scan.setFocus()
            before = widget.grab().toImage()
            widget.setFocus()
            assert widget.grab().toImage() != before, f"{widget.accessibleName()} shows no focus"


def test_longer_words_and_right_to_left_fit(qapp, qtbot):
    translator = LongerWords()
    qapp.installTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = open_window(qtbot)
        window.resize(1024, 700)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        qapp.processEvents()
        assert window.width() == 1024
        shell = window.shell
        assert shell.rail.x() > shell.content.x(), "the rail is where reading starts"
        for button in shell.findChildren(QPushButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
    finally:
        qapp.removeTranslator(translator)
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
