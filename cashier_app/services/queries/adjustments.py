"""Adjustments as people look at them: one with everything around it, and those of an account (R adjustments 1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.sql.functions import count

from cashier_app.domain.adjustment_types import (
    AdjustmentCancelReason,
    AdjustmentType,
    CharacteristicType,
)
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import InformationRequest, SystemEvent
from cashier_app.models.adjustment import (
    Adjustment,
    UnfrozenFt,
    UnfrozenGlLine,
)
from cashier_app.models.customer import ServiceAgreement
from cashier_app.services.accounting.adjustments import freezes_at_completion
from cashier_app.services.adjustments.facts import CHARACTERISTICS, LINES
from cashier_app.services.adjustments.freezing import asking_for_date, needs_approval
from cashier_app.services.customers.names import account_names, need_account
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.approvals import NoteView, approval_logs
from cashier_app.services.queries.transactions import GlLineFact, describe_type, fts_of_sources, line_fact

LAST = 2**63 - 1
"""Above every key."""


class Way(StrEnum):
    """What can be done with an adjustment now."""

    GENERATE = "GENERATE"
    FREEZE = "FREEZE"
    SUBMIT = "SUBMIT"
    DELETE = "DELETE"
    CANCEL = "CANCEL"


class WaitsFor(StrEnum):
    """What an adjustment that is not frozen waits for."""

    NOTHING = ""
    SOMEBODY = "SOMEBODY"
    """To generate it or to freeze it."""
    APPROVAL = "APPROVAL"
    BILL = "BILL"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHalf:
    """Where a transfer comes from or goes to."""

    adjustment_id: int
    account_id: int
    number: str
    name: str
    agreement: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFact:
    """One step of a calculation."""

    description: str
    amount: int
    distribution_code: str
    characteristic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentEntry:
    """An adjustment. Amounts are minor units of `currency`; positive charges the customer."""

    adjustment_id: int
    account_id: int
    sa_id: int
    agreement: str
    adjustment_type: str
    title: str
    information: str
    """What it is in one line, as its algorithm says."""
    amount: int
    base_amount: int | None
    """Of a calculated one: what was typed."""
    currency: str
    status: str
    adjustment_date: date
    accounting_date: date | None
    """Nothing while it is not generated."""
    reference: str
    comment: str
    cancel_reason: str
    error_message: str
    characteristics: tuple[tuple[str, str], ...]
    """What is said of it, in words."""
    lines: tuple[LineFact, ...]
    gl_lines: tuple[GlLineFact, ...]
    """Of its FT, frozen or not; the reversal of a canceled one is left out."""
    other_half: OtherHalf | None
    approval: tuple[NoteView, ...]
    """The log of its request for approval, where it was submitted."""
    ways: frozenset[Way]
    waits_for: WaitsFor
    asks_for_date: bool
    """Whether freezing it needs an accounting date."""


_COLUMNS = (
    Adjustment.id,
    Adjustment.sa_id,
    Adjustment.adjustment_type,
    Adjustment.amount,
    Adjustment.base_amount,
    Adjustment.currency,
    Adjustment.status,
    Adjustment.adjustment_date,
    Adjustment.reference,
    Adjustment.comment,
    Adjustment.cancel_reason,
    Adjustment.error_message,
    Adjustment.transfer_id,
    Adjustment.by_batch,
    Adjustment.approval_request_id,
    Adjustment.approved,
    ServiceAgreement.account_id,
    ServiceAgreement.sa_type,
)
_joined = select(*_COLUMNS).join(ServiceAgreement, ServiceAgreement.id == Adjustment.sa_id)
_BY_ID = Statement(_joined.where(among(Adjustment.id, "ids")).order_by(Adjustment.id))
_OF_ACCOUNT = Statement(
    _joined.where(ServiceAgreement.account_id == bindparam("account_id"), Adjustment.id < bindparam("before"))
    .order_by(Adjustment.id.desc())
    .limit(bindparam("most"))
)
_WAITING = Statement(
    select(count())
    .select_from(Adjustment)
    .join(ServiceAgreement, ServiceAgreement.id == Adjustment.sa_id)
    .where(
        ServiceAgreement.account_id == bindparam("account_id"),
        Adjustment.status != AdjustmentStatus.FROZEN.value,
        Adjustment.status != AdjustmentStatus.CANCELED.value,
    )
)
_UNFROZEN = Statement(
    select(UnfrozenFt.source_id, UnfrozenFt.accounting_date).where(among(UnfrozenFt.source_id, "ids"))
)
_UNFROZEN_LINES = Statement(
    select(UnfrozenFt.source_id, UnfrozenGlLine.distribution_code, UnfrozenGlLine.amount, UnfrozenFt.accounting_date)
    .join(UnfrozenFt, UnfrozenFt.id == UnfrozenGlLine.ft_id)
    .where(among(UnfrozenFt.source_id, "ids"))
    .order_by(UnfrozenGlLine.ft_id, UnfrozenGlLine.line)
)


def adjustment(store: Store, config: Configuration, adjustment_id: int, today: date) -> AdjustmentEntry:
    """One adjustment; refuses with ADJ-003, or with SEC-031 where its account is another office's."""
    rows = store.all(_BY_ID, ids=[adjustment_id])
    if not rows:
        refuse("ADJ-003", "There is no such adjustment.", "adjustment_id")
    need_account(store, rows[0].account_id)
    return _entries(store, config, rows, today)[0]


