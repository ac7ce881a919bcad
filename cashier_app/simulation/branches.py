"""Seeded days of several branches, their server, the lines between them and their clocks (R reliability 6.1).

One generator decides everything. The oracle is outside: what operators were told, and where cash and checks are.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from cashier_app.simulation.branch_site import UNTIL_DONE, BranchShift, BranchSite, BranchWorld
from cashier_app.simulation.branch_steps import AT_A_BRANCH, BRANCH_NONSENSE
from cashier_app.simulation.clock import TrueTime
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, FaultPlan
from cashier_app.simulation.network import Network
from cashier_app.simulation.report import Report
from cashier_app.simulation.server_site import ServerSite
from cashier_app.simulation.server_steps import AT_THE_SERVER
from cashier_app.simulation.steps import Desk
from cashier_app.simulation.town import CASHIERS_OF_A_BRANCH, SERVER, FurnishedBranch, furnished_town
from cashier_app.simulation.violations import Violation
from cashier_app.simulation.workstation import Workstation

DAYS = 3
"""Of a piece; then a fresh town is taken."""
STEPS_OF_A_CASHIER = 49
"""Tried between morning and evening."""
PATIENCE = 200
"""Steps of the exchange after all lines have healed, until everything must have arrived."""

LINE_WEATHER: Mapping[FaultKind, int] = {
    FaultKind.POWER_CUT: 20,
    FaultKind.PROCESS_KILLED: 15,
    FaultKind.DISK_FULL: 10,
    FaultKind.READ_ERROR: 5,
    FaultKind.WRITE_ERROR: 10,
    FaultKind.SYNC_ERROR: 10,
    FaultKind.SYNC_LOST: 10,
    FaultKind.REQUEST_LOST: 60,
    FaultKind.REPLY_LOST: 60,
    FaultKind.REQUEST_REPEATED: 60,
    FaultKind.REQUEST_LATE: 50,
    FaultKind.REPLY_LATE: 40,
    FaultKind.REQUEST_FORGED: 15,
    FaultKind.PARTITION: 25,
    FaultKind.SERVER_CRASH: 30,
    FaultKind.SERVER_RESTORED: 8,
}
"""Faults per thousand requests: of lines, and of the server's machine while it answers."""

BRANCH_WEATHER: Mapping[FaultKind, int] = {
    FaultKind.POWER_CUT: 12,
    FaultKind.PROCESS_KILLED: 8,
    FaultKind.DISK_FULL: 10,
    FaultKind.READ_ERROR: 4,
    FaultKind.WRITE_ERROR: 8,
    FaultKind.SYNC_ERROR: 8,
    FaultKind.SYNC_LOST: 6,
    FaultKind.DOUBLE_CLICK: 60,
    FaultKind.CLOCK_JUMP: 8,
    FaultKind.TWO_DRAWERS: 4,
    FaultKind.PROGRAM_UPDATE: 4,
}
"""Faults per thousand steps at branches."""

USUAL_WEATHER: Mapping[FaultKind, int] = {**LINE_WEATHER, **BRANCH_WEATHER}
"""All kinds of faults."""


def days_of_a_piece(branches: int) -> int:
    """Cashier-days."""
    return DAYS * branches * CASHIERS_OF_A_BRANCH


