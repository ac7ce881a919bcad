"""The change feed for somebody's eyes: accounts that are kept from them are left out (R reliability T10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select, union

from cashier_app.domain.access import Access
from cashier_app.models.customer import Account
from cashier_app.models.payment import Payment, Tender
from cashier_app.services.branches.feed import PAGE, Changes, heads, read_changes
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Change

_ACCOUNTS = Statement(select(Account.id, Account.access_group).where(among(Account.id, "keys")))
_of_event = (Account.access_group,)
_EVENTS = Statement(
    union(
        select(Tender.event_id.label("id"), *_of_event)
        .join(Account, Account.id == Tender.payor_account_id)
        .where(among(Tender.event_id, "keys")),
        select(Payment.event_id.label("id"), *_of_event)
        .join(Account, Account.id == Payment.account_id)
        .where(among(Payment.event_id, "keys")),
    )
)


def changes_for(store: Store, _config: Configuration, cursor: str, limit: int = PAGE) -> Changes:
    """What changed after the cursor, for the store's reader; without a cursor, where to begin.

    Refuses with FEED-001 what is no cursor.
    """
    if not cursor:
        return Changes(heads(store))
    found = read_changes(store, cursor, limit)
    hidden = _hidden(store, found.changes)
    return replace(found, changes=tuple(change for change in found.changes if change not in hidden))


def _hidden(store: Store, changes: Collection[Change]) -> frozenset[Change]:
    access: Access = store.access
    if access.everything:
        return frozenset()
    kept: set[Change] = set()
    for kind, query in (("account", _ACCOUNTS), ("event", _EVENTS)):
        keys = [change.key for change in changes if change.kind == kind]
        if keys:
            kept |= {
                Change(kind, row.id) for row in store.all(query, keys=keys) if not access.may_see(row.access_group)
            }
    return frozenset(kept)
