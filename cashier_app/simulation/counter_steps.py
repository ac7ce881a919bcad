"""Customers at the counter: payments of every shape, unfinished events, cancellations, transfers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from cashier_app.domain.lifecycles import ControlStatus, PaymentStatus
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn, SegmentIn
from cashier_app.services.payments.event_editing import (
    AddPayments,
    AddTender,
    DeleteEvent,
    DistributeEvent,
    FreezeEvent,
    PlaceSegments,
    RemovePayment,
    RemoveTender,
)
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.payments.taking import EventTaken, TakePayment, TenderIn
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.simulation.office import dollars
from cashier_app.simulation.steps import Desk, Maker, Step
from cashier_app.simulation.world import CASH, Drawer, Given, HandedOver, Visit

_REMEMBERED = 40
"""Visits that somebody may still come back to."""


def take_payment(desk: Desk) -> Step | None:
    """One or more tenders for one or more accounts, exactly paid or with change."""
    found = desk.cashier_with_drawer()
    if found is None:
        return None
    user, drawer = found
    payees = desk.rng.sample(desk.world.customers, desk.rng.choice((1, 1, 1, 2, 3)))
    amounts = [desk.rng.randint(10, 9_000) for _ in payees]
    total = sum(amounts)
    kinds = [
        desk.rng.choice((CASH, CASH, CASH, "CHEC", "CARD", "MORD")) for _ in range(desk.rng.choice((1, 1, 1, 2, 3)))
    ]
    parts = _parts(desk, total, len(kinds))
    over = desk.cents(2_000) if desk.chance(0.35) and {CASH, "CHEC"} & set(kinds[-1:]) else 0
    parts[-1] += over
    several = user not in desk.staff.cashiers
    control = drawer.id if several else None
    tenders = tuple(_tender(desk, kind, cents, control) for kind, cents in zip(kinds, parts, strict=True))
    ways = (Finish.FREEZE, Finish.FREEZE, Finish.FREEZE, Finish.DISTRIBUTE, Finish.NOTHING)
    finish = Finish.FREEZE if desk.staff.branch else desk.rng.choice(ways)
    payments = tuple(
        PaymentIn(account_id=payee.account, amount=dollars(cents), segments=_by_hand(desk, payee.agreements, cents))
        for payee, cents in zip(payees, amounts, strict=True)
    )
    command = TakePayment(payor_account_id=payees[0].account, tenders=tenders, payments=payments, finish=finish)
    return Step(user, command, lambda result: _taken(desk, user, drawer, command, result), concerns=(drawer,))


def _parts(desk: Desk, total: int, number: int) -> list[int]:
    cuts = sorted(desk.rng.sample(range(1, total), number - 1))
    edges = [0, *cuts, total]
    return [after - before for before, after in pairwise(edges)]


def _tender(desk: Desk, kind: str, cents: int, control: int | None = None) -> TenderIn:
    reference = "" if kind == CASH else str(desk.rng.randrange(100, 10_000))
    return TenderIn(tender_type=kind, amount=dollars(cents), reference=reference, tender_control_id=control)


def _by_hand(desk: Desk, agreements: tuple[int, ...], cents: int) -> tuple[SegmentIn, ...]:
    if len(agreements) < 2 or cents < 2 or desk.chance(0.8):  # noqa: PLR2004
        return ()
    first = desk.rng.randrange(1, cents)
    return (
        SegmentIn(sa_id=agreements[0], amount=dollars(first)),
        SegmentIn(sa_id=agreements[1], amount=dollars(cents - first)),
    )


def _taken(desk: Desk, user: str, drawer: Drawer, command: TakePayment, result: EventTaken) -> None:
    change = result.change.minor
    amounts = [(tender.tender_type, tender.amount.minor, False) for tender in command.tenders]
    if change and len(result.tender_ids) == len(amounts):
        place = max(i for i, (kind, cents, _) in enumerate(amounts) if kind == CASH and cents >= change)
        amounts[place] = CASH, amounts[place][1] - change, False
    elif change:
        amounts.append((CASH, -change, True))
    tenders = [
        HandedOver(key, kind, cents, drawer, is_change)
        for key, (kind, cents, is_change) in zip(result.tender_ids, amounts, strict=True)
    ]
    payments = [Given(p.payment_id, p.account_id, p.amount.minor, p.status) for p in result.payments]
    visit = Visit(result.event_id, command.payor_account_id, user, tenders, payments, result.receipt_number)
    desk.world.put_in(tenders)
    desk.world.froze(visit, [payment for payment in payments if payment.is_taken])
    desk.world.visits.append(visit)
    del desk.world.visits[:-_REMEMBERED]


def preview(desk: Desk) -> Step | None:
    """Look what a payment would do: nothing may change. The simulator previews steps without `done`."""
    return take_payment(desk)


def _unfinished(desk: Desk) -> Visit | None:
    waiting = [visit for visit in desk.world.visits if not visit.is_finished]
    return desk.one_of([visit for visit in waiting if _open(visit)])


def _open(visit: Visit) -> bool:
    return all(drawer.status is ControlStatus.OPEN for drawer in visit.drawers)


def finish_visit(desk: Desk) -> Step | None:
    """Go on with an event: place, distribute, freeze, add what is missing, or give it up."""
    visit = _unfinished(desk)
    return None if visit is None else finishing(desk, visit)


def finishing(desk: Desk, visit: Visit) -> Step | None:
    """The next step towards a balanced and frozen event, or its end."""
    if visit.is_untouched and desk.chance(0.15):
        return Step(visit.by, DeleteEvent(event_id=visit.id), lambda _: _deleted(desk, visit), concerns=(visit,))
    waiting = [payment for payment in visit.live if not payment.is_taken]
    unplaced = [payment for payment in waiting if payment.status is not PaymentStatus.FREEZABLE]
    if unplaced:
        return _placing(desk, visit, unplaced[0]) if desk.chance(0.3) else _distributing(desk, visit, waiting)
    if visit.unbalanced_by:
        return _balancing(desk, visit)
    if waiting:
        return Step(visit.by, FreezeEvent(event_id=visit.id), lambda result: _frozen(desk, visit, result))
    return None


def _balancing(desk: Desk, visit: Visit) -> Step | None:
    if visit.unbalanced_by > 0:
        return _adding(desk, visit)
    if visit.is_untouched and visit.payments:
        payment = visit.payments[-1]
        return Step(visit.by, RemovePayment(payment_id=payment.id), lambda _: _removed(desk, visit, payment))
    return canceling(desk, visit, visit.valid[0], "ERROR", everything=True) if visit.valid else None


def _distributing(desk: Desk, visit: Visit, waiting: list[Given]) -> Step:
    command = DistributeEvent(event_id=visit.id)
    return Step(visit.by, command, lambda _: _moved(desk, visit, waiting, PaymentStatus.FREEZABLE))


def _placing(desk: Desk, visit: Visit, payment: Given) -> Step:
    payee = next(customer for customer in desk.world.customers if customer.account == payment.account)
    segments = (SegmentIn(sa_id=desk.rng.choice(payee.agreements), amount=dollars(payment.amount)),)
    command = PlaceSegments(payment_id=payment.id, segments=segments)
    return Step(visit.by, command, lambda _: _moved(desk, visit, [payment], PaymentStatus.FREEZABLE))


def _moved(desk: Desk, visit: Visit, payments: list[Given], status: PaymentStatus) -> None:
    for payment in payments:
        payment.status = status
    desk.world.touch(visit)


def _frozen(desk: Desk, visit: Visit, result: Any) -> None:
    desk.world.froze(visit, [payment for payment in visit.live if payment.id in result.payment_ids])
    visit.receipt = result.receipt_number


def _deleted(desk: Desk, visit: Visit) -> None:
    for tender in visit.tenders:
        tender.drawer.holds[tender.tender_type] -= tender.amount
    desk.world.touch(*visit.drawers)
    desk.world.visits.remove(visit)


def _removed(desk: Desk, visit: Visit, payment: Given) -> None:
    visit.payments.remove(payment)
    desk.world.touch(visit)


def _adding(desk: Desk, visit: Visit) -> Step:
    payee = desk.rng.choice([customer.account for customer in desk.world.customers])
    amount = visit.unbalanced_by
    # Others that wait are frozen together with this one, by a later step.
    waits = any(not payment.is_taken for payment in visit.live)
    finish = Finish.DISTRIBUTE if waits or desk.chance(0.2) else Finish.FREEZE
    payments = (PaymentIn(account_id=payee, amount=dollars(amount)),)

    def added(result: Any) -> None:
        payment = Given(result.payment_ids[0], payee, amount, PaymentStatus.FREEZABLE)
        visit.payments.append(payment)
        desk.world.touch(visit)
        visit.receipt = result.receipt_number
        if finish is Finish.FREEZE:
            desk.world.froze(visit, [payment])

    return Step(visit.by, AddPayments(event_id=visit.id, payments=payments, finish=finish), added, concerns=(visit,))


def edit_tenders(desk: Desk) -> Step | None:
    """Add a tender to an event that is not frozen, or take one out."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.is_untouched and _open(visit)])
    if visit is None:
        return None
    drawer = desk.world.drawer_of(visit.by)
    if drawer is not None and desk.chance(0.6):
        tender = _tender(desk, desk.rng.choice((CASH, "CHEC")), desk.cents(3_000))
        command = AddTender(event_id=visit.id, payor_account_id=visit.payor, tender=tender)

        def added(result: Any) -> None:
            more = HandedOver(result.tender_ids[0], tender.tender_type, tender.amount.minor, drawer)
            visit.tenders.append(more)
            desk.world.put_in([more])
            desk.world.touch(visit)

        return Step(visit.by, command, added, concerns=(visit,))
    removable = [t for t in visit.tenders if not t.is_change and not any(other.is_change for other in visit.tenders)]
    tender_out = desk.one_of(removable)
    if tender_out is None or len(visit.tenders) == 1:
        return None

    def removed(_result: Any) -> None:
        visit.tenders.remove(tender_out)
        tender_out.drawer.holds[tender_out.tender_type] -= tender_out.amount
        desk.world.touch(visit, tender_out.drawer)

    return Step(visit.by, RemoveTender(tender_id=tender_out.id), removed, concerns=(visit,))


