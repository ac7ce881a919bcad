"""What a count says against what is expected, and who must accept the difference (R payments 2.6, 2.8, row A9)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, or_, select

from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.drawers import TenderTypeBalance, balances
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import TenderStatus
from cashier_app.domain.money import decimal_text
from cashier_app.models.control import ControlNote, DrawerCount, DrawerCountLine
from cashier_app.models.payment import Tender
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import ControlFacts, expected

ACCEPT_OVER_UNDER = "accept-over-under"
"""Special right: to accept a difference above tolerance."""

LAST_COUNT = Statement(
    select(DrawerCount.id, DrawerCount.attempt, DrawerCount.counted_at)
    .where(
        DrawerCount.tender_control_id == bindparam("control_id"),
        DrawerCount.purpose == "CLOSING",
    )
    .order_by(DrawerCount.attempt.desc())
    .limit(1)
)
_COUNT_LINES = Statement(
    select(DrawerCountLine.tender_type, func.sum(DrawerCountLine.amount).label("amount"))
    .where(DrawerCountLine.count_id == bindparam("count_id"))
    .group_by(DrawerCountLine.tender_type)
)
_INTERRUPTED = Statement(
    select(func.max(ControlNote.written_at)).where(
        ControlNote.tender_control_id == bindparam("control_id"),
        or_(ControlNote.kind == "RESUMED", ControlNote.kind == "REOPENED"),
    )
)
_BOOKED = Statement(
    select(Tender.applies_to_tender_type, func.sum(Tender.amount).label("amount"))
    .where(
        Tender.tender_control_id == bindparam("control_id"),
        Tender.applies_to_tender_type.is_not(None),
        Tender.status == TenderStatus.VALID.value,
    )
    .group_by(Tender.applies_to_tender_type)
)


def compared(work: Work, control: ControlFacts) -> tuple[TenderTypeBalance, ...]:
    """The last count against what is expected now; refuses with TC-017 one made before the drawer was open again."""
    last = work.store.first(LAST_COUNT, control_id=control.id)
    if last is None:
        refuse("TC-017", "The drawer was not counted yet.", "count")
    interrupted = work.store.value(_INTERRUPTED, control_id=control.id)
    if interrupted is not None and last.counted_at < interrupted:
        refuse("TC-017", "The drawer was open again since its last count. Count it anew.", "count")
    counted = {row.tender_type: int(row.amount) for row in work.store.all(_COUNT_LINES, count_id=last.id)}
    return balances(expected(work.store, control.id), counted)


def above_tolerance(work: Work, control: ControlFacts, off: Sequence[TenderTypeBalance]) -> bool:
    """Whether a difference is too large, with what was booked before: many small ones are one large one."""
    tolerance = work.config.get(TenderSource, control.tender_source).tolerance
    booked = {row.applies_to_tender_type: int(row.amount) for row in work.store.all(_BOOKED, control_id=control.id)}
    return any(
        abs(balance.variance + booked.get(balance.tender_type, 0)) > (tolerance.minor if tolerance else 0)
        for balance in off
    )


def need_acceptance(work: Work, control: ControlFacts, off: Sequence[TenderTypeBalance]) -> None:
    """Above tolerance a supervisor who is not the owner accepts: as the user, or as second person."""
    if not above_tolerance(work, control, off):
        return
    separate = work.config.installation.separate_balancing
    if work.may(ACCEPT_OVER_UNDER) and (control.owner_id != work.user.id or not separate):
        return
    if not separate:
        work.need_right(ACCEPT_OVER_UNDER, "accept this difference")
    work.need_second_person(ACCEPT_OVER_UNDER, "accept " + in_words(control, off).rstrip("."))


def in_words(control: ControlFacts, off: Sequence[TenderTypeBalance]) -> str:
    """By how much a drawer is over or short, per tender type."""
    parts = (
        f"{each.tender_type} is {'over' if each.variance > 0 else 'short'} "
        f"{decimal_text(abs(each.variance), control.currency)}"
        for each in off
    )
    return f"{control.tender_source}: {', '.join(parts)}."
