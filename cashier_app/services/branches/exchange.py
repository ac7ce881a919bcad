"""The branch's side of the exchange: unsent commands go out in order, changes come in, one step at a time.

A step is one request at most. It may be broken off anywhere and done again: what was sent and not confirmed is sent
once more, and the server counts it once (R reliability S4).

A window and a program without one may exchange for the same branch at once. An answer is taken up whole, in one
transaction, and only while the branch stands where it stood when it asked: an older one undoes nothing newer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem, RuleViolation, refuse
from cashier_app.services.administration.branch_link import LinkFacts, change_link, hash_at, link_of, note
from cashier_app.services.branches.booked import keep_booked
from cashier_app.services.branches.deliveries import encoded, gather
from cashier_app.services.branches.directory import DirectoryPage
from cashier_app.services.branches.directory_copy import write_page
from cashier_app.services.branches.kept_seals import keep_seals
from cashier_app.services.branches.reference import write_reference
from cashier_app.services.branches.service import ChainState, News
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Change
from cashier_app.services.kernel.writing import writing

MOST_ENTRIES = 500
"""Commands in one delivery."""
GAP = "SYNC-002"
FORKED = "SYNC-003"
BEHIND = "SYNC-008"


class LineDown(EnvironmentProblem):
    """The server did not answer: nothing is known of what it did."""

    def __init__(self, sentence: str = "The server does not answer.") -> None:
        super().__init__("LINE-001", sentence)


class _Overtaken(Exception):  # noqa: N818  # what happened
    """Another exchange of this branch has moved on since the question was asked."""


class Line(Protocol):
    """The way to the server. Every method raises LineDown when no answer came, RuleViolation when it refused."""

    def state(self) -> ChainState:
        """Up to where the server has this branch's chain."""

    def deliver(self, raw: bytes) -> ChainState:
        """Send a run of commands."""

    def news(self, cursor: str) -> News:
        """Ask what changed."""

    def directory(self, after: int) -> DirectoryPage:
        """Ask for the next accounts."""


class Did(StrEnum):
    """What a step was about."""

    COMPARED = "COMPARED"
    SENT = "SENT"
    FETCHED = "FETCHED"
    LOOKED = "LOOKED"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step came to."""

    did: Did
    more: bool
    """Whether there is more to do at once."""
    changes: frozenset[Change] = frozenset()
    """What screens should look at again."""


class Exchange:
    """Sends and fetches for one branch, over its own connection to the branch's database."""

    def __init__(self, database: Database, line: Line, clock: Clock) -> None:
        self.database = database
        self.line = line
        self.clock = clock
        self._compared = False
        """Whether the server was asked where it stands since the line last failed."""

    def step(self) -> Step:
        """Do the next thing that is to be done.

        Raises:
            LineDown: No answer; the same step is to be done again later.
            RuleViolation: The server refused. The refusal stands in the link as its alarm until a step succeeds.
        """
        link = self._link()
        try:
            step = self._next(link)
        except _Overtaken:
            self._compared = False
            return Step(Did.COMPARED, more=True)
        except LineDown:
            self._compared = False
            raise
        except RuleViolation as refusal:
            self._compared = False
            if refusal.codes[0] == GAP:  # the next step asks where the server stands
                return Step(Did.COMPARED, more=True)
            note(self.database, alarm=f"{refusal.codes[0]}: {refusal.problems[0].sentence}")
            raise
        note(self.database, contact_at=self.clock.now(), alarm="")
        return step

    def _link(self) -> LinkFacts:
        with reading(self.database, access=EVERYTHING) as store:
            link = link_of(store)
        if link is None:
            refuse("BR-007", "This database belongs to no branch; enrol the workstation first.")
        return link

    def _next(self, link: LinkFacts) -> Step:
        if not self._compared:
            self._take_stand(link, self.line.state())
            self._compared = True
            return Step(Did.COMPARED, more=True)
        if not link.cursor:  # before anything is sent, lest what the server makes of it be missed
            return self._look(link)
        if link.unsent:
            return self._send(link)
        if link.directory_after is not None:
            return self._fetch(link, link.directory_after)
        return self._look(link)

    # -- out

    def _send(self, link: LinkFacts) -> Step:
        with reading(self.database, access=EVERYTHING) as store:
            body = gather(store, link.server_id, link.node_id, link.confirmed, MOST_ENTRIES)
        self._take_stand(link, self.line.deliver(encoded(body)))
        return Step(Did.SENT, more=True)

    def _take_stand(self, link: LinkFacts, state: ChainState) -> None:
        """Believe the server's word on how far it is, if its last entry is ours (R reliability P10, T6)."""
        if (state.ledger, state.node_id) != (link.server_id, link.node_id):
            refuse(
                "SYNC-007", "Another ledger answers at the server's address. Nothing was sent; ask an administrator."
            )
        with writing(self.database) as store:
            now = link_of(store) or link
            self._need_our_own(store, now, state)
            if state.sequence < link.confirmed:
                if now.confirmed != link.confirmed:
                    raise _Overtaken
                # An older backup was restored there: what it has forgotten is sent again, and everything is asked for
                # anew.
                change_link(store, confirmed=state.sequence, cursor="", directory_after=0)
            elif state.sequence > now.confirmed:
                change_link(store, confirmed=state.sequence)

    @staticmethod
    def _need_our_own(store: Store, link: LinkFacts, state: ChainState) -> None:
        """Refuse with SYNC-008 or SYNC-003 unless the server's last entry is one of ours."""
        if state.sequence > link.sequence:
            refuse(
                BEHIND,
                f"The server has {state.sequence} commands of this workstation, its own file only {link.sequence}: an "
                "old copy was put in its place. Take no money here; ask an administrator.",
            )
        if hash_at(store, link.node_id, state.sequence).hex() != state.head:
            refuse(
                FORKED,
                f"Command {state.sequence} of this workstation is not the one that the server has. Nothing more is "
                "sent; an administrator compares both journals.",
            )

    # -- in

    @contextlib.contextmanager
    def _taking_up(self, link: LinkFacts) -> Iterator[Store]:
        """A transaction for the answer to a question that was asked when the branch stood so."""
        with writing(self.database) as store:
            now = link_of(store)
            if now is None or (now.cursor, now.directory_after) != (link.cursor, link.directory_after):
                raise _Overtaken
            yield store

    def _fetch(self, link: LinkFacts, after: int) -> Step:
        page = self.line.directory(after)
        with self._taking_up(link) as store:
            changed = write_page(store, page)
        return Step(Did.FETCHED, more=True, changes=_changes("account", changed))

    def _look(self, link: LinkFacts) -> Step:
        news = self.line.news(link.cursor)
        # Restored since the last answer, a server may know the cursor and have forgotten what was sent after it.
        self._take_stand(link, news.state)
        changes: set[Change] = set()
        with self._taking_up(link) as store:
            if news.reference is not None:
                write_reference(store, news.reference)
                changes |= {Change("configuration", 0), Change("user", 0)}
            if news.accounts.accounts or news.accounts.gone:
                changes |= _changes("account", write_page(store, news.accounts))
            keep_booked(store, news.events)
            keep_seals(store, news.seals)
            change_link(store, cursor=news.cursor)
            if news.reset:
                change_link(store, directory_after=0)
        changes |= _changes("event", [event.event_id for event in news.events])
        if news.reset:
            self._compared = False  # a server that was restored has forgotten commands as well
        return Step(Did.LOOKED, more=news.more or news.reset, changes=frozenset(changes))


def _changes(kind: str, keys: Iterable[int]) -> frozenset[Change]:
    return frozenset(Change(kind, key) for key in keys)
