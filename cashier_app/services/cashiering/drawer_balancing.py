"""Closing a drawer: count, compare, book the difference, balance, report (R payments 2.6, 2.8)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.drawers import TenderTypeBalance, balances
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import TENDER_CONTROL, ControlStatus, EventKind, TurnInStatus
from cashier_app.domain.money import Money
from cashier_app.models.control import (
    DepositControl,
    TenderControl,
    TenderControlCount,
    TurnIn,
)
from cashier_app.services.administration.seals import seal_drawer
from cashier_app.services.cashiering.drawer_counts import Counted, write_count
from cashier_app.services.cashiering.drawer_differences import (
    LAST_COUNT,
    above_tolerance,
    compared,
    in_words,
    need_acceptance,
)
from cashier_app.services.cashiering.house_events import house_event
from cashier_app.services.cashiering.z_reports import write_z_report
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import (
    SEE_EXPECTED,
    ControlFacts,
    control_of,
    expected,
    log_opening,
    require_finished_events,
    require_no_other,
    require_own,
    write_note,
)

_MOVE = change(TenderControl, "status")
_CLOSE = change(TenderControl, "status balanced_at balanced_by")
_INSERT_SNAPSHOT = insertion(
    TenderControlCount, "tender_control_id balancing tender_type amount_expected amount_counted"
)
_PENDING = Statement(
    select(func.count())
    .select_from(TurnIn)
    .where(TurnIn.tender_control_id == bindparam("control_id"), TurnIn.status == bindparam("status"))
)
_BALANCINGS = Statement(
    select(func.coalesce(func.max(TenderControlCount.balancing), 0)).where(
        TenderControlCount.tender_control_id == bindparam("control_id")
    )
)
_DEPOSIT_STATUS = Statement(select(DepositControl.status).where(DepositControl.id == bindparam("deposit_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBalancing:
    """Stop taking money in a drawer, to count it."""

    tender_control_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerState:
    """Where a drawer stands."""

    tender_control_id: int
    status: ControlStatus


@handles(StartBalancing, branch=True)
def start_balancing(command: StartBalancing, work: Work) -> DrawerState:
    """Every event in it must balance and be frozen."""
    control = _drawer(work, command.tender_control_id)
    require_finished_events(work, control.id)
    return move_control(work, control, ControlStatus.BALANCING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeTaking:
    """Go back from counting to taking money; counts are kept."""

    tender_control_id: int


@handles(ResumeTaking, right="StartBalancing", branch=True)
def resume_taking(command: ResumeTaking, work: Work) -> DrawerState:
    """Balancing becomes open; that it was counted before is noted, and it must be counted again."""
    control = _drawer(work, command.tender_control_id)
    require(
        control.status == ControlStatus.BALANCING,
        "TC-002",
        "Only a drawer that is being counted can be taken up again.",
    )
    last = work.store.first(LAST_COUNT, control_id=control.id)
    if last:
        write_note(work, "RESUMED", f"Taken up again after count {last.attempt}.", control_id=control.id)
    return move_control(work, control, ControlStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDrawer:
    """What was found in a drawer at closing. Each count is kept; the last one is compared."""

    tender_control_id: int
    count: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCounted:
    """A tender type, expected against counted."""

    tender_type: str
    expected: Money
    counted: Money
    variance: Money
    """Positive: over; negative: short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCounted:
    """What the count says; only now may the owner of a blind drawer see what was expected."""

    tender_control_id: int
    attempt: int
    lines: tuple[TypeCounted, ...]
    in_balance: bool


