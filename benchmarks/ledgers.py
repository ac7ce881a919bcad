"""Ledgers to measure on: durable databases with the demo utility's configuration and as many accounts as wanted."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import psycopg
import yaml

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.money import Money
from cashier_app.interfaces.throwaway_postgresql import throwaway_postgresql
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import ForceCloseDrawer
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.conversion.importing import ImportReceivables
from cashier_app.services.conversion.mapping import ReceivablesMapping, find_mapping, read_mapping
from cashier_app.services.conversion.receivables import ConvertedAccount, ConvertedAgreement, Receivable, Receivables
from cashier_app.services.customers.account_rows import AgreementIn, NewAccount
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

NODE = "BENCH"
TODAY = date(2026, 1, 5)


class Place:
    """Where databases of one kind are made, and copied while nobody is connected."""

    dialect = "sqlite"

    def __init__(self, directory: Path, data: Path | None = None) -> None:
        self.directory = directory
        self.data = data

    def lasting(self) -> Place:
        """Where databases outlive the benchmark, if it was given such a place; else this one."""
        if self.data is None:
            return self
        self.data.mkdir(parents=True, exist_ok=True)
        return Place(self.data)

    def has(self, name: str) -> bool:
        """Whether an earlier run has left this database here."""
        return (self.directory / f"{name}.db").exists()

    def files(self, name: str) -> list[Path]:
        """The files of a database."""
        return [self.directory / f"{name}.db"]

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"sqlite:///{self.directory / name}.db"

    def create(self, name: str) -> str:
        """A fresh, empty database."""
        return self.url(name)

    def copy(self, name: str, to: str) -> str:
        """A copy of a database."""
        shutil.copyfile(self.directory / f"{name}.db", self.directory / f"{to}.db")
        return self.url(to)


class PostgresqlPlace(Place):
    """Databases of a server that lives as long as the benchmark; its data may live longer."""

    dialect = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server

    def lasting(self) -> Place:
        return self

    def has(self, name: str) -> bool:
        return bool(self._run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def files(self, name: str) -> list[Path]:
        [(directory,)] = self._run("SHOW data_directory")
        [(number,)] = self._run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
        return [path for path in Path(directory, "base", str(number)).iterdir() if path.is_file()]

    def url(self, name: str) -> str:
        return self.server.rsplit("/", 1)[0] + f"/{name}"

    def create(self, name: str) -> str:
        self._run(f"DROP DATABASE IF EXISTS {name}")
        self._run(f"CREATE DATABASE {name}")
        return self.url(name)

    def copy(self, name: str, to: str) -> str:
        self._run(f"DROP DATABASE IF EXISTS {to}")
        self._run(f"CREATE DATABASE {to} TEMPLATE {name}")
        return self.url(to)

    def _run(self, statement: str) -> list[Any]:
        plain = self.server.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def place(dialect: str, data: Path | None = None) -> Iterator[Place]:
    """A place that waits for the disk as an installation does; gone afterwards, but for what lasts in `data`."""
    if dialect == "postgresql":
        with throwaway_postgresql(durable=True, kept=data and data / "postgresql") as server:
            yield PostgresqlPlace(server)
        return
    directory = Path(tempfile.mkdtemp(prefix="cashier-benchmark-"))
    try:
        yield Place(directory, data)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def new_ledger(url: str) -> Door:
    """An empty ledger of the demo utility."""
    database = Database(url, must_exist=False)
    install(database, NODE)
    door = open_door(url, database)
    package = (resources.files("resources") / "packages" / "demo-utility.yaml").read_text("utf-8")
    door.execute(from_plain({"tables": yaml.safe_load(package)}, LoadConfiguration), user_id=SYSTEM.id)
    return door


def open_door(url: str, database: Database | None = None) -> Door:
    """The door of a ledger."""
    return Door(database or Database(url), NODE, FixedClock())


@dataclass(frozen=True, slots=True)
class Cashier:
    """Somebody with an open drawer."""

    user_id: int
    tender_control_id: int


def open_drawer(door: Door, source: str = "CASH-A01") -> Cashier:
    """A cashier who has opened a drawer."""
    login = f"cashier-{uuid.uuid4().hex[:8]}"
    user = door.execute(
        CreateUser(
            login=login,
            name="Cashier",
            password_hash=hashed("correct horse battery"),
            groups=("CASHIER",),
            tender_sources=(source,),
        ),
        user_id=SYSTEM.id,
    ).result.user_id
    _close_left_open(door)
    door.execute(OpenDepositControl(), user_id=SYSTEM.id)
    opened = door.execute(OpenTenderControl(tender_source=source), user_id=user).result
    return Cashier(user, opened.tender_control_id)


def _close_left_open(door: Door) -> None:
    """Balance drawers that an earlier run has left open in a kept ledger."""
    cursor = door.database.connection.cursor()
    cursor.execute("SELECT id FROM tender_control WHERE status <> 'BALANCED' AND owner_id IS NOT NULL")
    for (control,) in cursor.fetchall():
        cursor.execute(f"SELECT sum(amount_expected) FROM tender_control_total WHERE tender_control_id = {control}")
        count = (Counted(tender_type="CASH", amount=Money(int(cursor.fetchone()[0] or 0), "USD")),)
        close = ForceCloseDrawer(tender_control_id=control, count=count, reason="left open by an earlier run")
        door.execute(close, user_id=SYSTEM.id)


def fill(door: Door, accounts: int, debts: int = 2, *, first: int = 0, at_once: int = 20_000) -> None:
    """Convert accounts with gas and water into the ledger, each with so many bills, by the product's own command."""
    per_import = max(1, at_once // debts)
    mapping = read_mapping(find_mapping("houston-municipal-electricity"))
    for begin in range(first, first + accounts, per_import):
        numbers = range(begin, min(begin + per_import, first + accounts))
        _convert(door, mapping, numbers, debts)


def _convert(door: Door, mapping: ReceivablesMapping, numbers: range, debts: int) -> None:
    receivables = Receivables(currency="USD", adjustment_type="CONVERSION", rows=len(numbers) * debts)
    for number in numbers:
        receivables.accounts[external_number(number)] = _account(number, debts)
    receivables.total = sum(
        owed.amount
        for account in receivables.accounts.values()
        for agreement in account.agreements.values()
        for owed in agreement.receivables
    )
    command = ImportReceivables(
        file_name=f"generated {numbers.start}-{numbers.stop}",
        digest=f"{numbers.start}-{numbers.stop}-{debts}",
        mapping=mapping,
        row_count=receivables.rows,
        account_count=len(numbers),
        total=Money(receivables.total, "USD"),
    )
    door.execute(command, user_id=SYSTEM.id, attachment=receivables)


STREETS = ("Oak", "Elm", "Maple", "Cedar", "Walnut", "Juniper", "Chestnut", "Willow", "Poplar", "Magnolia", "Alder")
FIRST_NAMES = ("Ann", "Bob", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Inés", "Jonas", "Karin", "Liam")
LAST_NAMES = ("Masters", "Hill", "Okafor", "Nguyen", "García", "Schmidt", "Kowalski", "Haddad", "Rossi", "Larsen", "Wu")


def external_number(number: int) -> str:
    """The number of a generated account in the system before."""
    return f"X{number:08d}"


def _account(number: int, debts: int) -> ConvertedAccount:
    name = f"{FIRST_NAMES[number % 12]} {LAST_NAMES[number // 12 % 11]} {number // 132 % 997}"
    address = f"{number % 9973 + 1} {STREETS[number // 7 % 11]} Street"
    account = ConvertedAccount(
        line=number,
        person_key=str(number),
        new=NewAccount(
            name=name,
            customer_class="RES",
            cis_division="CITY",
            currency="USD",
            external_number=external_number(number),
            phone=f"555-{number % 10_000_000:07d}",
        ),
    )
    for sa_type, share in (("GAS", (debts + 1) // 2), ("WATER", debts // 2)):
        if share:
            new = AgreementIn(sa_type=sa_type, address=address, city="Oakfield")
            # Both agreements are billed on the same days, so that a payment falls to both in equal parts.
            owed = [
                Receivable(1_000_000 + number % 9973, _month(place), f"{number}-{place}", "") for place in range(share)
            ]
            account.agreements[sa_type] = ConvertedAgreement(new, owed)
    return account


def _month(ago: int) -> date:
    months = TODAY.year * 12 + TODAY.month - 2 - ago % 1200  # nobody's bills are older than a hundred years
    return date(months // 12, months % 12 + 1, 15)
