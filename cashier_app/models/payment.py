"""Payment events with their tenders, payments and segments (R payments 1)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Count, Day, Flag, Instant, Key

_PENDING = text("status IN ('INCOMPLETE', 'ERROR', 'FREEZABLE')")
"""Payments that are not frozen yet: few, and each waits for somebody."""
_HAS_MICR = text("micr <> ''")


class PaymentEvent(Base):
    """One occasion on which somebody hands over value."""

    __tablename__ = "payment_event"
    __table_args__ = options(
        UniqueConstraint("receipt_number"),
        Index(
            "ix_payment_event_unbalanced",
            "unbalanced_by",
            sqlite_where=text("unbalanced_by <> 0"),
            postgresql_where=text("unbalanced_by <> 0"),
        ),
    )

    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Code)
    pay_date: Mapped[date] = mapped_column(Day)
    currency: Mapped[str] = mapped_column(Code)
    receipt_number: Mapped[str | None] = mapped_column(Code)
    """Given when the event freezes; kept when it is canceled (R payments 9.1)."""
    unbalanced_by: Mapped[int] = money(0)
    """Valid tenders less live payments; kept, and proven by `verify`."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(Key)
    note: Mapped[str] = mapped_column(Code, server_default="")


class Tender(Base):
    """What was handed over; belongs to a drawer."""

    __tablename__ = "tender"
    __table_args__ = options(
        Index(None, "event_id"),
        Index(None, "tender_control_id", "id"),
        Index(None, "payor_account_id"),
        Index("ix_tender_micr", "micr", sqlite_where=_HAS_MICR, postgresql_where=_HAS_MICR),
        *within_bounds("amount"),
    )

    id: Mapped[int] = key()
    event_id: Mapped[int] = refers("payment_event.id")
    payor_account_id: Mapped[int] = refers("account.id")
    tender_type: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    """In the event's currency; negative for cash back and for a drawer that is short."""
    tender_control_id: Mapped[int | None] = refers("tender_control.id")
    status: Mapped[str] = mapped_column(Code)
    applies_to_tender_type: Mapped[str | None] = mapped_column(Code)
    cash_back_of: Mapped[int | None] = refers("tender.id")
    amount_tendered: Mapped[int | None] = money()
    amount_change: Mapped[int | None] = money()
    reference: Mapped[str] = mapped_column(Code, server_default="")
    """Check number or the like."""
    micr: Mapped[str] = mapped_column(Code, server_default="")
    """Routing and account number of a check, a blank between them: who paid with it before can be found."""
    remitter: Mapped[str] = mapped_column(Code, server_default="")
    cancel_reason: Mapped[str | None] = mapped_column(Code)
    cancel_bank_account: Mapped[str | None] = mapped_column(Code)
    canceled_at: Mapped[datetime | None] = mapped_column(Instant)
    canceled_by: Mapped[int | None] = mapped_column(Key)
    canceled_after_balance: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))


class Payment(Base):
    """The part of an event given to one account."""

    __tablename__ = "payment"
    __table_args__ = options(
        Index(None, "event_id"),
        Index(None, "account_id"),
        Index("ix_payment_pending", "account_id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        *within_bounds("amount"),
    )

    id: Mapped[int] = key()
    event_id: Mapped[int] = refers("payment_event.id")
    account_id: Mapped[int] = refers("account.id")
    amount: Mapped[int] = money()
    currency: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    error_message: Mapped[str] = mapped_column(Code, server_default="")
    distributed_by: Mapped[str] = mapped_column(Code, server_default="")
    """The algorithms that placed it, with the dates of their parameters, or MANUAL."""
    cancel_reason: Mapped[str | None] = mapped_column(Code)
    transferred_from: Mapped[int | None] = refers("payment.id")


class PaymentSegment(Base):
    """The part of a payment given to one agreement. Segments of a frozen payment never change."""

    __tablename__ = "payment_segment"
    __table_args__ = options(
        Index(None, "payment_id"), CheckConstraint("amount <> 0", name="not_empty"), *within_bounds("amount")
    )

    id: Mapped[int] = key()
    payment_id: Mapped[int] = refers("payment.id")
    sa_id: Mapped[int] = refers("service_agreement.id")
    amount: Mapped[int] = money()


class ReceiptPrint(Base):
    """Each time a receipt was printed; all but the first that came out are copies."""

    __tablename__ = "receipt_print"
    __table_args__ = options(Index(None, "event_id"))

    id: Mapped[int] = key()
    event_id: Mapped[int] = refers("payment_event.id")
    copy: Mapped[int] = mapped_column(Count)
    """0 for the original."""
    printed_at: Mapped[datetime] = mapped_column(Instant)
    printed_by: Mapped[int] = mapped_column(Key)


class ReceiptPrintFailure(Base):
    """A print that did not come out: it does not count, or the customer's only receipt would be marked COPY."""

    __tablename__ = "receipt_print_failure"

    print_id: Mapped[int] = refers("receipt_print.id", primary_key=True)
    problem: Mapped[str] = mapped_column(Code)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[int] = mapped_column(Key)
