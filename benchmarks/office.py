"""Fifty drawers at human pace on one PostgreSQL, and ten times that: how long a cashier waits for a payment."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx

from benchmarks import bare
from benchmarks.ledgers import Place, fill, new_ledger, place
from benchmarks.measuring import Measurement, Options, measurement
from benchmarks.payments import account_ids, settle
from benchmarks.serving import Server, a_server
from cashier_app.domain.clock import SystemClock
from cashier_app.domain.money import Money
from cashier_app.server.secret_file import read_secret
from cashier_app.server.tokens import Kind, Tokens
from cashier_app.services.administration.nodes import register_workstation
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.codec import to_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.queries.sign_in import ledger_id, standing

DRAWERS = 50
PACE = 20.0
"""Seconds between two customers of a drawer, on average: as fast as people are."""
ACCOUNTS = 5000
AMOUNT = Money.of("41.37", "USD")

Pay = Callable[[int], object]
"""Take the money of an account at one drawer."""


class Till(NamedTuple):
    """A drawer of the office and whose it is."""

    user_id: int
    control_id: int


class Customer(NamedTuple):
    """Somebody who comes to a drawer, whether or not it is done with the one before."""

    at: float
    """Seconds from the beginning."""
    account_id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long customers waited for their payment, in milliseconds, from when they came."""

    payments: int
    p50: float
    p95: float
    p99: float
    longest: float


def drawers(options: Options) -> Measurement:
    """Payments as customers come, at fifty drawers: directly, and through the server's commands over HTTP.

    The figure is the 99th percentile through the server at ten times human pace; the baseline is a bare driver that
    writes the same rows at the same pace over as many connections. `detail` has the others.
    """
    paces = (10,) if options.quick else (1, 10)
    length = 10.0 if options.quick else 60.0
    found: dict[str, Waiting] = {}
    with place("postgresql") as where, TemporaryDirectory() as folder:
        tills, accounts = _prepared(where)
        for times in paces:
            days = [_customers(accounts, length, PACE / times, seed) for seed in range(DRAWERS)]
            for name, way in (("doors", _through_doors), ("server", _through_server)):
                url = where.copy("before", name)
                with way(url, tills, Path(folder)) as ways:
                    found[f"{name} {times}x"] = _work(ways, days)
                _check_totals(url, tills, days)
            found[f"bare {times}x"] = _bare(where, days)
    product, baseline = found["server 10x"].p99, found["bare 10x"].p99
    return measurement(
        "drawers",
        "ms",
        [product],
        [baseline],
        drawers=DRAWERS,
        payments_per_second={f"{times}x": DRAWERS * times / PACE for times in paces},
        waiting={name: {field: getattr(each, field) for field in Waiting.__slots__} for name, each in found.items()},
        errors=0,
    )


# -- the office


def _prepared(where: Place) -> tuple[list[Till], list[int]]:
    """A ledger `before` anybody comes, with all drawers open."""
    door = new_ledger(where.create("before"))
    fill(door, ACCOUNTS)
    sources = [_source(number) for number in range(DRAWERS)]
    door.execute(LoadConfiguration(tables={"tender_source": tuple(sources)}), user_id=SYSTEM.id)
    door.execute(OpenDepositControl(), user_id=SYSTEM.id)
    password = hashed("correct horse battery")
    tills = []
    for number, source in enumerate(sources):
        person = CreateUser(
            login=f"cashier-{number}",
            name=f"Cashier {number}",
            password_hash=password,
            groups=("CASHIER",),
            tender_sources=(str(source["code"]),),
        )
        user_id = door.execute(person, user_id=SYSTEM.id).result.user_id
        opened = door.execute(OpenTenderControl(tender_source=str(source["code"])), user_id=user_id).result
        tills.append(Till(user_id, opened.tender_control_id))
        register_workstation(door.database, f"TILL-{number}")
    accounts = account_ids(door.database, ACCOUNTS)
    settle(door.database)
    door.database.close()
    return tills, accounts


def _source(number: int) -> dict[str, Any]:
    return {
        "code": f"CASH-{number:02}",
        "bank_account": "MAIN",
        "suspense_agreement": "SUSPENSE",
        "over_under_agreement": "OVER-UNDER",
        "tolerance": "1.00 USD",
        "receipt_series": 800 + number,
    }


def _customers(accounts: Sequence[int], length: float, pace: float, seed: int) -> list[Customer]:
    """Who comes to one drawer: nobody knows when the next will, only how many an hour."""
    choice = random.Random(seed)
    at, found = choice.expovariate(1 / pace), []
    while at < length:
        found.append(Customer(at, choice.choice(accounts)))
        at += choice.expovariate(1 / pace)
    return found


def _command(account_id: int) -> TakePayment:
    return TakePayment(payor_account_id=account_id, tenders=(TenderIn(tender_type="CASH", amount=AMOUNT),))


# -- ways to the ledger


@contextmanager
def _through_doors(url: str, tills: Sequence[Till], _folder: Path) -> Iterator[list[Pay]]:
    """Each drawer is a workstation of the office with a connection of its own."""
    doors = [Door(Database(url), f"TILL-{number}", SystemClock()) for number in range(len(tills))]
    for door, till in zip(doors, tills, strict=True):
        door.preview(_command(_any_account(door.database)), user_id=till.user_id)  # configuration is read by now
    yield [partial(_execute, door, till) for door, till in zip(doors, tills, strict=True)]
    for door in doors:
        door.database.close()


