"""What a window asks beside its screens: whether others wrote something, and what became of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, select

from cashier_app.domain.identifiers import key_of
from cashier_app.models.journal import JournalEntry, Node
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.cursors import heads
from cashier_app.services.kernel.freshness import Seen, Touch, touches_since
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

T = TypeVar("T")

_HEADS = Statement(select(Node.name, Node.id, Node.sequence).order_by(Node.id))
_TAKEN = Statement(
    select(JournalEntry.id, JournalEntry.name, JournalEntry.executed_at, JournalEntry.result).where(
        JournalEntry.command_id == bindparam("command_id")
    )
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A command that was executed."""

    journal_id: int
    name: str
    executed_at: datetime
    result: str
    """What the caller was told, as JSON."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """An answer, and where the ledger stood when it was given."""

    answer: T
    cursor: str


def dated(query: Callable[..., T]) -> Callable[..., Dated[T]]:
    """The same query with the cursor of its snapshot, for screens on which somebody decides (decision 20)."""

    def asked(store: Store, config: Configuration, *arguments: Any, **named: Any) -> Dated[T]:
        return Dated(query(store, config, *arguments, **named), heads(store))

    return asked


def who_changed(store: Store, _config: Configuration, seen: Seen) -> Touch | None:
    """The last one who changed something that was seen, if anybody did."""
    return max(touches_since(store, seen), key=lambda touch: touch.executed_at, default=None)


def journal_heads(store: Store, _config: Configuration | None = None) -> dict[str, int]:
    """Each writer's last journal key: as long as this stays, nobody wrote anything. Costs a few microseconds."""
    return {row.name: key_of(row.id, row.sequence) for row in store.all(_HEADS)}


def what_became_of(store: Store, _config: Configuration | None, command_id: str) -> Taken | None:
    """The journal's word on a command id; nothing when it was never taken."""
    row = store.first(_TAKEN, command_id=command_id)
    return None if row is None else Taken(row.id, row.name, row.executed_at, row.result)
