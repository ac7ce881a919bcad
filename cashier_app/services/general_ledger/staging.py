"""One chunk of a run: its lines added up by code and day, each with the account that it was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, exists, func, or_, select

from cashier_app.domain.calendars import Period
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.gl import GlChunk, GlHeld, GlStaged
from cashier_app.services.accounting.assigning import Assignment, assign
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work


class ChunkKind(StrEnum):
    """What a chunk consists of."""

    NEW = "NEW"
    HELD = "HELD"


class ChunkStatus(StrEnum):
    """How a chunk stands."""

    WAITING = "WAITING"
    STAGED = "STAGED"


class HeldReason(StrEnum):
    """Why an FT could not go yet."""

    GL_DATE = "GL_DATE"
    """It is not to go before its GL date (S1 p.111)."""
    NO_ACCOUNT = "NO_ACCOUNT"
    """A distribution code has no account in force on the accounting date."""
    NO_PERIOD = "NO_PERIOD"
    """The accounting date is in no period of the division's calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkStaged:
    """How many FTs it sends, how many had to wait, and what lines could not get an account."""

    ft_count: int
    held_count: int
    line_count: int
    missing: tuple[str, ...] = ()
    """`CODE on 2026-01-05` of each code without an account, and divisions without a period."""


class _Place(NamedTuple):
    """What decides account and period."""

    gl_division: str
    accounting_date: date
    distribution_code: str


_is_new = FinancialTransaction.id.between(bindparam("first"), bindparam("last"))
_is_held = FinancialTransaction.id.in_(
    select(GlHeld.ft_id).where(
        GlHeld.ft_id.between(bindparam("first"), bindparam("last")), GlHeld.sent_run_id.is_(None)
    )
)
_not_waiting = ~exists().where(GlHeld.ft_id == FinancialTransaction.id)
_is_released = FinancialTransaction.id.in_(
    select(GlHeld.ft_id).where(GlHeld.sent_run_id == bindparam("run_id"), GlHeld.sent_chunk == bindparam("chunk"))
)
_READ = {ChunkKind.NEW: _is_new, ChunkKind.HELD: _is_held}
_SENT = {ChunkKind.NEW: _is_new & _not_waiting, ChunkKind.HELD: _is_released}
_is_too_early = or_(FinancialTransaction.frozen_at.is_(None), FinancialTransaction.gl_date > bindparam("business_date"))
_TOO_EARLY = {
    kind: Statement(select(FinancialTransaction.id).where(scope, _is_too_early)) for kind, scope in _READ.items()
}
_COUNT = {kind: Statement(select(func.count()).where(scope)) for kind, scope in _READ.items()}
_PLACES = {
    kind: Statement(
        select(FinancialTransaction.gl_division, FinancialTransaction.accounting_date, GlLine.distribution_code)
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .where(scope)
        .distinct()
    )
    for kind, scope in _READ.items()
}
_AT_PLACE = {
    kind: Statement(
        select(FinancialTransaction.id)
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .where(
            scope,
            FinancialTransaction.gl_division == bindparam("gl_division"),
            FinancialTransaction.accounting_date == bindparam("accounting_date"),
            GlLine.distribution_code == bindparam("distribution_code"),
        )
        .distinct()
    )
    for kind, scope in _READ.items()
}
_SUMS = {
    kind: Statement(
        select(
            FinancialTransaction.gl_division,
            FinancialTransaction.accounting_date,
            GlLine.distribution_code,
            FinancialTransaction.currency,
            func.sum(case((GlLine.amount > 0, GlLine.amount), else_=0)).label("debit"),
            func.sum(case((GlLine.amount < 0, -GlLine.amount), else_=0)).label("credit"),
            func.sum(func.coalesce(GlLine.statistic_quantity, 0)).label("quantity"),
            func.count().label("line_count"),
        )
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .where(scope)
        .group_by(
            FinancialTransaction.gl_division,
            FinancialTransaction.accounting_date,
            GlLine.distribution_code,
            FinancialTransaction.currency,
        )
        .order_by(
            FinancialTransaction.gl_division,
            FinancialTransaction.accounting_date,
            GlLine.distribution_code,
            FinancialTransaction.currency,
        )
    )
    for kind, scope in _SENT.items()
}
_WAITING = Statement(
    select(GlHeld.ft_id)
    .where(GlHeld.ft_id.between(bindparam("first"), bindparam("last")), GlHeld.sent_run_id.is_(None))
    .order_by(GlHeld.ft_id)
)
_HOLD = insertion(GlHeld, "ft_id run_id chunk reason")
_RELEASE = change(GlHeld, "sent_run_id sent_chunk", "ft_id")
_INSERT_STAGED = insertion(
    GlStaged,
    "run_id chunk line gl_division accounting_date distribution_code currency fiscal_year period gl_account "
    "statistic_code fund algorithm debit credit quantity line_count",
)
_FINISH = change(GlChunk, "status ft_count held_count", "run_id number")