def _execute(door: Door, till: Till, account_id: int) -> None:
    door.execute(_command(account_id), user_id=till.user_id)


@contextmanager
def _through_server(url: str, tills: Sequence[Till], folder: Path) -> Iterator[list[Pay]]:
    """Each drawer sends its commands to one server, over a connection that stays open."""
    with a_server(url, folder, workers=4) as server, ExitStack() as stack:
        tokens = _signed_in(url, tills, folder)
        ways: list[Pay] = []
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}"}
            client = stack.enter_context(
                httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, trust_env=False)
            )
            ways.append(partial(_post, client))
            client.get("me").raise_for_status()
        _warm(server, tokens[0], url)
        yield ways


def _post(client: httpx.Client, account_id: int) -> None:
    body = {"command_id": uuid.uuid4().hex, "command": to_plain(_command(account_id))}
    client.post("commands/TakePayment", json=body).raise_for_status()


def _warm(server: Server, token: str, url: str) -> None:
    """All doors of the server have read the configuration by now."""
    database = Database(url)
    command = {"command": to_plain(_command(_any_account(database)))}
    database.close()
    asking = [
        threading.Thread(
            target=httpx.post,
            args=(f"{server.url}/api/v1/commands/TakePayment/preview",),
            kwargs={"json": command, "headers": {"Authorization": f"Bearer {token}"}},
        )
        for _ in range(16)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()


def _signed_in(url: str, tills: Sequence[Till], folder: Path) -> list[str]:
    """Tokens as the server issues them; fifty people of one address would wait minutes for theirs."""
    database = Database(url)
    door = Door(database, "TILL-0", SystemClock())
    with door.looking(None) as (store, _):
        secret = read_secret(folder / "state" / "server" / "server.secret")
        tokens = Tokens(secret, ledger_id(store), SystemClock().now)
        marks = [standing(store, till.user_id) for till in tills]
    database.close()
    return [
        tokens.issue(Kind.USER, till.user_id, found.mark)[0]
        for till, found in zip(tills, marks, strict=True)
        if found is not None
    ]


def _any_account(database: Database) -> int:
    return account_ids(database, 1)[0]


# -- customers come


def _work(ways: Sequence[Pay], days: Sequence[Sequence[Customer]]) -> Waiting:
    """Everybody is served at their drawer, in order; raises what went wrong for anybody."""
    waited: list[float] = []
    problems: list[BaseException] = []
    begin = time.perf_counter() + 0.5

    def serve(pay: Pay, customers: Sequence[Customer]) -> None:
        try:
            for customer in customers:
                time.sleep(max(0.0, begin + customer.at - time.perf_counter()))
                pay(customer.account_id)
                waited.append(time.perf_counter() - begin - customer.at)
        except BaseException as problem:  # noqa: BLE001  # raised below
            problems.append(problem)

    threads = [threading.Thread(target=serve, args=each) for each in zip(ways, days, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return _waiting(waited)


def _waiting(seconds: list[float]) -> Waiting:
    ordered = sorted(1000 * each for each in seconds)

    def share(part: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)

    return Waiting(len(ordered), share(0.5), share(0.95), share(0.99), round(ordered[-1], 1))


def _check_totals(url: str, tills: Sequence[Till], days: Sequence[Sequence[Customer]]) -> None:
    """Every drawer holds to the cent what was handed over at it."""
    database = Database(url)
    cursor = database.connection.cursor()
    cursor.execute("SELECT tender_control_id, sum(amount), count(*) FROM tender GROUP BY tender_control_id")
    tenders = {control: (int(amount), number) for control, amount, number in cursor.fetchall()}
    cursor.execute("SELECT tender_control_id, sum(amount_expected) FROM tender_control_total GROUP BY 1")
    kept = {control: int(amount) for control, amount in cursor.fetchall()}
    cursor.execute("SELECT id, starting_balance FROM tender_control")
    floats = dict(cursor.fetchall())
    database.close()
    for till, customers in zip(tills, days, strict=True):
        taken, number = tenders.get(till.control_id, (0, 0))
        assert (taken, number) == (AMOUNT.minor * len(customers), len(customers))
        assert kept.get(till.control_id, 0) == taken + floats[till.control_id]


def _bare(where: Place, days: Sequence[Sequence[Customer]]) -> Waiting:
    """The rows of the same payments by a bare driver, at the same pace, over as many connections."""
    product = Database(where.url("server"))
    rows = iter(bare.payments_after(product, 0))
    product.close()
    url = where.copy("before", "bare")
    databases = [Database(url) for _ in days]
    written = [iter([next(rows) for _ in customers]) for customers in days]
    ways: list[Pay] = [partial(_write_next, *each) for each in zip(databases, written, strict=True)]
    try:
        return _work(ways, days)
    finally:
        for database in databases:
            database.close()


def _write_next(database: Database, rows: Iterator[bare.Payment], _account_id: int) -> None:
    bare.write_one_by_one(database, [next(rows)])
