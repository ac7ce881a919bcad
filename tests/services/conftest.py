"""A ledger for tests of services, and the checks that follow every one of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.builders import OPEN_LEDGERS, Ledger, a_ledger
from tests.checkers import check
from tests.services.offices import Offices, two_offices


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Whatever a test did, what must always hold still does."""
    answer = yield
    for ledger in OPEN_LEDGERS:
        if not ledger.unchecked:
            check(ledger.url)
    return answer


@pytest.fixture(autouse=True)
def _no_ledger_stays_open() -> Iterator[None]:
    OPEN_LEDGERS.clear()
    yield
    for ledger in OPEN_LEDGERS:
        ledger.close()
    OPEN_LEDGERS.clear()


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    """The demo utility with its people, on both databases."""
    return a_ledger(database_url)


@pytest.fixture
def offices(ledger: Ledger) -> Offices:
    """Two offices with a drawer and a customer each."""
    return two_offices(ledger)
