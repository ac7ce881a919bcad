"""A branch as its cashier sees it: the line in sight, money taken without it, and what the office made of it."""

from __future__ import annotations

from contextlib import closing

import pytest

from cashier_app.demo.branch_town import BRANCH, SERVER_URL
from cashier_app.demo.stage import open_stage
from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.ui.branch_line import Phase
from cashier_app.ui.views.command_words import command_words
from cashier_app.ui.views.ledger_words import item_words
from cashier_app.ui.widgets.figures import Named, figures_at
from tests.ui.branch import a_branch_window, a_met_town
from tests.ui.till import account, focus_name, words_on


@pytest.fixture(scope="module")
def met(demo_ledger, tmp_path_factory):
    return a_met_town(demo_ledger, tmp_path_factory.mktemp("town"))


@pytest.fixture
def branch(met, tmp_path, qapp):
    with a_branch_window(met, tmp_path) as window:
        yield window


def receipt(tmp_path):
    """The last job of the receipt printer, as far as it is text."""
    newest = max((tmp_path / "spool").glob("*.escpos"))
    return newest.read_bytes().decode("cp437", "replace").replace("\n", " ")


def balance_at_the_server(branch, name):
    found = account(branch.stage, name)
    with branch.town.server.looking(None) as (store, _):
        cursor = branch.town.server.database.connection.cursor()
        assert store is not None
        cursor.execute("SELECT sum(current_balance) FROM service_agreement WHERE account_id = ?", (found.account_id,))
        return cursor.fetchone()[0]


def panel(branch):
    branch.stage.trigger("line.show")
    return branch.stage.session.line._panel


def explained(branch, named):
    """What the explanation of a figure comes to."""
    office = branch.stage.session.office
    office.explain(named.figure)
    branch.stage.settle()
    branch.stage.press("Escape")
    return office._panel.amount.text()


# -- the chip


def test_the_line_is_always_in_sight_and_quiet(branch):
    branch.open_drawer()
    branch.look()
    assert branch.chip.text() == "Connected"
    assert "Ctrl+U" in branch.chip.toolTip()
    assert branch.chip.accessibleName() == "Line to the server: Connected"
    branch.cut()
    branch.take("Jane Masters")
    assert branch.chip.text() == "Offline since 15:04 · 2 unsent"
    assert branch.chip._tone == "neutral"
    branch.stage.clock.advance(minutes=35)
    branch.look()
    assert branch.chip.text() == "Offline since 15:04 · 2 unsent, oldest 35 min"
    branch.mend()
    assert branch.chip.text() == "Connected"


def test_nothing_beside_the_chip_moves_when_its_words_change(branch):
    branch.open_drawer()
    branch.look()
    scan = branch.stage.window.shell.scan
    before = (scan.geometry(), branch.chip.geometry())
    branch.cut()
    branch.stage.clock.advance(minutes=35)
    branch.line.try_now()
    branch.stage.settle()
    assert branch.chip.text().startswith("Offline")
    assert (scan.geometry(), branch.chip.geometry()) == before


def test_the_sign_in_window_tells_how_the_line_stands_where_nobody_else_does(branch):
    branch.cut()
    branch.line.try_now()
    assert branch.line.state.phase is Phase.OFFLINE
    assert branch.stage.backend.node == BRANCH


# -- the panel


def test_the_panel_lists_what_waits_and_tries_now(branch):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "60")
    shown = panel(branch)
    assert focus_name() == "" or shown.isVisible()
    words = words_on(shown)
    assert SERVER_URL in words
    assert "Take money as always" in words
    rows = [(command_words(row.command), str(row.amount or ""), row.user) for row in shown.waiting.rows]
    assert rows == [("Receipt printed", "", "Bea Fontaine"), ("Payment", "60.00 USD", "Bea Fontaine")]
    branch.town.line.up = True
    shown.try_now.click()
    branch.stage.settle()
    assert "Nothing waits to be sent." in words_on(shown)
    assert branch.link.unsent == 0
    branch.stage.press("Escape")
    assert not shown.isVisible()


