"""ADJMASS: the same adjustment on every agreement of a type. Adjustments of jobs are not approved (S1 p.98)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import require
from cashier_app.domain.lifecycles import PAYABLE_AGREEMENTS
from cashier_app.domain.money import Money
from cashier_app.models.customer import ServiceAgreement
from cashier_app.services.accounting.adjustments import AdjustmentDraft, write_adjustments
from cashier_app.services.accounting.agreements import agreements_by_id
from cashier_app.services.batch.chunked import Assignment, ChunkedJob, agreement_spans
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustAgreements:
    """Charge or credit all agreements of a type that may receive money."""

    adjustment_type: str = field(metadata={"refers": "adjustment_type"})
    amount: Money
    """Positive charges the customers."""
    sa_type: str = field(metadata={"refers": "sa_type"})
    comment: str = ""


_UNITS = Statement(
    select(ServiceAgreement.id)
    .where(
        ServiceAgreement.id >= bindparam("first"),
        ServiceAgreement.id <= bindparam("last"),
        ServiceAgreement.sa_type == bindparam("sa_type"),
        ServiceAgreement.currency == bindparam("currency"),
        among(ServiceAgreement.status, "statuses"),
    )
    .order_by(ServiceAgreement.id)
)


def _check(work: Work, given: AdjustAgreements) -> None:
    work.need_right("AddAdjustment", "add adjustments")
    work.config.get(AdjustmentType, given.adjustment_type, "adjustment_type")
    work.config.get(SaType, given.sa_type, "sa_type")
    require(given.amount.minor, "BAT-007", "Give an amount other than 0.", "amount")


def _units(store: Store, assignment: Assignment, first: int, last: int) -> list[int]:
    given: AdjustAgreements = assignment.given
    statuses = sorted(status.value for status in PAYABLE_AGREEMENTS)
    asked = {"sa_type": given.sa_type, "currency": given.amount.currency, "statuses": statuses}
    return [row.id for row in store.all(_UNITS, first=first, last=last, **asked)]


def _adjust(work: Work, assignment: Assignment, units: Sequence[int]) -> Mapping[str, int]:
    given: AdjustAgreements = assignment.given
    agreements = agreements_by_id(work.store, units)
    drafts = [
        AdjustmentDraft(
            agreements[unit],
            given.adjustment_type,
            given.amount.minor,
            reference=assignment.stamp,
            comment=given.comment,
        )
        for unit in units
    ]
    write_adjustments(work, drafts, assignment.on)
    return {"adjustments": len(drafts), "minor_units": given.amount.minor * len(drafts)}


JOB = ChunkedJob(
    code="ADJMASS",
    description="Adds the same adjustment to every agreement of a type",
    parameters=AdjustAgreements,
    spans=agreement_spans,
    units=_units,
    work=_adjust,
    check=_check,
)