@handles(CountDrawer, branch=True)
def count_drawer(command: CountDrawer, work: Work) -> DrawerCounted:
    """Keep the count and compare it per tender type."""
    control = _drawer(work, command.tender_control_id)
    require(control.status == ControlStatus.BALANCING, "TC-017", "Start balancing before you count.")
    if work.preview and not work.may(SEE_EXPECTED):
        # The answer holds what was expected, and a preview would leave no count behind (R reliability C3).
        refuse("TC-025", "A count is not tried out. Save it; it can be counted again.", "count")
    attempt, sums = write_count(work, control.id, "CLOSING", command.count, control.currency)
    log_opening(work, control.id, "COUNT")
    found = balances(expected(work.store, control.id), sums)
    work.changed("tender_control", control.id)
    return DrawerCounted(
        tender_control_id=control.id,
        attempt=attempt,
        lines=tuple(_line(balance, control.currency) for balance in found),
        in_balance=not any(balance.variance for balance in found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOverUnder:
    """Book what a drawer is over or short in one tender type, against the over/under agreement (S1 p.25)."""

    tender_control_id: int
    tender_type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverUnderBooked:
    """The event that booked it."""

    event_id: int
    amount: Money
    """Positive: over; negative: short."""


@handles(BookOverUnder, branch=True)
def book_over_under(command: BookOverUnder, work: Work) -> OverUnderBooked:
    """After it expected equals counted."""
    control = _drawer(work, command.tender_control_id)
    require(
        control.status == ControlStatus.BALANCING, "TC-017", "Start balancing and count before you book a difference."
    )
    require(command.reason.strip(), "TC-018", "Say what the difference may come from.", "reason")
    (found,) = [balance for balance in compared(work, control) if balance.tender_type == command.tender_type] or [
        TenderTypeBalance(command.tender_type, 0, 0)
    ]
    if not found.variance:
        refuse("TC-019", f"{command.tender_type} is in balance; there is nothing to book.", "tender_type")
    need_acceptance(work, control, [found])
    return OverUnderBooked(
        event_id=_book(work, control, found, command.reason.strip()), amount=Money(found.variance, control.currency)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceDrawer:
    """Accept the last count and close the drawer."""

    tender_control_id: int
    note: str = ""
    """Compulsory where the difference is above the source's tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerBalanced:
    """The drawer is closed; its Z report is numbered."""

    tender_control_id: int
    z_number: int
    lines: tuple[TypeCounted, ...]
    """As found, before differences were booked."""


@handles(BalanceDrawer, branch=True)
def balance_drawer(command: BalanceDrawer, work: Work) -> DrawerBalanced:
    """Within tolerance a difference is booked by itself; above it a note and another person are needed (row A9)."""
    control = _drawer(work, command.tender_control_id)
    require(control.status == ControlStatus.BALANCING, "TC-017", "Start balancing and count before you close.")
    pending = work.store.value(_PENDING, control_id=control.id, status=TurnInStatus.PENDING.value)
    if pending:
        refuse("TC-020", f"{pending} turn-in(s) wait to be received. The head cashier receives or you void them first.")
    require_finished_events(work, control.id)  # a payment may have been canceled since the count began
    found = compared(work, control)
    off = [balance for balance in found if balance.variance]
    if above_tolerance(work, control, off):
        require(command.note.strip(), "PAY-081", in_words(control, off) + " Recount, or give a note.", "note")
    need_acceptance(work, control, off)
    for balance in off:
        _book(work, control, balance, command.note.strip() or "within tolerance")
    return close_control(work, control, found)


def close_control(work: Work, control: ControlFacts, found: tuple[TenderTypeBalance, ...]) -> DrawerBalanced:
    """Balance a control whose differences are booked: snapshot, Z report, seal."""
    balancing = work.store.value(_BALANCINGS, control_id=control.id) + 1
    snapshot = [(control.id, balancing, each.tender_type, each.amount_counted, each.amount_counted) for each in found]
    work.store.write(_INSERT_SNAPSHOT, snapshot)
    TENDER_CONTROL.move(ControlStatus(control.status), ControlStatus.BALANCED)
    work.store.write(_CLOSE, [(ControlStatus.BALANCED.value, work.instant, work.user.id, control.id)])
    number = write_z_report(work, control.id)
    seal_drawer(work)
    work.changed("tender_control", control.id)
    work.changed("deposit_control", control.deposit_control_id)
    return DrawerBalanced(
        tender_control_id=control.id,
        z_number=number,
        lines=tuple(_line(balance, control.currency) for balance in found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTenderControl:
    """Open a balanced drawer again, for a reason that is kept."""

    tender_control_id: int
    reason: str


@handles(ReopenTenderControl, branch=True)
def reopen_tender_control(command: ReopenTenderControl, work: Work) -> DrawerState:
    """Only while its deposit is open (R payments O-16); snapshots stay."""
    control = control_of(work, command.tender_control_id)
    require(control.status == ControlStatus.BALANCED, "TC-002", "Only a balanced drawer can be reopened.")
    require(command.reason.strip(), "TC-018", "Say why it is reopened.", "reason")
    require_no_other(work, control.tender_source)
    status = work.store.value(_DEPOSIT_STATUS, deposit_id=control.deposit_control_id)
    require(status == ControlStatus.OPEN, "TC-021", "Its deposit is closed; reopen the deposit first.")
    if control.owner_id == work.user.id:
        work.need_second_person("ReopenTenderControl", "reopen your own drawer")
    write_note(work, "REOPENED", command.reason.strip(), control_id=control.id)
    return move_control(work, control, ControlStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceCloseDrawer:
    """A supervisor closes a drawer that its owner left open: counts it, books what differs, balances."""

    tender_control_id: int
    count: tuple[Counted, ...]
    reason: str


@handles(ForceCloseDrawer, branch=True)
def force_close_drawer(command: ForceCloseDrawer, work: Work) -> DrawerBalanced:
    """Not by the owner; the reason goes on the over/under booking too (row A7)."""
    control = control_of(work, command.tender_control_id)
    require(command.reason.strip(), "TC-018", "Say why it is closed by somebody else.", "reason")
    require(control.owner_id != work.user.id, "TC-022", "This drawer is your own; balance it in the ordinary way.")
    if control.status == ControlStatus.OPEN:
        start_balancing(StartBalancing(tender_control_id=control.id), work)
        control = control_of(work, control.id)
    write_note(work, "FORCE_CLOSED", command.reason.strip(), control_id=control.id)
    count_drawer(CountDrawer(tender_control_id=control.id, count=command.count), work)
    return balance_drawer(BalanceDrawer(tender_control_id=control.id, note=command.reason.strip()), work)


def _drawer(work: Work, control_id: int) -> ControlFacts:
    return require_own(work, control_of(work, control_id))


def move_control(work: Work, control: ControlFacts, target: ControlStatus) -> DrawerState:
    """Move a control along its life cycle."""
    TENDER_CONTROL.move(ControlStatus(control.status), target)
    work.store.write(_MOVE, [(target.value, control.id)])
    work.changed("tender_control", control.id)
    work.changed("deposit_control", control.deposit_control_id)
    return DrawerState(tender_control_id=control.id, status=target)


def _book(work: Work, control: ControlFacts, balance: TenderTypeBalance, reason: str) -> int:
    source = work.config.get(TenderSource, control.tender_source)
    if not source.over_under_agreement:
        refuse("TC-023", f"Tender source {source.code} names no over/under agreement; an administrator sets one.")
    written = house_event(
        work,
        control,
        EventKind.OVER_UNDER,
        source.over_under_agreement,
        work.config.installation.over_under_tender_type,
        balance.variance,
        reason,
        applies_to=balance.tender_type,
    )
    write_note(work, "OVER_UNDER", reason, control_id=control.id)
    return written.id


def _line(balance: TenderTypeBalance, currency: str) -> TypeCounted:
    return TypeCounted(
        tender_type=balance.tender_type,
        expected=Money(balance.amount_expected, currency),
        counted=Money(balance.amount_counted, currency),
        variance=Money(balance.variance, currency),
    )
