"""What a server does for a branch. Over HTTP and in the simulator it is this, and nothing else (design D13)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation, refuse, require
from cashier_app.domain.identifiers import key_of
from cashier_app.models.configuration import ConfigurationState
from cashier_app.models.journal import Node
from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.branches.booked import Booked, booked_before, booked_events
from cashier_app.services.branches.deliveries import decoded
from cashier_app.services.branches.directory import DirectoryPage, directory_of, directory_page
from cashier_app.services.branches.feed import heads, read_changes
from cashier_app.services.branches.kept_seals import SealCopy, latest_seals
from cashier_app.services.branches.receiving import command_for
from cashier_app.services.branches.reference import Reference, read_reference
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM

_STATE = Statement(
    select(
        Node.id, Node.sequence, Node.head, select(ConfigurationState.ledger).scalar_subquery().label("ledger")
    ).where(Node.id == bindparam("node_id"))
)
ALARMING = frozenset({"SYNC-003", "SYNC-004", "SYNC-005"})
"""Refusals after which somebody must look: the branch's journal is not what it should be."""
MOST_NEWS = 500
"""Things that changed, in one answer."""
MOST_ACCOUNTS = 1000
"""Accounts in one page of the directory."""
MOST_RETOLD = 2000
"""Events that are told again in one answer."""
_LONGEST_KEY = 19
_RETELLING = ":"
"""Stands in a cursor behind the event before which others are still to be told again, and before the cursor proper."""


class Caller(NamedTuple):
    """A branch that has proven who it is."""

    node_id: int
    access_groups: frozenset[str]


class ChainState(NamedTuple):
    """Up to where the server has a branch's chain."""

    ledger: str
    node_id: int
    sequence: int
    head: str
    """Hash of the last entry, hexadecimal; empty before the first."""


class News(NamedTuple):
    """What is new for a branch since a cursor."""

    cursor: str
    more: bool
    reset: bool
    """Everything must be fetched anew: the branch is new, or the server was restored from a backup."""
    reference: Reference | None
    """Control tables and users, where they changed."""
    accounts: DirectoryPage
    events: tuple[Booked, ...]
    """The branch's own events as they are booked now."""
    seals: tuple[SealCopy, ...]
    """Of the server's chains, where they were sealed: the branch keeps them."""
    state: ChainState
    """Where the branch's own chain stood when this was read: a server that was restored since may have forgotten it."""


@dataclass(frozen=True)
class BranchService:
    """The server's side of the line, behind one door."""

    door: Door

    def chain_state(self, caller: Caller) -> ChainState:
        """Where the server's copy of the branch's chain stands; refuses with SYNC-001."""
        with reading(self.door.database, access=EVERYTHING) as store:
            return _state(store, caller)

    def deliver(self, caller: Caller, raw: bytes) -> ChainState:
        """Take over a run of the branch's commands; the answer says where its chain stands then.

        Raises:
            RuleViolation: SYNC-002 for a gap, SYNC-003 … SYNC-005 for what cannot be the branch's (an entry on the work
                list tells of it), SYNC-007 where it was meant for another ledger.
        """
        body = decoded(raw)
        require(body.node_id == caller.node_id, "SYNC-005", "A branch delivers its own journal only.")
        state = self.chain_state(caller)
        if body.ledger != state.ledger:
            refuse("SYNC-007", "This delivery is meant for another ledger; enrol the branch here first.")
        command, command_id = command_for(body)
        try:
            self.door.execute(command, user_id=SYSTEM.id, command_id=command_id, attachment=body)
        except RuleViolation as refusal:
            if ALARMING & set(refusal.codes):
                alarm = RaiseAlarm(node_id=caller.node_id, code=refusal.codes[0], text=refusal.problems[0].sentence)
                self.door.execute(alarm, user_id=SYSTEM.id, command_id=self._alarm_id(alarm, command_id))
            raise
        return self.chain_state(caller)

    def _alarm_id(self, alarm: RaiseAlarm, delivery: str) -> str:
        """One alarm a day for the same delivery, however often it is sent."""
        name = f"alarm {delivery} {alarm.text} {self.door.clock.business_date()}"
        return hashlib.sha256(name.encode()).hexdigest()[:32]

    def news(self, caller: Caller, cursor: str) -> News:
        """What changed for the branch after the cursor; without one, where to begin."""
        with reading(self.door.database, access=EVERYTHING) as store:
            config = self.door.current_config(store)
            if not cursor:
                return self._anew(store, heads(store), caller)
            before, _, cursor = cursor.rpartition(_RETELLING)
            if before:
                retold, cursor = self._retold(store, caller, _key(before), cursor)
                return News(cursor, True, False, None, DirectoryPage(()), retold, (), _state(store, caller))
            found = read_changes(store, cursor, MOST_NEWS)
            if found.reset:
                return self._anew(store, found.cursor, caller)
            kinds = {change.kind for change in found.changes}
            accounts = [change.key for change in found.changes if change.kind == "account"]
            events = [change.key for change in found.changes if change.kind == "event"]
            return News(
                found.cursor,
                found.more,
                False,
                read_reference(store) if kinds & {"configuration", "user"} else None,
                directory_of(store, config, caller.access_groups, accounts) if accounts else DirectoryPage(()),
                booked_events(store, events, caller.node_id),
                latest_seals(store) if "seal" in kinds else (),
                _state(store, caller),
            )

    @classmethod
    def _anew(cls, store: Store, cursor: str, caller: Caller) -> News:
        """Everything is to be fetched again from here."""
        events, cursor = cls._retold(store, caller, key_of(caller.node_id + 1, 0), cursor)
        reference, state = read_reference(store), _state(store, caller)
        return News(cursor, False, True, reference, DirectoryPage(()), events, latest_seals(store), state)

    @staticmethod
    def _retold(store: Store, caller: Caller, before: int, cursor: str) -> tuple[tuple[Booked, ...], str]:
        """Some of the branch's events before a key, and a cursor that says where the others are to be told again."""
        last = min(before, key_of(caller.node_id + 1, 0))
        events = booked_before(store, caller.node_id, last, MOST_RETOLD)
        is_all = len(events) < MOST_RETOLD
        return events, cursor if is_all else f"{events[0].event_id}{_RETELLING}{cursor}"

    def directory(self, caller: Caller, after: int) -> DirectoryPage:
        """The next accounts of the branch's directory after a key."""
        with reading(self.door.database, access=EVERYTHING) as store:
            config = self.door.current_config(store)
            return directory_page(store, config, caller.access_groups, after, MOST_ACCOUNTS)


def _state(store: Store, caller: Caller) -> ChainState:
    row = store.one(_STATE, ("SYNC-001", "The server knows no such branch."), node_id=caller.node_id)
    return ChainState(row.ledger, row.id, row.sequence, bytes(row.head).hex() if row.sequence else "")


def _key(text: str) -> int:
    is_key = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY
    require(is_key, "FEED-001", "Send the cursor as it came with the last answer.", "cursor")
    return int(text)
