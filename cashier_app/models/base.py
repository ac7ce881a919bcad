"""The declarative base: naming of constraints, STRICT tables, the shorthand for columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from cashier_app.domain.money import LARGEST_AMOUNT
from cashier_app.models.types import Amount, Key

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the product."""

    metadata = MetaData(naming_convention=NAMING)
    __table_args__: Any = {"sqlite_strict": True}  # noqa: RUF012  # tables with constraints say their own


def key() -> MappedColumn[int]:
    """The primary key: a 64-bit number that a node hands out."""
    return mapped_column(Key, primary_key=True, autoincrement=False)


def refers(target: str, *, index: bool = False, primary_key: bool = False) -> MappedColumn[Any]:
    """A foreign key; whether it may be empty follows from the annotation."""
    return mapped_column(Key, ForeignKey(target), index=index, primary_key=primary_key, autoincrement=False)


def money(default: int | None = None) -> MappedColumn[Any]:
    """An amount of money in minor units."""
    return mapped_column(Amount, server_default=None if default is None else str(default))


def within_bounds(*columns: str) -> tuple[CheckConstraint, ...]:
    """Checks that amounts stay within ± 10^15 minor units (R reliability I19)."""
    return tuple(
        CheckConstraint(f"{column} BETWEEN -{LARGEST_AMOUNT} AND {LARGEST_AMOUNT}", name=f"{column}_bounds")
        for column in columns
    )


def options(*items: Any, **dialect: Any) -> Any:
    """`__table_args__`: constraints and indexes, then what every table shares."""
    return (*items, {"sqlite_strict": True, **dialect})
