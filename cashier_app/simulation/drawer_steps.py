"""Drawers and deposits: opened, moved about, counted, balanced, reopened, closed by force, brought to the bank."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cashier_app.domain.lifecycles import ControlStatus, TurnInStatus
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    BalanceDeposit,
    OpenDepositControl,
    ReopenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    BookOverUnder,
    CountDrawer,
    ForceCloseDrawer,
    ReopenTenderControl,
    ResumeTaking,
    StartBalancing,
)
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash, OpenDrawer, OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.simulation.office import dollars
from cashier_app.simulation.steps import Desk, Maker, Step
from cashier_app.simulation.world import CASH, Deposit, Drawer, HandedIn

TOLERANCE = 100


def open_deposit(desk: Desk) -> Step | None:
    """There is one open deposit for drawers, sometimes two."""
    if desk.world.open_deposit is not None and desk.chance(0.95):
        return None

    def done(result: Any) -> None:
        desk.world.deposits.append(Deposit(result.deposit_control_id))

    return Step(desk.supervisor(), OpenDepositControl(), done)


def open_drawer(desk: Desk) -> Step | None:
    """A cashier without a live drawer opens one, with the usual float or another."""
    live = {drawer.source for drawer in desk.world.drawers if drawer.status is not ControlStatus.BALANCED}
    user = desk.one_of([login for login, source in desk.staff.cashiers.items() if source not in live])
    return None if user is None else opening(desk, user, desk.staff.cashiers[user])


def opening(desk: Desk, user: str, source: str) -> Step | None:
    """Open this drawer in the name of this user."""
    deposit = desk.world.open_deposit
    if deposit is None:
        return None
    holding = desk.rng.choice((None, None, 0, 5_000, 12_345))
    command = OpenTenderControl(
        tender_source=source,
        starting_balance=None if holding is None else dollars(holding),
        deposit_control_id=deposit.id if desk.chance(0.5) else None,
    )

    def done(result: Any) -> None:
        went_to = next(each for each in desk.world.deposits if each.id == result.deposit_control_id)
        drawer = Drawer(result.tender_control_id, source, user, went_to, result.starting_balance.minor)
        drawer.holds[CASH] += drawer.starting
        desk.world.drawers.append(drawer)
        desk.world.touch(drawer)

    return Step(user, command, done)


def turn_in(desk: Desk) -> Step | None:
    """Hand part of the drawer to the head cashier."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    user, drawer = found
    kind = desk.one_of([code for code, amount in drawer.expected.items() if amount > 1 and drawer.holds[code] > 1])
    if kind is None:
        return None
    cents = desk.rng.randint(1, min(drawer.expected[kind], drawer.holds[kind]))

    def done(result: Any) -> None:
        drawer.holds[kind] -= cents
        desk.world.turn_ins.append(HandedIn(result.turn_in_id, drawer, kind, cents, user))
        desk.world.touch(drawer)

    command = TurnInFunds(tender_control_id=drawer.id, tender_type=kind, amount=dollars(cents))
    return Step(user, command, done, concerns=(drawer,))


def receive_turn_in(desk: Desk) -> Step | None:
    """The head cashier counts and keeps it, or the cashier takes it back."""
    waiting = desk.one_of([each for each in desk.world.turn_ins if each.status is TurnInStatus.PENDING])
    return None if waiting is None else receiving(desk, waiting)


def receiving(desk: Desk, waiting: HandedIn) -> Step:
    """Receive a turn-in, or void it while its drawer is open."""
    drawer = waiting.drawer
    if drawer.status is ControlStatus.OPEN and desk.chance(0.2):

        def voided(_result: Any) -> None:
            waiting.status = TurnInStatus.VOIDED
            drawer.holds[waiting.tender_type] += waiting.amount
            desk.world.touch(drawer)

        return Step(waiting.by, VoidTurnIn(turn_in_id=waiting.id), voided)

    def received(_result: Any) -> None:
        waiting.status = TurnInStatus.RECEIVED
        drawer.deposit.received += waiting.amount
        desk.world.touch(drawer)

    return Step(desk.supervisor(), ReceiveTurnIn(turn_in_id=waiting.id), received)


