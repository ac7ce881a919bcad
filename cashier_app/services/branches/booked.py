"""What became of events that a branch took: read at the server, kept at the branch, shown to the cashier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from cashier_app.domain.identifiers import key_of, node_of
from cashier_app.models.customer import Account, ServiceAgreement
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.models.sync import BookedEvent
from cashier_app.models.to_do import ToDo
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store

SUSPENSE = "SUSPENSE"
"""To Do type, and reason under which a recorded payment was replaced."""

_EVENTS = Statement(select(PaymentEvent.id).where(among(PaymentEvent.id, "ids")).order_by(PaymentEvent.id))
_PAYMENTS = Statement(
    select(
        Payment.event_id,
        Payment.id,
        Payment.account_id,
        Account.number,
        Payment.amount,
        Payment.status,
        Payment.cancel_reason,
        Payment.transferred_from,
    )
    .join(Account, Account.id == Payment.account_id)
    .where(among(Payment.event_id, "ids"))
    .order_by(Payment.event_id, Payment.id)
)
_SEGMENTS = Statement(
    select(
        Payment.event_id,
        PaymentSegment.payment_id,
        PaymentSegment.sa_id,
        ServiceAgreement.sa_type,
        PaymentSegment.amount,
    )
    .join(Payment, Payment.id == PaymentSegment.payment_id)
    .join(ServiceAgreement, ServiceAgreement.id == PaymentSegment.sa_id)
    .where(among(Payment.event_id, "ids"))
    .order_by(Payment.event_id, PaymentSegment.id)
)
_TENDERS = Statement(
    select(Tender.event_id, Tender.id, Tender.status)
    .where(among(Tender.event_id, "ids"))
    .order_by(Tender.event_id, Tender.id)
)
_REASONS = Statement(
    select(ToDo.event_id, ToDo.text)
    .where(among(ToDo.event_id, "ids"), ToDo.to_do_type == SUSPENSE)
    .order_by(ToDo.event_id, ToDo.id)
)
_KEPT = Statement(select(BookedEvent.content).where(BookedEvent.event_id == bindparam("event_id")))
_MINE = Statement(
    select(PaymentEvent.id)
    .where(PaymentEvent.id >= bindparam("first"), PaymentEvent.id < bindparam("last"))
    .order_by(PaymentEvent.id.desc())
    .limit(bindparam("most"))
)


class BookedSegment(NamedTuple):
    """What an agreement got."""

    sa_id: int
    sa_type: str
    amount: int


class BookedPayment(NamedTuple):
    """A payment as the server has it."""

    payment_id: int
    account_id: int
    account_number: str
    amount: int
    status: str
    cancel_reason: str | None
    transferred_from: int | None
    """The payment that it replaces, of money that could not be booked as it was taken."""
    segments: tuple[BookedSegment, ...]


class Booked(NamedTuple):
    """An event as the server has it."""

    event_id: int
    payments: tuple[BookedPayment, ...]
    canceled_tenders: tuple[int, ...]
    reasons: tuple[str, ...] = ()
    """Why money of it went to suspense."""


def booked_events(store: Store, event_ids: Iterable[int], node_id: int) -> tuple[Booked, ...]:
    """The events of a branch among those that changed, as they are now."""
    ids = sorted({event_id for event_id in event_ids if node_of(event_id) == node_id})
    if not ids:
        return ()
    segments: dict[int, list[BookedSegment]] = {}
    for row in store.all(_SEGMENTS, ids=ids):
        segments.setdefault(row.payment_id, []).append(BookedSegment(row.sa_id, row.sa_type, row.amount))
    payments: dict[int, list[BookedPayment]] = {}
    for row in store.all(_PAYMENTS, ids=ids):
        payments.setdefault(row.event_id, []).append(BookedPayment._make((*row[1:], tuple(segments.get(row.id, ())))))
    canceled: dict[int, list[int]] = {}
    for row in store.all(_TENDERS, ids=ids):
        if row.status == "CANCELED":
            canceled.setdefault(row.event_id, []).append(row.id)
    reasons: dict[int, list[str]] = {}
    for row in store.all(_REASONS, ids=ids):
        reasons.setdefault(row.event_id, []).append(row.text)
    return tuple(
        Booked(row.id, tuple(payments.get(row.id, ())), tuple(canceled.get(row.id, ())), tuple(reasons.get(row.id, ())))
        for row in store.all(_EVENTS, ids=ids)
    )


def _keeping() -> Statement:
    adding = sqlite.insert(BookedEvent).values(event_id=bindparam("event"), content=bindparam("what"))
    return Statement(
        adding.on_conflict_do_update(index_elements=["event_id"], set_={"content": adding.excluded.content})
    )


_KEEP = _keeping()


def keep_booked(store: Store, events: Iterable[Booked]) -> None:
    """Keep at the branch what the server made of its events."""
    store.apply(_KEEP, ({"event": event.event_id, "what": to_json(event)} for event in events))


def booked_event(store: Store, event_id: int) -> Booked | None:
    """What the server made of an event; nothing while it has not been heard of."""
    content: Any = store.value(_KEPT, event_id=event_id)
    return None if content is None else from_json(content, Booked)


def booked_before(store: Store, node_id: int, event_id: int, most: int) -> tuple[Booked, ...]:
    """A branch's last events before a key, oldest first, for one that cannot rely on what it was told before."""
    rows = store.all(_MINE, first=key_of(node_id, 0), last=event_id, most=most)
    return booked_events(store, (row.id for row in rows), node_id)
