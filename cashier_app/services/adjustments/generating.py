"""Generating an adjustment that was only begun, or generating it again (R adjustments 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cashier_app.domain.errors import RuleViolation, require
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.money import Money
from cashier_app.models.adjustment import Adjustment
from cashier_app.services.accounting.adjustments import AdjustmentDraft, Booking, need_backdating, write_details
from cashier_app.services.accounting.ledger import FtPost
from cashier_app.services.accounting.unfrozen import remove_unfrozen, unfrozen_of, write_unfrozen
from cashier_app.services.adjustments.adding import AdjustmentWritten, require_currency
from cashier_app.services.adjustments.calculated import look_at, worked_out
from cashier_app.services.adjustments.deleting import forget_details
from cashier_app.services.adjustments.facts import WholeAdjustment, require_changeable, whole, with_other_halves
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import change
from cashier_app.services.kernel.work import Work

_GENERATED = change(Adjustment, "amount base_amount status error_message")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateAdjustment:
    """Work out an adjustment that is not frozen, both halves of a transfer together, so that it can freeze."""

    adjustment_id: int
    amount: Money | None = None
    """Default: what it has, or what its type proposes. Of a calculated one, the base."""
    accounting_date: date | None = None
    """Default: the business date."""


class _Generated(NamedTuple):
    each: WholeAdjustment
    draft: AdjustmentDraft
    post: FtPost | None
    message: str


@handles(GenerateAdjustment, right="AddAdjustment")
def generate_adjustment(command: GenerateAdjustment, work: Work) -> AdjustmentWritten:
    """Freezable with an unfrozen FT; or in error, with the reason, where an algorithm objects."""
    rows = with_other_halves(work, [command.adjustment_id])
    require_changeable(rows)
    require(
        not any(row.approved for row in rows),
        "ADJ-023",
        "The adjustment is approved as it is. To change it, delete it and add another.",
    )
    found = whole(work, rows)
    account_ids = {each.agreement.account_id for each in found}
    work.keep_off(*account_ids)
    on = command.accounting_date or work.business_date
    need_backdating(work, command.accounting_date)
    meant = next(each for each in found if each.row.id == command.adjustment_id)
    require_currency(meant.agreement, command.amount)
    booking = Booking(work, on)
    made = [_generated(work, booking, each, _given(command, meant, each)) for each in found]
    failed = next((each.message for each in made if each.message), "")
    remove_unfrozen(work, list(unfrozen_of(work, [row.id for row in rows]).values()))
    _store(work, made, failed)
    if not failed:
        write_unfrozen(work, [each.post for each in made if each.post], on)
    work.changed("account", *account_ids)
    written = next(each.draft for each in made if each.each is meant)
    return AdjustmentWritten(
        adjustment_id=meant.row.id,
        amount=Money(written.amount, meant.row.currency),
        status=AdjustmentStatus.ERROR if failed else AdjustmentStatus.FREEZABLE,
    )


def _given(command: GenerateAdjustment, meant: WholeAdjustment, each: WholeAdjustment) -> int | None:
    """What is typed now, else what was typed before; a synchronisation always follows the balances."""
    row = each.row
    if command.amount is not None:
        return command.amount.minor if each is meant else -command.amount.minor
    if each.adjustment_type.sync_current:
        return None
    return (row.amount if row.base_amount is None else row.base_amount) or None


def _generated(work: Work, booking: Booking, each: WholeAdjustment, given: int | None) -> _Generated:
    draft = each.draft()
    try:
        amounts = worked_out(work, each.adjustment_type, each.agreement, given, each.characteristics)
        look_at(work, each.adjustment_type, each.agreement, amounts.amount, each.characteristics)
        draft = draft._replace(amount=amounts.amount, base_amount=amounts.base_amount, lines=amounts.lines)
        booking.type_of(draft)
        return _Generated(each, draft, booking.post(each.row.id, draft), "")
    except RuleViolation as violation:
        return _Generated(each, draft, None, violation.problems[0].sentence)


def _store(work: Work, made: list[_Generated], failed: str) -> None:
    status = AdjustmentStatus.ERROR if failed else AdjustmentStatus.FREEZABLE
    work.store.write(
        _GENERATED,
        [
            (made_of.draft.amount, made_of.draft.base_amount, status.value, failed, made_of.each.row.id)
            for made_of in made
        ],
    )
    if failed:
        return
    ids = [each.each.row.id for each in made]
    forget_details(work, [each.each.row.id for each in made if each.each.lines], characteristics=False)
    write_details(work, ids, [each.draft._replace(characteristics=()) for each in made])
