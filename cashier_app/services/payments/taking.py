"""Taking money: payment events with tenders, payees, distribution and receipt (R payments 1-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.errors import Problem, RuleViolation, raise_all, refuse, require
from cashier_app.domain.lifecycles import EventKind, PaymentStatus
from cashier_app.domain.money import Money, decimal_text
from cashier_app.services.accounting.agreements import (
    AgreementFacts,
)
from cashier_app.services.accounting.credit import cash_only_problem
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.distribution import Finish, PaymentIn, payment_draft
from cashier_app.services.payments.drawers import (
    ControlFacts,
    bank_code,
    control_for_tender,
    held,
    log_opening,
    may_know_expected,
    warn_of_limit,
)
from cashier_app.services.payments.event_facts import warn_of_imbalance
from cashier_app.services.payments.events import EventDraft, PaymentDraft, TenderDraft, WrittenEvent, write_events


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderIn:
    """What was handed over."""

    tender_type: str
    amount: Money
    """As handed over, change included."""
    payor_account_id: int | None = None
    """Default: the event's payor."""
    tender_control_id: int | None = None
    """Default: the user's open drawer."""
    reference: str = ""
    """Check number or the like."""
    micr: str = ""
    remitter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePayment:
    """Take money from a payor for one or more accounts: tenders in, receipt out."""

    payor_account_id: int
    tenders: tuple[TenderIn, ...]
    payments: tuple[PaymentIn, ...] = ()
    """Empty: everything tendered goes to the payor's account."""
    finish: Finish = Finish.FREEZE
    pay_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTaken:
    """What an agreement got."""

    sa_id: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTaken:
    """What an account got."""

    payment_id: int
    account_id: int
    amount: Money
    status: PaymentStatus
    segments: tuple[SegmentTaken, ...]
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTaken:
    """A payment event was written."""

    event_id: int
    receipt_number: str | None
    change: Money
    """What goes back to the customer."""
    unbalanced_by: Money
    tender_ids: tuple[int, ...]
    payments: tuple[PaymentTaken, ...]
    opens_drawer: bool
    """Whether the drawer springs open."""


@handles(TakePayment, branch=True)
def take_payment(command: TakePayment, work: Work) -> EventTaken:
    """Check, distribute, book, number: in the order in which a refusal is most useful."""
    _check_form(command, work)
    payor = account_of(work, command.payor_account_id, "payor_account_id")
    currency = payor.currency
    controls = _controls(work, command, currency)
    tenders = [_tender_draft(work, tender, command, controls) for tender in command.tenders]
    handed = sum(tender.amount for tender in tenders)
    wanted = command.payments or (PaymentIn(account_id=payor.id, amount=Money(handed, currency)),)
    _check_currency(wanted, currency)
    owed = sum(payment.amount.minor for payment in wanted)
    tenders, change = _with_change(work, tenders, handed - owed, controls)
    work.confirm(cash_only_problems(work, tenders))
    agreements: dict[int, AgreementFacts] = {}
    drafts = tuple(
        payment_draft(work, payment, payor if payment.account_id == payor.id else None, command.finish, agreements)
        for payment in wanted
    )
    freezes = command.finish is Finish.FREEZE
    if freezes:
        _require_freezable(drafts, handed - change - owed, currency)
    main = controls[0]
    source = work.config.get(TenderSource, main.tender_source)
    event = EventDraft(
        kind=EventKind.CIS,
        pay_date=command.pay_date or work.business_date,
        currency=currency,
        tenders=tuple(tenders),
        payments=drafts,
        receipt_series=source.receipt_series if freezes else None,
        note=command.note,
    )
    (written,) = write_events(work, [event], agreements)
    opens = open_drawer_for(work, tenders, written.id if freezes else None)
    warn_of_imbalance(work, handed - change - owed, currency)
    for control in {control.id: control for control in controls}.values():
        warn_of_limit(work, control)
    work.changed("event", written.id)
    work.changed("account", payor.id, *(payment.account_id for payment in drafts))
    work.changed("tender_control", *{control.id for control in controls})
    return taken(event, written, change, opens=opens)


