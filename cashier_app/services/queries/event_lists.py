"""Lists of payment events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, text

from cashier_app.domain.lifecycles import PaymentStatus, TenderStatus
from cashier_app.models.payment import Payment, PaymentEvent, Tender
from cashier_app.services.customers.names import NOBODY, account_names, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import guarded_event
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


class EventState(StrEnum):
    """An event in one word, the gravest first."""

    UNBALANCED = "UNBALANCED"
    UNFROZEN = "UNFROZEN"
    CANCELED = "CANCELED"
    RECORDED = "RECORDED"
    """Taken at a branch; the server distributes and freezes it."""
    FROZEN = "FROZEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """A payment event in a list."""

    event_id: int
    kind: str
    state: EventState
    at: datetime
    pay_date: date
    account_id: int
    """Of the payor of the first tender, or of the first payment."""
    account_number: str
    name: str
    currency: str
    amount: int
    """What came into the drawer: all its tenders, canceled ones included, less cash back."""
    unbalanced_by: int
    receipt_number: str
    tender_types: tuple[str, ...]
    taken_by: str


_EVENTS = Statement(
    select(
        PaymentEvent.id,
        PaymentEvent.kind,
        PaymentEvent.pay_date,
        PaymentEvent.currency,
        PaymentEvent.receipt_number,
        PaymentEvent.unbalanced_by,
        PaymentEvent.created_at,
        PaymentEvent.created_by,
    ).where(among(PaymentEvent.id, "ids"))
)
_TENDERS = Statement(
    select(Tender.event_id, Tender.tender_type, Tender.amount, Tender.status, Tender.payor_account_id)
    .where(among(Tender.event_id, "ids"))
    .order_by(Tender.id)
)
_PAYMENTS = Statement(
    select(Payment.event_id, Payment.account_id, Payment.status)
    .where(among(Payment.event_id, "ids"))
    .order_by(Payment.id)
)
_LATEST_TENDERS = Statement(
    select(Tender.event_id)
    .where(Tender.tender_control_id == bindparam("control_id"))
    .order_by(Tender.id.desc())
    .limit(bindparam("most"))
)
# Conditions of partial indexes are written out, so that the indexes serve.
_UNBALANCED = guarded_event(
    select(PaymentEvent.id)
    .where(text("payment_event.unbalanced_by <> 0"))
    .order_by(PaymentEvent.created_at, PaymentEvent.id)
    .limit(bindparam("most")),
    PaymentEvent.id,
)
_UNFROZEN = guarded_event(
    select(Payment.event_id)
    .where(text("payment.status IN ('INCOMPLETE', 'ERROR', 'FREEZABLE')"))
    .order_by(Payment.event_id)
    .distinct()
    .limit(bindparam("most")),
    Payment.event_id,
)
_TENDERS_PER_EVENT = 4
"""Enough for nearly every event, so that one look at the drawer's latest tenders finds its latest events."""
PENDING = frozenset((PaymentStatus.INCOMPLETE, PaymentStatus.ERROR, PaymentStatus.FREEZABLE))


def todays_events(store: Store, config: Configuration, control_id: int, limit: int = 20) -> tuple[EventLine, ...]:
    """The latest events of a drawer, newest first: all of them, for whoever counts it; customers of others nameless."""
    tenders = store.all(_LATEST_TENDERS, control_id=control_id, most=limit * _TENDERS_PER_EVENT)
    return event_lines(store, config, list(dict.fromkeys(row.event_id for row in tenders))[:limit])


def unbalanced_events(store: Store, config: Configuration, limit: int = 100) -> tuple[EventLine, ...]:
    """Events whose tenders and payments differ, oldest first: each must be made to balance."""
    return event_lines(store, config, [row.id for row in store.all(_UNBALANCED, most=limit)])


def unfrozen_events(store: Store, config: Configuration, limit: int = 100) -> tuple[EventLine, ...]:
    """Events with a payment that is not frozen yet, by key."""
    return event_lines(store, config, [row.event_id for row in store.all(_UNFROZEN, most=limit)])


def event_lines(store: Store, _config: Configuration, event_ids: Sequence[int]) -> tuple[EventLine, ...]:
    """Events as lists show them, in the order given; a customer whom another office keeps is not named."""
    if not event_ids:
        return ()
    ids = list(event_ids)
    events = {row.id: row for row in store.all(_EVENTS, ids=ids)}
    tenders = _by_event(ids, store.all(_TENDERS, ids=ids))
    payments = _by_event(ids, store.all(_PAYMENTS, ids=ids))
    account_of = {event_id: _account(tenders[event_id], payments[event_id]) for event_id in ids}
    accounts = account_names(store, account_of.values())
    users = user_names(store)
    return tuple(
        EventLine(
            event_id=event.id,
            kind=event.kind,
            state=state_of(event.unbalanced_by, tenders[event.id], payments[event.id]),
            at=event.created_at,
            pay_date=event.pay_date,
            account_id=account_of[event.id],
            account_number=accounts.get(account_of[event.id], NOBODY).number,
            name=accounts.get(account_of[event.id], NOBODY).name,
            currency=event.currency,
            amount=sum(tender.amount for tender in tenders[event.id]),
            unbalanced_by=event.unbalanced_by,
            receipt_number=event.receipt_number or "",
            tender_types=tuple(dict.fromkeys(t.tender_type for t in tenders[event.id] if t.amount > 0)),
            taken_by=users.get(event.created_by, ""),
        )
        for event in (events[event_id] for event_id in ids if event_id in events)
    )


def state_of(unbalanced_by: int, tenders: Iterable[Any], payments: Iterable[Any]) -> EventState:
    """An event in one word, the gravest first."""
    if unbalanced_by:
        return EventState.UNBALANCED
    statuses = {payment.status for payment in payments}
    if statuses & PENDING:
        return EventState.UNFROZEN
    if PaymentStatus.RECORDED in statuses:
        return EventState.RECORDED
    if PaymentStatus.FROZEN in statuses:
        return EventState.FROZEN
    canceled = all(tender.status == TenderStatus.CANCELED for tender in tenders)
    return EventState.CANCELED if canceled or statuses else EventState.UNFROZEN


def _by_event(event_ids: Iterable[int], rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {event_id: [] for event_id in event_ids}
    for row in rows:
        found[row.event_id].append(row)
    return found


def _account(tenders: Sequence[Any], payments: Sequence[Any]) -> int:
    if tenders:
        return int(tenders[0].payor_account_id)
    return int(payments[0].account_id) if payments else 0
