"""Whoever must look into something is told, and nobody else (R batch 15, S1 p.51-52)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.approvals.deciding import ApproveAdjustment
from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.customers.accounts import ChangeManagementGroup
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.queries.to_do import ToDoRow, to_do_counts, to_do_entries, to_do_notes
from cashier_app.services.to_do.working import CommentToDo, CompleteToDo, ForwardToDo, ReturnToDo, TakeToDo
from tests.builders import AnAccount, Ledger, a_ledger, a_payment, a_user, an_account, an_open_drawer, check
from tests.services.adjustments.office import changed_type, set_up
from tests.services.approvals.office import an_office, submitted


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    made = a_ledger(ledger_url)
    set_up(
        made,
        to_do_role=[{"code": "DESK"}, {"code": "RISKS"}, {"code": "DIVISION"}],
        to_do_type=[{"code": "NSF-FEE", "description": "Returned checks", "role": "DESK", "e_mail": True}],
        account_management_group=[{"code": "RISK", "to_do_roles": [{"to_do_type": "NSF-FEE", "role": "RISKS"}]}],
    )
    a_user(made, "dora", "BACKOFFICE", to_do_roles=("DESK",), e_mail="dora@example.org")
    a_user(made, "rick", "BACKOFFICE", to_do_roles=("RISKS",))
    an_open_drawer(made)
    yield made
    made.close()


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    return an_account(ledger, owing="50.00", customer_class="GOV", kind="BUSINESS")


def bounced(ledger: Ledger, account: AnAccount) -> None:
    """A check comes back, and nothing says what that costs."""
    taken = ledger.do(a_payment(account, check("20.00")))
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")


def told(ledger: Ledger, login: str) -> list[ToDoRow]:
    with reading(ledger.database, access=EVERYTHING) as store:
        return list(to_do_entries(store, ledger.door.current_config(store), user_id=ledger.people[login]))


def in_division(ledger: Ledger) -> None:
    code = ledger.value("SELECT code FROM control_record WHERE table_name = 'cis_division' ORDER BY code")
    changed_type(ledger, "cis_division", code, to_do_roles=[{"to_do_type": "NSF-FEE", "role": "DIVISION"}])


class TestWhoIsTold:
    def test_the_types_role(self, ledger: Ledger, account: AnAccount) -> None:
        bounced(ledger, account)
        assert [row.role for row in told(ledger, "dora")] == ["DESK"]
        assert told(ledger, "rick") == []

    def test_the_division_before_the_type(self, ledger: Ledger, account: AnAccount) -> None:
        in_division(ledger)
        bounced(ledger, account)
        assert ledger.rows("SELECT role FROM to_do") == [("DIVISION",)]

    def test_the_management_group_before_the_division(self, ledger: Ledger, account: AnAccount) -> None:
        in_division(ledger)
        ledger.do(ChangeManagementGroup(account_id=account.id, management_group="RISK"), "olga")
        bounced(ledger, account)
        assert [row.role for row in told(ledger, "rick")] == ["RISKS"]
        assert told(ledger, "dora") == []

    def test_everybody_where_nobody_says(self, ledger: Ledger) -> None:
        ledger.do(RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit."), "system")
        assert [[row.to_do_type for row in told(ledger, login)] for login in ("dora", "rick")] == [["SYNC_ALARM"]] * 2

    def test_by_mail_where_the_type_asks_for_it(self, ledger: Ledger, account: AnAccount) -> None:
        bounced(ledger, account)
        assert ledger.rows("SELECT address, subject FROM outgoing_mail") == [("dora@example.org", "Returned checks")]

    def test_how_much_waits(self, ledger: Ledger, account: AnAccount) -> None:
        bounced(ledger, account)
        bounced(ledger, account)
        with reading(ledger.database, access=EVERYTHING) as store:
            (found,) = to_do_counts(store, ledger.door.current_config(store), ledger.people["dora"])
        assert (found.to_do_type, found.description, found.count) == ("NSF-FEE", "Returned checks", 2)


class TestWorkingOnIt:
    def test_taken_said_forwarded_and_completed(self, ledger: Ledger, account: AnAccount) -> None:
        bounced(ledger, account)
        (entry,) = told(ledger, "dora")
        ledger.do(TakeToDo(to_do_id=entry.to_do_id), "dora")
        assert ledger.refusal(TakeToDo(to_do_id=entry.to_do_id), "dora") == "TD-002"
        assert told(ledger, "dora")[0].assigned_to == "Dora"
        ledger.do(ReturnToDo(to_do_id=entry.to_do_id), "dora")
        ledger.do(CommentToDo(to_do_id=entry.to_do_id, text="Customer is called."), "dora")
        ledger.do(ForwardToDo(to_do_id=entry.to_do_id, role="RISKS"), "dora")
        assert told(ledger, "dora") == []
        completed = CompleteToDo(to_do_id=entry.to_do_id, text="Fee charged by hand.")
        assert ledger.refusal(completed, "dora") == "TD-001"
        ledger.do(completed, "rick")
        assert told(ledger, "rick") == []
        with reading(ledger.database, access=EVERYTHING) as store:
            notes = to_do_notes(store, ledger.door.current_config(store), entry.to_do_id)
        assert [(note.user, note.action) for note in notes] == [
            ("Dora", "TAKEN"),
            ("Dora", "RETURNED"),
            ("Dora", "COMMENT"),
            ("Dora", "FORWARDED"),
            ("Rick", "COMPLETED"),
        ]

    def test_an_empty_comment_and_an_unknown_entry(self, ledger: Ledger, account: AnAccount) -> None:
        bounced(ledger, account)
        (entry,) = told(ledger, "dora")
        assert ledger.refusal(CommentToDo(to_do_id=entry.to_do_id, text=" "), "dora") == "TD-004"
        assert ledger.refusal(TakeToDo(to_do_id=4711), "dora") == "TD-001"
        assert ledger.refusal(ForwardToDo(to_do_id=entry.to_do_id, role="NOBODY"), "dora") == "CFG-001"


def test_what_must_be_approved_is_completed_by_approving(database_url: str) -> None:
    ledger = an_office(database_url)
    request = submitted(ledger, an_account(ledger), "20.00")
    (entry,) = told(ledger, "ben")
    assert (entry.request_id, entry.to_do_type) == (request.request_id, "APPROVAL")
    assert told(ledger, "cleo") == []
    assert ledger.refusal(CompleteToDo(to_do_id=entry.to_do_id), "ben") == "TD-003"
    assert ledger.refusal(ForwardToDo(to_do_id=entry.to_do_id, role="ADJ-HEAD"), "ben") == "TD-003"
    ledger.do(ApproveAdjustment(request_id=request.request_id, level=1), "ben")
    assert told(ledger, "ben") == []
    ((by, command),) = ledger.rows(
        "SELECT to_do.completed_by, journal.name FROM to_do JOIN journal ON journal.id = to_do.completed_in"
    )
    assert (by, command) == (ledger.people["ben"], "ApproveAdjustment")
    ledger.close()


def test_roles_are_given_by_administrators(ledger: Ledger) -> None:
    assert ledger.refusal(ChangeUser(login="dora", to_do_roles=("NOBODY",)), "adam") == "CFG-001"
    assert ledger.refusal(ChangeUser(login="adam", to_do_roles=("DESK",)), "adam") == "SEC-043"
    assert ledger.refusal(ChangeUser(login="dora", e_mail="dora at example"), "adam") == "SEC-045"
    ledger.do(ChangeUser(login="dora", to_do_roles=(), e_mail=""), "adam")
    assert ledger.rows(f"SELECT role FROM user_to_do_role WHERE user_id = {ledger.people['dora']}") == []
