"""Seeded days of a counter over a failing disk, held against what operators were told and hands hold.

One generator decides everything: the same seed gives the same run, to the last hash of the journal.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from cashier_app.simulation.back_office_nonsense import BACK_OFFICE_NONSENSE
from cashier_app.simulation.back_office_steps import IN_THE_BACK_OFFICE
from cashier_app.simulation.clock import TrueTime
from cashier_app.simulation.counter_steps import AT_THE_COUNTER
from cashier_app.simulation.drawer_steps import BETWEEN_CUSTOMERS
from cashier_app.simulation.faults import FaultKind, FaultPlan
from cashier_app.simulation.nonsense import NONSENSE
from cashier_app.simulation.office import CASHIERS, NODE, STAFF, furnished
from cashier_app.simulation.report import Report
from cashier_app.simulation.shift import Shift, Weighted
from cashier_app.simulation.steps import Desk
from cashier_app.simulation.violations import Violation
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import World

CASHIERS_A_DAY = len(CASHIERS)
STEPS_A_DAY = 168
"""Tried between morning and evening, for all drawers together."""
DAYS_OF_A_PIECE = 3 * CASHIERS_A_DAY
"""Then a fresh ledger is taken, lest checking it whole takes longer than the days."""
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

_NONSENSE: Weighted = (*NONSENSE, *BACK_OFFICE_NONSENSE)
_STEPS: Weighted = (
    *((weight * 3, maker) for weight, maker in (*AT_THE_COUNTER, *BETWEEN_CUSTOMERS, *IN_THE_BACK_OFFICE)),
    *_NONSENSE,
)


class Simulation:
    """One piece of a run: a fresh ledger and its days. `report` grows while it goes on."""

    def __init__(self, seed: int, piece: int = 0, *, weather: Mapping[FaultKind, int] | None = None) -> None:
        self.piece = piece
        self.report = Report(seed)
        self.rng = random.Random(f"{seed}/{piece}")  # noqa: S311  # it must be repeatable
        delivered = furnished()
        self.office = Workstation(NODE, self.rng, TrueTime())
        self.office.furnish(delivered.files)
        world = World(list(delivered.customers), {each.account: each.charge for each in delivered.customers})
        desk = Desk(world, self.rng, STAFF)
        plan = FaultPlan(self.rng, WEATHER if weather is None else weather)
        self.crew = Shift(self.office, desk, plan, self.report, delivered.people, delivered.entries)

    def run(self, cashier_days: int) -> Report:
        """Play so many cashier-days, or until something is wrong."""
        try:
            while self.report.days < cashier_days:
                self.report.days += CASHIERS_A_DAY
                self._day()
            self.report.heads.append(self.office.rows("SELECT hex(head) FROM node")[0][0])
        except Violation as violation:
            self.report.note(violation.kind, str(violation), self.piece)
        self.report.restarts = self.office.restarts
        return self.report

    def _day(self) -> None:
        crew = self.crew
        crew.morning()
        for _ in range(STEPS_A_DAY):
            crew.one_of(_STEPS)
            self.office.time.advance(timedelta(seconds=self.rng.randrange(10, 240)))
            if crew.desk.chance(0.02):
                crew.rebalance()
            if crew.desk.chance(0.05):
                crew.look()
        crew.evening(_NONSENSE)
        crew.check_everything()
        self.office.clock.correct()
        self.office.time.advance(timedelta(hours=15))