def adjustments_of_account(
    store: Store, config: Configuration, account_id: int, today: date, *, before: int | None = None, limit: int = 100
) -> tuple[AdjustmentEntry, ...]:
    """The adjustments of an account, the newest first; a page of those before one."""
    need_account(store, account_id)
    rows = store.all(_OF_ACCOUNT, account_id=account_id, before=LAST if before is None else before, most=limit)
    return tuple(_entries(store, config, rows, today))


def waiting_adjustments(store: Store, _config: Configuration, account_id: int) -> int:
    """How many adjustments of an account count for nothing yet."""
    need_account(store, account_id)
    return int(store.value(_WAITING, account_id=account_id))


def _entries(store: Store, config: Configuration, rows: Sequence[Any], today: date) -> list[AdjustmentEntry]:
    ids = [row.id for row in rows]
    said = _by_adjustment(store.all(CHARACTERISTICS, ids=ids))
    lines = _by_adjustment(store.all(LINES, ids=ids))
    dates = {row.source_id: row.accounting_date for row in store.all(_UNFROZEN, ids=ids)}
    gl_lines: dict[int, tuple[GlLineFact, ...]] = {}
    for line in store.all(_UNFROZEN_LINES, ids=list(dates)):
        fact = line_fact(config, line.distribution_code, line.amount, line.accounting_date)
        gl_lines[line.source_id] = (*gl_lines.get(line.source_id, ()), fact)
    for source_id, fts in fts_of_sources(store, config, ids).items():
        for ft in fts[:1]:
            dates[source_id], gl_lines[source_id] = ft.accounting_date, ft.lines
    halves = _other_halves(store, config, rows)
    asking = asking_for_date(store, config, {*ids, *(row.transfer_id for row in rows if row.transfer_id)}, today)
    requests = {row.approval_request_id for row in rows if row.approval_request_id is not None}
    logs = approval_logs(store, config, requests)
    return [
        AdjustmentEntry(
            adjustment_id=row.id,
            account_id=row.account_id,
            sa_id=row.sa_id,
            agreement=describe_type(config, row.sa_type),
            adjustment_type=row.adjustment_type,
            title=_title(config, row.adjustment_type),
            information=_information(config, row, today),
            amount=row.amount,
            base_amount=row.base_amount,
            currency=row.currency,
            status=row.status,
            adjustment_date=row.adjustment_date,
            accounting_date=dates.get(row.id),
            reference=row.reference or "",
            comment=row.comment,
            cancel_reason=_described(config, AdjustmentCancelReason, row.cancel_reason or ""),
            error_message=row.error_message,
            characteristics=tuple(
                (_described(config, CharacteristicType, each.characteristic_type), each.value)
                for each in said.get(row.id, ())
            ),
            lines=tuple(
                LineFact(
                    description=line.description,
                    amount=line.amount,
                    distribution_code=line.distribution_code,
                    characteristic=line.characteristic,
                )
                for line in lines.get(row.id, ())
            ),
            gl_lines=gl_lines.get(row.id, ()),
            other_half=halves.get(row.transfer_id),
            approval=logs.get(row.approval_request_id, ()),
            ways=_ways(config, row),
            waits_for=_waits_for(config, row),
            asks_for_date=row.status == AdjustmentStatus.FREEZABLE and not asking.isdisjoint((row.id, row.transfer_id)),
        )
        for row in rows
    ]


