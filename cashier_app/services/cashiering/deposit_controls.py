"""Deposits: balanced drawers and received turn-ins on their way to the bank (R payments 2.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from cashier_app.domain.configuration import BankAccount, Currency, TenderSource
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.gl_tables import GlDivision
from cashier_app.domain.identifiers import with_check_digit
from cashier_app.domain.lifecycles import DEPOSIT_CONTROL, ControlStatus, SourceType, TurnInStatus
from cashier_app.domain.money import Money
from cashier_app.models.control import DepositControl, TenderControl, TenderControlCount, TenderDeposit, TurnIn
from cashier_app.services.administration.branch_link import require_all_arrived
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, change, deletion, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import write_note

_INSERT = insertion(DepositControl, "id source_type currency status business_date opened_at opened_by")
_MOVE = change(DepositControl, "status closed_at closed_by")
_INSERT_DEPOSIT = insertion(
    TenderDeposit, "id deposit_control_id bank_account amount slip_number deposited_at deposited_by"
)
_DELETE_DEPOSIT = deletion(TenderDeposit)
DEPOSIT = Statement(
    select(
        DepositControl.id,
        DepositControl.status,
        DepositControl.source_type,
        DepositControl.currency,
        DepositControl.business_date,
    )
    .where(DepositControl.id == bindparam("deposit_id"))
    .with_for_update()
)
_CONTROLS = Statement(
    select(TenderControl.id, TenderControl.tender_source, TenderControl.status, TenderControl.starting_balance)
    .where(TenderControl.deposit_control_id == bindparam("deposit_id"))
    .order_by(TenderControl.id)
)
_count = aliased(TenderControlCount)
_last_balancing = (
    select(func.max(_count.balancing)).where(_count.tender_control_id == TenderControl.id).scalar_subquery()
)
_COUNTED = Statement(
    # A drawer that was counted empty has no counts, yet its float is to stay.
    select(TenderControl.id, func.coalesce(func.sum(TenderControlCount.amount_counted), 0).label("counted"))
    .join(
        TenderControlCount,
        (TenderControlCount.tender_control_id == TenderControl.id) & (TenderControlCount.balancing == _last_balancing),
        isouter=True,
    )
    .where(
        TenderControl.deposit_control_id == bindparam("deposit_id"),
        TenderControl.status == ControlStatus.BALANCED.value,
    )
    .group_by(TenderControl.id)
)
_TURN_INS = Statement(
    select(TurnIn.status, func.sum(TurnIn.amount).label("amount"), func.count().label("number"))
    .where(TurnIn.deposit_control_id == bindparam("deposit_id"))
    .group_by(TurnIn.status)
)
_DEPOSITS = Statement(
    select(TenderDeposit.id, TenderDeposit.amount)
    .where(TenderDeposit.deposit_control_id == bindparam("deposit_id"))
    .order_by(TenderDeposit.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDepositControl:
    """Start gathering drawers of one kind and currency for the bank."""

    source_type: SourceType = SourceType.ONLINE_CASHIERING
    currency: str = ""
    """Default: the installation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositState:
    """A deposit and where it stands."""

    deposit_control_id: int
    status: ControlStatus
    to_deposit: Money


@handles(OpenDepositControl, right="DepositControls", branch=True)
def open_deposit_control(command: OpenDepositControl, work: Work) -> DepositState:
    """Several may be open at once; drawers choose theirs when they open."""
    currency = command.currency or work.config.installation.currency
    work.config.get(Currency, currency, "currency")
    deposit_id = write_deposit_control(work, command.source_type, currency)
    return DepositState(deposit_control_id=deposit_id, status=ControlStatus.OPEN, to_deposit=Money(0, currency))


def write_deposit_control(work: Work, source_type: SourceType, currency: str) -> int:
    """Write an open deposit control; returns its key."""
    deposit_id = work.new_id()
    status = ControlStatus.OPEN.value
    row = (deposit_id, source_type.value, currency, status, work.business_date, work.instant, work.user.id)
    work.store.write(_INSERT, [row])
    work.changed("deposit_control", deposit_id)
    return deposit_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDepositBalancing:
    """Close a deposit for more drawers, to add it up."""

    deposit_control_id: int


