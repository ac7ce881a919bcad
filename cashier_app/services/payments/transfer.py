"""Transferring a payment: the original is canceled and never re-pointed (R payments 1.10)."""

from __future__ import annotations

from dataclasses import dataclass

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import PaymentStatus
from cashier_app.domain.money import Money
from cashier_app.models.payment import Tender
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import change
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.cancellation import reason_of, reverse_payments
from cashier_app.services.payments.distribution import Finish, PaymentIn, payment_draft
from cashier_app.services.payments.event_facts import by_bank, event_of_payment, require_customers, settle
from cashier_app.services.payments.events import EventWriter, PaymentDraft
from cashier_app.services.payments.taking import PaymentTaken, SegmentTaken, require_different_payees

_CHANGE_PAYOR = change(Tender, "payor_account_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPayment:
    """Give a frozen payment to another account, or share it among several."""

    payment_id: int
    targets: tuple[PaymentIn, ...]
    """They add up to the payment; one target for a plain transfer."""
    reason: str
    whole_event: bool = False
    """The payor was wrong too (typical for suspense): tenders get the target as payor."""
    freeze: bool = True
    """Off: the new payments stay freezable, for review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTransferred:
    """The payments that took its place."""

    payment_id: int
    event_id: int
    new_payment_ids: tuple[int, ...]
    payments: tuple[PaymentTaken, ...] = ()
    """The same payments with their segments, so that a preview can show the new distribution."""


@handles(TransferPayment)
def transfer_payment(command: TransferPayment, work: Work) -> PaymentTransferred:
    """Reverse, distribute anew, freeze: one transaction. What one took oneself, two transfer (R reliability C4)."""
    event, payment = event_of_payment(work, command.payment_id)
    require_customers(event)
    reason = reason_of(work, command.reason)
    require(
        not (reason.nsf_charge or reason.cash_only_points or reason.credit_rating_points),
        "PAY-124",
        "A transfer blames nobody; choose a reason without fee and points.",
        "reason",
    )
    if payment.status != PaymentStatus.FROZEN or payment.amount <= 0:
        refuse("PAY-125", "Only a frozen payment of more than zero can be transferred.", "payment_id")
    total = sum(target.amount.minor for target in command.targets)
    currencies = {target.amount.currency for target in command.targets}
    require(
        command.targets and currencies == {event.currency} and total == payment.amount,
        "PAY-126",
        f"The targets must add up to {Money(payment.amount, event.currency)}.",
        "targets",
    )
    require(
        all(target.amount.minor > 0 for target in command.targets), "PAY-104", "A payment is more than zero.", "targets"
    )
    if command.whole_event:
        require(len(command.targets) == 1, "PAY-127", "The payor changes to one account only.", "targets")
    require_different_payees(command.targets, "targets")
    concerned = (payment.account_id, *(target.account_id for target in command.targets))
    work.keep_off(*event.account_ids, *concerned)
    if event.created_by == work.user.id and work.user.id:
        work.need_second_person("TransferPayment", "transfer what you took yourself")
    reverse_payments(work, [payment], command.reason)
    agreements: dict[int, AgreementFacts] = {}
    finish = Finish.FREEZE if command.freeze else Finish.DISTRIBUTE
    drafts = [
        payment_draft(work, target, None, finish, agreements)._replace(transferred_from=payment.id)
        for target in command.targets
    ]
    failed = next((draft for draft in drafts if draft.error_message), None)
    if failed:
        refuse("PAY-031", failed.error_message.partition(": ")[2], "targets")
    writer = EventWriter(work, agreements)
    new_ids = writer.payments(event.id, event.currency, drafts, by_bank(work, event.valid_tenders))
    writer.write()
    if command.whole_event:
        rows = [(command.targets[0].account_id, tender.id) for tender in event.valid_tenders]
        work.store.write(_CHANGE_PAYOR, rows)
    settle(work, event.id)
    work.changed("account", *concerned)
    return PaymentTransferred(
        payment_id=payment.id,
        event_id=event.id,
        new_payment_ids=tuple(new_ids),
        payments=tuple(_taken(key, draft, event.currency) for key, draft in zip(new_ids, drafts, strict=True)),
    )


def _taken(payment_id: int, draft: PaymentDraft, currency: str) -> PaymentTaken:
    return PaymentTaken(
        payment_id=payment_id,
        account_id=draft.account_id,
        amount=Money(draft.amount, currency),
        status=PaymentStatus(draft.status),
        segments=tuple(
            SegmentTaken(sa_id=segment.sa_id, amount=Money(segment.amount, currency)) for segment in draft.segments
        ),
    )
