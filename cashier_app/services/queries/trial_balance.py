"""The trial balance: per division, account and currency what stood before a period, what it moved, what stands after.

What went to the general ledger is read from the runs' entries, so that it takes no longer as history grows; what has
not gone yet is added up beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select

from cashier_app.domain.gl_tables import GlDivision
from cashier_app.domain.identifiers import key_of
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.gl import GlChunk, GlEntry, GlHeld, GlRun, GlStaged
from cashier_app.models.journal import Node
from cashier_app.services.accounting.assigning import assign
from cashier_app.services.general_ledger.runs import GlRunStatus
from cashier_app.services.general_ledger.staging import ChunkKind, ChunkStatus
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.gl_runs import account_names

NO_ACCOUNT = ""
"""Account of what cannot be given one yet; its description names the distribution code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalanceRow:
    """An account in a period. Amounts are minor units of `currency`; balances are debit positive."""

    currency: str
    gl_division: str
    gl_account: str
    description: str
    opening: int
    debit: int
    credit: int
    unsent: int
    """How much of the period's movement has not gone to the general ledger yet."""

    @property
    def closing(self) -> int:
        """What stands at the end of the period."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """All accounts of a fiscal period; everything adds up to zero in each division and currency."""

    fiscal_year: int
    period: int
    rows: tuple[TrialBalanceRow, ...]
    periods: tuple[tuple[int, int], ...]
    """Fiscal years and periods in which something was booked, the latest first."""

    @property
    def sums(self) -> dict[tuple[str, str], tuple[int, int, int, int]]:
        """Opening, debit, credit and closing by currency and division."""
        found: dict[tuple[str, str], tuple[int, int, int, int]] = {}
        for row in self.rows:
            before = found.get((row.currency, row.gl_division), (0, 0, 0, 0))
            moved = (row.opening, row.debit, row.credit, row.closing)
            found[row.currency, row.gl_division] = tuple(map(sum, zip(before, moved, strict=True)))  # type: ignore[assignment]
        return found


class Movement(NamedTuple):
    """What moved an account."""

    currency: str
    gl_division: str
    gl_account: str
    fiscal_year: int
    period: int
    debit: int
    credit: int
    is_sent: bool
    code: str = ""
    """Of what has no account yet."""
    distribution_code: str = ""
    accounting_date: date | None = None
    """Both of what has not been sent yet."""


def _sums(table: Any) -> Any:
    return select(
        *(table.currency, table.gl_division, table.gl_account, table.fiscal_year, table.period),
        *(func.sum(table.debit).label("debit"), func.sum(table.credit).label("credit")),
    ).group_by(table.currency, table.gl_division, table.gl_account, table.fiscal_year, table.period)


_SENT = Statement(_sums(GlEntry).order_by(GlEntry.currency, GlEntry.gl_division, GlEntry.gl_account))
_STAGED = Statement(
    _sums(GlStaged)
    .where(GlStaged.run_id.in_(select(GlRun.id).where(GlRun.status == GlRunStatus.STAGING.value)))
    .order_by(GlStaged.currency, GlStaged.gl_division, GlStaged.gl_account)
)
_PLACE = (
    FinancialTransaction.currency,
    FinancialTransaction.gl_division,
    GlLine.distribution_code,
    FinancialTransaction.accounting_date,
)


def _unsent(scope: Any) -> Statement:
    return Statement(
        select(
            *_PLACE,
            func.sum(case((GlLine.amount > 0, GlLine.amount), else_=0)).label("debit"),
            func.sum(case((GlLine.amount < 0, -GlLine.amount), else_=0)).label("credit"),
        )
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .where(FinancialTransaction.frozen_at.is_not(None), scope)
        .group_by(*_PLACE)
        .order_by(*_PLACE)
    )


_waits = select(GlHeld.ft_id).where(GlHeld.ft_id == FinancialTransaction.id).exists()
_BETWEEN = _unsent(FinancialTransaction.id.between(bindparam("first"), bindparam("last")) & ~_waits)
_HELD = _unsent(FinancialTransaction.id.in_(select(GlHeld.ft_id).where(GlHeld.sent_run_id.is_(None))))
_NODES = Statement(
    select(
        Node.id,
        select(func.max(GlChunk.last_ft_id))
        .where(
            GlChunk.kind == ChunkKind.NEW.value,
            GlChunk.first_ft_id >= Node.id * key_of(1, 0),
            GlChunk.first_ft_id < (Node.id + 1) * key_of(1, 0),
        )
        .scalar_subquery()
        .label("reached"),
    ).order_by(Node.id)
)
_WAITING = Statement(
    select(GlChunk.first_ft_id, GlChunk.last_ft_id)
    .where(GlChunk.kind == ChunkKind.NEW.value, GlChunk.status == ChunkStatus.WAITING.value)
    .order_by(GlChunk.first_ft_id)
)


def trial_balance(
    store: Store,
    config: Configuration,
    fiscal_year: int | None = None,
    period: int | None = None,
    gl_division: str = "",
) -> TrialBalance:
    """The trial balance of a period (default: the latest in which something was booked), of one division or all."""
    moved = [each for each in movements(store, config) if gl_division in {"", each.gl_division}]
    periods = sorted({(each.fiscal_year, each.period) for each in moved}, reverse=True)
    if fiscal_year is not None and period is not None:
        chosen = (fiscal_year, period)
    else:
        chosen = periods[0] if periods else (0, 0)
    names = account_names(config)
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    for each in moved:
        when = (each.fiscal_year, each.period)
        if when > chosen:
            continue
        row = sums.setdefault((each.currency, each.gl_division, each.gl_account, each.code), [0, 0, 0, 0])
        if when < chosen:
            row[0] += each.debit - each.credit
        else:
            row[1] += each.debit
            row[2] += each.credit
            row[3] += 0 if each.is_sent else each.debit - each.credit
    rows = tuple(
        TrialBalanceRow(
            currency=currency,
            gl_division=division,
            gl_account=account,
            description=code or names.get(account, ""),
            opening=opening,
            debit=debit,
            credit=credit,
            unsent=unsent,
        )
        for (currency, division, account, code), (opening, debit, credit, unsent) in sorted(sums.items())
        if opening or debit or credit
    )
    return TrialBalance(fiscal_year=chosen[0], period=chosen[1], rows=rows, periods=tuple(periods))


def movements(store: Store, config: Configuration, *, with_entries: bool = True) -> Iterator[Movement]:
    """What moved the accounts; without the entries of runs that are closed where they are known otherwise."""
    for row in (*(store.all(_SENT) if with_entries else ()), *store.all(_STAGED)):
        place = (row.currency, row.gl_division, row.gl_account, row.fiscal_year, row.period)
        yield Movement(*place, int(row.debit), int(row.credit), is_sent=True)
    yield from _not_sent(store, config)


def _not_sent(store: Store, config: Configuration) -> Iterator[Movement]:
    spans = [(row.first_ft_id, row.last_ft_id) for row in store.all(_WAITING)]
    for node in store.all(_NODES):
        first = key_of(node.id, 0) if node.reached is None else node.reached + 1
        spans.append((first, key_of(node.id + 1, 0) - 1))
    found = [row for first, last in spans for row in store.all(_BETWEEN, first=first, last=last)]
    for row in (*found, *store.all(_HELD)):
        known = row.gl_division in config.all(GlDivision)
        period = config.period(row.gl_division, row.accounting_date) if known else None
        given = assign(config, row.distribution_code, row.accounting_date)
        yield Movement(
            row.currency,
            row.gl_division,
            given.gl_account if given else NO_ACCOUNT,
            period.year if period else row.accounting_date.year,
            period.number if period else 0,
            int(row.debit),
            int(row.credit),
            is_sent=False,
            code="" if given else row.distribution_code,
            distribution_code=row.distribution_code,
            accounting_date=row.accounting_date,
        )
