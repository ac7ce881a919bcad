"""When the transactions of a match event cover each other (R billing 18)."""

from __future__ import annotations

import pytest

from cashier_app.domain.matching import Matched, may_be_disputed, status_of


@pytest.mark.parametrize(
    ("members", "disputed", "status", "disputable"),
    [
        # agreement, amount                disputed  is          may be disputed
        ([(1, 100)], False, "OPEN", True),
        ([(1, 100), (1, -100)], False, "BALANCED", True),
        ([(1, 100), (1, -60)], False, "OPEN", True),
        ([(1, 100), (1, -60), (1, -40)], False, "BALANCED", True),
        ([(1, 100), (2, -100)], False, "OPEN", False),  # each agreement for itself
        ([(1, 100), (1, -100), (2, 5), (2, -5)], False, "BALANCED", True),
        ([(1, 100), (1, -100)], True, "OPEN", True),  # nothing is settled before the dispute has ended
        ([(1, 100), (1, -130)], True, "OPEN", False),
        ([], False, "OPEN", True),
    ],
)
def test_it_balances_where_each_agreement_comes_to_nothing(members, disputed, status, disputable):
    matched = [Matched(ft_id, *member) for ft_id, member in enumerate(members)]
    assert status_of(matched, disputed=disputed) == status
    assert may_be_disputed(matched) is disputable
