"""Where figures come from: commands in the journal, rules with their parameters, what was set up then."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from cashier_app.algorithms.registry import rules
from cashier_app.domain.configuration import CONTROL_TABLES, Algorithm
from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.domain.identifiers import COUNTER_BITS, key_of, node_of
from cashier_app.models.journal import JournalEntry, JournalPart, JournalShape, Node
from cashier_app.services.customers.names import user_names
from cashier_app.services.explaining.explanation import Asked, Explanation, Reason, explains
from cashier_app.services.kernel.codec import from_json, to_plain
from cashier_app.services.kernel.configuration import title
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.administration import journal_entry

NO_RULES: Final = frozenset({"MANUAL", "REVERSAL"})
"""What stands where people decided instead of a rule."""
_OPEN_TABLES: Final = frozenset(CONTROL_TABLES) - {"user_group", "access_group", "data_access_role"}
"""What decides about figures, for everybody to read; the others are for who sets them up."""

_ENTRIES = Statement(
    select(
        *(JournalEntry.id, JournalEntry.name, JournalEntry.user_id, JournalEntry.approver_id),
        JournalEntry.executed_at,
    ).where(among(JournalEntry.id, "ids"))
)
_NODES = Statement(select(Node.id, Node.name, Node.sequence))
_AT = Statement(select(JournalEntry.executed_at).where(JournalEntry.id == bindparam("journal_id")))
_FROM = Statement(
    select(JournalEntry.id, JournalEntry.executed_at, JournalEntry.effects)
    .where(JournalEntry.id >= bindparam("first"), JournalEntry.id <= bindparam("last"))
    .order_by(JournalEntry.id)
    .limit(bindparam("most"))
)
_SHAPES = Statement(select(JournalShape.id, JournalShape.columns).where(JournalShape.table_name == "control_record"))
_SETTING_UP = Statement(
    select(JournalEntry.id, JournalEntry.executed_at, JournalEntry.effects, JournalEntry.parts)
    .where(among(JournalEntry.name, "names"))
    .order_by(JournalEntry.executed_at.desc(), JournalEntry.id.desc())
)
_PARTS = Statement(
    select(JournalPart.effects).where(JournalPart.journal_id == bindparam("journal_id")).order_by(JournalPart.part)
)
_SETS_UP = ("LoadConfiguration",)
_AT_ONE_INSTANT = 1_000
"""So many entries are looked through that were made at the very same instant."""


# -- commands


def by_command(asked: Asked, *journal_ids: int) -> Iterator[Reason]:
    """A sentence for each command: who, when, on which machine, with whose consent."""
    users = user_names(asked.store)
    nodes = {row.id: row.name for row in asked.store.all(_NODES)}
    for row in sorted(asked.store.all(_ENTRIES, ids=sorted(set(journal_ids))), key=lambda row: row.executed_at):
        approved = f", approved by {users.get(row.approver_id, '')}" if row.approver_id is not None else ""
        yield Reason(
            words=f"{row.name} by {users.get(row.user_id, 'somebody unknown')} on {moment(row.executed_at)} "
            f"at {nodes.get(node_of(row.id), 'another workstation')}{approved}.",
            figure=figure(FigureKind.COMMAND, row.id),
        )


def made_at(asked: Asked, key: int, at: datetime) -> Iterator[Reason]:
    """The command that gave out a key at an instant, for what does not say by which command it was made."""
    found = _command_of(asked.store, key, at)
    if found is not None:
        yield from by_command(asked, found)


def _command_of(store: Store, key: int, at: datetime) -> int | None:
    """Instants of a workstation's entries rise with their keys, so a few looks find the first of an instant."""
    node = next((row for row in store.all(_NODES) if row.id == node_of(key)), None)
    if node is None:
        return None
    low, high = 1, node.sequence + 1
    while low < high:
        middle = (low + high) // 2
        if store.value(_AT, journal_id=key_of(node.id, middle)) < at:
            low = middle + 1
        else:
            high = middle
    last = key_of(node.id, min(node.sequence, 2**COUNTER_BITS - 1))
    rows = store.all(_FROM, first=key_of(node.id, low), last=last, most=_AT_ONE_INSTANT) if low <= node.sequence else []
    same = [row for row in rows if row.executed_at == at]
    return next((row.id for row in same if str(key) in row.effects), same[0].id if len(same) == 1 else None)


