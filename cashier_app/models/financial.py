"""The ledger: financial transactions and their GL lines (R billing 2-4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, key, money, options, refers, within_bounds
from cashier_app.models.types import Code, Day, Flag, Instant, Key

_DEBT_COLUMNS = (
    "sa_id",
    "arrears_date",
    "id",
    "current_amount",
    "reverses_ft_id",
    "frozen_at",
    "match_event_id",
)
"""Whatever the walk over open debts asks for, so that it never reads the FTs themselves."""
_DEBT = text("current_amount > 0 AND reverses_ft_id IS NULL")
_REVERSAL = text("reverses_ft_id IS NOT NULL")
_MATCHED = text("match_event_id IS NOT NULL")


class FinancialTransaction(Base):
    """The effect on an agreement's current and payoff balance and on the books.

    Once frozen it is never changed but for the few columns that `models.protection` lists;
    canceling adds its reversal (S1 p.57-59).
    """

    __tablename__ = "financial_transaction"
    __table_args__ = options(
        # An agreement's history in order of time: keys of several nodes say nothing about it.
        Index(None, "sa_id", "frozen_at", "id"),
        Index("ix_ft_debt", *_DEBT_COLUMNS, sqlite_where=_DEBT, postgresql_where=_DEBT),
        Index("uq_ft_reversal", "reverses_ft_id", unique=True, sqlite_where=_REVERSAL, postgresql_where=_REVERSAL),
        Index("ix_ft_match_event", "match_event_id", sqlite_where=_MATCHED, postgresql_where=_MATCHED),
        Index(None, "source_id"),
        Index(None, "accounting_date"),
        CheckConstraint("current_amount <= 0 OR arrears_date IS NOT NULL OR reverses_ft_id IS NOT NULL", name="ages"),
        *within_bounds("current_amount", "payoff_amount"),
    )

    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Code)
    source_id: Mapped[int] = mapped_column(Key)
    """The payment segment, adjustment or bill segment that owns it."""
    reverses_ft_id: Mapped[int | None] = refers("financial_transaction.id")
    sa_id: Mapped[int] = refers("service_agreement.id")
    currency: Mapped[str] = mapped_column(Code)
    cis_division: Mapped[str] = mapped_column(Code)
    gl_division: Mapped[str] = mapped_column(Code)
    current_amount: Mapped[int] = money()
    payoff_amount: Mapped[int] = money()
    accounting_date: Mapped[date] = mapped_column(Day)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_by: Mapped[int | None] = mapped_column(Key)
    arrears_date: Mapped[date | None] = mapped_column(Day)
    """When ageing starts; the last day of the calendar while no bill has shown the charge. Only debits age."""
    new_charge: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))
    bill_id: Mapped[int | None] = mapped_column(Key)
    correction: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))
    show_on_bill: Mapped[bool] = mapped_column(Flag, server_default=text("'1'"))
    redundant: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))
    not_in_arrears: Mapped[bool] = mapped_column(Flag, server_default=text("'0'"))
    gl_status: Mapped[str] = mapped_column(Code)
    """G: for the general ledger. Which run took it follows from its key (decision 23)."""
    gl_date: Mapped[date | None] = mapped_column(Day)
    match_event_id: Mapped[int | None] = refers("match_event.id")
    """With what it covers each other; only of open-item accounts."""
    journal_id: Mapped[int] = mapped_column(Key)
    """The command that made it."""
    algorithm: Mapped[str] = mapped_column(Code)
    """The algorithm that decided it, with the date of its parameters."""


class GlLine(Base):
    """One side of the journal entry of an FT: debit positive, credit negative."""

    __tablename__ = "gl_line"
    __table_args__ = options(*within_bounds("amount"), sqlite_with_rowid=False)

    ft_id: Mapped[int] = refers("financial_transaction.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    distribution_code: Mapped[str] = mapped_column(Code)
    amount: Mapped[int] = money()
    gl_account: Mapped[str | None] = mapped_column(Code)
    statistic_quantity: Mapped[int | None] = mapped_column(Key)
