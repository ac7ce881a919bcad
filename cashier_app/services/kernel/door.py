"""The one door: every change of state comes in here, once, or not at all (design D1).

`execute` checks the right, returns the first result when the same command id comes again, runs the
handler in one transaction, writes the journal entry with its hash, commits, then tells the screens
what changed. `preview` does the same and takes everything back.
"""

from __future__ import annotations

import contextlib
import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from cashier_app.domain.access import EVERYTHING, OPEN_ONLY
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem, Problem, RuleViolation, refuse
from cashier_app.domain.identifiers import key_of
from cashier_app.models.configuration import ConfigurationState
from cashier_app.models.journal import JournalEntry, JournalShape, Node
from cashier_app.services.administration import signing_in, users
from cashier_app.services.administration.second_factors import use_up
from cashier_app.services.kernel import configuration, elsewhere
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.commands import Handler, handler_of
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.database import Database, SerializationConflict
from cashier_app.services.kernel.disk_space import DiskWatch
from cashier_app.services.kernel.freshness import Seen, require_fresh
from cashier_app.services.kernel.journaling import write_entry
from cashier_app.services.kernel.last_resort import as_refusal, content_of
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM, Actor, Change, Work, require_somebody_else

PATIENCE = 30.0
"""Seconds for which a command is tried again when others get in between (R reliability D6)."""

FEW_TIMES = 3
"""How often a row that exists already is taken for somebody else's in the same moment."""

_ALONE_AFTER = 4
"""So often a command gives way to others; then they wait for it, or a long one would never come to its end."""

_STATE = Statement(
    # The node, and what the same command gave before, in one question.
    select(
        Node.id,
        Node.last_key,
        Node.sequence,
        Node.head,
        select(ConfigurationState.version).scalar_subquery().label("version"),
        JournalEntry.name,
        JournalEntry.content,
        JournalEntry.result,
        JournalEntry.id.label("journal_id"),
    )
    .join(JournalEntry, JournalEntry.command_id == bindparam("command_id"), isouter=True)
    .where(Node.name == bindparam("name"))
    .with_for_update(of=Node)
)
_KNOWN = Statement(select(JournalEntry.id).where(JournalEntry.command_id == bindparam("command_id")))
_SHAPES = Statement(select(JournalShape.id))


_TOUCH = Statement(update(Node).where(Node.id == bindparam("node")).values(last_key=Node.last_key))
_BY_INDEX = "SET LOCAL enable_seqscan = off"
"""Whoever reads a small table whole gets in the way of everybody who changes a row of it, though they share nothing."""
_BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN ISOLATION LEVEL SERIALIZABLE"}
# Every command asks for its node's row first. Taken before the transaction has its picture of the ledger.
_ALONE = "LOCK TABLE node IN EXCLUSIVE MODE"


@dataclass(frozen=True, slots=True)
class Approval:
    """The second person's own authentication, for one command."""

    login: str
    password: str
    code: str = ""
    """One-time code, where the person has a second factor; it counts for this command only."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command."""

    result: Any
    warnings: tuple[Problem, ...] = ()
    changes: frozenset[Change] = frozenset()
    repeated: bool = False
    """True when the command had been executed before and this is its first result."""
    journal_id: int = 0


class _Request(NamedTuple):
    """A command on its way in."""

    command: Any
    handler: Handler
    user_id: int
    command_id: str
    approver: signing_in.Known | None = None
    confirmed: frozenset[str] = frozenset()
    attachment: Any = None
    preview: bool = False
    seen: Seen | None = None


