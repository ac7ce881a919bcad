"""Does a run in this program, with notes on how far it is: for the command line and for a window of its own ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError, refuse
from cashier_app.services.batch.jobs import JOBS, JobRoom
from cashier_app.services.batch.run_records import (
    Run,
    RunStatus,
    end_run,
    note_progress,
    request_run,
    run_of,
    start_run,
)
from cashier_app.services.kernel.codec import from_plain, to_json
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading

_OFTEN: Final = 0.25
"""Seconds between two notes of progress."""


class Stopped(Exception):  # noqa: N818  # what happened
    """Somebody does not want the run to go on; raised by whoever is told of its progress."""


def run_here(
    door: Door,
    kind: str,
    plain: Any,
    *,
    run_id: str,
    user_id: int,
    progress: Callable[[int, int], None],
    files: Path = Path(),
) -> Run:
    """Run a job to its end, or on from where the run of this id had come to; a finished run is answered as it is.

    Raises:
        RuleViolation: RUN-005 for a job that there is not, CMD-003 for parameters it does not take, and whatever the
            job itself is refused with. The note says so too.
    """
    job = JOBS.get(kind)
    if job is None:
        refuse("RUN-005", f"There is no job {kind!r}; there are: {', '.join(JOBS)}.", "kind")
    given: Any = from_plain(plain, job.parameters, "parameters")
    database, clock = door.database, door.clock
    run, _is_new = request_run(
        database,
        run_id,
        kind=kind,
        parameters=to_json(given),
        user_id=user_id,
        worker=door.node_name,
        now=clock.now(),
    )
    if run.status is RunStatus.FINISHED:
        return run
    start_run(database, run_id, clock.now())
    room = JobRoom(door, user_id, run_id, files, _noting(door, run_id, progress))
    try:
        result = to_json(job.work(room, given))
    except (Stopped, KeyboardInterrupt):
        _end(door, run_id, RunStatus.INTERRUPTED, "Stopped. What was done is done once; ask again to go on.")
    except CashierError as refusal:
        _end(door, run_id, RunStatus.REFUSED, "\n".join(str(problem) for problem in refusal.problems[:100]))
        raise
    except Exception as problem:
        _end(door, run_id, RunStatus.FAILED, f"A bug: {type(problem).__name__}: {problem}")
        raise
    else:
        end_run(database, run_id, RunStatus.FINISHED, clock.now(), result=result)
    with reading(database, access=EVERYTHING) as store:
        return run_of(store, run_id)


def _end(door: Door, run_id: str, status: RunStatus, message: str) -> None:
    end_run(door.database, run_id, status, door.clock.now(), message=message)


def _noting(door: Door, run_id: str, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    noted = 0.0

    def note(done: int, total: int) -> None:
        nonlocal noted
        if time.monotonic() - noted > _OFTEN or done == total:
            noted = time.monotonic()
            note_progress(door.database, run_id, done, total)
        progress(done, total)

    return note
