"""What the product must refuse, whoever asks: each of these accepted is a violation."""

from __future__ import annotations

from datetime import date

from cashier_app.domain.lifecycles import ControlStatus, PaymentStatus, TurnInStatus
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, BalanceDeposit, OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, StartBalancing
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.event_editing import AddPayments, FreezeEvent, RemovePayment
from cashier_app.services.payments.receipts import NotePrintFailure
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.simulation.office import dollars
from cashier_app.simulation.steps import Desk, Maker, Step
from cashier_app.simulation.world import CASH


def pay_more_than_handed_over(desk: Desk) -> Step | None:
    """An event whose tenders do not reach does not freeze."""
    found, customer = desk.cashier_with_drawer(), desk.rng.choice(desk.world.customers)
    if found is None:
        return None
    tenders = (TenderIn(tender_type=CASH, amount=dollars(1_000)),)
    payments = (PaymentIn(account_id=customer.account, amount=dollars(1_001)),)
    command = TakePayment(payor_account_id=customer.account, tenders=tenders, payments=payments)
    return Step(found[0], command, refused=True, concerns=found[1:])


def change_for_a_card(desk: Desk) -> Step | None:
    """A card gives no cash back."""
    found, customer = desk.cashier_with_drawer(), desk.rng.choice(desk.world.customers)
    if found is None:
        return None
    tenders = (TenderIn(tender_type="CARD", amount=dollars(2_000), reference="1"),)
    payments = (PaymentIn(account_id=customer.account, amount=dollars(1_000)),)
    command = TakePayment(payor_account_id=customer.account, tenders=tenders, payments=payments)
    return Step(found[0], command, refused=True, concerns=found[1:])


def pay_into_a_closed_drawer(desk: Desk) -> Step | None:
    """Only an open drawer takes tenders."""
    drawer = desk.one_of([drawer for drawer in desk.world.drawers if drawer.status is not ControlStatus.OPEN])
    customer = desk.rng.choice(desk.world.customers)
    if drawer is None:
        return None
    tenders = (TenderIn(tender_type=CASH, amount=dollars(500), tender_control_id=drawer.id),)
    command = TakePayment(payor_account_id=customer.account, tenders=tenders)
    return Step(drawer.owner, command, refused=True, concerns=(drawer,))


def turn_in_more_than_there_is(desk: Desk) -> Step | None:
    """Nobody hands in what the drawer does not hold; a blind drawer may not say so, and tells nothing."""
    drawer = desk.world.drawer_of(desk.staff.not_blind)
    if drawer is None:
        return None
    amount = dollars(max(0, drawer.expected.get(CASH, 0)) + 1)
    command = TurnInFunds(tender_control_id=drawer.id, tender_type=CASH, amount=amount)
    return Step(drawer.owner, command, refused=True, concerns=(drawer,))


def receive_own_turn_in(desk: Desk) -> Step | None:
    """Somebody else must receive it; a cashier may not at all."""
    waiting = desk.one_of([each for each in desk.world.turn_ins if each.status is TurnInStatus.PENDING])
    if waiting is None:
        return None
    return Step(waiting.by, ReceiveTurnIn(turn_in_id=waiting.id), refused=True, concerns=(waiting.drawer,))


def close_somebody_elses_drawer(desk: Desk) -> Step | None:
    """Cashiers keep to their own drawers."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    other = desk.rng.choice([login for login in desk.staff.cashiers if login != found[0]])
    return Step(other, StartBalancing(tender_control_id=found[1].id), refused=True, concerns=found[1:])


def open_a_drawer_twice(desk: Desk) -> Step | None:
    """One live control per drawer."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    return Step(found[0], OpenTenderControl(tender_source=found[1].source), refused=True, concerns=found[1:])


