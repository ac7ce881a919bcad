"""Seeded days of a counter over a failing disk, held against what operators were told and hands hold.

One generator decides everything: the same seed gives the same run, to the last hash of the journal.
After a fault the operator does what a person would: starts the program again and sends the same
command again (R reliability S1-S3).
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cashier_app.domain.errors import CashierError, EnvironmentProblem, NeedsConfirmation, RuleViolation
from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.services.kernel.door import Approval, Outcome
from cashier_app.simulation import checks
from cashier_app.simulation.checks import Violation
from cashier_app.simulation.counter_steps import AT_THE_COUNTER, cancel_during_count, finishing, take_payment
from cashier_app.simulation.drawer_steps import (
    BETWEEN_CUSTOMERS,
    balance,
    book_difference,
    bring_to_bank,
    close_by_force,
    count,
    open_deposit,
    open_drawer,
    receiving,
    reopen,
    resume,
    seal,
    start_balancing,
)
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, FaultPlan, MachineStopped
from cashier_app.simulation.nonsense import NONSENSE
from cashier_app.simulation.office import CASHIERS, PASSWORD, Office, furnished
from cashier_app.simulation.report import Report
from cashier_app.simulation.steps import Desk, Maker, Step
from cashier_app.simulation.world import Drawer

CASHIERS_A_DAY = len(CASHIERS)
STEPS_A_DAY = 140
"""Tried between morning and evening, for all drawers together."""
DAYS_OF_A_PIECE = 3 * CASHIERS_A_DAY
"""Then a fresh ledger is taken, lest checking it whole takes longer than the days."""
ATTEMPTS = 12
"""How often an operator sends one command before giving up for good, which never happens."""

WEATHER: Mapping[FaultKind, int] = {
    FaultKind.POWER_CUT: 12,
    FaultKind.PROCESS_KILLED: 8,
    FaultKind.DISK_FULL: 10,
    FaultKind.READ_ERROR: 4,
    FaultKind.WRITE_ERROR: 8,
    FaultKind.SYNC_ERROR: 8,
    FaultKind.SYNC_LOST: 6,
    FaultKind.DOUBLE_CLICK: 60,
    FaultKind.CLOCK_JUMP: 8,
}
"""Faults per thousand steps."""

_DAY_PARTS = (*((weight * 3, maker) for weight, maker in AT_THE_COUNTER), *((w * 3, m) for w, m in BETWEEN_CUSTOMERS))
_STEPS: tuple[tuple[int, Maker], ...] = (*_DAY_PARTS, *NONSENSE)


class Simulation:
    """One piece of a run: a fresh ledger and its days. `report` grows while it goes on."""

    def __init__(self, seed: int, piece: int = 0, *, weather: Mapping[FaultKind, int] | None = None) -> None:
        self.piece = piece
        self.rng = random.Random(f"{seed}/{piece}")  # noqa: S311  # it must be repeatable
        self.office = Office(self.rng)
        self.plan = FaultPlan(self.rng, WEATHER if weather is None else weather)
        self.report = Report(seed)
        self.desk: Desk
        self._delivered = 0
        self._restarts_seen = 0
        self._verified = 0
        """Entries of the journal that a verification has seen."""
        self._last_fault = ""

    def run(self, cashier_days: int) -> Report:
        """Play so many cashier-days, or until something is wrong."""
        try:
            self._play(cashier_days)
        except Violation as violation:
            self.report.note(violation.kind, str(violation), self.piece, self._last_fault)
        self.report.restarts = self.office.restarts
        return self.report

    # -- days

    def _play(self, most: int) -> None:
        delivered = furnished()
        world = self.office.furnish(delivered)
        self._delivered = delivered.entries
        self.desk = Desk(world, self.rng)
        while self.report.days < most:
            self.report.days += CASHIERS_A_DAY
            self._day()
        self.report.heads.append(self.office.rows("SELECT hex(head) FROM node")[0][0])

    def _day(self) -> None:
        for maker in (open_deposit, *[open_drawer] * CASHIERS_A_DAY):
            self._try(maker)
        makers, weights = [maker for _, maker in _STEPS], [weight for weight, _ in _STEPS]
        for _ in range(STEPS_A_DAY):
            self._try(self.rng.choices(makers, weights)[0])
            self.office.time.advance(timedelta(seconds=self.rng.randrange(10, 240)))
            if self.desk.chance(0.02):
                self._rebalance()
            if self.desk.chance(0.05):
                self._look()
        self._evening()
        self._check_everything()
        self.office.clock.correct()
        self.office.time.advance(timedelta(hours=15))

    def _try(self, maker: Maker) -> None:
        step = maker(self.desk)
        if step is None:
            return
        if maker is take_payment and self.desk.chance(0.1):
            self._preview(step)
        self._perform(step)

    def _look(self) -> None:
        found = self.desk.cashier_with_drawer()
        if found is not None:
            checks.check_blindness(self.office, found[1])

    def _rebalance(self) -> None:
        """Close a drawer in the middle of the day and open it again, or not."""
        world = self.desk.world
        drawer = self.desk.one_of([d for d in world.drawers if d.status is not ControlStatus.BALANCED])
        if drawer is not None:
            self._close(drawer)
            if drawer.status is ControlStatus.BALANCED and drawer.deposit.status is ControlStatus.OPEN:
                if self.desk.chance(0.6):
                    self._perform(reopen(self.desk, drawer))
            elif drawer.status is ControlStatus.BALANCING:
                self._perform(resume(self.desk, drawer))

    def _evening(self) -> None:
        world = self.desk.world
        for drawer in [drawer for drawer in world.drawers if drawer.status is not ControlStatus.BALANCED]:
            if self.desk.chance(0.9):
                self._close(drawer)
        for deposit in list(world.deposits):
            for _ in range(5):
                step = bring_to_bank(self.desk, deposit)
                if step is not None:
                    self._perform(step)
                if self.desk.chance(0.1):
                    self._try(self.rng.choice([maker for _, maker in NONSENSE]))
        self._perform_if(seal(self.desk))

    def _close(self, drawer: Drawer) -> None:
        """Finish what is open in a drawer, count it, balance it."""
        desk = self.desk
        for turned_in in [each for each in desk.world.turn_ins if each.drawer is drawer and each.status == "PENDING"]:
            self._perform(receiving(desk, turned_in))
        self._finish_visits(drawer)
        if drawer.status is ControlStatus.OPEN and desk.chance(0.12):
            self._perform(close_by_force(desk, drawer))
        elif drawer.status is ControlStatus.OPEN:
            self._perform(start_balancing(desk, drawer))
        if drawer.status is ControlStatus.BALANCING:
            self._count_and_balance(drawer)

    def _finish_visits(self, drawer: Drawer) -> None:
        world = self.desk.world
        visits = [visit for visit in world.visits if drawer in visit.drawers]
        if drawer.status is ControlStatus.BALANCING and not all(visit.is_finished for visit in visits):
            self._perform(resume(self.desk, drawer))
        for visit in visits:
            for _ in range(6):
                if not visit.is_finished and visit in world.visits and drawer.status is ControlStatus.OPEN:
                    self._perform_if(finishing(self.desk, visit))

    def _count_and_balance(self, drawer: Drawer) -> None:
        desk = self.desk
        self._perform(count(desk, drawer, wrong=desk.chance(0.2)))
        if desk.chance(0.5):
            self._perform(count(desk, drawer))
        if desk.chance(0.1):
            self._perform_if(cancel_during_count(desk, drawer))
        if desk.chance(0.3):
            self._perform_if(book_difference(desk, drawer))
        self._perform(balance(desk, drawer))

    # -- one step

    def _perform_if(self, step: Step | None) -> None:
        if step is not None:
            self._perform(step)

    def _perform(self, step: Step) -> None:
        """One command until its outcome is known, then everything it concerned."""
        report, world = self.report, self.desk.world
        report.steps += 1
        world.touch(*step.concerns)
        command_id = f"{self.rng.getrandbits(128):032x}"
        struck = self._strike()
        outcome = self._until_known(step, command_id)
        if struck in FILE_FAULTS and self._spoil(struck):
            self.office.restart()
        if outcome is not None:
            self._acknowledged(step, command_id, outcome)
            if struck is FaultKind.DOUBLE_CLICK:
                self._send_twice(step, command_id, outcome)
        self._check(after_fault=self.office.restarts > self._restarts_seen)
        self._restarts_seen = self.office.restarts

    def _strike(self) -> FaultKind | None:
        planned = self.plan.next()
        if planned is None:
            return None
        self.report.faults += 1
        self.report.faults_of_kind[planned.kind.value] += 1
        self._last_fault = planned.kind.value
        if planned.kind in FILE_FAULTS:
            self.office.disk.arm(planned.kind, planned.after)
        elif planned.kind is FaultKind.CLOCK_JUMP:
            self.office.clock.jump(timedelta(minutes=self.rng.randrange(-1440, 1440)))
        return planned.kind

    def _spoil(self, struck: FaultKind) -> bool:
        """A fault that found no chance during the command strikes now; returns whether the machine is off."""
        disk = self.office.disk
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
                self.office.restart()
            except NeedsConfirmation as question:
                confirmed = question.codes
            except RuleViolation as refusal:
                self.report.refusals += 1
                self.report.refused[refusal.codes[0]] += 1
                return None
            except EnvironmentProblem as problem:
                if problem.code == "DB-DAMAGED":
                    raise Violation("FILE", str(problem)) from problem
                self.office.disk.disarm()
        raise Violation("P2", f"{type(step.command).__name__} got no answer in {ATTEMPTS} attempts")

    def _send(self, step: Step, command_id: str, confirmed: tuple[str, ...]) -> Outcome:
        approval = Approval(step.second, PASSWORD) if step.second else None
        user_id = furnished().people[step.user]
        try:
            return self.office.door.execute(
                step.command, user_id=user_id, command_id=command_id, approval=approval, confirmed=confirmed
            )
        except CashierError:
            raise
        except Exception as bug:
            raise Violation("bug", f"{type(step.command).__name__}: {type(bug).__name__}: {bug}") from bug

    def _acknowledged(self, step: Step, command_id: str, outcome: Outcome) -> None:
        name = type(step.command).__name__
        if step.refused:
            raise Violation("refusal", f"{name} by {step.user} was accepted: {step.command}")
        self.report.accepted[name] += 1
        self.desk.world.told.append(checks.as_told(command_id, name, outcome.result))
        try:
            step.done(outcome.result)
        except AssertionError as wrong:
            raise Violation("told", str(wrong)) from wrong

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
            self.office.door.preview(step.command, user_id=furnished().people[step.user])
        if self._everything() != before:
            raise Violation("preview", f"a preview of {type(step.command).__name__} changed something")
        world.touch(*step.concerns)

    def _everything(self) -> Any:
        return self.office.rows(
            "SELECT sequence, last_key, (SELECT sum(amount_expected) FROM tender_control_total), "
            "(SELECT sum(last_number) FROM number_series) FROM node"
        )

    # -- checks

    def _check(self, *, after_fault: bool) -> None:
        world = self.desk.world
        checks.check_number_of_commands(self.office, world, self._delivered)
        checks.check_touched(self.office, world)
        if after_fault:
            self._check_everything(only_recent=True)

    def _check_everything(self, *, only_recent: bool = False) -> None:
        self.report.verifications += 1
        checks.check_told(self.office, self.desk.world, self._delivered)
        for drawer in self.desk.world.drawers:
            self.desk.world.touch(drawer)
        checks.check_touched(self.office, self.desk.world)
        entries = self._delivered + len(self.desk.world.told)
        checks.check_ledger(self.office, entries - self._verified if only_recent else None)
        self._verified = entries
