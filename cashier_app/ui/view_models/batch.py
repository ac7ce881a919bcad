"""Batch at a window: what the company is owed, the runs, and one run chunk by chunk (C2, design D14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cashier_app.domain.errors import CashierError, Problem
from cashier_app.services.batch.chunks import ChunkStatus, DoBatchChunk, FinishBatch, PlanBatch, chunk_id, chunks_of
from cashier_app.services.batch.jobs import JOBS
from cashier_app.services.batch.redundant_marking import MarkRedundant
from cashier_app.services.batch.run_records import (
    Run,
    RunStatus,
    end_run,
    latest_runs,
    note_progress,
    request_run,
    start_run,
)
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.queries.batch_runs import RunDetail, run_detail
from cashier_app.services.queries.company_debt import CompanyDebt, company_debt
from cashier_app.ui.backend import new_command_id
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

MOST_RUNS: Final = 200


class UnderWay(NamedTuple):
    """The run that this window does."""

    kind: str
    done: int
    total: int
    rate: float
    """Chunks a second; 0 while nobody can say."""
    left: timedelta | None


def read_runs(store: Store, _config: Configuration) -> tuple[Run, ...]:
    """The latest runs, the newest first."""
    return latest_runs(store, list(JOBS), MOST_RUNS)


def read_run(store: Store, _config: Configuration, run_id: str) -> RunDetail:
    """A run with its chunks and errors."""
    return run_detail(store, run_id)


def _waiting(store: Store, _config: Configuration, run_id: str) -> list[int]:
    return [chunk.number for chunk in chunks_of(store, run_id) if chunk.status == ChunkStatus.WAITING]


class Batch(Screen):
    """The company's debt and all runs; a run of this window goes chunk by chunk between everything else."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "batch")
        self.debts: tuple[CompanyDebt, ...] = ()
        self.runs: tuple[Run, ...] = ()
        self.detail: RunDetail | None = None
        self.under_way: UnderWay | None = None
        self.run_problems: tuple[Problem, ...] = ()
        self._wants_stop = False

    def refresh(self) -> None:
        """Look again; while a run is under way only at the runs, for its chunks change accounts all the time."""
        if self.under_way is None:
            self.ask(self._show_debts, company_debt, self.desk.backend.business_date)
        self.ask(self._show_runs, read_runs)

    def choose(self, run_id: str) -> None:
        """Show one run."""
        self.ask(self._show_detail, read_run, run_id)

    # -- running

    def can_go_on(self, run: Run) -> bool:
        """Whether a run is left that this user may take up again."""
        user = self.desk.backend.user
        mine = user is not None and run.user_id == user.id
        return mine and self.under_way is None and bool(JOBS[run.kind].chunked) and run.status is not RunStatus.FINISHED

    def mark_redundant(self, done: Callable[[str], None]) -> None:
        """Mark old transactions that cancel out; `done` hears whether it finished or stopped."""
        self._start("mark-redundant", to_json(MarkRedundant()), new_command_id(), done)

    def go_on(self, run: Run, done: Callable[[str], None]) -> None:
        """Take a run up again, from the first chunk that waits."""
        if self.can_go_on(run):
            self._start(run.kind, run.parameters, run.run_id, done)

    def stop(self) -> None:
        """Stop after the chunk that is being done."""
        self._wants_stop = True

    def _start(self, kind: str, parameters: str, run_id: str, done: Callable[[str], None]) -> None:
        if self.under_way is not None:
            return
        self.under_way, self.run_problems, self._wants_stop = UnderWay(kind, 0, 0, 0.0, None), (), False
        self.notify()
        self.desk.backend.tasks.start(self._run(kind, parameters, run_id, done))

    async def _run(self, kind: str, parameters: str, run_id: str, done: Callable[[str], None]) -> None:
        try:
            ended = await self._noted(kind, parameters, run_id)
        finally:
            self.under_way = None
            self.notify()
        self.refresh()
        self.choose(run_id)
        if ended is not RunStatus.REFUSED:
            done("finished" if ended is RunStatus.FINISHED else "stopped")

    async def _noted(self, kind: str, parameters: str, run_id: str) -> RunStatus:
        """Do a run and note how it ended, whatever happens."""
        backend = self.desk.backend
        user = backend.user
        assert user is not None
        who = {"user_id": user.id, "worker": backend.node, "now": backend.now}
        try:
            await self._note(request_run, run_id, kind=kind, parameters=parameters, **who)
            await self._note(start_run, run_id, backend.now)
            result = await self._chunks(kind, parameters, run_id)
        except CashierError as refused:
            self.run_problems = refused.problems
            return await self._ended(run_id, RunStatus.REFUSED, "\n".join(map(str, refused.problems)))
        except Exception as error:
            await self._ended(run_id, RunStatus.FAILED, repr(error))
            self.ask(self._show_runs, read_runs)
            raise
        if result:
            return await self._ended(run_id, RunStatus.FINISHED, result=result)
        stopped = "Stopped. What was done is done once; ask again to go on."
        return await self._ended(run_id, RunStatus.INTERRUPTED, stopped)

    async def _ended(self, run_id: str, status: RunStatus, message: str = "", result: str = "") -> RunStatus:
        await self._note(end_run, run_id, status, self.desk.backend.now, message=message, result=result)
        return status

    async def _chunks(self, kind: str, parameters: str, run_id: str) -> str:
        """What came of all chunks as JSON; nothing where somebody stopped the run."""
        backend = self.desk.backend
        plan = PlanBatch(run_id=run_id, job=JOBS[kind].chunked, parameters=parameters)
        planned = (await backend.execute(plan, command_id=run_id, words=kind)).result
        waiting = await backend.query(_waiting, run_id)
        before, started = planned.chunks - len(waiting), backend.now
        for place, number in enumerate(waiting):
            await self._told(run_id, self._far(kind, before + place, planned.chunks, started, place))
            if self._wants_stop:
                return ""
            chunk = DoBatchChunk(run_id=run_id, number=number)
            await backend.execute(chunk, command_id=chunk_id(run_id, number), words=kind)
        await self._told(run_id, UnderWay(kind, planned.chunks, planned.chunks, 0.0, None))
        outcome = await backend.execute(FinishBatch(run_id=run_id), command_id=chunk_id(run_id, 0), words=kind)
        return to_json(outcome.result)

    def _far(self, kind: str, done: int, total: int, started: datetime, here: int) -> UnderWay:
        """How far it is: `here` chunks were done since this window began."""
        took = (self.desk.backend.now - started).total_seconds()
        rate = here / took if took else 0.0
        return UnderWay(kind, done, total, rate, timedelta(seconds=(total - done) / rate) if rate else None)

    async def _told(self, run_id: str, under_way: UnderWay) -> None:
        self.under_way = under_way
        self.notify()
        await self._note(note_progress, run_id, under_way.done, under_way.total)

    async def _note(self, function: Callable[..., Any], run_id: str, *args: Any, **named: Any) -> None:
        backend = self.desk.backend
        await backend.tasks.in_database(lambda: partial(function, **named)(backend.door.database, run_id, *args))

    # -- answers

    def _show_debts(self, found: tuple[CompanyDebt, ...]) -> None:
        self.debts = found
        self.notify()

    def _show_runs(self, found: tuple[Run, ...]) -> None:
        self.runs = found
        self.notify()

    def _show_detail(self, found: RunDetail) -> None:
        self.detail = found
        self.notify()
