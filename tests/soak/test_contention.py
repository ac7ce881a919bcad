"""Promise P7 at its full size (R reliability P7)."""

from __future__ import annotations

import pytest

from tests.builders import Ledger, a_ledger
from tests.checkers import check
from tests.soak.contention import is_exact, many_writers, skews

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    return a_ledger(database_url)


def test_eight_writers_lose_nothing_in_eight_thousand_payments(ledger: Ledger):
    assert is_exact(many_writers(ledger, 8, 1000), 8000)
    check(ledger.url)
    ledger.close()


def test_two_supervisors_never_both_succeed_in_four_hundred_trials(ledger: Ledger):
    assert list(skews(ledger, 400)) == []
    check(ledger.url)
    ledger.close()
