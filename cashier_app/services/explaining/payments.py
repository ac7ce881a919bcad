"""Payments: events by their payments, payments by their shares, tenders by what was handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import bindparam, func, select

from cashier_app.domain.configuration import Algorithm, CustomerClass
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.models.customer import Account
from cashier_app.models.payment import Payment, PaymentSegment, Tender
from cashier_app.services.customers.names import need_account
from cashier_app.services.explaining.accounts import account_words, agreement_of
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, page_of
from cashier_app.services.explaining.origins import by_command, by_control, by_rules, made_at, moment
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.events import EventDetail, PaymentRow, SegmentRow, TenderRow, event_detail
from cashier_app.services.queries.transactions import describe_type

_EVENT_OF_PAYMENT = Statement(select(Payment.event_id).where(Payment.id == bindparam("payment_id")))
_EVENT_OF_SEGMENT = Statement(
    select(Payment.event_id)
    .join(PaymentSegment, PaymentSegment.payment_id == Payment.id)
    .where(PaymentSegment.id == bindparam("segment_id"))
)
_EVENT_OF_TENDER = Statement(
    select(Tender.event_id, func.coalesce(Tender.applies_to_tender_type, Tender.tender_type).label("in_drawer")).where(
        Tender.id == bindparam("tender_id")
    )
)
_CLASS = Statement(select(Account.customer_class).where(Account.id == bindparam("account_id")))


_MISSING = ("PAY-120", "There is no such payment event.")


def _event(asked: Asked, statement: Statement, **key: int) -> EventDetail:
    found: int = asked.store.one(statement, _MISSING, **key).event_id
    return event_detail(asked.store, asked.config, found)


def _made(asked: Asked, event: EventDetail) -> Iterator[Reason]:
    yield from made_at(asked, event.event_id, event.created_at)
    receipt = f", receipt {event.receipt_number}" if event.receipt_number else ""
    yield Reason(words=f"Payment event of {event.pay_date}{receipt}.", place="event", key=event.event_id)


def _payment_part(row: PaymentRow, sign: int = 1) -> Part:
    return Part(
        words=f"Payment for {row.name} {row.account_number}".rstrip(),
        amount=sign * row.amount,
        figure=figure(FigureKind.PAYMENT, row.payment_id),
    )


def _tender_part(row: TenderRow) -> Part:
    words = f"{row.description or row.tender_type}{f' {row.reference}' if row.reference else ''} from {row.payor_name}"
    return Part(words=words, amount=row.amount, figure=figure(FigureKind.TENDER, row.tender_id))


@explains(FigureKind.EVENT, "ViewCustomers")
def explain_event(asked: Asked, event_id: int, which: Literal["amount", "tenders", "unbalanced"]) -> Explanation:
    """Its payments; what was handed over; or what of the one is missing in the other."""
    event = event_detail(asked.store, asked.config, event_id)
    valid = [row for row in event.tenders if row.status == "VALID"]
    live = [row for row in event.payments if row.status != "CANCELED"]
    reasons = list(_made(asked, event))
    if which == "unbalanced":
        parts = [*map(_tender_part, valid), *(_payment_part(row, -1) for row in live)]
        title, amount = "Handed over, less what was paid with it", event.unbalanced_by
        reasons.insert(0, Reason(words="Tenders and payments of an event must come to the same before it is done."))
    elif which == "tenders":
        parts = [_tender_part(row) for row in event.tenders]
        title, amount = "Handed over", sum(row.amount for row in event.tenders)
    else:
        parts = [_payment_part(row) for row in live or event.payments]
        title, amount = "Paid", event.amount
        if not live and event.payments:
            reasons.insert(0, Reason(words="All of it was taken back later."))
    page = page_of(asked, parts, lambda part: part.amount, lambda part: part)
    return asked.answer(title, amount, event.currency, page.parts, reasons, rest=page.rest, next=page.next)


@explains(FigureKind.PAYMENT, "ViewCustomers")
def explain_payment(asked: Asked, payment_id: int) -> Explanation:
    """The shares of the agreements, and the rule that placed them."""
    event = _event(asked, _EVENT_OF_PAYMENT, payment_id=payment_id)
    row = next(row for row in event.payments if row.payment_id == payment_id)
    parts = [
        Part(words=segment.description, amount=segment.amount, figure=figure(FigureKind.SEGMENT, segment.segment_id))
        for segment in row.segments
    ]
    reasons = [*by_rules(asked, row.distributed_by), *_standing(row)]
    if row.transferred_from is not None:
        reasons.append(
            Reason(
                words="It took the place of another payment.", figure=figure(FigureKind.PAYMENT, row.transferred_from)
            )
        )
    reasons.append(Reason(words=f"For {row.name} {row.account_number}.", place="account", key=row.account_id))
    reasons += _made(asked, event)
    placed = sum(part.amount for part in parts)
    rest = row.amount - placed
    if rest:
        parts.append(Part(words="Placed on no agreement yet", amount=rest))
    return asked.answer(f"Payment for {row.name}", row.amount, event.currency, parts, reasons)


def _standing(row: PaymentRow) -> Iterator[Reason]:
    if row.status == "CANCELED":
        yield Reason(words=f"It was taken back: {row.cancel_reason or 'no reason given'}.")
    elif row.status == "RECORDED":
        yield Reason(words="It was recorded at a branch; the server places it on agreements and books it.")
    elif row.status != "FROZEN":
        yield Reason(words=row.error_message or "It is not frozen: it counts for nothing yet.")


@explains(FigureKind.SEGMENT, "ViewCustomers")
def explain_segment(asked: Asked, segment_id: int) -> Explanation:
    """The rule that gave it to the agreement, and what it did there."""
    event = _event(asked, _EVENT_OF_SEGMENT, segment_id=segment_id)
    payment, segment = next(
        (row, each) for row in event.payments for each in row.segments if each.segment_id == segment_id
    )
    whole = Money(payment.amount, event.currency)
    reasons = [
        Reason(
            words=f"Part of the payment of {whole} for {payment.name}.",
            figure=figure(FigureKind.PAYMENT, payment.payment_id),
        ),
        *by_rules(asked, payment.distributed_by),
        *_standing(payment),
        *_done(segment),
        *by_command(asked, *(ft.journal_id for ft in segment.fts)),
    ]
    if not segment.fts:
        reasons += made_at(asked, event.event_id, event.created_at)
    reasons.append(Reason(words="The payment event.", place="event", key=event.event_id))
    return asked.answer(f"Given to {segment.description}", segment.amount, event.currency, (), reasons)


def _done(segment: SegmentRow) -> Iterator[Reason]:
    for ft in segment.fts:
        verb = "lowered" if ft.current_amount < 0 else "raised"
        yield Reason(
            words=f"It {verb} the balance of {segment.description} by {Money(abs(ft.current_amount), ft.currency)}.",
            figure=figure(FigureKind.TRANSACTION, ft.ft_id, "current"),
        )


@explains(FigureKind.SHARE, "ViewCustomers")
def explain_share(asked: Asked, account_id: int, sa_id: int, amount: int) -> Explanation:
    """What a preview shows is no fact yet: it tells the rules that would place it, and what is owed there."""
    need_account(asked.store, account_id)
    agreement = agreement_of(asked, sa_id)
    code = asked.store.value(_CLASS, account_id=account_id)
    known = asked.config.all(CustomerClass).get(code)
    labels = []
    if known is not None:
        labels = [_in_force(asked, rule) for rule in (known.payment_distribution, known.overpayment) if rule]
    what = describe_type(asked.config, agreement.sa_type)
    reasons = [
        Reason(words="A preview by the real command: nothing was taken yet."),
        *by_rules(asked, *labels),
        by_control(asked, "customer_class", code, f"Of {account_words(asked, account_id)}"),
        Reason(
            words=f"{what} owes {Money(agreement.current_balance, agreement.currency)} now.",
            figure=figure(FigureKind.AGREEMENT, sa_id, "current"),
        ),
    ]
    return asked.answer(f"Would be given to {what}", amount, agreement.currency, (), reasons)


def _in_force(asked: Asked, code: str) -> str:
    """A rule's label as it would be kept on what it places today."""
    algorithm = asked.config.all(Algorithm).get(code)
    dates = [each.effective for each in algorithm.versions if each.effective <= asked.viewer.today] if algorithm else []
    return f"{code}@{max(dates).isoformat()}" if dates else code


