"""A ledger for tests of services, and the checks that follow every one of them."""

from __future__ import annotations

import pytest

from tests.builders import Ledger
from tests.services.offices import Offices, two_offices
from tests.support.ledgers import ledger, no_ledger_stays_open, pytest_pyfunc_call

__all__ = ["ledger", "no_ledger_stays_open", "offices", "pytest_pyfunc_call"]


@pytest.fixture
def offices(ledger: Ledger) -> Offices:
    """Two offices with a drawer and a customer each."""
    return two_offices(ledger)
