"""Runs of batch jobs as operators look at them: how far, how fast, what could not be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from typing import Any, get_type_hints

from sqlalchemy import bindparam, func, select

from cashier_app.domain.batch_controls import BatchControl
from cashier_app.domain.errors import refuse
from cashier_app.domain.money import Money
from cashier_app.models.batch import BatchError, BatchPlan, BatchRun
from cashier_app.services.batch.chunks import ChunkStatus, chunks_of
from cashier_app.services.batch.controls import batch_controls
from cashier_app.services.batch.jobs import JOBS
from cashier_app.services.batch.run_records import Run, run_of
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.configuration import Configuration
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

_NUMBERS = Statement(
    select(BatchPlan.batch_code, func.max(BatchPlan.number).label("number")).group_by(BatchPlan.batch_code)
)
_RUNS_OF = Statement(
    select(BatchRun.batch_code, func.count().label("number"), func.max(BatchRun.started_at).label("last_run")).group_by(
        BatchRun.batch_code
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """Something that a job is given, for a form."""

    name: str
    kind: str
    """text, number, money, flag, date or file."""
    default: str
    """As typed: the control's, else the job's own."""
    required: bool
    refers: str = ""
    """The control table whose codes are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """A batch control with how far its runs are."""

    code: str
    description: str
    job: str
    rights: tuple[str, ...]
    """One of them is needed to start it."""
    parameters: tuple[ParameterRow, ...]
    chunk_size: int
    workers: int
    most_errors: int
    next_number: int
    """Of its runs (R batch 1)."""
    last_run: datetime | None


def control_rows(store: Store, config: Configuration) -> tuple[ControlRow, ...]:
    """All batch controls, those of one job together."""
    numbers = {row.batch_code: row.number for row in store.all(_NUMBERS)}
    runs = {row.batch_code: row for row in store.all(_RUNS_OF)}
    return tuple(
        ControlRow(
            code=control.code,
            description=control.description or control.code,
            job=control.job,
            rights=JOBS[control.job].rights,
            parameters=tuple(_parameters(control, JOBS[control.job].parameters)),
            chunk_size=control.chunk_size,
            workers=control.workers,
            most_errors=control.most_errors,
            next_number=1 + (numbers.get(control.code) or (runs[control.code].number if control.code in runs else 0)),
            last_run=runs[control.code].last_run if control.code in runs else None,
        )
        for control in sorted(batch_controls(config).values(), key=lambda each: (list(JOBS).index(each.job), each.code))
    )


_KINDS = {int: "number", bool: "flag", Money: "money", date: "date", str: "text"}


def _parameters(control: BatchControl, shape: Any) -> Iterator[ParameterRow]:
    set_up = {each.name: each for each in control.parameters}
    hints = get_type_hints(shape)
    for each in fields(shape):
        own = each.default is MISSING
        given = set_up.get(each.name)
        yield ParameterRow(
            name=each.name,
            kind=each.metadata.get("kind") or _KINDS[hints[each.name]],
            default=(given.value if given else "") or ("" if own else str(each.default)),
            required=own or bool(given and given.required),
            refers=each.metadata.get("refers", ""),
        )
