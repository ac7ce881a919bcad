"""The last look before a command is kept: it touched no account that is kept from its user (R reliability T10).

Handlers refuse early where they look an account up. Whatever way led to it, by agreement, payment, tender or event,
they name every account and event that they changed; so nothing that a handler forgets gets past here.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union

from cashier_app.domain.identifiers import key_of
from cashier_app.models.customer import Account
from cashier_app.models.payment import Payment, Tender
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work

_group = select(Account.access_group)
_GROUPS = Statement(
    union(
        _group.where(among(Account.id, "account_ids")),
        _group.join(Tender, Tender.payor_account_id == Account.id).where(among(Tender.event_id, "event_ids")),
        _group.join(Payment, Payment.account_id == Account.id).where(among(Payment.event_id, "event_ids")),
    )
)


def need_accounts(work: Work, account_ids: Collection[int]) -> None:
    """Refuse with SEC-031 unless the user may see all of these accounts."""
    unknown = sorted(set(account_ids) - work.seen)
    if not unknown or work.user.access.everything:
        return
    for row in work.store.all(_GROUPS, account_ids=unknown, event_ids=[]):
        work.user.access.need(row.access_group)
    work.seen.update(unknown)


def keep_out(work: Work, last_counter: int) -> None:
    """Refuse with SEC-031 what concerns an account that the user may not see.

    An event made by the command itself, after the key `last_counter`, has only accounts that were looked up for it.
    """
    if work.user.access.everything:
        return
    new = range(key_of(work.node, last_counter + 1), key_of(work.node, work.last_key + 1))
    accounts = {key for kind, key in work.changes if kind == "account" and key} - work.seen
    events = [key for kind, key in work.changes if kind == "event" and key not in new]
    if accounts or events:
        for row in work.store.all(_GROUPS, account_ids=sorted(accounts), event_ids=sorted(events)):
            work.user.access.need(row.access_group)