def move_cash(desk: Desk) -> Step | None:
    """Petty cash out, change from the safe in."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    user, drawer = found
    most = min(drawer.expected.get(CASH, 0), drawer.holds[CASH], 4_000)
    out = desk.chance(0.5) and most > 0
    cents = -desk.rng.randint(1, most) if out else desk.cents(8_000)
    reason = "PETTY" if out and desk.chance(0.5) else "CHANGE"

    def done(_result: Any) -> None:
        drawer.holds[CASH] += cents
        desk.world.touch(drawer)

    command = MoveDrawerCash(tender_control_id=drawer.id, reason=reason, amount=dollars(cents), note="as told")
    return Step(user, command, done, concerns=(drawer,))


def no_sale(desk: Desk) -> Step | None:
    """The drawer is opened without a payment."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    return Step(found[0], OpenDrawer(tender_control_id=found[1].id, note="change for a customer"), concerns=found[1:])


def lose_or_find(desk: Desk) -> Step | None:
    """A coin rolls away, a note sticks to another: nobody sends a command."""
    found = desk.cashier_with_drawer()
    if found is not None and found[1].holds[CASH] > 2_000:  # noqa: PLR2004
        cents = desk.rng.choice((-1_500, -37, -5, 5, 20, 1_000))
        found[1].holds[CASH] += cents
        found[1].unbooked[CASH] += cents
    return None


def charge(desk: Desk) -> Step | None:
    """The back office adds a fee, so that there is something to pay."""
    customer = desk.rng.choice(desk.world.customers)
    cents = desk.cents(15_000) * desk.rng.choice((1, 1, 1, -1))
    command = AddAdjustment(sa_id=desk.rng.choice(customer.agreements), adjustment_type="FEE", amount=dollars(cents))
    return Step(desk.staff.back_office, command, lambda _: desk.world.owes(customer.account, cents))


def start_balancing(desk: Desk, drawer: Drawer) -> Step:
    """Stop taking money; refused while an event in the drawer is not finished."""
    return _moving(desk, drawer, StartBalancing(tender_control_id=drawer.id), ControlStatus.BALANCING, drawer.owner)


def resume(desk: Desk, drawer: Drawer) -> Step:
    """Take money again without closing."""
    return _moving(desk, drawer, ResumeTaking(tender_control_id=drawer.id), ControlStatus.OPEN, drawer.owner)


def reopen(desk: Desk, drawer: Drawer) -> Step:
    """A supervisor opens a balanced drawer again."""
    command = ReopenTenderControl(tender_control_id=drawer.id, reason="forgot a check")
    return _moving(desk, drawer, command, ControlStatus.OPEN, desk.supervisor())


def _moving(desk: Desk, drawer: Drawer, command: Any, status: ControlStatus, user: str) -> Step:
    def done(_result: Any) -> None:
        drawer.status = status
        desk.world.touch(drawer)

    return Step(user, command, done, concerns=(drawer,))


def count(desk: Desk, drawer: Drawer, *, wrong: bool = False) -> Step:
    """Count what lies in the drawer; now and then wrongly."""
    found = {code: amount for code, amount in drawer.holds.items() if amount}
    if wrong:
        found[CASH] = max(0, found.get(CASH, 0) + desk.rng.choice((-2_000, -100, 1, 5_000)))
    found = {code: amount for code, amount in sorted(found.items()) if amount >= 0}

    def done(_result: Any) -> None:
        drawer.counted = dict(found)
        desk.world.touch(drawer)

    return Step(drawer.owner, CountDrawer(tender_control_id=drawer.id, count=_as_counted(found)), done)


def _as_counted(found: dict[str, int]) -> tuple[Counted, ...]:
    lines = []
    for code, amount in found.items():
        pieces, rest = divmod(amount, 2_000) if code == CASH else (0, amount)
        if pieces:
            lines.append(Counted(tender_type=CASH, denomination="$20", pieces=pieces))
        lines.append(Counted(tender_type=code, amount=dollars(rest)))
    return tuple(lines)


def book_difference(desk: Desk, drawer: Drawer) -> Step | None:
    """Book what is over or short in one tender type, before the drawer is balanced."""
    off = _differences(drawer)
    kind = desk.one_of(sorted(off))
    if kind is None:
        return None

    def done(_result: Any) -> None:
        drawer.unbooked[kind] = drawer.holds[kind] - drawer.counted.get(kind, 0)
        desk.world.touch(drawer)

    command = BookOverUnder(tender_control_id=drawer.id, tender_type=kind, reason="not found")
    return Step(desk.supervisor(), command, done, concerns=(drawer,))


