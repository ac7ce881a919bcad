"""Runs to the general ledger as people look at them, down to the transactions behind a figure (rows C6, H7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.gl import GlChunk, GlEntry, GlFile, GlHeld, GlRun, GlStaged
from cashier_app.services.customers.names import user_names
from cashier_app.services.general_ledger.runs import GlRunStatus, run_of
from cashier_app.services.general_ledger.staging import ChunkKind, ChunkStatus
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import guarded
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.transactions import FtFact, fts_by_id

MOST_FTS = 1_000
"""Transactions behind a figure that are shown; the figure itself counts all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlRunRow:
    """A run in a list."""

    run_id: int
    number: int
    status: str
    """STAGING or CLOSED."""
    business_date: date
    started_at: datetime
    user: str
    ft_count: int
    held_count: int
    line_count: int
    chunks: int
    chunks_staged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GlEntryRow:
    """A line of a run's journal entry. Amounts are minor units of `currency`."""

    line: int
    currency: str
    gl_division: str
    fiscal_year: int
    period: int
    gl_account: str
    description: str
    """What the distribution codes behind it are called."""
    fund: str
    statistic_code: str
    quantity: int
    debit: int
    credit: int

    @property
    def amount(self) -> int:
        """What the file says: debit positive, credit negative."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class GlFileRow:
    """A file that a run gives."""

    layout: str
    byte_count: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GlRunFacts:
    """A run with everything it booked; while it is staged there are no lines yet."""

    run: GlRunRow
    entries: tuple[GlEntryRow, ...]
    files: tuple[GlFileRow, ...]
    held: tuple[tuple[str, int], ...]
    """FTs that it left for later, by reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlSource:
    """Why an amount went to an account: code, day, algorithm."""

    distribution_code: str
    description: str
    accounting_date: date
    algorithm: str
    debit: int
    credit: int
    line_count: int


