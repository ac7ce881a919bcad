"""Runs of batch jobs as operators look at them: how far, how fast, what could not be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.models.batch import BatchError, BatchRun
from cashier_app.services.batch.chunks import ChunkStatus, chunks_of
from cashier_app.services.batch.run_records import Run, run_of
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

MOST_ERRORS = 200

_BEGINNING = Statement(
    select(BatchRun.id).where(BatchRun.id >= bindparam("first"), BatchRun.id < bindparam("beyond")).limit(2)
)
_ERRORS = Statement(
    select(BatchError.number, BatchError.unit, BatchError.code, BatchError.message)
    .where(BatchError.run_id == bindparam("run_id"))
    .order_by(BatchError.number, BatchError.unit)
    .limit(MOST_ERRORS)
)


@dataclass(frozen=True, slots=True)
class UnitError:
    """A unit that was left as it was."""

    chunk: int
    unit: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetail:
    """A run with what its chunks came to."""

    run: Run
    chunks: int
    """0 for a job that is not done in chunks."""
    chunks_done: int
    units_done: int
    units_in_error: int
    totals: Mapping[str, int]
    errors: tuple[UnitError, ...]
    """The first of them."""


def run_beginning(store: Store, beginning: str) -> Run:
    """The run whose id begins so; refuses with RUN-001 unless there is exactly one."""
    found = store.all(_BEGINNING, first=beginning, beyond=f"{beginning}g")
    if len(found) != 1:
        refuse(
            "RUN-001", "There is no such run." if not found else "Several runs begin so; give more of the id.", "run_id"
        )
    return run_of(store, found[0].id)


def run_detail(store: Store, beginning: str) -> RunDetail:
    """A run by the beginning of its id; refuses with RUN-001."""
    run = run_beginning(store, beginning)
    chunks = chunks_of(store, run.run_id)
    done = [chunk for chunk in chunks if chunk.status == ChunkStatus.DONE]
    totals: Counter[str] = Counter()
    for chunk in done:
        totals.update(from_json(chunk.totals, dict[str, int]))
    return RunDetail(
        run=run,
        chunks=len(chunks),
        chunks_done=len(done),
        units_done=sum(chunk.units_done for chunk in done),
        units_in_error=sum(chunk.units_in_error for chunk in done),
        totals=totals,
        errors=tuple(UnitError(*row) for row in store.all(_ERRORS, run_id=run.run_id)),
    )


def time_left(run: Run, now: datetime) -> timedelta | None:
    """How long it will take at the rate so far; nothing while nobody can say."""
    if run.is_over or not run.done or not run.total or run.started_at is None:
        return None
    return (now - run.started_at) * (run.total - run.done) / run.done
