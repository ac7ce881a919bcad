"""The screens' way to the ledger: commands, previews and queries in the worker thread, changes back to the window.

Nothing of the ledger is imported here: the sign-in window is painted before SQLAlchemy is touched.

How a screen uses it, from a coroutine started with `tasks.start`::

    glance = await backend.query(account_at_a_glance, account_id)     # fn(store, config, *arguments)
    drawer = await backend.query(my_drawer, user_id=backend.user.id)
    shown = (await backend.preview(command)).result                   # the real command, taken back
    outcome = await backend.execute(command, command_id=self._command_id, words="Take 125.35 USD")
    outcome.result, outcome.warnings, outcome.changes, outcome.repeated

All of them raise what the door raises: RuleViolation (problems beside fields), NeedsConfirmation (ask, then send again
with `confirmed=` the codes and the SAME command id), StaleData, EnvironmentProblem. A refusal that asks for a second
person has the code SEC-010: ask `SecondPerson`, send again with `approval=(login, password, code)` and the SAME id.

A form makes its id with `new_command_id()` when it opens, and a new one only after success.

Screens refresh by changes: `backend.changed.connect(self._on_changes)` gets a frozenset of `Change(kind, key)`; ask
`touches(changes, "event", "tender_control")` or `touches(changes, "account", key=account_id)`. What other windows and
drawers write arrives the same way within a second (decision 20), and in `backend.others` before; what is too much to
name comes as `OTHERS`, which touches everything.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from cashier_app.domain.errors import CashierError, EnvironmentProblem, StaleData
from cashier_app.ui.following import Following
from cashier_app.ui.tasks import Tasks
from cashier_app.ui.under_way import UnderWay, UnderWayFolder
from cashier_app.ui.view_models.observable import Signal

if TYPE_CHECKING:
    from cashier_app.domain.clock import Clock
    from cashier_app.services.administration.branch_link import LinkFacts
    from cashier_app.services.branches.exchange import Exchange
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.database import Database
    from cashier_app.services.kernel.door import Door, Outcome
    from cashier_app.services.kernel.freshness import Seen
    from cashier_app.services.kernel.store import Store
    from cashier_app.services.kernel.work import Actor
    from cashier_app.services.queries.window import Taken
    from cashier_app.services.to_do.mail_password import MailPassword
    from cashier_app.ui.branch_line import BranchLine

P = ParamSpec("P")
T = TypeVar("T")

OTHERS = ("*", 0)
"""The change that stands for more than is named one by one."""
UNKNOWN_OUTCOME = frozenset({"DB-UNKNOWN"})


def new_command_id() -> str:
    """A new id for a form that opens: 128 random bits as 32 hexadecimal digits."""
    return uuid.uuid4().hex


def touches(changes: Iterable[tuple[str, int]], *kinds: str, key: int | None = None) -> bool:
    """Whether something of these kinds changed: account, event, tender_control, deposit_control, configuration, user.

    With `key`, only that one thing. `OTHERS` touches everything.
    """
    return any(kind == OTHERS[0] or (kind in kinds and key in (None, at)) for kind, at in changes)


class Backend:
    """One open ledger for one window. Everything that waits is awaited; nothing here blocks the window."""

    def __init__(
        self,
        tasks: Tasks,
        *,
        database: str,
        node: str,
        state: Path,
        clock: Clock | None = None,
        open_exchange: Callable[[], Exchange] | None = None,
        mail_password: MailPassword | None = None,
    ) -> None:
        """`database` is a URL or path, opened by `open`; `open_exchange` gives a branch another line than over HTTP."""
        self.tasks = tasks
        self.database_url = database
        self.node = node
        self.state = state
        self.mail_password = mail_password
        self.changed = Signal()
        """Emitted in the window's thread with a frozenset of changes, ours and others'."""
        self.others = Signal()
        """Emitted before `changed` with what somebody else changed."""
        self.user: Actor | None = None
        """Who signed in: id, login, name, rights, tender_sources, `may(right)`."""
        self.line: BranchLine | None = None
        """The line to the server, where this is a branch; known once the ledger is open."""
        self._clock = clock
        self._other_line = open_exchange
        self._door: Door | None = None
        self._following = Following()
        self._looking = False
        self._under_way = UnderWayFolder(state)
        self._at_the_server: frozenset[str] = frozenset()
        self._here: frozenset[str] = frozenset()

    # -- opening and signing in

    @property
    def is_open(self) -> bool:
        """Whether the ledger is open."""
        return self._door is not None

    @property
    def business_date(self) -> date:
        """The day under which the next command is booked."""
        return self.door.clock.business_date()

    @property
    def now(self) -> datetime:
        """The instant, in UTC, as the ledger's clock has it."""
        return self.door.clock.now()

    @property
    def door(self) -> Door:
        """The open door. Only for functions that run in the worker thread."""
        assert self._door is not None, "the ledger is open"
        return self._door

    def may(self, right: str) -> bool:
        """Whether who is signed in holds a right that serves something here: at a branch some need the server."""
        return self.user is not None and self.user.may(right) and not (self.line and right in self._at_the_server)

    def offers(self, command: str) -> bool:
        """Whether a command is executed here; at a branch those that need the ledger are not."""
        return self.line is None or command in self._here

    async def open(self) -> None:
        """Open the ledger; raises EnvironmentProblem (DB-MISSING, DB-OLD, DB-AWAY …) when it cannot be."""
        await self.tasks.in_database(self._open)

    async def close(self) -> None:
        """Close the ledger."""
        await self.tasks.in_database(self.close_now)

    def close_now(self) -> None:
        """Close the ledger from the thread that owns it, or when no thread runs any more."""
        self._under_way.close()
        if self.line is not None:
            self.line.close()
        if self._door is not None:
            self._door.database.close()
            self._door = None

    async def sign_in(self, login: str, password: str, code: str = "") -> Actor:
        """Let somebody in; refuses with SEC-020 … SEC-022, SEC-050 … SEC-052. From then on commands are theirs."""
        from cashier_app.services.administration.signing_in import sign_in  # noqa: PLC0415

        self.user = await self.tasks.in_database(lambda: sign_in(self.door, login, password, code))
        return self.user

    async def unlock(self, password: str) -> None:
        """Check the password of who is signed in; rights are read again."""
        assert self.user is not None, "somebody is signed in"
        from cashier_app.services.administration.signing_in import come_back  # noqa: PLC0415

        login = self.user.login
        self.user = await self.tasks.in_database(lambda: come_back(self.door, login, password))

    def sign_out(self) -> None:
        """From now on nobody may send commands."""
        self.user = None

    # -- commands and queries

    async def execute(
        self,
        command: Any,
        *,
        command_id: str | None = None,
        approval: tuple[str, ...] | None = None,
        confirmed: Iterable[str] = (),
        words: str = "",
        seen: Seen | None = None,
    ) -> Outcome:
        """Send a command, exactly once per id. It is on disk before it is sent, and off it when its outcome is known.

        `approval` is the second person's login, password and code; `words` say after a crash what was being done;
        `seen` is what was shown to whom decides (see `seen`).
        """
        actor = self._who()
        note = UnderWay(
            command_id=command_id or new_command_id(),
            name=type(command).__name__,
            user_id=actor.id,
            login=actor.login,
            ledger=self.database_url,
            at=datetime.now(UTC).isoformat(),
            words=words,
            confirmed=tuple(confirmed),
        )
        return await self._send(command, note, approval, seen)

    def seen(self, cursor: str, *things: tuple[str, int]) -> Seen:
        """What a screen showed, to send with a command: others must not have changed it since (STALE-001).

        `cursor` comes with the answer of a `dated` query; what this window itself did is known to whom sits before it.
        """
        return self._following.seen(cursor, *things)

    async def preview(self, command: Any) -> Outcome:
        """What the command would do; nothing is kept, and warnings never stop it."""
        return await self.tasks.in_database(lambda: self.door.preview(command, user_id=self._who().id))

    async def query(
        self, function: Callable[Concatenate[Store, Configuration, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Read: `function(store, config, …)` over one consistent picture of what the user may see of the ledger."""
        return await self.tasks.in_database(lambda: self._read(function, *args, **kwargs))

    async def look(self) -> None:
        """See whether others wrote something, and tell the screens; called every second by the program."""
        if self._looking or not self.is_open:
            return
        self._looking = True
        try:
            changes = await self.tasks.in_database(self._news)
            if changes:
                self.others.emit(changes)
                self.changed.emit(changes)
        finally:
            self._looking = False

    # -- after a crash

    async def left_behind(self) -> list[tuple[UnderWay, Taken | None]]:
        """Commands whose outcome nobody saw, oldest first, each with the journal's word on it."""
        return await self.tasks.in_database(self._left_behind)

    async def send_again(self, command: UnderWay) -> Outcome:
        """Send what was left behind once more, as the same person and under the same id: it cannot count twice."""
        actor = self._who()
        assert actor.id == command.user_id, "only who took the money sends it again"
        rebuilt = await self.tasks.in_database(_rebuilt, command)
        return await self._send(rebuilt, command, None)

    async def settle(self, command: UnderWay) -> None:
        """The person has seen what became of it."""
        await self.tasks.in_database(self._under_way.forget, command.command_id)

    # -- in the worker thread

    def _open(self) -> None:
        from cashier_app.domain.clock import SystemClock  # noqa: PLC0415
        from cashier_app.services.kernel.database import Database  # noqa: PLC0415  # the sign-in window must not wait for it
        from cashier_app.services.kernel.door import Door  # noqa: PLC0415
        from cashier_app.services.queries.window import journal_heads  # noqa: PLC0415

        database = Database(self.database_url)
        try:
            link = self._branch_link(database)
            door = Door(database, self.node, self._clock or SystemClock())
            with door.looking(None) as (store, _config):
                self._following.begin(store)
                nodes = journal_heads(store)
            self._need_workstation(nodes)
        except BaseException:
            database.close()
            raise
        self._door = door  # here, so that what was asked for meanwhile finds it
        if link is not None:
            self._become_a_branch(link)

    def _branch_link(self, database: Database) -> LinkFacts | None:
        """Where a branch stands with its server; its workstation is the one of its invitation."""
        from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
        from cashier_app.services.administration.branch_link import link_of  # noqa: PLC0415
        from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

        with reading(database, access=EVERYTHING) as store:
            link = link_of(store)
        if link is not None:
            self.node = link.workstation
        return link

    def _become_a_branch(self, link: LinkFacts) -> None:
        from cashier_app.services.administration.branch_link import link_of  # noqa: PLC0415
        from cashier_app.services.kernel.commands import catalogue, rights_at_the_server  # noqa: PLC0415
        from cashier_app.ui.branch_line import BranchLine  # noqa: PLC0415

        self._at_the_server = rights_at_the_server()
        self._here = frozenset(handler.name for handler in catalogue().values() if handler.branch)
        self.line = BranchLine(
            self.tasks,
            link,
            now=self.door.clock.now,
            open_exchange=self._other_line or self._open_exchange,
            look=lambda: self.query(lambda store, _config: link_of(store)),
            tell=self.changed.emit,
        )

    def _open_exchange(self) -> Exchange:
        """In the line's thread, over a connection of its own."""
        from cashier_app.sync.enrolling import open_exchange  # noqa: PLC0415

        return open_exchange(self.database_url, self.door.clock)

    def _need_workstation(self, nodes: Iterable[str]) -> None:
        if self.node not in nodes:
            known = ", ".join(nodes) or "none"
            raise EnvironmentProblem(
                "NODE-001", f"This ledger knows no workstation {self.node}; it knows {known}. Register it first."
            )

    def _who(self) -> Actor:
        assert self.user is not None, "somebody is signed in"
        return self.user

    async def _send(
        self, command: Any, note: UnderWay, approval: tuple[str, ...] | None, seen: Seen | None = None
    ) -> Outcome:
        try:
            outcome = await self.tasks.in_database(self._execute, command, note, approval, seen)
        except StaleData:
            await self.look()  # now, so that who is told to look again sees it
            raise
        if outcome.changes:
            self.changed.emit(outcome.changes)
        if self.line is not None:
            self.line.sent_something()
        # Only once whoever asked was told: a crash in between is asked about at the next start (R reliability S3).
        self.tasks.start(self.settle(note))
        return outcome

    def _execute(self, command: Any, note: UnderWay, approval: tuple[str, ...] | None, seen: Seen | None) -> Outcome:
        from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415
        from cashier_app.services.kernel.door import Approval  # noqa: PLC0415

        self._write_down(replace(note, content=to_json(command)))
        try:
            outcome = self.door.execute(
                command,
                user_id=note.user_id,
                command_id=note.command_id,
                approval=Approval(*approval) if approval else None,
                confirmed=note.confirmed,
                seen=seen,
            )
        except CashierError as refusal:
            if UNKNOWN_OUTCOME.isdisjoint(problem.code for problem in refusal.problems):
                self._under_way.forget(note.command_id)
            raise
        self._following.did(outcome.journal_id)
        return outcome

    def _write_down(self, note: UnderWay) -> None:
        try:
            self._under_way.note(note)
        except OSError as problem:
            raise EnvironmentProblem(
                "DISK-001",
                "The program's own folder cannot be written. Nothing was taken; free some space and try again.",
            ) from problem

    def _read(
        self, function: Callable[Concatenate[Store, Configuration, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self.door.looking(self.user.id if self.user else None) as (store, config):
            return function(store, config, *args, **kwargs)

    def _news(self) -> frozenset[tuple[str, int]]:
        """What others changed since the last look; one short question where they did nothing."""
        from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
        from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

        with reading(self.door.database, access=EVERYTHING) as store:
            news = self._following.news(store)
        return frozenset({OTHERS}) if news is None else news

    def _left_behind(self) -> list[tuple[UnderWay, Taken | None]]:
        from cashier_app.services.queries.window import what_became_of  # noqa: PLC0415

        ours = [note for note in self._under_way.left_behind() if note.ledger == self.database_url]
        return [(note, self._read(what_became_of, note.command_id)) for note in ours]


def _rebuilt(note: UnderWay) -> Any:
    from cashier_app.services.kernel.codec import from_json  # noqa: PLC0415
    from cashier_app.services.kernel.commands import command_class  # noqa: PLC0415

    return from_json(note.content, command_class(note.name))
