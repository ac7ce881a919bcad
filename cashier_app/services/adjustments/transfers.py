"""Transfers: two adjustments that move a balance between two agreements, one fate for both (R adjustments 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cashier_app.domain.adjustment_types import AdjustmentType, AmountType, Characteristic
from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.money import Money
from cashier_app.services.accounting.adjustments import (
    AdjustmentDraft,
    agreement_of,
    freezes_at_completion,
    need_backdating,
    require_usable,
    write_adjustments,
)
from cashier_app.services.adjustments.adding import AdjustmentFinish, require_currency, write_incomplete
from cashier_app.services.adjustments.calculated import complete_characteristics, look_at
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferBalance:
    """Move a credit from one agreement to another; the other way round it moves a debt."""

    from_sa_id: int
    """Is charged: the debit adjustment."""
    to_sa_id: int
    """Is credited: the credit adjustment."""
    adjustment_type: str
    amount: Money
    """Positive."""
    arrears_date: date | None = None
    """When the charge begins to age; left out, it is a new charge until a bill shows it."""
    accounting_date: date | None = None
    comment: str = ""
    characteristics: tuple[Characteristic, ...] = ()
    finish: AdjustmentFinish = AdjustmentFinish.FREEZE


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransferred:
    """The two adjustments, and how far they went."""

    debit_adjustment_id: int
    credit_adjustment_id: int
    status: AdjustmentStatus


@handles(TransferBalance, right="AddAdjustment")
def transfer_balance(command: TransferBalance, work: Work) -> BalanceTransferred:
    """Both or none."""
    adjustment_type = work.config.get(AdjustmentType, command.adjustment_type, "adjustment_type")
    if not adjustment_type.transfer or adjustment_type.amount_type is AmountType.CALCULATED:
        kinds = ", ".join(code for code, each in work.config.all(AdjustmentType).items() if each.transfer) or "none"
        refuse("ADJ-010", f"{adjustment_type.code} moves no balance; transfer types are: {kinds}.", "adjustment_type")
    drafts = _drafts(command, adjustment_type, work)
    if command.finish is AdjustmentFinish.ADD:
        debit_id, credit_id = write_incomplete(work, drafts, paired=True)
        status = AdjustmentStatus.INCOMPLETE
    else:
        for draft in drafts:
            look_at(work, adjustment_type, draft.agreement, draft.amount, draft.characteristics)
        freeze = command.finish is AdjustmentFinish.FREEZE and not adjustment_type.approval_profile
        debit_id, credit_id = write_adjustments(
            work, drafts, command.accounting_date, freeze=freeze, paired=True, by_batch=False
        )
        need_backdating(work, command.accounting_date)
        is_frozen = freeze and not freezes_at_completion(work.config, adjustment_type)
        status = AdjustmentStatus.FROZEN if is_frozen else AdjustmentStatus.FREEZABLE
    work.changed("account", *{draft.agreement.account_id for draft in drafts})
    return BalanceTransferred(debit_adjustment_id=debit_id, credit_adjustment_id=credit_id, status=status)


def _drafts(command: TransferBalance, adjustment_type: AdjustmentType, work: Work) -> list[AdjustmentDraft]:
    require(command.from_sa_id != command.to_sa_id, "ADJ-022", "Choose two different agreements.", "to_sa_id")
    require(command.amount.minor > 0, "ADJ-001", "An amount above zero is needed.", "amount")
    debited, credited = (
        agreement_of(work, command.from_sa_id, "from_sa_id"),
        agreement_of(work, command.to_sa_id, "to_sa_id"),
    )
    for agreement in (debited, credited):
        require_currency(agreement, command.amount)
        require_usable(work.config, agreement, adjustment_type)
    work.keep_off(debited.account_id, credited.account_id)
    characteristics = complete_characteristics(work.config, adjustment_type, command.characteristics)
    return [
        AdjustmentDraft(
            agreement,
            adjustment_type.code,
            amount,
            command.arrears_date or UNBILLED,
            comment=command.comment,
            characteristics=characteristics,
        )
        for agreement, amount in ((debited, command.amount.minor), (credited, -command.amount.minor))
    ]
