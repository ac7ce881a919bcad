"""The line to the server in a branch's window: asked in the background, never waited for, its state always known.

Everything that may wait happens on a thread of its own over a connection of its own; a server that hangs costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from cashier_app.domain.errors import CashierError, RuleViolation
from cashier_app.ui.backend import OTHERS
from cashier_app.ui.tasks import Answer
from cashier_app.ui.view_models.observable import Signal

if TYPE_CHECKING:
    from cashier_app.services.administration.branch_link import LinkFacts
    from cashier_app.services.branches.exchange import Exchange, Step
    from cashier_app.ui.tasks import Running, Tasks

TELL_SECONDS: Final = 1.0
"""While much arrives, screens look again this often at most."""
MOST_TOLD: Final = 1000
"""From so many changes on, screens are told that everything may have changed."""
_OUT_OF_STEP: Final = "SYNC-002"


class Phase(Enum):
    """How the line stands."""

    CONNECTING = "CONNECTING"
    """Nothing is known yet since the program was started."""
    CONNECTED = "CONNECTED"
    OFFLINE = "OFFLINE"
    """No answer; it is tried again by itself."""
    REFUSED = "REFUSED"
    """The server, or this machine, says no: somebody must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """What is shown of the line."""

    phase: Phase
    link: LinkFacts
    now: datetime
    accounts: int = 0
    """Of the directory, so far, while it is being fetched."""
    problem: str = ""
    """Why no answer came, or what was refused."""
    trying: bool = False
    """Whether an answer is waited for because somebody asked for it."""

    @property
    def is_fetching(self) -> bool:
        """Whether the directory is not whole yet."""
        return self.link.directory_after is not None or not self.link.cursor

    @property
    def knows_people(self) -> bool:
        """Whether users and control tables have arrived: before that nobody can sign in."""
        return bool(self.link.cursor)


class _Looked(NamedTuple):
    """What a step came to, as the line's thread saw it."""

    step: Step | None
    problem: CashierError | None
    accounts: int


