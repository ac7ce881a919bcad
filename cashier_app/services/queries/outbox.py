"""What a branch has not sent yet, for people: which commands, of whom, of how much; and how far its directory is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.identifiers import counter_of, key_of
from cashier_app.domain.lifecycles import PaymentStatus
from cashier_app.domain.money import Money
from cashier_app.models.customer import Account
from cashier_app.models.journal import JournalEntry
from cashier_app.models.payment import Payment, PaymentEvent
from cashier_app.models.sync import BookedEvent
from cashier_app.services.administration.branch_link import LinkFacts, link_of
from cashier_app.services.customers.names import user_names
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.commands import command_class
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

_UNSENT = Statement(
    select(JournalEntry.id, JournalEntry.name, JournalEntry.user_id, JournalEntry.executed_at, JournalEntry.content)
    .where(JournalEntry.id > bindparam("after"), JournalEntry.id <= bindparam("last"))
    .order_by(JournalEntry.id.desc())
    .limit(bindparam("most"))
)
_AT = Statement(
    select(JournalEntry.id)
    .where(
        JournalEntry.id > bindparam("after"),
        JournalEntry.id <= bindparam("last"),
        JournalEntry.executed_at == bindparam("instant"),
    )
    .limit(1)
)
_is_not_in_the_balance = (
    Payment.account_id == bindparam("account_id"),
    Payment.status == PaymentStatus.RECORDED.value,
    ~select(BookedEvent.event_id).where(BookedEvent.event_id == Payment.event_id).exists(),
)
_RECORDED = Statement(select(func.coalesce(func.sum(Payment.amount), 0)).where(*_is_not_in_the_balance))
_RECORDED_ONES = Statement(
    select(Payment.id, Payment.amount, PaymentEvent.pay_date, PaymentEvent.receipt_number)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .where(*_is_not_in_the_balance, Payment.id > bindparam("after"))
    .order_by(Payment.id)
    .limit(bindparam("most"))
)
_FETCHED = Statement(select(func.count()).select_from(Account).where(Account.id <= bindparam("after")))
_ALL = Statement(select(func.count()).select_from(Account))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentCommand:
    """A command that the server is not known to have."""

    journal_id: int
    sequence: int
    command: str
    """Its name, as the journal has it."""
    at: datetime
    user: str
    amount: Money | None
    """How much money it is about, where it is about money."""


def unsent_commands(
    store: Store, _config: Configuration, most: int = 200, before: int = 0
) -> tuple[UnsentCommand, ...]:
    """What waits to be sent, newest first; nothing where the database is no branch's.

    `before` is the sequence of the last one that is known already.
    """
    link = link_of(store)
    if link is None or not link.unsent:
        return ()
    after = key_of(link.node_id, link.confirmed)
    last = key_of(link.node_id, before - 1 if before else link.sequence)
    users = user_names(store)
    return tuple(
        UnsentCommand(
            journal_id=row.id,
            sequence=counter_of(row.id),
            command=row.name,
            at=row.executed_at,
            user=users.get(row.user_id, ""),
            amount=amount_of(from_json(row.content, command_class(row.name))),
        )
        for row in store.all(_UNSENT, after=after, last=last, most=most)
    )


def is_unsent(store: Store, link: LinkFacts, instant: datetime) -> bool:
    """Whether the command that was executed at this instant is one that the server is not known to have."""
    after, last = key_of(link.node_id, link.confirmed), key_of(link.node_id, link.sequence)
    return bool(link.unsent) and store.value(_AT, after=after, last=last, instant=instant) is not None


def recorded_here(store: Store, _config: Configuration, account_id: int) -> int:
    """What an account has paid at this branch that its balance does not know of yet; minor units of its currency."""
    return int(store.value(_RECORDED, account_id=account_id))


def recorded_payments(store: Store, account_id: int, after: int, most: int) -> Sequence[Any]:
    """Those payments, in order of their keys."""
    return store.all(_RECORDED_ONES, account_id=account_id, after=after, most=most)


def amount_of(command: Any) -> Money | None:
    """How much money a command is about: its tenders less what goes back, or the one amount it names."""
    payments = getattr(command, "payments", ())
    if payments:
        return _sum(payment.amount for payment in payments)
    tenders = getattr(command, "tenders", ())
    if tenders:
        return _sum(tender.amount for tender in tenders)
    amount = getattr(command, "amount", None) or getattr(command, "starting_balance", None)
    return amount if isinstance(amount, Money) else None


def _sum(amounts: Iterable[Money]) -> Money:
    found = list(amounts)
    return Money(sum(amount.minor for amount in found), found[0].currency)


def accounts_fetched(database: Database) -> int:
    """How many accounts of the directory have arrived."""
    with reading(database, access=EVERYTHING) as store:
        link = link_of(store)
        if link is not None and link.directory_after is not None:
            return int(store.value(_FETCHED, after=link.directory_after))
        return int(store.value(_ALL))
