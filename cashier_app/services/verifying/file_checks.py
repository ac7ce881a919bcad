"""The database itself: an undamaged file, valid references, money as integers (I19), its guards in place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Table

from cashier_app.domain.money import LARGEST_AMOUNT
from cashier_app.models import protection
from cashier_app.models.tables import Base
from cashier_app.models.types import Amount
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_SQLITE_TRIGGERS = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
_POSTGRESQL_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
_STRICT = "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND strict = 1"
_POSTGRESQL_TYPES = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()"
)
_SQLITE_TYPES = (
    "SELECT t.name, c.name, lower(c.type) FROM pragma_table_list t, pragma_table_info(t.name) c "
    "WHERE t.type = 'table' AND t.schema = 'main'"
)


def check_file(store: Store, report: Report, *, thorough: bool = True) -> None:
    """What SQLite says of its own file, and what the schema promises on both databases."""
    if store.dialect == "sqlite":
        check_integrity(store, report, thorough=thorough)
    _guards(store, report)
    _money_columns(store, report)
    ask(store, _money_questions(), report)


def check_integrity(store: Store, report: Report, *, thorough: bool) -> None:
    """What SQLite says of its own file."""
    store.cursor.execute("PRAGMA integrity_check(20)" if thorough else "PRAGMA quick_check(20)")
    for (text,) in store.cursor.fetchall():
        if text != "ok":
            report.add("FILE", f"The database file is damaged: {text}.")
    store.cursor.execute("PRAGMA foreign_key_check")
    for table, row, parent, _ in store.cursor.fetchmany(20):
        report.add("FILE", f"Row {row} of {table} refers to a row of {parent} that does not exist.", f"{table} {row}")
    report.checked["integrity"] += 1


def _guards(store: Store, report: Report) -> None:
    """The triggers that refuse changes of history are there."""
    wanted = {
        statement.split()[2]
        for statement in protection.triggers(store.dialect)
        if statement.startswith("CREATE TRIGGER")
    }
    store.cursor.execute(_SQLITE_TRIGGERS if store.dialect == "sqlite" else _POSTGRESQL_TRIGGERS)
    present = {row[0] for row in store.cursor.fetchall()}
    for name in sorted(wanted - present):
        report.add("FILE", f"The trigger {name}, which keeps history from being changed, is missing.", name)
    report.checked["guards"] += len(wanted)


def _money_columns(store: Store, report: Report) -> None:
    store.cursor.execute(_SQLITE_TYPES if store.dialect == "sqlite" else _POSTGRESQL_TYPES)
    types = {(table, column): kind for table, column, kind in store.cursor.fetchall()}
    for table, column in _amounts():
        kind = types.get((table.name, column), "missing")
        if kind not in {"integer", "bigint"}:
            report.add("I19", f"{table.name}.{column} is {kind}, not a whole number of minor units.", table.name)
    if store.dialect == "sqlite":
        store.cursor.execute(_STRICT)
        strict = {row[0] for row in store.cursor.fetchall()}
        for name in sorted(set(Base.metadata.tables) - strict):
            report.add("I19", f"Table {name} is missing or not STRICT: it would take a float for money.", name)


@cache
def _amounts() -> tuple[tuple[Table, str], ...]:
    return tuple(
        (table, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Amount)
    )


def _money_questions() -> Iterator[Question]:
    """Amounts within bounds, currencies present, one question per table."""
    columns: dict[str, list[str]] = {}
    for table, column in _amounts():
        columns.setdefault(table.name, []).append(column)
    for name, amounts in columns.items():
        table = Base.metadata.tables[name]
        conditions = [f"{column} NOT BETWEEN -{LARGEST_AMOUNT} AND {LARGEST_AMOUNT}" for column in amounts]
        if "currency" in table.columns:
            conditions.append("currency IS NULL OR length(currency) <> 3")
        key = next(iter(table.primary_key.columns)).name
        sql = f"SELECT {key} FROM {name} WHERE {' OR '.join(conditions)}"  # noqa: S608
        yield Question("I19", name, f"An amount of {name} {{0}} is beyond its bounds, or its currency is missing.", sql)
