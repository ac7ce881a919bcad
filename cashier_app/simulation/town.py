"""A server and its branches as they are delivered: let in, furnished, with a directory of all accounts."""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from cashier_app.services.administration.packages import read_package
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.branches.devices import EnrolDevice, InviteDevice, code_hash
from cashier_app.services.branches.exchange import Exchange
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.service import BranchService, Caller
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.simulation.clock import TrueTime
from cashier_app.simulation.line import SimulatedLine, answer
from cashier_app.simulation.office import customer, hired
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import Customer, Staff

SERVER = "SERVER"
BACK_OFFICE = "olga"
CASHIERS_OF_A_BRANCH = 2
DRAWERS = 2 * CASHIERS_OF_A_BRANCH
"""Of a branch; those without an owner are opened both in the name of one supervisor."""
ACCOUNTS = 20
_LEDGER = "00000000-0000-4000-8000-000000000001"
"""Of the simulated server, the same in each process."""


class FurnishedBranch(NamedTuple):
    """A branch as it is delivered."""

    name: str
    node: int
    files: Mapping[str, bytes]
    staff: Staff


class FurnishedTown(NamedTuple):
    """A server and its branches as they are delivered."""

    server: Mapping[str, bytes]
    branches: tuple[FurnishedBranch, ...]
    people: Mapping[str, int]
    customers: tuple[Customer, ...]
    entries: int
    """That the server's own journal has."""


def branch_name(number: int) -> str:
    """The workstation of a branch."""
    return f"BRANCH-{number}"


def source_code(branch: int, drawer: int) -> str:
    """A drawer of a branch."""
    return f"CASH-B{branch}{drawer}"


def spare(staff: Staff) -> tuple[str, ...]:
    """The drawers of a branch that nobody owns."""
    first = next(iter(staff.cashiers.values()))[:-1]
    return tuple(f"{first}{drawer}" for drawer in range(CASHIERS_OF_A_BRANCH + 1, DRAWERS + 1))


@cache
def furnished_town(branches: int) -> FurnishedTown:
    """The town as every run of every seed begins: made once per process, always the same."""
    server = Workstation(SERVER, random.Random(0), TrueTime())  # noqa: S311  # nothing here is secret
    database = server.database()
    install(database, SERVER)
    database.connection.execute("UPDATE configuration_state SET ledger = ?", (_LEDGER,))
    database.close()
    server.start()
    number = iter(range(1, 1_000_000))

    def do(command: Any) -> Any:
        return server.door.execute(command, user_id=SYSTEM.id, command_id=f"{next(number):032x}").result

    do(from_plain({"tables": read_package("demo-utility")}, LoadConfiguration))
    do(from_plain({"tables": {"tender_source": _sources(branches)}}, LoadConfiguration))
    people = {BACK_OFFICE: hired(do, BACK_OFFICE, "BACKOFFICE"), "head": hired(do, "head", "SUPERVISOR")}
    staffs = {each: _staff(do, each, people) for each in range(1, branches + 1)}
    customers = tuple(customer(do, place) for place in range(ACCOUNTS))
    delivered = tuple(_branch(do, server, each, staffs[each]) for each in staffs)
    return FurnishedTown(server.packed(), delivered, people, customers, next(number) - 1)


def _sources(branches: int) -> list[dict[str, Any]]:
    return [
        {
            "code": source_code(branch, drawer),
            "bank_account": "MAIN",
            "default_starting_balance": "100.00 USD",
            "suspense_agreement": "SUSPENSE",
            "over_under_agreement": "OVER-UNDER",
            "tolerance": "1.00 USD",
            "receipt_series": 100 * branch + drawer,
            "workstation": branch_name(branch),
            "blind_count": drawer != 1,
        }
        for branch in range(1, branches + 1)
        for drawer in range(1, DRAWERS + 1)
    ]


def _staff(do: Any, branch: int, people: dict[str, int]) -> Staff:
    cashiers = {f"b{branch}-{name}": source_code(branch, drawer) for drawer, name in enumerate(("ann", "bob"), 1)}
    supervisors = (f"b{branch}-sue", f"b{branch}-stan")
    for login, source in cashiers.items():
        people[login] = hired(do, login, "CASHIER", source)
    for login in supervisors:
        people[login] = hired(do, login, "SUPERVISOR")
    return Staff(cashiers, supervisors, BACK_OFFICE, not_blind=next(iter(cashiers)), branch=True)


def _branch(do: Any, server: Workstation, number: int, staff: Staff) -> FurnishedBranch:
    name, code = branch_name(number), f"CODE-{number}"
    expires = server.clock.now() + timedelta(days=1)
    do(InviteDevice(name=name, access_groups=("*",), code_hash=code_hash(code), expires=expires))
    key = base64.b64encode(bytes([number]) * 32).decode()
    enrolled = do(EnrolDevice(code_hash=code_hash(code), public_key=key))
    machine = Workstation(name, random.Random(number), server.time)  # noqa: S311  # nothing here is secret
    database = machine.database()
    start_branch(
        database,
        Enrolment(
            server_url="https://server",
            server_id=enrolled.ledger,
            device_id=enrolled.device_id,
            node_id=enrolled.node_id,
            workstation=name,
        ),
    )
    database.close()
    machine.start()
    caller = Caller(enrolled.node_id, frozenset(enrolled.access_groups))
    line = SimulatedLine(lambda what, request: answer(BranchService(server.door), caller, what, request))
    exchange = Exchange(machine.door.database, line, machine.clock)
    while exchange.step().more:
        pass
    return FurnishedBranch(name, enrolled.node_id, machine.packed(), staff)