def _check_form(command: TakePayment, work: Work) -> None:
    raise_all([*_tender_problems(command, work), *_payment_problems(command, work)])
    payees = (payment.account_id for payment in command.payments)
    payors = (tender.payor_account_id for tender in command.tenders if tender.payor_account_id is not None)
    work.keep_off(command.payor_account_id, *payors, *payees)
    if command.pay_date is not None and command.pay_date < work.business_date:
        work.need_second_person("Backdate", "take a payment for an earlier day")


def _tender_problems(command: TakePayment, work: Work) -> Iterator[Problem]:
    if not command.tenders:
        yield Problem("PAY-100", "Say what was handed over: at least one tender.", "tenders")
    for place, tender in enumerate(command.tenders, start=1):
        yield from tender_problems(work, tender, f"tenders.{place}.")


def tender_problems(work: Work, tender: TenderIn, where: str = "") -> Iterator[Problem]:
    """What is wrong with something handed over, all at once; `where` leads to its fields."""
    tender_type = work.config.get(TenderType, tender.tender_type, f"{where}tender_type")
    if tender.amount.minor <= 0:
        yield Problem("PAY-101", "A tender is more than zero.", f"{where}amount")
    if tender_type.require_reference and not tender.reference.strip():
        yield Problem("PAY-102", f"{tender_type.description} needs its number.", f"{where}reference")
    if not tender_type.offered_at_counter:
        yield Problem("PAY-103", f"{tender_type.code} is not taken at the counter.", f"{where}tender_type")


def _payment_problems(command: TakePayment, work: Work) -> Iterator[Problem]:
    for place, payment in enumerate(command.payments, start=1):
        if payment.amount.minor <= 0:
            yield Problem("PAY-104", "A payment is more than zero.", f"payments.{place}.amount")
    yield from _repeated_payees(command.payments)
    if command.pay_date is not None and command.pay_date > work.business_date:
        yield Problem("PAY-106", f"The payment date is not after today ({work.business_date}).", "pay_date")


def _repeated_payees(payments: Sequence[PaymentIn], field: str = "payments") -> Iterator[Problem]:
    payees = [payment.account_id for payment in payments]
    if len(set(payees)) < len(payees):
        yield Problem("PAY-105", "Each account is paid once per event; add the amounts up.", field)


def require_different_payees(payments: Sequence[PaymentIn], field: str = "payments") -> None:
    """Refuse with PAY-105 two payments of one account: each would be placed on the same debts."""
    raise_all(_repeated_payees(payments, field))


def _controls(work: Work, command: TakePayment, currency: str) -> list[ControlFacts]:
    """The drawer of each tender, in their order; each is looked up once."""
    known: dict[int | None, ControlFacts] = {}
    for tender in command.tenders:
        if tender.tender_control_id not in known:
            known[tender.tender_control_id] = control_for_tender(work, currency, tender.tender_control_id)
    return [known[tender.tender_control_id] for tender in command.tenders]


def _tender_draft(work: Work, tender: TenderIn, command: TakePayment, controls: Sequence[ControlFacts]) -> TenderDraft:
    control = controls[command.tenders.index(tender)]
    if tender.amount.currency != control.currency:
        refuse(
            "PAY-042",
            f"Drawer {control.tender_source} holds {control.currency}, not {tender.amount.currency}.",
            "tenders",
        )
    payor = tender.payor_account_id
    if payor is not None and payor != command.payor_account_id:
        require(
            account_of(work, payor).currency == control.currency, "PAY-042", "The payor's account has another currency."
        )
    return TenderDraft(
        payor_account_id=payor or command.payor_account_id,
        tender_type=tender.tender_type,
        amount=tender.amount.minor,
        tender_control_id=control.id,
        bank_code=bank_code(work.config, control.tender_source),
        reference=tender.reference.strip(),
        micr=tender.micr.strip(),
        remitter=tender.remitter.strip(),
    )


def _check_currency(wanted: Iterable[PaymentIn], currency: str) -> None:
    for place, payment in enumerate(wanted, start=1):
        require(
            payment.amount.currency == currency,
            "PAY-107",
            f"The event is in {currency}; {payment.amount} cannot be part of it.",
            f"payments.{place}.amount",
        )


