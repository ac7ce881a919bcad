"""To do: the user's lists, approving and rejecting in place, counts in the rail."""

from datetime import date

import pytest

from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.domain.to_do import BUILT_IN_TYPES
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.queries.to_do import ToDoRow
from cashier_app.ui.view_models.to_do import way_to
from cashier_app.ui.views.to_do import ToDoScreen
from tests.builders import an_account
from tests.services.adjustments.office import changed_type, set_up
from tests.services.approvals.office import approve, balance, reject, submitted
from tests.ui.office import an_office


@pytest.fixture
def office(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "sue") as made:
        for login, roles in (("sue", ("ADJ-LEVEL-1",)), ("stan", ("ADJ-LEVEL-1", "ADJ-LEVEL-2"))):
            made.ledger.do(ChangeUser(login=login, to_do_roles=roles), "system")
        changed_type(made.ledger, "adjustment_type", "FEE", approval_profile="FEES")
        yield made


@pytest.fixture
def account(office):
    return an_account(office.ledger)


def opened(office, qtbot):
    """The screen with the first entry chosen."""
    screen = office.screen(qtbot, ToDoScreen)
    screen.tree.setCurrentIndex(screen.tree.rows.index(0, 0, screen.tree.rows.index(0, 0)))
    return screen


def texts(tree):
    return [(branch.cells, [below.cells[0] for below in branch.below]) for branch in tree.rows.top]


def offered(screen):
    return {name for name, action in screen._action.items() if action.isEnabled()}


