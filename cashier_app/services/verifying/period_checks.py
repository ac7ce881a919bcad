"""No FT was frozen in a closed period (I16), by the calendar of then: periods are closed early and opened again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from cashier_app.domain.configuration import CONTROL_TABLES
from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.gl_tables import GlDivision
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.journal import JournalEntry
from cashier_app.services.kernel import configuration
from cashier_app.services.kernel.codec import from_json, from_plain
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.verdict import Report

_TABLES = ("accounting_calendar", "gl_division")
_posted = select(
    FinancialTransaction.gl_division,
    FinancialTransaction.accounting_date,
    JournalEntry.business_date,
).join(JournalEntry, JournalEntry.id == FinancialTransaction.journal_id)
_POSTED = Statement(_posted.distinct())
_WHEN = Statement(
    select(func.min(JournalEntry.executed_at).label("first"), func.max(JournalEntry.executed_at).label("last"))
    .join(FinancialTransaction, FinancialTransaction.journal_id == JournalEntry.id)
    .where(
        FinancialTransaction.gl_division == bindparam("gl_division"),
        FinancialTransaction.accounting_date == bindparam("accounting_date"),
        JournalEntry.business_date == bindparam("business_date"),
    )
)
_LOADED = Statement(
    select(JournalEntry.executed_at, JournalEntry.content)
    .where(JournalEntry.name == "LoadConfiguration")
    .order_by(JournalEntry.executed_at, JournalEntry.id)
)


class _Version(NamedTuple):
    """Calendars and divisions as they were from an instant on."""

    since: datetime
    config: Configuration


def check_periods(store: Store, config: Configuration, report: Report) -> None:
    """Ask of every day on which something was booked whether its books were open on the business date."""
    versions: list[_Version] | None = None
    for posted in store.all(_POSTED):
        if posted.gl_division not in config.all(GlDivision):
            report.add("I16", f"FTs name GL division {posted.gl_division!r}, which is not set up.", posted.gl_division)
        elif problem := _problem(config, posted):
            versions = versions or list(_versions(store))
            when: Any = store.first(_WHEN, **posted._asdict())
            calendars = list(_in_force(versions, when.first, when.last))
            if not calendars or any(_problem(then, posted) for then in calendars):
                report.add("I16", f"FTs were frozen in a closed period: {problem}", posted.gl_division)


def _problem(config: Configuration, posted: Any) -> str:
    try:
        config.require_open(posted.gl_division, posted.accounting_date, posted.business_date)
    except RuleViolation as violation:
        return violation.problems[0].sentence
    return ""


def _versions(store: Store) -> Iterator[_Version]:
    """As each change left them, the first first."""
    records: dict[tuple[str, str], Any] = {}
    for loaded in store.all(_LOADED):
        tables = from_json(loaded.content, dict[str, dict[str, Any]])["tables"]
        changed: dict[tuple[str, str], Any] = {
            (name, record["code"]): from_plain(record, CONTROL_TABLES[name])
            for name in _TABLES
            for record in tables.get(name, ())
        }
        if changed:
            records |= changed
            yield _Version(
                loaded.executed_at, configuration.build(0, ((name, each) for (name, _), each in records.items()), {})
            )


def _in_force(versions: Sequence[_Version], first: datetime, last: datetime) -> Iterator[Configuration]:
    """The versions that were in force at some time between two instants."""
    for place, version in enumerate(versions):
        ends = versions[place + 1].since if place + 1 < len(versions) else last
        if version.since <= last and (ends > first or place + 1 == len(versions)):
            yield version.config
