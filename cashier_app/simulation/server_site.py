"""The server of a simulated town: its machine, its office, its backups, and what its ledger must say."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cashier_app.domain.errors import EnvironmentProblem, RuleViolation
from cashier_app.domain.identifiers import key_of
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.branches.service import BranchService, Caller
from cashier_app.services.safekeeping import backup as backup_module
from cashier_app.simulation import checks
from cashier_app.simulation.books import Books
from cashier_app.simulation.crew import Crew
from cashier_app.simulation.faults import FaultPlan, MachineStopped
from cashier_app.simulation.line import answer
from cashier_app.simulation.report import Report
from cashier_app.simulation.steps import Desk, Step
from cashier_app.simulation.town import BACK_OFFICE, FurnishedTown
from cashier_app.simulation.violations import Violation
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import Staff, Told, Visit, World

OWN_NODE = 1
STAFF = Staff({}, ("head",), BACK_OFFICE)
BACKUPS_KEPT = 4

_ARRIVED = "SELECT sequence, hex(head) FROM node WHERE id = ?"
_REACHED = "SELECT id, sequence FROM node"
_ENTRIES = "SELECT command_id, result FROM journal WHERE id > ? AND id <= ? ORDER BY id"
_OWN = (
    "SELECT command_id, result FROM journal WHERE id > ? AND id < ? AND name NOT IN ('ReceiveDelivery', 'RaiseAlarm') "
    "ORDER BY id"
)
_ALARMS = "SELECT text FROM to_do WHERE to_do_type = 'SYNC_ALARM' ORDER BY id"
_OWED = "SELECT coalesce(sum(current_balance), 0) FROM service_agreement WHERE account_id = ?"
_STATUS = "SELECT status FROM tender_control WHERE id = ?"
_SUSPENSE = "SELECT count(*) FROM to_do WHERE to_do_type = 'SUSPENSE'"


class Backup(NamedTuple):
    """The server at some moment."""

    files: Mapping[str, bytes]
    books: Books
    told: int


class ServerWorld(World):
    """Its papers are the books."""

    server: ServerSite

    def owes(self, account: int, change: int) -> None:
        """An account owes more or less."""
        self.server.books.owes(account, change)


class Office(Crew):
    """The people at the server. Their machine also answers branches, whose deliveries are nobody's commands here."""

    server: ServerSite
    _verified_up_to: Mapping[int, int] = MappingProxyType({})
    """By node, the last entry that a verification has seen."""

    def check(self, *, after_fault: bool) -> None:
        """What the step concerned, or everything that came lately."""
        if after_fault:
            self.check_everything(only_recent=True)
        self.server.check_touched()

    def check_everything(self, *, only_recent: bool = False) -> None:
        """What its own people were told, what branches have delivered, and the ledger."""
        self.report.verifications += 1
        found = self.machine.rows(_OWN, (key_of(OWN_NODE, self.server.delivered), key_of(OWN_NODE + 1, 0)))
        checks.compare(found, self.desk.world.told)
        self.server.check_arrived()
        reached = dict(self.machine.rows(_REACHED))
        since = max(sequence - self._verified_up_to.get(node, 0) for node, sequence in reached.items())
        checks.check_ledger(self.machine, max(since, 0) if only_recent else None)
        self._verified_up_to = reached


