"""Simulated time: one true time, and the clock of each machine, which may be wrong.

Nothing here reads the real time. A `SimulatedClock` is the `Clock` that the services are given.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

FIRST_MORNING = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
"""A Monday, the first working day of a year, when offices on the west coast are about to open."""

_HOUR = timedelta(hours=1)
_HOURS_OF_A_YEAR = 366 * 24


class TrueTime:
    """The time that no machine knows for certain. It only goes forwards."""

    def __init__(self, start: datetime = FIRST_MORNING) -> None:
        if start.tzinfo is None:
            raise ValueError("The true time needs its time zone.")
        self._instant = start.astimezone(UTC)

    @property
    def instant(self) -> datetime:
        """Now, in UTC."""
        return self._instant

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        if by < timedelta(0):
            raise ValueError("The true time does not go backwards; set the clock of a machine wrongly instead.")
        self._instant += by


class SimulatedClock:
    """The clock of one machine: the true time, plus the error it was set with.

    The business date is the local calendar day unless the operator has fixed another one.
    """

    def __init__(self, true_time: TrueTime, zone: tzinfo = UTC, error: timedelta = timedelta(0)) -> None:
        self._true_time = true_time
        self._zone = zone
        self._error = error
        self._fixed_date: date | None = None

    def now(self) -> datetime:
        """The instant this machine believes in, aware and in UTC."""
        return self._true_time.instant + self._error

    def local_now(self) -> datetime:
        """The same instant as the clock on the wall shows it."""
        return self.now().astimezone(self._zone)

    def business_date(self) -> date:
        """The day under which work is booked on this machine."""
        return self._fixed_date or self.local_now().date()

    @property
    def error(self) -> timedelta:
        """How wrong this clock is; positive when it is ahead."""
        return self._error

    def jump(self, by: timedelta) -> None:
        """Set this clock wrongly, forwards or backwards, without time passing."""
        self._error += by

    def correct(self) -> None:
        """Set this clock right."""
        self._error = timedelta(0)

    def fix_business_date(self, day: date | None) -> None:
        """Book under this day from now on, or under the calendar day again."""
        self._fixed_date = day

    def until_daylight_saving_change(self) -> timedelta | None:
        """How long until the wall clock skips or repeats an hour; None where it does not within a year.

        Letting that much time pass lands exactly on the change, to the hour.
        """
        start = self.now().replace(minute=0, second=0, microsecond=0)
        offset = start.astimezone(self._zone).utcoffset()
        for hours in range(1, _HOURS_OF_A_YEAR):
            instant = start + hours * _HOUR
            if instant.astimezone(self._zone).utcoffset() != offset:
                return instant - self.now()
        return None
