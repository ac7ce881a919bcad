"""A branch of a simulated town: its machine, its people, its line, and what it must agree on with the server."""

from __future__ import annotations

from dataclasses import dataclass, field

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem, RuleViolation
from cashier_app.models.sync import GIVEN_UP
from cashier_app.services.administration.branch_link import LinkFacts, link_of
from cashier_app.services.branches.booked import Booked, booked_event, booked_events
from cashier_app.services.branches.directory import DirectoryAccount, accounts_held, directory_page
from cashier_app.services.branches.exchange import Exchange
from cashier_app.services.branches.service import Caller
from cashier_app.services.cashiering.deposit_controls import BalanceDeposit
from cashier_app.services.kernel.door import Outcome
from cashier_app.services.kernel.reading import reading
from cashier_app.simulation import checks
from cashier_app.simulation.branch_steps import open_second_drawer
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, FaultPlan, MachineStopped
from cashier_app.simulation.line import SimulatedLine
from cashier_app.simulation.network import Network
from cashier_app.simulation.server_site import ServerSite
from cashier_app.simulation.shift import Shift
from cashier_app.simulation.steps import Step
from cashier_app.simulation.town import spare
from cashier_app.simulation.violations import Violation
from cashier_app.simulation.world import Drawer, Visit, World

_HEAD = "SELECT hex(hash) FROM journal WHERE id = (? << 40) + ?"
_NEWCOMERS = (
    "SELECT a.id, p.name FROM account a JOIN person p ON p.id = a.main_person_id WHERE p.name LIKE 'Newcomer %' "
    "AND a.access_group <> '-'"
)
_BALANCES = "SELECT id, current_balance FROM service_agreement WHERE account_id IN (SELECT id FROM account)"
_EVENTS = "SELECT id FROM payment_event ORDER BY id"


UNTIL_DONE = 40
"""Steps of the exchange, with which everything that a day can bring is done while the line is up."""


@dataclass
class BranchWorld(World):
    """What hands hold at a branch, and what of it the server has not been checked for yet."""

    new_drawers: dict[int, Drawer] = field(default_factory=dict)
    new_visits: dict[int, Visit] = field(default_factory=dict)

    def touch(self, *things: Drawer | Visit) -> None:
        """Remember also for the server, which hears of it later."""
        super().touch(*things)
        self.new_drawers.update((thing.id, thing) for thing in things if isinstance(thing, Drawer))
        self.new_visits.update((thing.id, thing) for thing in things if isinstance(thing, Visit))


class BranchShift(Shift):
    """The people at a branch."""

    site: BranchSite
    world: BranchWorld

    def acknowledged(self, step: Step, command_id: str, outcome: Outcome) -> None:
        """A deposit is final only once the server has everything before it (R reliability S7)."""
        if isinstance(step.command, BalanceDeposit):
            self.site.check_all_has_arrived()
        super().acknowledged(step, command_id, outcome)

    def pause(self) -> None:
        """A deposit can be handed over once the server has everything before it."""
        self.site.meet(UNTIL_DONE)

    def follow(self, struck: FaultKind | None) -> None:
        """Two drawers in one name, or a program that is replaced while commands wait to be sent."""
        if struck is FaultKind.TWO_DRAWERS:
            for _ in spare(self.desk.staff):
                self.perform_if(open_second_drawer(self.desk))
        elif struck is FaultKind.PROGRAM_UPDATE:
            self.site.start_new_program()


