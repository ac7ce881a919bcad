"""Z reports: numbered, immutable, each hashed over the one before, with the grand total (row A7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.journal import NO_HASH, canonical
from cashier_app.models.control import DrawerReport
from cashier_app.services.administration.seals import RunningTotal, running_totals
from cashier_app.services.cashiering.drawer_statements import DrawerStatement, drawer_statement
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(DrawerReport, "id node_id number tender_control_id content previous_hash hash printed_at")
_LAST = Statement(
    select(DrawerReport.number, DrawerReport.hash)
    .where(DrawerReport.node_id == bindparam("node_id"))
    .order_by(DrawerReport.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZContent:
    """What a Z report says; stored as JSON and never changed."""

    statement: DrawerStatement
    running_totals: tuple[RunningTotal, ...]
    """Grand totals of the workstation, never reset (R reliability C8)."""


def write_z_report(work: Work, control_id: int) -> int:
    """Write the Z report of a drawer that was just balanced; returns its number."""
    content = to_json(
        ZContent(
            statement=drawer_statement(work.store, work.config, control_id),
            running_totals=running_totals(work, work.node),
        )
    )
    last = work.store.first(_LAST, node_id=work.node)
    previous = bytes(last.hash) if last else NO_HASH
    number = work.next_number(f"Z-{work.node}")
    row = (
        work.new_id(),
        work.node,
        number,
        control_id,
        content,
        previous,
        z_hash(previous, number, content),
        work.instant,
    )
    work.store.write(_INSERT, [row])
    return number


def z_hash(previous: bytes, number: int, content: str) -> bytes:
    """The hash that ties a Z report to the one before it."""
    return hashlib.sha256(previous + canonical((str(number), content))).digest()
