"""A branch's own figures: what waits to be sent, what no balance knows of yet, what the server made of a payment."""

from __future__ import annotations

from collections.abc import Iterator

from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.services.accounting.agreements import agreements_by_id, agreements_of
from cashier_app.services.administration.branch_link import link_of
from cashier_app.services.customers.names import need_account
from cashier_app.services.explaining.accounts import account_words
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, page_by_key
from cashier_app.services.explaining.origins import moment
from cashier_app.services.queries.booked import BookedRow, booked_at_server
from cashier_app.services.queries.events import EventDetail, event_detail
from cashier_app.services.queries.outbox import UnsentCommand, recorded_here, recorded_payments, unsent_commands


@explains(FigureKind.UNSENT, "ViewCustomers")
def explain_unsent(asked: Asked) -> Explanation:
    """The commands, newest first, each with its entry in the journal."""
    link = link_of(asked.store)
    if link is None:
        refuse("EXP-001", "This workstation is no branch: nothing waits to be sent.", "figure")
    page = page_by_key(
        asked,
        link.unsent,
        lambda before, most: unsent_commands(asked.store, asked.config, most, before),
        lambda row: row.sequence,
        lambda _row: 1,
        _waiting,
    )
    contact = f"Last contact: {moment(link.contact_at) or 'never'}."
    reasons = [
        Reason(words=f"Entries of {link.workstation} after {link.confirmed}, the last that {link.server_url} has."),
        Reason(words=f"{contact} They go out by themselves, in order, as soon as it answers."),
    ]
    return asked.answer("Not sent yet", link.unsent, "", page.parts, reasons, rest=page.rest, next=page.next)


def _waiting(row: UnsentCommand) -> Part:
    about = f", {row.amount}" if row.amount else ""
    by = f" by {row.user}" if row.user else ""
    return Part(
        words=f"{row.command}{by}{about}, {moment(row.at)}",
        amount=1,
        figure=figure(FigureKind.COMMAND, row.journal_id),
    )


@explains(FigureKind.RECORDED_HERE, "ViewCustomers")
def explain_recorded(asked: Asked, account_id: int) -> Explanation:
    """The payments that the server has not told of yet."""
    need_account(asked.store, account_id)
    agreements = agreements_of(asked.store, account_id)
    currency = agreements[0].currency if agreements else asked.config.installation.currency
    total = recorded_here(asked.store, asked.config, account_id)
    page = page_by_key(
        asked,
        total,
        lambda after, most: recorded_payments(asked.store, account_id, after, most),
        lambda row: int(row.id),
        lambda row: int(row.amount),
        lambda row: Part(
            words=f"Payment{f', receipt {row.receipt_number}' if row.receipt_number else ''}",
            amount=int(row.amount),
            figure=figure(FigureKind.PAYMENT, row.id),
            day=row.pay_date,
        ),
    )
    reasons = [
        Reason(words="Taken at this branch. The server distributes it; until it tells, no balance knows of it."),
        Reason(words="The balance as the server last said.", figure=figure(FigureKind.ACCOUNT, account_id, "current")),
        Reason(words=f"Account {account_words(asked, account_id)}.", place="account", key=account_id),
    ]
    title = f"Recorded here for {account_words(asked, account_id)}"
    return asked.answer(title, total, currency, page.parts, reasons, rest=page.rest, next=page.next)


@explains(FigureKind.BOOKED, "ViewCustomers")
def explain_booked(asked: Asked, event_id: int, payment_id: int, share: int) -> Explanation:
    """A payment as the server has it, by what each agreement got; or, from 1, one of those shares."""
    event = event_detail(asked.store, asked.config, event_id)
    told = booked_at_server(asked.store, asked.config, event_id)
    row = next((each for each in told.payments if each.payment_id == payment_id), None) if told else None
    if told is None or row is None or share > len(row.shares):
        refuse("PAY-120", "The server has told of no such payment.", "payment_id")
    if share:
        return _share(asked, event, row, share)
    parts = [
        Part(
            words=each.description,
            amount=each.amount,
            figure=figure(FigureKind.BOOKED, event_id, payment_id, place),
        )
        for place, each in enumerate(row.shares, 1)
    ]
    reasons = [*_became(row), *(Reason(words=f"Why: {why}") for why in told.reasons if row.is_replaced)]
    if any(each.payment_id == payment_id for each in event.payments):
        reasons.append(Reason(words="As it was recorded here.", figure=figure(FigureKind.PAYMENT, payment_id)))
    reasons.append(Reason(words=f"Payment event of {event.pay_date}.", place="event", key=event_id))
    title = f"At the office: payment for {row.name} {row.account_number}".rstrip()
    return asked.answer(title, row.amount, event.currency, parts, reasons)


def _became(row: BookedRow) -> Iterator[Reason]:
    if row.is_replaced:
        yield Reason(words="It could not be booked as it was taken: its money went to suspense.")
    elif row.in_suspense:
        yield Reason(words="It took the place of one that could not be booked, and waits in suspense for somebody.")
    elif row.status == "CANCELED":
        yield Reason(words="It was taken back.")
    else:
        yield Reason(words="So the server placed it when it heard of it.")


def _share(asked: Asked, event: EventDetail, row: BookedRow, place: int) -> Explanation:
    share = row.shares[place - 1]
    reasons = [
        Reason(
            words=f"Part of the payment of {Money(row.amount, event.currency)} for {row.name}.",
            figure=figure(FigureKind.BOOKED, event.event_id, row.payment_id, 0),
        ),
        *_became(row),
    ]
    if share.sa_id in agreements_by_id(asked.store, [share.sa_id]):
        balance = figure(FigureKind.AGREEMENT, share.sa_id, "current")
        reasons.append(Reason(words=f"{share.description}, as the server last said.", figure=balance))
    return asked.answer(f"At the office: {share.description}", share.amount, event.currency, (), reasons)
