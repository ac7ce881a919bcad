"""A payment that releases what is held, beside one that need not look: the product against itself (S1 p.123-131)."""

from __future__ import annotations

from benchmarks.ledgers import Place, fill, new_ledger, open_door, open_drawer, place
from benchmarks.measuring import Measurement, Options, measurement, seconds
from benchmarks.payments import account_ids, settle, take
from cashier_app.domain.configuration import SaType
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.codec import from_plain, to_plain
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

ACCOUNTS = 200
LINES = 120
"""Open charges of each agreement, each with a line on a holding code. A payment falls to two agreements."""
QUICK, WHOLE = (11, 40), (31, 100)
"""Rounds, and payments of each."""


def cash_accounting(options: Options, dialect: str = "sqlite") -> Measurement:
    """Seconds of a payment that asks 120 lines for each of its two segments; the baseline is accrual accounting."""
    rounds, count = QUICK if options.quick else WHOLE
    with place(dialect) as where:
        doors = _prepared(where)
        cashiers = [open_drawer(door) for door in doors]
        accounts = account_ids(doors[0].database, ACCOUNTS)
        for door, cashier in zip(doors, cashiers, strict=True):
            take(door, cashier, accounts, 50)
            settle(door.database)
        each: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            some = [accounts[(number * count + place) % ACCOUNTS] for place in range(count)]
            for side in (0, 1) if number % 2 else (1, 0):
                took = seconds(lambda side=side, some=some: take(doors[side], cashiers[side], some, count))  # type: ignore[misc]
                each[side].append(took / count)
        _require_released(doors[0])
        for door in doors:
            door.database.close()
        name = "cash-accounting" if dialect == "sqlite" else f"cash-accounting-{dialect}"
        return measurement(name, "s", *each, payments_per_round=count, lines_of_each_segment=LINES)


def cash_accounting_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return cash_accounting(options, "postgresql")


def _prepared(where: Place) -> tuple[Door, Door]:
    """Two equal ledgers; in the first, whatever was charged is held until it is paid."""
    door = new_ledger(where.create("product"))
    fill(door, ACCOUNTS, 2 * LINES)
    settle(door.database)
    door.database.close()
    where.copy("product", "accrual")
    doors = open_door(where.url("product")), open_door(where.url("accrual"))
    _hold(doors[0])
    return doors


def _hold(door: Door) -> None:
    """What receivables were booked against holds from now on; gas and water release it by age and priority."""
    with door.looking(None) as (_, config):
        code = {**to_plain(config.get(DistributionCode, "CONVERSION")), "real_code": "REV-MISC"}
        types = [{**to_plain(config.get(SaType, each)), "payment_ft": "PS-PRIORITY"} for each in ("GAS", "WATER")]
    rule = {"code": "PS-PRIORITY", "rule": "payment-cash-accounting-by-priority"}
    tables = {"distribution_code": (code,), "sa_type": types, "algorithm": (rule,)}
    door.execute(from_plain({"tables": tables}, LoadConfiguration), user_id=SYSTEM.id)


def _require_released(door: Door) -> None:
    cursor = door.database.connection.cursor()
    cursor.execute("SELECT count(*) FROM gl_line WHERE distribution_code = 'CONVERSION' AND amount > 0")
    assert cursor.fetchone()[0], "the payments have released what was held"
