"""Ledgers that tests open, and what must hold of each after every test. For the conftest of a folder to import."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.builders import OPEN_LEDGERS, Ledger, a_ledger
from tests.checkers import check

__all__ = ["ledger", "no_ledger_stays_open", "pytest_pyfunc_call"]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Whatever a test did, what must always hold still does."""
    answer = yield
    for ledger in OPEN_LEDGERS:
        if not ledger.unchecked:
            check(ledger.url)
    return answer


@pytest.fixture(autouse=True)
def no_ledger_stays_open() -> Iterator[None]:
    OPEN_LEDGERS.clear()
    yield
    for ledger in OPEN_LEDGERS:
        ledger.close()
    OPEN_LEDGERS.clear()


@pytest.fixture
def ledger(ledger_url: str) -> Ledger:
    """The demo utility with its people, on both databases."""
    return a_ledger(ledger_url)
