"""Promise P7 in small; `make soak` runs the same functions at full size."""

from __future__ import annotations

import pytest

from tests.builders import Ledger
from tests.soak.contention import KINDS, is_exact, many_writers, skews


@pytest.mark.slow
def test_programs_on_one_drawer_lose_no_payment_and_no_number(ledger: Ledger):
    assert is_exact(many_writers(ledger, 3, 20), 60)


@pytest.mark.slow
def test_of_two_supervisors_who_exclude_each_other_one_succeeds(ledger: Ledger):
    assert list(skews(ledger, 4 * len(KINDS))) == []
