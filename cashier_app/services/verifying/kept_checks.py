"""Seals, Z reports and grand totals: chains and sums that are never reset (R reliability 3.3, C8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cashier_app.domain.errors import CashierError
from cashier_app.domain.journal import NO_HASH
from cashier_app.services.administration.seals import RunningTotal
from cashier_app.services.administration.second_factors import digest_of
from cashier_app.services.cashiering.z_reports import z_hash
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.store import Store
from cashier_app.services.payments.events import FROM_FILES
from cashier_app.services.verifying.verdict import Report

_REPORTS = "SELECT node_id, number, content, previous_hash, hash FROM drawer_report ORDER BY 1, 2"
_SECOND_FACTORS = """
    SELECT u.id, u.second_factor, s.secret FROM app_user u LEFT JOIN second_factor_secret s ON s.user_id = u.id
    WHERE u.second_factor <> '' OR s.secret IS NOT NULL ORDER BY u.id"""
_SEALS = "SELECT node_id, id, totals FROM seal ORDER BY node_id, sequence, id"
_TOTALS = "SELECT node_id, currency, payment_count, amount_total FROM node_total ORDER BY 1, 2"
_NUMBERED_LATER = (
    "SELECT e.id, e.currency, (SELECT coalesce(sum(t.amount), 0) FROM tender t WHERE t.event_id = e.id) "
    "FROM payment_event e WHERE e.kind NOT IN ({kinds}) AND e.id IN ({ids})"
)
_AT_ONCE = 500

Totals = dict[str, tuple[int, int]]


def check_reports(store: Store, report: Report) -> None:
    """Every Z report's hash covers its number, its content and the report before."""
    store.cursor.execute(_REPORTS)
    last: dict[int, bytes] = {}
    for node, number, content, previous, stored in store.cursor:
        report.checked["Z reports"] += 1
        before = last.get(node, NO_HASH)
        if bytes(previous) != before or z_hash(before, number, content) != bytes(stored):
            report.add(
                "I11", f"Z report {number} of node {node} or the one before was altered.", f"drawer_report {number}"
            )
        last[node] = bytes(stored)


def check_second_factors(store: Store, report: Report) -> None:
    """Behind everybody's one-time codes is the secret that they set up, and no other (R reliability T7)."""
    store.cursor.execute(_SECOND_FACTORS)
    for user_id, digest, secret in store.cursor.fetchall():
        report.checked["second factors"] += 1
        if digest_of(secret or "") != digest:
            report.add("I12", "Behind a second factor is not the secret that was set up.", f"app_user {user_id}")


def check_running_totals(store: Store, report: Report) -> None:
    """Grand totals in seals and Z reports only go forwards, and end where the node stands."""
    store.cursor.execute(_SEALS)
    latest: dict[int, Totals] = {}
    for node, seal_id, text in store.cursor:
        report.checked["seals"] += 1
        totals = _totals(text)
        if totals is None:
            report.add("I11", f"The totals of seal {seal_id} cannot be read.", f"seal {seal_id}")
            continue
        if _fell(latest.get(node, {}), totals):
            report.add("I11", f"The grand total of node {node} was reset before seal {seal_id}.", f"seal {seal_id}")
        latest[node] = totals
    now = _now(store)
    for node, totals in latest.items():
        if _fell(totals, now.get(node, {})):
            report.add("I11", f"The grand total of node {node} is lower than its last seal says.", f"node_total {node}")


def check_takings(
    store: Store, report: Report, takings: Mapping[tuple[int, str], Sequence[int]], numbered: Mapping[int, int]
) -> None:
    """Grand totals are what was handed over in all events that were ever final, canceled ones included.

    `takings` are those that were final when written, `numbered` the others, each with the node that numbered it.
    """
    wanted: dict[int, Totals] = {}
    for (node, currency), (number, amount) in takings.items():
        wanted.setdefault(node, {})[currency] = number, amount
    for event, currency, amount in _numbered_later(store, sorted(numbered)):
        totals = wanted.setdefault(numbered[event], {})
        before = totals.get(currency, (0, 0))
        totals[currency] = before[0] + 1, before[1] + int(amount)
    now = _now(store)
    for node in sorted(now.keys() | wanted.keys()):
        if now.get(node, {}) != wanted.get(node, {}):
            report.add(
                "I9",
                f"The grand total of node {node} is {now.get(node, {})}; its events come to {wanted.get(node, {})}.",
                f"node_total {node}",
            )


def _numbered_later(store: Store, ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    kinds = ", ".join(f"'{kind}'" for kind in sorted(FROM_FILES))
    for start in range(0, len(ids), _AT_ONCE):
        some = ", ".join(map(str, ids[start : start + _AT_ONCE]))
        store.cursor.execute(_NUMBERED_LATER.format(kinds=kinds, ids=some))
        yield from store.cursor.fetchall()


def _now(store: Store) -> dict[int, Totals]:
    store.cursor.execute(_TOTALS)
    found: dict[int, Totals] = {}
    for node, currency, count, amount in store.cursor.fetchall():
        found.setdefault(node, {})[currency] = int(count), int(amount)
    return found


def _totals(text: str) -> Totals | None:
    try:
        read: tuple[Any, ...] = from_json(text, tuple[RunningTotal, ...])
    except (msgspec.MsgspecError, CashierError, ValueError):
        return None
    return {total.amount.currency: (total.payments, total.amount.minor) for total in read}


def _fell(before: Totals, after: Totals) -> bool:
    return any(after.get(currency, (0, 0))[0] < count for currency, (count, _) in before.items())
