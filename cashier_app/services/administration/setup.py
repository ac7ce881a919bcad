"""Setting up: a new ledger, its workstations, and the control tables."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from cashier_app.algorithms.registry import description_of
from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import (
    CONTROL_TABLES,
    Algorithm,
    CisDivision,
    CustomerClass,
    HouseAgreement,
    Installation,
    PayCancelReason,
    SaType,
    TenderSource,
)
from cashier_app.domain.errors import EnvironmentProblem, Problem, RuleViolation, raise_all, require
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.domain.identifiers import LARGEST_NODE
from cashier_app.domain.journal import NO_HASH
from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.domain.system_events import SystemEvent
from cashier_app.models.configuration import ConfigurationState, ControlRecord, HouseAgreementLink
from cashier_app.models.control import TenderControl
from cashier_app.models.journal import Node
from cashier_app.services.administration.configuration_adjustments import adjustment_problems
from cashier_app.services.administration.configuration_approvals import approval_problems
from cashier_app.services.administration.configuration_currencies import currency_problems
from cashier_app.services.administration.configuration_ledger import general_ledger_problems
from cashier_app.services.customers.account_rows import AgreementIn, NewAccount, write_accounts
from cashier_app.services.kernel import configuration
from cashier_app.services.kernel.codec import from_plain, to_json, to_plain
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration, rule_of, title
from cashier_app.services.kernel.database import Database, SerializationConflict, create_schema
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.kernel.writing import writing

CHECKED_ABOVE = ("batch.control_problems",)
"""Modules of rooms that stand above this one: found by name, as commands are."""
_RAISE = Statement(update(ConfigurationState).values(version=ConfigurationState.version + 1))
_INSERT_RECORD = insertion(ControlRecord, "table_name code content")
_CHANGE_RECORD = change(ControlRecord, "content", "table_name code")
_LIVE = Statement(
    select(TenderControl.id).where(
        TenderControl.tender_source == bindparam("source"), TenderControl.status != bindparam("balanced")
    )
)
_NODE_BY_NAME = Statement(select(Node.id).where(Node.name == bindparam("name")))
_LAST_NODE = Statement(select(func.max(Node.id)))
_ADD_NODE = Statement(
    insert(Node).values(
        id=bindparam("node"), name=bindparam("name"), last_key=0, sequence=0, head=bindparam("head", NO_HASH)
    )
)
_AT_THE_SAME_MOMENT = 50
_INSERT_HOUSE = insertion(HouseAgreementLink, "code sa_id")


def install(database: Database, node_name: str) -> None:
    """Create an empty ledger and its first workstation; DB-EXISTS when there is one already."""
    create_schema(database)
    furnish(database, node_name)


def furnish(database: Database, node_name: str) -> None:
    """Put into an empty schema what every ledger has: a first version of its configuration, a first workstation."""
    with database.translated():
        mark = "?" if database.dialect == "sqlite" else "%s"
        sql = f"INSERT INTO configuration_state (id, version, ledger) VALUES (1, 0, {mark})"  # noqa: S608
        database.connection.cursor().execute(sql, (uuid.uuid4().hex,))
    add_node(database, node_name)


def add_node(database: Database, name: str) -> None:
    """Register a workstation or worker, which from then on hands out keys and keeps its own chain.

    Of those that register at the same moment each gets a number of its own; NODE-002 where the name is taken.
    """
    for _ in range(_AT_THE_SAME_MOMENT):
        with contextlib.suppress(SerializationConflict), writing(database) as store:
            new_node(store, name)
            return
    raise EnvironmentProblem("DB-BUSY", "Too many workstations register at this moment; try again.")


def new_node(store: Store, name: str) -> int:
    """Add a node to the database and return its number; refuses with NODE-002 a name that is taken."""
    taken = store.first(_NODE_BY_NAME, name=name) is not None
    require(not taken, "NODE-002", f"There is a workstation {name!r} already; choose another name.", "name")
    number = int(store.value(_LAST_NODE) or 0) + 1
    assert number <= LARGEST_NODE
    store.apply(_ADD_NODE, [{"node": number, "name": name}])
    return number


def raise_version(work: Work) -> None:
    """Make every door read configuration and rights again."""
    work.store.apply(_RAISE, [{}])


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadConfiguration:
    """Add or replace records of control tables: `tables` maps a table's name to its records."""

    tables: Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationLoaded:
    """How many records were new, and how many changed."""

    added: int
    changed: int


