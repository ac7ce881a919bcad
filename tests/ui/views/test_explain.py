"""Any figure on any screen explains itself: by its key, by the menu, further and back, as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from cashier_app.demo.stage import Stage
from cashier_app.domain.figures import FigureKind, figure, read_figure
from cashier_app.services.queries.search import find
from cashier_app.ui.views.customer import CustomerScreen
from cashier_app.ui.views.explain import ExplainPanel
from cashier_app.ui.widgets.figures import figures_at, figures_below
from tests.builders import a_payment, an_account, an_open_drawer, cash, paid
from tests.ui.office import AnOffice, an_office

KINDS = FigureKind


@pytest.fixture
def panel(till: Stage) -> Any:
    """Made when it is first wanted."""
    till.trigger("figure.explain")
    till.press("Escape")
    assert till.session is not None
    return till.session.office._panel


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[AnOffice]:
    with an_office(sqlite_url, tmp_path, "olga") as made:
        yield made


def row(panel: ExplainPanel, place: int = 0) -> tuple[str, ...]:
    return panel.parts.rows.top[place].cells


def looked_at(till: Stage, name: str) -> Any:
    found: list[Any] = []

    async def look() -> None:
        found.extend(await till.backend.query(find, name))

    till.run(look())
    screen = till.go("customer")
    screen.open_account(found[0].account_id)
    till.settle()
    return screen


def test_the_figure_the_keys_are_on_is_explained_further_and_back(till: Stage, panel: ExplainPanel) -> None:
    screen = looked_at(till, "Jane Masters")
    screen.facts.agreements.setFocus()
    till.press("Ctrl+E")
    assert [cells.cells[1] for cells in panel.parts.rows.top] == ["Electric · Current", "Electric · Payoff"]
    till.press("Return")
    assert panel.title.text() == "Current balance of Electric"
    assert panel.amount.text() == row(panel)[2] == "84.10"
    assert panel.sum_words.text() == "It comes from one part."
    till.press("Return")
    assert "Opening receivable" in panel.title.text()
    assert "AddAdjustment by System" in panel.reasons.toPlainText()
    till.press("Ctrl+C")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Opening receivable: effect on the current balance of Electric: 84.10 USD")
    assert "Booked: debit 84.10 USD A/R-ELEC" in copied
    till.press("Backspace")
    assert panel.title.text() == "Current balance of Electric"
    till.press("Backspace")
    assert panel.title.text() == "Which figure?"
    till.press("Escape")
    assert not panel.isVisible()
    assert screen.facts.agreements.hasFocus()


def test_where_the_keys_are_on_no_figure_any_of_the_screen_can_be_chosen(till: Stage, panel: ExplainPanel) -> None:
    looked_at(till, "Jane Masters")
    assert till.window.shell is not None
    till.window.shell.scan.setFocus()
    till.press("Ctrl+E")
    offered = {cells.cells[1]: cells.cells[2] for cells in panel.parts.rows.top}
    assert offered["Current balance"] == "125.35"
    assert {"Credit rating", "Gas · Payoff", "Cash-only score"} <= offered.keys()


@pytest.mark.qt_log_ignore("does not support")  # popups without a display
def test_the_menu_explains_what_lies_under_the_pointer(till: Stage, panel: ExplainPanel) -> None:
    screen = looked_at(till, "Jane Masters")
    assert till.session is not None
    for widget, kind in ((screen.header.current, KINDS.ACCOUNT), (screen.header.bar, KINDS.DEBT)):
        at = widget.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)
        menu = till.session.office._menu.menu
        assert menu is not None
        assert all(action.text().startswith("Explain ") for action in menu.actions())
        menu.close()  # as Qt does before it says what was chosen
        menu.actions()[0].trigger()
        till.settle()
        assert read_figure(panel.explain.figure).kind == kind
        panel.dismiss()


def test_a_sentence_leads_further_or_to_its_screen(till: Stage, panel: ExplainPanel) -> None:
    screen = looked_at(till, "Jane Masters")
    panel.show_figure(figure(KINDS.ACCOUNT, screen.customer.account_id, "current"))
    till.settle()
    told = panel.explain.explanation
    assert told is not None
    leads = {reason.place: place for place, reason in enumerate(told.reasons)}
    assert f'href="{leads["account"]}"' in panel.reasons.toHtml()
    panel.show_figure(figure(KINDS.RULE, "GLACCT-BASE"))
    till.settle()
    assert "docs/algorithms.md" in panel.reasons.toPlainText()
    rule = panel.explain.explanation
    assert rule is not None
    panel._follow_link(QUrl(str(len(rule.reasons) - 1)))
    till.settle()
    assert panel.title.text() == "Algorithm GLACCT-BASE"
    till.press("Backspace")
    assert panel.title.text().startswith("GLACCT-BASE:")
    panel.show_figure(figure(KINDS.ACCOUNT, screen.customer.account_id, "current"))
    till.settle()
    panel._follow_link(QUrl(str(leads["account"])))
    assert not panel.isVisible()
    assert till.window.current_area == "customer"


def test_a_drawer_explains_itself_to_its_owner_and_what_is_kept_is_said(till: Stage, panel: ExplainPanel) -> None:
    screen = till.go("my_drawer")
    offered = {each.words: each for each in figures_below(screen)}
    assert offered["Float"].text == "100.00"
    panel.show_figure(offered["Float"].figure)
    till.settle()
    assert panel.amount.text() == "100.00"
    panel.show_figure(figure(KINDS.COMPANY_DEBT, "USD", "owed", 0, 0))
    till.settle()
    assert "RunBatch" in panel.title.text()


def test_key_help_lists_the_key(till: Stage) -> None:
    assert till.window.actions_offered is not None
    keys = {till.window.actions_offered.spec(action).id for action in till.window.actions_offered.offered()}
    assert "figure.explain" in keys


def test_parts_come_as_they_are_walked(office: AnOffice, qtbot: Any) -> None:
    account = an_account(office.ledger, owing="84.10")
    an_open_drawer(office.ledger)
    for _ in range(60):
        paid(office.ledger, account, "1.00")
    screen = office.screen(qtbot, CustomerScreen)
    panel = ExplainPanel(screen, office.desk)
    panel.show_figure(figure(KINDS.AGREEMENT, account.sa["ELEC"], "current"))
    assert panel.parts.rows.rowCount() == 50
    assert panel.sum_words.text() == "It is the sum of these 50 parts and of 74.10 that comes with further ones."
    panel.parts.verticalScrollBar().setValue(panel.parts.verticalScrollBar().maximum())
    assert panel.parts.rows.rowCount() == 61
    assert panel.sum_words.text() == "It is the sum of these 61 parts."
    office.do(a_payment(account, cash("1.10")), "ann")
    assert panel.explain.explanation is not None
    assert panel.explain.explanation.amount == 2300
    panel.dismiss()
    assert figures_at(None) == []


def test_what_is_refused_is_said_and_nothing_else_shown(till: Stage, panel: ExplainPanel) -> None:
    panel.show_figure(figure(KINDS.SEAL, 7, "USD"))
    till.settle()
    assert "ViewJournal" in panel.title.text()
    assert not panel.parts.isVisible()
    assert not panel.reasons.isVisible()
    till.press("Escape")
    assert not panel.isVisible()
    panel.show_figure(figure(KINDS.CONTROL, "tender_type", "CASH", 0))
    till.settle()
    assert panel.reasons.hasFocus()
    till.press("Escape")
    assert not panel.isVisible()
