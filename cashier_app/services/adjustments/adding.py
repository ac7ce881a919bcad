"""Adding an adjustment: as far as its type allows, up to frozen in one step (R adjustments 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cashier_app.domain.adjustment_types import AdjustmentType, Characteristic
from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import DetermineAgreementRequest, SystemEvent
from cashier_app.services.accounting.adjustments import (
    INSERT,
    AdjustmentDraft,
    agreement_of,
    freezes_at_completion,
    need_backdating,
    require_usable,
    write_adjustments,
    write_details,
)
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_of, payable
from cashier_app.services.adjustments.calculated import complete_characteristics, look_at, worked_out
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.resolving import Charge, resolve_charges


class AdjustmentFinish(StrEnum):
    """How far an adjustment goes; one that must be approved, or waits for a bill, stays freezable."""

    ADD = "ADD"
    GENERATE = "GENERATE"
    FREEZE = "FREEZE"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAdjustment:
    """Change what an agreement owes, by an adjustment that freezes at once where its type allows that."""

    sa_id: int | None = None
    account_id: int | None = None
    """Instead of the agreement, where the adjustment type knows how to find it."""
    adjustment_type: str
    amount: Money | None = None
    """Default: what the type proposes. Positive charges, negative credits; of a calculated one, the base."""
    arrears_date: date | None = None
    """When a charge begins to age; left out, it is a new charge until a bill shows it."""
    accounting_date: date | None = None
    reference: str | None = None
    comment: str = ""
    characteristics: tuple[Characteristic, ...] = ()
    """Of the types that the adjustment type allows; defaults fill in."""
    finish: AdjustmentFinish = AdjustmentFinish.FREEZE


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentWritten:
    """Its key, its amount, and how far it went."""

    adjustment_id: int
    amount: Money
    status: AdjustmentStatus


@handles(AddAdjustment)
def add_adjustment(command: AddAdjustment, work: Work) -> AdjustmentWritten:
    """Write, generate and freeze, as far as is asked for and allowed."""
    adjustment_type = work.config.get(AdjustmentType, command.adjustment_type, "adjustment_type")
    agreement = _agreement(command, adjustment_type, work)
    if adjustment_type.transfer:
        refuse("ADJ-010", f"{adjustment_type.code} moves a balance; use a transfer.", "adjustment_type")
    require_currency(agreement, command.amount)
    require_usable(work.config, agreement, adjustment_type)
    work.keep_off(agreement.account_id)
    characteristics = complete_characteristics(work.config, adjustment_type, command.characteristics)
    draft = AdjustmentDraft(
        agreement,
        adjustment_type.code,
        command.amount.minor if command.amount else 0,
        command.arrears_date or UNBILLED,
        command.reference,
        command.comment,
        characteristics=characteristics,
    )
    if command.finish is AdjustmentFinish.ADD:
        (adjustment_id,) = write_incomplete(work, [draft])
        return _written(adjustment_id, draft, AdjustmentStatus.INCOMPLETE)
    given = command.amount.minor if command.amount else None
    amount, base_amount, lines = worked_out(work, adjustment_type, agreement, given, characteristics)
    draft = draft._replace(amount=amount, base_amount=base_amount, lines=lines)
    look_at(work, adjustment_type, agreement, amount, characteristics)
    freeze = command.finish is AdjustmentFinish.FREEZE and not adjustment_type.approval_profile
    (adjustment_id,) = write_adjustments(work, [draft], command.accounting_date, freeze=freeze, by_batch=False)
    need_backdating(work, command.accounting_date)
    work.changed("account", agreement.account_id)
    is_frozen = freeze and not freezes_at_completion(work.config, adjustment_type)
    if is_frozen and amount > 0:
        resolve_charges(work, [Charge(adjustment_type.code, agreement.account_id)])
    return _written(adjustment_id, draft, AdjustmentStatus.FROZEN if is_frozen else AdjustmentStatus.FREEZABLE)


def _written(adjustment_id: int, draft: AdjustmentDraft, status: AdjustmentStatus) -> AdjustmentWritten:
    amount = Money(draft.amount, draft.agreement.currency)
    return AdjustmentWritten(adjustment_id=adjustment_id, amount=amount, status=status)


def require_currency(agreement: AgreementFacts, amount: Money | None) -> None:
    """Refuse with ADJ-002 an amount in another currency than the agreement's."""
    require(
        amount is None or amount.currency == agreement.currency,
        "ADJ-002",
        f"The agreement is in {agreement.currency}, not {amount.currency if amount else ''}.",
        "amount",
    )


def write_incomplete(work: Work, drafts: list[AdjustmentDraft], *, paired: bool = False) -> range:
    """Write adjustments that are only begun: what was typed, and no FT."""
    ids = work.new_ids(len(drafts))
    rows = [
        (
            adjustment_id,
            draft.agreement.id,
            draft.adjustment_type,
            draft.amount,
            draft.agreement.currency,
            AdjustmentStatus.INCOMPLETE.value,
            draft.reference,
            draft.comment,
            work.business_date,
            None,
            None if draft.arrears_date == UNBILLED else draft.arrears_date,
            work.config.get(AdjustmentType, draft.adjustment_type).print_by_default,
            ids[place ^ 1] if paired else None,
            False,
        )
        for place, (adjustment_id, draft) in enumerate(zip(ids, drafts, strict=True))
    ]
    work.store.write(INSERT, rows)
    write_details(work, ids, drafts)
    work.changed("account", *{draft.agreement.account_id for draft in drafts})
    return ids


def _agreement(command: AddAdjustment, adjustment_type: AdjustmentType, work: Work) -> AgreementFacts:
    if command.sa_id is not None:
        return agreement_of(work, command.sa_id)
    if command.account_id is None or not adjustment_type.determine_agreement:
        refuse("CUS-011", "Choose the agreement that is charged or credited.", "sa_id")
    account = account_of(work, command.account_id)
    agreements = {agreement.id: agreement for agreement in agreements_of(work.store, account.id)}
    rule = work.config.rule(adjustment_type.determine_agreement, SystemEvent.DETERMINE_AGREEMENT, work.business_date)
    found = payable(list(agreements.values()), work.config.all(SaType))
    request = DetermineAgreementRequest(found, command.amount.minor if command.amount else 0)
    sa_id = rule.call(request)
    if sa_id not in agreements:
        refuse("CUS-011", "The account has no agreement that takes this; choose one.", "sa_id")
    return agreements[sa_id]
