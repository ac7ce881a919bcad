"""Payment events: one in detail, the strip of today's, and the lists of what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cashier_app.services.configuration import Configuration
from cashier_app.services.queries.transactions import FtFact
from cashier_app.services.store import Store


class EventState(StrEnum):
    """An event in one word, the gravest first."""

    UNBALANCED = "UNBALANCED"
    UNFROZEN = "UNFROZEN"
    CANCELED = "CANCELED"
    FROZEN = "FROZEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """The part of a payment given to one agreement."""

    segment_id: int
    sa_id: int
    sa_type: str
    description: str
    amount: int
    fts: tuple[FtFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A payment of an event."""

    payment_id: int
    account_id: int
    account_number: str
    name: str
    amount: int
    status: str
    error_message: str
    distributed_by: str
    cancel_reason: str
    transferred_from: int | None
    segments: tuple[SegmentRow, ...]
    actions: frozenset[str]
    """Names of commands that its state allows; rights are another matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRow:
    """A tender of an event."""

    tender_id: int
    tender_type: str
    description: str
    amount: int
    """Negative for cash back."""
    amount_tendered: int | None
    """Notes handed over before change."""
    amount_change: int | None
    cash_back_of: int | None
    reference: str
    micr: str
    """All but its last four digits masked."""
    remitter: str
    payor_account_id: int
    payor_number: str
    payor_name: str
    tender_control_id: int | None
    tender_source: str
    control_status: str
    status: str
    cancel_reason: str
    cancel_bank_account: str
    canceled_at: datetime | None
    canceled_by: str
    canceled_after_balance: bool
    actions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRow:
    """A print of the receipt."""

    copy: int
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """A payment event, whole. Amounts are minor units of `currency`."""

    event_id: int
    kind: str
    state: EventState
    info: str
    """The info line (R payments 1.6)."""
    pay_date: date
    currency: str
    receipt_number: str
    amount: int
    """Sum of the payments that were not canceled, or of all payments of a canceled event."""
    unbalanced_by: int
    """Valid tenders less live payments."""
    created_at: datetime
    created_by_id: int
    created_by: str
    note: str
    tenders: tuple[TenderRow, ...]
    payments: tuple[PaymentRow, ...]
    prints: tuple[PrintRow, ...]
    actions: frozenset[str]
    """Names of commands that the event's state allows; rights are another matter."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItemRow:
    """Something that a person must look into."""

    work_item_id: int
    kind: str
    text: str
    created_on: date
    account_id: int | None
    account_number: str
    name: str
    event_id: int | None


def event_detail(store: Store, config: Configuration, event_id: int) -> EventDetail:
    """A payment event with everything in it; refuses with PAY-120."""
    raise NotImplementedError


def todays_events(store: Store, config: Configuration, control_id: int, limit: int = 20) -> tuple[EventLine, ...]:
    """The latest events of a drawer, newest first."""
    raise NotImplementedError


def unbalanced_events(store: Store, config: Configuration, limit: int = 100) -> tuple[EventLine, ...]:
    """Events whose tenders and payments differ, oldest first: each must be made to balance."""
    raise NotImplementedError


def unfrozen_events(store: Store, config: Configuration, limit: int = 100) -> tuple[EventLine, ...]:
    """Events with a payment that is not frozen yet, oldest first."""
    raise NotImplementedError


def work_items(
    store: Store, config: Configuration, limit: int = 100, kind: str | None = None
) -> tuple[WorkItemRow, ...]:
    """What waits for somebody, oldest first."""
    raise NotImplementedError
