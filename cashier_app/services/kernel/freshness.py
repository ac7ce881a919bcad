"""Whether what somebody saw when they decided is still so: two people on one thing never overwrite each other.

A screen remembers the cursor of the snapshot that it shows and which things it shows. It sends both beside its
command, and the door refuses the command as stale when the journal has an entry after that cursor which changed one of
those things (decision 20). Nothing in the handlers knows of it, and the command itself stays the same.

On PostgreSQL two such commands at the same moment cannot both find nothing new: each reads of the other's node how far
its journal goes, and the other moves it on, which SERIALIZABLE does not allow; one is tried again and finds the other's
entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import Problem, StaleData
from cashier_app.domain.identifiers import key_of
from cashier_app.models.journal import JournalEntry
from cashier_app.models.security import User
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.cursors import cursor_of, is_forgotten, position
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM, Change

_TOUCHED = Statement(
    select(JournalEntry.id, JournalEntry.name, JournalEntry.executed_at, JournalEntry.user_id, User.name.label("user"))
    .join(User, User.id == JournalEntry.user_id, isouter=True)
    .where(
        JournalEntry.id > bindparam("after"),
        JournalEntry.id <= bindparam("last"),
        JournalEntry.changes.like(bindparam("mention")),
        # Noted beside an event, which stays as it is.
        JournalEntry.name != "PrintReceipt",
        JournalEntry.name != "NotePrintFailure",
    )
    .order_by(JournalEntry.id.desc())
)

NOUNS = {
    "account": "account",
    "approval_request": "request for approval",
    "configuration": "configuration",
    "deposit_control": "deposit",
    "event": "payment event",
    "person": "customer",
    "tender_control": "drawer",
    "to_do": "entry to do",
    "user": "user",
}
"""What the kinds of changes are called."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them when they made up their mind."""

    cursor: str
    """Where the ledger stood in the snapshot that they saw."""
    things: tuple[Change, ...]
    """What in it they decided about."""
    own: frozenset[int] = frozenset()
    """Keys of journal entries that they made themselves at the same place, and so know of."""


class Touch(NamedTuple):
    """Somebody's command that changed a thing."""

    thing: Change
    command: str
    user: str
    executed_at: datetime


def touches_since(store: Store, seen: Seen) -> Iterator[Touch]:
    """Who changed one of the things after the snapshot; of each workstation the last word first."""
    before, now = cursor_of(seen.cursor), position(store)
    known = before.by_node
    for place in now.places:
        start = known.get(place.node)
        after = start.sequence if start else 0
        if after >= place.sequence:
            continue
        for thing in seen.things:
            stretch = {"after": key_of(place.node, after), "last": key_of(place.node, place.sequence)}
            for row in store.all(_TOUCHED, mention=f"%{to_json(thing)}%", **stretch):
                if row.id not in seen.own:
                    yield Touch(thing, row.name, _who(row), row.executed_at)


def require_fresh(store: Store, seen: Seen, now: datetime) -> None:
    """Refuse with STALE-001 what was decided on an old picture.

    Raises:
        StaleData: with who changed what and when; nothing has changed then.
    """
    if is_forgotten(store, cursor_of(seen.cursor), position(store)):
        raise StaleData([Problem("STALE-002", "The ledger was restored since you looked. Look again, then decide.")])
    touch = max(touches_since(store, seen), key=lambda touch: touch.executed_at, default=None)
    if touch is not None:
        raise StaleData([Problem("STALE-001", f"{in_words(touch, now)} Nothing was done; look again, then decide.")])


def in_words(touch: Touch, now: datetime) -> str:
    """Who changed what and when, as a sentence."""
    noun = NOUNS.get(touch.thing.kind, touch.thing.kind)
    return f"{touch.user} changed this {noun} {_ago(now - touch.executed_at)} ({_plain(touch.command)})."


def _who(row: Any) -> str:
    return str(row.user or (SYSTEM.name if row.user_id == SYSTEM.id else "Somebody"))


def _plain(command: str) -> str:
    """`CancelPayment` as *cancel payment*."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in command).strip()


def _ago(passed: timedelta) -> str:
    """How long ago; clocks of two workstations may differ a little."""
    minutes = round(passed.total_seconds() / 60)
    if minutes < 1:
        return "just now"
    hours, days = minutes // 60, minutes // (60 * 24)
    if hours < 1:
        return f"{minutes} min ago"
    return f"{hours} h ago" if days < 1 else f"{days} day{'s' if days > 1 else ''} ago"
