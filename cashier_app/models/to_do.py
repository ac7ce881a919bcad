"""What people must look into, and what was sent to them about it (R batch 15)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, options, refers
from cashier_app.models.types import Code, Day, Instant, Key


class ToDo(Base):
    """One thing that somebody of a role must look into."""

    __tablename__ = "to_do"
    __table_args__ = options(Index(None, "status", "to_do_type"), Index(None, "request_id"), Index(None, "subject"))

    id: Mapped[int] = key()
    to_do_type: Mapped[str] = mapped_column(Code)
    role: Mapped[str] = mapped_column(Code, server_default="")
    """Whose members see it; empty: everybody."""
    status: Mapped[str] = mapped_column(Code)
    assigned_to: Mapped[int | None] = mapped_column(Key)
    """Who works on it."""
    text: Mapped[str] = mapped_column(Code)
    account_id: Mapped[int | None] = refers("account.id")
    event_id: Mapped[int | None] = refers("payment_event.id", index=True)
    adjustment_id: Mapped[int | None] = mapped_column(Key)
    """May be gone by now: a rejected adjustment is deleted."""
    request_id: Mapped[int | None] = mapped_column(Key)
    """The approval request that waits."""
    subject: Mapped[str] = mapped_column(Code, server_default="")
    """What it is about, in the words of the command that will resolve it: `services.to_do.resolving`."""
    created_on: Mapped[date] = mapped_column(Day)
    created_at: Mapped[datetime] = mapped_column(Instant)
    completed_by: Mapped[int | None] = mapped_column(Key)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_in: Mapped[int | None] = mapped_column(Key)
    """The journal entry of the command that resolved it."""


class ToDoNote(Base):
    """Something that was done with an entry, or said about it."""

    __tablename__ = "to_do_note"

    id: Mapped[int] = key()
    to_do_id: Mapped[int] = refers("to_do.id", index=True)
    user_id: Mapped[int] = mapped_column(Key)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(Code)
    text: Mapped[str] = mapped_column(Code, server_default="")


class OutgoingMail(Base):
    """An e-mail that waits to be sent, or was."""

    __tablename__ = "outgoing_mail"
    __table_args__ = options(Index(None, "sent_at"))

    id: Mapped[int] = key()
    to_do_id: Mapped[int] = refers("to_do.id", index=True)
    user_id: Mapped[int] = mapped_column(Key)
    address: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(Code)
    body: Mapped[str] = mapped_column(Code)
    written_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str] = mapped_column(Code, server_default="")
