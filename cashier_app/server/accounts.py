"""Customers and payments to look at: through the same queries as the screens, with the rights of who asks."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Query

from cashier_app.server.answers import Answer
from cashier_app.server.asking import SiteOf, User
from cashier_app.server.describing import described, note
from cashier_app.server.refusing import Refused
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.queries.accounts import AccountGlance, account_at_a_glance
from cashier_app.services.queries.changes import changes_for
from cashier_app.services.queries.events import EventDetail, event_detail
from cashier_app.services.queries.history import HistoryCursor, HistoryKind, HistoryRow, history
from cashier_app.services.queries.search import Found, find

router = APIRouter(tags=["looking"])
VIEW: Final = "ViewCustomers"

Key = Annotated[int, Path(ge=1, lt=2**63, description="A key, as commands and queries tell it.")]
Text = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


@router.get("/accounts/search", **described(Found, many=True))
def search(site: SiteOf, user: User, text: Text = "", limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Answer:
    """Accounts that answer a number, a name, an address or a scan, the most specific first."""
    with site.looking(user, VIEW) as sight:
        return Answer(sight.query(find, text, limit))


@router.get("/accounts/{account_id}", **described(AccountGlance, 404))
def account(site: SiteOf, user: User, account_id: Key) -> Answer:
    """An account at a glance: customers, agreements with balances, debt by age, alerts."""
    with site.looking(user, VIEW) as sight:
        return Answer(sight.query(account_at_a_glance, account_id, site.clock.business_date()))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOut:
    """A page of an account's history, newest first."""

    rows: tuple[HistoryRow, ...]
    before: str
    """Ask for the next page with it; empty at the end."""


@router.get("/accounts/{account_id}/history", **described(HistoryOut, 404))
def account_history(  # noqa: PLR0917  # as many parameters as the address has
    site: SiteOf,
    user: User,
    account_id: Key,
    before: Annotated[str, Query(max_length=200, pattern=r"^[A-Za-z0-9_-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    kind: Annotated[list[HistoryKind] | None, Query(max_length=10)] = None,
) -> Answer:
    """What happened on an account: payments, adjustments, cancellations."""
    cursor = _cursor(before)
    with site.looking(user, VIEW) as sight:
        page = sight.query(history, account_id, cursor, limit, kinds=kind)
    return Answer(HistoryOut(rows=page.rows, before=_text(page.next)))


@router.get("/events/{event_id}", **described(EventDetail, 404))
def event(site: SiteOf, user: User, event_id: Key) -> Answer:
    """A payment event with its tenders, payments and segments."""
    with site.looking(user, VIEW) as sight:
        return Answer(sight.query(event_detail, event_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedThing:
    """Something to look at again."""

    kind: str
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesOut:
    """What is new since a cursor."""

    cursor: str
    """Ask with it next time."""
    changes: tuple[ChangedThing, ...]
    more: bool
    """Whether there is more at once."""
    reset: bool
    """The ledger was restored from a backup: forget everything, and go on from this cursor."""


note(ChangedThing)


@router.get("/changes", **described(ChangesOut))
def changes(
    site: SiteOf,
    user: User,
    after: Annotated[str, Query(max_length=20_000, pattern=r"^[A-Za-z0-9_-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> Answer:
    """What changed after a cursor; nothing is skipped, however commands commit. Without one, where to begin."""
    with site.looking(user, VIEW, "TakePayment", "ViewJournal") as sight:
        found = sight.query(changes_for, after, limit)
    told = tuple(ChangedThing(kind=change.kind, key=change.key) for change in found.changes)
    return Answer(ChangesOut(cursor=found.cursor, changes=told, more=found.more, reset=found.reset))


def _text(cursor: HistoryCursor | None) -> str:
    return base64.urlsafe_b64encode(to_json(cursor).encode()).decode().rstrip("=") if cursor else ""


def _cursor(text: str) -> HistoryCursor | None:
    if not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        found: Any = from_json(base64.urlsafe_b64decode(padded), HistoryCursor)
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        found = None
    # Only what a page gave out: an instant with its zone, and a key.
    if found is None or found.at.tzinfo is None or not 0 <= found.ft_id < 2**63:
        raise Refused(422, "API-005", "Send `before` as the page before gave it.", "before")
    cursor: HistoryCursor = found
    return cursor
