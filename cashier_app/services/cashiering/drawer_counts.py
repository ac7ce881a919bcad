"""Counts of a drawer: checked, kept for ever (R payments 2.6, reliability C3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import Currency, TenderType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.money import Money
from cashier_app.models.control import (
    DrawerCount,
    DrawerCountLine,
)
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work

_INSERT_COUNT = insertion(DrawerCount, "id tender_control_id purpose attempt counted_at counted_by")


_INSERT_COUNT_LINE = insertion(DrawerCountLine, "count_id line tender_type denomination pieces amount")


_COUNTS = Statement(
    select(DrawerCount.id)
    .where(DrawerCount.tender_control_id == bindparam("control_id"), DrawerCount.purpose == bindparam("purpose"))
    .order_by(DrawerCount.attempt.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Something counted: pieces of a denomination, or an amount of a tender type."""

    tender_type: str
    denomination: str = ""
    """Label of a denomination of the drawer's currency; empty for checks and the like."""
    pieces: int = 0
    amount: Money | None = None
    """Left out where pieces of a denomination are given."""


def write_count(
    work: Work, control_id: int, purpose: str, counted: Iterable[Counted], currency: str
) -> tuple[int, dict[str, int]]:
    """Keep a count for ever; returns which attempt it was and the sums by tender type."""
    lines = count_lines(work, counted, currency)
    attempt = len(work.store.all(_COUNTS, control_id=control_id, purpose=purpose)) + 1
    count_id = work.new_id()
    work.store.write(_INSERT_COUNT, [(count_id, control_id, purpose, attempt, work.instant, work.user.id)])
    work.store.write(_INSERT_COUNT_LINE, [(count_id, *line) for line in lines])
    sums: dict[str, int] = {}
    for _, tender_type, _, _, minor in lines:
        sums[tender_type] = sums.get(tender_type, 0) + minor
    return attempt, sums


def count_lines(work: Work, counted: Iterable[Counted], currency: str) -> list[tuple[int, str, str, int, int]]:
    """Rows (line, tender type, denomination, pieces, minor units) of a count, checked."""
    known = {each.label: each for each in work.config.get(Currency, currency).denominations}
    lines = []
    for place, line in enumerate(counted, start=1):
        where = f"count.{place}"
        work.config.get(TenderType, line.tender_type, where)
        if line.denomination:
            denomination = known.get(line.denomination)
            if denomination is None:
                refuse("TC-009", f"{currency} has no {line.denomination!r}; it has: {', '.join(known)}.", where)
            require(0 <= line.pieces <= 10**7, "TC-009", "Pieces are counted from 0 up.", where)
            lines.append((place, line.tender_type, line.denomination, line.pieces, line.pieces * denomination.value))
            continue
        amount = line.amount
        if amount is None or amount.minor < 0 or amount.currency != currency:
            refuse("TC-009", f"Give an amount of 0 or more {currency}, or pieces of a denomination.", where)
        lines.append((place, line.tender_type, "", line.pieces, amount.minor))
    return lines
