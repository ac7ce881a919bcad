"""Asks for a run and does it, with notes on how far it is: for the command line, the window and the server alike."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError, refuse
from cashier_app.services.batch.controls import batch_control, parameters_for
from cashier_app.services.batch.jobs import JOBS, Job, JobRoom, Machine
from cashier_app.services.batch.run_records import (
    Held,
    Run,
    RunStatus,
    claim_run,
    end_run,
    known_run,
    note_progress,
    request_run,
    run_of,
    signs_of_life,
)
from cashier_app.services.batch.telling import resolve_run, tell_of_run
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import Store

_OFTEN: Final = 0.25
"""Seconds between two notes of progress."""
STOPPED: Final = "Stopped. What was done is done once; ask again to go on."


class _Stopped(Exception):  # noqa: N818  # what happened
    """Nobody wants the run to go on."""


def nothing_told(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Whoever has a run done: how they hear of it, and how they stop it."""

    progress: Callable[[int, int], None] = nothing_told
    """Is told how much of how much is done."""
    is_wanted: Callable[[], bool] = lambda: True
    """Asked after each step: without it the run stops, and goes on another time."""


UNWATCHED: Final = Watching()
HERE: Final = Machine()


def run_here(
    door: Door,
    name: str,
    plain: Mapping[str, Any],
    *,
    run_id: str,
    user_id: int,
    watching: Watching = UNWATCHED,
    machine: Machine = HERE,
) -> Run:
    """Run a job to its end, or on from where the run of this id had come to; a finished run is answered as it is.

    Raises:
        RuleViolation: as `ask_for` and `do_run`.
    """
    run, _is_wanted = ask_for(door, name, plain, run_id=run_id, user_id=user_id)
    return run if run.status is RunStatus.FINISHED else do_run(door, run_id, user_id, watching, machine)


def ask_for(
    door: Door, name: str, plain: Mapping[str, Any], *, run_id: str, user_id: int, strict: bool = False
) -> tuple[Run, bool]:
    """Note that a run of a batch control is wanted; the run, and whether somebody must do it now.

    What was asked for before goes on with the parameters that it began with, whatever the control says by now.

    Raises:
        RuleViolation: SEC-003 for whoever may not, RUN-005 for a control that there is not, RUN-007 and CMD-003 for
            parameters, CMD-002 for an id that stands for another run.
    """
    with reading(door.database, access=EVERYTHING) as store:
        control = batch_control(door.current_config(store), name)
        job = JOBS[control.job]
        _need_right(door, store, job, user_id)
        known = known_run(store, run_id)
    before = from_json(known.parameters, dict[str, Any]) if known else {}
    given = parameters_for(control, job.parameters, {**before, **plain}, strict=strict)
    return request_run(
        door.database,
        run_id,
        kind=job.kind,
        batch_code=control.code,
        parameters=to_json(given),
        user_id=user_id,
        worker=door.node_name,
        now=door.clock.now(),
    )


def do_run(door: Door, run_id: str, user_id: int, watching: Watching = UNWATCHED, machine: Machine = HERE) -> Run:
    """Do a run that was asked for, or go on with one that stopped: as this user, with the parameters it began with.

    Raises:
        RuleViolation: RUN-006 where it is under way elsewhere, and whatever the job is refused with. The note says so
            too, and an entry to do where the run had begun.
    """
    database, clock = door.database, door.clock
    with reading(database, access=EVERYTHING) as store:
        run = run_of(store, run_id)
        _need_right(door, store, JOBS[run.kind], user_id)
    job = JOBS[run.kind]
    held = claim_run(database, run_id, door.node_name, clock.now())
    noting = _Noting(door, held, watching)
    room = JobRoom(
        door=door,
        user_id=user_id,
        run_id=run_id,
        batch_code=run.batch_code,
        machine=machine,
        progress=noting,
    )
    try:
        with signs_of_life(database, held):
            result = to_json(job.work(room, from_json(run.parameters, job.parameters)))
    except (_Stopped, KeyboardInterrupt):
        end_run(database, held, RunStatus.INTERRUPTED, clock.now(), message=STOPPED)
    except Exception as problem:
        if watching.is_wanted():
            _note_failure(door, held, run, problem, has_begun=bool(noting.done))
        else:  # broken off in the middle of a question, and perhaps of this note too: then the silence tells
            with contextlib.suppress(Exception):
                end_run(database, held, RunStatus.INTERRUPTED, clock.now(), message=STOPPED)
        raise
    else:
        end_run(database, held, RunStatus.FINISHED, clock.now(), result=result)
        resolve_run(door, run_id)
    with reading(database, access=EVERYTHING) as store:
        return run_of(store, run_id)


def _need_right(door: Door, store: Store, job: Job, user_id: int) -> None:
    door.current_config(store)  # rights are read with it
    actor = door.actor(user_id, store)
    if not any(map(actor.may, job.rights)):
        refuse("SEC-003", f"You may not start {job.kind}. Ask somebody with {' or '.join(job.rights)}.")


def _note_failure(door: Door, held: Held, run: Run, problem: Exception, *, has_begun: bool) -> None:
    """Say in the notes why a run ended; tell somebody, unless it was refused before it had done anything."""
    refused = isinstance(problem, CashierError)
    status = RunStatus.REFUSED if refused else RunStatus.FAILED
    said = f"A bug: {type(problem).__name__}: {problem}"
    if isinstance(problem, CashierError):
        said = "\n".join(str(each) for each in problem.problems[:100])
    with contextlib.suppress(CashierError):  # the database may be what failed: its silence will tell
        end_run(door.database, held, status, door.clock.now(), message=said)
        if has_begun or not refused:
            tell_of_run(door, run, said)


class _Noting:
    """Notes how far a run is, and tells it on."""

    def __init__(self, door: Door, held: Held, watching: Watching) -> None:
        self._door = door
        self._held = held
        self._watching = watching
        self._noted = 0.0
        self.done = 0

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        if time.monotonic() - self._noted > _OFTEN or done == total:
            self._noted = time.monotonic()
            note_progress(self._door.database, self._held, done, total)
        self._watching.progress(done, total)
        if not self._watching.is_wanted():
            raise _Stopped
