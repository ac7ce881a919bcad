"""Adjustments as commands find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from cashier_app.domain.adjustment_types import AdjustmentType, Characteristic
from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.system_events import CalculationLine
from cashier_app.models.adjustment import Adjustment, AdjustmentCharacteristic, AdjustmentLine
from cashier_app.services.accounting.adjustments import AdjustmentDraft
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work

_COLUMNS = (
    Adjustment.id,
    Adjustment.sa_id,
    Adjustment.adjustment_type,
    Adjustment.amount,
    Adjustment.currency,
    Adjustment.status,
    Adjustment.reference,
    Adjustment.comment,
    Adjustment.adjustment_date,
    Adjustment.base_amount,
    Adjustment.arrears_date,
    Adjustment.transfer_id,
    Adjustment.by_batch,
    Adjustment.approval_request_id,
    Adjustment.approved,
)
_SOME = Statement(select(*_COLUMNS).where(among(Adjustment.id, "ids")).order_by(Adjustment.id))
# What was said of adjustments and what they were calculated from, by `ids`.
CHARACTERISTICS = Statement(
    select(
        AdjustmentCharacteristic.adjustment_id,
        AdjustmentCharacteristic.characteristic_type,
        AdjustmentCharacteristic.value,
    )
    .where(among(AdjustmentCharacteristic.adjustment_id, "ids"))
    .order_by(AdjustmentCharacteristic.adjustment_id, AdjustmentCharacteristic.characteristic_type)
)
LINES = Statement(
    select(
        AdjustmentLine.adjustment_id,
        AdjustmentLine.description,
        AdjustmentLine.amount,
        AdjustmentLine.distribution_code,
        AdjustmentLine.characteristic,
    )
    .where(among(AdjustmentLine.adjustment_id, "ids"))
    .order_by(AdjustmentLine.adjustment_id, AdjustmentLine.line)
)


class AdjustmentRow(NamedTuple):
    """An adjustment as it is stored."""

    id: int
    sa_id: int
    adjustment_type: str
    amount: int
    currency: str
    status: str
    reference: str | None
    comment: str
    adjustment_date: date
    base_amount: int | None
    arrears_date: date | None
    transfer_id: int | None
    by_batch: bool
    approval_request_id: int | None
    approved: bool

    @property
    def awaits_approval(self) -> bool:
        """Whether a request for its approval is open; then nothing of it changes (R adjustments 6.4)."""
        return self.approval_request_id is not None and not self.approved


class WholeAdjustment(NamedTuple):
    """An adjustment with its agreement, its type, and all that was said and calculated."""

    row: AdjustmentRow
    agreement: AgreementFacts
    adjustment_type: AdjustmentType
    characteristics: tuple[Characteristic, ...]
    lines: tuple[CalculationLine, ...]

    def draft(self) -> AdjustmentDraft:
        """It again, as something to book."""
        row = self.row
        return AdjustmentDraft(
            self.agreement,
            row.adjustment_type,
            row.amount,
            row.arrears_date or UNBILLED,
            row.reference,
            row.comment,
            lines=self.lines,
            base_amount=row.base_amount,
            characteristics=self.characteristics,
        )


def with_other_halves(work: Work, adjustment_ids: Iterable[int]) -> list[AdjustmentRow]:
    """Adjustments of these keys and the other halves of transfers, by key; refuses with ADJ-003 what is missing."""
    wanted = sorted(set(adjustment_ids))
    rows = {row.id: AdjustmentRow._make(row) for row in work.store.all(_SOME, ids=wanted)}
    if len(rows) < len(wanted):
        refuse("ADJ-003", "There is no such adjustment.", "adjustment_id")
    halves = {row.transfer_id for row in rows.values() if row.transfer_id} - rows.keys()
    if halves:
        rows |= {row.id: AdjustmentRow._make(row) for row in work.store.all(_SOME, ids=sorted(halves))}
    return [rows[key] for key in sorted(rows)]


def whole(work: Work, rows: Sequence[AdjustmentRow]) -> list[WholeAdjustment]:
    """Adjustments with everything around them, in their order; three reads, however many."""
    ids = [row.id for row in rows]
    agreements = agreements_by_id(work.store, {row.sa_id for row in rows})
    said: dict[int, list[Characteristic]] = {row.id: [] for row in rows}
    for found in work.store.all(CHARACTERISTICS, ids=ids):
        said[found.adjustment_id].append(
            Characteristic(characteristic_type=found.characteristic_type, value=found.value)
        )
    lines: dict[int, list[CalculationLine]] = {row.id: [] for row in rows}
    for found in work.store.all(LINES, ids=ids):
        lines[found.adjustment_id].append(CalculationLine(*found[1:]))
    return [
        WholeAdjustment(
            row,
            agreements[row.sa_id],
            work.config.get(AdjustmentType, row.adjustment_type),
            tuple(said[row.id]),
            tuple(lines[row.id]),
        )
        for row in rows
    ]


def require_changeable(rows: Sequence[AdjustmentRow]) -> None:
    """Refuse what is final with ADJ-006, and what waits for its approval with ADJ-012."""
    for row in rows:
        require(
            row.status not in {AdjustmentStatus.FROZEN, AdjustmentStatus.CANCELED},
            "ADJ-006",
            f"The adjustment is {row.status.lower()} and final; to correct it, cancel it and add another.",
        )
        require_unlocked(row)


def require_unlocked(row: AdjustmentRow) -> None:
    """Refuse with ADJ-012 what waits for its approval."""
    require(
        not row.awaits_approval,
        "ADJ-012",
        "The adjustment waits for approval: until it is approved or rejected, nothing of it changes.",
    )