def test_what_waits_is_listed_by_type_with_how_many(office, account, qtbot):
    submitted(office.ledger, account, "20.00")
    submitted(office.ledger, account, "30.00")
    office.ledger.do(RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit."), "system")
    screen = office.screen(qtbot, ToDoScreen)
    assert [(cells, len(below)) for cells, below in texts(screen.tree)] == [
        (("Branches that cannot deliver", "1"), 1),
        (("Adjustments to approve", "2"), 2),
    ]
    assert screen.lists.waiting.count == 3
    assert "2" in screen.ages.toolTip()


def test_what_waits_is_counted_once_in_the_rail(played):
    played.sign_in("sue")
    alarm = RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit.")
    played.backend.changed.emit(played.backend.door.execute(alarm, user_id=SYSTEM.id).changes)
    rail = played.window.shell.rail
    assert rail.button("to_do").accessibleName() == "To do, 1 waiting"
    assert rail.button("event").accessibleName() == "Payments"


def test_the_last_approval_lets_it_count(office, account, qtbot):
    submitted(office.ledger, account, "20.00")
    screen = opened(office, qtbot)
    assert offered(screen) == {"approve", "reject", "open", "take", "comment"}
    assert screen.detail.badge.text() == "approval in progress"
    assert [branch.cells[2] for branch in screen.detail.levels.rows.top] == ["asked now"]
    screen._action["approve"].trigger()
    screen.approve_sheet.wanted.emit()
    assert office.said == ["Approved"]
    assert balance(office.ledger, account) == 2000
    assert texts(screen.tree) == []


def test_the_first_of_two_levels_hands_on(office, account, qtbot):
    submitted(office.ledger, account, "150.00")
    screen = opened(office, qtbot)
    assert [branch.cells[2] for branch in screen.detail.levels.rows.top] == ["asked now", "later"]
    screen._action["approve"].trigger()
    screen.approve_sheet.wanted.emit()
    assert office.said == ["Approved; the next level is asked"]
    assert balance(office.ledger, account) == 0


def test_rejecting_asks_why(office, account, qtbot):
    request = submitted(office.ledger, account, "20.00")
    screen = opened(office, qtbot)
    screen._action["reject"].trigger()
    screen.reject_sheet.wanted.emit()
    assert screen.reject_sheet.form.problem("reason") == "Say why it is rejected."
    screen.reject_sheet.words.setText("duplicate")
    screen.reject_sheet.wanted.emit()
    assert office.said == ["Rejected; the adjustment is deleted"]
    kept = office.ledger.rows(f"SELECT status, reject_reason FROM approval_request WHERE id = {request.request_id}")
    assert kept == [("REJECTED", "duplicate")]


def test_one_cannot_approve_what_one_has_submitted(office, account, qtbot):
    changed_type(office.ledger, "user_group", "SUPERVISOR", rights=["*"])
    submitted(office.ledger, account, "20.00", by="sue")
    screen = opened(office, qtbot)
    assert "approve" not in offered(screen)
    assert "reject" in offered(screen)
    assert "submitted it yourself" in screen.detail.hindrance.text()


def test_what_somebody_else_approved_first_goes_from_the_list(office, account, qtbot):
    request = submitted(office.ledger, account, "20.00")
    screen = opened(office, qtbot)
    office.do(approve(request), "stan")
    assert texts(screen.tree) == []
    assert screen.lists.entry is None


def test_what_was_decided_is_found_and_read_again(office, account, qtbot):
    first = submitted(office.ledger, account, "20.00")
    second = submitted(office.ledger, account, "30.00")
    office.do(approve(first), "stan")
    office.do(reject(second, "duplicate"), "stan")
    screen = office.screen(qtbot, ToDoScreen)
    screen.tabs.show_page("decided")
    assert [branch.cells[1:] for branch in screen.decided.rows.top] == [
        ("Jane Masters", "rejected", "30.00"),
        ("Jane Masters", "approved", "20.00"),
    ]
    assert screen.detail.badge.text() == "rejected"
    assert [branch.cells[2:] for branch in screen.detail.history.rows.top][-1] == ("rejected", "duplicate")
    assert offered(screen) == {"open"}
    screen.tabs.show_page("waiting")
    assert screen._right_pages.currentIndex() == 1


def test_another_refusal_hides_nothing_that_is_shown(office, account, qtbot):
    submitted(office.ledger, account, "20.00")
    screen = opened(office, qtbot)

    def refuses(_store, _config):
        raise RuleViolation([Problem("SEC-010", "Somebody else must sign.")])

    screen.lists.ask(lambda _answer: None, refuses)
    assert screen.lists.chosen.request is not None


def test_an_entry_is_taken_spoken_of_and_completed(office, qtbot):
    set_up(office.ledger, to_do_role=[{"code": "TECHNICIANS", "description": "Technicians"}])
    office.ledger.do(RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit."), "system")
    screen = opened(office, qtbot)
    assert offered(screen) == {"take", "comment", "forward", "complete"}
    screen._action["take"].trigger()
    assert screen._action["take"].text() == "Put back"
    screen._action["comment"].trigger()
    screen.comment_sheet.words.setText("The line is down.")
    screen.comment_sheet.wanted.emit()
    assert [branch.cells[2:] for branch in screen.detail.history.rows.top] == [
        ("taken", ""),
        ("said", "The line is down."),
    ]
    screen._action["complete"].trigger()
    screen.complete_sheet.wanted.emit()
    assert office.said == ["Noted", "Noted", "Complete"]
    assert texts(screen.tree) == []


def test_what_is_forwarded_is_somebody_elses(office, qtbot):
    office.ledger.do(RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit."), "system")
    screen = opened(office, qtbot)
    screen._action["forward"].trigger()
    screen.forward_sheet.role.choose("ADJ-HEAD")
    screen.forward_sheet.wanted.emit()
    assert office.said == ["Noted"]
    assert texts(screen.tree) == []


def test_go_there_leads_to_the_customer(office, account, qtbot):
    submitted(office.ledger, account, "20.00")
    screen = opened(office, qtbot)
    went = []
    office.desk.go.account.connect(went.append)
    screen._action["open"].trigger()
    assert went == [account.id]


def test_nothing_waits(office, qtbot):
    screen = office.screen(qtbot, ToDoScreen)
    assert screen._left_pages.currentIndex() == 1
    screen.clear()
    screen.leave()


@pytest.mark.parametrize(
    ("to_do_type", "about", "way"),
    [
        ("APPROVAL", {"account_id": 7, "request_id": 1}, ("account", 7)),
        ("NSF-FEE", {"account_id": 7, "event_id": 8}, ("account", 7)),
        ("NSF-CASH-BACK", {"account_id": 7, "event_id": 8}, ("account", 7)),
        ("UPLOAD_ERROR", {"account_id": 7, "event_id": 8}, ("event", 8)),
        ("SUSPENSE", {"event_id": 8}, ("event", 8)),
        ("BATCH_ERROR", {"account_id": 7}, ("account", 7)),
        ("BATCH_ERROR", {"run_id": "abc"}, ("run", "abc")),
        ("GL_ACCOUNT", {}, ("area", "ledger")),
        ("MAIL", {}, ("area", "batch")),
        ("SYNC_ALARM", {}, None),
    ],
)
def test_each_entry_leads_to_the_screen_that_resolves_it(to_do_type, about, way):
    nothing = dict.fromkeys(("account_id", "event_id", "adjustment_id", "request_id", "assigned_to_id"))
    words = dict.fromkeys(("description", "role", "role_description", "status", "assigned_to", "text"), "")
    more = {"account_number": "", "name": "", "priority": 5, "created_on": date(2026, 1, 5)}
    entry = ToDoRow(to_do_id=1, to_do_type=to_do_type, **{**nothing, **words, **more, **about})
    assert way_to(entry) == way


def test_every_built_in_type_leads_somewhere_or_says_what_to_do():
    assert set(BUILT_IN_TYPES) == {
        *("APPROVAL", "NSF-FEE", "NSF-CASH-BACK", "UPLOAD_ERROR", "SUSPENSE", "SYNC_ALARM", "BATCH_ERROR"),
        *("MAIL", "GL_ACCOUNT"),
    }, "add the new one to the test above"