@explains(FigureKind.COMMAND, "ViewCustomers", "ViewJournal")
def explain_command(asked: Asked, journal_id: int) -> Explanation:
    """What was asked and told is only for who may read the journal, and all of its accounts."""
    row = journal_entry(asked.store, journal_id)
    reasons = [
        *by_command(asked, journal_id),
        Reason(words=f"Entry {row.sequence} of workstation {row.node}, business date {row.business_date}."),
        Reason(words=f"Command id {row.command_id}, hash {row.hash[:16]}…"),
    ]
    if asked.viewer.may("ViewJournal") and row.content:
        reasons += [Reason(words=f"Asked: {line}") for line in _said(row.content)]
        reasons += [Reason(words=f"Told: {line}") for line in _said(row.result)]
    return asked.answer(f"{row.command}, entry {row.node} {row.sequence}", None, reasons=reasons)


def _said(text: str) -> Iterator[str]:
    found = json.loads(text)
    if not isinstance(found, dict):
        return
    for name, value in found.items():
        if value not in (None, "", [], {}):
            yield f"{name} = {value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)}"


# -- rules


def by_rules(asked: Asked, *labels: str) -> Iterator[Reason]:
    """A sentence for each rule that decided; labels are `CODE@effective date`, several with blanks between."""
    for label in dict.fromkeys(" ".join(labels).split()):
        if label == "MANUAL":
            yield Reason(words="Placed by hand.")
        elif label not in NO_RULES:
            yield Reason(words=f"Rule: {rule_words(asked, label)}.", figure=figure(FigureKind.RULE, label))


def rule_words(asked: Asked, label: str) -> str:
    """A rule with the parameters that were in force, in words."""
    algorithm, parameters = _rule(asked, label)
    if algorithm is None:
        return label
    effective = label.partition("@")[2]
    since = f", as set on {effective}" if effective else ""
    said = "; ".join(f"{name}: {value}" for name, value in parameters.items())
    return f"{algorithm.description or algorithm.code} ({algorithm.rule}{since}{f'; {said}' if said else ''})"


def _rule(asked: Asked, label: str) -> tuple[Algorithm | None, Mapping[str, Any]]:
    code, _, effective = label.partition("@")
    algorithm = asked.config.all(Algorithm).get(code)
    versions = algorithm.versions if algorithm else ()
    chosen = next((each.parameters for each in versions if each.effective.isoformat() == effective), {})
    return algorithm, chosen


@explains(FigureKind.RULE, "ViewCustomers", "see-expected", "RunGl", "RunBatch")
def explain_rule(asked: Asked, label: str) -> Explanation:
    """An algorithm as it was in force: what it does, its parameters, where to read about it."""
    algorithm, parameters = _rule(asked, label)
    if algorithm is None:
        refuse("CFG-001", f"There is no algorithm {label!r} any more.", "figure")
    effective = label.partition("@")[2]
    reasons = [Reason(words=line) for line in _what_it_does(algorithm.rule)]
    given = ", ".join(f"{name} = {value}" for name, value in parameters.items()) or "none: its defaults hold"
    reasons.append(Reason(words=f"Parameters in force since {effective or 'the beginning'}: {given}."))
    others = [each.effective.isoformat() for each in algorithm.versions if each.effective.isoformat() != effective]
    if others:
        reasons.append(Reason(words=f"Other versions take effect on {', '.join(others)}."))
    reasons.append(Reason(words=f"Read docs/algorithms.md, section {algorithm.rule}."))
    reasons.append(by_control(asked, "algorithm", algorithm.code, "As it is set up"))
    return asked.answer(f"{algorithm.code}: {algorithm.description or algorithm.rule}", None, reasons=reasons)


