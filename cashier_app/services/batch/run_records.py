"""Notes on runs: asked for, under way, ended. A program that dies leaves its runs *interrupted*, never lost.

Whoever does a run holds it: it is heard of every few seconds, and after a silence anybody may take the run up. Seconds
are those of the database's own clock, which is the same for everybody. Each holder has a number; whoever has an older
one finds out at the next note, and stops.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, case, func, insert, literal_column, null, or_, select, update

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError, refuse, require
from cashier_app.models.batch import BatchRun
from cashier_app.services.kernel.database import Database, SerializationConflict
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement, among, seconds_now
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
    """Somebody stopped it, or its program died. What was done is done once; ask again to go on."""


BEAT: Final = 5.0
"""Seconds between two signs of life."""
SILENCE: Final = 60
"""Seconds after which a worker that was not heard of has died: many times as long as one command takes."""
DIED: Final = "Its program ended. What was done is done once; ask again to go on."

ENDED = frozenset({RunStatus.FINISHED, RunStatus.REFUSED, RunStatus.FAILED, RunStatus.INTERRUPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands."""

    run_id: str
    kind: str
    batch_code: str
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


_is_silent = BatchRun.seen_at < seconds_now() - SILENCE
_has_died = (BatchRun.status == RunStatus.RUNNING.value) & _is_silent
_COLUMNS = (
    BatchRun.id.label("run_id"),
    BatchRun.kind,
    BatchRun.batch_code,
    case((_has_died, RunStatus.INTERRUPTED.value), else_=BatchRun.status).label("status"),
    BatchRun.parameters,
    BatchRun.user_id,
    BatchRun.worker,
    BatchRun.requested_at,
    BatchRun.started_at,
    BatchRun.ended_at,
    BatchRun.done,
    BatchRun.total,
    case((_has_died, DIED), else_=BatchRun.message).label("message"),
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
    select(
        BatchRun.kind,
        case((_has_died, RunStatus.INTERRUPTED.value), else_=BatchRun.status).label("stands"),
        func.count(),
    )
    .group_by(BatchRun.kind, literal_column("stands"))
    .order_by(BatchRun.kind, literal_column("stands"))
)
_INSERT = Statement(
    insert(BatchRun).values(
        id=bindparam("run_id"),
        kind=bindparam("kind"),
        batch_code=bindparam("batch_code"),
        status=RunStatus.WAITING.value,
        parameters=bindparam("parameters"),
        user_id=bindparam("user_id"),
        worker=bindparam("worker"),
        requested_at=bindparam("now"),
    )
)


_is_free = or_(_has_died, and_(BatchRun.status != RunStatus.RUNNING.value, BatchRun.status != RunStatus.FINISHED.value))
_ASK_AGAIN = Statement(
    update(BatchRun)
    .where(BatchRun.id == bindparam("run_id"), BatchRun.status != RunStatus.WAITING.value, _is_free)
    .values(status=RunStatus.WAITING.value, ended_at=null(), message="")
    .returning(BatchRun.id)
)
_CLAIM = Statement(
    update(BatchRun)
    .where(BatchRun.id == bindparam("run_id"), _is_free)
    .values(
        status=RunStatus.RUNNING.value,
        worker=bindparam("by_worker"),
        attempt=BatchRun.attempt + 1,
        seen_at=seconds_now(),
        started_at=bindparam("now"),
        ended_at=null(),
        message="",
    )
    .returning(BatchRun.attempt)
)


def _held(**columns: Any) -> Statement:
    """A change by whoever holds the run; changes nothing when somebody else has taken it up."""
    return Statement(
        update(BatchRun)
        .where(BatchRun.id == bindparam("run_id"), BatchRun.attempt == bindparam("held_as"))
        .values(**columns)
        .returning(BatchRun.id)
    )


_ALIVE = _held(seen_at=seconds_now())
_PROGRESS = _held(done=bindparam("so_far"), total=bindparam("of"), seen_at=seconds_now())
_END = _held(
    status=bindparam("ended_as"), ended_at=bindparam("now"), message=bindparam("why"), result=bindparam("outcome")
)
_INTERRUPT = Statement(
    update(BatchRun)
    .where(BatchRun.worker == bindparam("of_worker"), among(BatchRun.status, "under_way"))
    .values(status=RunStatus.INTERRUPTED.value, ended_at=bindparam("now"), message=bindparam("why"))
)


class Held(NamedTuple):
    """A run that somebody does, and the number under which they hold it."""

    run_id: str
    attempt: int


