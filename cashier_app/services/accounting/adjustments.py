"""Adjustments: fees, corrections, opening receivables (R billing 2-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.configuration import AdjustmentType, SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus, FtKind
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import AdjustmentFtRequest, SystemEvent
from cashier_app.models.financial import Adjustment
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id
from cashier_app.services.accounting.holding import Holdings
from cashier_app.services.accounting.ledger import FtPost, freeze_fts, frozen_fts, reversals
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(Adjustment, "id sa_id adjustment_type amount currency status reference comment")
_CANCEL = change(Adjustment, "status cancel_reason")
_ADJUSTMENT = Statement(
    select(Adjustment.id, Adjustment.sa_id, Adjustment.status).where(Adjustment.id == bindparam("adjustment_id"))
)


class AdjustmentDraft(NamedTuple):
    """An adjustment to write frozen."""

    agreement: AgreementFacts
    adjustment_type: str
    amount: int
    """Minor units of the agreement's currency; positive charges the customer."""
    arrears_date: date = UNBILLED
    """When a charge begins to age; until a bill shows it, not at all."""
    reference: str | None = None
    comment: str = ""
    cash_code: str = ""
    """Instead of the adjustment type's distribution code."""


def write_adjustments(work: Work, drafts: Sequence[AdjustmentDraft], accounting_date: date | None = None) -> range:
    """Write adjustments with their frozen FTs, in bulk; returns the adjustments' keys in order."""
    on = accounting_date or work.business_date
    ids = work.new_ids(len(drafts))
    types = work.config.all(SaType)
    frozen = AdjustmentStatus.FROZEN.value
    rows, posts = [], []
    holdings = Holdings(work)
    for adjustment_id, draft in zip(ids, drafts, strict=True):
        agreement = draft.agreement
        adjustment_type = work.config.get(AdjustmentType, draft.adjustment_type)
        rule = work.config.rule(adjustment_type.adjustment_ft, SystemEvent.ADJUSTMENT_FT, on)
        request = AdjustmentFtRequest(
            draft.amount,
            types[agreement.sa_type].distribution_code,
            draft.cash_code or adjustment_type.distribution_code,
            holdings.facts(rule, agreement.id),
        )
        ft = rule.call(request)
        holdings.drafted(agreement.id, ft)
        rows.append(
            (
                adjustment_id,
                agreement.id,
                draft.adjustment_type,
                draft.amount,
                agreement.currency,
                frozen,
                draft.reference,
                draft.comment,
            )
        )
        posts.append(
            FtPost(
                FtKind.ADJUSTMENT,
                adjustment_id,
                agreement,
                ft,
                rule.label,
                draft.arrears_date if draft.amount > 0 else None,
                draft.amount > 0 and draft.arrears_date == UNBILLED,
            )
        )
    work.store.write(_INSERT, rows)
    freeze_fts(work, posts, on)
    return ids


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAdjustment:
    """Change what an agreement owes, by an adjustment that freezes at once."""

    sa_id: int
    adjustment_type: str
    amount: Money | None = None
    """Default: the type's. Positive charges, negative credits."""
    arrears_date: date | None = None
    """When a charge begins to age; left out, it is a new charge until a bill shows it."""
    accounting_date: date | None = None
    reference: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentFrozen:
    """Its key and its amount."""

    adjustment_id: int
    amount: Money


@handles(AddAdjustment)
def add_adjustment(command: AddAdjustment, work: Work) -> AdjustmentFrozen:
    """Write and freeze."""
    agreement = agreement_of(work, command.sa_id)
    adjustment_type = work.config.get(AdjustmentType, command.adjustment_type, "adjustment_type")
    amount = command.amount or adjustment_type.default_amount
    if amount is None:
        refuse("ADJ-001", f"Adjustment type {adjustment_type.code} has no default amount; give one.", "amount")
    require(amount.minor != 0, "ADJ-001", "An amount other than zero is needed.", "amount")
    require(
        amount.currency == agreement.currency,
        "ADJ-002",
        f"The agreement is in {agreement.currency}, not {amount.currency}.",
        "amount",
    )
    work.keep_off(agreement.account_id)
    draft = AdjustmentDraft(
        agreement,
        adjustment_type.code,
        amount.minor,
        command.arrears_date or UNBILLED,
        command.reference,
        command.comment,
    )
    (adjustment_id,) = write_adjustments(work, [draft], command.accounting_date)
    _need_backdating(work, command.accounting_date)
    work.changed("account", agreement.account_id)
    return AdjustmentFrozen(adjustment_id=adjustment_id, amount=amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAdjustment:
    """Take a frozen adjustment back by its reversal."""

    adjustment_id: int
    reason: str
    accounting_date: date | None = None


@handles(CancelAdjustment)
def cancel_adjustment(command: CancelAdjustment, work: Work) -> AdjustmentFrozen:
    """Add the AX mirror of its FT (S1 p.59)."""
    row = work.store.one(_ADJUSTMENT, ("ADJ-003", "There is no such adjustment."), adjustment_id=command.adjustment_id)
    require(command.reason.strip(), "ADJ-004", "Say why it is canceled.", "reason")
    if row.status != AdjustmentStatus.FROZEN:
        refuse("ADJ-005", f"The adjustment is {row.status.lower()}; only a frozen one can be canceled.")
    agreements = agreements_by_id(work.store, [row.sa_id])
    agreement = agreements[row.sa_id]
    work.keep_off(agreement.account_id)
    fts = frozen_fts(work, FtKind.ADJUSTMENT, [row.id])
    freeze_fts(work, reversals(work, FtKind.ADJUSTMENT, fts, agreements), command.accounting_date)
    work.store.write(_CANCEL, [(AdjustmentStatus.CANCELED.value, command.reason, row.id)])
    _need_backdating(work, command.accounting_date)
    work.changed("account", agreement.account_id)
    amount = Money(-sum(ft.current_amount for ft in fts), agreement.currency)
    return AdjustmentFrozen(adjustment_id=row.id, amount=amount)


def _need_backdating(work: Work, accounting_date: date | None) -> None:
    """An earlier day's books, where they are still open, are changed by two (R reliability C4)."""
    if accounting_date is not None and accounting_date < work.business_date:
        work.need_second_person("Backdate", f"book on {accounting_date}, an earlier day")


def agreement_of(work: Work, sa_id: int, field: str = "sa_id") -> AgreementFacts:
    """The agreement of a key, or a refusal."""
    agreement = agreements_by_id(work.store, [sa_id]).get(sa_id)
    if agreement is None:
        refuse("CUS-011", "There is no such agreement.", field)
    return agreement
