"""Deposits on their way to the bank: of what they consist, and on which slips they go (row A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased

from cashier_app.domain.configuration import BankAccount, TenderSource, TenderType
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import ControlStatus, TenderStatus, TurnInStatus
from cashier_app.models.control import (
    ControlNote,
    DepositControl,
    TenderControl,
    TenderControlCount,
    TenderDeposit,
    TurnIn,
)
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.services.cashiering.drawer_statements import TurnInFact
from cashier_app.services.customers.names import account_names, handed_by, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    """A deposit control in a list. Amounts are minor units of `currency`."""

    deposit_control_id: int
    source_type: str
    currency: str
    status: str
    business_date: date
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    drawers: int
    drawers_balanced: int
    pending_turn_ins: int
    to_deposit: int
    """Of balanced drawers and received turn-ins, less floats that stay."""
    deposited: int
    """On slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositDrawer:
    """A drawer of a deposit."""

    tender_control_id: int
    tender_source: str
    description: str
    owner: str
    status: str
    counted: int
    """0 until it is balanced."""
    starting_float: int
    """What stays in the drawer."""
    amount: int
    """What it brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Of what a deposit consists, by tender type."""

    tender_type: str
    description: str
    is_cash: bool
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFact:
    """A tender with a number of its own: listed on the slip."""

    tender_id: int
    tender_type: str
    number: str
    payor: str
    amount: int
    receipt_number: str
    routing: str
    tender_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFact:
    """Money on its way to a bank account."""

    tender_deposit_id: int
    slip_number: str
    bank_account: str
    bank_description: str
    last_four: str
    amount: int
    deposited_at: datetime
    deposited_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositStatement:
    """A deposit control, whole. Amounts are minor units of `currency`."""

    summary: DepositRow
    drawers: tuple[DepositDrawer, ...]
    turn_ins: tuple[TurnInFact, ...]
    composition: tuple[Composition, ...]
    """By tender type; adds up to what is to deposit."""
    checks: tuple[CheckFact, ...]
    slips: tuple[SlipFact, ...]
    left_to_deposit: int
    notes: tuple[str, ...]


_columns = (
    DepositControl.id,
    DepositControl.source_type,
    DepositControl.currency,
    DepositControl.status,
    DepositControl.business_date,
    DepositControl.opened_at,
    DepositControl.opened_by,
    DepositControl.closed_at,
)
_done = case((DepositControl.status == ControlStatus.BALANCED.value, 1), else_=0)
_LIST = (
    select(*_columns)
    .order_by(_done, DepositControl.business_date.desc(), DepositControl.id.desc())
    .limit(bindparam("most"))
)
_DEPOSITS = Statement(_LIST)
_DEPOSITS_OF_STATUS = Statement(_LIST.where(DepositControl.status == bindparam("status")))
_DEPOSIT = Statement(select(*_columns).where(DepositControl.id == bindparam("deposit_id")))
_CONTROLS = Statement(
    select(
        TenderControl.id,
        TenderControl.deposit_control_id,
        TenderControl.tender_source,
        TenderControl.status,
        TenderControl.owner_id,
        TenderControl.starting_balance,
        TenderControl.starting_tender_type,
    )
    .where(among(TenderControl.deposit_control_id, "ids"))
    .order_by(TenderControl.tender_source, TenderControl.id)
)
_later = aliased(TenderControlCount)
_COUNTED = Statement(
    select(TenderControlCount.tender_control_id, TenderControlCount.tender_type, TenderControlCount.amount_counted)
    .where(
        among(TenderControlCount.tender_control_id, "ids"),
        TenderControlCount.balancing
        == select(func.max(_later.balancing))
        .where(_later.tender_control_id == TenderControlCount.tender_control_id)
        .scalar_subquery(),
    )
    .order_by(TenderControlCount.tender_control_id, TenderControlCount.tender_type)
)
_TURN_INS = Statement(
    select(
        TurnIn.id,
        TurnIn.deposit_control_id,
        TurnIn.tender_type,
        TurnIn.amount,
        TurnIn.status,
        TurnIn.receipt_number,
        TurnIn.created_at,
        TurnIn.created_by,
        TurnIn.received_by,
    )
    .where(among(TurnIn.deposit_control_id, "ids"))
    .order_by(TurnIn.id)
)
_SLIPS = Statement(
    select(
        TenderDeposit.id,
        TenderDeposit.deposit_control_id,
        TenderDeposit.bank_account,
        TenderDeposit.amount,
        TenderDeposit.slip_number,
        TenderDeposit.deposited_at,
        TenderDeposit.deposited_by,
    )
    .where(among(TenderDeposit.deposit_control_id, "ids"))
    .order_by(TenderDeposit.id)
)
_WAS_COUNTED = or_(Tender.status == TenderStatus.VALID.value, Tender.canceled_after_balance == true())
"""A check that came back later was in the drawer when it was counted, and went to the bank."""
_TENDER_COUNTS = Statement(
    select(Tender.tender_type, func.count().label("number"))
    .where(among(Tender.tender_control_id, "ids"), _WAS_COUNTED)
    .group_by(Tender.tender_type)
)
_NUMBERED = Statement(
    select(
        Tender.id,
        Tender.tender_type,
        Tender.reference,
        Tender.micr,
        Tender.amount,
        Tender.payor_account_id,
        Tender.remitter,
        TenderControl.tender_source,
        PaymentEvent.receipt_number,
    )
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
    .where(among(Tender.tender_control_id, "ids"), _WAS_COUNTED, Tender.reference != "")
    .order_by(Tender.id)
)
_NOTES = Statement(
    select(ControlNote.kind, ControlNote.text)
    .where(ControlNote.deposit_control_id == bindparam("deposit_id"))
    .order_by(ControlNote.id)
)
_ROUTING_DIGITS = 9


