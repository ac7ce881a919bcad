"""Notes on runs: asked for, under way, ended. A program that dies leaves its runs *interrupted*, never lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, null, select, update

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import refuse, require
from cashier_app.models.batch import BatchRun
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.writing import writing


class RunStatus(StrEnum):
    """How a run stands."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    REFUSED = "REFUSED"
    """A rule stood in the way; the message has its code."""
    FAILED = "FAILED"
    """A bug, or a database that did not obey."""
    INTERRUPTED = "INTERRUPTED"
    """The server stopped meanwhile. What was done is done once; ask again to go on."""


ENDED = frozenset({RunStatus.FINISHED, RunStatus.REFUSED, RunStatus.FAILED, RunStatus.INTERRUPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands."""

    run_id: str
    kind: str
    status: RunStatus
    parameters: str
    """As JSON."""
    user_id: int
    worker: str
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int
    message: str
    result: str
    """As JSON; empty until it is finished."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.status in ENDED


_COLUMNS = (
    BatchRun.id.label("run_id"),
    BatchRun.kind,
    BatchRun.status,
    BatchRun.parameters,
    BatchRun.user_id,
    BatchRun.worker,
    BatchRun.requested_at,
    BatchRun.started_at,
    BatchRun.ended_at,
    BatchRun.done,
    BatchRun.total,
    BatchRun.message,
    BatchRun.result,
)
_ONE = Statement(select(*_COLUMNS).where(BatchRun.id == bindparam("run_id")))
_LATEST = Statement(
    select(*_COLUMNS)
    .where(among(BatchRun.kind, "kinds"))
    .order_by(BatchRun.requested_at.desc(), BatchRun.id)
    .limit(bindparam("most"))
)
_COUNTS = Statement(
    select(BatchRun.kind, BatchRun.status, func.count().label("runs"))
    .group_by(BatchRun.kind, BatchRun.status)
    .order_by(BatchRun.kind, BatchRun.status)
)
_INSERT = Statement(
    insert(BatchRun).values(
        id=bindparam("run_id"),
        kind=bindparam("kind"),
        status=RunStatus.WAITING.value,
        parameters=bindparam("parameters"),
        user_id=bindparam("user_id"),
        worker=bindparam("worker"),
        requested_at=bindparam("now"),
    )
)


def _changing(**columns: Any) -> Statement:
    return Statement(update(BatchRun).where(BatchRun.id == bindparam("run_id")).values(**columns))


_START = _changing(status=RunStatus.RUNNING.value, started_at=bindparam("now"), ended_at=null(), message="")
_PROGRESS = _changing(done=bindparam("so_far"), total=bindparam("of"))
_END = _changing(
    status=bindparam("ended_as"), ended_at=bindparam("now"), message=bindparam("why"), result=bindparam("outcome")
)
_INTERRUPT = Statement(
    update(BatchRun)
    .where(BatchRun.worker == bindparam("of_worker"), among(BatchRun.status, "under_way"))
    .values(status=RunStatus.INTERRUPTED.value, ended_at=bindparam("now"), message=bindparam("why"))
)


def request_run(
    database: Database, run_id: str, *, kind: str, parameters: str, user_id: int, worker: str, now: datetime
) -> tuple[Run, bool]:
    """Note that a run was asked for; the run, and whether it is new. CMD-002 for an id used for something else."""
    with writing(database) as store:
        row = store.first(_ONE, run_id=run_id)
        if row is None:
            given = {"run_id": run_id, "kind": kind, "parameters": parameters, "user_id": user_id}
            store.apply(_INSERT, [{**given, "worker": worker, "now": now}])
            row = store.first(_ONE, run_id=run_id)
            return _run(row), True
    run = _run(row)
    require(
        (run.kind, run.parameters, run.user_id) == (kind, parameters, user_id),
        "CMD-002",
        "This command id was already used for something else; use a new one.",
        "command_id",
    )
    return run, False


def start_run(database: Database, run_id: str, now: datetime) -> None:
    """It is under way."""
    _write(database, _START, run_id=run_id, now=now)


def note_progress(database: Database, run_id: str, done: int, total: int) -> None:
    """How far it is."""
    _write(database, _PROGRESS, run_id=run_id, so_far=done, of=total)


def end_run(
    database: Database, run_id: str, status: RunStatus, now: datetime, *, message: str = "", result: str = ""
) -> None:
    """It is over."""
    _write(database, _END, run_id=run_id, ended_as=status.value, now=now, why=message, outcome=result)


def interrupt_runs(database: Database, worker: str, now: datetime) -> None:
    """Whatever this worker had begun or not begun yet ended with the program."""
    why = "The server stopped. What was done is done once; ask again to go on."
    under_way = [RunStatus.WAITING.value, RunStatus.RUNNING.value]
    _write(database, _INTERRUPT, of_worker=worker, under_way=under_way, now=now, why=why)


def _write(database: Database, statement: Statement, **values: Any) -> None:
    with writing(database) as store:
        store.apply(statement, [values])


def run_of(store: Store, run_id: str) -> Run:
    """A run; refuses with RUN-001."""
    row = store.first(_ONE, run_id=run_id)
    if row is None:
        refuse("RUN-001", "There is no such run.", "run_id")
    return _run(row)


def latest_runs(store: Store, kinds: Collection[str], limit: int) -> tuple[Run, ...]:
    """Runs of these kinds, the latest first."""
    return tuple(_run(row) for row in store.all(_LATEST, kinds=sorted(kinds), most=limit))


def run_counts(database: Database) -> Iterable[tuple[str, str, int]]:
    """How many runs there are by kind and state."""
    with reading(database, access=EVERYTHING) as store:
        return [(row.kind, row.status, row.runs) for row in store.all(_COUNTS)]


def _run(row: Any) -> Run:
    return Run(**{**row._asdict(), "status": RunStatus(row.status)})
