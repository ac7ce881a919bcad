"""A working day at the counters of one machine: what is done in the morning, between customers, in the evening."""

from __future__ import annotations

from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.simulation import checks
from cashier_app.simulation.counter_steps import cancel_during_count, finishing
from cashier_app.simulation.crew import Crew
from cashier_app.simulation.drawer_steps import (
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
from cashier_app.simulation.steps import Maker
from cashier_app.simulation.world import Drawer

Weighted = tuple[tuple[int, Maker], ...]


class Shift(Crew):
    """Cashiers and supervisors of one machine, and their day."""

    def morning(self) -> None:
        """Drawers are opened."""
        for maker in (open_deposit, *[open_drawer] * len(self.desk.staff.cashiers)):
            self.attempt(maker)

    def one_of(self, steps: Weighted) -> None:
        """Something that happens during the day."""
        self.attempt(self.desk.rng.choices([maker for _, maker in steps], [weight for weight, _ in steps])[0])

    def look(self) -> None:
        """Somebody looks at a drawer before it is counted."""
        found = self.desk.cashier_with_drawer()
        if found is not None:
            checks.check_blindness(self.machine, found[1], self.desk.staff.not_blind)

    def pause(self) -> None:
        """Between two steps towards the bank."""

    def rebalance(self) -> None:
        """Close a drawer in the middle of the day and open it again, or not."""
        world = self.desk.world
        drawer = self.desk.one_of([d for d in world.drawers if d.status is not ControlStatus.BALANCED])
        if drawer is not None:
            self.close(drawer)
            if drawer.status is ControlStatus.BALANCED and drawer.deposit.status is ControlStatus.OPEN:
                if self.desk.chance(0.6):
                    self.perform(reopen(self.desk, drawer))
            elif drawer.status is ControlStatus.BALANCING:
                self.perform(resume(self.desk, drawer))

    def evening(self, nonsense: Weighted) -> None:
        """Drawers are closed, most of them, and the money is brought to the bank."""
        world = self.desk.world
        for drawer in [drawer for drawer in world.drawers if drawer.status is not ControlStatus.BALANCED]:
            if self.desk.chance(0.9):
                self.close(drawer)
        for deposit in list(world.deposits):
            for _ in range(5):
                self.pause()
                step = bring_to_bank(self.desk, deposit)
                if step is not None:
                    self.perform(step)
                if self.desk.chance(0.1):
                    self.attempt(self.desk.rng.choice([maker for _, maker in nonsense]))
        self.perform_if(seal(self.desk))

    def close(self, drawer: Drawer) -> None:
        """Finish what is open in a drawer, count it, balance it."""
        desk = self.desk
        for turned_in in [each for each in desk.world.turn_ins if each.drawer is drawer and each.status == "PENDING"]:
            self.perform(receiving(desk, turned_in))
        self._finish_visits(drawer)
        if drawer.status is ControlStatus.OPEN and desk.chance(0.12):
            self.perform(close_by_force(desk, drawer))
        elif drawer.status is ControlStatus.OPEN:
            self.perform(start_balancing(desk, drawer))
        if drawer.status is ControlStatus.BALANCING:
            self._count_and_balance(drawer)

    def _finish_visits(self, drawer: Drawer) -> None:
        world = self.desk.world
        visits = [visit for visit in world.visits if drawer in visit.drawers]
        if drawer.status is ControlStatus.BALANCING and not all(visit.is_finished for visit in visits):
            self.perform(resume(self.desk, drawer))
        for visit in visits:
            for _ in range(6):
                if not visit.is_finished and visit in world.visits and drawer.status is ControlStatus.OPEN:
                    self.perform_if(finishing(self.desk, visit))

    def _count_and_balance(self, drawer: Drawer) -> None:
        desk = self.desk
        self.perform(count(desk, drawer, wrong=desk.chance(0.2)))
        if desk.chance(0.5):
            self.perform(count(desk, drawer))
        if desk.chance(0.1):
            self.perform_if(cancel_during_count(desk, drawer))
        if desk.chance(0.3):
            self.perform_if(book_difference(desk, drawer))
        self.perform(balance(desk, drawer))
