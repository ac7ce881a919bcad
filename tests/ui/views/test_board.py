"""The supervisor's board and deposits: they move by themselves, and what is done there is done in place."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.turn_ins import TurnInFunds
from cashier_app.ui.views.board import BoardScreen
from tests.builders import an_account, an_open_drawer, counted, paid, usd
from tests.ui.office import an_office
from tests.ui.typing import press_where_the_focus_is


@pytest.fixture
def office(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "sue") as made:
        yield made


@pytest.fixture
def screen(office, qtbot):
    return office.screen(qtbot, BoardScreen)


def balanced(office, by="ann", amount="100.00"):
    control = an_open_drawer(office.ledger, by)
    office.do(StartBalancing(tender_control_id=control), by)
    office.do(CountDrawer(tender_control_id=control, count=counted(amount)), by)
    office.do(BalanceDrawer(tender_control_id=control), by)
    return control


def test_nothing_open_says_what_comes(screen):
    assert screen.empty.isVisible()
    assert screen.deposits._pages.currentIndex() == 0


def test_cards_move_as_commands_happen(office, screen):
    control = an_open_drawer(office.ledger)
    account = an_account(office.ledger, owing="900.00")
    office.backend.changed.emit(frozenset({("*", 0)}))
    card = screen.cards.card(control)
    assert "Counter 1" in card.accessibleName()
    assert "Ann since" in card.accessibleName()
    paid(office.ledger, account, "1450.00")
    office.backend.changed.emit(frozenset({("*", 0)}))
    assert screen.cards.card(control) is card
    assert "Its limit is passed" in card.accessibleName()


def test_a_drawer_left_open_is_force_closed_with_a_count_and_a_reason(office, screen):
    control = an_open_drawer(office.ledger)
    office.ledger.clock.instant += timedelta(days=1)
    screen.board.refresh()
    assert "left open" in screen.cards.card(control).accessibleName()
    screen._action["force_close"].trigger()
    sheet = screen.force_close_sheet
    sheet.counting.count(0, loose=1)
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert sheet.form.problem("reason") == "Say why it is closed by somebody else."
    sheet.reason.setText("Ann went home ill")
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert office.said == ["Drawer closed"]
    assert office.ledger.rows("SELECT status FROM tender_control") == [("BALANCED",)]


def test_a_turn_in_is_received_from_the_card(office, screen):
    control = an_open_drawer(office.ledger)
    office.do(TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("40.00")))
    assert "Turn-ins to be received: 1, 40.00" in screen.cards.card(control).accessibleName()
    screen._action["receive"].trigger()
    screen.receive_sheet.submit()
    assert screen.board.pending == ()
    assert office.said == ["Turn-in received"]


def test_a_balanced_drawer_is_reopened_with_a_reason(office, screen):
    balanced(office)
    screen._action["reopen"].trigger()
    screen.reopen_sheet.submit()
    assert screen.reopen_sheet.form.problem("reason") == "Say why it is reopened."
    screen.reopen_sheet.reason.setText("A check was forgotten")
    screen.reopen_sheet.submit()
    assert screen.board.chosen.status == "OPEN"


def test_the_x_report_is_drawn_as_it_prints(office, screen):
    an_open_drawer(office.ledger)
    screen.board.refresh()
    screen._action["x_report"].trigger()
    assert screen.paper.page_count >= 1


def test_a_deposit_goes_from_open_to_the_bank(office, screen):
    control = an_open_drawer(office.ledger)
    account = an_account(office.ledger, owing="250.00")
    paid(office.ledger, account, "250.00")
    view, deposits = screen.deposits, screen.deposits.deposits
    office.do(StartBalancing(tender_control_id=control))
    view._action["start"].trigger()
    assert "CASH-A01" in view._problem.text
    office.do(CountDrawer(tender_control_id=control, count=counted("350.00")))
    office.do(BalanceDrawer(tender_control_id=control))
    view._action["start"].trigger()
    assert deposits.status == "BALANCING"
    view._action["hand_over"].trigger()
    assert "The slips add up to 0.00 USD" in view._problem.text
    view._action["slip"].trigger()
    assert view.amount.value == 25000
    view.amount.set_value(30000)
    view.slip_sheet.wanted.emit()
    assert "There is 250.00 USD left" in view.slip_sheet.form.problem("amount")
    view.amount.set_value(25000)
    view.slip_sheet.wanted.emit()
    view._action["paper"].trigger()
    assert view.paper.page_count >= 1
    view._action["hand_over"].trigger()
    assert deposits.status == "BALANCED"


def test_a_handed_over_deposit_is_reopened_by_an_administrator(office, screen):
    balanced(office)
    view, deposits = screen.deposits, screen.deposits.deposits
    view._action["start"].trigger()
    view._action["hand_over"].trigger()
    assert deposits.status == "BALANCED"
    view._action["reopen"].trigger()
    view.reason.setText("Wrong bag")
    office.asking.consents = [("adam", "correct horse battery")]
    view.reopen_sheet.wanted.emit()
    assert office.asking.asked == ["done", "done", "SEC-010", "done"]
    assert deposits.status == "OPEN"
