"""Whole programs: the window's start, an import, a verification."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

from benchmarks.large import large_ledger
from benchmarks.ledgers import Place, new_ledger, open_door, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from cashier_app import settings
from cashier_app.demo.generated_utility import write_receivables
from cashier_app.services.conversion.importing import convert
from cashier_app.services.conversion.mapping import find_mapping, read_mapping
from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying import verify

_PRODUCT = """
import os, sys
from cashier_app.ui import program

def painted(*_):
    print("painted", flush=True)
    os._exit(0)

program.run = painted
from cashier_app.main import run
run(["run", "--database", sys.argv[1]])
"""
_BARE = """
import os
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1100, 700)
window.show()
app.processEvents()
print("painted", flush=True)
os._exit(0)
"""


def startup(options: Options) -> Measurement:
    """From the command to the painted sign-in window, warm, beside an empty PySide6 window."""
    rounds = 9 if options.quick else 25
    with place("sqlite") as where:
        door = new_ledger(where.create("product"))
        door.database.close()
        for code in (_PRODUCT, _BARE):
            _painted(code, where)
        product, baseline = [], []
        for _ in range(rounds):
            product.append(_painted(_PRODUCT, where))
            baseline.append(_painted(_BARE, where))
        return measurement("startup", "s", product, baseline)


def _painted(code: str, where: Place) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CASHIER_STATE": str(where.directory / "state")}
    # Where this is set Python compiles the whole program anew at each start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    url = where.url("product")
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, env=environment) as program:
        assert program.stdout is not None
        said = program.stdout.readline()
        took = time.perf_counter() - started
    assert said == b"painted\n", f"the window was not painted: {said!r}"
    return took


def import_receivables(options: Options) -> Measurement:
    """The real file, where it is found, or a generated one of its size; beside bare inserts of the same rows."""
    rounds = 3 if options.quick else 7
    mapping = read_mapping(find_mapping("houston-municipal-electricity"))
    with place("sqlite") as where:
        folder = settings.read().data
        path = folder / settings.REAL_RECEIVABLES if folder else where.directory / "generated.csv"
        if not folder:
            write_receivables(path)
        new_ledger(where.create("empty")).database.close()
        product, baseline, memory = [], [], 0.0
        for number in range(rounds):
            door = open_door(where.copy("empty", f"product{number}"))
            product.append(seconds(lambda door=door: convert(door, path, mapping)))  # type: ignore[misc]
            memory = memory or peak_memory_mb()
            rows = _rows_of(door.database)
            beside = Database(where.copy("empty", f"bare{number}"))
            baseline.append(seconds(lambda beside=beside, rows=rows: _write_bare(beside, rows)))  # type: ignore[misc]
        return measurement(
            "import",
            "s",
            product,
            baseline,
            file="real" if folder else "generated",
            written_rows=sum(map(_count, rows)),
        )


_Inserts = tuple[str, list[tuple[Any, ...]]]

_IMPORTED = {
    "person": "id",
    "account": "id",
    "premise": "id",
    "service_point": "id",
    "service_agreement": "id",
    "agreement_service_point": "sa_id",
    "adjustment": "id",
    "financial_transaction": "id",
    "gl_line": "ft_id",
}


def _rows_of(database: Database) -> list[_Inserts]:
    found = []
    for table, key in _IMPORTED.items():
        # Houses of the utility itself were there before.
        cursor = database.connection.execute(f"SELECT * FROM {table} WHERE {key} > ?", (_first_key(database),))
        names = [column[0] for column in cursor.description]
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        found.append((statement, cursor.fetchall()))
    return found


def _first_key(database: Database) -> int:
    """The last key that was handed out before the import."""
    found = database.connection.execute("SELECT max(id) FROM service_agreement WHERE sa_type <> 'ELEC'").fetchone()
    return int(found[0])


def _count(inserts: _Inserts) -> int:
    return len(inserts[1])


def _write_bare(database: Database, rows: list[_Inserts]) -> None:
    cursor = database.connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for statement, values in rows:
        cursor.executemany(statement, values)
    cursor.execute("COMMIT")


def verify_ledger(options: Options) -> Measurement:
    """Everything that `cashier verify` proves, beside the bare sums over the same rows."""
    accounts, rounds = (10_000, 2) if options.quick else (100_000, 3)
    with place("sqlite", options.data) as where:
        door = large_ledger(where, accounts=accounts)
        product, baseline = [], []
        for _ in range(rounds):
            product.append(seconds(lambda: _require_clean(door.database)))
            baseline.append(seconds(lambda: _bare_sums(door.database)))
        return measurement("verify", "s", product, baseline, fts=accounts * 10)


def _require_clean(database: Database) -> None:
    verdict = verify(database)
    assert verdict.ok, verdict.problems[:5]


_SUMS = (
    "SELECT sa_id, sum(current_amount), sum(payoff_amount) FROM financial_transaction GROUP BY sa_id",
    "SELECT ft_id, sum(amount) FROM gl_line GROUP BY ft_id HAVING sum(amount) <> 0",
    "SELECT length(content), length(effects) FROM journal",
    "SELECT length(effects) FROM journal_part",
    "PRAGMA quick_check",
)


def _bare_sums(database: Database) -> None:
    cursor = database.connection.cursor()
    for statement in _SUMS:
        for _ in cursor.execute(statement):
            pass