def balance_without_counting(desk: Desk) -> Step | None:
    """An open drawer is not balanced."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    return Step(found[0], BalanceDrawer(tender_control_id=found[1].id), refused=True, concerns=found[1:])


def cancel_twice(desk: Desk) -> Step | None:
    """What is canceled stays canceled."""
    visits = [visit for visit in desk.world.visits if len(visit.valid) < len(visit.tenders)]
    visit = desk.one_of(visits)
    if visit is None:
        return None
    tender = next(tender for tender in visit.tenders if not tender.valid)
    return Step(
        desk.supervisor(visit.by), CancelTender(tender_id=tender.id, reason="ERROR"), refused=True, concerns=(visit,)
    )


def cancel_a_payment_twice(desk: Desk) -> Step | None:
    """A reversal is not reversed."""
    found = [(visit, p) for visit in desk.world.visits for p in visit.payments if p.status is PaymentStatus.CANCELED]
    chosen = desk.one_of(found)
    if chosen is None:
        return None
    command = CancelPayment(payment_id=chosen[1].id, reason="ERROR")
    return Step(desk.supervisor(), command, refused=True, concerns=chosen[:1])


def take_a_frozen_payment_out(desk: Desk) -> Step | None:
    """Frozen is final."""
    found = [(visit, p) for visit in desk.world.visits for p in visit.live if p.is_taken]
    chosen = desk.one_of(found)
    if chosen is None:
        return None
    return Step(chosen[0].by, RemovePayment(payment_id=chosen[1].id), refused=True, concerns=chosen[:1])


def freeze_twice(desk: Desk) -> Step | None:
    """A finished event is not frozen again."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.is_finished and visit.receipt])
    return None if visit is None else Step(visit.by, FreezeEvent(event_id=visit.id), refused=True, concerns=(visit,))


def add_to_a_finished_event(desk: Desk) -> Step | None:
    """What is balanced and frozen takes no further payment, not even an unfinished one."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.is_finished and visit.live])
    if visit is None:
        return None
    more = (PaymentIn(account_id=visit.payor, amount=dollars(1)),)
    finish = desk.rng.choice(list(Finish))
    command = AddPayments(event_id=visit.id, payments=more, finish=finish)
    return Step(visit.by, command, refused=True, concerns=(visit,))


def cancel_alone(desk: Desk) -> Step | None:
    """Cash that was taken is not canceled without a second person (R reliability C4)."""
    visits = [
        visit
        for visit in desk.world.visits
        if visit.receipt and visit.by in desk.staff.cashiers and any(each.tender_type == CASH for each in visit.valid)
    ]
    visit = desk.one_of(visits)
    if visit is None:
        return None
    tender = next(tender for tender in visit.valid if tender.tender_type == CASH)
    return Step(visit.by, CancelTender(tender_id=tender.id, reason="ERROR"), refused=True, concerns=(visit,))


def book_into_a_closed_period(desk: Desk) -> Step | None:
    """Last year is closed, also when two agree."""
    customer = desk.rng.choice(desk.world.customers)
    command = AddAdjustment(
        sa_id=customer.agreements[0],
        adjustment_type="FEE",
        amount=dollars(100),
        accounting_date=date(2024, 3, desk.rng.randint(1, 28)),
    )
    return Step(desk.staff.back_office, command, second=desk.supervisor(), refused=True)


def deposit_too_much(desk: Desk) -> Step | None:
    """Slips do not exceed what the drawers bring."""
    deposit = desk.one_of([each for each in desk.world.deposits if each.status is ControlStatus.BALANCING])
    if deposit is None:
        return None
    too_much = dollars(desk.world.brought_to(deposit) - deposit.on_slips + 1)
    command = AddTenderDeposit(deposit_control_id=deposit.id, amount=too_much)
    return Step(desk.supervisor(), command, refused=True)


def hand_over_too_little(desk: Desk) -> Step | None:
    """A deposit whose slips do not add up is not handed over."""
    deposits = [each for each in desk.world.deposits if each.status is ControlStatus.BALANCING]
    deposit = desk.one_of([each for each in deposits if desk.world.brought_to(each) != each.on_slips])
    if deposit is None:
        return None
    return Step(desk.supervisor(), BalanceDeposit(deposit_control_id=deposit.id), refused=True)


def act_above_ones_rights(desk: Desk) -> Step | None:
    """A cashier opens no deposit."""
    return Step(desk.rng.choice(list(desk.staff.cashiers)), OpenDepositControl(), refused=True)


def note_a_print_failure_twice(desk: Desk) -> Step | None:
    """A print fails once."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.failed_print])
    if visit is None:
        return None
    return Step(visit.by, NotePrintFailure(print_id=visit.failed_print), refused=True, concerns=(visit,))


NONSENSE: tuple[tuple[int, Maker], ...] = tuple(
    (2, maker)
    for maker in (
        pay_more_than_handed_over,
        change_for_a_card,
        pay_into_a_closed_drawer,
        turn_in_more_than_there_is,
        receive_own_turn_in,
        close_somebody_elses_drawer,
        open_a_drawer_twice,
        balance_without_counting,
        cancel_twice,
        cancel_a_payment_twice,
        take_a_frozen_payment_out,
        freeze_twice,
        add_to_a_finished_event,
        cancel_alone,
        book_into_a_closed_period,
        deposit_too_much,
        hand_over_too_little,
        act_above_ones_rights,
        note_a_print_failure_twice,
    )
)
