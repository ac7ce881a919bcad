"""Control tables changed at a window: records are replaced whole, and checked together with all others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.codec import to_plain


def stored(**tables: Iterable[Any]) -> LoadConfiguration:
    """The command that adds or replaces these records: `stored(accounting_calendar=[calendar])`."""
    return LoadConfiguration(tables={name: tuple(map(to_plain, records)) for name, records in tables.items()})
