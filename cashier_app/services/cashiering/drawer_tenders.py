"""Tenders that a drawer's report lists one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.lifecycles import EventKind, TenderStatus
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.services.customers.names import NOBODY, AccountName, account_names, handed_by
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderFact:
    """A tender that is listed one by one: a check, an over/under, a pay-in, a canceled one."""

    tender_id: int
    event_id: int
    tender_type: str
    amount: int
    reference: str
    receipt_number: str | None
    kind: str
    status: str
    cancel_reason: str | None
    note: str
    applies_to: str | None = None
    """Of an over/under: the tender type that was over or short."""
    payor: str = ""
    """Who handed it over: the remitter, or the payor's main customer."""
    routing: str = ""
    """Routing and account number of a check, where it was read."""
    taken_at: datetime | None = None
    taken_by: str = ""
    canceled_at: datetime | None = None
    canceled_by: str = ""


_LISTED = Statement(
    select(
        Tender.id,
        Tender.event_id,
        Tender.tender_type,
        Tender.amount,
        Tender.reference,
        PaymentEvent.receipt_number,
        PaymentEvent.kind,
        Tender.status,
        Tender.cancel_reason,
        PaymentEvent.note,
        Tender.applies_to_tender_type,
        Tender.remitter,
        Tender.micr,
        Tender.payor_account_id,
        PaymentEvent.created_at,
        PaymentEvent.created_by,
        Tender.canceled_at,
        Tender.canceled_by,
    )
    .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
    .where(
        Tender.tender_control_id == bindparam("control_id"),
        (Tender.status == TenderStatus.CANCELED.value)
        # A file lists its own tenders, perhaps a hundred thousand.
        | (PaymentEvent.kind != EventKind.UPLOAD.value)
        & ((Tender.reference != "") | (PaymentEvent.kind != EventKind.CIS.value)),
    )
    .order_by(Tender.id)
)


def listed_tenders(store: Store, control_id: int, names: Mapping[int, str]) -> tuple[TenderFact, ...]:
    """What a drawer's report lists one by one, in the order taken; `names` of users by key."""
    rows = store.all(_LISTED, control_id=control_id)
    accounts = account_names(store, (row.payor_account_id for row in rows))
    return tuple(_tender_fact(row, names, accounts) for row in rows)


def _tender_fact(row: Any, names: Mapping[int, str], accounts: Mapping[int, AccountName]) -> TenderFact:
    kept_elsewhere = accounts.get(row.payor_account_id, NOBODY).is_kept_elsewhere
    return TenderFact(
        tender_id=row.id,
        event_id=row.event_id,
        tender_type=row.tender_type,
        amount=row.amount,
        reference=row.reference,
        receipt_number=row.receipt_number,
        kind=row.kind,
        status=row.status,
        cancel_reason=row.cancel_reason,
        note=row.note,
        applies_to=row.applies_to_tender_type,
        payor=handed_by(accounts, row.payor_account_id, row.remitter),
        # The bank is for everybody who adds up the drawer, the customer's account there is not.
        routing=row.micr.partition(" ")[0] if kept_elsewhere else row.micr,
        taken_at=row.created_at,
        taken_by=names.get(row.created_by, "System"),
        canceled_at=row.canceled_at,
        canceled_by="" if row.canceled_by is None else names.get(row.canceled_by, "System"),
    )
