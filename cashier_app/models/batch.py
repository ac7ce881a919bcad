"""Runs of long jobs: operational notes, no part of the ledger and not in its journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, options
from cashier_app.models.types import Code, Count, Instant, Key


class BatchRun(Base):
    """A job that was asked for, how far it is, and what came of it. What it changes, it changes by commands."""

    __tablename__ = "batch_run"
    __table_args__ = options(Index(None, "status"), Index(None, "requested_at"))

    id: Mapped[str] = mapped_column(Code, primary_key=True)
    """32 hexadecimal digits, chosen by who asks: the same again is the same run."""
    kind: Mapped[str] = mapped_column(Code)
    status: Mapped[str] = mapped_column(Code)
    """`services.batch.run_records.RunStatus`."""
    parameters: Mapped[str] = mapped_column(Code)
    """As JSON."""
    user_id: Mapped[int] = mapped_column(Key)
    worker: Mapped[str] = mapped_column(Code)
    """The node that does it."""
    requested_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[int] = mapped_column(Count, server_default="0")
    total: Mapped[int] = mapped_column(Count, server_default="0")
    """0 where nobody knows how much there is to do."""
    message: Mapped[str] = mapped_column(Code, server_default="")
    """Why it was refused, failed or interrupted."""
    result: Mapped[str] = mapped_column(Code, server_default="")
    """What came of it, as JSON."""
