"""Branches: the devices that a server knows, what it got from them, and what a branch keeps of the server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, options, refers
from cashier_app.models.types import Code, Count, Instant, Key

# -- at the server


class Device(Base):
    """A branch workstation that was let in, or waits to be (R reliability T8, T9).

    Its node is its chain of commands; its access groups say whose accounts it may hold.
    """

    __tablename__ = "device"
    __table_args__ = options(UniqueConstraint("node_id"), UniqueConstraint("name"), Index(None, "status"))

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Code)
    """Also the name of its node."""
    node_id: Mapped[int] = refers("node.id")
    status: Mapped[str] = mapped_column(Code)
    """INVITED, ENROLLED or REVOKED."""
    access_groups: Mapped[str] = mapped_column(Code)
    """Codes between blanks; `*` for all."""
    public_key: Mapped[str] = mapped_column(Code, server_default="")
    """Ed25519, base64; empty until it is enrolled."""
    code_hash: Mapped[str] = mapped_column(Code, server_default="")
    """SHA-256 of the enrolment code, hexadecimal; empty once it was used."""
    code_expires: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(Key)


class Delivery(Base):
    """Commands of a branch that arrived together: which, and when by the server's clock (R reliability S8)."""

    __tablename__ = "delivery"
    __table_args__ = options(Index(None, "node_id", "first_sequence"))

    id: Mapped[int] = key()
    node_id: Mapped[int] = refers("node.id")
    first_sequence: Mapped[int] = mapped_column(Count)
    last_sequence: Mapped[int] = mapped_column(Count)
    received_at: Mapped[datetime] = mapped_column(Instant)
    clock_doubt: Mapped[str] = mapped_column(Code, server_default="")
    """Why the branch's times are doubted; empty when they fit. They are flagged, not corrected (R reliability P16)."""


# -- at the branch

GIVEN_UP = "-"
"""The access group of an account that is not the branch's any more, and stays only because its own payments name it."""


class BranchLink(Base):
    """The one row that makes a database a branch's: where the server is, and how far each side knows the other."""

    __tablename__ = "branch_link"

    id: Mapped[int] = key()
    """Always 1."""
    server_url: Mapped[str] = mapped_column(Code)
    server_id: Mapped[str] = mapped_column(Code)
    """The server's ledger, so that no other is taken for it."""
    device_id: Mapped[int] = mapped_column(Key)
    node_id: Mapped[int] = refers("node.id")
    confirmed: Mapped[int] = mapped_column(Count)
    """Sequence up to which the server has this node's commands; what comes after is the outbox."""
    cursor: Mapped[str] = mapped_column(Code, server_default="")
    """How far the server's changes are known."""
    directory_after: Mapped[int | None] = mapped_column(Key)
    """While the directory is being fetched: the last account that has arrived. Empty once it is whole."""
    contact_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the server last answered."""
    alarm: Mapped[str] = mapped_column(Code, server_default="")
    """Why nothing is sent any more; empty when all is well."""


class OpenDebt(Base):
    """What is left of an agreement's charges, as the server had it (design D12)."""

    __tablename__ = "open_debt"

    sa_id: Mapped[int] = refers("service_agreement.id", primary_key=True)
    pieces: Mapped[str] = mapped_column(Code)
    """`[[amount, arrears date], …]` as JSON, newest first."""


class BookedEvent(Base):
    """What the server made of an event that was taken here: payments and segments, as JSON."""

    __tablename__ = "booked_event"

    event_id: Mapped[int] = refers("payment_event.id", primary_key=True)
    content: Mapped[str] = mapped_column(Code)


class KeptSeal(Base):
    """A seal of another machine's chain, kept here so that nobody there can cut it unnoticed (R reliability 3.3)."""

    __tablename__ = "kept_seal"

    node_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Count, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(Code)
    """Hexadecimal."""
    sealed_at: Mapped[datetime] = mapped_column(Instant)