@explains(FigureKind.TENDER, "ViewCustomers")
def explain_tender(asked: Asked, tender_id: int) -> Explanation:
    """What was handed over less the change, and in which drawer it lies."""
    found = asked.store.one(_EVENT_OF_TENDER, _MISSING, tender_id=tender_id)
    event = event_detail(asked.store, asked.config, found.event_id)
    row = next(row for row in event.tenders if row.tender_id == tender_id)
    parts = []
    if row.amount_tendered is not None and row.amount_tendered - (row.amount_change or 0) == row.amount:
        parts.append(Part(words="Handed over", amount=row.amount_tendered))
        if row.amount_change:
            parts.append(Part(words="Change given back", amount=-row.amount_change))
    reasons = [by_control(asked, "tender_type", row.tender_type, "Its kind")]
    if row.tender_control_id is not None:
        reasons.append(
            Reason(
                words=f"It went into drawer {row.tender_source}.",
                figure=figure(FigureKind.DRAWER, row.tender_control_id, found.in_drawer, "expected"),
            )
        )
    if row.status == "CANCELED":
        kept = " It stays in the drawer's count, which was made before." if row.canceled_after_balance else ""
        words = f"Canceled on {moment(row.canceled_at)} by {row.canceled_by}: {row.cancel_reason}.{kept}"
        reasons.append(Reason(words=words))
    reasons.append(
        Reason(words=f"From {row.payor_name} {row.payor_number}.", place="account", key=row.payor_account_id)
    )
    reasons += _made(asked, event)
    name = " ".join(part for part in (row.description or row.tender_type, row.reference) if part)
    return asked.answer(f"{name} from {row.payor_name}", row.amount, event.currency, parts, reasons)
