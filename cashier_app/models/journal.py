"""The journal: which commands were executed, by whom, with what effect; one hash chain per node."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options
from cashier_app.models.types import Code, Count, Day, Hash, Instant, Key


class Node(Base):
    """A writer: a workstation or a server's worker. Hands out keys and keeps one chain."""

    __tablename__ = "node"

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Code, unique=True)
    last_key: Mapped[int] = mapped_column(Count)
    """Counter of the last key handed out."""
    sequence: Mapped[int] = mapped_column(Count)
    """Sequence of the last journal entry."""
    head: Mapped[bytes] = mapped_column(Hash)
    """Hash of the last journal entry; 32 zero bytes before the first."""


class NodeTotal(Base):
    """Grand total and count of the events that became final at a node, never reset (R reliability C8)."""

    __tablename__ = "node_total"

    node_id: Mapped[int] = key()
    currency: Mapped[str] = mapped_column(Code, primary_key=True)
    payment_count: Mapped[int] = mapped_column(Count)
    amount_total: Mapped[int] = money()
    """What was handed over in them, cash back taken off, cancellations not."""


class JournalEntry(Base):
    """One executed command. The key is node and sequence in one (`identifiers.key_of`)."""

    __tablename__ = "journal"
    __table_args__ = options(UniqueConstraint("command_id"), Index(None, "business_date", "name"))

    id: Mapped[int] = key()
    format: Mapped[int] = mapped_column()
    command_id: Mapped[str] = mapped_column(Code)
    """32 hexadecimal digits, chosen by the issuer."""
    name: Mapped[str] = mapped_column(Code)
    user_id: Mapped[int] = mapped_column(Key)
    approver_id: Mapped[int | None] = mapped_column(Key)
    business_date: Mapped[date] = mapped_column(Day)
    executed_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[str] = mapped_column(Code)
    """The command as JSON."""
    result: Mapped[str] = mapped_column(Code)
    """What the caller was told, as JSON."""
    effects: Mapped[str] = mapped_column(Code)
    """Rows written, as JSON: `[[shape, [row, …]], …]`; `journal_shape` names the columns."""
    parts: Mapped[int] = mapped_column(server_default="0")
    """How many rows of `journal_part` continue the effects."""
    changes: Mapped[str] = mapped_column(Code, server_default="[]")
    """What others should look at again, as JSON: `[[kind, key], …]` (see `kernel.work.Change`)."""
    hash: Mapped[bytes] = mapped_column(Hash)


class JournalPart(Base):
    """Effects of a large command, in pieces."""

    __tablename__ = "journal_part"

    journal_id: Mapped[int] = key()
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effects: Mapped[str] = mapped_column(Code)


class JournalShape(Base):
    """What the rows of an effect mean: which table, which columns, inserted or changed."""

    __tablename__ = "journal_shape"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    operation: Mapped[str] = mapped_column(Code)
    """INSERT, or UPDATE by the first column."""
    table_name: Mapped[str] = mapped_column(Code)
    columns: Mapped[str] = mapped_column(Code)


class Seal(Base):
    """The state of a chain at a day's end or at a drawer's balancing; also kept elsewhere."""

    __tablename__ = "seal"

    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Code)
    """DAY or DRAWER."""
    node_id: Mapped[int] = mapped_column(Key)
    sequence: Mapped[int] = mapped_column(Count)
    head: Mapped[bytes] = mapped_column(Hash)
    totals: Mapped[str] = mapped_column(Code)
    """Running count and sum by currency, as JSON."""
    business_date: Mapped[date] = mapped_column(Day)
    sealed_at: Mapped[datetime] = mapped_column(Instant)
