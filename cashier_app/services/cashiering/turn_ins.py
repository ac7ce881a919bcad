"""Part of a drawer handed to the head cashier during the day (R payments 2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import TenderType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import with_check_digit
from cashier_app.domain.lifecycles import TURN_IN, TurnInStatus
from cashier_app.domain.money import Money
from cashier_app.models.control import TurnIn
from cashier_app.services.cashiering.drawer_counts import Counted, write_count
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import (
    add_to_totals,
    control_of,
    held,
    log_opening,
    may_know_expected,
    require_own_open,
    warn_of_limit,
)

_INSERT_TURN_IN = insertion(
    TurnIn, "id tender_control_id deposit_control_id tender_type amount status receipt_number created_at created_by"
)
_MOVE_TURN_IN = change(TurnIn, "status received_at received_by")
_TURN_IN = Statement(
    select(
        TurnIn.id,
        TurnIn.tender_control_id,
        TurnIn.deposit_control_id,
        TurnIn.tender_type,
        TurnIn.amount,
        TurnIn.status,
        TurnIn.created_by,
    )
    .where(TurnIn.id == bindparam("turn_in_id"))
    .with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInFunds:
    """Hand part of a drawer to the head cashier (R payments 2.7)."""

    tender_control_id: int
    tender_type: str
    amount: Money | None = None
    """Left out where a count is given."""
    count: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedIn:
    """A turn-in and where it stands."""

    turn_in_id: int
    receipt_number: str
    amount: Money
    status: TurnInStatus


@handles(TurnInFunds, branch=True)
def turn_in_funds(command: TurnInFunds, work: Work) -> TurnedIn:
    """The drawer's expected amount falls at once; the head cashier receives it later.

    Of a blind drawer no amount is too much for now, since a refusal would tell its owner what is in it; then
    receiving looks (decision 14).
    """
    control = require_own_open(work, command.tender_control_id)
    tender_type = work.config.get(TenderType, command.tender_type, "tender_type")
    amount = command.amount
    if command.count:
        _, sums = write_count(work, control.id, "TURN_IN", command.count, control.currency)
        require(set(sums) == {tender_type.code}, "TC-010", "Count only what is turned in.", "count")
        amount = Money(sums[tender_type.code], control.currency)
    if amount is None or amount.minor <= 0 or amount.currency != control.currency:
        refuse("TC-010", f"Turn in more than 0 {control.currency}.", "amount")
    if may_know_expected(work, control) and amount.minor > held(work, control, tender_type.code):
        refuse("TC-011", f"The drawer does not hold {amount} in {tender_type.code}. Turn in less.", "amount")
    turn_in_id = work.new_id()
    number = with_check_digit(f"8{work.node:03d}{work.next_number(f'TURN-IN-{work.node}'):07d}")
    row = (
        turn_in_id,
        control.id,
        control.deposit_control_id,
        tender_type.code,
        amount.minor,
        TurnInStatus.PENDING.value,
        number,
        work.instant,
        work.user.id,
    )
    work.store.write(_INSERT_TURN_IN, [row])
    add_to_totals(work, {(control.id, tender_type.code): (-amount.minor, 0)})
    if tender_type.kick_drawer:
        log_opening(work, control.id, "TURN_IN")
    warn_of_limit(work, control)
    work.changed("tender_control", control.id)
    work.changed("deposit_control", control.deposit_control_id)
    return TurnedIn(turn_in_id=turn_in_id, receipt_number=number, amount=amount, status=TurnInStatus.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveTurnIn:
    """The head cashier has counted a turn-in and keeps it."""

    turn_in_id: int


@handles(ReceiveTurnIn, branch=True)
def receive_turn_in(command: ReceiveTurnIn, work: Work) -> TurnedIn:
    """The receiver is neither who turned it in nor whose drawer it left."""
    turn_in = _turn_in(work, command.turn_in_id)
    control = control_of(work, turn_in.tender_control_id)
    require(
        work.user.id not in {turn_in.created_by, control.owner_id},
        "TC-012",
        "Somebody else must receive what you turned in.",
        "turn_in_id",
    )
    if held(work, control, turn_in.tender_type) < 0:
        refuse(
            "TC-011", "The drawer did not hold that much. Count it together; a wrong turn-in is voided.", "turn_in_id"
        )
    return _move_turn_in(work, turn_in, TurnInStatus.RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidTurnIn:
    """A turn-in that was not handed over after all goes back into the drawer."""

    turn_in_id: int


@handles(VoidTurnIn, right="TurnInFunds", branch=True)
def void_turn_in(command: VoidTurnIn, work: Work) -> TurnedIn:
    """Only while it is pending and the drawer open."""
    turn_in = _turn_in(work, command.turn_in_id)
    require_own_open(work, turn_in.tender_control_id)
    moved = _move_turn_in(work, turn_in, TurnInStatus.VOIDED)
    add_to_totals(work, {(turn_in.tender_control_id, turn_in.tender_type): (turn_in.amount, 0)})
    return moved


def _turn_in(work: Work, turn_in_id: int) -> Any:
    return work.store.one(_TURN_IN, ("TC-013", "There is no such turn-in."), turn_in_id=turn_in_id)


def _move_turn_in(work: Work, turn_in: Any, target: TurnInStatus) -> TurnedIn:
    TURN_IN.move(TurnInStatus(turn_in.status), target)
    received = target is TurnInStatus.RECEIVED
    row = (target.value, work.instant if received else None, work.user.id if received else None, turn_in.id)
    work.store.write(_MOVE_TURN_IN, [row])
    control = control_of(work, turn_in.tender_control_id)
    work.changed("tender_control", control.id)
    work.changed("deposit_control", turn_in.deposit_control_id)
    return TurnedIn(
        turn_in_id=turn_in.id, receipt_number="", amount=Money(turn_in.amount, control.currency), status=target
    )
