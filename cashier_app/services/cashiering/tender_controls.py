"""Opening drawers and what happens to their cash between customers (R payments 2.3-2.7, row A9)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import MovementReason, TenderSource
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import node_of
from cashier_app.domain.lifecycles import ControlStatus, EventKind, SourceType
from cashier_app.domain.money import Money
from cashier_app.models.control import (
    DepositControl,
    TenderControl,
)
from cashier_app.services.cashiering.drawer_counts import Counted, count_lines, write_count
from cashier_app.services.cashiering.house_events import house_event
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import (
    OTHERS_DRAWERS,
    add_to_totals,
    held,
    log_opening,
    may_know_expected,
    require_no_other,
    require_own_open,
)

_INSERT_CONTROL = insertion(
    TenderControl,
    "id tender_source deposit_control_id status owner_id currency starting_balance starting_tender_type business_date "
    "opened_at opened_by system_created batch_reference",
)
OPEN_DEPOSITS = Statement(
    select(DepositControl.id)
    .where(
        DepositControl.status == bindparam("status"),
        DepositControl.source_type == bindparam("source_type"),
        DepositControl.currency == bindparam("currency"),
    )
    .order_by(DepositControl.opened_at.desc())
)
_DEPOSIT = Statement(
    select(DepositControl.id, DepositControl.status, DepositControl.source_type, DepositControl.currency).where(
        DepositControl.id == bindparam("deposit_id")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTenderControl:
    """Open a drawer for a new balancing period."""

    tender_source: str
    starting_balance: Money | None = None
    """Default: the source's. Where the float is counted at opening, the count decides."""
    deposit_control_id: int | None = None
    """Default: the open deposit of the source's kind and currency."""
    all_users: bool = False
    count: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderControlOpened:
    """A drawer is open."""

    tender_control_id: int
    deposit_control_id: int
    starting_balance: Money


@handles(OpenTenderControl, branch=True)
def open_tender_control(command: OpenTenderControl, work: Work) -> TenderControlOpened:
    """One live control per drawer; its float counts as starting balance."""
    source = work.config.get(TenderSource, command.tender_source, "tender_source")
    require(
        source.type in {SourceType.ONLINE_CASHIERING, SourceType.AD_HOC},
        "TC-004",
        f"{source.code} is filled by a file, not by a cashier.",
        "tender_source",
    )
    _require_here(work, source)
    if source.code not in work.user.tender_sources and not work.may(OTHERS_DRAWERS):
        mine = ", ".join(sorted(work.user.tender_sources)) or "none"
        refuse("TC-003", f"Drawer {source.code} is not one of yours ({mine}).", "tender_source")
    require_no_other(work, source.code)
    float_amount = command.starting_balance or source.default_starting_balance or Money(0, source.currency)
    if command.count:
        cash = work.config.installation.starting_tender_type
        require(
            all(line.tender_type == cash for line in command.count),
            "TC-007",
            f"A float is held in {cash} only.",
            "count",
        )
        float_amount = Money(
            sum(line[4] for line in count_lines(work, command.count, source.currency)), source.currency
        )
    require(
        float_amount.minor >= 0 and float_amount.currency == source.currency,
        "TC-007",
        f"The starting balance is 0 or more {source.currency}.",
        "starting_balance",
    )
    deposit_id = _deposit_for(work, source, command.deposit_control_id)
    control_id = write_control(
        work, source, deposit_id, float_amount.minor, owner_id=None if command.all_users else work.user.id
    )
    if command.count:
        write_count(work, control_id, "OPENING", command.count, source.currency)
    work.changed("tender_control", control_id)
    work.changed("deposit_control", deposit_id)
    return TenderControlOpened(
        tender_control_id=control_id, deposit_control_id=deposit_id, starting_balance=float_amount
    )


def _require_here(work: Work, source: TenderSource) -> None:
    """A branch's drawers are its own, and it has no others: two writers would number one series (decision 18)."""
    if source.workstation:
        require(
            source.workstation == work.node_name,
            "TC-028",
            f"Drawer {source.code} belongs to workstation {source.workstation}; open one of {work.node_name}.",
            "tender_source",
        )
    else:
        require(
            not work.config.is_branch,
            "TC-028",
            f"Drawer {source.code} belongs to the office. An administrator gives this workstation a drawer of its own.",
            "tender_source",
        )


