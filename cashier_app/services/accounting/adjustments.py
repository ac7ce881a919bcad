"""The one writer of adjustments, one or fifty thousand: fees, corrections, opening receivables (R adjustments 2-3).

Commands about adjustments live in `services.adjustments`; other rooms and batch jobs come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cashier_app.domain.adjustment_types import AdjustmentType, AdjustmentTypeProfile, Characteristic, FreezeOption
from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus, AgreementStatus, FtKind
from cashier_app.domain.system_events import (
    AdjustmentFtRequest,
    CalculationLine,
    GlLineDraft,
    SystemEvent,
)
from cashier_app.models.adjustment import Adjustment, AdjustmentCharacteristic, AdjustmentLine
from cashier_app.services.accounting.adjustment_effects import Freezing, follow_freezing
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id
from cashier_app.services.accounting.holding import Holdings
from cashier_app.services.accounting.ledger import FtPost, freeze_fts
from cashier_app.services.accounting.unfrozen import write_unfrozen
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import insertion
from cashier_app.services.kernel.work import Work

INSERT = insertion(
    Adjustment,
    "id sa_id adjustment_type amount currency status reference comment adjustment_date base_amount arrears_date "
    "show_on_bill transfer_id by_batch",
)
_INSERT_LINE = insertion(AdjustmentLine, "adjustment_id line description amount distribution_code characteristic")
_INSERT_CHARACTERISTIC = insertion(AdjustmentCharacteristic, "adjustment_id characteristic_type value")

WRITE_OFF = "WRITE_OFF"
"""Special role of SA types that only transfers may reach (R adjustments 7.10)."""


class AdjustmentDraft(NamedTuple):
    """An adjustment to write."""

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
    lines: tuple[CalculationLine, ...] = ()
    base_amount: int | None = None
    characteristics: tuple[Characteristic, ...] = ()


def write_adjustments(
    work: Work,
    drafts: Sequence[AdjustmentDraft],
    accounting_date: date | None = None,
    *,
    freeze: bool = True,
    paired: bool = False,
    by_batch: bool = True,
) -> range:
    """Write adjustments with their FTs, in bulk; returns the adjustments' keys in order.

    They freeze at once, but for those that freeze at bill completion; none with `freeze=False`. With `paired`
    each two that follow each other are the halves of a transfer. What the installation's own programs add
    (`by_batch`) is not approved (S1 p.98).

    Raises:
        RuleViolation: ADJ-007 where an agreement's type does not allow the adjustment type, ADJ-008 where the agreement
            takes none, ADJ-002 where the currencies differ, ADJ-015 without a distribution code, PAY-005 for a date
            that is not open.
    """
    on = accounting_date or work.business_date
    ids = work.new_ids(len(drafts))
    booking = Booking(work, on)
    rows, frozen, waiting = [], [], []
    for place, (adjustment_id, draft) in enumerate(zip(ids, drafts, strict=True)):
        agreement, adjustment_type = draft.agreement, booking.type_of(draft)
        freezes = freeze and not freezes_at_completion(work.config, adjustment_type)
        post = booking.post(adjustment_id, draft)
        if freezes:
            frozen.append(Freezing(post, adjustment_type, draft.amount, draft.characteristics))
        else:
            waiting.append(post)
        rows.append(
            (
                adjustment_id,
                agreement.id,
                draft.adjustment_type,
                draft.amount,
                agreement.currency,
                (AdjustmentStatus.FROZEN if freezes else AdjustmentStatus.FREEZABLE).value,
                draft.reference,
                draft.comment,
                work.business_date,
                draft.base_amount,
                None if freezes or draft.arrears_date == UNBILLED else draft.arrears_date,
                adjustment_type.print_by_default,
                ids[place ^ 1] if paired else None,
                by_batch,
            )
        )
    work.store.write(INSERT, rows)
    write_details(work, ids, drafts)
    if frozen:
        freeze_fts(work, follow_freezing(work, frozen), on)
    if waiting:
        write_unfrozen(work, waiting, on)
    return ids


def write_details(work: Work, ids: Sequence[int], drafts: Sequence[AdjustmentDraft]) -> None:
    """The calculation lines and characteristics of adjustments."""
    owned = list(zip(ids, drafts, strict=True))
    work.store.write(
        _INSERT_LINE,
        [
            (adjustment_id, number, *line)
            for adjustment_id, draft in owned
            for number, line in enumerate(draft.lines, start=1)
        ],
    )
    work.store.write(
        _INSERT_CHARACTERISTIC,
        [
            (adjustment_id, each.characteristic_type, each.value)
            for adjustment_id, draft in owned
            for each in draft.characteristics
        ],
    )


class Booking:
    """From adjustments to FTs, for all that one command books on one day."""

    def __init__(self, work: Work, on: date) -> None:
        self._work, self._on = work, on
        self._sa_types = work.config.all(SaType)
        self._holdings = Holdings(work)
        self._usable: set[tuple[str, str, str, str]] = set()

    def type_of(self, draft: AdjustmentDraft) -> AdjustmentType:
        """The adjustment type, if it may be used on the agreement."""
        adjustment_type = self._work.config.get(AdjustmentType, draft.adjustment_type)
        agreement = draft.agreement
        looked_at = (agreement.sa_type, agreement.status, agreement.currency, draft.adjustment_type)
        if looked_at not in self._usable:
            require_usable(self._work.config, agreement, adjustment_type)
            self._usable.add(looked_at)
        return adjustment_type

    def post(self, adjustment_id: int, draft: AdjustmentDraft) -> FtPost:
        """The FT of an adjustment."""
        agreement = draft.agreement
        adjustment_type = self._work.config.get(AdjustmentType, draft.adjustment_type)
        rule = self._work.config.rule(adjustment_type.adjustment_ft, SystemEvent.ADJUSTMENT_FT, self._on)
        request = AdjustmentFtRequest(
            draft.amount,
            self._sa_types[agreement.sa_type].distribution_code,
            draft.cash_code or adjustment_type.distribution_code,
            self._holdings.facts(rule, agreement.id),
            tuple(GlLineDraft(line.distribution_code, line.amount) for line in draft.lines),
        )
        ft = rule.call(request)
        for line in ft.lines:
            require(
                line.distribution_code,
                "ADJ-015",
                f"Adjustment type {adjustment_type.code} has no distribution code, and so {rule.label} cannot book it.",
                "adjustment_type",
            )
        self._holdings.drafted(agreement.id, ft)
        charges = draft.amount > 0
        return FtPost(
            FtKind.ADJUSTMENT,
            adjustment_id,
            agreement,
            ft,
            rule.label,
            draft.arrears_date if charges else None,
            charges and draft.arrears_date == UNBILLED,
            show_on_bill=adjustment_type.print_by_default,
        )


def freezes_at_completion(config: Configuration, adjustment_type: AdjustmentType) -> bool:
    """Whether adjustments of a type wait for a bill: never where the installation freezes at will (S1 p.91)."""
    waits = FreezeOption.AT_BILL_COMPLETION
    return adjustment_type.freeze_option is waits and config.installation.bill_segment_freeze is waits


def usable_types(config: Configuration, sa_type: str) -> frozenset[str]:
    """The adjustment types that agreements of a type take, by the profiles of their type (S1 p.90)."""
    profiles = config.get(SaType, sa_type).adjustment_profiles
    named = {code for profile in profiles for code in config.get(AdjustmentTypeProfile, profile).adjustment_types}
    return frozenset(config.all(AdjustmentType)) if "*" in named else frozenset(named)


def require_usable(config: Configuration, agreement: AgreementFacts, adjustment_type: AdjustmentType) -> None:
    """Refuse an adjustment type that an agreement does not take (R adjustments 1.2, 7)."""
    usable = usable_types(config, agreement.sa_type)
    require(
        adjustment_type.code in usable,
        "ADJ-007",
        f"Adjustment type {adjustment_type.code} is in no profile of SA type {agreement.sa_type}; "
        f"it takes: {', '.join(sorted(usable)) or 'none'}.",
        "adjustment_type",
    )
    require(
        agreement.status != AgreementStatus.CANCELED,
        "ADJ-008",
        "The agreement is canceled; choose one that is not.",
        "sa_id",
    )
    if config.get(SaType, agreement.sa_type).special_role == WRITE_OFF and not adjustment_type.transfer:
        refuse("ADJ-008", "A write-off agreement takes transfers only.", "adjustment_type")
    require(
        adjustment_type.currency in {"", agreement.currency},
        "ADJ-002",
        f"The agreement is in {agreement.currency}, adjustment type {adjustment_type.code} is for "
        f"{adjustment_type.currency}.",
        "adjustment_type",
    )


def agreement_of(work: Work, sa_id: int, field: str = "sa_id") -> AgreementFacts:
    """The agreement of a key, or a refusal."""
    agreement = agreements_by_id(work.store, [sa_id]).get(sa_id)
    if agreement is None:
        refuse("CUS-011", "There is no such agreement.", field)
    return agreement


def need_backdating(work: Work, accounting_date: date | None) -> None:
    """An earlier day's books, where they are still open, are changed by two (R reliability C4)."""
    if accounting_date is not None and accounting_date < work.business_date:
        work.need_second_person("Backdate", f"book on {accounting_date}, an earlier day")
