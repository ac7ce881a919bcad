"""Everything that can go wrong, as one tree.

    CashierError
    ├── RuleViolation          the operator can act: coded problems, all found at once
    │   └── NeedsConfirmation  may go on once the operator has confirmed the codes
    ├── StaleData              somebody else changed it meanwhile: reload
    └── EnvironmentProblem     database away, printer out of paper, disk full

Anything else is our own bug. A code never changes its meaning; `docs/errors.md` lists them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in a sentence that says what would be accepted."""

    code: str
    """Stable code, such as PAY-021."""
    sentence: str
    """What is wrong and what to do, in the operator's words."""
    field: str = ""
    """Which input it concerns; empty for the whole."""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class CashierError(Exception):
    """The root of everything foreseen."""

    problems: tuple[Problem, ...] = ()


class RuleViolation(CashierError):  # noqa: N818  # what it is, not that it is one
    """The command was refused and nothing has changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all problems, in their order."""
        return tuple(problem.code for problem in self.problems)


class NeedsConfirmation(RuleViolation):
    """Only warnings stand in the way: send the command again with these codes confirmed."""


class StaleData(RuleViolation):
    """Somebody else changed the thing meanwhile; look at it again."""


class EnvironmentProblem(CashierError):  # noqa: N818  # named after what happened
    """Not the operator's doing and not a rule: the disk, the line, the database."""

    def __init__(self, code: str, sentence: str) -> None:
        self.problems = (Problem(code, sentence),)
        super().__init__(f"{code}: {sentence}")

    @property
    def code(self) -> str:
        """The one code."""
        return self.problems[0].code


def refuse(code: str, sentence: str, field: str = "") -> NoReturn:
    """Refuse for one reason."""
    raise RuleViolation((Problem(code, sentence, field),))


def require(condition: object, code: str, sentence: str, field: str = "") -> None:
    """Refuse unless the condition holds."""
    if not condition:
        refuse(code, sentence, field)


def raise_all(problems: Iterable[Problem]) -> None:
    """Refuse for all reasons at once; do nothing where there are none."""
    found = tuple(problems)
    if found:
        raise RuleViolation(found)
