"""The general-ledger download: a million frozen FTs staged, added up, closed and written as files."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.large import large_ledger
from benchmarks.ledgers import TODAY, open_door, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from cashier_app.domain.access import EVERYTHING
from cashier_app.services.general_ledger.closing import file_of
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.general_ledger.runs import run_numbered, run_of
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM

FTS_PER_ACCOUNT = 10
_BARE = (
    "SELECT f.gl_division, f.accounting_date, l.distribution_code, f.currency, "
    "sum(CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END), sum(CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END), "
    "count(*) FROM financial_transaction f JOIN gl_line l ON l.ft_id = f.id "
    "GROUP BY f.gl_division, f.accounting_date, l.distribution_code, f.currency"
)


class _Downloaded(NamedTuple):
    """What a download took."""

    seconds: float
    fts: int
    memory_after_first_chunk: float
    memory: float


def gl_download(options: Options) -> Measurement:
    """A whole download on SQLite, in seconds, beside the bare sum over the same lines in one statement."""
    return _measure("gl-download", "sqlite", options)


def gl_download_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return _measure("gl-download-postgresql", "postgresql", options)


def _measure(name: str, dialect: str, options: Options) -> Measurement:
    accounts, rounds = (10_000, 2) if options.quick else (100_000, 3)
    with place(dialect, options.data) as where:
        kept = where.lasting()
        door = large_ledger(where, accounts=accounts, debts=FTS_PER_ACCOUNT)
        baseline = [seconds(lambda: door.database.connection.cursor().execute(_BARE).fetchall()) for _ in range(rounds)]
        door.database.close()
        done = []
        for place_number in range(rounds):
            url = kept.copy(f"large_{accounts}_{FTS_PER_ACCOUNT}", f"gl_download_{place_number}")
            # A process of its own: what filling the ledger took is none of the download's memory.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                done.append(pool.submit(_download, url).result())
        return measurement(
            name,
            "s",
            [each.seconds for each in done],
            baseline,
            memory_mb=max(each.memory for each in done),
            memory_mb_after_first_chunk=max(each.memory_after_first_chunk for each in done),
            fts=done[0].fts,
            business_date=TODAY.isoformat(),
        )


def _download(url: str) -> _Downloaded:
    door = open_door(url)
    after_first: list[float] = []

    def told(done: int, _total: int) -> None:
        if done == 1:
            after_first.append(peak_memory_mb())

    fts = 0

    def download() -> None:
        nonlocal fts
        closed = run_gl(door, user_id=SYSTEM.id, progress=told).closed
        assert closed is not None
        fts = closed.ft_count
        with reading(door.database, access=EVERYTHING) as store:
            file_of(store, run_of(store, run_numbered(store, closed.number)))

    spent = seconds(download)
    door.database.close()
    return _Downloaded(spent, fts, (after_first or [0.0])[0], peak_memory_mb())