def test_a_refusal_is_an_alarm_in_words_that_says_what_to_do(branch):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters")
    branch.town.line.refusal = RuleViolation([Problem("SYNC-008", "An old copy was put in its place.")])
    branch.mend()
    assert branch.chip.text() == "Not sending · 2 unsent"
    assert branch.chip._tone == "danger"
    words = words_on(panel(branch))
    assert "SYNC-008: An old copy was put in its place." in words
    assert "Take no more money here" in words
    branch.town.line.refusal = None
    branch.line.try_now()
    assert branch.chip.text() == "Connected"


def test_the_line_is_found_by_its_keys_and_in_the_palette(branch):
    branch.open_drawer()
    branch.stage.press("Ctrl+U")
    assert branch.stage.session.line._panel.isVisible()
    branch.stage.press("Escape")
    branch.stage.trigger("palette.open")
    branch.stage.type("line")
    branch.stage.press("Return")
    assert branch.stage.session.line._panel.isVisible()


def test_a_till_that_is_no_branch_has_no_line(till):
    assert not till.window.shell.line.isVisible()
    assert not any(action.objectName().startswith("line.") for action in till.window.actions_offered.offered())


# -- taking money


def test_the_counter_says_that_the_server_distributes(branch):
    branch.open_drawer()
    branch.stage.find("Jane Masters")
    assert "Recorded; the server distributes it" in words_on(branch.stage.window.screen_of("counter").what)
    branch.stage.press("Return")
    branch.stage.press("Return")
    assert "Recorded; the server distributes it" in words_on(branch.stage.window.screen_of("counter").how)
    (line,) = branch.stage.window.screen_of("counter").model.today
    assert line.state == "RECORDED"


def test_what_was_paid_here_is_told_while_the_balance_does_not_know_it(branch):
    branch.open_drawer()
    branch.stage.find("Jane Masters")
    who = branch.stage.window.screen_of("counter").who
    assert "Balance as of" not in words_on(who)
    branch.cut()
    branch.take("Jane Masters", "60")
    branch.stage.find("Jane Masters")
    assert "60.00 was recorded here and is not in the balance yet. Balance as of 20 Nov 2026" in words_on(who)
    assert [(each.text, explained(branch, each)) for each in figures_at(who._recorded)] == [("60.00", "60.00")]
    assert [(each.text, explained(branch, each)) for each in figures_at(branch.chip)] == [("2", "2")]
    branch.mend()
    assert figures_at(branch.chip) == figures_at(who._recorded) == []
    assert "recorded here" not in words_on(who)
    assert "Balance as of" not in words_on(who)


def test_what_a_branch_has_taken_itself_is_in_the_history_there(branch):
    branch.open_drawer()
    branch.take("Jane Masters", "60")
    screen = branch.stage.go("customer")
    screen.open_account(account(branch.stage, "Jane Masters").account_id)
    branch.stage.settle()
    assert [(row.status, row.amount) for row in screen.customer.rows] == [("RECORDED", -6000)]
    assert screen.river.tree.isVisible()


def test_each_command_goes_out_at_once_while_the_line_is_up(branch):
    branch.open_drawer()
    owed = account(branch.stage, "Jane Masters").current_balance
    branch.take("Jane Masters")
    assert branch.link.unsent == 0
    assert balance_at_the_server(branch, "Jane Masters") == 0 != owed
    assert account(branch.stage, "Jane Masters").current_balance == 0


def test_a_receipt_says_recorded_offline_only_while_that_is_so(branch, tmp_path):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "60")
    first = receipt(tmp_path)
    assert "Recorded offline" in first
    assert "Balances are as of" in first
    assert "Last known balance" in first
    branch.mend()
    branch.stage.press("F10")
    again = receipt(tmp_path)
    assert "COPY" in again
    assert "Recorded offline" not in again
    assert "Balances are as of" in again


def test_what_the_office_made_of_a_payment_is_shown_agreement_by_agreement(branch):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "100")
    branch.stage.press("F8")
    facts = branch.stage.window.screen_of("event").facts
    assert "The server distributes it when it hears of it" in words_on(facts)
    assert facts.badge.text() == "recorded"
    branch.mend()
    assert facts.badge.text() == "booked at the office"
    (top,) = facts.booked.tree.rows.top
    assert [below.cells[1] for below in top.below] == ["Electric", "Gas"]
    for row in (top, *top.below):
        assert explained(branch, Named("", "", row.figures[-1])) == row.cells[-1]
    assert "The server distributes it when it hears of it" not in words_on(facts)


