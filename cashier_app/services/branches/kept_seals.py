"""Seals that one machine keeps for another: whoever cuts a chain there cannot cut its seal here (R reliability 3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from cashier_app.models.journal import Seal
from cashier_app.models.sync import KeptSeal
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

MOST = 500
"""Seals told at once: of the last days, of every chain."""

_LATEST = Statement(
    select(Seal.node_id, Seal.sequence, Seal.head, Seal.sealed_at)
    .where(Seal.kind == "DAY")
    .order_by(Seal.sealed_at.desc(), Seal.id.desc())
    .limit(MOST)
)
_OWN = Statement(
    select(Seal.node_id, Seal.sequence, Seal.head, Seal.sealed_at).order_by(Seal.node_id, Seal.sequence, Seal.id)
)
_KEPT = Statement(
    select(KeptSeal.node_id, KeptSeal.sequence, KeptSeal.hash, KeptSeal.sealed_at).order_by(
        KeptSeal.node_id, KeptSeal.sequence
    )
)
_KEEP = Statement(
    sqlite.insert(KeptSeal)
    .values(node_id=bindparam("node"), sequence=bindparam("number"), hash=bindparam("head"), sealed_at=bindparam("at"))
    .on_conflict_do_nothing()
)


class SealCopy(NamedTuple):
    """Where a chain stood when it was sealed."""

    node: int
    sequence: int
    hash: str
    """Hexadecimal."""
    sealed_at: datetime


def latest_seals(store: Store) -> tuple[SealCopy, ...]:
    """The seals of the last days, of every chain that this database has."""
    return tuple(_copy(row) for row in store.all(_LATEST))


def keep_seals(store: Store, seals: Iterable[SealCopy]) -> None:
    """Keep seals of another machine; the first that was kept of a place stays, whatever is told later."""
    rows = ({"node": seal.node, "number": seal.sequence, "head": seal.hash, "at": seal.sealed_at} for seal in seals)
    store.apply(_KEEP, rows)


def known_seals(store: Store) -> tuple[SealCopy, ...]:
    """All seals that this database holds: of its own chains, and those kept for others. For export."""
    kept = (SealCopy._make(row) for row in store.all(_KEPT))
    return (*(_copy(row) for row in store.all(_OWN)), *kept)


def _copy(row: NamedTuple) -> SealCopy:
    node, sequence, head, sealed_at = row
    return SealCopy(node, sequence, bytes(head).hex(), sealed_at)
