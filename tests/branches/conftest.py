"""A server and its branches; what must always hold of each is looked at after every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.branches.copies import Branch, beside
from tests.builders import Ledger
from tests.support.ledgers import ledger, no_ledger_stays_open, pytest_pyfunc_call

__all__ = ["branch", "ledger", "no_ledger_stays_open", "pytest_pyfunc_call"]


@pytest.fixture
def branch(ledger: Ledger, tmp_path: Path) -> Iterator[Branch]:
    """A branch of the ledger, whose own proof must hold at the end."""
    with beside(ledger, tmp_path) as found:
        yield found
