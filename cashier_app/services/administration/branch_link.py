"""A branch's side of the line: how far the server is known to know this workstation's commands (decision 18).

The journal is the outbox: what comes after `confirmed` is unsent. Nothing here deletes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import key_of
from cashier_app.models.journal import JournalEntry, Node
from cashier_app.models.sync import BranchLink
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.writing import writing

_LINK = Statement(
    select(
        BranchLink.server_url,
        BranchLink.server_id,
        BranchLink.device_id,
        BranchLink.node_id,
        BranchLink.confirmed,
        BranchLink.cursor,
        BranchLink.directory_after,
        BranchLink.contact_at,
        BranchLink.alarm,
        Node.name.label("workstation"),
        Node.sequence,
    ).join(Node, Node.id == BranchLink.node_id)
)
_OLDEST = Statement(
    select(func.min(JournalEntry.executed_at)).where(
        JournalEntry.id > bindparam("after"), JournalEntry.id <= bindparam("last")
    )
)
_HASH = Statement(select(JournalEntry.hash).where(JournalEntry.id == bindparam("id")))
_LINK_UP = Statement(
    insert(BranchLink).values(
        id=1,
        server_url=bindparam("url"),
        server_id=bindparam("server"),
        device_id=bindparam("device"),
        node_id=bindparam("node"),
        confirmed=0,
        directory_after=0,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """Where a branch stands with its server."""

    server_url: str
    server_id: str
    device_id: int
    node_id: int
    workstation: str
    sequence: int
    """Of the last command that was executed here."""
    confirmed: int
    """Of the last command that the server is known to have."""
    cursor: str
    directory_after: int | None
    """The last account that has arrived while the directory is still being fetched; empty once it is whole."""
    contact_at: datetime | None
    oldest_unsent: datetime | None
    alarm: str

    @property
    def unsent(self) -> int:
        """How many commands wait to be sent."""
        return self.sequence - self.confirmed


def link_of(store: Store) -> LinkFacts | None:
    """Where this branch stands with its server; nothing where the database is no branch's."""
    row = store.first(_LINK)
    if row is None:
        return None
    oldest = None
    if row.sequence > row.confirmed:
        first, last = key_of(row.node_id, row.confirmed), key_of(row.node_id, row.sequence)
        oldest = store.value(_OLDEST, after=first, last=last)
    return LinkFacts(
        server_url=row.server_url,
        server_id=row.server_id,
        device_id=row.device_id,
        node_id=row.node_id,
        workstation=row.workstation,
        sequence=row.sequence,
        confirmed=row.confirmed,
        cursor=row.cursor,
        directory_after=row.directory_after,
        contact_at=row.contact_at,
        oldest_unsent=oldest,
        alarm=row.alarm,
    )


def require_all_arrived(store: Store) -> None:
    """Refuse with BR-004 what is final only once the server has everything before it (R reliability S7)."""
    link = link_of(store)
    if link is not None and link.unsent:
        refuse(
            "BR-004",
            f"{link.unsent} command(s) have not reached the server yet. A deposit is handed over when they all have.",
        )


def require_nothing_unsent(database: Database, what: str) -> None:
    """Refuse with BR-005 to `what` while something is unsent: nothing may drop an outbox (R reliability P9)."""
    with reading(database, access=EVERYTHING) as store:
        link = link_of(store)
    if link is not None and link.unsent:
        refuse(
            "BR-005",
            f"{link.unsent} command(s) of this workstation have not reached the server; the oldest is of "
            f"{link.oldest_unsent:%Y-%m-%d %H:%M} UTC. Connect it until they have, before you {what}.",
        )


def hash_at(store: Store, node_id: int, sequence: int) -> bytes:
    """The hash of one of this branch's own entries; empty before the first."""
    found = store.value(_HASH, id=key_of(node_id, sequence)) if sequence else None
    return bytes(found) if found is not None else b""


def link_up(database: Database, *, server_url: str, server_id: str, device_id: int, node_id: int) -> None:
    """Make this database a branch's; refuses with BR-006 one that has customers or commands of its own."""
    with reading(database, access=EVERYTHING) as store:
        own = store.value(Statement(select(func.count()).select_from(JournalEntry)))
    require(not own, "BR-006", "This database has been worked with; a branch starts with an empty one.")
    with writing(database) as store:
        store.apply(_LINK_UP, [{"url": server_url, "server": server_id, "device": device_id, "node": node_id}])


def note(database: Database, **columns: object) -> None:
    """Change columns of the link: how far the server is known, when it answered, an alarm."""
    with writing(database) as store:
        change_link(store, **columns)


def change_link(store: Store, **columns: object) -> None:
    """The same inside a transaction."""
    store.apply(_change(tuple(sorted(columns))), [{f"new_{name}": value for name, value in columns.items()}])


def _change(names: tuple[str, ...]) -> Statement:
    known = _CHANGES.get(names)
    if known is None:
        values = {name: bindparam(f"new_{name}", type_=BranchLink.__table__.c[name].type) for name in names}
        known = _CHANGES[names] = Statement(update(BranchLink).values(**values))
    return known


_CHANGES: dict[tuple[str, ...], Statement] = {}
