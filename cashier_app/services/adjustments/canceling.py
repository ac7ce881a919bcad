"""Taking frozen adjustments back by their reversal (R adjustments 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cashier_app.domain.adjustment_types import AdjustmentCancelReason
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus, FtKind
from cashier_app.domain.money import Money
from cashier_app.models.adjustment import Adjustment
from cashier_app.services.accounting.adjustment_effects import follow_cancellation
from cashier_app.services.accounting.adjustments import need_backdating
from cashier_app.services.accounting.check_requests import cancel_check
from cashier_app.services.accounting.ledger import freeze_fts, frozen_fts, reversals
from cashier_app.services.adjustments.adding import AdjustmentWritten
from cashier_app.services.adjustments.facts import whole, with_other_halves
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import change
from cashier_app.services.kernel.work import Work

_CANCEL = change(Adjustment, "status cancel_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAdjustment:
    """Take a frozen adjustment back by its reversal, both halves of a transfer together."""

    adjustment_id: int
    reason: str
    """A code of `adjustment_cancel_reason`."""
    accounting_date: date | None = None


@handles(CancelAdjustment)
def cancel_adjustment(command: CancelAdjustment, work: Work) -> AdjustmentWritten:
    """Add the AX mirror of its FT (S1 p.59)."""
    rows = with_other_halves(work, [command.adjustment_id])
    require(command.reason.strip(), "ADJ-004", "Say why it is canceled.", "reason")
    work.config.get(AdjustmentCancelReason, command.reason, "reason")
    for row in rows:
        if row.status != AdjustmentStatus.FROZEN:
            refuse("ADJ-005", f"The adjustment is {row.status.lower()}; only a frozen one can be canceled.")
    found = whole(work, rows)
    agreements = {each.agreement.id: each.agreement for each in found}
    account_ids = {agreement.account_id for agreement in agreements.values()}
    work.keep_off(*account_ids)
    fts = frozen_fts(work, FtKind.ADJUSTMENT, [row.id for row in rows])
    freeze_fts(work, reversals(work, FtKind.ADJUSTMENT, fts, agreements), command.accounting_date)
    work.store.write(_CANCEL, [(AdjustmentStatus.CANCELED.value, command.reason, row.id) for row in rows])
    for each in found:
        cancel_check(work, each.row.id)
        follow_cancellation(work, each.agreement, each.adjustment_type, each.row.amount, each.characteristics)
    need_backdating(work, command.accounting_date)
    work.changed("account", *account_ids)
    meant = next(each.row for each in found if each.row.id == command.adjustment_id)
    return AdjustmentWritten(
        adjustment_id=meant.id,
        amount=Money(-meant.amount, meant.currency),
        status=AdjustmentStatus.CANCELED,
    )
