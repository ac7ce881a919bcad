"""Freezing: from here on an adjustment counts (R adjustments 3, R billing 9-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AccountingDateOption
from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import ADJUSTMENT, AdjustmentStatus, FtKind
from cashier_app.domain.system_events import SystemEvent
from cashier_app.models.adjustment import Adjustment, UnfrozenFt
from cashier_app.models.customer import ServiceAgreement
from cashier_app.services.accounting.adjustment_effects import Freezing, follow_freezing
from cashier_app.services.accounting.adjustments import Booking, freezes_at_completion, need_backdating
from cashier_app.services.accounting.ledger import FtPost, freeze_fts
from cashier_app.services.accounting.unfrozen import Waiting, remove_unfrozen, unfrozen_of
from cashier_app.services.adjustments.facts import (
    AdjustmentRow,
    WholeAdjustment,
    require_unlocked,
    whole,
    with_other_halves,
)
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among, change
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.resolving import Charge, resolve_charges

_FREEZE = change(Adjustment, "status")
_APPROVE = change(Adjustment, "approved")
_FREEZABLE = Statement(
    select(Adjustment.id)
    .join(ServiceAgreement, ServiceAgreement.id == Adjustment.sa_id)
    .where(
        ServiceAgreement.account_id == bindparam("account_id"),
        Adjustment.status == bindparam("freezable"),
    )
    .order_by(Adjustment.id)
)
_DATED = Statement(
    select(UnfrozenFt.source_id, ServiceAgreement.sa_type, UnfrozenFt.accounting_date)
    .join(ServiceAgreement, ServiceAgreement.id == UnfrozenFt.sa_id)
    .where(among(UnfrozenFt.source_id, "ids"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAdjustment:
    """Freeze a freezable adjustment, both halves of a transfer together."""

    adjustment_id: int
    accounting_date: date | None = None
    """Asked for where the installation always changes it, or where the one it has is closed by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentsFrozen:
    """Their keys."""

    adjustment_ids: tuple[int, ...]


@handles(FreezeAdjustment, right="AddAdjustment")
def freeze_adjustment(command: FreezeAdjustment, work: Work) -> AdjustmentsFrozen:
    """Only where nobody must approve it, and no bill is waited for."""
    rows = with_other_halves(work, [command.adjustment_id])
    for each in whole(work, rows):
        _require_own_freezing(work.config, each)
    need_backdating(work, command.accounting_date)
    frozen = freeze(work, [command.adjustment_id], command.accounting_date)
    return AdjustmentsFrozen(adjustment_ids=tuple(each.row.id for each in frozen))


def _require_own_freezing(config: Configuration, each: WholeAdjustment) -> None:
    row, adjustment_type = each.row, each.adjustment_type
    require_unlocked(row)
    require(
        not needs_approval(row, adjustment_type.approval_profile),
        "ADJ-018",
        f"Adjustments of type {adjustment_type.code} freeze once they are approved; submit it for approval.",
    )
    require(
        not freezes_at_completion(config, adjustment_type),
        "ADJ-019",
        f"Adjustments of type {adjustment_type.code} freeze with the next bill of the account.",
    )


def needs_approval(row: AdjustmentRow, approval_profile: str) -> bool:
    """Whether somebody must approve it first; what batch added is not approved (S1 p.98)."""
    return bool(approval_profile) and not row.approved and not row.by_batch


