"""The general ledger: runs down to their transactions, the trial balance, checks, calendars and codes (rows C4, C6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.errors import CashierError, Problem
from cashier_app.domain.gl_tables import DistributionCode, GlAccount
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.general_ledger.answering import (
    AnswersTaken,
    answers_taken,
    known_answers,
    read_answers,
    take_answer,
)
from cashier_app.services.general_ledger.check_runs import ExtractChecks
from cashier_app.services.general_ledger.check_runs import file_of as check_file_of
from cashier_app.services.general_ledger.closing import file_of as run_file_of
from cashier_app.services.general_ledger.runs import CloseGlRun, StageGlChunk, StartGlRun, close_id, run_of, stage_id
from cashier_app.services.papers.words import Reader
from cashier_app.services.queries.check_requests import CheckRow, check_requests
from cashier_app.services.queries.gl_runs import (
    GlRunFacts,
    GlRunRow,
    GlSource,
    entry_fts,
    entry_sources,
    gl_run,
    gl_runs,
    waiting_chunks,
)
from cashier_app.services.queries.transactions import FtFact
from cashier_app.services.queries.trial_balance import TrialBalance, trial_balance
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.setting_up import stored
from cashier_app.ui.view_models.walked import Walked

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

MOST_FTS: Final = 500
"""Transactions shown behind a figure."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a line of a run."""

    sources: tuple[GlSource, ...] = ()
    fts: tuple[FtFact, ...] = ()


@dataclass(frozen=True, slots=True)
class SetUp:
    """The control tables of the general ledger."""

    calendars: tuple[AccountingCalendar, ...] = ()
    codes: tuple[DistributionCode, ...] = ()


def read_behind(store: Store, config: Configuration, run_id: int, line: int) -> Behind:
    """Codes, days and transactions behind a line, in one picture."""
    return Behind(entry_sources(store, config, run_id, line), entry_fts(store, config, run_id, line, MOST_FTS))


def read_set_up(_store: Store, config: Configuration) -> SetUp:
    """Calendars and distribution codes, by code."""
    calendars: Mapping[str, AccountingCalendar] = config.all(AccountingCalendar)
    codes: Mapping[str, DistributionCode] = config.all(DistributionCode)
    return SetUp(tuple(calendars[code] for code in sorted(calendars)), tuple(codes[code] for code in sorted(codes)))


def read_run_file(store: Store, _config: Configuration, run_id: int, layout: str) -> tuple[str, bytes]:
    """A file of a run, with its name."""
    return run_file_of(store, run_of(store, run_id), layout)


def read_check_file(store: Store, _config: Configuration, number: int) -> tuple[str, bytes]:
    """The file of an accounts payable run, with its name."""
    return check_file_of(store, number)


def read_run_paper(store: Store, config: Configuration, run_id: int, form: str, reader: Reader) -> Callable[[], bytes]:
    """A run's journal entry; draws it as PDF or workbook."""
    from cashier_app.services.papers.ledger_papers import run_file  # noqa: PLC0415  # drawing is heavy

    return partial(run_file, config, gl_run(store, config, run_id), form, reader)


def read_balance_paper(  # noqa: PLR0917  # the period, and how it is wanted
    store: Store, config: Configuration, year: int, period: int, form: str, reader: Reader
) -> Callable[[], bytes]:
    """The trial balance; draws it as PDF, workbook or CSV."""
    from cashier_app.services.papers.ledger_papers import trial_balance_file  # noqa: PLC0415  # drawing is heavy

    return partial(trial_balance_file, config, trial_balance(store, config, year, period), form, reader)


