"""What a run came to, told as data; pieces of a run add up to the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """What a run came to."""

    seed: int
    days: int = 0
    """Cashier-days: days times drawers."""
    steps: int = 0
    faults: int = 0
    lost: int = 0
    doubled: int = 0
    violations: int = 0
    restarts: int = 0
    refusals: int = 0
    verifications: int = 0
    seconds: float = 0.0
    first_violation: str = ""
    first_violation_step: int = 0
    """In its piece."""
    first_violation_piece: int = 0
    """Playing this piece alone replays it."""
    heads: list[str] = field(default_factory=list)
    """Where the journal of each ledger ended."""
    faults_of_kind: Counter[str] = field(default_factory=Counter)
    violations_after: Counter[str] = field(default_factory=Counter)
    """By the fault that struck last before."""
    accepted: Counter[str] = field(default_factory=Counter)
    """Acknowledged commands by name."""
    refused: Counter[str] = field(default_factory=Counter)
    """Refusals by code."""
    last_fault = ""
    """That struck in this piece; not told."""

    def struck(self, kind: str) -> None:
        """A fault happens."""
        self.faults += 1
        self.faults_of_kind[kind] += 1
        self.last_fault = kind

    def note(self, kind: str, sentence: str, piece: int) -> None:
        """A violation: something that must never happen has happened."""
        self.violations += 1
        self.lost += kind == "lost"
        self.doubled += kind == "doubled"
        self.violations_after[self.last_fault or "nothing"] += 1
        if not self.first_violation:
            self.first_violation, self.first_violation_step, self.first_violation_piece = sentence, self.steps, piece

    def add(self, piece: Report) -> None:
        """The next piece of the same run."""
        for name in _ADDED:
            setattr(self, name, getattr(self, name) + getattr(piece, name))
        if piece.first_violation and not self.first_violation:
            self.first_violation, self.first_violation_step = piece.first_violation, piece.first_violation_step
            self.first_violation_piece = piece.first_violation_piece


_ADDED = (
    "days",
    "steps",
    "faults",
    "lost",
    "doubled",
    "violations",
    "restarts",
    "refusals",
    "verifications",
    "heads",
    "faults_of_kind",
    "violations_after",
    "accepted",
    "refused",
)
