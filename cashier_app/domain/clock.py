"""Time comes in from outside (design D7): one business date and one instant per command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

Day = date


class Clock(Protocol):
    """Whoever tells the time: the machine, a test or the simulator."""

    def now(self) -> datetime:
        """The instant, aware and in UTC."""
        ...

    def business_date(self) -> date:
        """The day under which work is booked; it may differ from the calendar of the machine."""
        ...


class SystemClock:
    """The machine's clock. `business_date` stays fixed when one is given at start."""

    def __init__(self, business_date: date | None = None) -> None:
        self._business_date = business_date

    def now(self) -> datetime:
        return datetime.now(UTC)

    def business_date(self) -> date:
        return self._business_date or datetime.now().astimezone().date()


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move."""

    instant: datetime = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
    date: Day | None = None
    """The business date where it is not the instant's."""

    def now(self) -> datetime:
        return self.instant

    def business_date(self) -> Day:
        return self.date or self.instant.date()

    def advance(self, **by: float) -> None:
        """Move forward, in the words of `timedelta`."""
        self.instant += timedelta(**by)
