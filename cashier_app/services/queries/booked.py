"""What the server made of a payment event that a branch took, in words for the branch's cashier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cashier_app.domain.lifecycles import PaymentStatus
from cashier_app.services.branches.booked import SUSPENSE, Booked, BookedPayment, booked_event
from cashier_app.services.customers.names import NOBODY, account_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.transactions import describe_type


class BookedState(StrEnum):
    """What became of an event at the server, the gravest first."""

    SUSPENDED = "SUSPENDED"
    """Some of its money could not be booked as it was taken, and waits there for somebody."""
    CANCELED = "CANCELED"
    BOOKED = "BOOKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedShare:
    """What an agreement got."""

    sa_id: int
    description: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedRow:
    """A payment as the server has it."""

    payment_id: int
    account_number: str
    name: str
    amount: int
    status: str
    is_replaced: bool
    """Its money went to suspense instead."""
    in_suspense: bool
    """It took the place of one that could not be booked."""
    shares: tuple[BookedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedView:
    """An event as the server has it. Amounts are minor units of the event's currency."""

    state: BookedState
    payments: tuple[BookedRow, ...]
    reasons: tuple[str, ...]
    """Why money of it went to suspense."""


def booked_at_server(store: Store, config: Configuration, event_id: int) -> BookedView | None:
    """What the server made of an event; nothing while it has not been heard of, or where this is no branch."""
    booked = booked_event(store, event_id)
    if booked is None:
        return None
    names = account_names(store, [payment.account_id for payment in booked.payments])
    suspended = {payment.transferred_from for payment in booked.payments if _replaces(payment, booked)}
    rows = tuple(
        BookedRow(
            payment_id=payment.payment_id,
            account_number=payment.account_number,
            name=names.get(payment.account_id, NOBODY).name,
            amount=payment.amount,
            status=payment.status,
            is_replaced=payment.payment_id in suspended,
            in_suspense=payment.transferred_from in suspended,
            shares=tuple(
                BookedShare(sa_id=part.sa_id, description=describe_type(config, part.sa_type), amount=part.amount)
                for part in payment.segments
            ),
        )
        for payment in booked.payments
    )
    return BookedView(state=_state(rows), payments=rows, reasons=booked.reasons)


def _replaces(payment: BookedPayment, booked: Booked) -> bool:
    replaced = next((other for other in booked.payments if other.payment_id == payment.transferred_from), None)
    return replaced is not None and replaced.cancel_reason == SUSPENSE


def _state(rows: tuple[BookedRow, ...]) -> BookedState:
    if all(row.status == PaymentStatus.CANCELED for row in rows):
        return BookedState.CANCELED
    return BookedState.SUSPENDED if any(row.in_suspense for row in rows) else BookedState.BOOKED
