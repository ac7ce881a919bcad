"""Whose customers somebody may see (S1 p.5; R reliability T10).

An account that has an access group is kept by one office: only users with a data access role that includes the group
see it. An account without one is open to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from cashier_app.domain.errors import refuse

EVERY_GROUP = "*"
"""Stands for all access groups, those of tomorrow included."""


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody who looks may see."""

    groups: frozenset[str]
    """Access groups; `EVERY_GROUP` for all."""

    @property
    def everything(self) -> bool:
        """Whether nothing is kept from them."""
        return EVERY_GROUP in self.groups

    def may_see(self, access_group: str) -> bool:
        """Whether they may see an account of this group; empty means none."""
        return not access_group or self.everything or access_group in self.groups

    def need(self, access_group: str, field: str = "account_id") -> None:
        """Refuse with SEC-031 whoever may not see an account of this group."""
        if not self.may_see(access_group):
            refuse_elsewhere(field)


def refuse_elsewhere(field: str = "account_id") -> NoReturn:
    """Refuse with SEC-031 an account that whoever asks may not see."""
    refuse(
        "SEC-031",
        "This account is kept by another office. Ask somebody there, or for a data access role that includes it.",
        field,
    )


EVERYTHING = Access(frozenset((EVERY_GROUP,)))
"""Of the installation's own programs: batch, verification, whoever reaches the ledger's files."""

OPEN_ONLY = Access(frozenset())
"""Of a user without data access role, and of nobody at all."""
