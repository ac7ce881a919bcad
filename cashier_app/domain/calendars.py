"""Fiscal periods: which dates belong together, and when their books are open (S1 p.46)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from cashier_app.domain.control_fields import described


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One fiscal period of a calendar."""

    year: int
    number: int
    begin: date
    end: date
    open_from: date
    """First business date on which postings to this period are accepted."""
    open_to: date
    """Last such date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingCalendar:
    """Turns an accounting date into a fiscal period (S1 p.46)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    periods: tuple[Period, ...] = described("Periods", "Cover every day, without overlap or gap.", default=())
    monthly_years: tuple[int, ...] = described(
        "Monthly years", "First and last year laid out as calendar months.", default=()
    )
    days_open_after: int = described("Days open after", "How long a month stays open after its end.", default=10)

    def all_periods(self) -> tuple[Period, ...]:
        """The periods written out, with those that `monthly_years` stands for."""
        months = (
            [
                self._month(year, month)
                for year in range(self.monthly_years[0], self.monthly_years[-1] + 1)
                for month in range(1, 13)
            ]
            if self.monthly_years
            else []
        )
        return tuple(sorted((*self.periods, *months), key=lambda period: period.begin))

    def _month(self, year: int, month: int) -> Period:
        begin = date(year, month, 1)
        end = date(year, month, calendar.monthrange(year, month)[1])
        return Period(
            year=year,
            number=month,
            begin=begin,
            end=end,
            open_from=begin,
            open_to=end + timedelta(self.days_open_after),
        )
