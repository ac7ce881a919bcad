"""One builder per thing, with harmless defaults: a test says only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import CashierError
from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.setup import LoadConfiguration, add_node, furnish
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Approval, Door, Outcome
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.taking import EventTaken, Finish, TakePayment, TenderIn
from tests.support.databases import prepare
from tests.support.source_tree import ROOT

PASSWORD = "correct horse battery"
"""Of everybody in the demo utility's office."""

PEOPLE = {
    "ann": ("CASHIER", "CASH-A01"),
    "bob": ("CASHIER", "CASH-A02"),
    "cleo": ("CASHIER", "CASH-A03"),
    "sue": ("SUPERVISOR", ""),
    "stan": ("SUPERVISOR", ""),
    "olga": ("BACKOFFICE", ""),
    "adam": ("ADMIN", ""),
    "vera": ("AUDITOR", ""),
}
"""Login → group and usual drawer."""


def usd(text: str) -> Money:
    return Money.of(text, "USD")


@cache
def password_hash(password: str = PASSWORD) -> str:
    """A true Argon2id hash, made with as little work as possible: tests sign in often."""
    from argon2 import PasswordHasher  # noqa: PLC0415

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


@cache
def demo_package() -> Any:
    return yaml.safe_load((ROOT / "resources" / "packages" / "demo-utility.yaml").read_text(encoding="utf-8"))


OPEN_LEDGERS: list[Ledger] = []
"""Ledgers that the running test has opened; each is checked when the test is over."""


@dataclass
class Ledger:
    """The demo utility on one workstation, with everybody signed in."""

    url: str
    door: Door
    clock: FixedClock
    people: dict[str, int] = field(default_factory=lambda: {"system": SYSTEM.id})
    unchecked: bool = False
    """Set by a test that damages the ledger on purpose."""

    @property
    def database(self) -> Database:
        return self.door.database

    def outcome(
        self,
        command: Any,
        by: str = "ann",
        *,
        second: str = "",
        confirmed: Iterable[str] = (),
        command_id: str | None = None,
    ) -> Outcome:
        """Execute as a user of that login, with the consent of a second person where one is named."""
        return self.door.execute(
            command,
            user_id=self.people[by],
            command_id=command_id,
            approval=Approval(second, PASSWORD) if second else None,
            confirmed=confirmed,
        )

    def do(self, command: Any, by: str = "ann", **how: Any) -> Any:
        return self.outcome(command, by, **how).result

    def refusal(self, command: Any, by: str = "ann", **how: Any) -> str:
        """The code of the first problem with which the command is refused; empty where it is not."""
        try:
            self.outcome(command, by, **how)
        except CashierError as refusal:
            return refusal.problems[0].code
        return ""

    def another_door(self, node: str = "") -> Door:
        """The same ledger over a connection of its own; with a name, from another workstation."""
        database = Database(self.url)
        if node:
            add_node(database, node)
        door = Door(database, node or self.door.node_name, self.clock)
        self._doors.append(door)
        return door

    _doors: list[Door] = field(default_factory=list)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Plain SQL, for looking."""
        cursor = self.database.connection.cursor()
        return [tuple(row) for row in cursor.execute(sql).fetchall()]

    def value(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def close(self) -> None:
        for door in (*self._doors, self.door):
            door.database.close()


def a_ledger(url: str, people: Iterable[str] = PEOPLE, *, clock: FixedClock | None = None) -> Ledger:
    """The demo utility in a database that holds the empty schema, or in one where it is already, with its people."""
    database = Database(url)
    clock = clock or FixedClock()
    is_new = not database.connection.cursor().execute("SELECT count(*) FROM node").fetchone()[0]
    if is_new:
        furnish(database, "COUNTER-1")
    ledger = Ledger(url, Door(database, "COUNTER-1", clock), clock)
    OPEN_LEDGERS.append(ledger)
    if not is_new:
        ledger.people |= dict(ledger.rows("SELECT login, id FROM app_user"))
        return ledger
    ledger.do(from_plain({"tables": demo_package()}, LoadConfiguration), "system")
    for login in people:
        a_user(ledger, login)
    return ledger


def furnished(url: str) -> None:
    """The demo utility with its people, in an empty database: what most tests begin with."""
    prepare(url)
    a_ledger(url).close()
    OPEN_LEDGERS.pop()


def a_user(ledger: Ledger, login: str, *groups: str, **more: Any) -> int:
    group, source = PEOPLE.get(login, ("CASHIER", ""))
    roles = ("ALL-OFFICES",) if group == "AUDITOR" else ()
    given = {"tender_sources": (source,) if source else (), "data_access_roles": roles, **more}
    command = CreateUser(
        login=login, name=login.capitalize(), password_hash=password_hash(), groups=groups or (group,), **given
    )
    ledger.people[login] = ledger.do(command, "system").user_id
    return ledger.people[login]


@dataclass(frozen=True)
class AnAccount:
    """An account that a test has opened."""

    id: int
    number: str
    person_id: int
    sa: dict[str, int]
    """Agreement by SA type."""


def an_account(
    ledger: Ledger,
    name: str = "Jane Masters",
    *,
    owing: str | dict[str, str] = "",
    arrears_date: date | None = date(2025, 12, 1),
    customer_class: str = "RES",
    **more: Any,
) -> AnAccount:
    """An account with electricity, or with an agreement of each type that `owing` names."""
    debts = {"ELEC": owing} if isinstance(owing, str) else owing
    opened = ledger.do(
        OpenAccount(
            name=name,
            customer_class=customer_class,
            agreements=tuple(AgreementIn(sa_type=sa_type, address="18 Oak Lane") for sa_type in debts),
            **more,
        ),
        "system",
    )
    account = AnAccount(
        opened.account_id, opened.number, opened.person_id, dict(zip(debts, opened.agreements, strict=True))
    )
    for sa_type, amount in debts.items():
        if amount:
            a_charge(ledger, account.sa[sa_type], amount, arrears_date)
    return account


def a_charge(ledger: Ledger, sa_id: int, amount: str, arrears_date: date | None = date(2025, 12, 1)) -> int:
    """Something owed, by an opening receivable; returns the adjustment's key."""
    charge = AddAdjustment(sa_id=sa_id, adjustment_type="CONVERSION", amount=usd(amount), arrears_date=arrears_date)
    return int(ledger.do(charge, "system").adjustment_id)


