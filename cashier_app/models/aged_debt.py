"""The company's debt by day as it was at one moment: derived, so that a chart need not read a million agreements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, money
from cashier_app.models.types import Code, Day, Instant


class DebtPicture(Base):
    """When the totals were taken, and how far each workstation's keys reached then. There is one at most."""

    __tablename__ = "debt_picture"

    taken_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    reached: Mapped[str] = mapped_column(Code)
    """JSON: last key by node. What came later is read when the totals are asked for."""


class DebtPictureTotal(Base):
    """What all agreements together owed of one day."""

    __tablename__ = "debt_picture_total"

    currency: Mapped[str] = mapped_column(Code, primary_key=True)
    arrears_date: Mapped[date] = mapped_column(Day, primary_key=True)
    amount: Mapped[int] = money()