def freeze(
    work: Work, adjustment_ids: Sequence[int], accounting_date: date | None = None
) -> tuple[WholeAdjustment, ...]:
    """Freeze freezable adjustments and the other halves of transfers; returns all of them as they were before.

    Whoever calls this has seen to it that nobody must approve them any more.

    Raises:
        RuleViolation: ADJ-003, ADJ-006 for what is not freezable, ADJ-012 for what waits for approval, ADJ-016 and
            ADJ-017 for an accounting date that may not or must be given, ADJ-021 where a synchronisation is out of
            date, PAY-005 for a date that is not open.
    """
    rows = with_other_halves(work, adjustment_ids)
    for row in rows:
        require_unlocked(row)
        ADJUSTMENT.move(AdjustmentStatus(row.status), AdjustmentStatus.FROZEN)
    found = whole(work, rows)
    account_ids = {each.agreement.account_id for each in found}
    work.keep_off(*account_ids)
    waiting = unfrozen_of(work, [row.id for row in rows])
    dates = _freezing_dates(work, found, waiting, accounting_date)
    by_date: dict[date, list[Freezing]] = {}
    for each, on in zip(found, dates, strict=True):
        require(_is_in_step(each), "ADJ-021", "The balances have changed since it was generated; generate it again.")
        post = _post(work, each, waiting[each.row.id], on)
        by_date.setdefault(on, []).append(Freezing(post, each.adjustment_type, each.row.amount, each.characteristics))
    remove_unfrozen(work, list(waiting.values()))
    work.store.write(_FREEZE, [(AdjustmentStatus.FROZEN.value, row.id) for row in rows])
    for on, freezing in sorted(by_date.items()):
        freeze_fts(work, follow_freezing(work, freezing), on)
    charged = (Charge(each.adjustment_type.code, each.agreement.account_id) for each in found if each.row.amount > 0)
    resolve_charges(work, charged)
    work.changed("account", *account_ids)
    return tuple(found)


def _post(work: Work, each: WholeAdjustment, waiting: Waiting, on: date) -> FtPost:
    """The FT as it was generated; made anew only by rules that go by what is held now (R billing 16)."""
    rule = work.config.rule(each.adjustment_type.adjustment_ft, SystemEvent.ADJUSTMENT_FT, on)
    if rule.needs_holding:
        return Booking(work, on).post(each.row.id, each.draft())
    row = each.row
    charges = row.amount > 0
    return FtPost(
        FtKind.ADJUSTMENT,
        row.id,
        each.agreement,
        waiting.draft,
        waiting.algorithm,
        (row.arrears_date or UNBILLED) if charges else None,
        charges and row.arrears_date is None,
        show_on_bill=each.adjustment_type.print_by_default,
    )


def _is_in_step(each: WholeAdjustment) -> bool:
    """Whether a synchronisation still brings the current balance to the payoff balance."""
    agreement = each.agreement
    return not each.adjustment_type.sync_current or (
        each.row.amount == agreement.payoff_balance - agreement.current_balance
    )


def _freezing_dates(
    work: Work, found: Sequence[WholeAdjustment], waiting: Mapping[int, Waiting], given: date | None
) -> list[date]:
    """The accounting date of each; of a transfer between divisions only the half that asks takes the date given."""
    stored = [(each.agreement.sa_type, waiting[each.row.id].accounting_date) for each in found]
    asks = [asks_for_date(work.config, *each, work.business_date) for each in stored]
    return [
        freezing_date(work.config, *each, given if asked or not any(asks) else None, work.business_date)
        for each, asked in zip(stored, asks, strict=True)
    ]


def freezing_date(config: Configuration, sa_type: str, stored: date, given: date | None, business_date: date) -> date:
    """The accounting date of what freezes now (S1 p.69); refuses with ADJ-016 or ADJ-017 a date too many or too few."""
    if config.installation.accounting_date_at_freeze is AccountingDateOption.ALWAYS_CHANGE:
        return given or business_date
    if is_open(config, sa_type, stored, business_date):
        if given not in {None, stored}:
            refuse("ADJ-016", f"It keeps its accounting date {stored}, whose books are open.", "accounting_date")
        return stored
    if given is None:
        refuse(
            "ADJ-017",
            f"The books of its accounting date {stored} are closed; give another date, such as {business_date}.",
            "accounting_date",
        )
    return given