class ServerSite:
    """The server as branches and its own people know it."""

    def __init__(self, town: FurnishedTown, machine: Workstation, rng: random.Random, report: Report) -> None:
        self.machine = machine
        self.rng = rng
        self.delivered = town.entries
        self.books = Books({each.account: each.charge for each in town.customers})
        world = ServerWorld(list(town.customers), {})
        world.server = self
        # What happens to its machine happens while it answers a branch.
        quiet = FaultPlan(random.Random(0), {})  # noqa: S311  # it draws nothing that matters
        self.office = Office(machine, Desk(world, rng, STAFF), quiet, report, town.people, town.entries)
        self.office.server = self
        self.paper: list[tuple[int, Step, str]] = []
        """Commands that its people can enter once more after an accident: after how many others, and under which id."""
        self.worlds: dict[int, World] = {}
        """What hands hold at each branch's node."""
        self.told: dict[int, list[Told]] = {}
        """What the operators of each branch's node were told; the branches add to it."""
        self._backups: list[Backup] = []
        self.restored = 0

    # -- answering

    def handle(self, caller: Caller, what: str, request: bytes) -> bytes:
        """Answer a branch; LineDown where the machine or its disk fails meanwhile.

        Raises:
            RuleViolation: The server refuses.
        """
        try:
            found = answer(BranchService(self.machine.door), caller, what, request)
        except MachineStopped:
            self.start_again()
            raise LineDown from None
        except LineDown:
            raise
        except RuleViolation:
            self.catch_up(caller.node_id)
            raise
        except EnvironmentProblem as problem:
            if problem.code == "DB-DAMAGED":
                raise Violation("FILE", str(problem)) from problem
            raise LineDown from problem
        except Exception as bug:
            raise Violation("bug", f"server, {what}: {type(bug).__name__}: {bug}") from bug
        self.catch_up(caller.node_id)
        return found

    def hear_a_forgery(self, caller: Caller, request: bytes) -> None:
        """Whatever came of it, nothing that no branch has told may be taken; an entry on the work list may say so."""
        with contextlib.suppress(RuleViolation, LineDown):
            self.handle(caller, "deliver", request)
        self.books.alarms = len(self.machine.rows(_ALARMS))

    def start_again(self) -> None:
        """After a power cut, a kill, or a crash between commit and reply."""
        self.machine.restart()
        self.check_arrived()
        self.office.check_everything(only_recent=True)
        self.check_touched()

    # -- what has arrived

    def catch_up(self, node: int) -> None:
        """Commands that arrived since are those that the branch acknowledged next, with the same results."""
        known = self.books.arrived.get(node, 0)
        sequence, _ = self.machine.rows(_ARRIVED, (node,))[0]
        told = self.told[node]
        if sequence < known:
            raise Violation("lost", f"the server has {sequence} commands of node {node}; {known} had arrived")
        if sequence > len(told):
            raise Violation("doubled", f"the server has {sequence} commands of node {node}, which told {len(told)}")
        if sequence == known:
            return
        found = self.machine.rows(_ENTRIES, (key_of(node, known), key_of(node, sequence)))
        checks.compare(found, told[known:sequence])
        for each in told[known:sequence]:
            self.books.arrive(each.moved)
        self.books.arrived[node] = sequence
        self.check_touched()

    def check_arrived(self) -> None:
        """The same for all branches, and none of their journals was doubted."""
        for node in self.told:
            self.catch_up(node)
        alarms = self.machine.rows(_ALARMS)
        if len(alarms) > self.books.alarms:
            raise Violation("alarm", alarms[-1][0])

    def check_touched(self) -> None:
        """Accounts owe what they should."""
        for account in self.books.touched:
            owed, wanted = self.machine.rows(_OWED, (account,))[0][0], self.books.owed[account]
            if owed != wanted:
                raise Violation("I2", f"at the server account {account} owes {owed}, on paper {wanted}")
        self.books.touched.clear()

    def check_all_accounts(self) -> None:
        """The same for all accounts; and nothing was left over."""
        self.books.touched.update(dict.fromkeys(self.books.owed))
        self.check_touched()
        suspended = self.machine.rows(_SUSPENSE)[0][0]
        if suspended != self.books.suspended:
            raise Violation("suspense", f"{suspended} payments are in suspense instead of {self.books.suspended}")

    def knows_as_balanced(self, visit: Visit) -> bool:
        """Whether all drawers of a visit are balanced for the server as well."""
        return all(self.machine.rows(_STATUS, (drawer.id,)) == [("BALANCED",)] for drawer in visit.drawers)

    # -- accidents

    def back_up(self) -> None:
        """Keep a copy of everything as it is now."""
        files = self.machine.disk.snapshot()
        self._backups.append(Backup(files, self.books.copy(), len(self.office.desk.world.told)))
        del self._backups[:-BACKUPS_KEPT]

    def restore(self, place: int) -> None:
        """The server is lost; an older backup takes its place, and its people enter again what they have on paper."""
        if not self._backups:
            return
        self.restored += 1
        place %= len(self._backups)
        backup = self._backups[place]
        del self._backups[place + 1 :]
        self.machine.furnish(backup.files)
        backup_module.leave_room(self.machine.door.database)
        self.books = backup.books.copy()
        customers = self.office.desk.world.customers
        customers[:] = [each for each in customers if each.account in self.books.owed]
        del self.office.desk.world.told[backup.told :]
        again = [each for each in self.paper if each[0] >= backup.told]
        self.paper = [each for each in self.paper if each[0] < backup.told]
        for _, step, command_id in again:
            self.do(step, command_id)

    def do_if(self, step: Step | None) -> None:
        """A command of its own people, where there is one."""
        if step is not None:
            self.do(step)

    def do(self, step: Step, command_id: str | None = None, *, on_paper: bool = True) -> None:
        """A command of its own people."""
        told = self.office.desk.world.told
        before = len(told)
        command_id = command_id or f"{self.rng.getrandbits(128):032x}"
        self.office.perform(step, command_id)
        if on_paper and len(told) > before:
            self.paper.append((before, step, command_id))