@handles(LoadConfiguration)
def load_configuration(command: LoadConfiguration, work: Work) -> ConfigurationLoaded:
    """Check everything together, then store; every mistake is reported at once."""
    records: list[tuple[str, Any]] = list(_read(command.tables))
    present = {
        (name, code): record
        for name, shape in CONTROL_TABLES.items()
        for code, record in _records(work.config, shape).items()
    }
    wanted = dict(present)
    wanted.update({(name, record.code): record for name, record in records})
    merged = configuration.build(
        work.config.version, ((name, record) for (name, _), record in wanted.items()), work.config.house_agreements
    )
    raise_all([*_problems(merged), *_changes_while_live(work, merged)])
    added = [(name, record) for name, record in records if (name, record.code) not in present]
    altered = [
        (name, record)
        for name, record in records
        if (name, record.code) in present and present[name, record.code] != record
    ]
    work.store.write(_INSERT_RECORD, [(name, record.code, to_json(record)) for name, record in added])
    work.store.write(_CHANGE_RECORD, [(to_json(record), name, record.code) for name, record in altered])
    work.config = merged
    _start_house_agreements(work)
    if added or altered:
        raise_version(work)
        work.changed("configuration", 0)
    return ConfigurationLoaded(added=len(added), changed=len(altered))


def _records(config: Configuration, shape: type) -> Mapping[str, Any]:
    return config.all(shape)


