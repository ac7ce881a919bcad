"""The people at one machine: they send commands until they know what came of them, whatever the machine does.

After a fault the operator does what a person would: starts the program again and sends the same command again
(R reliability S1-S3). Everything that a command concerned is checked once its outcome is known.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cashier_app.domain.errors import CashierError, EnvironmentProblem, NeedsConfirmation, RuleViolation
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.door import Approval, Outcome
from cashier_app.simulation import checks
from cashier_app.simulation.counter_steps import take_payment
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, FaultPlan, MachineStopped
from cashier_app.simulation.office import PASSWORD
from cashier_app.simulation.report import Report
from cashier_app.simulation.steps import Desk, Maker, Step
from cashier_app.simulation.violations import Violation
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import Told

ATTEMPTS = 12
"""How often an operator sends one command before giving up for good, which never happens."""


class Crew:
    """Everybody who works on one machine."""

    def __init__(  # noqa: PLR0917  # as many things are theirs
        self,
        machine: Workstation,
        desk: Desk,
        plan: FaultPlan,
        report: Report,
        people: Mapping[str, int],
        delivered: int = 0,
    ) -> None:
        self.machine = machine
        self.desk = desk
        self.plan = plan
        self.report = report
        self._people = people
        self._delivered = delivered
        """Entries of the journal that the machine was delivered with."""
        self._restarts_seen = 0
        self._verified = 0
        """Entries of the journal that a verification has seen."""

    def attempt(self, maker: Maker) -> None:
        """Do this, where the moment allows it; now and then after a look at what would come of it."""
        step = maker(self.desk)
        if step is None:
            return
        if maker is take_payment and self.desk.chance(0.1):
            self._preview(step)
        self.perform(step)

    def perform_if(self, step: Step | None) -> None:
        """The same where there is a step."""
        if step is not None:
            self.perform(step)

    def perform(self, step: Step, command_id: str = "") -> None:
        """One command until its outcome is known, then everything it concerned."""
        report, world = self.report, self.desk.world
        report.steps += 1
        world.touch(*step.concerns)
        command_id = command_id or f"{self.desk.rng.getrandbits(128):032x}"
        struck = self.strike()
        outcome = self._until_known(step, command_id)
        if struck in FILE_FAULTS and self.spoil(struck):
            self.machine.restart()
        if outcome is not None:
            self.acknowledged(step, command_id, outcome)
            if struck is FaultKind.DOUBLE_CLICK:
                self._send_twice(step, command_id, outcome)
        self.check(after_fault=self.machine.restarts > self._restarts_seen)
        self._restarts_seen = self.machine.restarts
        self.follow(struck)

    def follow(self, struck: FaultKind | None) -> None:
        """What else a fault brings about, once the step is done."""

    def strike(self, plan: FaultPlan | None = None) -> FaultKind | None:
        """What goes wrong at this moment, if anything."""
        planned = (plan or self.plan).next()
        if planned is None:
            return None
        self.report.struck(planned.kind.value)
        if planned.kind in FILE_FAULTS:
            self.machine.disk.arm(planned.kind, planned.after)
        elif planned.kind is FaultKind.CLOCK_JUMP:
            self.machine.clock.jump(timedelta(minutes=self.desk.rng.randrange(-1440, 1440)))
        return planned.kind

    def spoil(self, struck: FaultKind) -> bool:
        """A fault that found no chance during the command strikes now; returns whether the machine is off."""
        disk = self.machine.disk
        waiting = struck in disk.armed
        disk.disarm()
        if waiting and struck is FaultKind.POWER_CUT:
            disk.cut_power()
        elif waiting and struck is FaultKind.PROCESS_KILLED:
            disk.kill_process()
        return disk.stopped_by is not None

    def _until_known(self, step: Step, command_id: str) -> Outcome | None:
        """Send the command until it is acknowledged or refused; the same id each time."""
        confirmed: tuple[str, ...] = ()
        for _ in range(ATTEMPTS):
            try:
                return self._send(step, command_id, confirmed)
            except MachineStopped:
                self.machine.restart()
            except NeedsConfirmation as question:
                confirmed = question.codes
            except RuleViolation as refusal:
                self.report.refusals += 1
                self.report.refused[refusal.codes[0]] += 1
                return None
            except EnvironmentProblem as problem:
                if problem.code == "DB-DAMAGED":
                    raise Violation("FILE", str(problem)) from problem
                self.machine.disk.disarm()
        raise Violation("P2", f"{type(step.command).__name__} got no answer in {ATTEMPTS} attempts")

    def _send(self, step: Step, command_id: str, confirmed: tuple[str, ...]) -> Outcome:
        approval = Approval(step.second, PASSWORD) if step.second else None
        user_id = self._people[step.user]
        try:
            return self.machine.door.execute(
                step.command, user_id=user_id, command_id=command_id, approval=approval, confirmed=confirmed
            )
        except CashierError:
            raise
        except Exception as bug:
            raise Violation("bug", f"{type(step.command).__name__}: {type(bug).__name__}: {bug}") from bug

    def acknowledged(self, step: Step, command_id: str, outcome: Outcome) -> None:
        """The operator was told of it."""
        name = type(step.command).__name__
        if step.refused:
            raise Violation("refusal", f"{name} by {step.user} was accepted: {step.command}")
        self.report.accepted[name] += 1
        world = self.desk.world
        world.moved.clear()
        try:
            step.done(outcome.result)
        except AssertionError as wrong:
            raise Violation("told", str(wrong)) from wrong
        world.told.append(Told(command_id, name, to_json(outcome.result), tuple(world.moved)))

    def _send_twice(self, step: Step, command_id: str, outcome: Outcome) -> None:
        again = self._until_known(step, command_id)
        if again is None or again.result != outcome.result or not again.repeated:
            raise Violation("doubled", f"{type(step.command).__name__} sent twice gave another answer")
        other = self.desk.one_of([told for told in self.desk.world.told if told.name != type(step.command).__name__])
        if other is not None and self._until_known(step, other.command_id) is not None:
            raise Violation("I13", f"the id of a {other.name} was accepted for a {type(step.command).__name__}")

    def _preview(self, step: Step) -> None:
        world = self.desk.world
        before = self._everything()
        with contextlib.suppress(RuleViolation):
            self.machine.door.preview(step.command, user_id=self._people[step.user])
        if self._everything() != before:
            raise Violation("preview", f"a preview of {type(step.command).__name__} changed something")
        world.touch(*step.concerns)

    def _everything(self) -> Any:
        return self.machine.rows(
            "SELECT sequence, last_key, (SELECT sum(amount_expected) FROM tender_control_total), "
            "(SELECT sum(last_number) FROM number_series) FROM node"
        )

    # -- checks

    def check(self, *, after_fault: bool) -> None:
        """What the last step concerned; after a fault everything."""
        world = self.desk.world
        checks.check_number_of_commands(self.machine, world, self._delivered)
        checks.check_touched(self.machine, world)
        if after_fault:
            self.check_everything(only_recent=True)

    def check_everything(self, *, only_recent: bool = False) -> None:
        """All that was told, all drawers, and the ledger whole or what came since it was verified last."""
        self.report.verifications += 1
        checks.check_told(self.machine, self.desk.world, self._delivered)
        for drawer in self.desk.world.drawers:
            self.desk.world.touch(drawer)
        if not only_recent:
            self.desk.world.accountant.touch(*self.desk.world.accountant.papers)
        checks.check_touched(self.machine, self.desk.world)
        entries = self._delivered + len(self.desk.world.told)
        checks.check_ledger(self.machine, entries - self._verified if only_recent else None)
        self._verified = entries
