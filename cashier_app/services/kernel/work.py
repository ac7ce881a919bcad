"""What a handler works with: one transaction, who asked, when, and under which configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from cashier_app.domain.access import EVERY_GROUP, Access
from cashier_app.domain.errors import NeedsConfirmation, Problem, refuse
from cashier_app.domain.identifiers import key_of, node_of
from cashier_app.models.configuration import NumberSeries
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

_NEXT_NUMBER = Statement(
    update(NumberSeries)
    .where(NumberSeries.code == bindparam("series"))
    .values(last_number=NumberSeries.last_number + bindparam("step"))
    .returning(NumberSeries.last_number)
)
_NEW_SERIES = Statement(insert(NumberSeries).values(code=bindparam("series"), last_number=bindparam("last")))


MANY = 20_000
"""So many accounts can one command name; what changes more says only that it was *accounts*."""


class Change(NamedTuple):
    """Something that a command changed, for screens that show it."""

    kind: str
    """account, person, event, tender_control, deposit_control, approval_request, to_do, configuration or user."""
    key: int
    """For `account` 0 stands for very many: a conversion. Whoever keeps copies fetches all of them anew."""


EVERY_ACCOUNT = Change("account", 0)
"""What stands for more accounts than are named one by one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A user as the door knows one."""

    id: int
    login: str
    name: str
    active: bool
    rights: frozenset[str]
    tender_sources: frozenset[str] = frozenset()
    own_accounts: frozenset[int] = frozenset()
    """The user's own accounts and those of declared relatives (R reliability C5)."""
    access_groups: frozenset[str] = frozenset()
    """Whose accounts the user may see, beside those of no group; `EVERY_GROUP` where nothing is kept from them."""

    @property
    def access(self) -> Access:
        """What the user may see."""
        return Access(self.access_groups)

    def may_see(self, access_group: str) -> bool:
        """Whether the user may see an account of this group; empty means none."""
        return self.access.may_see(access_group)

    def may(self, right: str) -> bool:
        """Whether some group grants the right."""
        return right in self.rights or "*" in self.rights


SYSTEM = Actor(0, "system", "System", active=True, rights=frozenset("*"), access_groups=frozenset((EVERY_GROUP,)))
"""Who acts when a program of the installation itself does: set-up, conversion, batch."""


def require_somebody_else(user: Actor, approver: Actor) -> None:
    """Refuse with SEC-011 whoever signs for themselves, whether or not a second person is needed (I15)."""
    if approver.id == user.id:
        refuse("SEC-011", "The second person must be somebody else.", "approval")


@dataclass(slots=True)
class Work:
    """One command's transaction. Handlers never commit and never look at a clock."""

    store: Store
    config: Configuration
    user: Actor
    approver: Actor | None
    node: int
    business_date: date
    instant: datetime
    journal_id: int
    """The journal entry that this command will be."""
    last_key: int
    confirmed: frozenset[str] = frozenset()
    attachment: Any = None
    """What travels beside the command and is too large for the journal: the rows of a file."""
    preview: bool = False
    node_name: str = ""
    warnings: list[Problem] = field(default_factory=list)
    changes: set[Change] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    """Accounts of which it is known already that the user may see them."""
    takings: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What became final in this command by currency: events and what was handed over, for the grand total."""

    def new_id(self) -> int:
        """The next key of this node."""
        self.last_key += 1
        return key_of(self.node, self.last_key)

    def new_ids(self, count: int) -> range:
        """So many keys in a row."""
        first = key_of(self.node, self.last_key + 1)
        self.last_key += count
        return range(first, first + count)

    def next_numbers(self, series: str, count: int = 1) -> range:
        """The next numbers of a series without gaps; they are used or the transaction is undone."""
        last = self.store.value(_NEXT_NUMBER, series=series, step=count)
        if last is None:
            self.store.apply(_NEW_SERIES, [{"series": series, "last": count}])
            last = count
        return range(last - count + 1, last + 1)

    def next_number(self, series: str) -> int:
        """The next number of a series without gaps."""
        return self.next_numbers(series)[0]

    def changed(self, kind: str, *keys: int) -> None:
        """Note what screens should look at again."""
        self.changes.update(Change(kind, key) for key in keys)
        if len(self.changes) > MANY:
            self.changes = {change for change in self.changes if change.kind != "account"} | {EVERY_ACCOUNT}

    def refuse_elsewhere(self, key: int, what: str) -> None:
        """Refuse with BR-003 to touch here what a branch keeps: only its own workstation knows all of it."""
        if node_of(key) != self.node and node_of(key) in self.config.branches:
            refuse("BR-003", f"{what} is kept at a branch. Do this at its own workstation.")

    def warn(self, code: str, sentence: str, field: str = "") -> None:
        """Tell something that stops nothing."""
        self.warnings.append(Problem(code, sentence, field))

    def confirm(self, problems: Sequence[Problem]) -> None:
        """Go on only if the operator has confirmed these warnings; a preview shows them instead."""
        self.warnings.extend(problems)
        unconfirmed = [problem for problem in problems if problem.code not in self.confirmed]
        if unconfirmed and not self.preview:
            raise NeedsConfirmation(unconfirmed)

    def may(self, right: str) -> bool:
        """Whether the user holds a right."""
        return self.user.may(right)

    def need_right(self, right: str, what: str) -> None:
        """Refuse unless the user holds a special right."""
        if not self.user.may(right):
            refuse("SEC-003", f"You may not {what}. Ask somebody with the right {right!r}.")

    def need_second_person(self, right: str, what: str) -> None:
        """Refuse unless another person who holds the right has put a password to this command (R reliability C4)."""
        if self.preview:
            return
        if self.approver is None:
            refuse("SEC-010", f"To {what}, a second person with the right {right!r} must sign.", "approval")
        if not self.approver.may(right):
            refuse("SEC-012", f"{self.approver.name} does not hold the right {right!r}.", "approval")

    def need_right_or_second_person(self, right: str, what: str) -> None:
        """The user's own right is enough; otherwise somebody who holds it must sign."""
        if not self.user.may(right):
            self.need_second_person(right, what)

    def keep_off(self, *account_ids: int) -> None:
        """Refuse whoever acts or signs on an account of their own or of declared relatives (R reliability C5)."""
        if not self.user.own_accounts.isdisjoint(account_ids):
            refuse("SEC-030", "This account is yours or a relative's; somebody else must do it.")
        if self.approver and not self.approver.own_accounts.isdisjoint(account_ids):
            refuse(
                "SEC-030",
                f"This account is {self.approver.name}'s or a relative's; somebody else must sign.",
                "approval",
            )

    def count_taking(self, currency: str, minor: int) -> None:
        """Add a finished event to the grand total that never resets (R reliability C8, decision 15)."""
        number, total = self.takings.get(currency, (0, 0))
        self.takings[currency] = (number + 1, total + minor)
