"""REDSAAMT: marks old financial transactions that cancel out (S1 p.40, R batch 6). Changes no balance and no age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from cashier_app.domain.lifecycles import MatchEventStatus
from cashier_app.domain.redundancy import OldFt, redundant
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.match_event import MatchEvent
from cashier_app.services.batch.chunked import Assignment, ChunkedJob, agreement_spans
from cashier_app.services.kernel.statements import Statement, among, change
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRedundant:
    """Mark what cancels out and is older than the installation's oldest bucket. Once marked it stays so."""


_reversal = aliased(FinancialTransaction)
_MARK = change(FinancialTransaction, "redundant")
_UNITS = Statement(
    select(ServiceAgreement.id)
    .where(
        ServiceAgreement.id >= bindparam("first"),
        ServiceAgreement.id <= bindparam("last"),
        exists(
            select(1).where(
                FinancialTransaction.sa_id == ServiceAgreement.id,
                FinancialTransaction.frozen_at < bindparam("before"),
                FinancialTransaction.current_amount < 0,
                ~FinancialTransaction.redundant,
            )
        ),
    )
    .order_by(ServiceAgreement.id)
)
_FTS = Statement(
    select(
        FinancialTransaction.id,
        FinancialTransaction.sa_id,
        FinancialTransaction.current_amount,
        FinancialTransaction.frozen_at,
        FinancialTransaction.arrears_date,
        FinancialTransaction.reverses_ft_id,
        _reversal.id.label("reversed_by"),
        FinancialTransaction.match_event_id,
        MatchEvent.status.label("match_status"),
    )
    .join(MatchEvent, MatchEvent.id == FinancialTransaction.match_event_id, isouter=True)
    .join(_reversal, _reversal.reverses_ft_id == FinancialTransaction.id, isouter=True)
    .where(
        among(FinancialTransaction.sa_id, "ids"),
        FinancialTransaction.frozen_at.is_not(None),
        FinancialTransaction.current_amount != 0,
        ~FinancialTransaction.redundant,
    )
    .order_by(FinancialTransaction.sa_id, FinancialTransaction.id)
)


def _limit(on: date, oldest_bucket_age: int) -> date:
    """The first day that is not old."""
    return on - timedelta(days=oldest_bucket_age)


def _units(store: Store, assignment: Assignment, first: int, last: int) -> list[int]:
    """Agreements that were credited before the day: without credits nothing cancels out."""
    before = datetime.combine(assignment.on, time.min, UTC)
    return [row.id for row in store.all(_UNITS, first=first, last=last, before=before)]


def _mark(work: Work, assignment: Assignment, units: Sequence[int]) -> Mapping[str, int]:
    limit = _limit(assignment.on, work.config.installation.oldest_bucket_age)
    marked: list[int] = []
    for rows in _by_agreement(work.store, units):
        marked += _canceled_out(rows, limit)
    work.store.write(_MARK, [(True, ft_id) for ft_id in marked])
    return {"marked": len(marked)}


def _by_agreement(store: Store, units: Sequence[int]) -> Iterator[list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in store.all(_FTS, ids=list(units)):
        found.setdefault(row.sa_id, []).append(row)
    yield from found.values()


def _canceled_out(rows: Sequence[Any], limit: date) -> list[int]:
    """What was canceled goes with its reversal, or stays with it, and so does what is matched; the rest is replayed.

    While something old is in an open match event, nothing is replayed: what covers it is not decided yet.
    """
    old = {row.id: row for row in rows if _day(row) < limit}
    here = {row.id for row in rows}
    together = [[row.reverses_ft_id, row.id] for row in rows if row.reverses_ft_id in here]
    together += _by_event(rows)
    settled = [ft_id for group in together if old.keys() >= set(group) for ft_id in group]
    if any(row.match_status == MatchEventStatus.OPEN for row in old.values()):
        return settled
    in_groups = {ft_id for group in together for ft_id in group}
    single = [OldFt(row.id, row.current_amount, _day(row)) for row in old.values() if row.id not in in_groups]
    return [*settled, *redundant(single)]


def _by_event(rows: Sequence[Any]) -> list[list[int]]:
    """What a match event holds of the agreement: balanced ones cancel out on each."""
    found: dict[int, list[int]] = {}
    for row in rows:
        if row.match_event_id is not None:
            found.setdefault(row.match_event_id, []).append(row.id)
    balanced = {row.match_event_id for row in rows if row.match_status == MatchEventStatus.BALANCED}
    return [ft_ids for event_id, ft_ids in found.items() if event_id in balanced]


def _day(row: Any) -> date:
    frozen: date = row.frozen_at.date()
    return row.arrears_date if row.current_amount > 0 and row.arrears_date is not None else frozen


JOB = ChunkedJob(
    code="REDSAAMT",
    description="Marks old financial transactions that cancel out",
    parameters=MarkRedundant,
    spans=agreement_spans,
    units=_units,
    work=_mark,
    again=True,
)
