"""Match events by hand: what covers each other on an open-item account, and what the customer disputes (R billing 18).

Whatever makes events by itself, a payment that names what it pays or a completed bill, calls `match` as well: the state
follows from the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from cashier_app.domain.configuration import CustomerClass
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import MATCH_EVENT, MatchEventStatus
from cashier_app.domain.matching import may_be_disputed
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.match_event import MatchEvent
from cashier_app.services.accounting.match_events import cancel, keep_disputed, members_of, put, settle
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, among, change, insertion
from cashier_app.services.kernel.work import Work

_RIGHT = "MatchTransactions"
_ONE = Statement(
    select(
        MatchEvent.id, MatchEvent.account_id, MatchEvent.status, MatchEvent.disputed, MatchEvent.cancel_reason
    ).where(MatchEvent.id == bindparam("match_event_id"))
)
_reversal = aliased(FinancialTransaction)
_FTS = Statement(
    select(
        FinancialTransaction.id,
        FinancialTransaction.sa_id,
        FinancialTransaction.current_amount,
        FinancialTransaction.match_event_id,
        FinancialTransaction.redundant,
        FinancialTransaction.reverses_ft_id,
        exists(select(1).where(_reversal.reverses_ft_id == FinancialTransaction.id)).label("is_reversed"),
        ServiceAgreement.account_id,
    )
    .join(ServiceAgreement, ServiceAgreement.id == FinancialTransaction.sa_id)
    .where(among(FinancialTransaction.id, "ids"))
    .order_by(FinancialTransaction.id)
)
_INSERT = insertion(MatchEvent, "id account_id status created_on created_in")
_DISPUTE = change(MatchEvent, "dispute_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMatchEvent:
    """Say that transactions of an open-item account cover each other, or that the customer disputes them."""

    account_id: int
    ft_ids: tuple[int, ...]
    dispute: str | None = None
    """Why the customer disputes them; nothing where they are only matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToMatchEvent:
    """Put more transactions into a match event: the payment that covers a charge, the credit that ends a dispute."""

    match_event_id: int
    ft_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFromMatchEvent:
    """Take transactions out of a match event, but not all of them."""

    match_event_id: int
    ft_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMatchEvent:
    """The customer disputes what an open match event holds: it stays owed, and does not age."""

    match_event_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDispute:
    """The dispute is decided: what it held ages again, or is balanced where a credit was added."""

    match_event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMatchEvent:
    """Let a match event's transactions go: each stands for itself and ages again."""

    match_event_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEventChanged:
    """A match event as it is now."""

    match_event_id: int
    status: MatchEventStatus
    disputed: bool


@handles(CreateMatchEvent, right=_RIGHT)
def create_match_event(command: CreateMatchEvent, work: Work) -> MatchEventChanged:
    """Open until its transactions cancel out on each agreement."""
    _require_open_item(work, command.account_id)
    return match(work, command.account_id, command.ft_ids, command.dispute)


def match(work: Work, account_id: int, ft_ids: Sequence[int], dispute: str | None = None) -> MatchEventChanged:
    """A new match event of an open-item account; refuses with MAT-003 or MAT-004 what cannot be matched."""
    event_id = work.new_id()
    opened = (event_id, account_id, MatchEventStatus.OPEN.value, work.business_date, work.journal_id)
    work.store.write(_INSERT, [opened])
    event = work.store.first(_ONE, match_event_id=event_id)
    return _joined(work, event, ft_ids, dispute)


@handles(AddToMatchEvent, right=_RIGHT)
def add_to_match_event(command: AddToMatchEvent, work: Work) -> MatchEventChanged:
    """A disputed event stays disputed."""
    event = _event(work, command.match_event_id)
    _require_open_item(work, event.account_id)
    _require_changeable(work, event)
    return _joined(work, event, command.ft_ids)


@handles(RemoveFromMatchEvent, right=_RIGHT)
def remove_from_match_event(command: RemoveFromMatchEvent, work: Work) -> MatchEventChanged:
    """An event that was balanced is open again."""
    event = _event(work, command.match_event_id)
    members = _require_changeable(work, event)
    gone = set(command.ft_ids)
    known = {member.ft_id for member in members}
    require(gone and gone <= known, "MAT-003", "Choose transactions that are in the match event.", "ft_ids")
    require(gone < known, "MAT-003", "Nothing would be left of the match event; cancel it.", "ft_ids")
    put(work, None, sorted(gone))
    return _changed(work, event, {member.sa_id for member in members}, disputed=bool(event.disputed))