def _read(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[tuple[str, Any]]:
    problems: list[Problem] = []
    found: dict[tuple[str, str], Any] = {}
    for name, contents in tables.items():
        shape = CONTROL_TABLES.get(name)
        if shape is None:
            problems.append(
                Problem("CFG-003", f"There is no control table {name!r}; there are: {', '.join(CONTROL_TABLES)}.", name)
            )
            continue
        for place, content in enumerate(contents, start=1):
            try:
                record: Any = from_plain(content, shape, f"{name} {place}")
            except RuleViolation as violation:
                problems.extend(violation.problems)
                continue
            if (name, record.code) in found:
                problems.append(Problem("CFG-004", f"{title(shape)} {record.code} is given twice.", f"{name} {place}"))
            found[name, record.code] = record
    raise_all(problems)
    yield from ((name, record) for (name, _), record in found.items())


def _problems(config: Configuration) -> Iterator[Problem]:
    for name, shape in CONTROL_TABLES.items():
        for record in _records(config, shape).values():
            yield from _dangling(config, name, record)
    for algorithm in config.all(Algorithm).values():
        yield from _algorithm_problems(algorithm)
    yield from _plug_in_problems(config)
    yield from _cashiering_problems(config)
    yield from currency_problems(config)
    yield from adjustment_problems(config)
    yield from approval_problems(config)
    for name in CHECKED_ABOVE:
        yield from import_module(f"cashier_app.services.{name}").problems(config)
    yield from general_ledger_problems(config)


def references(shape: type) -> Iterator[tuple[str, type]]:
    """The fields of a control table that name records of another, with that table."""
    for each in fields(shape):
        target = each.metadata.get("refers")
        if target:
            yield each.name, CONTROL_TABLES[target]


def _named(record: Any, field_name: str) -> tuple[str, ...]:
    """The codes that a field gives; `*` is none where it stands for every record."""
    value = getattr(record, field_name)
    codes: tuple[str, ...] = (value,) if isinstance(value, str) else tuple(value)
    every = any(each.name == field_name and each.metadata.get("every") for each in fields(record))
    return tuple(code for code in codes if code and not (every and code == "*"))


def _dangling(config: Configuration, name: str, record: Any) -> Iterator[Problem]:
    for field_name, target in references(type(record)):
        for code in _named(record, field_name):
            if code not in config.all(target):
                known = ", ".join(sorted(config.all(target))) or "none"
                yield Problem(
                    "CFG-005",
                    f"{title(type(record))} {record.code}: {field_name} {code!r} is no {title(target)}; "
                    f"there are: {known}.",
                    f"{name}.{record.code}.{field_name}",
                )


def _algorithm_problems(algorithm: Algorithm) -> Iterator[Problem]:
    try:
        parameters = description_of(rule_of(algorithm)).parameters
        for version in algorithm.versions:
            from_plain(dict(version.parameters), parameters, f"algorithm.{algorithm.code}")
    except RuleViolation as violation:
        yield from violation.problems


_SPOTS = (
    (CustomerClass, "payment_distribution", SystemEvent.PAYMENT_DISTRIBUTION),
    (CustomerClass, "overpayment", SystemEvent.OVERPAYMENT),
    (CustomerClass, "nsf", SystemEvent.NSF),
    (SaType, "payment_ft", SystemEvent.PAYMENT_FT),
    (Installation, "payment_amount", SystemEvent.PAYMENT_AMOUNT),
    (Installation, "alerts", SystemEvent.ALERT),
    (Installation, "gl_account", SystemEvent.GL_ACCOUNT),
    (Installation, "adjustment_information", SystemEvent.ADJUSTMENT_INFORMATION),
    (AdjustmentType, "adjustment_ft", SystemEvent.ADJUSTMENT_FT),
    (AdjustmentType, "default_amount_rule", SystemEvent.ADJUSTMENT_AMOUNT),
    (AdjustmentType, "determine_agreement", SystemEvent.DETERMINE_AGREEMENT),
    (AdjustmentType, "generate_adjustment", SystemEvent.GENERATE_ADJUSTMENT),
    (AdjustmentType, "validate_adjustment", SystemEvent.VALIDATE_ADJUSTMENT),
    (AdjustmentType, "adjustment_freeze", SystemEvent.ADJUSTMENT_FREEZE),
    (AdjustmentType, "adjustment_cancellation", SystemEvent.ADJUSTMENT_CANCELLATION),
    (AdjustmentType, "adjustment_information", SystemEvent.ADJUSTMENT_INFORMATION),
    (AdjustmentType, "resolve_suspense", SystemEvent.RESOLVE_SUSPENSE),
    (DistributionCode, "gl_account_rule", SystemEvent.GL_ACCOUNT),
)


def _plug_in_problems(config: Configuration) -> Iterator[Problem]:
    for table, field_name, event in _SPOTS:
        records: Iterable[Any] = config.all(table).values()
        for record in records:
            value = getattr(record, field_name)
            for code in (value,) if isinstance(value, str) else value:
                algorithm = config.all(Algorithm).get(code)
                if algorithm is None:
                    continue
                try:
                    rule_of(algorithm, event)
                except RuleViolation as violation:
                    yield from violation.problems


def _cashiering_problems(config: Configuration) -> Iterator[Problem]:
    series: dict[int, str] = {}
    for source in config.all(TenderSource).values():
        where = f"tender_source.{source.code}"
        taken = series.setdefault(source.receipt_series, source.code)
        if taken != source.code:
            yield Problem(
                "CFG-008",
                f"Receipt series {source.receipt_series} is used by {taken} and {source.code}; each needs its own.",
                where,
            )
        if source.workstation and not source.suspense_agreement:
            yield Problem(
                "CFG-023",
                f"Tender source {source.code} belongs to a workstation of its own: name the suspense agreement for "
                "money that cannot be booked when it arrives.",
                f"{where}.suspense_agreement",
            )
    defaults = [reason.code for reason in config.all(PayCancelReason).values() if reason.system_default]
    if len(defaults) > 1:
        yield Problem("CFG-009", f"Only one cancel reason may be a system default, not {', '.join(defaults)}.")
    for reason in config.all(PayCancelReason).values():
        if reason.cash_only_points < 0 or reason.credit_rating_points > 0 or reason.months_affecting_rating < 0:
            yield Problem(
                "CFG-010",
                f"Cancel reason {reason.code}: cash-only points and months are 0 or more, "
                "credit rating points 0 or less.",
                f"pay_cancel_reason.{reason.code}",
            )


_FIXED_WHILE_LIVE = ("type", "currency", "bank_account", "workstation")


def _changes_while_live(work: Work, merged: Configuration) -> Iterator[Problem]:
    """A drawer that holds money keeps its kind, its currency and its bank account (R payments 2.2)."""
    before = work.config.all(TenderSource)
    for code, after in merged.all(TenderSource).items():
        changed = [name for name in _FIXED_WHILE_LIVE if code in before and _differ(before[code], after, name)]
        if changed and work.store.first(_LIVE, source=code, balanced=ControlStatus.BALANCED.value):
            yield Problem(
                "CFG-012",
                f"Tender source {code} is in use: its {' and '.join(changed)} can change once its drawer is balanced.",
                f"tender_source.{code}.{changed[0]}",
            )


def _differ(before: Any, after: Any, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _start_house_agreements(work: Work) -> None:
    fresh = [
        house for code, house in work.config.all(HouseAgreement).items() if code not in work.config.house_agreements
    ]
    if not fresh:
        return
    division = min(work.config.all(CisDivision))
    written = write_accounts(
        work,
        [
            NewAccount(
                name=house.description or house.code,
                kind="BUSINESS",
                customer_class=house.customer_class,
                cis_division=work.config.get(SaType, house.sa_type).cis_division or division,
                currency=work.config.get(SaType, house.sa_type).currency,
                external_number=f"HOUSE-{house.code}",
                agreements=(AgreementIn(sa_type=house.sa_type),),
            )
            for house in fresh
        ],
    )
    rows = [(house.code, account.agreements[0].id) for house, account in zip(fresh, written, strict=True)]
    work.store.write(_INSERT_HOUSE, rows)


def dump(config: Configuration) -> dict[str, list[dict[str, Any]]]:
    """All control tables as plain values, for a YAML package; defaults are left out."""
    return {
        name: [_without_defaults(record) for _, record in sorted(_records(config, shape).items())]
        for name, shape in CONTROL_TABLES.items()
        if config.all(shape)
    }


def _without_defaults(record: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(record)
    return {each.name: plain[each.name] for each in fields(record) if getattr(record, each.name) != each.default}
