"""Verification from end to end: one consistent picture of the ledger, every check once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError, EnvironmentProblem
from cashier_app.services.kernel import configuration
from cashier_app.services.kernel.database import Database, has_schema
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.adjustment_checks import check_adjustments
from cashier_app.services.verifying.batch_checks import check_batch
from cashier_app.services.verifying.chains import EFFECTS, Chains, KeptSeal
from cashier_app.services.verifying.drawer_checks import check_drawers
from cashier_app.services.verifying.file_checks import check_file, check_integrity
from cashier_app.services.verifying.gl_checks import check_interfaces
from cashier_app.services.verifying.journal_replay import Replay
from cashier_app.services.verifying.kept_checks import (
    check_reports,
    check_running_totals,
    check_second_factors,
    check_takings,
)
from cashier_app.services.verifying.layouts import COPIES, Layout, Row, layouts
from cashier_app.services.verifying.ledger_checks import check_ledger
from cashier_app.services.verifying.match_checks import check_match_events
from cashier_app.services.verifying.number_checks import check_numbers
from cashier_app.services.verifying.verdict import Report, Verdict

QUICK = 500
"""Journal entries of each node that a quick verification reads, unless told otherwise."""

_MOST_AT_ONCE = 2000
_CHARACTERS = 4_000_000
"""Of effects that are held in memory together."""


def verify(
    database: Database, *, quick: bool = False, recent: int = QUICK, seals: tuple[KeptSeal, ...] = ()
) -> Verdict:
    """Prove the ledger; never raises for what it finds, damaged files included.

    Args:
        database: Read in one transaction; nothing is written.
        quick: Only the last commands of each node against the tables, and the file without its indexes.
        recent: How many of the last commands that is.
        seals: Seals kept outside the database, without which a cut tail of a journal cannot be seen.

    Raises:
        EnvironmentProblem: DB-OLD when there is no ledger; DB-AWAY or DB-BUSY when it cannot be read now.
    """
    return _verdict(database, lambda store, report: _verify(store, report, seals, recent if quick else None))


def verify_after_accident(database: Database, recent: int) -> Verdict:
    """What a power cut can have damaged: the file, and the last so many entries of each node against the tables.

    Raises:
        EnvironmentProblem: as `verify` does.
    """

    def look(store: Store, report: Report) -> None:
        _guarded(store, report, lambda: check_integrity(store, report, thorough=False))
        _guarded(store, report, lambda: _replay(store, report, (), recent, branch=_is_branch(store)))

    return _verdict(database, look)


def _verdict(database: Database, look: Callable[[Store, Report], None]) -> Verdict:
    report = Report()
    try:
        with reading(database, access=EVERYTHING) as store:
            _require_ledger(database)
            look(store, report)
    except EnvironmentProblem as problem:
        if problem.code in {"DB-OLD", "DB-AWAY", "DB-BUSY"} and not report.checked:
            raise
        report.add("FILE", f"Reading stopped: {problem.problems[0].sentence}")
    return report.verdict()


def _require_ledger(database: Database) -> None:
    if not has_schema(database):
        raise EnvironmentProblem("DB-OLD", "This database holds no ledger. Run `cashier init` first.")


def _verify(store: Store, report: Report, seals: tuple[KeptSeal, ...], recent: int | None) -> None:
    quick = recent is not None
    _guarded(store, report, lambda: check_file(store, report, thorough=not quick))
    takings: dict[tuple[int, str], list[int]] = {}
    numbered: dict[int, int] = {}
    slips: list[str] | None = None
    branch = False
    config = cache(lambda: configuration.read(store))

    def replay() -> None:
        nonlocal takings, numbered, slips, branch
        branch = _is_branch(store)
        played = _replay(store, report, seals, recent, branch=branch)
        if not quick:
            takings, numbered, slips = played.takings, played.numbered, played.slips

    _guarded(store, report, replay)
    if not quick:
        _guarded(store, report, lambda: check_takings(store, report, takings, numbered))
        _guarded(store, report, lambda: check_ledger(store, config(), report))
        _guarded(store, report, lambda: check_adjustments(store, report))
        _guarded(store, report, lambda: check_match_events(store, report, branch=branch))
        _guarded(store, report, lambda: check_interfaces(store, report))
        _guarded(store, report, lambda: check_batch(store, report))
        _guarded(store, report, lambda: check_numbers(store, report, slips, branch=branch))
    _guarded(store, report, lambda: check_drawers(store, config(), report))
    _guarded(store, report, lambda: check_second_factors(store, report))
    _guarded(store, report, lambda: check_reports(store, report))
    _guarded(store, report, lambda: check_running_totals(store, report))


def _guarded(store: Store, report: Report, check: Callable[[], object]) -> None:
    """Run a check; data too damaged to be read is a breach like any other."""
    try:
        with store.database.translated():
            check()
    except CashierError as problem:
        report.add("FILE", f"A check could not be finished: {problem.problems[0].sentence}")
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001  # whatever damaged bytes lead to, it is to be told, not raised
        report.add("FILE", f"A check could not be finished: {type(problem).__name__}: {problem}.")


def _is_branch(store: Store) -> bool:
    store.cursor.execute("SELECT count(*) FROM branch_link")
    return bool(store.cursor.fetchone()[0])


def _replay(store: Store, report: Report, seals: tuple[KeptSeal, ...], recent: int | None, *, branch: bool) -> Replay:
    quick = recent is not None
    chains = Chains(store, report, seals)
    filled = _filled(store) if store.dialect == "postgresql" else layouts().keys()
    copies = COPIES if branch else frozenset()
    replay = Replay(
        chains.shapes(), lambda layout: _fetcher(store, layout) if layout.name in filled else _nothing, report, copies
    )
    entries = chains.entries(_journal(store, chains.sql(recent)), recent)
    replay.run(entries, whole=not quick)
    if not quick:
        chains.check_whole()
        chains.check_keys(replay.highest_keys())
    return replay


def _filled(store: Store) -> frozenset[str]:
    """The tables with rows, asked for at once: reading a table costs several trips to a server."""
    store.cursor.execute(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in layouts())  # noqa: S608
    )
    return frozenset(name for (name,) in store.cursor.fetchall())


def _nothing(_number: int) -> list[Row]:
    return []


def _fetcher(store: Store, layout: Layout) -> Callable[[int], list[Row]]:
    cursor: Any = None
    is_over = False

    def fetch(number: int) -> list[Row]:
        nonlocal cursor, is_over
        if is_over:
            return []
        if cursor is None:
            cursor = _cursor(store, layout.select(store.dialect), layout.name)
        rows: list[Row] = cursor.fetchmany(number)
        is_over = len(rows) < number
        return rows

    return fetch


def _journal(store: Store, sql: str) -> Iterator[Any]:
    """Entries, the last first; fewer at once where they are large."""
    cursor = _cursor(store, sql, "entries")
    number = 10
    while rows := cursor.fetchmany(number):
        yield from rows
        size = sum(len(row[EFFECTS]) for row in rows)
        number = max(1, min(2 * number, _MOST_AT_ONCE, _CHARACTERS * len(rows) // max(size, 1)))


def _cursor(store: Store, sql: str, name: str) -> Any:
    """A cursor that does not hold its whole result in memory."""
    connection = store.database.connection
    cursor = connection.cursor(f"verify_{name}") if store.dialect == "postgresql" else connection.cursor()
    cursor.execute(sql)
    return cursor
