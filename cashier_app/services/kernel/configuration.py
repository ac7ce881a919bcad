"""The control tables as one immutable snapshot, with the rules they name resolved (design D9)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, NoReturn, TypeVar

from sqlalchemy import select

from cashier_app.algorithms.registry import description_of, rules
from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.configuration import CONTROL_TABLES, Algorithm, Installation
from cashier_app.domain.errors import refuse
from cashier_app.domain.gl_tables import GlDivision
from cashier_app.domain.system_events import SystemEvent
from cashier_app.models.configuration import ConfigurationState, ControlRecord, HouseAgreementLink
from cashier_app.models.sync import BranchLink, Device
from cashier_app.services.kernel.codec import from_json, from_plain
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

R = TypeVar("R")

VERSION = Statement(select(ConfigurationState.version))
_RECORDS = Statement(
    select(ControlRecord.table_name, ControlRecord.content).order_by(ControlRecord.table_name, ControlRecord.code)
)
_IS_BRANCH = Statement(select(BranchLink.id))
_BRANCHES = Statement(select(Device.node_id))
_HOUSE = Statement(select(HouseAgreementLink.code, HouseAgreementLink.sa_id))

_NAMES = {shape: name for name, shape in CONTROL_TABLES.items()}


class BoundRule(NamedTuple):
    """A rule with the parameters in force on a date."""

    call: Callable[[Any], Any]
    label: str
    """`CODE@effective date`, kept on what the rule made."""
    parameters: Any = None
    needs_holding: bool = False
    """Whether its request must hold what cash accounting knows of the agreement."""


@dataclass(frozen=True)
class Configuration:
    """Everything that is set up, at one version. Look-ups refuse what is not there with CFG-001."""

    version: int
    tables: Mapping[type, Mapping[str, Any]]
    house_agreements: Mapping[str, int]
    """Key of the agreement behind each house agreement's code."""
    is_branch: bool = False
    """Whether this database is a branch's: it records, the server books (decision 18)."""
    branches: frozenset[int] = frozenset()
    """At the server: the nodes of its branches."""

    def get(self, table: type[R], code: str, field: str = "") -> R:
        """The record of a code, or a refusal that lists the codes there are."""
        records: Mapping[str, R] = self.tables.get(table, {})
        record = records.get(code)
        if record is None:
            known = ", ".join(sorted(records)) or "none"
            refuse("CFG-001", f"There is no {title(table)} {code!r}; there are: {known}.", field)
        return record

    def all(self, table: type[R]) -> Mapping[str, R]:
        """All records of a table by code."""
        return self.tables.get(table, {})

    @cached_property
    def installation(self) -> Installation:
        """What holds for the whole utility."""
        return self.get(Installation, "MAIN")

    def house_agreement(self, code: str) -> int:
        """The key of a house agreement's agreement."""
        sa_id = self.house_agreements.get(code)
        if sa_id is None:
            known = ", ".join(sorted(self.house_agreements)) or "none"
            refuse("CFG-001", f"There is no house agreement {code!r}; there are: {known}.")
        return sa_id

    def rule(self, code: str, event: SystemEvent, on: date) -> BoundRule:
        """The configured algorithm with the parameters in force on a date."""
        bound = self._bound.get((code, on))
        if bound is None:
            bound = self._bound[code, on] = self._bind(code, event, on)
        return bound

    @cached_property
    def _bound(self) -> dict[tuple[str, date], BoundRule]:
        return {}

    def _bind(self, code: str, event: SystemEvent, on: date) -> BoundRule:
        algorithm = self.get(Algorithm, code)
        function = rule_of(algorithm, event)
        effective = [version for version in algorithm.versions if version.effective <= on]
        latest = max(effective, key=lambda version: version.effective, default=None)
        given = dict(latest.parameters) if latest else {}
        parameters: Any = from_plain(given, description_of(function).parameters, f"algorithm {code}")
        label = f"{code}@{latest.effective.isoformat()}" if latest else code
        needs_holding = description_of(function).needs_holding
        return BoundRule(lambda request: function(request, parameters), label, parameters, needs_holding)

    def period(self, gl_division: str, accounting_date: date) -> Period | None:
        """The fiscal period of a date, or nothing where the calendar has none."""
        begins, periods = self._calendar(self.get(GlDivision, gl_division).calendar)
        place = bisect_right(begins, accounting_date) - 1
        if place < 0 or periods[place].end < accounting_date:
            return None
        return periods[place]

    def _calendar(self, code: str) -> tuple[list[date], tuple[Period, ...]]:
        known = self._calendars.get(code)
        if known is None:
            known = self._calendars[code] = _written_out(self.get(AccountingCalendar, code))
        return known

    @cached_property
    def _calendars(self) -> dict[str, tuple[list[date], tuple[Period, ...]]]:
        return {}

    def require_open(self, gl_division: str, accounting_date: date, business_date: date) -> None:
        """Refuse with PAY-005 unless postings to the date's period are accepted on the business date (S1 p.46)."""
        if self._open.get((gl_division, accounting_date, business_date)):
            return
        period = self.period(gl_division, accounting_date)
        if period is None or not period.open_from <= business_date <= period.open_to:
            window = f"open from {period.open_from} to {period.open_to}" if period else "in no period of its calendar"
            refuse(
                "PAY-005",
                f"{accounting_date} is closed for {gl_division} on {business_date} ({window}). "
                "Choose a date in an open period.",
                "accounting_date",
            )
        self._open[gl_division, accounting_date, business_date] = True

    @cached_property
    def _open(self) -> dict[tuple[str, date, date], bool]:
        return {}


