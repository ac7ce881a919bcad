"""Requests for approval as people look at them: what is asked, who has said what, who is asked next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import ApprovalStatus
from cashier_app.models.adjustment import UnfrozenFt
from cashier_app.models.approval import ApprovalLevel, ApprovalNote, ApprovalRequest
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.security import UserToDoRole
from cashier_app.services.adjustments.freezing import asking_for_date
from cashier_app.services.customers.names import NOBODY, account_names, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import guarded
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.to_do import role_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One level of a request: who is, was or will be asked."""

    level: int
    role: str
    description: str
    """Of the role."""
    outcome: str
    """APPROVED or REJECTED; empty while it is open."""
    asked_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    escalated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One line of a request's log."""

    at: datetime
    level: int
    action: str
    user: str
    """Empty: the installation's own programs."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request whole."""

    request_id: int
    status: ApprovalStatus
    level: int
    adjustment_id: int
    is_transfer: bool
    adjustment_type: str
    description: str
    """Of the adjustment type."""
    account_id: int
    account_number: str
    name: str
    sa_id: int
    sa_type: str
    amount: int
    currency: str
    comment: str
    requested_by: str
    requested_at: datetime
    reject_reason: str
    accounting_date: date | None
    """That it has now; none once it is decided."""
    asks_for_date: bool
    """Whether the last approver is asked for another accounting date."""
    levels: tuple[LevelView, ...]
    notes: tuple[NoteView, ...]
    hindrance: str
    """Why the viewer may not approve it now: OWN, ROLE, TWICE or DECIDED; empty where they may."""

    @property
    def is_last(self) -> bool:
        """Whether the next approval is the last."""
        return self.level == len(self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedRow:
    """A request in the list of those that were decided."""

    request_id: int
    status: ApprovalStatus
    decided_at: datetime
    description: str
    """Of the adjustment type."""
    account_number: str
    name: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingByAge:
    """How many requests have waited so long."""

    days: int
    """From so many days on, up to the next step."""
    count: int


_REQUEST = guarded(
    select(
        ApprovalRequest.id,
        ApprovalRequest.status,
        ApprovalRequest.level,
        ApprovalRequest.adjustment_id,
        ApprovalRequest.other_half_id,
        ApprovalRequest.adjustment_type,
        ApprovalRequest.account_id,
        ApprovalRequest.sa_id,
        ApprovalRequest.amount,
        ApprovalRequest.currency,
        ApprovalRequest.comment,
        ApprovalRequest.requested_by,
        ApprovalRequest.requested_at,
        ApprovalRequest.reject_reason,
        ServiceAgreement.sa_type,
        UnfrozenFt.accounting_date,
    )
    .join(ServiceAgreement, ServiceAgreement.id == ApprovalRequest.sa_id)
    .join(UnfrozenFt, UnfrozenFt.source_id == ApprovalRequest.adjustment_id, isouter=True)
    .where(ApprovalRequest.id == bindparam("request_id")),
    ApprovalRequest.account_id,
)
_DECIDED = guarded(
    select(
        ApprovalRequest.id,
        ApprovalRequest.status,
        ApprovalRequest.decided_at,
        ApprovalRequest.requested_at,
        ApprovalRequest.adjustment_type,
        ApprovalRequest.account_id,
        ApprovalRequest.amount,
        ApprovalRequest.currency,
    )
    # By the key alone: an index of the status would have everything sorted first.
    .where(ApprovalRequest.id < bindparam("before"), ApprovalRequest.status != bindparam("in_progress"))
    .order_by(ApprovalRequest.id.desc())
    .limit(bindparam("most")),
    ApprovalRequest.account_id,
)
_LEVELS = Statement(
    select(
        ApprovalLevel.level,
        ApprovalLevel.role,
        ApprovalLevel.outcome,
        ApprovalLevel.asked_at,
        ApprovalLevel.decided_by,
        ApprovalLevel.decided_at,
        ApprovalLevel.escalated,
    )
    .where(ApprovalLevel.request_id == bindparam("request_id"))
    .order_by(ApprovalLevel.level)
)
_NOTES = Statement(
    select(ApprovalNote.noted_at, ApprovalNote.level, ApprovalNote.action, ApprovalNote.user_id, ApprovalNote.text)
    .where(ApprovalNote.request_id == bindparam("request_id"))
    .order_by(ApprovalNote.id)
)
_LOGS = Statement(
    select(
        ApprovalNote.request_id,
        ApprovalNote.noted_at,
        ApprovalNote.level,
        ApprovalNote.action,
        ApprovalNote.user_id,
        ApprovalNote.text,
    )
    .where(among(ApprovalNote.request_id, "ids"))
    .order_by(ApprovalNote.id)
)
_ROLES = Statement(select(UserToDoRole.role).where(UserToDoRole.user_id == bindparam("user_id")))
_ASKED = guarded(
    select(ApprovalRequest.requested_at).where(ApprovalRequest.status == bindparam("in_progress")),
    ApprovalRequest.account_id,
)
_SAY_ROLES = frozenset(("ASKED", "REMINDED"))
"""Lines of the log whose words are the code of a role."""
AGES = (0, 1, 2, 5, 10)
"""Steps of the chart of what waits, in days."""


def approval_request(
    store: Store, config: Configuration, request_id: int, user_id: int, business_date: date
) -> RequestView:
    """A request with its levels and its log, and whether a user may approve it; refuses with APR-001."""
    row = store.first(_REQUEST, request_id=request_id)
    if row is None:
        refuse("APR-001", "There is no such request for approval.", "request_id")
    users = user_names(store)
    levels = store.all(_LEVELS, request_id=request_id)
    kind = config.all(AdjustmentType).get(row.adjustment_type)
    account = account_names(store, [row.account_id]).get(row.account_id, NOBODY)
    roles = {held.role for held in store.all(_ROLES, user_id=user_id)}
    halves = [half for half in (row.adjustment_id, row.other_half_id) if half is not None]
    open_now = row.status == ApprovalStatus.IN_PROGRESS and row.accounting_date is not None
    return RequestView(
        request_id=row.id,
        status=ApprovalStatus(row.status),
        level=row.level,
        adjustment_id=row.adjustment_id,
        is_transfer=row.other_half_id is not None,
        adjustment_type=row.adjustment_type,
        description=kind.description if kind else "",
        account_id=row.account_id,
        account_number=account.number,
        name=account.name,
        sa_id=row.sa_id,
        sa_type=row.sa_type,
        amount=row.amount,
        currency=row.currency,
        comment=row.comment,
        requested_by=users.get(row.requested_by, ""),
        requested_at=row.requested_at,
        reject_reason=row.reject_reason,
        accounting_date=row.accounting_date if open_now else None,
        asks_for_date=open_now and bool(asking_for_date(store, config, halves, business_date)),
        levels=tuple(_level(config, each, users) for each in levels),
        notes=tuple(_note(config, each, users) for each in store.all(_NOTES, request_id=request_id)),
        hindrance=_hindrance(row, levels, roles, user_id),
    )


def decided_requests(
    store: Store, config: Configuration, *, before: int | None = None, limit: int = 100
) -> tuple[DecidedRow, ...]:
    """Requests that nobody has to decide any more, the newest first; a page of those before one."""
    last = 2**63 - 1 if before is None else before
    rows = store.all(_DECIDED, in_progress=ApprovalStatus.IN_PROGRESS.value, before=last, most=limit)
    accounts = account_names(store, (row.account_id for row in rows))
    kinds = config.all(AdjustmentType)
    return tuple(
        DecidedRow(
            request_id=row.id,
            status=ApprovalStatus(row.status),
            decided_at=row.decided_at or row.requested_at,
            description=kinds[row.adjustment_type].description if row.adjustment_type in kinds else row.adjustment_type,
            account_number=accounts.get(row.account_id, NOBODY).number,
            name=accounts.get(row.account_id, NOBODY).name,
            amount=row.amount,
            currency=row.currency,
        )
        for row in rows
    )


def approval_logs(store: Store, config: Configuration, request_ids: Collection[int]) -> dict[int, tuple[NoteView, ...]]:
    """The logs of requests, by key."""
    if not request_ids:
        return {}
    users = user_names(store)
    found: dict[int, tuple[NoteView, ...]] = {}
    for row in store.all(_LOGS, ids=list(request_ids)):
        found[row.request_id] = (*found.get(row.request_id, ()), _note(config, row, users))
    return found


def _note(config: Configuration, row: Any, users: Any) -> NoteView:
    text = role_words(config, row.text) if row.action in _SAY_ROLES else row.text
    return NoteView(at=row.noted_at, level=row.level, action=row.action, user=users.get(row.user_id, ""), text=text)


def _level(config: Configuration, row: Any, users: Any) -> LevelView:
    return LevelView(
        level=row.level,
        role=row.role,
        description=role_words(config, row.role),
        outcome=row.outcome,
        asked_at=row.asked_at,
        decided_by=users.get(row.decided_by, ""),
        decided_at=row.decided_at,
        escalated=bool(row.escalated),
    )


def _hindrance(row: Any, levels: list[Any], roles: set[str], user_id: int) -> str:
    if row.status != ApprovalStatus.IN_PROGRESS:
        return "DECIDED"
    if row.requested_by == user_id:
        return "OWN"
    if any(each.decided_by == user_id for each in levels):
        return "TWICE"
    return "" if levels[row.level - 1].role in roles else "ROLE"


def approvals_by_age(store: Store, _config: Configuration, now: datetime) -> tuple[WaitingByAge, ...]:
    """How long open requests have waited, for a chart: steps of days, the youngest first."""
    waited = [now - row.requested_at for row in store.all(_ASKED, in_progress=ApprovalStatus.IN_PROGRESS.value)]
    ends = (*AGES[1:], None)
    return tuple(
        WaitingByAge(
            days=begin,
            count=sum(timedelta(days=begin) <= age and (end is None or age < timedelta(days=end)) for age in waited),
        )
        for begin, end in zip(AGES, ends, strict=True)
    )
