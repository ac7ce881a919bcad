"""The oracle of the back office: what its people have on paper of adjustments, approvals and the general ledger.

Like the rest of the oracle it changes only when a command was acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cashier_app.domain.lifecycles import AdjustmentStatus, ApprovalStatus

ON_HOLD = frozenset({AdjustmentStatus.INCOMPLETE, AdjustmentStatus.FREEZABLE})
"""An adjustment that does not count yet."""
SUPERVISORS_DO = {"sue": ("ADJ-CREDIT", "ADJ-LEVEL-1"), "stan": ("ADJ-CREDIT", "ADJ-LEVEL-2")}
APPROVERS = {**SUPERVISORS_DO, "oscar": ("ADJ-LEVEL-1", "ADJ-LEVEL-2")}
"""Whose To Do roles are whose."""


def approvers_of(cents: int) -> tuple[str, ...]:
    """The roles that approve an amount one after the other, as the utility has it on paper (profile FEES)."""
    if cents < 0:
        return ("ADJ-CREDIT",)
    if cents <= 1_000:  # noqa: PLR2004
        return ()
    return ("ADJ-LEVEL-1",) if cents <= 10_000 else ("ADJ-LEVEL-1", "ADJ-LEVEL-2")  # noqa: PLR2004


@dataclass(eq=False)
class Request:
    """A request for approval as submitter and approvers were told of it."""

    id: int
    by: str
    roles: tuple[str, ...]
    status: ApprovalStatus
    level: int
    settled_by: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Somebody is asked."""
        return self.status is ApprovalStatus.IN_PROGRESS

    @property
    def asked(self) -> str:
        """The role that is asked now."""
        return self.roles[self.level - 1]


@dataclass(eq=False)
class Paper:
    """An adjustment, or both halves of a transfer."""

    ids: tuple[int, ...]
    accounts: tuple[int, ...]
    amounts: tuple[int, ...]
    """In cents, of each half."""
    governed: bool
    """It freezes only once it is approved."""
    status: AdjustmentStatus
    request: Request | None = None
    is_gone: bool = False
    """Deleted, or rejected."""

    @property
    def is_submitted(self) -> bool:
        """It waits for an approval."""
        return self.request is not None and self.request.is_open


@dataclass
class GlRun:
    """A run of the general ledger that is not closed yet."""

    id: int
    chunks: int
    staged: int = 0


@dataclass
class Accountant:
    """Everything the back office has on paper, since the machine was set up."""

    papers: list[Paper] = field(default_factory=list)
    run: GlRun | None = None
    closed: list[int] = field(default_factory=list)
    """Runs that were handed to the general ledger and are not compared yet."""
    sent: set[int] = field(default_factory=set)
    """Financial transactions that the general ledger has been told of."""
    marking: list[Any] = field(default_factory=list)
    """Commands that are still to come of a run that marks what cancels out."""
    touched: dict[int, Paper] = field(default_factory=dict)
    entries: list[tuple[int, str]] = field(default_factory=list)
    """Open entries on the work list when somebody looked at it last, with their roles."""

    def touch(self, *papers: Paper) -> None:
        """Remember what the step concerned, for the checks after it."""
        for paper in papers:
            self.touched[paper.ids[0]] = paper

    def those(self, *statuses: AdjustmentStatus) -> list[Paper]:
        """Papers in these states that nobody must approve now."""
        return [p for p in self.papers if p.status in statuses and not p.is_gone and not p.is_submitted]

    @property
    def submitted(self) -> list[Paper]:
        """What waits for an approval."""
        return [paper for paper in self.papers if paper.is_submitted]

    def wanted_entries(self) -> list[tuple[int, str]]:
        """Each open request has one entry, for the role that is asked; nothing else has any."""
        asked = [paper.request for paper in self.submitted if paper.request]
        return sorted((request.id, request.asked) for request in asked)

    def hand_over(self, fts: Iterable[int]) -> list[int]:
        """What the general ledger is told of; returns what it has been told of before."""
        told = list(fts)
        twice = [ft for ft in told if ft in self.sent]
        self.sent.update(told)
        return twice
