"""Adjustments, what they were calculated from, and the transactions that wait with them (R adjustments 1.4, 2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Day, Flag, Key


class Adjustment(Base):
    """A fee, a correction, an opening receivable: one FT, two once canceled."""

    __tablename__ = "adjustment"
    __table_args__ = options(Index(None, "sa_id"), Index(None, "reference"), *within_bounds("amount", "base_amount"))

    id: Mapped[int] = key()
    sa_id: Mapped[int] = refers("service_agreement.id")
    adjustment_type: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    currency: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    reference: Mapped[str | None] = mapped_column(Code)
    """For an opening receivable, the bill number it had."""
    comment: Mapped[str] = mapped_column(Code, server_default="")
    cancel_reason: Mapped[str | None] = mapped_column(Code)
    adjustment_date: Mapped[date] = mapped_column(Day)
    """The business date on which it was added."""
    base_amount: Mapped[int | None] = money()
    """From what a calculated amount was calculated."""
    arrears_date: Mapped[date | None] = mapped_column(Day)
    """When a charge begins to age, where somebody has said so; else a bill decides."""
    show_on_bill: Mapped[bool] = mapped_column(Flag, server_default="1")
    transfer_id: Mapped[int | None] = mapped_column(Key)
    """The other half of a transfer: what happens to one happens to both."""
    error_message: Mapped[str] = mapped_column(Code, server_default="")
    """Why it could not be generated."""
    suspense_status: Mapped[str] = mapped_column(Code, server_default="NSUS")
    """NSUS not in suspense, SUSP in suspense, RSUS resolved."""
    by_batch: Mapped[bool] = mapped_column(Flag, server_default="0")
    """Made by the installation's own programs: never approved (S1 p.98)."""
    approval_request_id: Mapped[int | None] = mapped_column(Key)
    """The request that asks for its approval; while it is open, nothing of the adjustment changes."""
    approved: Mapped[bool] = mapped_column(Flag, server_default="0")


class AdjustmentLine(Base):
    """One step of a calculation: a base amount, a tax on it."""

    __tablename__ = "adjustment_line"
    __table_args__ = options(*within_bounds("amount"), sqlite_with_rowid=False)

    adjustment_id: Mapped[int] = refers("adjustment.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    description: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    distribution_code: Mapped[str] = mapped_column(Code)
    """Where it is booked if the adjustment's algorithm goes by lines; empty for the adjustment type's code."""
    characteristic: Mapped[str] = mapped_column(Code, server_default="")


class AdjustmentCharacteristic(Base):
    """Something said of one adjustment."""

    __tablename__ = "adjustment_characteristic"
    __table_args__ = options(sqlite_with_rowid=False)

    adjustment_id: Mapped[int] = refers("adjustment.id", primary_key=True)
    characteristic_type: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code)


class UnfrozenFt(Base):
    """A financial transaction that counts for nothing yet (R billing 2.3).

    It stands beside the ledger, not in it: what is in `financial_transaction` is final.
    """

    __tablename__ = "unfrozen_ft"
    __table_args__ = options(*within_bounds("current_amount", "payoff_amount"))

    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Code)
    source_id: Mapped[int] = mapped_column(Key, unique=True)
    """The adjustment that owns it."""
    sa_id: Mapped[int] = refers("service_agreement.id", index=True)
    currency: Mapped[str] = mapped_column(Code)
    current_amount: Mapped[int] = money()
    payoff_amount: Mapped[int] = money()
    accounting_date: Mapped[date] = mapped_column(Day)
    algorithm: Mapped[str] = mapped_column(Code)


class UnfrozenGlLine(Base):
    """One side of its journal entry."""

    __tablename__ = "unfrozen_gl_line"
    __table_args__ = options(*within_bounds("amount"), sqlite_with_rowid=False)

    ft_id: Mapped[int] = refers("unfrozen_ft.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    distribution_code: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
