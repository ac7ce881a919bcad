"""Seals: the state of a chain at a drawer's balancing and at a day's end (R reliability 3.3).

A chain alone does not show that its tail was cut; a seal kept elsewhere does. Seals are printed on
drawer reports and can be exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.money import Money
from cashier_app.models.journal import Node, NodeTotal, Seal
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(Seal, "id kind node_id sequence head totals business_date sealed_at")
_CHAINS = Statement(select(Node.id, Node.sequence, Node.head).order_by(Node.id))
_TOTALS = Statement(
    select(NodeTotal.currency, NodeTotal.payment_count, NodeTotal.amount_total)
    .where(NodeTotal.node_id == bindparam("node_id"))
    .order_by(NodeTotal.currency)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTotal:
    """A grand total of a node, never reset."""

    payments: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SealWritten:
    """A chain as it stood before the sealing command itself."""

    node: int
    sequence: int
    hash: str
    totals: tuple[RunningTotal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealDay:
    """Seal the chains of all workstations at the end of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySealed:
    """The seals, to be kept elsewhere."""

    seals: tuple[SealWritten, ...]


@handles(SealDay, branch=True)
def seal_day(_command: SealDay, work: Work) -> DaySealed:
    """One seal per chain that has entries; branches keep them for the server, and the server for its branches."""
    work.changed("seal", 0)
    return DaySealed(seals=tuple(_seal(work, "DAY", chain) for chain in work.store.all(_CHAINS) if chain.sequence))


def seal_drawer(work: Work) -> SealWritten:
    """Seal this node's chain when a drawer is balanced."""
    (chain,) = [chain for chain in work.store.all(_CHAINS) if chain.id == work.node]
    return _seal(work, "DRAWER", chain)


def running_totals(work: Work, node_id: int) -> tuple[RunningTotal, ...]:
    """The node's grand totals by currency, this command's takings included."""
    return tuple(
        RunningTotal(payments=row.payment_count, amount=Money(row.amount_total, row.currency))
        for row in work.store.all(_TOTALS, node_id=node_id)
    )


def _seal(work: Work, kind: str, chain: Any) -> SealWritten:
    node_id, sequence, head = chain
    totals = running_totals(work, node_id)
    row = (work.new_id(), kind, node_id, sequence, bytes(head), to_json(totals), work.business_date, work.instant)
    work.store.write(_INSERT, [row])
    return SealWritten(node=node_id, sequence=sequence, hash=bytes(head).hex(), totals=totals)