class TownSimulation:
    """One piece of a run: a fresh town and its days. `report` grows while it goes on."""

    def __init__(
        self,
        seed: int,
        piece: int = 0,
        *,
        branches: int,
        weather: Mapping[FaultKind, int] | None = None,
        at_the_server: Sequence[tuple[int, Callable[[ServerSite], None]]] = AT_THE_SERVER,
    ) -> None:
        self.piece = piece
        self.report = Report(seed)
        run = f"{seed}/{piece}/{branches}"
        self.rng = random.Random(run)  # noqa: S311  # it must be repeatable
        # Of their own, so that what happens on a line decides nothing of what people do at the counters.
        of_lines, of_server = random.Random(f"{run}/lines"), random.Random(f"{run}/server")  # noqa: S311
        self._of_lines = of_lines
        self._at_the_server = at_the_server
        self.time = TrueTime()
        town = furnished_town(branches)
        self._town = town
        machine = Workstation(SERVER, of_lines, self.time)
        machine.furnish(town.server)
        self.server = ServerSite(town, machine, of_server, self.report)
        line_weather = LINE_WEATHER if weather is None else _only(weather, LINE_WEATHER)
        self._branch_weather = BRANCH_WEATHER if weather is None else _only(weather, BRANCH_WEATHER)
        self.network = Network(self.server, FaultPlan(of_lines, line_weather), of_lines, self.report)
        self.sites = [self._site(each) for each in town.branches]
        self._years_off = {site.caller.node_id: self._years() for site in self.sites}

    def _site(self, branch: FurnishedBranch) -> BranchSite:
        machine = Workstation(branch.name, self.rng, self.time)
        machine.furnish(branch.files)
        world = BranchWorld(list(self._town.customers), {})
        desk = Desk(world, self.rng, branch.staff)
        plan = FaultPlan(self.rng, self._branch_weather)
        shift = BranchShift(machine, desk, plan, self.report, self._town.people)
        shift.world = world
        disk = FaultPlan(
            self._of_lines, {kind: rate for kind, rate in self._branch_weather.items() if kind in FILE_FAULTS}
        )
        return BranchSite(shift, branch.node, self.network, self.server, disk)

    def _years(self) -> timedelta:
        """Some clocks were set to another year (R reliability P16)."""
        wrong = FaultKind.CLOCK_JUMP in self._branch_weather and self.rng.random() < 0.15  # noqa: PLR2004
        return timedelta(days=self.rng.choice((-800, -366, 365, 1_000))) if wrong else timedelta(0)

    # -- days

    def run(self, cashier_days: int) -> Report:
        """Play so many cashier-days, or until something is wrong."""
        try:
            while self.report.days < cashier_days:
                self.report.days += len(self.sites) * CASHIERS_OF_A_BRANCH
                self._day()
                if self.report.days < cashier_days:
                    self._check_day()
            self._end()
        except Violation as violation:
            self.report.note(violation.kind, str(violation), self.piece)
        self.report.restarts = sum(machine.restarts for machine in self.machines)
        return self.report

    @property
    def machines(self) -> list[Workstation]:
        """The server and the branches."""
        return [self.server.machine, *(site.machine for site in self.sites)]

    def _day(self) -> None:
        self._night()
        for site in self.sites:
            site.machine.clock.jump(self._years_off[site.caller.node_id])
            site.shift.morning()
        for _ in range(STEPS_OF_A_CASHIER * CASHIERS_OF_A_BRANCH * len(self.sites)):
            self._something(self.rng.choice(self.sites))
            self.time.advance(timedelta(seconds=self.rng.randrange(5, 60)))
        for site in self.sites:
            self._evening(site)
        self.time.advance(timedelta(hours=15))

    def _night(self) -> None:
        """After the backup the office goes on; branches hear of it while nobody works there."""
        self.server.back_up()
        self._work_at_the_server(3)
        for site in self.sites:
            site.meet(UNTIL_DONE)
        self.network.lose_the_night()
        self._work_at_the_server(5)

    def _work_at_the_server(self, steps: int = 1) -> None:
        weights = [weight for weight, _ in self._at_the_server]
        for do in self.rng.choices([do for _, do in self._at_the_server], weights, k=steps):
            do(self.server)

    def _check_day(self) -> None:
        for site in self.sites:
            site.check_day()
        self.server.office.check_everything()
        self.server.check_all_accounts()

    def _something(self, site: BranchSite) -> None:
        chance = self.rng.random()
        if chance < 0.03:  # noqa: PLR2004
            self._work_at_the_server()
        if chance > 0.985:  # noqa: PLR2004
            self.server.back_up()
        site.shift.one_of(AT_A_BRANCH if chance < 0.88 else BRANCH_NONSENSE)  # noqa: PLR2004
        if site.shift.desk.chance(0.02):
            site.shift.rebalance()
        if site.shift.desk.chance(0.03):
            site.shift.look()
        if site.shift.desk.chance(0.08):
            site.meet(6)

    def _evening(self, site: BranchSite) -> None:
        site.meet(UNTIL_DONE)
        site.shift.evening(BRANCH_NONSENSE)
        site.meet(UNTIL_DONE)
        site.machine.clock.correct()

    def _end(self) -> None:
        """All lines heal."""
        self.network.heal()
        for site in self.sites:
            site.machine.disk.disarm()
            if not site.meet(PATIENCE, restless=False):
                raise Violation("I14", f"{site.machine.node} is not done after {PATIENCE} steps: {site.link}")
        for site in self.sites:
            if not site.meet(PATIENCE, restless=False):  # what the others have sent
                raise Violation("I14", f"{site.machine.node} is not done after {PATIENCE} steps: {site.link}")
        self.server.office.check_everything()
        self.server.check_all_accounts()
        for site in self.sites:
            site.check_day()
            site.check_at_the_end()
        self.report.heads += [row[0] for row in self.server.machine.rows("SELECT hex(head) FROM node ORDER BY id")]


def _only(weather: Mapping[FaultKind, int], known: Mapping[FaultKind, int]) -> dict[FaultKind, int]:
    return {kind: rate for kind, rate in weather.items() if kind in known}
