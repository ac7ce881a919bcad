"""Asking a ledger as a screen does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.kernel.reading import reading
from tests.builders import Ledger

Ask = Callable[..., Any]
"""Calls a query with store and configuration before its own arguments."""


@pytest.fixture
def ask(ledger: Ledger) -> Ask:
    def asked(query: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        with reading(ledger.database, access=EVERYTHING) as store:
            return query(store, ledger.door.current_config(store), *arguments, **more)

    return asked