def title(table: type) -> str:
    """A table's name in words: `tender type`."""
    return _NAMES.get(table, table.__name__).replace("_", " ")


def rule_of(algorithm: Algorithm, event: SystemEvent | None = None) -> Callable[..., Any]:
    """The installed rule that an algorithm names, or a refusal that lists what would fit."""
    function = rules().get(algorithm.rule)
    fits = [name for name, rule in sorted(rules().items()) if event is None or description_of(rule).event is event]
    if function is None or (event is not None and description_of(function).event is not event):
        refuse("CFG-002", f"Algorithm {algorithm.code}: {algorithm.rule!r} is not one of {', '.join(fits)}.", "rule")
    return function


def build(version: int, records: Iterable[tuple[str, Any]], house: Mapping[str, int], **sharing: Any) -> Configuration:
    """A snapshot of records given as (table name, record); `sharing` says who else has a part of the ledger."""
    tables: dict[type, dict[str, Any]] = {shape: {} for shape in CONTROL_TABLES.values()}
    for name, record in records:
        tables[CONTROL_TABLES[name]][record.code] = record
    return Configuration(version, tables, house, **sharing)


@lru_cache(maxsize=16)
def _written_out(calendar: AccountingCalendar) -> tuple[list[date], tuple[Period, ...]]:
    periods = calendar.all_periods()
    return [period.begin for period in periods], periods


@lru_cache(maxsize=4096)
def _record(table: str, content: str) -> Any:
    """A record never changes: the same text is read once, however often a configuration is."""
    return from_json(content, CONTROL_TABLES[table])


def read(store: Store) -> Configuration:
    """The snapshot as it stands in the database."""
    records: list[tuple[str, Any]] = [
        (row.table_name, _record(row.table_name, row.content))
        for row in store.all(_RECORDS)
        if row.table_name in CONTROL_TABLES
    ]
    house = {row.code: row.sa_id for row in store.all(_HOUSE)}
    return build(
        store.value(VERSION) or 0,
        records,
        house,
        is_branch=store.value(_IS_BRANCH) is not None,
        branches=frozenset(row.node_id for row in store.all(_BRANCHES)),
    )


READ_ONLY = "read-only"
"""Name under which `control_record` keeps why nothing may be written; no command writes it."""
_REASON = Statement(select(ControlRecord.content).where(ControlRecord.table_name == READ_ONLY))


def refuse_writing(store: Store) -> NoReturn:
    """Refuse a command with VER-001: the version is below zero since verification found a breach."""
    reason = store.value(_REASON) or "the ledger is broken."
    refuse(
        "VER-001",
        f"The ledger is read-only: {reason} Nothing was taken. Have it repaired or a backup restored; "
        "when `cashier verify` finds everything right, work goes on.",
    )