class GeneralLedger(Screen):
    """What the screen of the general ledger knows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "gl_run", "check_request", "configuration", "account")
        self.runs: tuple[GlRunRow, ...] = ()
        self.run: GlRunFacts | None = None
        self.behind = Behind()
        self.balance = TrialBalance(fiscal_year=0, period=0, rows=(), periods=())
        self.checks: Walked[CheckRow] = Walked(self, check_requests, lambda row: row.request_id)
        self.set_up = SetUp()
        self.under_way: tuple[int, int] | None = None
        """How many chunks of how many are staged, while a run is under way."""
        self.run_problems: tuple[Problem, ...] = ()
        self._wants_stop = False
        self._period: tuple[int | None, int | None] = (None, None)
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again at everything."""
        self.ask(self._show_runs, gl_runs)
        self.ask(self._show_balance, trial_balance, *self._period)
        self.checks.begin()
        self.ask(self._show_set_up, dated(read_set_up))

    # -- runs

    def choose_run(self, run_id: int) -> None:
        """Show a run."""
        self.ask(self._show_run, gl_run, run_id)

    def choose_line(self, line: int) -> None:
        """Show what is behind a line of the shown run."""
        if self.run is not None:
            self.ask(self._show_behind, read_behind, self.run.run.run_id, line)

    def start_run(self, done: Callable[[str], None]) -> None:
        """Hand everything over, chunk by chunk; `done` gets a sentence's name: nothing, stopped or closed."""
        if self.under_way is None:
            self.under_way, self.run_problems, self._wants_stop = (0, 0), (), False
            self.notify()
            self.desk.backend.tasks.start(self._run(done))

    def stop_run(self) -> None:
        """Stop after the chunk that is being staged; the run goes on from there when it is wanted again."""
        self._wants_stop = True

    async def _run(self, done: Callable[[str], None]) -> None:
        try:
            ended = await self._stage()
        except CashierError as refused:
            self.run_problems, ended = refused.problems, ""
        finally:
            self.under_way = None
            self.notify()
        self.refresh()
        if ended:
            done(ended)

    async def _stage(self) -> str:
        backend = self.desk.backend
        waiting = await backend.query(waiting_chunks)
        if waiting is None:
            started = (await backend.execute(StartGlRun(), words="Run the general ledger")).result
            if started.run_id is None:
                return "nothing"
            waiting = await backend.query(waiting_chunks)
        assert waiting is not None
        for place, number in enumerate(waiting.numbers):
            self.under_way = (waiting.total - len(waiting.numbers) + place, waiting.total)
            self.notify()
            if self._wants_stop:
                return "stopped"
            stage = StageGlChunk(run_id=waiting.run_id, number=number)
            await backend.execute(stage, command_id=stage_id(waiting.run_id, number))
        close = CloseGlRun(run_id=waiting.run_id)
        await backend.execute(close, command_id=close_id(waiting.run_id))
        return "closed"

    def run_file(self, layout: str, then: Callable[[tuple[str, bytes]], None]) -> None:
        """A file of the shown run."""
        if self.run is not None:
            self.ask(then, read_run_file, self.run.run.run_id, layout)

    def run_paper(self, form: str, then: Callable[[bytes], None]) -> None:
        """The shown run as PDF or workbook."""
        if self.run is not None:
            self._draw(then, read_run_paper, self.run.run.run_id, form, self._reader())

    # -- trial balance

    def show_period(self, year: int, period: int) -> None:
        """Show another period."""
        self._period = (year, period)
        self.ask(self._show_balance, trial_balance, year, period)

    def step(self, by: int) -> None:
        """Show the period before (-1) or after (1), of those in which something was booked."""
        found = self.balance.periods
        shown = (self.balance.fiscal_year, self.balance.period)
        if shown in found:
            place = found.index(shown) - by
            if 0 <= place < len(found):
                self.show_period(*found[place])

    def balance_paper(self, form: str, then: Callable[[bytes], None]) -> None:
        """The shown trial balance as PDF, workbook or CSV."""
        shown = self.balance
        self._draw(then, read_balance_paper, shown.fiscal_year, shown.period, form, self._reader())

    # -- checks

    def extract(self, then: Callable[[Any], None]) -> None:
        """Hand over every check that is due; `then` gets what was handed over."""
        self.sending.send(ExtractChecks(), lambda outcome: then(outcome.result), "Hand checks over")

    def check_file(self, number: int, then: Callable[[tuple[str, bytes]], None]) -> None:
        """The file of a handing-over."""
        self.ask(then, read_check_file, number)

    def respond(self, path: Path, then: Callable[[AnswersTaken], None]) -> None:
        """Take a file of answers in; the same file again changes nothing."""
        self.desk.backend.tasks.start(self._respond(path, then))

    async def _respond(self, path: Path, then: Callable[[AnswersTaken], None]) -> None:
        backend = self.desk.backend
        user = backend.user
        assert user is not None
        try:
            file = await backend.tasks.in_files(read_answers, path)
            outcomes = await backend.tasks.in_database(known_answers, backend.door, file)
            for line in sorted(file.answers.keys() - outcomes.keys()):  # one at a time: a long file holds nobody up
                outcomes[line] = await backend.tasks.in_database(take_answer, backend.door, file, line, user.id)
        except CashierError as refused:
            self.sending.refuse(*refused.problems)
            return
        self.refresh()
        then(answers_taken(file, outcomes))

    # -- calendars

    def save_period(self, code: str, typed: Mapping[str, int | date | None], then: Callable[[Any], None]) -> None:
        """Add a period to a calendar, or change the one of the same year and number."""
        missing = [name for name, value in typed.items() if value is None]
        if missing:
            words = "Fill this in: a whole number, or a day."
            self.sending.refuse(*(Problem("UI-003", words, name) for name in missing))
            return
        self._save(code, lambda calendar: with_period(calendar, Period(**typed)), then)  # type: ignore[arg-type]

    def extend(self, code: str, then: Callable[[Any], None]) -> None:
        """Lay out one more year of months."""
        self._save(code, with_another_year, then)

    def _save(
        self, code: str, changed: Callable[[AccountingCalendar], AccountingCalendar], then: Callable[[Any], None]
    ) -> None:
        calendar = next((each for each in self.set_up.calendars if each.code == code), None)
        if calendar is not None:
            self._store(stored(accounting_calendar=[changed(calendar)]), then, f"Change calendar {code}")

    # -- distribution codes

    def save_account(self, code: str, account: GlAccount | None, then: Callable[[Any], None]) -> None:
        """Let a code stand for another account from today or a later day on; what is past stays."""
        known = next((each for each in self.set_up.codes if each.code == code), None)
        if known is None:
            return
        if account is None or account.effective < self.desk.backend.business_date:
            words = "An account begins today or later: what is past was booked on the one before."
            self.sending.refuse(Problem("UI-004", words, "effective"))
        elif not account.gl_account:
            self.sending.refuse(Problem("UI-003", "Fill this in: the account's number.", "gl_account"))
        else:
            others = tuple(each for each in known.gl_accounts if each.effective != account.effective)
            changed = replace(known, gl_accounts=tuple(sorted((*others, account), key=lambda each: each.effective)))
            self._store(stored(distribution_code=[changed]), then, f"Change distribution code {code}")

    def _store(self, command: LoadConfiguration, then: Callable[[Any], None], words: str) -> None:
        self.sending.send(command, then, words, seen=self.seen(("configuration", 0)))

    # -- answers

    def _draw(self, then: Callable[[bytes], None], function: Callable[..., Callable[[], bytes]], *args: Any) -> None:
        """Read in the database's thread, and draw where nobody waits for it."""
        tasks = self.desk.backend.tasks

        async def draw(paper: Callable[[], bytes]) -> None:
            then(await tasks.in_files(paper))

        def read(paper: Callable[[], bytes]) -> None:
            tasks.start(draw(paper))

        self.ask(read, function, *args)

    def _reader(self) -> Reader:
        backend = self.desk.backend
        return Reader(name=backend.user.name if backend.user else "", now=backend.now, may_see_expected=True)

    def _show_runs(self, found: tuple[GlRunRow, ...]) -> None:
        self.runs = found
        if found:
            known = self.run.run.run_id if self.run else found[0].run_id
            self.choose_run(known if any(row.run_id == known for row in found) else found[0].run_id)
        self.notify()

    def _show_run(self, found: GlRunFacts) -> None:
        if self.run is None or found.run.run_id != self.run.run.run_id:
            self.behind = Behind()
        self.run = found
        self.notify()

    def _show_behind(self, found: Behind) -> None:
        self.behind = found
        self.notify()

    def _show_balance(self, found: TrialBalance) -> None:
        self.balance = found
        self.notify()

    def _show_set_up(self, found: Dated[SetUp]) -> None:
        self.set_up, self.shown_at = found.answer, found.cursor
        self.notify()


def with_period(calendar: AccountingCalendar, period: Period) -> AccountingCalendar:
    """A calendar with one period more, or another in its place; months that were laid out are written out."""
    others = [each for each in calendar.all_periods() if (each.year, each.number) != (period.year, period.number)]
    periods = tuple(sorted((*others, period), key=lambda each: each.begin))
    return replace(calendar, periods=periods, monthly_years=())


def with_another_year(calendar: AccountingCalendar) -> AccountingCalendar:
    """A calendar with the months of the year after its last."""
    if calendar.monthly_years:
        first, last = calendar.monthly_years[0], calendar.monthly_years[-1]
        return replace(calendar, monthly_years=(first, last + 1))
    known = calendar.all_periods()
    if not known:
        return calendar
    year = max(each.end.year for each in known) + 1
    months = AccountingCalendar(code="", monthly_years=(year,), days_open_after=calendar.days_open_after)
    return replace(calendar, periods=(*known, *months.all_periods()))