def _by_adjustment(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.adjustment_id, []).append(row)
    return found


def _other_halves(store: Store, config: Configuration, rows: Sequence[Any]) -> dict[int | None, OtherHalf]:
    ids = sorted({row.transfer_id for row in rows if row.transfer_id is not None})
    if not ids:
        return {}
    found = store.all(_BY_ID, ids=ids)
    names = account_names(store, (row.account_id for row in found))
    return {
        row.id: OtherHalf(
            adjustment_id=row.id,
            account_id=row.account_id,
            number=names[row.account_id].number,
            name=names[row.account_id].name,
            agreement=describe_type(config, row.sa_type),
            amount=row.amount,
        )
        for row in found
    }


def _title(config: Configuration, code: str) -> str:
    return _described(config, AdjustmentType, code)


def _described(config: Configuration, table: type[Any], code: str) -> str:
    known = config.all(table).get(code)
    return str(known.description or code) if known else code


def _information(config: Configuration, row: Any, today: date) -> str:
    known = config.all(AdjustmentType).get(row.adjustment_type)
    algorithm = (known.adjustment_information if known else "") or config.installation.adjustment_information
    title = _title(config, row.adjustment_type)
    amount = str(Money(row.amount, row.currency))
    if not algorithm:
        return f"{title} {amount}"
    request = InformationRequest(title, amount, row.adjustment_date, row.reference or "", row.comment)
    return str(config.rule(algorithm, SystemEvent.ADJUSTMENT_INFORMATION, today).call(request))


def _needs_approval(kind: AdjustmentType | None, row: Any) -> bool:
    return kind is not None and needs_approval(row, kind.approval_profile)


def _is_locked(row: Any) -> bool:
    return row.approval_request_id is not None and not row.approved


def _ways(config: Configuration, row: Any) -> frozenset[Way]:
    kind = config.all(AdjustmentType).get(row.adjustment_type)
    if row.status == AdjustmentStatus.FROZEN:
        return frozenset((Way.CANCEL,))
    if row.status == AdjustmentStatus.CANCELED or _is_locked(row):
        return frozenset()
    ways = {Way.DELETE} if row.approved else {Way.GENERATE, Way.DELETE}
    if row.status == AdjustmentStatus.FREEZABLE:
        if _needs_approval(kind, row):
            ways.add(Way.SUBMIT)
        elif kind and not freezes_at_completion(config, kind):
            ways.add(Way.FREEZE)
    return frozenset(ways)


def _waits_for(config: Configuration, row: Any) -> WaitsFor:
    kind = config.all(AdjustmentType).get(row.adjustment_type)
    if row.status in {AdjustmentStatus.FROZEN, AdjustmentStatus.CANCELED}:
        return WaitsFor.NOTHING
    if row.status == AdjustmentStatus.FREEZABLE and _needs_approval(kind, row):
        return WaitsFor.APPROVAL
    if row.status == AdjustmentStatus.FREEZABLE and kind and freezes_at_completion(config, kind):
        return WaitsFor.BILL
    return WaitsFor.SOMEBODY
