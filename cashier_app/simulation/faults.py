"""What can go wrong in a simulated day, how often, and the seeded choice of what happens next.

The list is the one of the reliability requirements (section 6.1). The rates are data, so that a
run may ask for worse weather, or for one fault only while a failing seed is being narrowed down.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class FaultKind(StrEnum):
    """Everything the simulator may do to the product."""

    POWER_CUT = "power-cut"
    """The machine goes dark at a file operation; what was not synced is kept, dropped or torn."""
    PROCESS_KILLED = "process-killed"
    """The program ends at a file operation; the system keeps everything that was written."""
    DISK_FULL = "disk-full"
    """A write finds no room, perhaps after a part of it was written."""
    READ_ERROR = "read-error"
    WRITE_ERROR = "write-error"
    SYNC_ERROR = "sync-error"
    """A sync fails; the data stays unsynced and a later sync may succeed."""
    SYNC_LOST = "sync-lost"
    """A sync fails and the system forgets what was still to be written, though reading shows it."""

    REQUEST_LOST = "request-lost"
    REPLY_LOST = "reply-lost"
    """The server has done it, the branch does not know."""
    REQUEST_REPEATED = "request-repeated"
    REQUEST_LATE = "request-late"
    """Delivered after later ones, or after the branch gave up waiting."""
    REPLY_LATE = "reply-late"
    REQUEST_FORGED = "request-forged"
    """Somebody on the way changes what is sent, or the line does."""
    PARTITION = "partition"
    """The line of a branch is down for a while."""

    SERVER_CRASH = "server-crash"
    """The server stops after its commit and before its reply."""
    SERVER_RESTORED = "server-restored"
    """The server comes back from an old backup."""

    DOUBLE_CLICK = "double-click"
    """The operator sends the same form twice."""
    TWO_DRAWERS = "two-drawers"
    """A second drawer in the name of one user."""
    CLOCK_JUMP = "clock-jump"
    """The clock of a machine is set wrongly, forwards or backwards."""
    DAYLIGHT_SAVING = "daylight-saving"
    PROGRAM_UPDATE = "program-update"
    """The program is replaced while the outbox is not empty."""


FILE_FAULTS = frozenset(
    {
        FaultKind.POWER_CUT,
        FaultKind.PROCESS_KILLED,
        FaultKind.DISK_FULL,
        FaultKind.READ_ERROR,
        FaultKind.WRITE_ERROR,
        FaultKind.SYNC_ERROR,
        FaultKind.SYNC_LOST,
    }
)
"""The faults that are armed on a `FaultyDisk` and strike at one of its file operations."""

FAULTS_PER_THOUSAND_STEPS: Mapping[FaultKind, int] = {
    FaultKind.POWER_CUT: 60,
    FaultKind.PROCESS_KILLED: 40,
    FaultKind.DISK_FULL: 15,
    FaultKind.READ_ERROR: 10,
    FaultKind.WRITE_ERROR: 15,
    FaultKind.SYNC_ERROR: 15,
    FaultKind.SYNC_LOST: 10,
    FaultKind.REQUEST_LOST: 80,
    FaultKind.REPLY_LOST: 80,
    FaultKind.REQUEST_REPEATED: 60,
    FaultKind.REQUEST_LATE: 40,
    FaultKind.REPLY_LATE: 40,
    FaultKind.REQUEST_FORGED: 4,
    FaultKind.PARTITION: 20,
    FaultKind.SERVER_CRASH: 15,
    FaultKind.SERVER_RESTORED: 1,
    FaultKind.DOUBLE_CLICK: 50,
    FaultKind.TWO_DRAWERS: 10,
    FaultKind.CLOCK_JUMP: 10,
    FaultKind.DAYLIGHT_SAVING: 2,
    FaultKind.PROGRAM_UPDATE: 2,
}
"""Bad weather: more than one fault in two steps, as promise P1 asks for."""

OPERATIONS_OF_ONE_COMMAND = 40
"""File operations one command takes, roughly. A fault is armed to strike within twice that many,
so that every place in a command is met and some faults strike the next command."""

STEPS_IN_A_THOUSAND = 1000


class MachineStopped(BaseException):
    """The simulated machine or program is gone: nothing below the simulator may go on.

    It is no `Exception`, as real code cannot catch the loss of power and go on either. Only the
    simulator catches it, throws every object of that machine away and starts again.
    """

    def __init__(self, fault: FaultKind) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One thing that will go wrong."""

    kind: FaultKind
    after: int
    """For file faults, how many more file operations go well; otherwise 0."""


class FaultPlan:
    """Draws the faults of a run from one generator: same generator, same faults.

    `per_thousand_steps` may name some kinds only; the others then do not happen.
    """

    def __init__(self, rng: random.Random, per_thousand_steps: Mapping[FaultKind, int] | None = None) -> None:
        rates = FAULTS_PER_THOUSAND_STEPS if per_thousand_steps is None else per_thousand_steps
        total = sum(rates.values())
        if total > STEPS_IN_A_THOUSAND or any(rate < 0 for rate in rates.values()):
            raise ValueError("Rates are faults per thousand steps: none below 0, not more than 1000 together.")
        # In the order of the enumeration: the caller's order of keys must not change a run.
        self._kinds = [kind for kind in FaultKind if rates.get(kind)]
        self._bounds = list(accumulate(rates[kind] for kind in self._kinds))
        self._rng = rng

    def brings(self, kind: FaultKind) -> bool:
        """Whether this kind may happen at all."""
        return kind in self._kinds

    def next(self) -> PlannedFault | None:
        """What happens at this step, if anything. Call it once for each step."""
        place = bisect(self._bounds, self._rng.randrange(STEPS_IN_A_THOUSAND))
        if place == len(self._kinds):
            return None
        kind = self._kinds[place]
        after = self._rng.randrange(2 * OPERATIONS_OF_ONE_COMMAND) if kind in FILE_FAULTS else 0
        return PlannedFault(kind, after)


def only(kinds: Iterable[FaultKind], per_thousand_steps: int = 500) -> dict[FaultKind, int]:
    """Rates for these kinds alone, sharing `per_thousand_steps` evenly."""
    wanted = sorted(set(kinds))
    return dict.fromkeys(wanted, per_thousand_steps // len(wanted)) if wanted else {}
