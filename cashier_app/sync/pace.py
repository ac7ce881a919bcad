"""When to ask the server next: at once while there is more, every few seconds otherwise, ever less often while down."""

from __future__ import annotations

from random import Random
from typing import Final

LOOK_SECONDS: Final = 5.0
"""Between two looks while nothing happens here."""
LONGEST_SECONDS: Final = 30.0
_FIRST_SECONDS: Final = 1.0


class Pace:
    """The rhythm of one branch. Branches that lost the same server do not all come back in the same second."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or Random()  # noqa: S311  # spreads load, guards nothing
        self._failures = 0

    def after_success(self, *, more: bool) -> float:
        """Seconds to wait after a step that went well."""
        self._failures = 0
        return 0.0 if more else LOOK_SECONDS

    def after_failure(self) -> float:
        """Seconds to wait after a step that did not: twice as long each time, between half of it and the whole."""
        longest = min(LONGEST_SECONDS, _FIRST_SECONDS * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        return self._random.uniform(longest / 2, longest)

    def start_afresh(self) -> None:
        """Somebody wants it tried now: the next failure is the first again."""
        self._failures = 0
