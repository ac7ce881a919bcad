"""A ledger, and a server over it; what must always hold is looked at after every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Ledger
from tests.server.office import Office, an_office
from tests.support.ledgers import ledger, no_ledger_stays_open, pytest_pyfunc_call

__all__ = ["ledger", "no_ledger_stays_open", "office", "pytest_pyfunc_call"]


@pytest.fixture
def office(ledger: Ledger, tmp_path: Path) -> Iterator[Office]:
    """A server over it."""
    with an_office(ledger, tmp_path / "state") as found:
        yield found