_RUNS = Statement(
    select(
        *(GlRun.id, GlRun.number, GlRun.status, GlRun.business_date, GlRun.started_at, GlRun.started_by),
        *(GlRun.ft_count, GlRun.held_count, GlRun.line_count),
        select(func.count()).where(GlChunk.run_id == GlRun.id).scalar_subquery().label("chunks"),
        select(func.count())
        .where(GlChunk.run_id == GlRun.id, GlChunk.status == ChunkStatus.STAGED.value)
        .scalar_subquery()
        .label("chunks_staged"),
    )
    .where(or_(GlRun.number == bindparam("number"), bindparam("number") == 0))
    .order_by(GlRun.number.desc())
    .limit(bindparam("most"))
)
_ENTRIES = Statement(
    select(
        *(GlEntry.line, GlEntry.currency, GlEntry.gl_division, GlEntry.fiscal_year, GlEntry.period),
        *(GlEntry.gl_account, GlEntry.fund, GlEntry.statistic_code, GlEntry.quantity, GlEntry.debit, GlEntry.credit),
    )
    .where(GlEntry.run_id == bindparam("run_id"))
    .order_by(GlEntry.line)
)
_FILES = Statement(
    select(GlFile.layout, GlFile.byte_count, GlFile.digest)
    .where(GlFile.run_id == bindparam("run_id"))
    .order_by(GlFile.layout)
)
_HELD = Statement(
    select(GlHeld.reason, func.count().label("fts"))
    .where(GlHeld.run_id == bindparam("run_id"))
    .group_by(GlHeld.reason)
    .order_by(GlHeld.reason)
)
_ENTRY = Statement(
    select(
        *(GlEntry.currency, GlEntry.gl_division, GlEntry.fiscal_year, GlEntry.period),
        *(GlEntry.gl_account, GlEntry.fund, GlEntry.statistic_code),
    ).where(GlEntry.run_id == bindparam("run_id"), GlEntry.line == bindparam("line"))
)
_is_of_entry = (
    (GlStaged.run_id == bindparam("run_id"))
    & (GlStaged.currency == bindparam("currency"))
    & (GlStaged.gl_division == bindparam("gl_division"))
    & (GlStaged.fiscal_year == bindparam("fiscal_year"))
    & (GlStaged.period == bindparam("period"))
    & (GlStaged.gl_account == bindparam("gl_account"))
    & (GlStaged.fund == bindparam("fund"))
    & (GlStaged.statistic_code == bindparam("statistic_code"))
)
_SOURCES = Statement(
    select(
        GlStaged.distribution_code,
        GlStaged.accounting_date,
        GlStaged.algorithm,
        func.sum(GlStaged.debit).label("debit"),
        func.sum(GlStaged.credit).label("credit"),
        func.sum(GlStaged.line_count).label("line_count"),
    )
    .where(_is_of_entry)
    .group_by(GlStaged.distribution_code, GlStaged.accounting_date, GlStaged.algorithm)
    .order_by(GlStaged.accounting_date, GlStaged.distribution_code, GlStaged.algorithm)
)
_PLACES = Statement(
    select(
        *(GlStaged.chunk, GlChunk.kind, GlChunk.first_ft_id, GlChunk.last_ft_id),
        *(GlStaged.gl_division, GlStaged.accounting_date, GlStaged.distribution_code, GlStaged.currency),
    )
    .join(GlChunk, (GlChunk.run_id == GlStaged.run_id) & (GlChunk.number == GlStaged.chunk))
    .where(_is_of_entry)
    .order_by(GlStaged.chunk, GlStaged.line)
)
_was_held = select(GlHeld.ft_id).where(GlHeld.ft_id == FinancialTransaction.id).exists()
_SENT_BY = {
    ChunkKind.NEW: FinancialTransaction.id.between(bindparam("first"), bindparam("last")) & ~_was_held,
    ChunkKind.HELD: FinancialTransaction.id.in_(
        select(GlHeld.ft_id).where(GlHeld.sent_run_id == bindparam("run_id"), GlHeld.sent_chunk == bindparam("chunk"))
    ),
}
_BEHIND = {
    kind: guarded(
        select(FinancialTransaction.id)
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .join(ServiceAgreement, ServiceAgreement.id == FinancialTransaction.sa_id)
        .where(
            scope,
            FinancialTransaction.gl_division == bindparam("gl_division"),
            FinancialTransaction.accounting_date == bindparam("accounting_date"),
            FinancialTransaction.currency == bindparam("currency"),
            GlLine.distribution_code == bindparam("distribution_code"),
        )
        .distinct()
        .order_by(FinancialTransaction.id)
        .limit(bindparam("most")),
        ServiceAgreement.account_id,
    )
    for kind, scope in _SENT_BY.items()
}
_CHUNK_OF = Statement(
    # Spans do not overlap: only the last that begins before it can hold it.
    select(GlRun.number, GlRun.business_date, GlChunk.last_ft_id, GlChunk.status.label("chunk_status"))
    .join(GlChunk, GlChunk.run_id == GlRun.id)
    .where(GlChunk.kind == ChunkKind.NEW.value, GlChunk.first_ft_id <= bindparam("ft_id"))
    .order_by(GlChunk.first_ft_id.desc())
    .limit(1)
)
_UNDER_WAY = Statement(
    select(GlChunk.run_id, GlChunk.number, GlChunk.status)
    .join(GlRun, GlRun.id == GlChunk.run_id)
    .where(GlRun.status == GlRunStatus.STAGING.value)
    .order_by(GlChunk.number)
)
_HELD_FT = Statement(
    select(GlHeld.reason, GlRun.number, GlRun.business_date, GlRun.status)
    .join(GlRun, GlRun.id == GlHeld.sent_run_id, isouter=True)
    .where(GlHeld.ft_id == bindparam("ft_id"))
)


def gl_runs(store: Store, _config: Configuration, limit: int = 200, number: int = 0) -> tuple[GlRunRow, ...]:
    """Runs, the latest first; one only where its number is given."""
    names = user_names(store)
    return tuple(
        GlRunRow(
            run_id=row.id,
            user=names.get(row.started_by, ""),
            **{name: value for name, value in row._asdict().items() if name not in {"id", "started_by"}},
        )
        for row in store.all(_RUNS, most=limit, number=number)
    )


