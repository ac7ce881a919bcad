"""Deleting adjustments that never counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cashier_app.models.adjustment import Adjustment, AdjustmentCharacteristic, AdjustmentLine
from cashier_app.services.accounting.agreements import agreements_by_id
from cashier_app.services.accounting.unfrozen import remove_unfrozen, unfrozen_of
from cashier_app.services.adjustments.facts import (
    AdjustmentRow,
    require_changeable,
    require_unlocked,
    with_other_halves,
)
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import deletion
from cashier_app.services.kernel.work import Work

_DELETE = deletion(Adjustment)
_DELETE_LINES = deletion(AdjustmentLine, "adjustment_id")
_DELETE_CHARACTERISTICS = deletion(AdjustmentCharacteristic, "adjustment_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAdjustment:
    """Delete an adjustment that is not frozen, both halves of a transfer together."""

    adjustment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentsDeleted:
    """Their keys."""

    adjustment_ids: tuple[int, ...]


@handles(DeleteAdjustment, right="AddAdjustment")
def delete_adjustment(command: DeleteAdjustment, work: Work) -> AdjustmentsDeleted:
    """Not while it waits for approval: reject the request instead."""
    for row in with_other_halves(work, [command.adjustment_id]):
        require_unlocked(row)
    gone = delete(work, [command.adjustment_id])
    return AdjustmentsDeleted(adjustment_ids=tuple(row.id for row in gone))


def delete(work: Work, adjustment_ids: Sequence[int]) -> list[AdjustmentRow]:
    """Delete adjustments that are not frozen with their unfrozen FTs, and the other halves of transfers.

    The journal keeps what they were. Whoever calls this has settled their approval (R adjustments 6.5).
    Refuses with ADJ-003 what is not there and with ADJ-006 what is frozen or canceled.
    """
    rows = with_other_halves(work, adjustment_ids)
    require_changeable([row._replace(approved=True) for row in rows])
    agreements = agreements_by_id(work.store, {row.sa_id for row in rows})
    account_ids = {agreement.account_id for agreement in agreements.values()}
    work.keep_off(*account_ids)
    ids = [row.id for row in rows]
    remove_unfrozen(work, list(unfrozen_of(work, ids).values()))
    forget_details(work, ids)
    work.store.write(_DELETE, [(each,) for each in ids])
    work.changed("account", *account_ids)
    return rows


def forget_details(work: Work, ids: Sequence[int], *, characteristics: bool = True) -> None:
    """Delete the calculation lines of adjustments, and what was said of them."""
    work.store.write(_DELETE_LINES, [(each,) for each in ids])
    if characteristics:
        work.store.write(_DELETE_CHARACTERISTICS, [(each,) for each in ids])
