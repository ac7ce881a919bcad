"""Tells somebody of a run that stopped before its end; what was told is resolved when it has been taken to its end."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.batch.chunks import BATCH_ERROR
from cashier_app.services.batch.controls import batch_control
from cashier_app.services.batch.run_records import Run
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM, Work
from cashier_app.services.to_do.entries import add_entry
from cashier_app.services.to_do.resolving import about_run, resolve, told, waits


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfRun:
    """Tell somebody that a run stopped."""

    run_id: str
    batch_code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveRun:
    """Complete what was told of a run that has come to its end after all."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTold:
    """The run concerned."""

    run_id: str


@handles(TellOfRun, right="system")
def handle_tell_of_run(command: TellOfRun, work: Work) -> RunTold:
    """Once, however often it stops; nobody where the batch control says so."""
    subject = about_run(command.run_id)
    if batch_control(work.config, command.batch_code).to_do and subject not in told(work, BATCH_ERROR, [subject]):
        add_entry(work, BATCH_ERROR, f"{command.batch_code}: {command.text}", subject=subject)
    return RunTold(run_id=command.run_id)


@handles(ResolveRun, right="system")
def handle_resolve_run(command: ResolveRun, work: Work) -> RunTold:
    """The entry names this command as the one that resolved it."""
    resolve(work, BATCH_ERROR, [about_run(command.run_id)])
    return RunTold(run_id=command.run_id)


def tell_of_run(door: Door, run: Run, text: str) -> None:
    """A run that had begun was refused or failed. Where not even that can be said, the list of runs says it."""
    with contextlib.suppress(EnvironmentProblem):
        first = text.partition("\n")[0]
        command = TellOfRun(run_id=run.run_id, batch_code=run.batch_code, text=first)
        door.execute(command, user_id=SYSTEM.id)


def resolve_run(door: Door, run_id: str) -> None:
    """A run has come to its end."""
    with reading(door.database, access=EVERYTHING) as store:
        if not waits(store, about_run(run_id)):
            return
    door.execute(ResolveRun(run_id=run_id), user_id=SYSTEM.id)