def held_back(work: Work, kind: ChunkKind, first: int, last: int) -> Mapping[int, HeldReason]:
    """FTs between two keys that cannot go yet, and why."""
    return _held_back(work, kind, {"first": first, "last": last})[0]


def stage(work: Work, chunk: Any) -> ChunkStaged:
    """Stage a chunk, given its row."""
    store, kind = work.store, ChunkKind(chunk.kind)
    bounds = {"first": chunk.first_ft_id, "last": chunk.last_ft_id}
    number_read = store.value(_COUNT[kind], **bounds)
    held, missing = _held_back(work, kind, bounds)
    if kind is ChunkKind.NEW:
        store.write(_HOLD, [(ft, chunk.run_id, chunk.number, why.value) for ft, why in sorted(held.items())])
        scope: Mapping[str, Any] = bounds
    else:
        waiting = [row.ft_id for row in store.all(_WAITING, **bounds)]
        store.write(_RELEASE, [(chunk.run_id, chunk.number, ft) for ft in waiting if ft not in held])
        scope = {"run_id": chunk.run_id, "chunk": chunk.number}
    rows = _staged_rows(work, chunk, store.all(_SUMS[kind], **scope))
    store.write(_INSERT_STAGED, rows)
    sent = number_read - len(held)
    store.write(_FINISH, [(ChunkStatus.STAGED.value, sent, len(held), chunk.run_id, chunk.number)])
    work.changed("gl_run", chunk.run_id)
    if missing:
        work.warn("GL-009", f"{len(held)} transaction(s) wait: {'; '.join(missing)}. Set it up and run again.")
    return ChunkStaged(
        ft_count=sent, held_count=len(held), line_count=sum(row[-1] for row in rows), missing=tuple(missing)
    )


def _held_back(
    work: Work, kind: ChunkKind, bounds: Mapping[str, int]
) -> tuple[Mapping[int, HeldReason], Sequence[str]]:
    store = work.store
    early = store.all(_TOO_EARLY[kind], **bounds, business_date=work.business_date)
    held = {row.id: HeldReason.GL_DATE for row in early}
    missing: dict[str, None] = {}
    for row in store.all(_PLACES[kind], **bounds):
        place = _Place(*row)
        reason = _obstacle(work, place)
        if reason is not None:
            missing[_told(place, reason)] = None
            for ft in store.all(_AT_PLACE[kind], **bounds, **place._asdict()):
                held.setdefault(ft.id, reason)
    return held, sorted(missing)


def _obstacle(work: Work, place: _Place) -> HeldReason | None:
    if work.config.period(place.gl_division, place.accounting_date) is None:
        return HeldReason.NO_PERIOD
    if assign(work.config, place.distribution_code, place.accounting_date) is None:
        return HeldReason.NO_ACCOUNT
    return None


def _told(place: _Place, reason: HeldReason) -> str:
    if reason is HeldReason.NO_PERIOD:
        return f"division {place.gl_division} has no period for {place.accounting_date}"
    return f"distribution code {place.distribution_code} has no account on {place.accounting_date}"


def _staged_rows(work: Work, chunk: Any, sums: Iterable[Any]) -> list[tuple[Any, ...]]:
    rows = []
    for line, found in enumerate(sums, start=1):
        period = work.config.period(found.gl_division, found.accounting_date)
        given = assign(work.config, found.distribution_code, found.accounting_date)
        assert isinstance(period, Period)
        assert isinstance(given, Assignment)
        rows.append(
            (
                *(chunk.run_id, chunk.number, line),
                *(found.gl_division, found.accounting_date, found.distribution_code, found.currency),
                *(period.year, period.number, given.gl_account, given.statistic_code, given.fund, given.algorithm),
                *(int(found.debit), int(found.credit), int(found.quantity), int(found.line_count)),
            )
        )
    return rows
