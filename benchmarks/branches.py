"""A branch comes back after days: what it took is sent over HTTP to a server with PostgreSQL, and booked there."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import bare
from benchmarks.ledgers import fill, new_ledger, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from benchmarks.payments import account_ids, controls_too, settle
from benchmarks.serving import Server, a_server
from cashier_app.domain.clock import FixedClock, SystemClock
from cashier_app.domain.money import Money
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.branches.exchange import Exchange
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.sync.enrolling import BranchFiles, close_exchange, enrol, link_facts, open_exchange
from cashier_app.sync.http_line import HttpLine, Wire

BRANCH = "BRANCH-7"
SOURCE = "CASH-BRANCH-7"
ACCOUNTS = 5000
FLOAT = Money.of("100.00", "USD")


def drain(options: Options) -> Measurement:
    """Thirty days of payments, all unsent: from the first request until the branch knows that all have arrived.

    Each day has a drawer, which was balanced. The baseline is COPY of the rows that the server wrote for them.
    """
    rounds, days, each_day = (3, 3, 667) if options.quick else (3, 30, 667)
    with place("postgresql") as where, place("sqlite") as branches:
        door = new_ledger(where.create("before"))
        fill(door, ACCOUNTS)
        teller = _with_a_branch(door)
        path = branches.directory / "branch.db"
        with a_server(door.database, branches.directory) as server:
            _enrol(door, server, path)
        _take_money(path, teller, days, each_day)
        settle(door.database)
        door.database.close()
        product, baseline, until_known, memory, busy = [], [], [], 0.0, []
        for number in range(rounds):
            url = where.copy("before", f"server{number}")
            sent = branches.directory / f"branch{number}.db"
            _copy_branch(path, sent)
            with a_server(url, branches.directory) as server:
                began, began_there = time.process_time(), server.busy_seconds
                arrived, known = _send_all(sent, server)
                product.append(days * each_day / arrived)
                until_known.append(known)
                busy.append((time.process_time() - began, server.busy_seconds - began_there))
                memory = max(memory, server.peak_memory_mb)
            where.copy("before", "bare")
            baseline.append(days * each_day / _copy_bare(url, where.url("bare"), days * each_day))
        return measurement(
            "drain",
            "payments/s",
            product,
            baseline,
            memory_mb=peak_memory_mb(),
            payments=days * each_day,
            memory_mb_of_the_server=memory,
            seconds_until_known=round(median(until_known), 2),
            # Whatever else the machine does: on two free cores the larger of both is what it takes.
            processor_seconds={"branch": round(min(busy)[0], 2), "server": round(min(busy)[1], 2)},
        )


def _with_a_branch(door: Door) -> int:
    """Give the branch a drawer and a teller; returns the teller."""
    source = {
        "code": SOURCE,
        "bank_account": "MAIN",
        "suspense_agreement": "SUSPENSE",
        "over_under_agreement": "OVER-UNDER",
        "tolerance": "1.00 USD",
        "receipt_series": 707,
        "workstation": BRANCH,
    }
    door.execute(LoadConfiguration(tables={"tender_source": (source,)}), user_id=SYSTEM.id)
    created = door.execute(
        CreateUser(
            login="teller",
            name="Teller",
            password_hash=hashed("correct horse battery"),
            groups=("CASHIER", "SUPERVISOR"),
            tender_sources=(SOURCE,),
        ),
        user_id=SYSTEM.id,
    )
    return int(created.result.user_id)


def _enrol(door: Door, server: Server, path: Path) -> None:
    """Let the branch in, and give it all it should know."""
    code, clock = new_code(), SystemClock()
    invite = InviteDevice(
        name=BRANCH, access_groups=("*",), code_hash=code_hash(code), expires=clock.now() + timedelta(hours=1)
    )
    # The server's clock is the real one, and judges whether the invitation still holds.
    Door(door.database, door.node_name, clock).execute(invite, user_id=SYSTEM.id)
    enrol(server.url, code, str(path))
    exchange = open_exchange(str(path), clock)
    while exchange.step().more:
        pass
    close_exchange(exchange)


def _take_money(path: Path, teller: int, days: int, each_day: int) -> None:
    database = Database(str(path))
    clock = FixedClock()
    door = Door(database, BRANCH, clock)
    accounts = account_ids(database, ACCOUNTS)
    door.execute(OpenDepositControl(), user_id=SYSTEM.id)
    amount = Money.of("41.37", "USD")
    tenders = (TenderIn(tender_type="CASH", amount=amount),)
    for day in range(days):
        command: Any = OpenTenderControl(tender_source=SOURCE, starting_balance=FLOAT)
        control = door.execute(command, user_id=teller).result.tender_control_id
        for number in range(each_day):
            clock.advance(seconds=30)
            account = accounts[(day * each_day + number) % len(accounts)]
            door.execute(TakePayment(payor_account_id=account, tenders=tenders), user_id=teller)
        count = (Counted(tender_type="CASH", amount=Money(FLOAT.minor + amount.minor * each_day, "USD")),)
        for command in (
            StartBalancing(tender_control_id=control),
            CountDrawer(tender_control_id=control, count=count),
            BalanceDrawer(tender_control_id=control),
        ):
            door.execute(command, user_id=teller)
        clock.advance(seconds=86_400 - 30 * each_day)
    settle(database)
    database.close()


def _copy_branch(path: Path, to: Path) -> None:
    for source, target in ((path, to), (BranchFiles.of(str(path)).key, BranchFiles.of(str(to)).key)):
        shutil.copyfile(source, target)


def _send_all(path: Path, server: Server) -> tuple[float, float]:
    """How long it takes until all has arrived, and until the branch knows what became of it."""
    database = Database(str(path))
    link = link_facts(database)
    assert link is not None, "it was enrolled"
    files = BranchFiles.of(str(path))
    line = HttpLine(Wire(server.url, files.trust), link.device_id, DeviceKey.load(files.key))
    exchange = Exchange(database, line, SystemClock())

    def send() -> None:
        while _unsent(database):
            exchange.step()

    def look() -> None:
        while exchange.step().more:
            pass

    arrived, known = seconds(send), seconds(look)
    close_exchange(exchange)
    return arrived, arrived + known


def _unsent(database: Database) -> int:
    link = link_facts(database)
    assert link is not None
    return link.unsent


def _copy_bare(product: str, beside: str, payments: int) -> float:
    """How long COPY of the same rows takes, five hundred payments a transaction."""
    wrote, bare_database = Database(product), Database(beside)
    rows = bare.payments_after(wrote, 0)
    assert len(rows) == payments
    controls_too(wrote, bare_database)
    try:
        return seconds(lambda: bare.write_in_bulk(bare_database, rows, 500))
    finally:
        wrote.close()
        bare_database.close()
