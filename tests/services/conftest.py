"""A ledger for tests of services, and the checks that follow every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Ledger
from tests.services.approvals.office import with_approvers
from tests.services.offices import Offices, two_offices
from tests.support.databases import Databases
from tests.support.ledgers import ledger, no_ledger_stays_open, pytest_pyfunc_call

__all__ = ["ledger", "no_ledger_stays_open", "office_url", "offices", "pytest_pyfunc_call"]


@pytest.fixture
def office_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The demo utility with approvers."""
    with databases.copy_of(with_approvers, tmp_path) as url:
        yield url


@pytest.fixture
def offices(ledger: Ledger) -> Offices:
    """Two offices with a drawer and a customer each."""
    return two_offices(ledger)
