"""Numbers that people read: every series runs 1…n without gap or repeat (I10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cashier_app.domain.identifiers import has_valid_check_digit
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.verdict import Report


class _Series(NamedTuple):
    """Numbers in use: their series, how many there are, the lowest and the highest count."""

    code: str
    numbers: int
    lowest: int
    highest: int


def _numbered(column: str, table: str, kind_digits: int) -> str:
    """Numbers in use by what stands before their count (7 digits) and check digit."""
    count = f"CAST(substr({column}, length({column}) - 7, 7) AS BIGINT)"
    prefix = f"substr({column}, {kind_digits + 1}, length({column}) - {kind_digits + 8})"
    return (
        f"SELECT {prefix}, count(DISTINCT {column}), min({count}), max({count}), count(*) FROM {table} "  # noqa: S608
        f"WHERE {column} IS NOT NULL GROUP BY {prefix} ORDER BY 1"
    )


_RECEIPTS = _numbered("receipt_number", "payment_event", 0)
_ACCOUNTS = _numbered("number", "account", 0)
_TURN_INS = _numbered("receipt_number", "turn_in", 1)
_REPORTS = (
    "SELECT node_id, count(DISTINCT number), min(number), max(number), count(*) FROM drawer_report GROUP BY node_id"
)
_COUNTERS = "SELECT code, last_number FROM number_series ORDER BY code"
_DIGITS = (
    ("payment_event", "SELECT receipt_number FROM payment_event WHERE receipt_number IS NOT NULL"),
    ("account", "SELECT number FROM account"),
    ("turn_in", "SELECT receipt_number FROM turn_in"),
    ("tender_deposit", "SELECT slip_number FROM tender_deposit"),
)
_KNOWN = ("RECEIPT-", "ACCOUNT-", "TURN-IN-", "SLIP-", "Z-")


def check_numbers(store: Store, report: Report, slips: Iterable[str] | None, *, branch: bool = False) -> None:
    """Compare what was numbered with the counters.

    `slips` are the numbers of all deposit slips ever written, the voided included, as the journal has
    them; nothing where the journal was not read whole. Accounts are numbered at the server, never at a `branch`.
    """
    store.cursor.execute(_COUNTERS)
    counters = {str(code): int(last) for code, last in store.cursor.fetchall()}
    used = {series.code: series for series in _used(store, report, slips, branch=branch)}
    for code in sorted(used.keys() | {code for code in counters if code.startswith(_KNOWN)}):
        if slips is None and code.startswith("SLIP-"):
            continue
        series, last = used.get(code, _Series(code, 0, 1, 0)), counters.get(code, 0)
        report.checked["number series"] += 1
        if (series.numbers, series.lowest, series.highest) != (last, 1, last):
            report.add(
                "I10",
                f"Series {code} stands at {last}; there are {series.numbers} numbers from {series.lowest} to "
                f"{series.highest}.",
                f"number_series {code}",
            )
    _check_digits(store, report, branch=branch)


def _used(store: Store, report: Report, slips: Iterable[str] | None, *, branch: bool) -> Iterator[_Series]:
    for sql, prefix in ((_RECEIPTS, "RECEIPT-"), (_ACCOUNTS, "ACCOUNT-"), (_TURN_INS, "TURN-IN-"), (_REPORTS, "Z-")):
        if branch and sql is _ACCOUNTS:
            continue
        store.cursor.execute(sql)
        for which, distinct, lowest, highest, number in store.cursor.fetchall():
            code = f"{prefix}{which}" if prefix == "RECEIPT-" else f"{prefix}{int(which)}"
            if distinct != number:
                report.add("I10", f"{number - distinct} numbers of series {code} are given twice.", code)
            yield _Series(code, int(distinct), int(lowest), int(highest))
    counts: dict[str, set[int]] = {}
    for slip in slips or ():
        counts.setdefault(f"SLIP-{int(slip[1:-8])}", set()).add(int(slip[-8:-1]))
    for code, numbers in sorted(counts.items()):
        yield _Series(code, len(numbers), min(numbers), max(numbers))


def _check_digits(store: Store, report: Report, *, branch: bool) -> None:
    for table, sql in _DIGITS:
        if branch and table == "account":
            continue
        store.cursor.execute(sql)
        while rows := store.cursor.fetchmany(5000):
            wrong = [number for (number,) in rows if not has_valid_check_digit(str(number))]
            for number in wrong:
                report.add("I10", f"The check digit of {number!r} is wrong.", table)