def _what_it_does(rule: str) -> Iterator[str]:
    function = rules().get(rule)
    if function is None:
        yield f"{rule} is not installed any more."
        return
    yield " ".join((inspect.getdoc(function) or rule).split())


# -- control tables


def by_control(asked: Asked, table: str, code: str, words: str, journal_id: int = 0) -> Reason:
    """Leads to a record of a control table, as it was when a command ran, or as it is now."""
    is_there = table in _OPEN_TABLES and code in asked.config.all(CONTROL_TABLES[table])
    known = figure(FigureKind.CONTROL, table, code, journal_id) if is_there else NO_FIGURE
    return Reason(words=f"{words}: {_title(table)} {code}.", figure=known)


def _title(table: str) -> str:
    return title(CONTROL_TABLES[table]) if table in CONTROL_TABLES else table


@explains(FigureKind.CONTROL, "ViewCustomers", "see-expected", "RunGl", "RunBatch")
def explain_control(asked: Asked, table: str, code: str, journal_id: int) -> Explanation:
    """What was set up when a command ran; as it stands where none is named."""
    if table not in CONTROL_TABLES:
        refuse("EXP-001", f"There is no control table {table!r}.", "figure")
    if table not in _OPEN_TABLES:
        asked.viewer.needs("LoadConfiguration")
    shape = CONTROL_TABLES[table]
    written = list(_written(asked.store, table, code))
    then = asked.store.value(_AT, journal_id=journal_id) if journal_id else datetime.max.replace(tzinfo=UTC)
    before = next((row for row in written if row[1] <= then), None)
    after = [row for row in written if row[1] > then]
    record: Any = asked.config.get(shape, code, "figure") if before is None else from_json(before[2], shape)
    reasons = [Reason(words=line) for line in _fields(record)]
    if before is not None:
        reasons += by_command(asked, before[0])
    if after:
        reasons.append(Reason(words=f"It was changed since, {len(after)} time(s), last on {moment(after[0][1])}."))
        reasons.append(by_control(asked, table, code, "As it is now"))
    when = f", as on {moment(then)}" if journal_id else ""
    return asked.answer(f"{_title(table).capitalize()} {code}{when}", None, reasons=reasons)


def _written(store: Store, table: str, code: str) -> Iterator[tuple[int, datetime, str]]:
    """Entry, instant and content of each time a record was written, the latest first."""
    columns = {row.id: row.columns.replace(";", " ").split() for row in store.all(_SHAPES)}
    for row in store.all(_SETTING_UP, names=list(_SETS_UP)):
        texts = [row.effects]
        if row.parts:
            texts += [part.effects for part in store.all(_PARTS, journal_id=row.id)]
        for text in texts:
            for shape, rows in json.loads(text):
                for values in rows if shape in columns else ():
                    record: Mapping[str, str] = dict(zip(columns[shape], values, strict=True))
                    if (record["table_name"], record["code"]) == (table, code):
                        yield row.id, row.executed_at, record["content"]


def _fields(record: Any) -> Iterator[str]:
    for each in fields(record):
        value = getattr(record, each.name)
        if value not in (None, "", (), {}) and each.name != "code":
            label = each.metadata.get("label", each.name.replace("_", " "))
            yield f"{label}: {_readable(value)}"


def _readable(value: Any) -> str:
    """A value in words: lists with semicolons, records by their fields."""
    if isinstance(value, tuple | list):
        return "; ".join(map(_readable, value))
    if is_dataclass(value):
        return ", ".join(f"{name} {_readable(each)}" for name, each in _said_of(value))
    plain = to_plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)


def _said_of(record: Any) -> Iterator[tuple[str, Any]]:
    for each in fields(record):
        value = getattr(record, each.name)
        if value not in (None, "", (), {}):
            yield each.name.replace("_", " "), value


# -- words


def moment(at: datetime | None) -> str:
    """An instant in words; UTC, as stored."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def listed(words: Iterable[str]) -> str:
    """Words with commas between, without the empty ones."""
    return ", ".join(word for word in words if word)
