"""Writes journal entries: the command, its result, its effects, and the hash that ties it to all before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from cashier_app.domain.journal import FORMAT, NO_HASH, Entry, entry_hash
from cashier_app.models.journal import Node, NodeTotal
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

_ADVANCE = Statement(
    update(Node)
    .where(Node.id == bindparam("node"))
    .values(last_key=bindparam("last"), sequence=bindparam("reached"), head=bindparam("hash"))
)
_ENTRY_COLUMNS = (
    "id",
    "format",
    "command_id",
    "name",
    "user_id",
    "approver_id",
    "business_date",
    "executed_at",
    "content",
    "result",
    "changes",
    "effects",
    "parts",
    "hash",
)


def _add_takings(insert: Any) -> Statement:
    adding = insert(NodeTotal).values(
        node_id=bindparam("node"),
        currency=bindparam("currency"),
        payment_count=bindparam("count"),
        amount_total=bindparam("amount"),
    )
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["node_id", "currency"],
            set_={
                "payment_count": NodeTotal.payment_count + adding.excluded.payment_count,
                "amount_total": NodeTotal.amount_total + adding.excluded.amount_total,
            },
        )
    )


_TAKINGS = {"sqlite": _add_takings(sqlite.insert), "postgresql": _add_takings(postgresql.insert)}


def write_entry(  # noqa: PLR0917  # as the row has it
    work: Work, node: Any, name: str, command_id: str, content: str, result: str
) -> None:
    """Put a command on its node's chain, with everything it wrote, and move the node on."""
    store = work.store
    effects = tuple(store.take_effects())
    entry = Entry(
        work.journal_id,
        FORMAT,
        command_id,
        name,
        work.user.id,
        work.approver.id if work.approver else None,
        work.business_date,
        work.instant,
        content,
        result,
        to_json(sorted(work.changes)),
        effects,
    )
    reached = entry_hash(node.head or NO_HASH, entry)
    insert_entries(store, [(entry, reached)])
    store.apply(_ADVANCE, [{"node": node.id, "last": work.last_key, "reached": node.sequence + 1, "hash": reached}])
    add_takings(store, node.id, work.takings)


def insert_entries(store: Store, entries: Iterable[tuple[Entry, bytes]]) -> None:
    """Write entries with their hashes, and their parts, as they are."""
    rows, parts = [], []
    for entry, digest in entries:
        rows.append((*entry[:11], entry.effects[0], len(entry.effects) - 1, digest))
        parts += [(entry.id, part, text) for part, text in enumerate(entry.effects[1:], start=1)]
    store.add_rows("journal", _ENTRY_COLUMNS, rows)
    store.add_rows("journal_part", ("journal_id", "part", "effects"), parts)


def add_takings(store: Store, node_id: int, takings: Mapping[str, tuple[int, int]]) -> None:
    """Add to a node's grand total, by currency: how many events, and what was handed over (R reliability C8)."""
    for currency, (count, total) in takings.items():
        store.apply(_TAKINGS[store.dialect], [{"node": node_id, "currency": currency, "count": count, "amount": total}])
