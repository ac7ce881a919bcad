"""Match events of open-item accounts: financial transactions that cover each other (S1 p.62; R billing 18)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cashier_app.domain.lifecycles import MatchEventStatus


class Matched(NamedTuple):
    """A financial transaction in a match event: what is matched is its effect on the current balance."""

    ft_id: int
    sa_id: int
    amount: int


def sums_by_agreement(members: Iterable[Matched]) -> dict[int, int]:
    """What the transactions come to on each agreement."""
    sums: dict[int, int] = {}
    for member in members:
        sums[member.sa_id] = sums.get(member.sa_id, 0) + member.amount
    return sums


def status_of(members: Iterable[Matched], *, disputed: bool) -> MatchEventStatus:
    """Balanced where debits and credits of each agreement cancel out; in dispute nothing is settled yet."""
    sums = sums_by_agreement(members)
    is_balanced = bool(sums) and not any(sums.values()) and not disputed
    return MatchEventStatus.BALANCED if is_balanced else MatchEventStatus.OPEN


def may_be_disputed(members: Iterable[Matched]) -> bool:
    """Whether something is charged on each agreement: nobody disputes what they were given."""
    return all(amount >= 0 for amount in sums_by_agreement(members).values())
