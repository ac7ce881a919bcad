"""Mistakes in a scenario file: each with its code, its line and what would be accepted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Self

from cashier_app.domain.errors import Problem, RuleViolation

NOT_READABLE = "SCN-001"
"""The file is missing, too large or no YAML."""
WRONG_SHAPE = "SCN-002"
"""A key is unknown or missing, or a list stands where a mapping belongs."""
WRONG_VALUE = "SCN-003"
"""An amount, a date, a number is not one."""
NAME_TAKEN = "SCN-004"
"""Two things, or two keys of one mapping, have the same name."""
UNKNOWN_NAME = "SCN-005"
"""Nothing of this name stands further up."""
UNKNOWN_COMMAND = "SCN-006"
"""There is no such command."""
REFUSED_SET_UP = "SCN-007"
"""The product refuses what the file sets up: package, customers, users."""
BACK_IN_TIME = "SCN-008"
"""Steps run forward in time."""
ONE_LEDGER_EACH = "SCN-009"
"""Every scenario begins with an empty ledger."""


class Mistake(Exception):  # noqa: N818  # it states a fact about a file
    """One mistake, raised where reading cannot go on; a `Mistakes` collects it."""

    def __init__(self, code: str, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.line = line
        self.sentence = sentence


class Mistakes:
    """Collects what is wrong in one file, so that all of it is told at once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: list[Mistake] = []

    def add(self, code: str, line: int, sentence: str) -> None:
        """Note a mistake and go on reading."""
        self._found.append(Mistake(code, line, sentence))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> bool:
        """`with mistakes:` collects a Mistake and goes on behind the block."""
        if isinstance(problem, Mistake):
            self._found.append(problem)
            return True
        return False

    def raise_all(self) -> None:
        """Refuse the file for all of them, by line; do nothing where there are none."""
        if self._found:
            raise refusal(self.path, self._found)


def refusal(path: str, mistakes: Iterable[Mistake]) -> RuleViolation:
    """The refusal of a file; the field of each problem is `file:line`."""
    ordered = sorted(mistakes, key=lambda mistake: mistake.line)
    return RuleViolation(Problem(each.code, each.sentence, f"{path}:{each.line}") for each in ordered)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A half sentence with what was probably meant, or with all there is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"There are: {', '.join(names)}." if names else "There are none."
