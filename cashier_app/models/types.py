"""Column types that mean the same on SQLite (STRICT tables) and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Dialect, Integer, LargeBinary, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from cashier_app.domain.money import LARGEST_AMOUNT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Key = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key (design D6)."""

Count = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number that may grow large."""

Flag = Boolean(create_constraint=False).with_variant(Integer(), "sqlite")
"""True or false; 1 or 0 in SQLite."""

Code = Text
"""A code of a control table or a state."""

Hash = LargeBinary
"""32 bytes of SHA-256."""


class Amount(TypeDecorator[int]):
    """Whole minor units; refuses a float, a Decimal and anything beyond ± 10^15 (R reliability D1)."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        del dialect
        if value is not None and (type(value) is not int or abs(value) > LARGEST_AMOUNT):
            raise TypeError(f"{value!r} is not a whole number of minor units within ± {LARGEST_AMOUNT}")
        return value


class Day(TypeDecorator[date]):
    """A business date: DATE on PostgreSQL, ISO text on SQLite (whose STRICT tables know no dates)."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        del dialect
        return date.fromisoformat(value) if isinstance(value, str) else value


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: TIMESTAMPTZ on PostgreSQL, microseconds since 1970 on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return microseconds(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        return instant_of(value) if isinstance(value, int) else value


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(value: int) -> datetime:
    """The instant of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)
