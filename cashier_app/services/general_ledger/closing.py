"""The end of a run: its consolidated journal entry, control totals, and the files it gives from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from cashier_app.domain.errors import Problem, raise_all, refuse, require
from cashier_app.domain.gl_tables import FileLayout, FileUse
from cashier_app.domain.lifecycles import ToDoStatus
from cashier_app.domain.money import Money
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.gl import GlChunk, GlEntry, GlFile, GlHeld, GlRun, GlStaged
from cashier_app.models.to_do import ToDo
from cashier_app.services.accounting.assigning import assign
from cashier_app.services.general_ledger.layouts import CSV, Section, Value, write_file
from cashier_app.services.general_ledger.staging import ChunkStatus, HeldReason
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import add_entry, complete_entries

_WAITING = Statement(
    select(func.count()).where(GlChunk.run_id == bindparam("run_id"), GlChunk.status == ChunkStatus.WAITING.value)
)
_COUNTS = Statement(
    select(func.sum(GlChunk.ft_count).label("fts"), func.sum(GlChunk.held_count).label("held")).where(
        GlChunk.run_id == bindparam("run_id")
    )
)
_GROUP = (
    GlStaged.currency,
    GlStaged.gl_division,
    GlStaged.fiscal_year,
    GlStaged.period,
    GlStaged.gl_account,
    GlStaged.statistic_code,
    GlStaged.fund,
)
_CONSOLIDATED = Statement(
    select(
        *_GROUP,
        func.sum(GlStaged.debit).label("debit"),
        func.sum(GlStaged.credit).label("credit"),
        func.sum(GlStaged.quantity).label("quantity"),
        func.sum(GlStaged.line_count).label("line_count"),
    )
    .where(GlStaged.run_id == bindparam("run_id"))
    .group_by(*_GROUP)
    .order_by(*_GROUP)
)
_INSERT_ENTRY = insertion(
    GlEntry,
    "run_id line currency gl_division fiscal_year period gl_account statistic_code fund debit credit quantity",
)
_ENTRIES = Statement(
    select(
        GlEntry.line,
        GlEntry.currency,
        GlEntry.gl_division,
        GlEntry.fiscal_year,
        GlEntry.period,
        GlEntry.gl_account,
        GlEntry.statistic_code,
        GlEntry.fund,
        GlEntry.debit,
        GlEntry.credit,
        GlEntry.quantity,
    )
    .where(GlEntry.run_id == bindparam("run_id"))
    .order_by(GlEntry.line)
)
_INSERT_FILE = insertion(GlFile, "run_id layout content byte_count digest")
_FILE = Statement(
    select(GlFile.layout, GlFile.content, GlFile.byte_count, GlFile.digest).where(
        GlFile.run_id == bindparam("run_id"), GlFile.layout == bindparam("layout")
    )
)
_CLOSE = change(GlRun, "status ft_count held_count line_count to_do_id")
_WITHOUT_ACCOUNT = Statement(
    select(GlLine.distribution_code, FinancialTransaction.accounting_date)
    .join(FinancialTransaction, FinancialTransaction.id == GlLine.ft_id)
    .join(GlHeld, GlHeld.ft_id == GlLine.ft_id)
    .where(GlHeld.run_id == bindparam("run_id"), GlHeld.reason == HeldReason.NO_ACCOUNT.value)
    .distinct()
    .order_by(GlLine.distribution_code, FinancialTransaction.accounting_date)
)
_SETTLED = Statement(
    select(ToDo.id)
    .join(GlRun, GlRun.to_do_id == ToDo.id)
    .where(
        ToDo.status != ToDoStatus.COMPLETE.value,
        ~exists().where(GlHeld.run_id == GlRun.id, GlHeld.sent_run_id.is_(None)),
    )
    .order_by(ToDo.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """What a run books in a currency; debits equal credits."""

    debit: Money
    credit: Money
    details: int
    """Records of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlRunClosed:
    """What went, what had to wait, and the totals against which the general ledger is checked."""

    number: int
    ft_count: int
    held_count: int
    line_count: int
    totals: tuple[ControlTotal, ...]


def close(work: Work, run: Any, closed: str) -> GlRunClosed:
    """Consolidate, prove, fix the files; `run` is its row, `closed` the state to put it into."""
    store = work.store
    waiting = store.value(_WAITING, run_id=run.id)
    require(not waiting, "GL-005", f"{waiting} chunk(s) of run {run.number} wait; stage them first.")
    counts: Any = store.first(_COUNTS, run_id=run.id)
    groups = store.all(_CONSOLIDATED, run_id=run.id)
    _require_balance(run.number, groups)
    rows = [(run.id, line, *group[:7], *map(int, group[7:10])) for line, group in enumerate(groups, start=1)]
    store.write(_INSERT_ENTRY, rows)
    lines = sum(int(group.line_count) for group in groups)
    fts, held = int(counts.fts or 0), int(counts.held or 0)
    complete_entries(work, [row.id for row in store.all(_SETTLED)])
    store.write(_CLOSE, [(closed, fts, held, lines, _tell_of_missing(work, run), run.id)])
    store.write(_INSERT_FILE, list(_files(work, run)))
    work.changed("gl_run", run.id)
    return GlRunClosed(number=run.number, ft_count=fts, held_count=held, line_count=lines, totals=totals_of(store, run))


