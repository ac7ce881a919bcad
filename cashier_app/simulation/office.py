"""The people, customers and drawers of a simulated office, and its one machine as it is delivered."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.packages import Tables, read_package
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.simulation.accountant import APPROVERS
from cashier_app.simulation.clock import TrueTime
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import Customer, Staff

NODE = "COUNTER-1"
PASSWORD = "the drawer is counted twice"  # noqa: S105  # of people who do not exist
_HASH = "$argon2id$v=19$m=8,t=1,p=1$c2ltdWxhdGVkLXNhbHQtLQ$cOTbpxhyDK8QZtIzQXBGcKNAxEFL+kkTUUnTkloU8zs"
"""Of that password, with as little work as possible: approvals are frequent."""

CASHIERS = {"ann": "CASH-A01", "bob": "CASH-A02", "cleo": "CASH-A03"}
PEOPLE = {
    **{login: ("CASHIER", source) for login, source in CASHIERS.items()},
    "sue": ("SUPERVISOR", ""),
    "stan": ("SUPERVISOR", ""),
    "olga": ("BACKOFFICE", ""),
    "oscar": ("BACKOFFICE SUPERVISOR", ""),
    "adam": ("ADMIN", ""),
}
STAFF = Staff(CASHIERS, ("sue", "stan"), "olga", not_blind="cleo")
BACK_OFFICE = ("olga", "oscar")
"""Oscar may also approve what others submit."""
GOVERNED, GOVERNED_TRANSFER = "REBATE", "MOVE"
"""Types of adjustments that must be approved."""
ACCOUNTS = 14
MONEY = "USD"


class Furnished(NamedTuple):
    """A machine as it is delivered: files, people, customers, entries that its journal has."""

    files: Mapping[str, bytes]
    people: Mapping[str, int]
    customers: tuple[Customer, ...]
    entries: int


def dollars(cents: int) -> Money:
    """An amount of the simulated utility."""
    return Money(cents, MONEY)


@cache
def furnished() -> Furnished:
    """The machine as every run of every seed begins: made once per process, always the same."""
    office = Workstation(NODE, random.Random(0), TrueTime())  # noqa: S311  # nothing here is secret
    install(office.database(), NODE)
    office.start()
    number = iter(range(1, 1_000_000))

    def do(command: Any) -> Any:
        return office.door.execute(command, user_id=SYSTEM.id, command_id=f"{next(number):032x}").result

    package = read_package("demo-utility")
    do(from_plain({"tables": package}, LoadConfiguration))
    do(from_plain({"tables": _governed(package)}, LoadConfiguration))
    people = {login: hired(do, login, *PEOPLE[login]) for login in PEOPLE}
    customers = tuple(customer(do, place) for place in range(ACCOUNTS))
    return Furnished(office.packed(), people, customers, next(number) - 1)


def _governed(package: Tables) -> Tables:
    """What must be approved; and debt is old after a day, lest nothing old cancels out in days."""
    (installation,) = package["installation"]
    profile = next(each for each in package["adjustment_type_profile"] if each["code"] == "CUSTOMER")
    kinds = [*profile["adjustment_types"], GOVERNED, GOVERNED_TRANSFER]
    return {
        "installation": [{**installation, "oldest_bucket_age": 1}],
        "adjustment_type": [
            {"code": GOVERNED, "distribution_code": "REV-MISC", "approval_profile": "FEES"},
            {
                "code": GOVERNED_TRANSFER,
                "distribution_code": "XFER-CLEAR",
                "approval_profile": "FEES",
                "transfer": True,
            },
        ],
        "adjustment_type_profile": [{**profile, "adjustment_types": kinds}],
    }


def hired(do: Any, login: str, group: str, source: str = "") -> int:
    """Somebody new."""
    command = CreateUser(
        login=login,
        name=login.capitalize(),
        password_hash=_HASH,
        groups=tuple(group.split()),
        tender_sources=(source,) if source else (),
        to_do_roles=APPROVERS.get(login, ()),
    )
    return int(do(command).user_id)


def customer(do: Any, place: int) -> Customer:
    """Somebody with one to three agreements who owes for each."""
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
