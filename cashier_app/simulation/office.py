"""One simulated workstation: a disk that fails, the real database layer and door on it, a clock that may be wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from cashier_app.domain.money import Money
from cashier_app.services.accounting.adjustments import AddAdjustment
from cashier_app.services.administration.packages import read_package
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel import database as database_module
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.simulation import apsw_driver
from cashier_app.simulation.clock import SimulatedClock, TrueTime
from cashier_app.simulation.faulty_files import FaultyDisk
from cashier_app.simulation.world import Customer, World

FILE = "counter.db"
NODE = "COUNTER-1"
PASSWORD = "the drawer is counted twice"  # noqa: S105  # of people who do not exist
_HASH = "$argon2id$v=19$m=8,t=1,p=1$c2ltdWxhdGVkLXNhbHQtLQ$cOTbpxhyDK8QZtIzQXBGcKNAxEFL+kkTUUnTkloU8zs"
"""Of that password, with as little work as possible: approvals are frequent."""

CASHIERS = {"ann": "CASH-A01", "bob": "CASH-A02", "cleo": "CASH-A03"}
NOT_BLIND = "cleo"
"""The cashier whose drawer is counted with open eyes."""
PEOPLE = {
    **{login: ("CASHIER", source) for login, source in CASHIERS.items()},
    "sue": ("SUPERVISOR", ""),
    "stan": ("SUPERVISOR", ""),
    "olga": ("BACKOFFICE", ""),
    "adam": ("ADMIN", ""),
}
ACCOUNTS = 14
MONEY = "USD"


class Furnished(NamedTuple):
    """A machine as it is delivered: files, people, customers, entries that its journal has."""

    files: Mapping[str, bytes]
    people: Mapping[str, int]
    customers: tuple[Customer, ...]
    entries: int


class Office:
    """The machine and its program. Everything else may be lost at any moment; the disk is not."""

    def __init__(self, rng: random.Random) -> None:
        self.disk = FaultyDisk(rng)
        self.time = TrueTime()
        self.clock = SimulatedClock(self.time)
        self.door: Door
        self.restarts = 0

    def furnish(self, furnished: Furnished) -> World:
        """Start with the machine as delivered."""
        self.disk.restore(furnished.files)
        self.disk.disarm()
        self.start()
        owed = {customer.account: customer.charge for customer in furnished.customers}
        return World(list(furnished.customers), owed)

    def start(self) -> None:
        """Start the program on whatever the disk holds."""
        self.door = Door(Database.over(self._connect, apsw_driver), NODE, self.clock)

    def restart(self) -> None:
        """After a power cut or a kill."""
        self.restarts += 1
        self.disk.restart()
        self.start()

    def _connect(self) -> Any:
        connection = self.disk.connect(FILE)
        # By the module, so that a planted fault can stand in its place.
        database_module.prepare_sqlite(connection, exclusive=True)
        return connection

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Plain SQL, for the checks."""
        found: list[Any] = self.door.database.connection.execute(sql, values).fetchall()
        return found


def dollars(cents: int) -> Money:
    """An amount of the simulated utility."""
    return Money(cents, MONEY)


@cache
def furnished() -> Furnished:
    """The machine as every run of every seed begins: made once per process, always the same."""
    office = Office(random.Random(0))  # noqa: S311  # nothing here is secret
    database = Database.over(office._connect, apsw_driver)  # noqa: SLF001  # its own maker
    install(database, NODE)
    office.door = Door(database, NODE, office.clock)
    number = iter(range(1, 1_000_000))

    def do(command: Any) -> Any:
        return office.door.execute(command, user_id=SYSTEM.id, command_id=f"{next(number):032x}").result

    do(from_plain({"tables": read_package("demo-utility")}, LoadConfiguration))
    people = {login: _hired(do, login, *PEOPLE[login]) for login in PEOPLE}
    customers = tuple(_customer(do, place) for place in range(ACCOUNTS))
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    files = {FILE: office.disk.snapshot()[FILE]}
    return Furnished(files, people, customers, next(number) - 1)


def _hired(do: Any, login: str, group: str, source: str) -> int:
    command = CreateUser(
        login=login,
        name=login.capitalize(),
        password_hash=_HASH,
        groups=(group,),
        tender_sources=(source,) if source else (),
    )
    return int(do(command).user_id)


def _customer(do: Any, place: int) -> Customer:
    kinds = ("ELEC", "GAS", "WATER")[: 1 + place % 3]
    agreements = tuple(AgreementIn(sa_type=kind, address=f"{place} Oak Lane") for kind in kinds)
    opened = do(OpenAccount(name=f"Customer {place}", customer_class="RES", agreements=agreements))
    charge = 0
    for number, sa_id in enumerate(opened.agreements):
        cents = 2_000 + 1_337 * place + 411 * number
        charge += cents
        do(
            AddAdjustment(
                sa_id=sa_id,
                adjustment_type="CONVERSION",
                amount=dollars(cents),
                arrears_date=date(2025, 11 + number % 2, 1 + place),
            )
        )
    return Customer(opened.account_id, tuple(opened.agreements), charge)
