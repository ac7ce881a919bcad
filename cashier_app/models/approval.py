"""Requests that somebody approve an adjustment, with what became of them (R adjustments 6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Flag, Instant, Key


class ApprovalRequest(Base):
    """Asks for the approval of one adjustment, or of both halves of a transfer.

    What it says of the adjustment is as it was when it was submitted: a rejected adjustment is deleted.
    """

    __tablename__ = "approval_request"
    __table_args__ = options(Index(None, "status"), *within_bounds("amount"))

    id: Mapped[int] = key()
    adjustment_id: Mapped[int] = mapped_column(Key, index=True)
    """The half that decides, of a transfer."""
    other_half_id: Mapped[int | None] = mapped_column(Key)
    approval_profile: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    level: Mapped[int] = mapped_column()
    """Which level is asked, from 1; 0 where nobody need approve."""
    adjustment_type: Mapped[str] = mapped_column(Code)
    account_id: Mapped[int] = refers("account.id", index=True)
    sa_id: Mapped[int] = refers("service_agreement.id")
    amount: Mapped[int] = money()
    currency: Mapped[str] = mapped_column(Code)
    comment: Mapped[str] = mapped_column(Code, server_default="")
    requested_by: Mapped[int] = mapped_column(Key)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    reject_reason: Mapped[str] = mapped_column(Code, server_default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class ApprovalLevel(Base):
    """One role that must approve; fixed when the request began, whatever is set up afterwards."""

    __tablename__ = "approval_level"
    __table_args__ = options(sqlite_with_rowid=False)

    request_id: Mapped[int] = refers("approval_request.id", primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(Code)
    """Whose members approve it; another one once it was escalated."""
    outcome: Mapped[str] = mapped_column(Code, server_default="")
    """APPROVED or REJECTED; empty while it is open."""
    to_do_id: Mapped[int | None] = mapped_column(Key)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    reminders: Mapped[int] = mapped_column(server_default="0")
    escalated: Mapped[bool] = mapped_column(Flag, server_default="0")
    decided_by: Mapped[int | None] = mapped_column(Key)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class ApprovalNote(Base):
    """A line of the log of a request; only ever added."""

    __tablename__ = "approval_note"

    id: Mapped[int] = key()
    request_id: Mapped[int] = refers("approval_request.id", index=True)
    level: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(Code)
    user_id: Mapped[int] = mapped_column(Key)
    """0: the installation's own programs."""
    noted_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Code, server_default="")
