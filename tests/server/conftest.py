"""A ledger, and a server over it; what must always hold is looked at after every test."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.builders import OPEN_LEDGERS, Ledger, a_ledger
from tests.checkers import check
from tests.server.office import Office, an_office


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Whatever was asked of a server, what must always hold still does."""
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
def office(ledger: Ledger, tmp_path: Path) -> Iterator[Office]:
    """A server over it."""
    with an_office(ledger, tmp_path / "state") as found:
        yield found
