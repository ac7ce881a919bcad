"""What tests of approvals have in common: people in roles, and adjustments to approve."""

from __future__ import annotations

from typing import Any

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment
from cashier_app.services.approvals.submitting import SubmitForApproval
from tests.builders import OPEN_LEDGERS, AnAccount, Ledger, a_ledger, a_user, balances_of, usd
from tests.services.adjustments.office import changed_type
from tests.support.databases import prepare

ROLES = {
    "ben": ("ADJ-LEVEL-1",),
    "bea": ("ADJ-LEVEL-1",),
    "cleo": ("ADJ-LEVEL-2",),
    "carl": ("ADJ-CREDIT",),
    "both": ("ADJ-LEVEL-1", "ADJ-LEVEL-2"),
    "head": ("ADJ-HEAD",),
}


def an_office(url: str) -> Ledger:
    """The demo utility with approvers; fees are governed by the guide's hierarchy."""
    ledger = a_ledger(url, ("olga", "sue"))
    if ROLES.keys() <= ledger.people.keys():
        return ledger
    for login, roles in ROLES.items():
        a_user(ledger, login, "SUPERVISOR", to_do_roles=roles)
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    return ledger


def with_approvers(url: str) -> None:
    """The same in an empty database, for copies."""
    prepare(url)
    an_office(url).close()
    OPEN_LEDGERS.pop()


def in_roles(ledger: Ledger, login: str, *roles: str) -> None:
    ledger.do(ChangeUser(login=login, to_do_roles=roles), "system")


def a_freezable(ledger: Ledger, account: AnAccount, amount: str, by: str = "olga", **more: Any) -> int:
    add = AddAdjustment(
        sa_id=account.sa["ELEC"],
        adjustment_type="FEE",
        amount=usd(amount),
        finish=AdjustmentFinish.GENERATE,
        **more,
    )
    return int(ledger.do(add, by).adjustment_id)


def submitted(ledger: Ledger, account: AnAccount, amount: str, by: str = "olga") -> Any:
    return ledger.do(SubmitForApproval(adjustment_id=a_freezable(ledger, account, amount, by)), by)


def approve(request: Any, level: int = 1, **more: Any) -> ApproveAdjustment:
    return ApproveAdjustment(request_id=request.request_id, level=level, **more)


def reject(request: Any, reason: str = "duplicate") -> RejectAdjustment:
    return RejectAdjustment(request_id=request.request_id, reason=reason)


def waiting_for(ledger: Ledger) -> list[str]:
    """Roles that are told of something to approve."""
    found = ledger.rows("SELECT role FROM to_do WHERE to_do_type = 'APPROVAL' AND status <> 'COMPLETE' ORDER BY id")
    return [role for (role,) in found]


def log_of(ledger: Ledger, request: Any) -> list[tuple[int, str, str]]:
    """Level, what happened, and who did it."""
    names = {key: login for login, key in ledger.people.items()}
    found = ledger.rows(
        f"SELECT level, action, user_id FROM approval_note WHERE request_id = {request.request_id} ORDER BY id"
    )
    return [(level, action, names[user_id]) for level, action, user_id in found]


def balance(ledger: Ledger, account: AnAccount) -> int:
    return balances_of(ledger, account)["ELEC"]
