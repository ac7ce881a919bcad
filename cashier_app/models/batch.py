"""Runs of long jobs: notes on how far they are, which no journal has; and their chunks, which are journaled."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, options
from cashier_app.models.types import Code, Count, Day, Instant, Key


class BatchRun(Base):
    """A job that was asked for, how far it is, and what came of it. What it changes, it changes by commands."""

    __tablename__ = "batch_run"
    __table_args__ = options(Index(None, "status"), Index(None, "requested_at"))

    id: Mapped[str] = mapped_column(Code, primary_key=True)
    """32 hexadecimal digits, chosen by who asks: the same again is the same run."""
    kind: Mapped[str] = mapped_column(Code)
    """The job."""
    batch_code: Mapped[str] = mapped_column(Code)
    """The batch control that it was started from."""
    status: Mapped[str] = mapped_column(Code)
    """`services.batch.run_records.RunStatus`."""
    parameters: Mapped[str] = mapped_column(Code)
    """As JSON."""
    user_id: Mapped[int] = mapped_column(Key)
    worker: Mapped[str] = mapped_column(Code)
    """The node that does it."""
    attempt: Mapped[int] = mapped_column(Count, server_default="0")
    """How often it was begun or taken up: whoever did so before the last one has lost it."""
    seen_at: Mapped[int] = mapped_column(Count, server_default="0")
    """When its worker was last heard of, in seconds by the database's own clock."""
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


class BatchPlan(Base):
    """A run that was split into chunks: what is to be done, with which parameters, for which day (design D14)."""

    __tablename__ = "batch_plan"
    __table_args__ = options(UniqueConstraint("batch_code", "number"))

    run_id: Mapped[str] = mapped_column(Code, primary_key=True)
    """The run's; the command that planned it has the same id."""
    batch_code: Mapped[str] = mapped_column(Code)
    """Of the batch control."""
    job: Mapped[str] = mapped_column(Code)
    """What is done, also where the control says something else by now."""
    number: Mapped[int] = mapped_column(Count)
    """1, 2, 3 … of the control: what people call it, and what its output is stamped with (R batch 1)."""
    parameters: Mapped[str] = mapped_column(Code)
    """As JSON."""
    business_date: Mapped[date] = mapped_column(Day)
    status: Mapped[str] = mapped_column(Code)
    """`services.batch.chunks.PlanStatus`."""
    planned_at: Mapped[datetime] = mapped_column(Instant)
    planned_by: Mapped[int] = mapped_column(Key)
    chunks: Mapped[int] = mapped_column(Count)
    units_done: Mapped[int] = mapped_column(Count, server_default="0")
    """Control totals, when it is finished."""
    units_in_error: Mapped[int] = mapped_column(Count, server_default="0")


class BatchChunk(Base):
    """A part of a run that one command does. Its state commits with its work, so that it is done once or not at all."""

    __tablename__ = "batch_chunk"

    run_id: Mapped[str] = mapped_column(Code, ForeignKey("batch_plan.run_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_key: Mapped[int] = mapped_column(Key)
    last_key: Mapped[int] = mapped_column(Key)
    """The units of the chunk are those with keys from the first to the last."""
    status: Mapped[str] = mapped_column(Code)
    """`services.batch.chunks.ChunkStatus`."""
    units_done: Mapped[int] = mapped_column(Count, server_default="0")
    units_in_error: Mapped[int] = mapped_column(Count, server_default="0")
    totals: Mapped[str] = mapped_column(Code, server_default="")
    """What the job counts, by name, as JSON."""


class BatchError(Base):
    """A unit of a run that could not be done: it was left as it was, and the run went on (R batch 1)."""

    __tablename__ = "batch_error"
    __table_args__ = options(ForeignKeyConstraint(["run_id", "number"], ["batch_chunk.run_id", "batch_chunk.number"]))

    run_id: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the chunk."""
    unit: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Code)
    message: Mapped[str] = mapped_column(Code)