def deposits(store: Store, config: Configuration, status: str | None = None, limit: int = 50) -> tuple[DepositRow, ...]:
    """Deposit controls, those that are open first, then the newest."""
    if status is None:
        found = store.all(_DEPOSITS, most=limit)
    else:
        found = store.all(_DEPOSITS_OF_STATUS, status=status, most=limit)
    parts = _parts(store, [row.id for row in found])
    users = user_names(store)
    return tuple(_summary(config, row, parts, users) for row in found)


def deposit_statement(store: Store, config: Configuration, deposit_id: int) -> DepositStatement:
    """A deposit with everything in it; refuses with DC-001."""
    deposit = store.first(_DEPOSIT, deposit_id=deposit_id)
    if deposit is None:
        refuse("DC-001", "There is no such deposit.")
    parts = _parts(store, [deposit_id])
    users = user_names(store)
    summary = _summary(config, deposit, parts, users)
    balanced = [row.id for row in parts.controls if row.status == ControlStatus.BALANCED]
    return DepositStatement(
        summary=summary,
        drawers=tuple(_drawer(config, row, parts, users) for row in parts.controls),
        turn_ins=tuple(_turn_in(row, users) for row in parts.turn_ins),
        composition=_composition(store, config, parts, balanced),
        checks=_checks(store, balanced),
        slips=tuple(_slip(config, row, users) for row in parts.slips),
        left_to_deposit=summary.to_deposit - summary.deposited,
        notes=tuple(f"{row.kind}: {row.text}" for row in store.all(_NOTES, deposit_id=deposit_id)),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to some deposits."""

    controls: Sequence[Any]
    counted: Mapping[int, Mapping[str, int]]
    """By drawer and tender type, as accepted last."""
    turn_ins: Sequence[Any]
    slips: Sequence[Any]


def _parts(store: Store, deposit_ids: list[int]) -> _Parts:
    controls = store.all(_CONTROLS, ids=deposit_ids)
    counted: dict[int, dict[str, int]] = {}
    for row in store.all(_COUNTED, ids=[c.id for c in controls if c.status == ControlStatus.BALANCED]):
        counted.setdefault(row.tender_control_id, {})[row.tender_type] = row.amount_counted
    return _Parts(controls, counted, store.all(_TURN_INS, ids=deposit_ids), store.all(_SLIPS, ids=deposit_ids))


def _stays(config: Configuration, control: Any) -> int:
    """The float that stays in a drawer (R payments O-4)."""
    everything = config.get(TenderSource, control.tender_source).deposit_everything
    return 0 if everything else int(control.starting_balance)


def _brings(config: Configuration, control: Any, parts: _Parts) -> int:
    """What a balanced drawer brings to the bank (R payments 2.11)."""
    if control.status != ControlStatus.BALANCED:
        return 0
    return sum(parts.counted.get(control.id, {}).values()) - _stays(config, control)


def _summary(config: Configuration, row: Any, parts: _Parts, users: Mapping[int, str]) -> DepositRow:
    controls = [control for control in parts.controls if control.deposit_control_id == row.id]
    turn_ins = [turn_in for turn_in in parts.turn_ins if turn_in.deposit_control_id == row.id]
    received = sum(turn_in.amount for turn_in in turn_ins if turn_in.status == TurnInStatus.RECEIVED)
    return DepositRow(
        deposit_control_id=row.id,
        source_type=row.source_type,
        currency=row.currency,
        status=row.status,
        business_date=row.business_date,
        opened_at=row.opened_at,
        opened_by=users.get(row.opened_by, ""),
        closed_at=row.closed_at,
        drawers=len(controls),
        drawers_balanced=sum(control.status == ControlStatus.BALANCED for control in controls),
        pending_turn_ins=sum(turn_in.status == TurnInStatus.PENDING for turn_in in turn_ins),
        to_deposit=max(received + sum(_brings(config, control, parts) for control in controls), 0),
        deposited=sum(slip.amount for slip in parts.slips if slip.deposit_control_id == row.id),
    )


def _drawer(config: Configuration, row: Any, parts: _Parts, users: Mapping[int, str]) -> DepositDrawer:
    return DepositDrawer(
        tender_control_id=row.id,
        tender_source=row.tender_source,
        description=config.get(TenderSource, row.tender_source).description,
        owner="" if row.owner_id is None else users.get(row.owner_id, ""),
        status=row.status,
        counted=sum(parts.counted.get(row.id, {}).values()),
        starting_float=_stays(config, row),
        amount=_brings(config, row, parts),
    )


def _turn_in(row: Any, users: Mapping[int, str]) -> TurnInFact:
    return TurnInFact(
        turn_in_id=row.id,
        tender_type=row.tender_type,
        amount=row.amount,
        status=row.status,
        receipt_number=row.receipt_number,
        created_at=row.created_at,
        created_by=users.get(row.created_by, ""),
        received_by=users.get(row.received_by) if row.received_by is not None else None,
    )


def _composition(
    store: Store, config: Configuration, parts: _Parts, balanced: Sequence[int]
) -> tuple[Composition, ...]:
    sums: dict[str, int] = {}
    for control in parts.controls:
        for tender_type, amount in parts.counted.get(control.id, {}).items():
            sums[tender_type] = sums.get(tender_type, 0) + amount
        if control.status == ControlStatus.BALANCED:
            start = control.starting_tender_type
            sums[start] = sums.get(start, 0) - _stays(config, control)
    for turn_in in parts.turn_ins:
        if turn_in.status == TurnInStatus.RECEIVED:
            sums[turn_in.tender_type] = sums.get(turn_in.tender_type, 0) + turn_in.amount
    counts = {row.tender_type: row.number for row in store.all(_TENDER_COUNTS, ids=list(balanced))}
    types = config.all(TenderType)
    cash = config.installation.starting_tender_type
    return tuple(
        Composition(
            tender_type=code,
            description=types[code].description if code in types else code,
            is_cash=code == cash,
            count=counts.get(code, 0),
            amount=amount,
        )
        for code, amount in sorted(sums.items(), key=lambda item: (item[0] != cash, item[0]))
        if amount
    )


def _checks(store: Store, balanced: Sequence[int]) -> tuple[CheckFact, ...]:
    rows = store.all(_NUMBERED, ids=list(balanced))
    accounts = account_names(store, (row.payor_account_id for row in rows))
    return tuple(
        CheckFact(
            tender_id=row.id,
            tender_type=row.tender_type,
            number=row.reference,
            payor=handed_by(accounts, row.payor_account_id, row.remitter),
            amount=row.amount,
            receipt_number=row.receipt_number or "",
            routing=row.micr[:_ROUTING_DIGITS],
            tender_source=row.tender_source,
        )
        for row in rows
    )


def _slip(config: Configuration, row: Any, users: Mapping[int, str]) -> SlipFact:
    bank = config.all(BankAccount).get(row.bank_account)
    return SlipFact(
        tender_deposit_id=row.id,
        slip_number=row.slip_number,
        bank_account=row.bank_account,
        bank_description=bank.description if bank else "",
        last_four=bank.account_last_four if bank else "",
        amount=row.amount,
        deposited_at=row.deposited_at,
        deposited_by=users.get(row.deposited_by, ""),
    )
