"""Runs as chunks of commands (design D14): planned by one command, each chunk done by one, finished by one.

A chunk's state commits with its work. A unit that cannot be done is left as it was and noted; the others go on
(R batch 1). What a job does is told by `services.batch.chunked`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import EnvironmentProblem, RuleViolation, refuse, require
from cashier_app.models.batch import BatchChunk, BatchError, BatchPlan
from cashier_app.services.batch.chunked import Assignment, ChunkedJob, chunked_job
from cashier_app.services.batch.controls import batch_control
from cashier_app.services.kernel.attempts import attempt
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.database import SerializationConflict
from cashier_app.services.kernel.last_resort import as_refusal
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import NewEntry, add_entries
from cashier_app.services.to_do.resolving import about_unit, resolve, told

BATCH_ERROR: Final = "BATCH_ERROR"


class PlanStatus(StrEnum):
    """How a planned run stands."""

    UNDER_WAY = "UNDER_WAY"
    FINISHED = "FINISHED"


class ChunkStatus(StrEnum):
    """How a chunk stands: there is nothing between the two."""

    WAITING = "WAITING"
    DONE = "DONE"


_INSERT_PLAN = insertion(
    BatchPlan, "run_id batch_code job number parameters business_date status planned_at planned_by chunks"
)
_FINISH_PLAN = change(BatchPlan, "status units_done units_in_error", by="run_id")
_INSERT_CHUNK = insertion(BatchChunk, "run_id number first_key last_key status")
_FINISH_CHUNK = change(BatchChunk, "status units_done units_in_error totals", by="run_id number")
_INSERT_ERROR = insertion(BatchError, "run_id number unit code message")
_LAST_NUMBER = Statement(select(func.max(BatchPlan.number)).where(BatchPlan.batch_code == bindparam("batch_code")))
_PLAN = Statement(
    select(
        BatchPlan.run_id,
        BatchPlan.batch_code,
        BatchPlan.job,
        BatchPlan.number,
        BatchPlan.parameters,
        BatchPlan.business_date,
        BatchPlan.status,
        BatchPlan.chunks,
    ).where(BatchPlan.run_id == bindparam("run_id"))
)
_CHUNK = Statement(
    select(BatchChunk.first_key, BatchChunk.last_key, BatchChunk.status).where(
        BatchChunk.run_id == bindparam("run_id"), BatchChunk.number == bindparam("number")
    )
)
_ALL_CHUNKS = Statement(
    select(BatchChunk.number, BatchChunk.status, BatchChunk.units_done, BatchChunk.units_in_error, BatchChunk.totals)
    .where(BatchChunk.run_id == bindparam("run_id"))
    .order_by(BatchChunk.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBatch:
    """Split a run into chunks. The command's id is the run's."""

    run_id: str
    job: str
    parameters: str
    """As JSON."""
    batch_code: str = ""
    """The batch control that it is a run of; by default the one that is called after the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlanned:
    """The run's number, and into how many chunks it was split."""

    number: int
    chunks: int