def request_run(
    database: Database,
    run_id: str,
    *,
    kind: str,
    batch_code: str,
    parameters: str,
    user_id: int,
    worker: str,
    now: datetime,
) -> tuple[Run, bool]:
    """Note that a run was asked for; the run, and whether somebody must do it now: it is new, or it had stopped.

    Refuses with CMD-002 an id that was used for something else.
    """
    with writing(database) as store:
        known = known_run(store, run_id)
        if known is None:
            given = {"run_id": run_id, "kind": kind, "batch_code": batch_code, "parameters": parameters}
            store.apply(_INSERT, [{**given, "user_id": user_id, "worker": worker, "now": now}])
            return run_of(store, run_id), True
        require(
            (known.kind, known.batch_code, known.parameters) == (kind, batch_code, parameters),
            "CMD-002",
            "This command id was already used for something else; use a new one.",
            "command_id",
        )
        again = store.value(_ASK_AGAIN, run_id=run_id) is not None
        return run_of(store, run_id), again


def claim_run(database: Database, run_id: str, worker: str, now: datetime) -> Held:
    """Begin a run, or take one up that is not under way: of two who try at once, one does it.

    Raises:
        RuleViolation: RUN-006 where somebody else does it, or it is finished.
    """
    attempt = None
    with contextlib.suppress(SerializationConflict), writing(database) as store:  # of two at the same moment
        attempt = store.value(_CLAIM, run_id=run_id, by_worker=worker, now=now)
    if attempt is None:
        refuse("RUN-006", "The run is under way or finished; look at the list of runs.", "run_id")
    return Held(run_id, attempt)


def note_progress(database: Database, held: Held, done: int, total: int) -> None:
    """How far it is; refuses with RUN-006 whoever has lost it."""
    _hold(database, _PROGRESS, held, so_far=done, of=total)


def end_run(
    database: Database, held: Held, status: RunStatus, now: datetime, *, message: str = "", result: str = ""
) -> None:
    """It is over; refuses with RUN-006 whoever has lost it."""
    _hold(database, _END, held, ended_as=status.value, now=now, why=message, outcome=result)


@contextlib.contextmanager
def signs_of_life(database: Database, held: Held) -> Iterator[None]:
    """While the block runs, it is heard of, however long a single step takes."""
    url = database.url.render_as_string(hide_password=False)
    ended = threading.Event()

    def tell() -> None:
        own: Database | None = None
        while not ended.wait(BEAT):
            with contextlib.suppress(CashierError):  # busy, or away for a moment: the next one will do
                own = own or Database(url)
                _hold(own, _ALIVE, held)
        if own is not None:
            own.close()

    teller = threading.Thread(target=tell, name="signs-of-life", daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join(1)  # it may wait for the database; then it ends by itself


def _hold(database: Database, statement: Statement, held: Held, **values: Any) -> None:
    with writing(database) as store:
        known = store.value(statement, run_id=held.run_id, held_as=held.attempt, **values)
    require(known is not None, "RUN-006", "Somebody else has taken this run up; it goes on there.", "run_id")


def interrupt_runs(database: Database, worker: str, now: datetime) -> None:
    """Whatever this worker had begun or not begun yet ended with the program."""
    under_way = [RunStatus.WAITING.value, RunStatus.RUNNING.value]
    _write(database, _INTERRUPT, of_worker=worker, under_way=under_way, now=now, why=DIED)


def _write(database: Database, statement: Statement, **values: Any) -> None:
    with writing(database) as store:
        store.apply(statement, [values])


def run_of(store: Store, run_id: str) -> Run:
    """A run; refuses with RUN-001."""
    run = known_run(store, run_id)
    if run is None:
        refuse("RUN-001", "There is no such run.", "run_id")
    return run


def known_run(store: Store, run_id: str) -> Run | None:
    """A run, where there is one."""
    row = store.first(_ONE, run_id=run_id)
    return _run(row) if row is not None else None


def latest_runs(store: Store, kinds: Collection[str], limit: int) -> tuple[Run, ...]:
    """Runs of these kinds, the latest first."""
    return tuple(_run(row) for row in store.all(_LATEST, kinds=sorted(kinds), most=limit))


def run_counts(database: Database) -> Iterable[tuple[str, str, int]]:
    """How many runs there are by kind and state."""
    with reading(database, access=EVERYTHING) as store:
        return [tuple(row) for row in store.all(_COUNTS)]


def _run(row: Any) -> Run:
    return Run(**{**row._asdict(), "status": RunStatus(row.status)})
