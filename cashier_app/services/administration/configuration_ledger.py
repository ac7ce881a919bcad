"""What must hold of the control tables of the general ledger: calendars without gaps, codes, file layouts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.configuration import Installation, SaType
from cashier_app.domain.errors import Problem
from cashier_app.domain.gl_tables import DistributionCode, FileLayout, FileUse
from cashier_app.services.general_ledger.layouts import names_of
from cashier_app.services.kernel.configuration import Configuration

WRITE_OFF = "WRITE_OFF"
"""Special role of the SA types that take bad debt (S1 p.74)."""


def general_ledger_problems(config: Configuration) -> Iterator[Problem]:
    """Everything that stands in the way, in sentences."""
    for calendar in config.all(AccountingCalendar).values():
        yield from calendar_problems(calendar)
    for code in config.all(DistributionCode).values():
        yield from _code_problems(config, code)
    for layout in config.all(FileLayout).values():
        yield from _layout_problems(layout)
    yield from _use_problems(config)


def calendar_problems(calendar: AccountingCalendar) -> Iterator[Problem]:
    """Periods cover every day once, end after they begin, and are open for some time (S1 p.46)."""
    where = f"accounting_calendar.{calendar.code}"
    periods = calendar.all_periods()
    for period in periods:
        if period.end < period.begin:
            yield Problem("CFG-060", f"{_named(calendar, period)} ends {period.end}, before it begins.", where)
        if period.open_to < period.open_from:
            yield Problem(
                "CFG-061", f"{_named(calendar, period)} is open to {period.open_to}, before it is opened.", where
            )
    for before, after in pairwise(periods):
        if (after.begin - before.end).days != 1:
            what = "overlap" if after.begin <= before.end else "leave a gap"
            yield Problem(
                "CFG-006",
                f"Calendar {calendar.code}: the periods ending {before.end} and beginning {after.begin} {what}.",
                where,
            )
    numbers: set[tuple[int, int]] = set()
    for period in periods:
        if (period.year, period.number) in numbers:
            yield Problem("CFG-062", f"{_named(calendar, period)} is there twice; number each once a year.", where)
        numbers.add((period.year, period.number))


def _named(calendar: AccountingCalendar, period: Period) -> str:
    return f"Calendar {calendar.code}: period {period.number} of {period.year}"


def _code_problems(config: Configuration, code: DistributionCode) -> Iterator[Problem]:
    where = f"distribution_code.{code.code}"
    dates = [detail.effective for detail in code.gl_accounts]
    if len(set(dates)) != len(dates):
        yield Problem("CFG-063", f"Distribution code {code.code} has two GL accounts from the same date on.", where)
    sa_type = config.all(SaType).get(code.write_off_sa_type)
    if sa_type is not None and sa_type.special_role != WRITE_OFF:
        yield Problem(
            "CFG-064",
            f"Distribution code {code.code}: SA type {sa_type.code} cannot take bad debt; choose one whose special "
            f"role is {WRITE_OFF}.",
            f"{where}.write_off_sa_type",
        )


def _layout_problems(layout: FileLayout) -> Iterator[Problem]:
    where = f"file_layout.{layout.code}"
    if not layout.detail:
        yield Problem("CFG-065", f"File layout {layout.code} has no detail record.", f"{where}.detail")
    for record, fields in (("header", layout.header), ("detail", layout.detail), ("trailer", layout.trailer)):
        known = names_of(layout.use, record)
        for field in fields:
            if not field.value.startswith("=") and field.value not in known:
                yield Problem(
                    "CFG-066",
                    f"File layout {layout.code}: {field.value!r} is nothing that a {record} can say; it can say: "
                    f"{', '.join(known)}, or = and a text.",
                    f"{where}.{record}",
                )
            if not layout.delimiter and field.width < 1:
                yield Problem(
                    "CFG-067",
                    f"File layout {layout.code}: {field.value!r} needs a width, since no delimiter is set.",
                    f"{where}.{record}",
                )
            if len(field.fill) != 1:
                yield Problem(
                    "CFG-068", f"File layout {layout.code}: {field.value!r} is filled with one character.", where
                )


def _use_problems(config: Configuration) -> Iterator[Problem]:
    installation = config.all(Installation).get("MAIN")
    if installation is None:
        return
    named = [(code, FileUse.GENERAL_LEDGER, "gl_file_layouts") for code in installation.gl_file_layouts]
    if installation.ap_file_layout:
        named.append((installation.ap_file_layout, FileUse.ACCOUNTS_PAYABLE, "ap_file_layout"))
    for code, use, field_name in named:
        layout = config.all(FileLayout).get(code)
        if layout is not None and layout.use is not use:
            yield Problem(
                "CFG-069",
                f"File layout {code} is for {layout.use.lower()}, not {use.lower()}.",
                f"installation.{field_name}",
            )