def asks_for_date(config: Configuration, sa_type: str, stored: date, business_date: date) -> bool:
    """Whether whoever freezes it is asked for the accounting date (S1 p.69)."""
    always = config.installation.accounting_date_at_freeze is AccountingDateOption.ALWAYS_CHANGE
    return always or not is_open(config, sa_type, stored, business_date)


def asking_for_date(
    store: Store, config: Configuration, adjustment_ids: Iterable[int], business_date: date
) -> frozenset[int]:
    """Those of some adjustments whose freezing asks for the accounting date; of a transfer look at both halves."""
    return frozenset(
        row.source_id
        for row in store.all(_DATED, ids=sorted(adjustment_ids))
        if asks_for_date(config, row.sa_type, row.accounting_date, business_date)
    )


def is_open(config: Configuration, sa_type: str, accounting_date: date, business_date: date) -> bool:
    """Whether a date's books take postings on a business date."""
    period = config.period(config.get(SaType, sa_type).gl_division, accounting_date)
    return period is not None and period.open_from <= business_date <= period.open_to


class Settled(NamedTuple):
    """What became of approved adjustments."""

    frozen: tuple[int, ...]
    waiting: tuple[int, ...]
    """They freeze with the next bill."""


def settle_approved(work: Work, adjustment_ids: Sequence[int], accounting_date: date | None = None) -> Settled:
    """What the last approval does: freeze at once, or leave freezable until the next bill (R adjustments 6.4, 6.6)."""
    rows = with_other_halves(work, adjustment_ids)
    work.store.write(_APPROVE, [(True, row.id) for row in rows])
    ids = tuple(row.id for row in rows)
    if any(freezes_at_completion(work.config, each.adjustment_type) for each in whole(work, rows)):
        return Settled((), ids)
    freeze(work, ids, accounting_date)
    return Settled(ids, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAtCompletion:
    """Freeze what waits for a bill of an account."""

    account_id: int


@handles(FreezeAtCompletion)
def freeze_at_completion(command: FreezeAtCompletion, work: Work) -> AdjustmentsFrozen:
    """As completing a bill does."""
    account = account_of(work, command.account_id)
    return AdjustmentsFrozen(adjustment_ids=complete(work, account.id))


def complete(work: Work, account_id: int) -> tuple[int, ...]:
    """Freeze the account's adjustments that wait for a bill, one after the other; what is not approved waits on.

    Returns their keys. To be called when a bill completes, with the completion date as business date (S1 p.67, 69, 99).
    A synchronisation that has got out of step with the balances waits on too, and a warning says so.
    """
    found = work.store.all(_FREEZABLE, account_id=account_id, freezable=AdjustmentStatus.FREEZABLE.value)
    done: set[int] = set()
    for adjustment_id in (row.id for row in found):
        if adjustment_id in done:
            continue
        halves = whole(work, with_other_halves(work, [adjustment_id]))
        if not all(_freezes_with_bill(work.config, each) for each in halves):
            continue
        if all(map(_is_in_step, halves)):
            done.update(each.row.id for each in freeze(work, [adjustment_id], today_if_asked(work, halves)))
        else:
            work.warn("ADJ-021", f"Adjustment {adjustment_id} waits: the balances have changed since it was generated.")
    return tuple(sorted(done))


def _freezes_with_bill(config: Configuration, each: WholeAdjustment) -> bool:
    adjustment_type = each.adjustment_type
    return freezes_at_completion(config, adjustment_type) and not needs_approval(
        each.row, adjustment_type.approval_profile
    )


def today_if_asked(work: Work, halves: Sequence[WholeAdjustment]) -> date | None:
    """The accounting date to freeze with where nobody is there to be asked for one (S1 p.69)."""
    waiting = unfrozen_of(work, [each.row.id for each in halves])
    asks = (
        asks_for_date(work.config, each.agreement.sa_type, waiting[each.row.id].accounting_date, work.business_date)
        for each in halves
    )
    return work.business_date if any(asks) else None