def gl_run(store: Store, config: Configuration, run_id: int) -> GlRunFacts:
    """A run with its entry and its files; refuses with GL-003."""
    (row,) = gl_runs(store, config, number=run_of(store, run_id).number)
    names = account_names(config)
    return GlRunFacts(
        run=row,
        entries=tuple(
            GlEntryRow(**found._asdict(), description=names.get(found.gl_account, ""))
            for found in store.all(_ENTRIES, run_id=run_id)
        ),
        files=tuple(GlFileRow(**found._asdict()) for found in store.all(_FILES, run_id=run_id)),
        held=tuple((found.reason, found.fts) for found in store.all(_HELD, run_id=run_id)),
    )


def account_names(config: Configuration) -> dict[str, str]:
    """What GL accounts are called, from the distribution codes that lead to them."""
    names: dict[str, str] = {}
    for code in config.all(DistributionCode).values():
        for detail in code.gl_accounts:
            names.setdefault(detail.gl_account, code.description)
    return names


def entry_sources(store: Store, config: Configuration, run_id: int, line: int) -> tuple[GlSource, ...]:
    """From which codes and days a line of a run comes, and which algorithm sent them to its account."""
    codes = config.all(DistributionCode)
    return tuple(
        GlSource(
            distribution_code=row.distribution_code,
            description=codes[row.distribution_code].description if row.distribution_code in codes else "",
            accounting_date=row.accounting_date,
            algorithm=row.algorithm,
            debit=int(row.debit),
            credit=int(row.credit),
            line_count=int(row.line_count),
        )
        for row in store.all(_SOURCES, run_id=run_id, **_key_of(store, run_id, line))
    )


def entry_fts(store: Store, config: Configuration, run_id: int, line: int, most: int = MOST_FTS) -> tuple[FtFact, ...]:
    """The transactions behind a line of a run, by key; those of other offices' accounts are left out."""
    found: list[int] = []
    for place in store.all(_PLACES, run_id=run_id, **_key_of(store, run_id, line)):
        kind = ChunkKind(place.kind)
        scope = (
            {"first": place.first_ft_id, "last": place.last_ft_id}
            if kind is ChunkKind.NEW
            else {"run_id": run_id, "chunk": place.chunk}
        )
        rows = store.all(
            _BEHIND[kind],
            **scope,
            gl_division=place.gl_division,
            accounting_date=place.accounting_date,
            currency=place.currency,
            distribution_code=place.distribution_code,
            most=most - len(found),
        )
        found += [row.id for row in rows]
        if len(found) >= most:
            break
    return fts_by_id(store, config, sorted(set(found)))


def _key_of(store: Store, run_id: int, line: int) -> dict[str, Any]:
    row = store.one(_ENTRY, ("GL-003", "The run has no such line."), run_id=run_id, line=line)
    return dict(row._asdict())


@dataclass(frozen=True, slots=True, kw_only=True)
class GlWhereabouts:
    """Whether and when an FT went to the general ledger."""

    run_number: int | None
    """Nothing while it waits."""
    business_date: date | None
    reason: str
    """Why it had to wait, if it had."""


def gl_whereabouts(store: Store, _config: Configuration, ft_id: int) -> GlWhereabouts:
    """The run that took a frozen FT to the general ledger, if one has."""
    held = store.first(_HELD_FT, ft_id=ft_id)
    if held is not None:
        return GlWhereabouts(run_number=held.number, business_date=held.business_date, reason=held.reason)
    row = store.first(_CHUNK_OF, ft_id=ft_id)
    if row is None or row.last_ft_id < ft_id or row.chunk_status == ChunkStatus.WAITING:
        return GlWhereabouts(run_number=None, business_date=None, reason="")
    return GlWhereabouts(run_number=row.number, business_date=row.business_date, reason="")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingChunks:
    """What is still to be staged of the run that is under way."""

    run_id: int
    numbers: tuple[int, ...]
    total: int


def waiting_chunks(store: Store, _config: Configuration) -> WaitingChunks | None:
    """The chunks of the run that is not closed; nothing where all are."""
    rows = store.all(_UNDER_WAY)
    if not rows:
        return None
    numbers = tuple(row.number for row in rows if row.status == ChunkStatus.WAITING)
    return WaitingChunks(run_id=rows[0].run_id, numbers=numbers, total=len(rows))
