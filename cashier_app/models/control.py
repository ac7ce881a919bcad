"""Drawers and deposits: tender controls, counts, turn-ins, deposit controls, reports."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Count, Day, Flag, Hash, Instant, Key


class DepositControl(Base):
    """Tender controls that go to the bank together: one source type, one currency (S1 p.108)."""

    __tablename__ = "deposit_control"
    __table_args__ = options(Index(None, "status"))

    id: Mapped[int] = key()
    source_type: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    business_date: Mapped[date] = mapped_column(Day)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(Key)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(Key)


class TenderControl(Base):
    """One balancing period of a drawer or of a batch (R payments 2.3)."""

    __tablename__ = "tender_control"
    __table_args__ = options(
        Index(None, "deposit_control_id"),
        Index(None, "owner_id"),
        Index(None, "business_date"),
        Index(
            "uq_tender_control_live",
            "tender_source",
            unique=True,
            sqlite_where=text("status <> 'BALANCED'"),
            postgresql_where=text("status <> 'BALANCED'"),
        ),
    )

    id: Mapped[int] = key()
    tender_source: Mapped[str] = mapped_column(Code)
    deposit_control_id: Mapped[int] = refers("deposit_control.id")
    status: Mapped[str] = mapped_column(Code)
    owner_id: Mapped[int | None] = mapped_column(Key)
    """Empty where all users may use it."""
    currency: Mapped[str] = mapped_column(Code)
    starting_balance: Mapped[int] = money()
    starting_tender_type: Mapped[str] = mapped_column(Code)
    business_date: Mapped[date] = mapped_column(Day)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(Key)
    balanced_at: Mapped[datetime | None] = mapped_column(Instant)
    balanced_by: Mapped[int | None] = mapped_column(Key)
    system_created: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))
    batch_reference: Mapped[str | None] = mapped_column(Code)
    notes: Mapped[str] = mapped_column(Code, server_default="")


class TenderControlTotal(Base):
    """What a drawer should hold per tender type; kept with every tender and proven by `verify`.

    amount_expected = starting balance + counted tenders - turn-ins (R payments 2.5).
    """

    __tablename__ = "tender_control_total"
    __table_args__ = options(*within_bounds("amount_expected"), sqlite_with_rowid=False)

    tender_control_id: Mapped[int] = refers("tender_control.id", primary_key=True)
    tender_type: Mapped[str] = mapped_column(Code, primary_key=True)
    amount_expected: Mapped[int] = money()
    tender_count: Mapped[int] = mapped_column(Count)


class DrawerCount(Base):
    """A count of a drawer, at opening, turn-in or close; the first is kept (R reliability C3)."""

    __tablename__ = "drawer_count"
    __table_args__ = options(Index(None, "tender_control_id"))

    id: Mapped[int] = key()
    tender_control_id: Mapped[int] = refers("tender_control.id")
    purpose: Mapped[str] = mapped_column(Code)
    """OPENING, TURN_IN or CLOSING."""
    attempt: Mapped[int] = mapped_column()
    """1 for the first count of its purpose."""
    counted_at: Mapped[datetime] = mapped_column(Instant)
    counted_by: Mapped[int] = mapped_column(Key)


class DrawerCountLine(Base):
    """What was counted of a tender type, by denomination where it has any."""

    __tablename__ = "drawer_count_line"
    __table_args__ = options(*within_bounds("amount"))

    count_id: Mapped[int] = refers("drawer_count.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tender_type: Mapped[str] = mapped_column(Code)
    denomination: Mapped[str] = mapped_column(Code, server_default="")
    pieces: Mapped[int] = mapped_column(server_default="0")
    amount: Mapped[int] = money()


class TenderControlCount(Base):
    """The accepted count: snapshot of expected and counted, never changed again (I7)."""

    __tablename__ = "tender_control_count"
    __table_args__ = options(sqlite_with_rowid=False)

    tender_control_id: Mapped[int] = refers("tender_control.id", primary_key=True)
    balancing: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first time it was balanced; one more after each reopening."""
    tender_type: Mapped[str] = mapped_column(Code, primary_key=True)
    amount_expected: Mapped[int] = money()
    amount_counted: Mapped[int] = money()


class TurnIn(Base):
    """Part of a drawer handed to the head cashier during the day (R payments 2.7)."""

    __tablename__ = "turn_in"
    __table_args__ = options(
        Index(None, "tender_control_id"),
        Index(None, "deposit_control_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("received_by <> created_by", name="other_person"),
    )

    id: Mapped[int] = key()
    tender_control_id: Mapped[int] = refers("tender_control.id")
    deposit_control_id: Mapped[int] = refers("deposit_control.id")
    tender_type: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    status: Mapped[str] = mapped_column(Code)
    receipt_number: Mapped[str] = mapped_column(Code)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(Key)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    received_by: Mapped[int | None] = mapped_column(Key)


class DrawerOpening(Base):
    """Each time the drawer sprang open, and why (row A8)."""

    __tablename__ = "drawer_opening"
    __table_args__ = options(Index(None, "tender_control_id"))

    id: Mapped[int] = key()
    tender_control_id: Mapped[int] = refers("tender_control.id")
    event_id: Mapped[int | None] = refers("payment_event.id")
    reason: Mapped[str] = mapped_column(Code)
    """PAYMENT, NO_SALE, TURN_IN, COUNT or PAY_IN_OUT."""
    note: Mapped[str] = mapped_column(Code, server_default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(Key)


class DrawerReport(Base):
    """A numbered Z report: immutable, each hashed over the one before (row A7)."""

    __tablename__ = "drawer_report"
    __table_args__ = options(UniqueConstraint("node_id", "number"), Index(None, "tender_control_id"))

    id: Mapped[int] = key()
    node_id: Mapped[int] = mapped_column(Key)
    number: Mapped[int] = mapped_column(Count)
    tender_control_id: Mapped[int] = refers("tender_control.id")
    content: Mapped[str] = mapped_column(Code)
    previous_hash: Mapped[bytes] = mapped_column(Hash)
    hash: Mapped[bytes] = mapped_column(Hash)
    printed_at: Mapped[datetime] = mapped_column(Instant)


class ControlNote(Base):
    """Why something out of the ordinary was done to a drawer or deposit."""

    __tablename__ = "control_note"

    id: Mapped[int] = key()
    tender_control_id: Mapped[int | None] = refers("tender_control.id", index=True)
    deposit_control_id: Mapped[int | None] = refers("deposit_control.id", index=True)
    kind: Mapped[str] = mapped_column(Code)
    """REOPENED, RESUMED, FORCE_CLOSED, OVER_UNDER or FILE."""
    text: Mapped[str] = mapped_column(Code)
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by: Mapped[int] = mapped_column(Key)


class TenderDeposit(Base):
    """Money of a deposit control on its way to a bank account."""

    __tablename__ = "tender_deposit"
    __table_args__ = options(Index(None, "deposit_control_id"), UniqueConstraint("slip_number"))

    id: Mapped[int] = key()
    deposit_control_id: Mapped[int] = refers("deposit_control.id")
    bank_account: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    slip_number: Mapped[str] = mapped_column(Code)
    deposited_at: Mapped[datetime] = mapped_column(Instant)
    deposited_by: Mapped[int] = mapped_column(Key)
