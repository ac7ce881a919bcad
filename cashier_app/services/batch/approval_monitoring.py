"""APRTMOUT: approvals that wait too long are looked after, some at a time (R adjustments 6.8, R batch 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import bindparam, or_, select

from cashier_app.domain.lifecycles import ApprovalStatus
from cashier_app.models.approval import ApprovalRequest
from cashier_app.models.types import Flag
from cashier_app.services.approvals.monitoring import MonitorApprovals, check, monitor
from cashier_app.services.batch.chunked import Assignment, ChunkedJob, Span, spans_of
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

_is_open = ApprovalRequest.status == ApprovalStatus.IN_PROGRESS.value
_OPEN = Statement(
    select(ApprovalRequest.id)
    .where(
        _is_open,
        ApprovalRequest.id >= bindparam("first"),
        ApprovalRequest.id <= bindparam("last"),
        or_(bindparam("every_profile", type_=Flag), ApprovalRequest.approval_profile == bindparam("profile")),
    )
    .order_by(ApprovalRequest.id)
)
_END_OF_CHUNK = Statement(
    select(ApprovalRequest.id)
    .where(_is_open, ApprovalRequest.id > bindparam("after"))
    .order_by(ApprovalRequest.id)
    .limit(1)
    .offset(bindparam("skipped"))
)
_LAST = Statement(select(ApprovalRequest.id).where(_is_open).order_by(ApprovalRequest.id.desc()).limit(1))
_ACCOUNTS = Statement(select(ApprovalRequest.id, ApprovalRequest.account_id).where(among(ApprovalRequest.id, "ids")))


def _spans(store: Store, _given: MonitorApprovals, size: int) -> Iterator[Span]:
    return spans_of(store, _END_OF_CHUNK, _LAST, size)


def _units(store: Store, assignment: Assignment, first: int, last: int) -> list[int]:
    profile = assignment.given.approval_profile
    return [row.id for row in store.all(_OPEN, first=first, last=last, every_profile=not profile, profile=profile)]


def _accounts(store: Store, units: Collection[int]) -> Mapping[int, int]:
    return {row.id: row.account_id for row in store.all(_ACCOUNTS, ids=sorted(units))}


def _work(work: Work, assignment: Assignment, units: Sequence[int]) -> Mapping[str, int]:
    return monitor(work, assignment.given, units)._asdict()


JOB = ChunkedJob(
    code="APRTMOUT",
    description="Reminds approvers of what waits, and asks others when it has waited too long",
    parameters=MonitorApprovals,
    spans=_spans,
    units=_units,
    work=_work,
    check=check,
    accounts=_accounts,
    again=True,
)
