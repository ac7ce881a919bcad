"""Ledgers, branches and people for the long runs, made before anything is killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cashier_app.domain.clock import FixedClock, SystemClock
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database, create_schema
from cashier_app.sync.enrolling import close_exchange, enrol, open_exchange
from tests.branches.town import branch_drawer, teller
from tests.builders import Ledger, a_ledger, a_user, an_account

CASHIERS = ("ann", "bob", "cleo")


def an_office(url: str, accounts: int = 8) -> Ledger:
    """The demo utility in an empty database, today, with customers who owe more than they will pay."""
    database = Database(url, must_exist=False)
    create_schema(database)
    database.close()
    ledger = a_ledger(url, ("sue", *CASHIERS), clock=FixedClock(datetime.now(UTC)))
    for number in range(accounts):
        an_account(ledger, f"Customer {number}", owing={"ELEC": "90000.00", "GAS": "40000.00"})
    return ledger


def source_of(name: str) -> str:
    """The drawer of a branch."""
    return f"CASH-{name}"


def invite(ledger: Ledger, name: str) -> str:
    """Give a branch a drawer and a teller; returns the code with which it enrols."""
    series = 700 + int(name.rpartition("-")[2])
    tables = {"tender_source": (branch_drawer(name, series),)}
    ledger.do(from_plain({"tables": tables}, LoadConfiguration), "system")
    a_user(ledger, teller(name), "CASHIER", tender_sources=(source_of(name),))
    code = new_code()
    command = InviteDevice(
        name=name,
        access_groups=("*",),
        code_hash=code_hash(code),
        expires=datetime.now(UTC) + timedelta(days=1),
    )
    ledger.do(command, "system")
    return code


def enrolled(server_url: str, code: str, path: Path) -> str:
    """A branch that knows everything it should; returns its database."""
    enrol(server_url, code, str(path))
    exchange = open_exchange(str(path), SystemClock())
    while exchange.step().more:
        pass
    close_exchange(exchange)
    return str(path)
