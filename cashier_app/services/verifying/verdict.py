"""What verification says: whether all holds, what was looked at, and each breach in a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_OF_A_KIND = 20
"""Breaches of one invariant that are told one by one; of more only the number is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach."""

    code: str
    """The invariant, such as I7 (R reliability 2), or FILE for the database itself."""
    sentence: str
    """What does not hold, with the figures."""
    where: str = ""
    """The table and key concerned."""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}" + (f" [{self.where}]" if self.where else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a verification."""

    ok: bool
    checked: dict[str, int]
    """How much was looked at, by kind."""
    problems: tuple[Finding, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The invariants that are breached."""
        return frozenset(problem.code for problem in self.problems)


@dataclass
class Report:
    """Gathers findings while the ledger is being read."""

    checked: Counter[str] = field(default_factory=Counter)
    _found: list[Finding] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, sentence: str, where: str = "") -> None:
        """Note a breach."""
        self._numbers[code] += 1
        if self._numbers[code] <= MOST_OF_A_KIND:
            self._found.append(Finding(code, sentence, where))

    def include(self, other: Report) -> None:
        """Take over what another reader found."""
        self.checked.update(other.checked)
        for finding in other._found:
            self.add(finding.code, finding.sentence, finding.where)
        for code, number in other._numbers.items():
            self._numbers[code] += max(0, number - MOST_OF_A_KIND)

    def verdict(self) -> Verdict:
        """What it comes to."""
        more = [
            Finding(code, f"There are {number - MOST_OF_A_KIND} more of this kind.")
            for code, number in sorted(self._numbers.items())
            if number > MOST_OF_A_KIND
        ]
        return Verdict(not self._found, dict(sorted(self.checked.items())), (*self._found, *more))