def _tell_of_missing(work: Work, run: Any) -> int | None:
    """One entry to do for all codes without an account; a later run completes it by taking what waited."""
    codes = sorted(
        {
            row.distribution_code
            for row in work.store.all(_WITHOUT_ACCOUNT, run_id=run.id)
            if assign(work.config, row.distribution_code, row.accounting_date) is None
        }
    )
    if not codes:
        return None
    text = f"Run {run.number} left what is booked to {', '.join(codes)}: no GL account is in force. Set it up."
    return add_entry(work, "GL_ACCOUNT", text)


def _require_balance(number: int, groups: Iterable[Any]) -> None:
    """Debits equal credits in each currency, division and period, or the run is not closed (R batch 4)."""
    sums: dict[tuple[str, str, int, int], int] = {}
    for group in groups:
        key = (group.currency, group.gl_division, group.fiscal_year, group.period)
        sums[key] = sums.get(key, 0) + int(group.debit) - int(group.credit)
    raise_all(
        Problem(
            "GL-007",
            f"Run {number}: debits and credits of {division} in period {period} of {year} differ by "
            f"{Money(difference, currency)}. Nothing was sent; run the checks.",
        )
        for (currency, division, year, period), difference in sums.items()
        if difference
    )


def _files(work: Work, run: Any) -> Iterator[tuple[Any, ...]]:
    layouts = [None, *(work.config.get(FileLayout, code) for code in work.config.installation.gl_file_layouts)]
    sections = _sections(work.store, run)
    for layout in layouts:
        content = write_file(layout, FileUse.GENERAL_LEDGER, sections)
        digest = hashlib.sha256(content).hexdigest()
        yield (run.id, layout.code if layout else CSV, to_json(layout), len(content), digest)


def file_of(store: Store, run: Any, layout: str = CSV) -> tuple[str, bytes]:
    """A run's file, the same bytes every time, with its name.

    Raises:
        RuleViolation: GL-010 where the run has no such file; GL-011 where it would not be the same any more.
    """
    row = store.first(_FILE, run_id=run.id, layout=layout)
    if row is None:
        refuse("GL-010", f"Run {run.number} has no file of layout {layout!r}; close it first, or take {CSV}.")
    described = from_json(row.content, FileLayout | None)  # type: ignore[arg-type]
    content = write_file(described, FileUse.GENERAL_LEDGER, _sections(store, run))
    if hashlib.sha256(content).hexdigest() != row.digest:
        refuse("GL-011", f"The file of run {run.number} is not what was sent. Run `cashier verify`.")
    extension = described.extension if described else "csv"
    return f"{run.batch_code}-{run.number:06d}-{layout}.{extension}", content


def totals_of(store: Store, run: Any) -> tuple[ControlTotal, ...]:
    """The control totals of a closed run by currency."""
    return tuple(
        ControlTotal(
            debit=_money(section.facts["total_debit"]),
            credit=_money(section.facts["total_credit"]),
            details=len(section.details),
        )
        for section in _sections(store, run)
    )


def _money(value: Value) -> Money:
    assert isinstance(value, Money)
    return value


def _sections(store: Store, run: Any) -> Sequence[Section]:
    return [
        _section(run, currency, list(entries))
        for currency, entries in groupby(store.all(_ENTRIES, run_id=run.id), key=lambda entry: entry.currency)
    ]


def _section(run: Any, currency: str, entries: Iterable[Any]) -> Section:
    """One currency: what nets to nothing, in money and in quantity, is left out (R batch 4)."""
    details = [_detail(run, entry) for entry in entries if entry.debit != entry.credit or entry.quantity]
    amounts = [_money(detail["amount"]).minor for detail in details]
    facts: Mapping[str, Value] = {
        "run_number": run.number,
        "run_moment": run.started_at,
        "business_date": run.business_date,
        "batch_code": run.batch_code,
        "currency": currency,
        "detail_count": len(details),
        "total_debit": Money(sum(amount for amount in amounts if amount > 0), currency),
        "total_credit": Money(-sum(amount for amount in amounts if amount < 0), currency),
    }
    return Section(facts, tuple(details))


def _detail(run: Any, entry: Any) -> Mapping[str, Value]:
    return {
        "run_number": run.number,
        "gl_division": entry.gl_division,
        "fiscal_year": entry.fiscal_year,
        "period": entry.period,
        "gl_account": entry.gl_account,
        "fund": entry.fund,
        "amount": Money(entry.debit - entry.credit, entry.currency),
        "currency": entry.currency,
        "statistic_code": entry.statistic_code,
        "statistic_quantity": entry.quantity,
    }