def an_open_deposit(ledger: Ledger, by: str = "sue") -> int:
    return int(ledger.do(OpenDepositControl(), by).deposit_control_id)


def an_open_drawer(ledger: Ledger, by: str = "ann", *, source: str = "", holding: str = "100.00") -> int:
    """A drawer that takes money, in a deposit that is opened where there is none."""
    if not ledger.rows("SELECT id FROM deposit_control WHERE status = 'OPEN'"):
        an_open_deposit(ledger)
    command = OpenTenderControl(tender_source=source or PEOPLE[by][1], starting_balance=usd(holding))
    return int(ledger.do(command, by).tender_control_id)


def cash(amount: str, **more: Any) -> TenderIn:
    return TenderIn(tender_type="CASH", amount=usd(amount), **more)


def check(amount: str, number: str = "1001", **more: Any) -> TenderIn:
    return TenderIn(tender_type="CHEC", amount=usd(amount), reference=number, **more)


def a_payment(
    account: AnAccount, *tenders: TenderIn, paying: str = "", finish: Finish = Finish.FREEZE, **more: Any
) -> TakePayment:
    """Take what was handed over for one account; `paying` where change is due."""
    payments = (PaymentIn(account_id=account.id, amount=usd(paying)),) if paying else ()
    return TakePayment(payor_account_id=account.id, tenders=tenders, payments=payments, finish=finish, **more)


def paid(ledger: Ledger, account: AnAccount, amount: str, by: str = "ann", **more: Any) -> EventTaken:
    """A cash payment taken."""
    taken: EventTaken = ledger.do(a_payment(account, cash(amount), **more), by)
    return taken


def counted(amount: str, tender_type: str = "CASH") -> tuple[Counted, ...]:
    return (Counted(tender_type=tender_type, amount=usd(amount)),)


def balances_of(ledger: Ledger, account: AnAccount) -> dict[str, int]:
    """Current balance by SA type, as kept."""
    found = ledger.rows(f"SELECT sa_type, current_balance FROM service_agreement WHERE account_id = {account.id}")
    return dict(found)


def codes_of(problems: Sequence[Any]) -> list[str]:
    return [problem.code for problem in problems]