def test_money_in_suspense_is_told_with_its_reason(branch):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "100")
    branch.stage.press("F8")
    connection = branch.town.server.database.connection
    connection.cursor().execute(
        "UPDATE service_agreement SET status = 'CLOSED' WHERE account_id = ?",
        (account(branch.stage, "Jane Masters").account_id,),
    )
    branch.mend()
    facts = branch.stage.window.screen_of("event").facts
    assert facts.badge.text() == "in suspense at the office"
    assert "waits in suspense" in words_on(facts)


def test_what_needs_the_ledger_is_not_offered(branch):
    branch.open_drawer()
    branch.take("Jane Masters")
    branch.stage.press("F8")
    offered = {action.objectName() for action in branch.stage.window.actions_offered.offered() if action.isEnabled()}
    assert "event.cancel_tender" in offered
    for away in ("transfer", "cancel_payment", "freeze", "distribute", "place", "add_payments"):
        assert f"event.{away}" not in offered
    branch.stage.go("customer")
    offered = {action.objectName() for action in branch.stage.window.actions_offered.offered()}
    assert not {"customer.note", "customer.adjust", "customer.person"} & offered


def test_a_payment_taken_back_before_it_was_sent_is_canceled_on_both_sides(branch):
    branch.open_drawer()
    owed = account(branch.stage, "Jane Masters").current_balance
    branch.cut()
    branch.take("Jane Masters")
    branch.stage.press("F8")
    detail = branch.stage.window.screen_of("event").event_model.detail
    cancel = CancelTender(tender_id=detail.tenders[0].tender_id, reason="ERROR")
    branch.stage.run(branch.stage.backend.execute(cancel, approval=("sue", "sue keeps the safe shut")))
    branch.mend()
    assert balance_at_the_server(branch, "Jane Masters") == owed
    assert branch.stage.window.screen_of("event").facts.badge.text() == "canceled"


def test_what_changes_at_the_server_shows_up_in_the_open_screen(branch):
    branch.open_drawer()
    branch.stage.find("Jane Masters")
    counter = branch.stage.window.screen_of("counter")
    who = counter.model.payee.glance.account_id
    branch.town.server.execute(AddAlert(account_id=who, text="Moved to Bay Street"), user_id=SYSTEM.id)
    branch.line.try_now()
    branch.stage.settle()
    assert [alert.text for alert in counter.model.payee.glance.alerts] == ["Moved to Bay Street"]


# -- leaving


def test_people_sign_in_with_the_line_down_and_signing_out_drops_nothing(branch):
    branch.cut()
    branch.open_drawer()
    branch.take("Jane Masters")
    unsent = branch.link.unsent
    assert unsent >= 3
    branch.stage.sign_out()
    branch.look()
    assert branch.link.unsent == unsent
    branch.stage.sign_in("bea")
    branch.mend()
    assert branch.link.unsent == 0


# -- at the office


def test_the_office_finds_what_a_branch_could_not_book_on_its_work_list(branch, tmp_path):
    branch.open_drawer()
    branch.cut()
    branch.take("Jane Masters", "100")
    who = account(branch.stage, "Jane Masters").account_id
    cursor = branch.town.server.database.connection.cursor()
    cursor.execute("UPDATE service_agreement SET status = 'CLOSED' WHERE account_id = ?", (who,))
    branch.mend()
    alarm = RaiseAlarm(node_id=branch.link.node_id, code="SYNC-003", text="Another command 3.")
    branch.town.server.execute(alarm, user_id=SYSTEM.id)
    with closing(open_stage(str(tmp_path / "server.db"), tmp_path / "office", branch.stage.clock)) as office:
        office.sign_in("olga")
        screen = office.go("event")
        items = screen.lists.waiting.items
        said = [item_words(item) for item in items]
        assert said == [
            "Jane Masters: In suspense: No agreement can receive the payment.",
            "A branch cannot deliver. BRANCH-7: Another command 3. (SYNC-003)",
        ]
        screen._choose(items[0])
        assert screen.event_model.detail.event_id == items[0].event_id
        screen._choose(items[1])
        assert "cashier verify" in words_on(office.window)
