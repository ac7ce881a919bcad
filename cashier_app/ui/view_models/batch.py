"""Batch at a window: what the company is owed, the jobs, the runs, and one run chunk by chunk (C2, design D14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cashier_app.domain.configuration import CONTROL_TABLES
from cashier_app.domain.errors import CashierError, Problem
from cashier_app.services.administration.nodes import need_workstation
from cashier_app.services.batch.doing import Watching, ask_for, do_run
from cashier_app.services.batch.jobs import JOBS, Machine, keep_file
from cashier_app.services.batch.run_records import Run, RunStatus, latest_runs
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.queries.batch_runs import ControlRow, RunDetail, control_rows, run_detail
from cashier_app.services.queries.company_debt import CompanyDebt, company_debt
from cashier_app.services.to_do.mail_password import NO_PASSWORD
from cashier_app.ui.backend import new_command_id
from cashier_app.ui.tasks import stop_requested
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

MOST_RUNS: Final = 200
Then = Callable[[str], None]
"""Hears whether a run finished or stopped."""


class UnderWay(NamedTuple):
    """The run that this window does."""

    name: str
    """Batch code of its control."""
    done: int
    total: int
    """Chunks, or what else the job counts; 0 while nobody can say."""
    rate: float
    """So many a second; 0 while nobody can say."""
    left: timedelta | None


class Jobs(NamedTuple):
    """What can be started, and what forms offer for it."""

    controls: tuple[ControlRow, ...] = ()
    choices: Mapping[str, tuple[tuple[str, str], ...]] = {}
    """By control table: codes with their words."""
    currency: str = ""
    """Of amounts for which none is typed."""


def read_jobs(store: Store, config: Configuration) -> Jobs:
    """All batch controls, with what their parameters may name."""
    controls = control_rows(store, config)
    tables = {each.refers for control in controls for each in control.parameters if each.refers}
    return Jobs(controls, {table: _codes(config, table) for table in tables}, config.installation.currency)


def _codes(config: Configuration, table: str) -> tuple[tuple[str, str], ...]:
    records: Mapping[str, Any] = config.all(CONTROL_TABLES[table])
    return tuple((code, record.description or code) for code, record in sorted(records.items()))


def read_runs(store: Store, _config: Configuration) -> tuple[Run, ...]:
    """The latest runs, the newest first."""
    return latest_runs(store, list(JOBS), MOST_RUNS)


def read_run(store: Store, _config: Configuration, run_id: str) -> RunDetail:
    """A run with its chunks and errors."""
    return run_detail(store, run_id)


class Batch(Screen):
    """The company's debt, the jobs and all runs; this window does one run at a time, beside everything else.

    A run has a thread, a connection and a workstation of its own. Between two chunks it waits until the window has had
    what it asked of the ledger meanwhile, so that nobody at the window waits for more than one chunk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "batch", "configuration")
        self.debts: tuple[CompanyDebt, ...] = ()
        self.jobs = Jobs()
        self.runs: tuple[Run, ...] = ()
        self.detail: RunDetail | None = None
        self.under_way: UnderWay | None = None
        self.form_problems: tuple[Problem, ...] = ()
        """What is wrong with what was typed to start a job."""
        self.run_problems: tuple[Problem, ...] = ()
        """Why the last run stopped."""
        self._wants_stop = False
        self._started: tuple[datetime, int] | None = None

    def refresh(self) -> None:
        """Look again; while a run is under way only at the runs, for its chunks change accounts all the time."""
        if self.under_way is None:
            self.ask(self._show_debts, company_debt, self.desk.backend.business_date)
            self.ask(self._show_jobs, read_jobs)
        self.ask(self._show_runs, read_runs)

    def choose(self, run_id: str) -> None:
        """Show one run."""
        self.ask(self._show_detail, read_run, run_id)

    # -- starting

    def description(self, code: str) -> str:
        """What a batch control is called by whoever set it up."""
        return next((each.description for each in self.jobs.controls if each.code == code), "")

    def may(self, job: str) -> bool:
        """Whether the user may start a job."""
        return any(self.desk.may(right) for right in JOBS[job].rights)

    def offered(self) -> tuple[ControlRow, ...]:
        """The jobs that the user may start."""
        return tuple(each for each in self.jobs.controls if self.may(each.job))

    def start(self, control: ControlRow, typed: Mapping[str, str], begun: Callable[[], None], done: Then) -> None:
        """Start a job with what was typed; `begun` hears when that was accepted, `done` whether it finished."""
        if self.under_way is None:
            self.form_problems = ()
            run_id = new_command_id()
            self.desk.backend.tasks.start(self._begin(control, self._plain(control, typed), run_id, begun, done))

    def can_go_on(self, run: Run) -> bool:
        """Whether a run is left that this user may take up: it stopped, or its program died."""
        is_left = run.status not in {RunStatus.FINISHED, RunStatus.RUNNING}
        return is_left and self.under_way is None and self.may(run.kind)

    def go_on(self, run: Run, done: Then) -> None:
        """Take a run up again, from the first chunk that waits, with what it began with."""
        if self.can_go_on(run):
            self.desk.backend.tasks.start(self._run(run.batch_code, run.run_id, done))

    def stop(self) -> None:
        """Stop after the chunk that is being done."""
        self._wants_stop = True

    # -- running

    def _plain(self, control: ControlRow, typed: Mapping[str, str]) -> dict[str, str]:
        """What was typed, as the command line takes it: an amount without a currency is in the utility's own."""
        kinds = {each.name: each.kind for each in control.parameters}
        return {
            name: f"{value} {self.jobs.currency}" if kinds[name] == "money" and " " not in value else value
            for name, value in typed.items()
            if value
        }

    async def _begin(
        self, control: ControlRow, plain: dict[str, str], run_id: str, begun: Callable[[], None], done: Then
    ) -> None:
        tasks, user_id = self.desk.backend.tasks, self._user_id
        try:
            if plain.get("file"):
                plain |= await tasks.in_files(self._keep, plain["file"])
            await tasks.in_database(self._ask, control.code, plain, run_id, user_id)
        except CashierError as refused:
            self.form_problems = refused.problems
            self.notify()
            return
        begun()
        await self._run(control.code, run_id, done)

    async def _run(self, name: str, run_id: str, done: Then) -> None:
        self.under_way, self.run_problems = UnderWay(name, 0, 0, 0.0, None), ()
        self._wants_stop, self._started = False, None
        self.notify()
        ended = RunStatus.REFUSED
        try:
            ended = (await self.desk.backend.tasks.in_run(self._work, name, run_id, self._user_id)).status
        except CashierError as refused:
            self.run_problems = refused.problems
        finally:
            self.under_way = None
            self.refresh()
            self.choose(run_id)
            self.notify()
        if ended is not RunStatus.REFUSED:
            done("finished" if ended is RunStatus.FINISHED else "stopped")

    # -- in other threads

    def _keep(self, file: str) -> dict[str, str]:
        return keep_file(self._machine.files, Path(file))

    def _ask(self, name: str, plain: dict[str, str], run_id: str, user_id: int) -> None:
        ask_for(self.desk.backend.door, name, plain, run_id=run_id, user_id=user_id)

    def _work(self, name: str, run_id: str, user_id: int) -> Run:
        """Do the run over a connection of its own, as a workstation of its own."""
        backend = self.desk.backend
        database = Database(backend.database_url)

        def told(done: int, total: int) -> None:
            backend.tasks.tell(self._far, name, done, total)
            backend.tasks.give_way()

        def is_wanted() -> bool:
            return not (self._wants_stop or stop_requested())

        try:
            node = f"{backend.node}-RUNS"
            need_workstation(database, node)
            door = Door(database, node, backend.door.clock)
            return do_run(door, run_id, user_id, Watching(progress=told, is_wanted=is_wanted), self._machine)
        finally:
            database.close()

    @property
    def _machine(self) -> Machine:
        backend = self.desk.backend
        password = backend.mail_password or NO_PASSWORD
        return Machine(files=backend.state / "files", mail_password=password, processes=False)

    @property
    def _user_id(self) -> int:
        user = self.desk.backend.user
        assert user is not None, "somebody is signed in"
        return user.id

    # -- answers

    def _far(self, name: str, done: int, total: int) -> None:
        """How far it is; the rate is that since this window began."""
        if self.under_way is None:
            return
        now = self.desk.backend.now
        if self._started is None:
            self._started = (now, done)
        since, before = self._started
        took = (now - since).total_seconds()
        rate = (done - before) / took if took else 0.0
        left = timedelta(seconds=(total - done) / rate) if rate and total else None
        self.under_way = UnderWay(name, done, total, rate, left)
        self.notify()

    def _show_debts(self, found: tuple[CompanyDebt, ...]) -> None:
        self.debts = found
        self.notify()

    def _show_jobs(self, found: Jobs) -> None:
        self.jobs = found
        self.notify()

    def _show_runs(self, found: tuple[Run, ...]) -> None:
        self.runs = found
        self.notify()

    def _show_detail(self, found: RunDetail) -> None:
        self.detail = found
        self.notify()
