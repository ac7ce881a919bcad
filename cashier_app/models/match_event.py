"""Match events: which financial transactions of an open-item account cover each other (R billing 18)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, refers
from cashier_app.models.types import Code, Day, Flag, Key

STILL_AGES = text(
    "(financial_transaction.match_event_id IS NULL OR NOT EXISTS (SELECT 1 FROM match_event m "
    "WHERE m.id = financial_transaction.match_event_id AND (m.status = 'BALANCED' OR m.disputed)))"
)
"""Of financial transactions those that age balance-forward: in no match event, or in an open one without dispute."""


class MatchEvent(Base):
    """Transactions of one account; each names its event (`financial_transaction.match_event_id`)."""

    __tablename__ = "match_event"

    id: Mapped[int] = key()
    account_id: Mapped[int] = refers("account.id", index=True)
    status: Mapped[str] = mapped_column(Code)
    disputed: Mapped[bool] = mapped_column(Flag, server_default="0")
    """What it holds does not age, and stays in the balance."""
    dispute_reason: Mapped[str] = mapped_column(Code, server_default="")
    """Also of a dispute that has ended."""
    cancel_reason: Mapped[str] = mapped_column(Code, server_default="")
    created_on: Mapped[date] = mapped_column(Day)
    created_in: Mapped[int] = mapped_column(Key)
    """The command that made it."""