@handles(DisputeMatchEvent, right=_RIGHT)
def dispute_match_event(command: DisputeMatchEvent, work: Work) -> MatchEventChanged:
    """Only an open event: what is balanced is settled."""
    event = _event(work, command.match_event_id)
    _require_open_item(work, event.account_id)
    members = _require_changeable(work, event)
    if event.status == MatchEventStatus.BALANCED:
        refuse("MAT-006", "Its transactions cancel out: nothing of it is owed that could be disputed.")
    _say_why(work, event, command.reason, "reason")
    return _changed(work, event, {member.sa_id for member in members}, disputed=True)


@handles(EndDispute, right=_RIGHT)
def end_dispute(command: EndDispute, work: Work) -> MatchEventChanged:
    """As old as if there had been no dispute."""
    event = _event(work, command.match_event_id)
    require(event.disputed, "MAT-006", "The match event is not disputed.")
    (members,) = members_of(work, [event.id]).values()
    return _changed(work, event, {member.sa_id for member in members}, disputed=False)


@handles(CancelMatchEvent, right=_RIGHT)
def cancel_match_event(command: CancelMatchEvent, work: Work) -> MatchEventChanged:
    """A dispute that the customer has not won ends like this as well."""
    event = _event(work, command.match_event_id)
    members = _require_changeable(work, event)
    require(command.reason.strip(), "MAT-007", "Say why.", "reason")
    put(work, None, [member.ft_id for member in members])
    cancel(work, event, command.reason.strip())
    keep_disputed(work, {member.sa_id for member in members})
    work.changed("account", event.account_id)
    return MatchEventChanged(match_event_id=event.id, status=MatchEventStatus.CANCELED, disputed=False)


def _event(work: Work, match_event_id: int) -> Any:
    event = work.store.one(_ONE, ("MAT-001", "There is no such match event."), match_event_id=match_event_id)
    account_of(work, event.account_id)
    work.keep_off(event.account_id)
    return event


def _require_open_item(work: Work, account_id: int) -> None:
    account = account_of(work, account_id)
    work.keep_off(account_id)
    customer_class = work.config.get(CustomerClass, account.customer_class)
    require(
        customer_class.open_item,
        "MAT-002",
        f"Credits of {customer_class.description or customer_class.code} customers cover the oldest debt first; only "
        "open-item customers dispute and match single transactions.",
        "account_id",
    )


def _require_changeable(work: Work, event: Any) -> Sequence[Any]:
    """The transactions of an event that may still be changed."""
    if event.status == MatchEventStatus.CANCELED:
        MATCH_EVENT.move(MatchEventStatus.CANCELED, MatchEventStatus.OPEN)
    (members,) = members_of(work, [event.id]).values()
    rows = work.store.all(_FTS, ids=[member.ft_id for member in members])
    require(
        not any(row.redundant for row in rows),
        "MAT-008",
        "It is older than the oldest bucket and settled; it cannot be changed any more.",
    )
    return members


def _joined(work: Work, event: Any, ft_ids: Sequence[int], dispute: str | None = None) -> MatchEventChanged:
    """Put transactions into an event."""
    wanted = sorted(set(ft_ids))
    require(wanted, "MAT-003", "Choose at least one transaction.", "ft_ids")
    rows = {row.id: row for row in work.store.all(_FTS, ids=wanted)}
    for ft_id in wanted:
        problem = _problem(rows.get(ft_id), event.account_id)
        require(not problem, "MAT-004", problem, "ft_ids")
    put(work, event.id, wanted)
    if dispute is not None:
        _say_why(work, event, dispute, "dispute")
    disputed = dispute is not None or bool(event.disputed)
    return _changed(work, event, {row.sa_id for row in rows.values()}, disputed=disputed)


def _problem(row: Any, account_id: int) -> str:
    """Why a transaction cannot be matched; empty where it can."""
    if row is None or row.account_id != account_id:
        return "Choose transactions of this account."
    if row.match_event_id is not None:
        return "One of them is in another match event; take it out there first."
    if row.reverses_ft_id is not None or row.is_reversed:
        return "One of them was canceled: it and its reversal cover each other."
    if not row.current_amount:
        return "One of them does not change the current balance; there is nothing to match."
    if row.redundant:
        return "One of them is older than the oldest bucket and settled."
    return ""


def _say_why(work: Work, event: Any, reason: str, field: str) -> None:
    require(reason.strip(), "MAT-007", "Say why the customer disputes it.", field)
    work.store.write(_DISPUTE, [(reason.strip(), event.id)])


def _changed(work: Work, event: Any, sa_ids: set[int], *, disputed: bool) -> MatchEventChanged:
    """Give an event the state that follows from its transactions, and agreements what is disputed of them."""
    if disputed:
        (members,) = members_of(work, [event.id]).values()
        require(may_be_disputed(members), "MAT-006", "More is credited than charged: nothing of it can be disputed.")
    status = settle(work, event, disputed=disputed)
    keep_disputed(work, sa_ids)
    work.changed("account", event.account_id)
    return MatchEventChanged(match_event_id=event.id, status=status, disputed=disputed)
