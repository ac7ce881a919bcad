"""What people are told to look into, and who is told (R batch 15, S1 p.51-52)."""

# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cashier_app.domain.control_fields import described


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoRole:
    """One or more users who look at the same entries (S1 p.52)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoType:
    """A kind of thing to look into."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name of the list.", default="")
    role: str = described(
        "Role", "Who is told where nothing else decides; empty for everybody.", refers="to_do_role", default=""
    )
    priority: int = described("Priority", "0 to 9; lists begin with the highest.", default=5)
    e_mail: bool = described("E-mail", "Also tell every user of the role by e-mail.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleForType:
    """Who is told of one kind of thing."""

    to_do_type: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountManagementGroup:
    """Accounts that are looked after by the same people, such as doubtful debtors (S1 p.52)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    to_do_roles: tuple[RoleForType, ...] = described(
        "To Do roles", "Who is told of entries for its accounts, by To Do type.", default=()
    )


BUILT_IN_TYPES: Final = {
    each.code: each
    for each in (
        ToDoType(code="APPROVAL", description="Adjustments to approve", priority=7),
        ToDoType(code="NSF-FEE", description="Returned checks without a fee"),
        ToDoType(code="NSF-CASH-BACK", description="Cash back of returned checks"),
        ToDoType(code="UPLOAD_ERROR", description="Payments from files that fit no account"),
        ToDoType(code="SUSPENSE", description="Money in suspense", priority=7),
        ToDoType(code="SYNC_ALARM", description="Branches that cannot deliver", priority=9),
        ToDoType(code="BATCH_ERROR", description="What batch jobs could not do"),
        ToDoType(code="MAIL", description="E-mails that could not be sent"),
        ToDoType(code="GL_ACCOUNT", description="Postings without a general ledger account"),
    )
}
"""Types that there are without being set up; a record of the same code takes the place of one."""


def role_for(roles: Iterable[RoleForType], to_do_type: str) -> str:
    """Whom a management group or a division tells of a type; empty where it does not say."""
    return next((each.role for each in roles if each.to_do_type == to_do_type), "")