class BranchLine:
    """Runs a branch's exchange for as long as the window is open."""

    def __init__(
        self,
        tasks: Tasks,
        link: LinkFacts,
        *,
        now: Callable[[], datetime],
        open_exchange: Callable[[], Exchange],
        look: Callable[[], Awaitable[LinkFacts | None]],
        tell: Callable[[frozenset[tuple[str, int]]], None],
    ) -> None:
        """`look` reads where the branch stands, over the window's own connection; `tell` is given what changed."""
        from cashier_app.sync.pace import Pace  # noqa: PLC0415  # nothing of it before a branch is opened

        self.changed = Signal()
        """Emitted with the new `LineState`."""
        self.state = LineState(phase=Phase.CONNECTING, link=link, now=now())
        self._tasks, self._now, self._tell = tasks, now, tell
        self._open_exchange, self._look = open_exchange, look
        self._exchange: Exchange | None = None
        self._pace = Pace()
        self._running: Running | None = None
        self._woken: Answer[bool] = Answer()
        self._mistake = ""
        self._untold: set[tuple[str, int]] = set()
        self._told_at = 0.0
        self._counted_at = 0.0
        self._accounts = 0
        self._ended = False

    # -- for the window

    def start(self) -> None:
        """Exchange from now on, by itself."""
        if self._running is None:
            self._running = self._tasks.start(self._run())

    def pause(self) -> None:
        """Stop asking after the step that is under way, until `start`."""
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def sent_something(self) -> None:
        """A command was executed here: it goes out at once, unless the line is known to be down."""
        if self.state.phase in {Phase.CONNECTED, Phase.CONNECTING}:
            self._wake_up()

    def try_now(self) -> None:
        """Somebody does not want to wait."""
        self._pace.start_afresh()
        self._show(replace(self.state, trying=True))
        if self._running is None:
            self._tasks.start(self._step_alone())
        else:
            self._wake_up()

    async def refresh(self) -> None:
        """See how many commands wait, without asking the server."""
        link = await self._look()
        if link is not None:
            self._show(replace(self.state, link=link, now=self._now()))

    async def until_sent(self, seconds: float) -> bool:
        """Wait a moment for what was done here to arrive, while the line is up; whether it has."""
        await self.refresh()
        sequence = self.state.link.sequence
        ends = time.monotonic() + seconds
        while self.state.link.confirmed < sequence and self.state.phase is Phase.CONNECTED and _in_a_loop():
            if time.monotonic() > ends:
                break
            await asyncio.sleep(0.02)
        return self.state.link.confirmed >= sequence

    def hang_up(self) -> None:
        """The program ends: whatever waits for an answer stops waiting. What is unsent stays in the database."""
        self._ended = True
        if self._running is not None:
            self._running.cancel()
        hang_up = getattr(self._exchange.line, "hang_up", None) if self._exchange is not None else None
        if hang_up is not None:  # a line that never waits has nothing to hang up
            hang_up()

    def close(self) -> None:
        """Close the connection; from the line's thread, or when no thread runs any more."""
        self.hang_up()
        if self._exchange is not None:
            from cashier_app.sync.enrolling import close_exchange  # noqa: PLC0415

            close_exchange(self._exchange)
            self._exchange = None

    # -- the exchange

    async def step(self) -> float:
        """Do the next thing; returns after how many seconds the next is due."""
        looked = await self._tasks.in_line(self._step)
        link = await self._look()
        state = replace(self.state, link=link or self.state.link, now=self._now(), trying=False)
        if looked.step is not None:
            self._untold.update(looked.step.changes)
            self._show(replace(state, phase=Phase.CONNECTED, accounts=looked.accounts, problem=""))
            self._tell_sometimes(more=looked.step.more)
            return self._pace.after_success(more=looked.step.more)
        assert looked.problem is not None, "a step succeeds or does not"
        self._tell_sometimes(more=False)
        problem = looked.problem.problems[0]
        refused = isinstance(looked.problem, RuleViolation)
        if problem.code != _OUT_OF_STEP:
            phase = Phase.REFUSED if refused or not problem.code.startswith("LINE-") else Phase.OFFLINE
            self._show(replace(state, phase=phase, problem=problem.sentence))
        return self._pace.after_failure()

    async def _run(self) -> None:
        while not self._ended:
            self._woken = Answer()
            wait = await self._step_whatever_happens()
            if wait:
                if _in_a_loop():
                    asyncio.get_running_loop().call_later(wait, self._woken.give, True)
                await self._woken

    async def _step_whatever_happens(self) -> float:
        """A mistake of ours is reported once, and the line goes on."""
        try:
            return await self.step()
        except Exception as error:  # noqa: BLE001  # passed on to who reports mistakes
            if repr(error) != self._mistake:
                self._mistake = repr(error)
                self._tasks.start(_fail(error))
            return self._pace.after_failure()

    async def _step_alone(self) -> None:
        await self.step()

    def _step(self) -> _Looked:
        """In the line's thread."""
        try:
            if self._exchange is None:
                self._exchange = self._open_exchange()
            step = self._exchange.step()
            return _Looked(step, None, self._count(self._exchange, more=step.more))
        except CashierError as problem:
            return _Looked(None, problem, self._accounts)

    def _count(self, exchange: Exchange, *, more: bool) -> int:
        """Accounts of the directory that have arrived; counted now and then, for a million takes a while."""
        from cashier_app.services.queries.outbox import accounts_fetched  # noqa: PLC0415

        if not more or time.monotonic() - self._counted_at > TELL_SECONDS:
            self._accounts = accounts_fetched(exchange.database)
            self._counted_at = time.monotonic()
        return self._accounts

    def _tell_sometimes(self, *, more: bool) -> None:
        if not self._untold or (more and time.monotonic() - self._told_at < TELL_SECONDS):
            return
        changes = frozenset(self._untold) if len(self._untold) <= MOST_TOLD else frozenset({OTHERS})
        self._untold.clear()
        self._told_at = time.monotonic()
        self._tell(changes)

    def _wake_up(self) -> None:
        self._woken.give(answer=True)

    def _show(self, state: LineState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def _in_a_loop() -> bool:
    """Whether anything can be waited for: in pictures and tests everything happens at once."""
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        return True
    return False


async def _fail(error: Exception) -> None:
    raise error
