"""A cashier at a workstation, as a process that may be killed at any moment: takes money, balances, exchanges, closes.

`python -m tests.soak.workstation '{"database": …}'` tells, a line each, what it is about to do (`doing`), which command
it sends (`sent`), and what came of it (`done`, `refused`) once the program would have shown it. Commands go through the
window's own backend, so that what was under way is written down and asked for again as in the real program.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import PySide6.QtCore  # noqa: F401  # in the main thread, as a window has it: it does not bear being first in another

from cashier_app.domain.clock import SystemClock
from cashier_app.domain.errors import CashierError
from cashier_app.domain.money import Money
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.kernel import database
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.safekeeping import upgrading
from cashier_app.sync.enrolling import close_exchange, open_exchange
from cashier_app.ui.backend import Backend, new_command_id
from cashier_app.ui.tasks import LoopTasks
from tests.builders import PASSWORD


class Orders(msgspec.Struct, kw_only=True):
    """What the process is told at its start."""

    database: str
    node: str
    state: str
    cashier: str
    supervisor: str
    source: str
    seed: int
    days: int = 1_000_000
    """Drawers to balance before it closes by itself."""
    exchanges: bool = False
    """Whether it is a branch that talks to its server meanwhile."""
    drains: bool = False
    """Whether it stays until the server has everything."""
    migrations: str = ""
    """Folder of revisions that a later program brings along."""
    revision: str = ""
    """The last of them."""


def tell(*words: object) -> None:
    """One line, whole or not at all: whoever listens may hear it after this process is dead."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main(orders: Orders) -> None:
    if orders.revision:
        _is_of_a_later_version(orders)
    upgrade_where_needed(orders)
    asyncio.run(_work(orders))
    tell("closed")


def _is_of_a_later_version(orders: Orders) -> None:
    upgrading._MIGRATIONS = Path(orders.migrations)
    upgrading.SCHEMA_REVISION = database.SCHEMA_REVISION = orders.revision


def upgrade_where_needed(orders: Orders) -> None:
    """As somebody does who is told DB-OLD at the start."""
    try:
        database.Database(orders.database).close()
    except CashierError as problem:
        if problem.problems[0].code != "DB-OLD":
            raise
        tell("doing", "upgrade")
        upgrading.upgrade(orders.database, SystemClock())


async def _work(orders: Orders) -> None:
    tasks = LoopTasks(asyncio.get_running_loop(), on_error=_broken)
    backend = Backend(tasks, database=orders.database, node=orders.node, state=Path(orders.state), clock=SystemClock())
    tell("doing", "open")
    await backend.open()
    cashier = Cashier(orders, backend, random.Random(orders.seed))
    with _exchanging(orders):
        await cashier.come_in()
        await cashier.settle_what_was_under_way()
        for _ in range(orders.days):
            await cashier.work_a_day()
        while orders.drains and cashier.unsent:  # noqa: ASYNC110  # what sends is a thread
            await asyncio.sleep(0.05)
    tell("doing", "close")
    await backend.close()
    tasks.close()


def _broken(error: BaseException) -> None:
    tell("broken", repr(error))
    os._exit(3)


