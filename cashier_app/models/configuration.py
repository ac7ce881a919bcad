"""Control tables as stored: every record of every table is one row with its content as JSON.

The shape of a record is a class of `domain.configuration`; a new control table needs no migration
(docs/decisions/0004).
"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cashier_app.models.base import Base, refers
from cashier_app.models.types import Code, Count


class ControlRecord(Base):
    """One record of one control table."""

    __tablename__ = "control_record"

    table_name: Mapped[str] = mapped_column(Code, primary_key=True)
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    content: Mapped[str] = mapped_column(Code)


class ConfigurationState(Base):
    """A single row whose version grows with every change of configuration or rights."""

    __tablename__ = "configuration_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Count)
    ledger: Mapped[str] = mapped_column(Code, server_default="")
    """A random name that no other ledger has, given when it is installed; a restored backup keeps it."""


class HouseAgreementLink(Base):
    """The agreement that a house agreement of the configuration stands for."""

    __tablename__ = "house_agreement_link"

    code: Mapped[str] = mapped_column(Code, primary_key=True)
    sa_id: Mapped[int] = refers("service_agreement.id")


class NumberSeries(Base):
    """A counter without gaps, raised in the transaction that uses the number (R reliability D9)."""

    __tablename__ = "number_series"

    code: Mapped[str] = mapped_column(Code, primary_key=True)
    last_number: Mapped[int] = mapped_column(Count)
