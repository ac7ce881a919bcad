"""Events without a customer: cash that moves between a drawer and the utility's own agreements."""

from __future__ import annotations

from cashier_app.domain.errors import require
from cashier_app.domain.lifecycles import EventKind
from cashier_app.domain.system_events import SegmentDraft
from cashier_app.services.accounting.adjustments import agreement_of
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import (
    ControlFacts,
    bank_code,
)
from cashier_app.services.payments.events import (
    EventDraft,
    PaymentDraft,
    TenderDraft,
    WrittenEvent,
    final_status,
    write_events,
)


def house_event(  # noqa: PLR0917  # an event has as many facts
    work: Work,
    control: ControlFacts,
    kind: EventKind,
    house_agreement: str,
    tender_type: str,
    amount: int,
    note: str,
    applies_to: str | None = None,
) -> WrittenEvent:
    """Book an amount in or out of a drawer against one of the utility's own agreements, of the drawer's currency."""
    agreement = agreement_of(work, work.config.house_agreement(house_agreement))
    require(
        agreement.currency == control.currency,
        "TC-027",
        f"House agreement {house_agreement} is in {agreement.currency}; drawer {control.tender_source} holds "
        f"{control.currency}. An administrator sets up one in {control.currency}.",
    )
    tender = TenderDraft(
        payor_account_id=agreement.account_id,
        tender_type=tender_type,
        amount=amount,
        tender_control_id=control.id,
        bank_code=bank_code(work.config, control.tender_source),
        applies_to_tender_type=applies_to,
    )
    segments = (SegmentDraft(agreement.id, amount),)
    payment = PaymentDraft(agreement.account_id, amount, segments, "MANUAL", final_status(work))
    event = EventDraft(kind, work.business_date, control.currency, (tender,), (payment,), None, note)
    (written,) = write_events(work, [event], {agreement.id: agreement})
    return written