def _with_change(
    work: Work, tenders: list[TenderDraft], over: int, controls: Sequence[ControlFacts]
) -> tuple[list[TenderDraft], int]:
    """Record the change that goes back (R payments 2.9); PAY-021 when no tender gives it."""
    if over <= 0:
        return tenders, 0
    types = work.config.all(TenderType)
    giving = [place for place, tender in enumerate(tenders) if types[tender.tender_type].allow_cash_back]
    if over > sum(tenders[place].amount for place in giving):
        currency = controls[0].currency
        refuse(
            "PAY-021",
            f"{decimal_text(over, currency)} {currency} too much was handed over, and the tender gives no cash back. "
            "Raise the payment or take another tender.",
            "tenders",
        )
    cash = work.config.installation.starting_tender_type
    netted = [place for place in giving if tenders[place].tender_type == cash and tenders[place].amount >= over]
    if netted:
        place = netted[-1]
        tender = tenders[place]
        tenders[place] = tender._replace(amount=tender.amount - over, amount_tendered=tender.amount, amount_change=over)
        if tenders[place].amount == 0:
            refuse("PAY-101", "This tender goes back whole; leave it out.", "tenders")
        return tenders, over
    place = giving[-1]
    _warn_of_scarce_cash(work, controls[place], cash, over)
    back = tenders[place]._replace(
        tender_type=cash, amount=-over, cash_back_of=place, reference="", micr="", amount_change=over
    )
    return [*tenders, back], over


def _warn_of_scarce_cash(work: Work, control: ControlFacts, cash: str, change: int) -> None:
    if may_know_expected(work, control) and held(work, control, cash) < change:
        amount = decimal_text(change, control.currency)
        work.warn("PAY-022", f"The drawer may not hold enough cash for change of {amount} {control.currency}.")


def cash_only_problems(work: Work, tenders: Iterable[TenderDraft]) -> list[Problem]:
    """PAY-011 once per cash-only payor who hands over something that is not like cash (R payments 1.9)."""
    types = work.config.all(TenderType)
    payors = {t.payor_account_id for t in tenders if t.cash_back_of is None and not types[t.tender_type].like_cash}
    problems = (cash_only_problem(work, payor) for payor in sorted(payors))
    return [problem for problem in problems if problem]


def _require_freezable(drafts: Sequence[PaymentDraft], unbalanced: int, currency: str) -> None:
    problems = [
        Problem("PAY-031", draft.error_message.partition(": ")[2], "payments")
        for draft in drafts
        if draft.error_message
    ]
    if unbalanced:
        what = "too much" if unbalanced > 0 else "short"
        amount = decimal_text(abs(unbalanced), currency)
        problems.append(
            Problem("PAY-004", f"Tenders are {amount} {currency} {what}; they must equal the payments.", "tenders")
        )
    if problems:
        raise RuleViolation(problems)


def open_drawer_for(work: Work, tenders: Iterable[TenderDraft], event_id: int | None) -> bool:
    """Log that the drawer springs open when a tender type asks for it.

    The log stays when an event that was not frozen is deleted: it names only events that stay as well.
    """
    types = work.config.all(TenderType)
    controls = {t.tender_control_id for t in tenders if types[t.tender_type].kick_drawer}
    for control_id in sorted(controls):
        log_opening(work, control_id, "PAYMENT", event_id=event_id)
    return bool(controls)


def taken(event: EventDraft, written: WrittenEvent, change: int, *, opens: bool) -> EventTaken:
    """What the caller is told of a written event."""
    currency = event.currency
    given = sum(payment.amount for payment in event.payments)
    handed = sum(tender.amount for tender in event.tenders)
    return EventTaken(
        event_id=written.id,
        receipt_number=written.receipt_number,
        change=Money(change, currency),
        unbalanced_by=Money(handed - given, currency),
        tender_ids=written.tender_ids,
        payments=tuple(
            PaymentTaken(
                payment_id=payment_id,
                account_id=payment.account_id,
                amount=Money(payment.amount, currency),
                status=PaymentStatus(payment.status),
                segments=tuple(
                    SegmentTaken(sa_id=segment.sa_id, amount=Money(segment.amount, currency))
                    for segment in payment.segments
                ),
                error=payment.error_message,
            )
            for payment_id, payment in zip(written.payment_ids, event.payments, strict=True)
        ),
        opens_drawer=opens,
    )
