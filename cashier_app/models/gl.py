"""What went to the general ledger: runs, their chunks of FTs, what they booked, the files (S1 p.47, R batch 4).

Which FT went with which run is not written to a million FTs: keys of a node rise in the order of its commands, so a
chunk is a span of keys, and the few FTs that had to wait are named one by one (decision 22).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Count, Day, Instant, Key

_IS_WAITING = text("sent_run_id IS NULL")


class GlRun(Base):
    """One handing-over of frozen FTs to the general ledger."""

    __tablename__ = "gl_run"
    __table_args__ = options(UniqueConstraint("number"))

    id: Mapped[int] = key()
    number: Mapped[int] = mapped_column(Count)
    """1, 2, 3 …: what people call it and what the file says."""
    batch_code: Mapped[str] = mapped_column(Code)
    """The installation's at the time (S1 p.41)."""
    business_date: Mapped[date] = mapped_column(Day)
    status: Mapped[str] = mapped_column(Code)
    """`services.general_ledger.runs.GlRunStatus`."""
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_by: Mapped[int] = mapped_column(Key)
    ft_count: Mapped[int] = mapped_column(Count, server_default="0")
    """Control totals, when it is closed."""
    held_count: Mapped[int] = mapped_column(Count, server_default="0")
    line_count: Mapped[int] = mapped_column(Count, server_default="0")
    to_do_id: Mapped[int | None] = mapped_column(Key)
    """What tells somebody to set accounts up, where FTs wait for them."""


class GlChunk(Base):
    """A part of a run that is staged by one command: FTs of a span of keys, or such as had to wait before."""

    __tablename__ = "gl_chunk"
    __table_args__ = options(Index(None, "first_ft_id"))

    run_id: Mapped[int] = refers("gl_run.id", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Code)
    """NEW: every FT of the span that `gl_held` does not name. HELD: those that `gl_held` says it sent."""
    first_ft_id: Mapped[int] = mapped_column(Key)
    last_ft_id: Mapped[int] = mapped_column(Key)
    status: Mapped[str] = mapped_column(Code)
    """WAITING or STAGED."""
    ft_count: Mapped[int] = mapped_column(Count, server_default="0")
    """FTs that it sends."""
    held_count: Mapped[int] = mapped_column(Count, server_default="0")
    """FTs that it read and left for a later run."""


class GlHeld(Base):
    """An FT that had to wait: its run passed it over, a later one may take it."""

    __tablename__ = "gl_held"
    __table_args__ = options(
        Index("ix_gl_held_waiting", "ft_id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
        Index(None, "sent_run_id", "sent_chunk"),
        sqlite_with_rowid=False,
    )

    ft_id: Mapped[int] = refers("financial_transaction.id", primary_key=True)
    run_id: Mapped[int] = refers("gl_run.id")
    chunk: Mapped[int] = mapped_column(Count)
    reason: Mapped[str] = mapped_column(Code)
    """`services.general_ledger.staging.HeldReason`."""
    sent_run_id: Mapped[int | None] = refers("gl_run.id")
    sent_chunk: Mapped[int | None] = mapped_column(Count)


class GlStaged(Base):
    """What a chunk sends of one distribution code on one day, with the account it was given."""

    __tablename__ = "gl_staged"
    __table_args__ = options(*within_bounds("debit", "credit"), sqlite_with_rowid=False)

    run_id: Mapped[int] = refers("gl_run.id", primary_key=True)
    chunk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gl_division: Mapped[str] = mapped_column(Code)
    accounting_date: Mapped[date] = mapped_column(Day)
    distribution_code: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(Code)
    fiscal_year: Mapped[int] = mapped_column(Count)
    period: Mapped[int] = mapped_column(Count)
    gl_account: Mapped[str] = mapped_column(Code)
    statistic_code: Mapped[str] = mapped_column(Code)
    fund: Mapped[str] = mapped_column(Code)
    algorithm: Mapped[str] = mapped_column(Code)
    """What gave the account, with the date of its parameters."""
    debit: Mapped[int] = money()
    credit: Mapped[int] = money()
    quantity: Mapped[int] = mapped_column(Count)
    """Of the statistic code."""
    line_count: Mapped[int] = mapped_column(Count)


class GlEntry(Base):
    """A line of a run's consolidated journal entry: per division, period, account, statistic code and currency."""

    __tablename__ = "gl_entry"
    __table_args__ = options(
        Index(None, "fiscal_year", "period"), *within_bounds("debit", "credit"), sqlite_with_rowid=False
    )

    run_id: Mapped[int] = refers("gl_run.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gl_division: Mapped[str] = mapped_column(Code)
    fiscal_year: Mapped[int] = mapped_column(Count)
    period: Mapped[int] = mapped_column(Count)
    gl_account: Mapped[str] = mapped_column(Code)
    statistic_code: Mapped[str] = mapped_column(Code)
    fund: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(Code)
    debit: Mapped[int] = money()
    credit: Mapped[int] = money()
    quantity: Mapped[int] = mapped_column(Count)


class GlFile(Base):
    """A file of a run: the layout as it was, and the digest of the bytes that it gives again and again."""

    __tablename__ = "gl_file"

    run_id: Mapped[int] = refers("gl_run.id", primary_key=True)
    layout: Mapped[str] = mapped_column(Code, primary_key=True)
    """Code of the file layout, or CSV."""
    content: Mapped[str] = mapped_column(Code)
    """The layout as JSON: changing the control table does not change what was sent."""
    byte_count: Mapped[int] = mapped_column(Count)
    digest: Mapped[str] = mapped_column(Code)
    """SHA-256 of the file, hexadecimal."""