@handles(PlanBatch, right="RunBatch")
def plan_batch(command: PlanBatch, work: Work) -> BatchPlanned:
    """Refuses with BAT-001 a job that there is not."""
    job = chunked_job(command.job)
    given: Any = from_json(command.parameters, job.parameters)
    job.check(work, given)
    control = batch_control(work.config, command.batch_code or job.code)
    spans = list(job.spans(work.store, given, control.chunk_size))
    number = (work.store.value(_LAST_NUMBER, batch_code=control.code) or 0) + 1
    row = (
        command.run_id,
        control.code,
        job.code,
        number,
        command.parameters,
        work.business_date,
        PlanStatus.UNDER_WAY.value,
        work.instant,
        work.user.id,
        len(spans),
    )
    work.store.write(_INSERT_PLAN, [row])
    waiting = ChunkStatus.WAITING.value
    work.store.write(
        _INSERT_CHUNK, [(command.run_id, place, first, last, waiting) for place, (first, last) in enumerate(spans, 1)]
    )
    return BatchPlanned(number=number, chunks=len(spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoBatchChunk:
    """Do one chunk of a run."""

    run_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkDone:
    """What came of a chunk."""

    units_done: int
    units_in_error: int
    totals: Mapping[str, int]


@handles(DoBatchChunk, right="RunBatch")
def do_batch_chunk(command: DoBatchChunk, work: Work) -> ChunkDone:
    """All of it or nothing; a unit that a rule forbids is noted as an error and left as it was."""
    store = work.store
    plan = plan_of(store, command.run_id)
    chunk = store.one(_CHUNK, ("BAT-003", "The run has no such chunk."), run_id=command.run_id, number=command.number)
    require(chunk.status == ChunkStatus.WAITING, "BAT-004", "This chunk is done already.", "number")
    job = chunked_job(plan.job)
    given: Any = from_json(plan.parameters, job.parameters)
    assignment = Assignment(given, plan.business_date, f"{plan.batch_code} {plan.number}")
    units = job.units(store, assignment, chunk.first_key, chunk.last_key)
    totals, errors = _work(work, job, assignment, units)
    place = (command.run_id, command.number)
    store.write(_INSERT_ERROR, [(*place, unit, code, message) for unit, (code, message) in errors.items()])
    control = batch_control(work.config, plan.batch_code)
    if job.again:
        resolve(work, BATCH_ERROR, (about_unit(plan.batch_code, unit) for unit in units if unit not in errors))
    if errors and control.to_do:
        _tell(work, job, plan.batch_code, assignment, errors)
    done = len(units) - len(errors)
    store.write(_FINISH_CHUNK, [(ChunkStatus.DONE.value, done, len(errors), to_json(dict(totals)), *place)])
    return ChunkDone(units_done=done, units_in_error=len(errors), totals=dict(totals))


def _work(
    work: Work, job: ChunkedJob, assignment: Assignment, units: list[int]
) -> tuple[Counter[str], dict[int, tuple[str, str]]]:
    """All units together, as bulk work is fast; where that is refused, one by one, to find out which."""
    try:
        with attempt(work):
            return Counter(job.work(work, assignment, units)), {}
    except (EnvironmentProblem, SerializationConflict):
        raise
    except Exception:  # noqa: BLE001, S110  # whatever it is, it comes again with the unit that it belongs to
        pass
    totals: Counter[str] = Counter()
    errors = {}
    for unit in units:
        try:
            with attempt(work):
                totals.update(job.work(work, assignment, [unit]))
        except (EnvironmentProblem, SerializationConflict):
            raise
        except Exception as problem:  # noqa: BLE001  # one failing unit stops no other
            errors[unit] = _said(work, problem)
    return totals, errors


def _said(work: Work, problem: Exception) -> tuple[str, str]:
    refusal = problem if isinstance(problem, RuleViolation) else as_refusal(problem, work.store.database.driver)
    if refusal is None:
        return "BAT-005", f"A bug: {type(problem).__name__}: {problem}"
    return refusal.problems[0].code, refusal.problems[0].sentence


def _tell(
    work: Work, job: ChunkedJob, batch_code: str, assignment: Assignment, errors: Mapping[int, tuple[str, str]]
) -> None:
    """Once of each unit, however often a job that does it again fails on it."""
    accounts = job.accounts(work.store, errors)
    subjects = {unit: about_unit(batch_code, unit) for unit in errors}
    known = told(work, BATCH_ERROR, subjects.values()) if job.again else frozenset()
    entries = [
        NewEntry(
            BATCH_ERROR,
            f"{assignment.stamp}: {code}: {message}",
            account_id=accounts.get(unit),
            subject=subjects[unit],
        )
        for unit, (code, message) in errors.items()
        if subjects[unit] not in known
    ]
    add_entries(work, entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishBatch:
    """Add a run's chunks up."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDone:
    """What a run came to."""

    job: str
    number: int
    chunks: int
    units_done: int
    units_in_error: int
    totals: Mapping[str, int]


@handles(FinishBatch, right="RunBatch")
def finish_batch(command: FinishBatch, work: Work) -> BatchDone:
    """Refuses with BAT-006 while chunks wait."""
    plan = plan_of(work.store, command.run_id)
    chunks = chunks_of(work.store, command.run_id)
    waiting = sum(chunk.status == ChunkStatus.WAITING for chunk in chunks)
    require(not waiting, "BAT-006", f"{waiting} chunk(s) of the run wait still; go on with it first.", "run_id")
    totals: Counter[str] = Counter()
    for chunk in chunks:
        totals.update(from_json(chunk.totals, dict[str, int]))
    done = sum(chunk.units_done for chunk in chunks)
    in_error = sum(chunk.units_in_error for chunk in chunks)
    work.store.write(_FINISH_PLAN, [(PlanStatus.FINISHED.value, done, in_error, command.run_id)])
    return BatchDone(
        job=plan.job, number=plan.number, chunks=len(chunks), units_done=done, units_in_error=in_error, totals=totals
    )


def plan_of(store: Store, run_id: str) -> Any:
    """A planned run; refuses with BAT-002."""
    row = store.first(_PLAN, run_id=run_id)
    if row is None:
        refuse("BAT-002", "There is no such run.", "run_id")
    return row


def is_planned(store: Store, run_id: str) -> bool:
    """Whether a run was split into chunks already."""
    return store.first(_PLAN, run_id=run_id) is not None


def chunks_of(store: Store, run_id: str) -> list[Any]:
    """The chunks of a run, in order."""
    return store.all(_ALL_CHUNKS, run_id=run_id)


def chunk_id(run_id: str, number: int) -> str:
    """The command id of a chunk: the same whoever does it, and however often it is delivered."""
    return hashlib.sha256(f"batch {run_id} {number}".encode()).hexdigest()[:32]