@dataclass
class Cashier:
    """One person's way through the day, taken up wherever the last one was broken off."""

    orders: Orders
    backend: Backend
    random: random.Random

    async def come_in(self) -> None:
        """Both sign in; from then on each command says for whom it is."""
        tell("doing", "sign-in")
        self.people = {}
        for login in (self.orders.supervisor, self.orders.cashier):
            self.people[login] = await self.backend.sign_in(login, PASSWORD)

    async def settle_what_was_under_way(self) -> None:
        """The program asks before anything is entered again (R reliability S3); what was not taken is sent again."""
        for note, taken in await self.backend.left_behind():
            tell("left", note.command_id, "taken" if taken else "absent")
            self.backend.user = next(person for person in self.people.values() if person.id == note.user_id)
            try:
                outcome = await self.backend.send_again(note)
            except CashierError as refusal:
                tell("refused", note.command_id, refusal.problems[0].code)
                await self.backend.settle(note)
            else:
                tell("done", note.command_id, "again" if outcome.repeated else "now")

    async def work_a_day(self) -> None:
        """Open the drawer, take money, turn some in, count and balance."""
        control, status = await self._drawer()
        if status == "OPEN":
            for _ in range(self.random.randint(3, 15)):
                await self._take_payment()
            if self.random.random() < 0.7:
                await self._turn_in(control)
            await self._receive_all()
            await self._send("balance", StartBalancing(tender_control_id=control))
        expected = Money(self._value(_EXPECTED, control), "USD")
        count = (Counted(tender_type="CASH", amount=expected),)
        await self._send("balance", CountDrawer(tender_control_id=control, count=count))
        await self._send("balance", BalanceDrawer(tender_control_id=control))

    @property
    def unsent(self) -> int:
        """Commands that the server is not known to have."""
        return int(self._value(_UNSENT))

    async def _drawer(self) -> tuple[int, str]:
        rows = self._rows(_LIVE, self.orders.source)
        if rows:
            return rows[0]
        if not self._value(_OPEN_DEPOSITS):
            await self._send("open-drawer", OpenDepositControl(), self.orders.supervisor)
        opened = await self._send(
            "open-drawer",
            OpenTenderControl(tender_source=self.orders.source, starting_balance=Money(10_000, "USD")),
        )
        return opened.tender_control_id, "OPEN"

    async def _take_payment(self) -> None:
        account = self.random.choice(self._rows(_ACCOUNTS))[0]
        amount = Money(self.random.randint(1, 20_000), "USD")
        command_id = new_command_id()
        command = TakePayment(
            payor_account_id=account, tenders=(TenderIn(tender_type="CASH", amount=amount),), note=command_id
        )
        await self._send("pay", command, command_id=command_id, minor=amount.minor)

    async def _turn_in(self, control: int) -> None:
        amount = Money(self._value(_EXPECTED, control) // 2 + 1, "USD")
        await self._send("turn-in", TurnInFunds(tender_control_id=control, tender_type="CASH", amount=amount))

    async def _receive_all(self) -> None:
        for (turn_in,) in self._rows(_PENDING):
            await self._send("turn-in", ReceiveTurnIn(turn_in_id=turn_in), self.orders.supervisor)

    async def _send(self, stage: str, command: Any, login: str = "", *, command_id: str = "", minor: int = 0) -> Any:
        self.backend.user = self.people[login or self.orders.cashier]
        command_id = command_id or new_command_id()
        tell("doing", stage)
        tell("sent", command_id, type(command).__name__, minor)
        outcome = await self.backend.execute(command, command_id=command_id, words=stage)
        tell("done", command_id, "again" if outcome.repeated else "now")
        return outcome.result

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self.backend.door.database.connection.cursor().execute(sql, values).fetchall()

    def _value(self, sql: str, *values: Any) -> Any:
        return self._rows(sql, *values)[0][0]


_LIVE = "SELECT id, status FROM tender_control WHERE tender_source = ? AND status <> 'BALANCED'"
_EXPECTED = "SELECT coalesce(sum(amount_expected), 0) FROM tender_control_total WHERE tender_control_id = ?"
_UNSENT = "SELECT node.sequence - confirmed FROM branch_link JOIN node ON node.id = node_id"
_OPEN_DEPOSITS = "SELECT count(*) FROM deposit_control WHERE status = 'OPEN'"
_PENDING = "SELECT id FROM turn_in WHERE status = 'PENDING'"
_ACCOUNTS = (
    "SELECT id FROM account WHERE currency = 'USD' AND id IN (SELECT account_id FROM service_agreement "
    "WHERE sa_type = 'ELEC') ORDER BY id LIMIT 50"
)


@contextmanager
def _exchanging(orders: Orders) -> Iterator[None]:
    """Talk to the server all the time, over a connection of one's own, as the real program does."""
    if not orders.exchanges:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_exchange, args=(orders, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _exchange(orders: Orders, stop: threading.Event) -> None:
    try:
        exchange = open_exchange(orders.database, SystemClock())
        while not stop.is_set():
            tell("doing", "exchange")
            try:
                more = exchange.step().more
            except LineDown:
                tell("line-down")
                more = False
            if not more:
                time.sleep(0.02)
        close_exchange(exchange)
    except BaseException as error:  # noqa: BLE001  # whoever listens must hear of it
        _broken(error)


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Orders))