@handles(StartDepositBalancing, right="DepositControls", branch=True)
def start_deposit_balancing(command: StartDepositBalancing, work: Work) -> DepositState:
    """All drawers balanced, all turn-ins received."""
    deposit = deposit_of(work, command.deposit_control_id)
    controls = work.store.all(_CONTROLS, deposit_id=deposit.id)
    unfinished = [control.tender_source for control in controls if control.status != ControlStatus.BALANCED]
    if unfinished:
        refuse("DC-003", f"These drawers are not balanced: {', '.join(unfinished)}.")
    pending = sum(
        row.number for row in work.store.all(_TURN_INS, deposit_id=deposit.id) if row.status == TurnInStatus.PENDING
    )
    if pending:
        refuse("DC-004", f"{pending} turn-in(s) wait to be received.")
    require(controls, "DC-005", "There is no drawer in this deposit yet.")
    return _move(work, deposit, ControlStatus.BALANCING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTenderDeposit:
    """Put an amount of a deposit on a bank account's slip."""

    deposit_control_id: int
    amount: Money | None = None
    """Default: all that is not on a slip yet."""
    bank_account: str = ""
    """Default: that of the drawers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDepositAdded:
    """Its slip number and what is left."""

    tender_deposit_id: int
    slip_number: str
    bank_account: str
    amount: Money
    left: Money


@handles(AddTenderDeposit, right="DepositControls", branch=True)
def add_tender_deposit(command: AddTenderDeposit, work: Work) -> TenderDepositAdded:
    """Not more than is there to deposit."""
    deposit = deposit_of(work, command.deposit_control_id)
    require(deposit.status == ControlStatus.BALANCING, "DC-002", "Start balancing the deposit first.")
    bank_code = command.bank_account or _bank_of(work, deposit)
    bank = work.config.get(BankAccount, bank_code, "bank_account")
    require(bank.currency == deposit.currency, "PAY-042", f"{bank.code} is in {bank.currency}.", "bank_account")
    left = to_deposit(work.store, work.config, deposit.id) - _deposited(work.store, deposit.id)
    amount = command.amount or Money(left, deposit.currency)
    require(
        0 < amount.minor <= left and amount.currency == deposit.currency,
        "PAY-084",
        f"There is {Money(left, deposit.currency)} left to deposit; {amount} cannot be put on a slip.",
        "amount",
    )
    deposit_id = work.new_id()
    slip = with_check_digit(f"7{work.node:03d}{work.next_number(f'SLIP-{work.node}'):07d}")
    row = (deposit_id, deposit.id, bank.code, amount.minor, slip, work.instant, work.user.id)
    work.store.write(_INSERT_DEPOSIT, [row])
    work.changed("deposit_control", deposit.id)
    return TenderDepositAdded(
        tender_deposit_id=deposit_id,
        slip_number=slip,
        bank_account=bank.code,
        amount=amount,
        left=Money(left - amount.minor, deposit.currency),
    )


def _bank_of(work: Work, deposit: Any) -> str:
    controls = work.store.all(_CONTROLS, deposit_id=deposit.id)
    codes = {work.config.get(TenderSource, control.tender_source).bank_account for control in controls}
    if len(codes) != 1:
        refuse("DC-006", f"Choose a bank account: the drawers belong to {', '.join(sorted(codes))}.", "bank_account")
    return codes.pop()


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceDeposit:
    """Hand the deposit over: its slips add up to what the drawers brought."""

    deposit_control_id: int


@handles(BalanceDeposit, right="DepositControls", branch=True)
def balance_deposit(command: BalanceDeposit, work: Work) -> DepositState:
    """Σ tender deposits = Σ counted less floats + received turn-ins (I8)."""
    deposit = deposit_of(work, command.deposit_control_id)
    if work.config.is_branch:
        require_all_arrived(work.store)
    wanted, deposited = to_deposit(work.store, work.config, deposit.id), _deposited(work.store, deposit.id)
    require(
        wanted == deposited,
        "PAY-084",
        f"The slips add up to {Money(deposited, deposit.currency)}, to deposit is {Money(wanted, deposit.currency)}.",
    )
    return _move(work, deposit, ControlStatus.BALANCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenDepositControl:
    """Open a deposit again, for a reason that is kept; its slips are void."""

    deposit_control_id: int
    reason: str


@handles(ReopenDepositControl, right="DepositControls", branch=True)
def reopen_deposit_control(command: ReopenDepositControl, work: Work) -> DepositState:
    """A handed-over deposit needs an administrator, and its period still open."""
    deposit = deposit_of(work, command.deposit_control_id)
    require(command.reason.strip(), "TC-018", "Say why it is reopened.", "reason")
    if deposit.status == ControlStatus.BALANCED:
        work.need_right_or_second_person("ReopenDepositControl", "reopen a deposit that was handed over")
        for division in work.config.all(GlDivision):
            work.config.require_open(division, deposit.business_date, work.business_date)
    work.store.write(_DELETE_DEPOSIT, [(row.id,) for row in work.store.all(_DEPOSITS, deposit_id=deposit.id)])
    write_note(work, "REOPENED", command.reason.strip(), deposit_id=deposit.id)
    return _move(work, deposit, ControlStatus.OPEN)


def deposit_of(work: Work, deposit_id: int) -> Any:
    """The deposit control of a key, its row locked on PostgreSQL; refuses with DC-001."""
    work.refuse_elsewhere(deposit_id, "This deposit")
    return work.store.one(DEPOSIT, ("DC-001", "There is no such deposit."), deposit_id=deposit_id)


def to_deposit(store: Store, config: Configuration, deposit_id: int) -> int:
    """What the balanced drawers and received turn-ins bring to the bank (R payments 2.11).

    The float stays in the drawer unless the tender source says *deposit everything* (O-4). Where drawers paid out
    more than they took, there is nothing to bring: what is left of their floats stays too.
    """
    controls = {row.id: row for row in store.all(_CONTROLS, deposit_id=deposit_id)}
    total = 0
    for row in store.all(_COUNTED, deposit_id=deposit_id):
        control = controls[row.id]
        keeps = not config.get(TenderSource, control.tender_source).deposit_everything
        total += int(row.counted) - (control.starting_balance if keeps else 0)
    received = [row for row in store.all(_TURN_INS, deposit_id=deposit_id) if row.status == TurnInStatus.RECEIVED]
    return max(total + sum(int(row.amount) for row in received), 0)


def _deposited(store: Store, deposit_id: int) -> int:
    return sum(row.amount for row in store.all(_DEPOSITS, deposit_id=deposit_id))


def _move(work: Work, deposit: Any, target: ControlStatus) -> DepositState:
    DEPOSIT_CONTROL.move(ControlStatus(deposit.status), target)
    closed = target is ControlStatus.BALANCED
    row = (target.value, work.instant if closed else None, work.user.id if closed else None, deposit.id)
    work.store.write(_MOVE, [row])
    work.changed("deposit_control", deposit.id)
    amount = Money(to_deposit(work.store, work.config, deposit.id), deposit.currency)
    return DepositState(deposit_control_id=deposit.id, status=target, to_deposit=amount)