def write_control(
    work: Work,
    source: TenderSource,
    deposit_id: int,
    starting_balance: int,
    *,
    owner_id: int | None,
    batch_reference: str | None = None,
) -> int:
    """Write an open tender control with its float; returns its key."""
    control_id = work.new_id()
    starting_type = work.config.installation.starting_tender_type
    row = (
        control_id,
        source.code,
        deposit_id,
        ControlStatus.OPEN.value,
        owner_id,
        source.currency,
        starting_balance,
        starting_type,
        work.business_date,
        work.instant,
        work.user.id,
        batch_reference is not None,
        batch_reference,
    )
    work.store.write(_INSERT_CONTROL, [row])
    if starting_balance:
        add_to_totals(work, {(control_id, starting_type): (starting_balance, 0)})
    return control_id


def _deposit_for(work: Work, source: TenderSource, deposit_id: int | None) -> int:
    if deposit_id is None:
        rows = work.store.all(
            OPEN_DEPOSITS, status=ControlStatus.OPEN.value, source_type=source.type.value, currency=source.currency
        )
        found = next((row.id for row in rows if node_of(row.id) not in work.config.branches), None)
        if found is None:
            refuse(
                "TC-008",
                f"No deposit in {source.currency} is open for drawers; a supervisor opens one first.",
                "deposit_control_id",
            )
        return int(found)
    deposit = work.store.one(_DEPOSIT, ("DC-001", "There is no such deposit."), deposit_id=deposit_id)
    work.refuse_elsewhere(deposit.id, "This deposit")
    require(
        deposit.source_type == source.type and deposit.currency == source.currency,
        "PAY-083",
        f"The deposit takes {deposit.source_type} in {deposit.currency}; {source.code} is "
        f"{source.type.value} in {source.currency}.",
        "deposit_control_id",
    )
    require(deposit.status == ControlStatus.OPEN, "DC-002", f"The deposit is {deposit.status.lower()}, not open.")
    return deposit_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDrawerCash:
    """Put cash into a drawer or take some out, without a customer: pay-in (positive), pay-out (negative)."""

    tender_control_id: int
    reason: str
    """Code of a movement reason."""
    amount: Money
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCashMoved:
    """The event that booked it."""

    event_id: int
    amount: Money


@handles(MoveDrawerCash, branch=True)
def move_drawer_cash(command: MoveDrawerCash, work: Work) -> DrawerCashMoved:
    """Booked like any payment, to the agreement of the reason: the books know where the cash went."""
    control = require_own_open(work, command.tender_control_id)
    reason = work.config.get(MovementReason, command.reason, "reason")
    amount = command.amount
    require(
        amount.minor != 0 and amount.currency == control.currency,
        "TC-014",
        f"Give an amount in {control.currency}: positive for in, negative for out.",
        "amount",
    )
    require(
        reason.pay_in if amount.minor > 0 else reason.pay_out,
        "TC-015",
        f"{reason.description} does not go this way.",
        "reason",
    )
    require(command.note.strip(), "TC-016", "Say what it was for.", "note")
    cash = control.starting_tender_type
    if may_know_expected(work, control) and -amount.minor > held(work, control, cash):
        refuse("TC-011", "The drawer does not hold that much cash.", "amount")
    if reason.limit is not None and abs(amount.minor) > reason.limit.minor:
        work.need_second_person("accept-over-under", f"move more than {reason.limit} for {reason.description}")
    written = house_event(
        work, control, EventKind.PAY_IN_OUT, reason.agreement, cash, amount.minor, command.note.strip()
    )
    log_opening(work, control.id, "PAY_IN_OUT", event_id=written.id, note=command.note.strip())
    work.changed("tender_control", control.id)
    return DrawerCashMoved(event_id=written.id, amount=amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDrawer:
    """Open the drawer without a payment (*no sale*); it is logged."""

    tender_control_id: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerOpened:
    """The drawer springs open."""

    tender_control_id: int


@handles(OpenDrawer, branch=True)
def open_drawer(command: OpenDrawer, work: Work) -> DrawerOpened:
    """Asks for a word why."""
    control = require_own_open(work, command.tender_control_id)
    require(command.note.strip(), "TC-016", "Say why the drawer is opened.", "note")
    log_opening(work, control.id, "NO_SALE", note=command.note.strip())
    work.changed("tender_control", control.id)
    return DrawerOpened(tender_control_id=control.id)