@dataclass
class Door:
    """The door of one workstation or worker, over one database connection.

    Raises RuleViolation when a command is refused (nothing has changed then), EnvironmentProblem when the
    database does not obey (nothing has been taken then, or the outcome is learned by sending the
    command again).
    """

    database: Database
    node_name: str
    clock: Clock
    listeners: list[Callable[[frozenset[Change]], None]] = field(default_factory=list)
    _config: Configuration | None = None
    _actors: dict[int, Actor] = field(default_factory=dict)
    _suspect: bool = False

    def __post_init__(self) -> None:
        self._disk = DiskWatch(self.database)

    def execute(
        self,
        command: Any,
        *,
        user_id: int,
        command_id: str | None = None,
        approval: Approval | None = None,
        confirmed: Iterable[str] = (),
        attachment: Any = None,
        seen: Seen | None = None,
    ) -> Outcome:
        """Execute a command for a user, exactly once per command id.

        An attachment is what the command speaks of but does not hold: the rows of a file, say. The journal keeps what
        became of it, not the attachment itself; the command names it by a digest.

        `seen` is what the user saw when they decided: where somebody else has changed it since, the command is refused
        as stale (STALE-001, decision 20). What was done already under the same id is answered all the same.
        """
        request = _Request(
            command=command,
            handler=handler_of(command),
            user_id=user_id,
            command_id=command_id or uuid.uuid4().hex,
            approver=self._approver(approval, command_id) if approval else None,
            confirmed=frozenset(confirmed),
            attachment=attachment,
            seen=seen,
        )
        low = self._disk.look()
        outcome = self._patiently(request)
        if outcome.changes:
            for listener in self.listeners:
                listener(outcome.changes)
        return replace(outcome, warnings=(*outcome.warnings, low)) if low else outcome

    def preview(self, command: Any, *, user_id: int) -> Outcome:
        """What the command would do, from the same code; nothing is kept."""
        return self._patiently(_Request(command, handler_of(command), user_id, uuid.uuid4().hex, preview=True))

    def _approver(self, approval: Approval, command_id: str | None) -> signing_in.Known | None:
        """Who signs; nobody for a command that was taken already, whose code would have been used up by itself."""
        if approval.code and command_id:
            with reading(self.database, access=EVERYTHING) as store:
                if store.first(_KNOWN, command_id=command_id) is not None:
                    return None
        return signing_in.approver(self, approval)

    def _patiently(self, request: _Request) -> Outcome:
        deadline = time.monotonic() + PATIENCE
        attempt = 0
        while True:
            try:
                with self.database.lock:
                    return self._once(request, alone=attempt >= _ALONE_AFTER)
            except SerializationConflict as conflict:
                if conflict.perhaps_hopeless and attempt == FEW_TIMES and conflict.__cause__ is not None:
                    raise as_refusal(conflict.__cause__, self.database.driver) or conflict from conflict
                if time.monotonic() > deadline:
                    raise EnvironmentProblem(
                        "DB-BUSY", "Others change the same things all the time. Nothing was taken; try again."
                    ) from conflict
                attempt += 1
                time.sleep(random.uniform(0, min(0.001 * 2**attempt, 0.25)))  # noqa: S311  # spreading, not secrecy

    def _once(self, request: _Request, *, alone: bool) -> Outcome:
        store = self._begin(alone=alone)
        try:
            with self.database.translated():  # also what goes wrong while rows are fetched
                outcome = self._in_transaction(request, store)
        except BaseException as problem:
            self._give_up(problem)
            refusal = as_refusal(problem, self.database.driver)
            if refusal:
                raise refusal from problem
            raise
        if not request.preview and any(change.kind in {"configuration", "user"} for change in outcome.changes):
            self._config = None
        return outcome

    def _in_transaction(self, request: _Request, store: Store) -> Outcome:
        """What the module's first lines promise, from the first read to the commit."""
        handler = request.handler
        node = store.first(_STATE, name=self.node_name, command_id=request.command_id)
        if node is None:
            refuse("NODE-001", f"This database knows no workstation {self.node_name!r}. Run `cashier init` first.")
        content = content_of(request.command)
        if node.journal_id is not None:
            outcome = _first_outcome(handler, content, node)
            # Told only once it is on the disk for certain: a commit, even of nothing new, syncs all before it.
            store.apply(_TOUCH, [{"node": node.id}])
            self._end(store, commit=True)
            return outcome
        self._refresh(store, node.version)
        if (node.version or 0) < 0 and not request.preview:
            configuration.refuse_writing(store)
        if self.config.is_branch and not handler.branch:
            refuse("BR-001", f"{handler.name} is done at the server; this branch takes money and keeps its drawers.")
        user = self.actor(request.user_id, store)
        _check_right(user, handler)
        if request.approver is not None:
            require_somebody_else(user, request.approver.actor)
        if request.seen is not None:
            require_fresh(store, request.seen, self.clock.now())
        work = Work(
            store=store,
            config=self.config,
            user=user,
            approver=request.approver.actor if request.approver else None,
            node=node.id,
            business_date=self.clock.business_date(),
            instant=self.clock.now(),
            journal_id=key_of(node.id, node.sequence + 1),
            last_key=node.last_key,
            confirmed=request.confirmed,
            attachment=request.attachment,
            preview=request.preview,
            node_name=self.node_name,
        )
        if request.approver is not None:
            use_up(work, request.approver.shown)
        result = handler.execute(request.command, work)
        elsewhere.keep_out(work, node.last_key)
        if request.preview:
            self._end(store, commit=False)
        else:
            write_entry(work, node, handler.name, request.command_id, content, to_json(result))
            self._commit(store, request.command_id)
        return Outcome(result, tuple(work.warnings), frozenset(work.changes), journal_id=work.journal_id)

    def _begin(self, *, alone: bool) -> Store:
        if self._suspect:
            self._reopen()
        database = self.database
        try:
            with database.translated():
                store = Store(database, database.connection.cursor(), EVERYTHING)
                store.execute(_BEGIN[database.dialect])
                if database.dialect == "postgresql":
                    store.execute(_BY_INDEX)
                    if alone:
                        store.execute(_ALONE)
        except EnvironmentProblem:
            self._suspect = True
            raise
        return store

    def _commit(self, store: Store, command_id: str) -> None:
        """Commit; when the answer is lost, look whether it was done (R reliability P3).

        A commit that failed on a sync may be there after the file is opened again.
        """
        try:
            self._end(store, commit=True)
        except EnvironmentProblem as problem:
            self._suspect = True
            try:
                self._reopen()
                known = self._was_taken(command_id)
            except EnvironmentProblem as unknown:
                raise EnvironmentProblem(
                    "DB-UNKNOWN",
                    "Whether this was taken is not known. Do not enter it again: send the same once more when the "
                    "database is back.",
                ) from unknown
            if not known:
                raise problem from None

    def _was_taken(self, command_id: str) -> bool:
        """Whether the journal has a command, asked once nothing that began before can still commit.

        Where the line to PostgreSQL broke, the server may be at work on the commit behind it.
        """
        if self.database.dialect == "sqlite":
            with reading(self.database, access=EVERYTHING) as reader:
                return reader.first(_KNOWN, command_id=command_id) is not None
        store = self._begin(alone=True)
        known = store.first(_KNOWN, command_id=command_id)
        self._end(store, commit=False)
        return known is not None

    def _end(self, store: Store, *, commit: bool) -> None:
        if commit:
            if self.database.dialect == "postgresql":
                store.execute("COMMIT")
                store.flush()
            else:
                with self.database.translated():
                    store.cursor.execute("COMMIT")
            self.database.shapes |= store.new_shapes
        else:
            with self.database.translated():
                store.cursor.execute("ROLLBACK")

    def _give_up(self, problem: BaseException) -> None:
        """Undo; after an error of disk or line, look twice before the next write (R reliability D10)."""
        if isinstance(problem, EnvironmentProblem) and problem.code in {"DB-IO", "DB-DAMAGED", "DB-AWAY", "DB-FULL"}:
            self._suspect = True
        if self.database.connection is None:
            return
        try:
            self.database.roll_back()
        except self.database.driver.Error:
            if self.database.dialect == "postgresql" or self._suspect:
                self._suspect = True

    def _reopen(self) -> None:
        self.database.reopen()
        self._suspect = False
        self._config = None

    def _refresh(self, store: Store, version: int | None) -> None:
        if self._config is None or self._config.version != version:
            self._config = configuration.read(store)
            self._actors = {}
            self.database.shapes = {row.id for row in store.all(_SHAPES)}

    def current_config(self, store: Store) -> Configuration:
        """The configuration as the database has it now."""
        self._refresh(store, store.value(configuration.VERSION))
        return self.config

    @property
    def config(self) -> Configuration:
        """The configuration that the last command saw."""
        assert self._config is not None
        return self._config

    @contextlib.contextmanager
    def looking(self, user_id: int | None) -> Iterator[tuple[Store, Configuration]]:
        """One consistent picture of the ledger for a user's eyes: queries through it keep back what is not for them.

        For nobody it is that of a user without any data access role.
        """
        with reading(self.database, access=OPEN_ONLY) as store:
            config = self.current_config(store)
            if user_id is not None:
                store.access = self.actor(user_id, store).access
            yield store, config

    def actor(self, user_id: int, store: Store) -> Actor:
        """A user with all rights, as the last change of rights left them."""
        if user_id == SYSTEM.id:
            return SYSTEM
        known = self._actors.get(user_id)
        if known is None:
            known = self._actors[user_id] = users.read_actor(store, self.config, user_id)
        return known


def _first_outcome(handler: Handler, content: str, known: Any) -> Outcome:
    if (known.name, known.content) != (handler.name, content):
        refuse("CMD-002", "This command id was already used for something else; use a new one.")
    return Outcome(from_json(known.result, handler.result), repeated=True, journal_id=known.journal_id)


def _check_right(user: Actor, handler: Handler) -> None:
    if not user.active:
        refuse("SEC-002", f"User {user.login} is disabled. Ask an administrator.")
    if not user.may(handler.right):
        refuse("SEC-003", f"You may not use {handler.name}. Ask somebody with the right {handler.right!r}.")


__all__ = ["Approval", "Door", "Outcome", "RuleViolation"]
