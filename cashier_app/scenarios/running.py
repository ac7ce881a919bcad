"""Runs a scenario: sets it up, does its steps in order, and reports every expectation with what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cashier_app.domain.errors import CashierError, EnvironmentProblem
from cashier_app.scenarios.counter_facts import CounterFacts
from cashier_app.scenarios.expectations import Judge
from cashier_app.scenarios.findings import Finding, corrected
from cashier_app.scenarios.job_steps import run_job
from cashier_app.scenarios.mistakes import ONE_LEDGER_EACH, Mistake, refusal
from cashier_app.scenarios.parsing import read_scenario
from cashier_app.scenarios.scenario import Scenario, Step
from cashier_app.scenarios.stage import Stage, fresh_ledger, password_hash
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.kernel.door import Approval, Outcome
from cashier_app.services.verifying import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a scenario."""

    path: str
    title: str
    steps: int
    """Steps in the file."""
    steps_done: int
    """Fewer where a step was refused that should not have been: the rest would say nothing."""
    findings: tuple[Finding, ...]
    text: str
    """The file as it is."""

    @property
    def holds(self) -> bool:
        """Whether everything was as expected."""
        return self.steps_done == self.steps and all(finding.holds for finding in self.findings)

    @property
    def actual(self) -> str:
        """The file with the actual figures."""
        return corrected(self.text, list(self.findings))


def run_scenario(path: Path, url: str | None = None) -> Report:
    """Run one file on a fresh ledger: a temporary one, or the empty database at `url`.

    Raises:
        RuleViolation: with every mistake in the file; then nothing was run.
        EnvironmentProblem: DB-EXISTS where the database holds a ledger already.
    """
    scenario = read_scenario(path)
    if url is not None:
        # A given database must not be left half set up: try the set-up where it does not matter.
        check_scenario(path)
    with fresh_ledger(url) as address:
        stage = Stage(scenario, address)
        try:
            stage.set_up()
            return _Run(stage).report()
        except Mistake as mistake:
            raise refusal(scenario.path, [mistake]) from None
        finally:
            stage.close()


def check_scenario(path: Path) -> Scenario:
    """Read one file and try its set-up, without running a step; refuses with every mistake found."""
    scenario = read_scenario(path)
    with fresh_ledger(None) as address:
        stage = Stage(scenario, address)
        try:
            stage.set_up()
        except Mistake as mistake:
            raise refusal(scenario.path, [mistake]) from None
        finally:
            stage.close()
    return scenario


def one_ledger_each(paths: Iterable[Path], url: str | None) -> None:
    """Refuse several files for one database: each scenario needs an empty one."""
    files = list(paths)
    if url is not None and len(files) > 1:
        sentence = "Each scenario needs an empty database; give one file with --database, or leave it out."
        raise refusal(str(files[1]), [Mistake(ONE_LEDGER_EACH, 1, sentence)])


class _Run:
    """One run through the steps."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.scenario = stage.scenario
        self.findings: list[Finding] = []

    def report(self) -> Report:
        """Do all steps; stop after one that was refused and should not have been."""
        done = 0
        for step in self.scenario.steps:
            self.stage.clock.instant = step.when
            if not self._do(step):
                break
            done += 1
        return Report(
            path=self.scenario.path,
            title=self.scenario.title,
            steps=len(self.scenario.steps),
            steps_done=done,
            findings=tuple(self.findings),
            text=self.scenario.text,
        )

    def _do(self, step: Step) -> bool:
        judge = Judge(step, self.scenario.currency)
        if step.restart:
            self.stage.restart()
        outcome, problem = self._act(step)
        if outcome is not None:
            self._remember(step, outcome)
        self.findings += judge.of_command(outcome, problem, self.stage.names)
        expected = step.expect.entries() if step.expect else {}
        if problem is not None and not {"refused", "asks"} & set(expected):
            return False
        self._look(step, judge, outcome)
        return True

    def _act(self, step: Step) -> tuple[Outcome | None, CashierError | None]:
        if not (step.handler or step.job or step.sign_in):
            return None, None
        try:
            if step.job:
                return run_job(self.stage, step), None
            return self._sign_in(step) if step.sign_in else self._execute(step), None
        except CashierError as problem:
            return None, problem

    def _execute(self, step: Step) -> Outcome:
        assert step.handler is not None
        command: Any = (
            step.handler.command() if step.fields is None else self.stage.filled(step.fields, step.handler.command)
        )
        command = _hashed(command)
        door, user_id = self.stage.doors[step.workstation], self.stage.user_id(step.user)
        if step.preview:
            return door.preview(command, user_id=user_id)
        approval = Approval(step.approver, step.approver_password) if step.approver else None
        return door.execute(
            command, user_id=user_id, command_id=step.command_id, approval=approval, confirmed=step.confirmed
        )

    def _sign_in(self, step: Step) -> Outcome:
        user = self.scenario.users[step.sign_in]
        sign_in(self.stage.doors[step.workstation], user.login, step.password or user.password)
        return Outcome(None)

    def _remember(self, step: Step, outcome: Outcome) -> None:
        if step.name:
            self.stage.names.steps[step.name] = outcome.result
            if not step.preview and outcome.journal_id:
                self.stage.names.journal_of[step.name] = outcome.journal_id

    def _look(self, step: Step, judge: Judge, outcome: Outcome | None) -> None:
        if step.expect is None:
            return
        current = outcome.journal_id if outcome and not step.preview and outcome.journal_id else None
        with self.stage.looking() as store:
            facts = CounterFacts(
                store=store,
                config=self.stage.door.current_config(store),
                names=self.stage.names,
                today=self.stage.clock.business_date(),
                currency=self.scenario.currency,
                opening=frozenset(self.stage.opening),
                journal_of=self.stage.names.journal_of,
                current=current,
            )
            self.findings += judge.of_ledger(facts)
        if judge.wants_proof:
            self.findings.append(self._proof(step, judge.wants_proof.line))

    def _proof(self, step: Step, line: int) -> Finding:
        verdict = verify(self.stage.database)
        found = "clean" if verdict.ok else " ".join(str(problem) for problem in verdict.problems)
        return Finding(step=step.label, line=line, what="verify", expected="clean", found=found, holds=verdict.ok)


def _hashed(command: Any) -> Any:
    """A password in a file is hashed before it enters a command, as the window does."""
    given = getattr(command, "password_hash", "")
    if given and not given.startswith("$argon2id$"):
        return replace(command, password_hash=password_hash(given))
    return command


__all__ = ["EnvironmentProblem", "Report", "check_scenario", "one_ledger_each", "run_scenario"]