def cancel(desk: Desk) -> Step | None:
    """Cancel a tender or a payment, or send a check back; whoever may not alone has somebody sign."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.valid and visit.receipt])
    if visit is None:
        return None
    tender = desk.rng.choice(visit.valid)
    frozen = [payment for payment in visit.live if payment.is_taken]
    if frozen and desk.chance(0.3):
        payment = desk.rng.choice(frozen)
        user = desk.supervisor()
        command = CancelPayment(payment_id=payment.id, reason="ERROR")
        return Step(user, command, lambda _: desk.world.canceled(visit, [payment]), concerns=(visit,))
    checks = [tender for tender in visit.valid if tender.tender_type == "CHEC"]
    if checks and desk.chance(0.6):
        return canceling(desk, visit, desk.rng.choice(checks), "NSF", everything=desk.chance(0.7))
    return canceling(desk, visit, tender, "ERROR", everything=desk.chance(0.5))


def cancel_during_count(desk: Desk, drawer: Drawer) -> Step | None:
    """Somebody cancels a payment while its drawer is being counted."""
    found = [
        (visit, payment)
        for visit in desk.world.visits
        if drawer in visit.drawers
        for payment in visit.live
        if payment.is_taken
    ]
    chosen = desk.one_of(found)
    if chosen is None:
        return None
    visit, payment = chosen
    command = CancelPayment(payment_id=payment.id, reason="ERROR")
    return Step(desk.supervisor(), command, lambda _: desk.world.canceled(visit, [payment]), concerns=(visit,))


def canceling(desk: Desk, visit: Visit, tender: HandedOver, reason: str, *, everything: bool) -> Step:
    command = CancelTender(tender_id=tender.id, reason=reason, all_tenders=everything)
    taken_back = visit.valid if everything else [tender]

    def done(result: Any) -> None:
        desk.world.take_back(visit, taken_back, returned=reason == "NSF")
        frozen = [payment for payment in visit.payments if payment.is_taken]
        visit.payments = [payment for payment in visit.payments if payment in frozen or payment not in visit.live]
        desk.world.canceled(visit, frozen)
        desk.world.owes(visit.payor, sum(charge.amount.minor for charge in result.charges))

    alone = desk.chance(0.5)
    user = desk.supervisor() if alone else visit.by
    return Step(user, command, done, second="" if alone else desk.supervisor(visit.by), concerns=(visit,))


def transfer(desk: Desk) -> Step | None:
    """Give a frozen payment to the right customer."""
    visit = desk.one_of([v for v in desk.world.visits if any(p.is_taken for p in v.live)])
    if visit is None:
        return None
    payment = desk.rng.choice([payment for payment in visit.live if payment.is_taken])
    others = [customer.account for customer in desk.world.customers if customer.account != payment.account]
    chosen = desk.rng.sample(others, desk.rng.choice((1, 1, 2)) if payment.amount > 1 else 1)
    amounts = _parts(desk, payment.amount, len(chosen))
    freeze = desk.chance(0.8)
    command = TransferPayment(
        payment_id=payment.id,
        targets=tuple(
            PaymentIn(account_id=account, amount=dollars(cents)) for account, cents in zip(chosen, amounts, strict=True)
        ),
        reason="WRONG",
        freeze=freeze,
    )

    def done(result: Any) -> None:
        desk.world.canceled(visit, [payment])
        made = [
            Given(key, account, cents, PaymentStatus.FREEZABLE)
            for key, account, cents in zip(result.new_payment_ids, chosen, amounts, strict=True)
        ]
        visit.payments += made
        if freeze:
            desk.world.froze(visit, made)

    return Step(desk.rng.choice((desk.supervisor(), desk.staff.back_office)), command, done, concerns=(visit,))


def print_receipt(desk: Desk) -> Step | None:
    """The original, or a copy."""
    visit = desk.one_of([visit for visit in desk.world.visits if visit.receipt])
    if visit is None:
        return None

    def printed(result: Any) -> None:
        assert result.copy == visit.next_copy, f"copy {result.copy} was printed instead of {visit.next_copy}"
        visit.prints.append((result.print_id, result.copy))

    return Step(visit.by, PrintReceipt(event_id=visit.id), printed, concerns=(visit,))


def note_print_failure(desk: Desk) -> Step | None:
    """The printer was out of paper."""
    found = desk.one_of([(visit, each) for visit in desk.world.visits for each in visit.prints])
    if found is None:
        return None
    visit, print_ = found

    def noted(_result: Any) -> None:
        visit.prints.remove(print_)
        visit.failed_print = print_[0]

    return Step(visit.by, NotePrintFailure(print_id=print_[0], problem="Out of paper."), noted, concerns=(visit,))


AT_THE_COUNTER: tuple[tuple[int, Maker], ...] = (
    (40, take_payment),
    (18, finish_visit),
    (5, edit_tenders),
    (10, cancel),
    (4, transfer),
    (6, print_receipt),
    (2, note_print_failure),
)
"""How often each is tried, out of the sum of all."""