def _differences(drawer: Drawer) -> dict[str, int]:
    expected = drawer.expected
    codes = sorted({*expected, *drawer.counted})
    found = {code: drawer.counted.get(code, 0) - expected.get(code, 0) for code in codes}
    return {code: amount for code, amount in found.items() if amount}


def balance(desk: Desk, drawer: Drawer) -> Step:
    """Accept the last count; what differs is booked, above tolerance with a second person."""
    above = any(abs(amount) > TOLERANCE for amount in _differences(drawer).values())

    def done(_result: Any) -> None:
        _closed(desk, drawer)

    command = BalanceDrawer(tender_control_id=drawer.id, note="counted twice" if above else "")
    return Step(drawer.owner, command, done, second=desk.supervisor(drawer.owner) if above else "", concerns=(drawer,))


def _closed(desk: Desk, drawer: Drawer) -> None:
    """What was counted is what goes to the bank; hands and books agree from here on."""
    unfinished = [visit for visit in desk.world.visits if drawer in visit.drawers and not visit.is_finished]
    assert not unfinished, f"drawer {drawer.source} was balanced with {len(unfinished)} unfinished events"
    drawer.status = ControlStatus.BALANCED
    drawer.holds = Counter(drawer.counted)
    drawer.unbooked = Counter()
    desk.world.touch(drawer)


def close_by_force(desk: Desk, drawer: Drawer) -> Step:
    """A supervisor counts and closes a drawer that its owner left open."""
    found = {code: amount for code, amount in sorted(drawer.holds.items()) if amount > 0}

    def done(_result: Any) -> None:
        drawer.counted = dict(found)
        _closed(desk, drawer)

    command = ForceCloseDrawer(tender_control_id=drawer.id, count=_as_counted(found), reason="owner went home")
    return Step(desk.supervisor(), command, done, concerns=(drawer,))


def bring_to_bank(desk: Desk, deposit: Deposit) -> Step | None:
    """The next step of a deposit: add it up, write slips, hand it over; or open it once more."""
    world = desk.world
    if deposit.status is ControlStatus.OPEN:
        return _deposit_moving(
            desk, deposit, StartDepositBalancing(deposit_control_id=deposit.id), ControlStatus.BALANCING
        )
    if deposit.status is ControlStatus.BALANCED:
        return None
    left = world.brought_to(deposit) - deposit.on_slips
    if left > 0:
        cents = desk.rng.randint(1, left) if desk.chance(0.2) else left
        amount = None if cents == left and desk.chance(0.5) else dollars(cents)

        def added(result: Any) -> None:
            deposit.on_slips += result.amount.minor

        return Step(desk.supervisor(), AddTenderDeposit(deposit_control_id=deposit.id, amount=amount), added)
    if desk.chance(0.1):
        command = ReopenDepositControl(deposit_control_id=deposit.id, reason="bag torn")
        return _deposit_moving(desk, deposit, command, ControlStatus.OPEN)
    return _deposit_moving(desk, deposit, BalanceDeposit(deposit_control_id=deposit.id), ControlStatus.BALANCED)


def _deposit_moving(desk: Desk, deposit: Deposit, command: Any, status: ControlStatus) -> Step:
    def done(result: Any) -> None:
        deposit.status = status
        if status is ControlStatus.OPEN:
            deposit.on_slips = 0
        told = result.to_deposit.minor
        assert told == desk.world.brought_to(deposit), f"{told} to deposit, {desk.world.brought_to(deposit)} brought"

    return Step(desk.supervisor(), command, done)


def seal(desk: Desk) -> Step | None:
    """The end of the day."""
    return Step(desk.staff.supervisors[0], SealDay())


BETWEEN_CUSTOMERS: tuple[tuple[int, Maker], ...] = (
    (2, open_deposit),
    (6, open_drawer),
    (5, turn_in),
    (5, receive_turn_in),
    (4, move_cash),
    (2, no_sale),
    (1, lose_or_find),
    (8, charge),
)
"""How often each is tried, out of the sum of all."""
