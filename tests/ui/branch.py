"""A branch's window for tests: the demo utility as its server, a line that can be cut, a cashier who takes money."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cashier_app.demo.branch_town import DRAWER, BranchTown, open_branch_stage, open_town, open_town_again
from cashier_app.demo.stage import MORNING, Stage
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.money import Money
from cashier_app.services.administration.branch_link import LinkFacts
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.work import SYSTEM


@dataclass
class BranchWindow:
    """The window and the town behind it."""

    stage: Stage
    town: BranchTown

    @property
    def line(self) -> Any:
        return self.stage.backend.line

    @property
    def link(self) -> LinkFacts:
        return self.line.state.link

    @property
    def chip(self) -> Any:
        assert self.stage.window.shell is not None
        return self.stage.window.shell.line

    def look(self) -> None:
        """What the program does every second."""
        self.stage.run(self.line.refresh())
        self.stage.settle()

    def cut(self) -> None:
        self.town.line.up = False

    def mend(self) -> None:
        self.town.line.up = True
        self.line.try_now()
        self.stage.settle()

    def open_drawer(self) -> None:
        """Bea signs in and opens her drawer with a float of 100."""
        self.stage.backend.door.execute(OpenDepositControl(), user_id=SYSTEM.id)
        self.stage.sign_in("bea")
        floating = OpenTenderControl(tender_source=DRAWER, starting_balance=Money.of("100.00", "USD"))
        self.stage.run(self.stage.backend.execute(floating))
        self.stage.settle()

    def take(self, name: str, amount: str = "") -> None:
        self.stage.go("counter")
        self.stage.find(name)
        if amount:
            self.stage.type(amount)
        self.stage.press("Return")
        self.stage.press("Return")
        self.look()


def a_met_town(demo_ledger: Path, folder: Path) -> Path:
    """Both databases of a town whose branch has met its server; each test plays on copies."""
    shutil.copy(demo_ledger, folder / "server.db")
    with closing(open_town(folder / "server.db", folder, FixedClock(MORNING))) as town:
        town.meet()
    return folder


@contextmanager
def a_branch_window(met: Path, folder: Path) -> Iterator[BranchWindow]:
    for name in ("server.db", "branch.db"):
        shutil.copy(met / name, folder / name)
    clock = FixedClock(MORNING)
    town = open_town_again(folder / "server.db", folder / "branch.db", clock)
    stage = open_branch_stage(town, folder / "till", clock)
    stage.printer = f"spool:{folder / 'spool'}"
    try:
        yield BranchWindow(stage, town)
    finally:
        stage.close()
        town.close()
