"""Checks that accounts payable is asked to cut, and what it answered (S1 p.122, R batch 5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Count, Day, Instant, Key


class ApRun(Base):
    """One handing-over of check requests to accounts payable."""

    __tablename__ = "ap_run"
    __table_args__ = options(UniqueConstraint("number"))

    id: Mapped[int] = key()
    number: Mapped[int] = mapped_column(Count)
    batch_code: Mapped[str] = mapped_column(Code)
    """The installation's at the time (S1 p.41)."""
    business_date: Mapped[date] = mapped_column(Day)
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_by: Mapped[int] = mapped_column(Key)
    request_count: Mapped[int] = mapped_column(Count)
    layout: Mapped[str] = mapped_column(Code)
    """The file layout as JSON: changing the control table does not change what was sent."""
    byte_count: Mapped[int] = mapped_column(Count)
    digest: Mapped[str] = mapped_column(Code)
    """SHA-256 of the file, hexadecimal."""


class CheckRequest(Base):
    """A check to be cut for a frozen adjustment."""

    __tablename__ = "check_request"
    __table_args__ = options(
        UniqueConstraint("adjustment_id"), Index(None, "status", "cut_date"), *within_bounds("amount")
    )

    id: Mapped[int] = key()
    adjustment_id: Mapped[int] = refers("adjustment.id")
    account_id: Mapped[int] = refers("account.id", index=True)
    request_type: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    currency: Mapped[str] = mapped_column(Code)
    payee: Mapped[str] = mapped_column(Code)
    """The main customer's name when it was asked for; an A/P file says what was asked for, for ever."""
    address: Mapped[str] = mapped_column(Code)
    payment_method: Mapped[str] = mapped_column(Code)
    tax_category: Mapped[str] = mapped_column(Code, server_default="")
    """Interest or miscellaneous income, where the adjustment's type says so (S1 p.91)."""
    cut_date: Mapped[date] = mapped_column(Day)
    """Date of the adjustment and the request type's due days (S1 p.122)."""
    status: Mapped[str] = mapped_column(Code)
    """`lifecycles.CheckStatus`."""
    ap_run_id: Mapped[int | None] = refers("ap_run.id", index=True)
    document_number: Mapped[str] = mapped_column(Code, server_default="")
    """Of the check, once it was paid."""
    document_date: Mapped[date | None] = mapped_column(Day)


class CheckResponse(Base):
    """A row of a file in which accounts payable answered, and what came of it; kept for ever."""

    __tablename__ = "check_response"
    __table_args__ = options(UniqueConstraint("file_digest", "line"), Index(None, "request_id"))

    id: Mapped[int] = key()
    file_name: Mapped[str] = mapped_column(Code)
    file_digest: Mapped[str] = mapped_column(Code)
    line: Mapped[int] = mapped_column(Count)
    """Number of the line in its file."""
    request_id: Mapped[int | None] = refers("check_request.id")
    content: Mapped[str] = mapped_column(Code)
    """The row as it came, as JSON."""
    outcome: Mapped[str] = mapped_column(Code)
    """The state it led to, or EXCEPTION."""
    problem: Mapped[str] = mapped_column(Code, server_default="")
    """Why it is an exception: code and sentence."""
