"""What happens at a branch and nowhere else, and what a branch must refuse (decision 18)."""

from __future__ import annotations

from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.simulation import nonsense
from cashier_app.simulation.counter_steps import canceling, print_receipt, take_payment
from cashier_app.simulation.drawer_steps import (
    lose_or_find,
    move_cash,
    no_sale,
    open_deposit,
    open_drawer,
    opening,
    receive_turn_in,
    turn_in,
)
from cashier_app.simulation.office import dollars
from cashier_app.simulation.shift import Weighted
from cashier_app.simulation.steps import Desk, Step
from cashier_app.simulation.town import spare
from cashier_app.simulation.world import CASH


def cancel_visit(desk: Desk) -> Step | None:
    """A branch takes a visit back whole."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.valid and visit.receipt])
    return None if visit is None else canceling(desk, visit, visit.valid[0], "ERROR", everything=True)


def open_second_drawer(desk: Desk) -> Step | None:
    """A supervisor opens another drawer in the same name."""
    live = {drawer.source for drawer in desk.world.drawers if drawer.status is not ControlStatus.BALANCED}
    source = desk.one_of([source for source in spare(desk.staff) if source not in live])
    return None if source is None else opening(desk, desk.staff.supervisors[0], source)


# -- what must be refused


def charge_at_a_branch(desk: Desk) -> Step | None:
    """The ledger is the server's."""
    customer = desk.rng.choice(desk.world.customers)
    command = AddAdjustment(sa_id=customer.agreements[0], adjustment_type="FEE", amount=dollars(100))
    return Step(desk.staff.back_office, command, refused=True)


def cancel_half_a_visit(desk: Desk) -> Step | None:
    """A branch takes a visit back whole or not at all."""
    visit = desk.one_of([visit for visit in desk.world.visits if len(visit.valid) > 1 and visit.receipt])
    if visit is None:
        return None
    command = CancelTender(tender_id=visit.valid[0].id, reason="ERROR")
    return Step(desk.supervisor(visit.by), command, refused=True, concerns=(visit,))


def send_a_check_back(desk: Desk) -> Step | None:
    """What comes back from the bank, and what it costs, is known at the server."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.valid and visit.receipt])
    if visit is None:
        return None
    command = CancelTender(tender_id=visit.valid[0].id, reason="NSF", all_tenders=True)
    return Step(desk.supervisor(visit.by), command, refused=True, concerns=(visit,))


def cancel_a_payment_at_a_branch(desk: Desk) -> Step | None:
    """A payment without its tenders is canceled by those who know what it paid."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.live])
    if visit is None:
        return None
    command = CancelPayment(payment_id=visit.live[0].id, reason="ERROR")
    return Step(desk.supervisor(visit.by), command, refused=True, concerns=(visit,))


def transfer_at_a_branch(desk: Desk) -> Step | None:
    """So is a transfer made."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.live])
    if visit is None:
        return None
    payment = visit.live[0]
    other = next(each.account for each in desk.world.customers if each.account != payment.account)
    targets = (PaymentIn(account_id=other, amount=dollars(payment.amount)),)
    command = TransferPayment(payment_id=payment.id, targets=targets, reason="WRONG")
    return Step(desk.supervisor(), command, refused=True, concerns=(visit,))


def take_half(desk: Desk) -> Step | None:
    """A branch takes payments whole."""
    found, customer = desk.cashier_with_drawer(), desk.rng.choice(desk.world.customers)
    if found is None:
        return None
    tenders = (TenderIn(tender_type=CASH, amount=dollars(1_000), tender_control_id=found[1].id),)
    payments = (PaymentIn(account_id=customer.account, amount=dollars(1_000)),)
    finish = desk.rng.choice((Finish.NOTHING, Finish.DISTRIBUTE))
    command = TakePayment(payor_account_id=customer.account, tenders=tenders, payments=payments, finish=finish)
    return Step(found[0], command, refused=True, concerns=found[1:])


def open_another_offices_drawer(desk: Desk) -> Step | None:
    """Drawers of the office and of other branches have another writer."""
    own = next(iter(desk.staff.cashiers.values()))
    other = f"CASH-B{2 if own.startswith('CASH-B1') else 1}1"
    source = desk.rng.choice((other, "CASH-A01"))
    return Step(desk.supervisor(), OpenTenderControl(tender_source=source), refused=True)


AT_A_BRANCH: Weighted = (
    (120, take_payment),
    (20, cancel_visit),
    (15, print_receipt),
    (4, open_deposit),
    (14, open_drawer),
    (14, turn_in),
    (14, receive_turn_in),
    (12, move_cash),
    (6, no_sale),
    (4, lose_or_find),
)
"""How often each is tried, out of the sum of all."""

BRANCH_NONSENSE: Weighted = tuple(
    (2, maker)
    for maker in (
        charge_at_a_branch,
        cancel_half_a_visit,
        send_a_check_back,
        cancel_a_payment_at_a_branch,
        transfer_at_a_branch,
        take_half,
        open_another_offices_drawer,
        nonsense.pay_more_than_handed_over,
        nonsense.change_for_a_card,
        nonsense.pay_into_a_closed_drawer,
        nonsense.turn_in_more_than_there_is,
        nonsense.receive_own_turn_in,
        nonsense.close_somebody_elses_drawer,
        nonsense.open_a_drawer_twice,
        nonsense.balance_without_counting,
        nonsense.cancel_twice,
        nonsense.cancel_alone,
        nonsense.deposit_too_much,
        nonsense.hand_over_too_little,
        nonsense.act_above_ones_rights,
    )
)