class BranchSite:
    """A branch as its people and the server know it."""

    def __init__(self, shift: BranchShift, node: int, network: Network, server: ServerSite, disk: FaultPlan) -> None:
        world, caller = shift.world, Caller(node, frozenset({"*"}))
        self.shift = shift
        self._disk_plan = disk
        """What may fail while it exchanges."""
        shift.site = self
        self.machine = shift.machine
        self.world = world
        self.caller = caller
        self._line = SimulatedLine(lambda what, request: network.carry(caller, what, request))
        self._server = server
        server.told[caller.node_id] = world.told
        server.worlds[caller.node_id] = world
        self._exchange: Exchange | None = None
        self._restarts = -1
        self._always = {each.account for each in world.customers}
        self._restless = True
        """Whether the machine may fail while it exchanges."""

    @property
    def exchange(self) -> Exchange:
        """That of the program that runs now."""
        if self._exchange is None or self._restarts != self.machine.restarts:
            self._exchange = Exchange(self.machine.door.database, self._line, self.machine.clock)
            self._restarts = self.machine.restarts
        return self._exchange

    def start_new_program(self) -> None:
        """The program is replaced while commands wait to be sent."""
        self.machine.door.database.close()
        self.machine.start()
        self._exchange = None

    def meet(self, most: int, *, restless: bool = True) -> bool:
        """Exchange until there is nothing more to do, at most so many steps; returns whether all is done."""
        self._restless = restless
        for _ in range(most):
            more = self._exchanged()
            if more is None:
                return False
            self.check_at_the_server()
            self._see_customers()
            if not more:
                self._check_balances()
                return True
        return False

    def _exchanged(self) -> bool | None:
        """One step of the exchange: whether there is more to do, or nothing where it was broken off."""
        struck = self.shift.strike(self._disk_plan) if self._restless else None
        try:
            return self.exchange.step().more
        except MachineStopped:
            self.machine.restart()
        except RuleViolation as refusal:
            if refusal.codes[0] != "SYNC-002":
                raise Violation("refusal", f"{self.machine.node}: {refusal}") from refusal
        except EnvironmentProblem as problem:  # the line's, or the disk's
            if problem.code == "DB-DAMAGED":
                raise Violation("FILE", str(problem)) from problem
            self.machine.disk.disarm()
        except Violation:
            raise
        except Exception as bug:
            raise Violation("bug", f"{self.machine.node}, exchange: {type(bug).__name__}: {bug}") from bug
        finally:
            if struck in FILE_FAULTS and self.shift.spoil(struck):
                self.machine.restart()
        return None

    def _see_customers(self) -> None:
        """Whom the operators can choose from: accounts that are here, under the names that are shown here."""
        shown = dict(self.machine.rows(_NEWCOMERS))
        if shown == self.world.names:
            return
        self.world.names = shown
        old = [each for each in self.world.customers if each.account in self._always]
        new = [each for each in self._server.office.desk.world.customers if each.account in shown]
        self.world.customers = old + new

    # -- checks

    @property
    def link(self) -> LinkFacts:
        """Where the branch believes to stand."""
        with reading(self.machine.door.database, access=EVERYTHING) as store:
            link = link_of(store)
        assert link is not None
        return link

    def check_at_the_server(self) -> None:
        """Once all has arrived the server has drawers and events as hands have them."""
        if self._server.books.arrived.get(self.caller.node_id, 0) < len(self.world.told):
            return
        checks.check_things(self._server.machine, self.world, self.world.new_drawers, self.world.new_visits)
        self.world.new_drawers.clear()
        self.world.new_visits.clear()

    def _check_balances(self) -> None:
        """Once it has heard of everything the branch shows what the server says that people owe."""
        owed = dict(self._server.machine.rows(_BALANCES))
        stale = {key: cents for key, cents in self.machine.rows(_BALANCES) if owed.get(key, cents) != cents}
        if stale:
            raise Violation("directory", f"{self.machine.node} shows {stale}; at the server they are others")

    def check_all_has_arrived(self) -> None:
        """Unless the server was restored, and the branch cannot know it."""
        arrived = self._server.books.arrived.get(self.caller.node_id, 0)
        if arrived < len(self.world.told) and not self._server.restored:
            raise Violation("S7", f"{self.machine.node} handed a deposit over that the server has not heard of")

    def check_chain(self) -> None:
        """The server's copy of the branch's chain has the same head (I11)."""
        node = self.caller.node_id
        sequence, head = self._server.machine.rows("SELECT sequence, hex(head) FROM node WHERE id = ?", (node,))[0]
        own = self.machine.rows(_HEAD, (node, sequence))
        if sequence and (not own or own[0][0] != head):
            raise Violation("I11", f"the server's chain of {self.machine.node} differs at {sequence}")

    def check_day(self) -> None:
        """At the end of the day."""
        self.shift.check_everything()
        self.check_chain()

    def check_at_the_end(self) -> None:
        """All lines have healed and everything was exchanged: both sides say the same."""
        node, told = self.caller.node_id, len(self.world.told)
        arrived = self._server.books.arrived.get(node, 0)
        if arrived != told:
            raise Violation("lost", f"{told - arrived} commands of {self.machine.node} never arrived (I14)")
        link = self.link
        if link.unsent or link.alarm:
            raise Violation("I14", f"{self.machine.node} has {link.unsent} unsent commands, alarm {link.alarm!r}")
        self.world.touch(*self.world.drawers, *self.world.visits)
        self.check_at_the_server()
        self._check_copies()

    def _check_copies(self) -> None:
        server, own = self._server.machine.door, self.machine.door
        with reading(server.database, access=EVERYTHING) as store:
            page = directory_page(store, server.current_config(store), self.caller.access_groups, None, 100_000)
            wanted = {account.id: account for account in page.accounts}
            events = [row[0] for row in self.machine.rows(_EVENTS)]
            booked = {each.event_id: each for each in booked_events(store, events, self.caller.node_id)}
        with reading(own.database, access=EVERYTHING) as store:
            ids = [row[0] for row in self.machine.rows("SELECT id FROM account")]
            held = {each.id: each for each in accounts_held(store, ids) if each.access_group != GIVEN_UP}
            kept = {event_id: booked_event(store, event_id) for event_id in booked}
        if self._server.restored:
            held = {key: _without_forgotten_ratings(each, wanted.get(key)) for key, each in held.items()}
        if held != wanted:
            wrong = sorted(key for key in {*held, *wanted} if held.get(key) != wanted.get(key))
            raise Violation("directory", f"{self.machine.node} has other accounts than the server: {wrong}")
        self._check_booked(booked, kept)

    def _check_booked(self, booked: dict[int, Booked], kept: dict[int, Booked | None]) -> None:
        wrong = sorted(key for key in booked if kept[key] != booked[key])
        if wrong:
            raise Violation("booked", f"{self.machine.node} shows {kept[wrong[0]]}; the server has {booked[wrong[0]]}")


def _without_forgotten_ratings(held: DirectoryAccount, wanted: DirectoryAccount | None) -> DirectoryAccount:
    """Credit ratings are history, at a branch as well: what a restored server has forgotten stays there."""
    ratings = wanted.ratings if wanted else ()
    return held._replace(ratings=tuple(rating for rating in held.ratings if rating in ratings))
