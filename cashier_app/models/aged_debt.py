"""The company's debt by day as it was at one moment: derived, so that a chart need not read a million agreements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, money
from cashier_app.models.types import Code, Day, Instant, Key


class DebtPicture(Base):
    """When the totals were taken, and how far each workstation's keys reached then. There is one at most."""

    __tablename__ = "debt_picture"

    taken_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    reached: Mapped[str] = mapped_column(Code)
    """JSON: last key by node. What came later is read when the totals are asked for."""


class DebtPictureTotal(Base):
    """What all agreements together owed of one day; what is disputed has the first day of the calendar."""

    __tablename__ = "debt_picture_total"

    currency: Mapped[str] = mapped_column(Code, primary_key=True)
    arrears_date: Mapped[date] = mapped_column(Day, primary_key=True)
    amount: Mapped[int] = money()


class DebtPictureMatched(Base):
    """What an agreement with match events owed of one day: what was matched then cannot be asked for later."""

    __tablename__ = "debt_picture_matched"

    sa_id: Mapped[int] = mapped_column(Key, primary_key=True)
    arrears_date: Mapped[date] = mapped_column(Day, primary_key=True)
    amount: Mapped[int] = money()
