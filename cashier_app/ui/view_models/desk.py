"""What every back-office screen is given: the ledger, who is asked, where to go, where to say what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from cashier_app.domain.errors import CashierError
from cashier_app.ui.backend import Backend, touches
from cashier_app.ui.view_models.commanding import Asking, Sending
from cashier_app.ui.view_models.observable import Observable, Signal

if TYPE_CHECKING:
    from cashier_app.services.kernel.freshness import Seen

T = TypeVar("T")


Say = Callable[..., None]
"""`say(text, tone)`: the quiet line at the foot of the window."""


class Go:
    """Where somebody wants to go. Screens emit; the window listens."""

    def __init__(self) -> None:
        self.account = Signal()
        """Control central of an account: its key."""
        self.event = Signal()
        """A payment event: its key."""
        self.pay = Signal()
        """The counter with an account: its key."""
        self.explain = Signal()
        """The panel about a figure: its address."""
        self.search = Signal()
        """The scan field."""
        self.area = Signal()
        """A place of the rail: its id."""
        self.run = Signal()
        """A batch run: its id."""


def _silence(_text: str, _tone: str = "neutral") -> None:
    return None


@dataclass(frozen=True)
class Desk:
    """One user's place at one window."""

    backend: Backend
    asking: Asking
    go: Go = field(default_factory=Go)
    say: Say = _silence
    printer: str = ""
    """Address of this till's receipt printer, as in the settings."""

    def may(self, right: str) -> bool:
        """Whether who is signed in holds a right that serves something here."""
        return self.backend.may(right)

    @property
    def is_at_a_branch(self) -> bool:
        """Whether payments are recorded here, and distributed and booked at the server."""
        return self.backend.line is not None

    def sending(self) -> Sending:
        """The way of one form's commands."""
        return Sending(self.backend, self.asking)


class Screen(Observable):
    """A screen's knowledge of the ledger: asks, forgets answers to older questions, and looks again after changes."""

    def __init__(self, desk: Desk, *touched_by: str) -> None:
        """`touched_by` are the kinds of changes after which `refresh` is called, while the screen is in view."""
        super().__init__()
        self.desk = desk
        self.loading = False
        self.problem = ""
        """Why the last question was not answered."""
        self._touched_by = touched_by
        self._questions: dict[str, int] = {}
        self._in_view = False
        self._stale = True
        self.shown_at = ""
        """Where the ledger stood when what is shown was read, on screens where somebody decides."""
        self._decided_at = ""
        desk.backend.changed.connect(self._on_changes)

    def enter(self) -> None:
        """The screen is shown."""
        self._in_view = True
        if self._stale:
            self._stale = False
            self.refresh()

    def leave(self) -> None:
        """The screen is left; changes meanwhile wait until it is shown again."""
        self._in_view = False

    def refresh(self) -> None:
        """Look again at the ledger."""
        raise NotImplementedError

    def concerned_by(self, changes: frozenset[tuple[str, int]]) -> bool:
        """Whether something that is shown changed; a screen of one thing asks for its key."""
        return touches(changes, *self._touched_by)

    # -- deciding

    def decide(self) -> None:
        """A form opens on what is shown now: what others change from here on, its user has not decided about."""
        self._decided_at = self.shown_at

    def told(self) -> None:
        """The user knows how things stand now: the form is gone, or its command was refused as stale."""
        self._decided_at = ""

    def seen(self, *things: tuple[str, int]) -> Seen | None:
        """What to send with a command about things that are shown, or were when its form opened."""
        cursor = self._decided_at or self.shown_at
        return self.desk.backend.seen(cursor, *things) if cursor else None

    def ask(self, then: Callable[[T], None], function: Callable[..., T], *args: Any, **named: Any) -> None:
        """Ask the ledger; `then` gets the answer unless the same listener was asked for again meanwhile."""
        topic = getattr(then, "__qualname__", repr(then))
        number = self._questions[topic] = self._questions.get(topic, 0) + 1
        self.loading = True
        self.desk.backend.tasks.start(self._answer(then, topic, number, partial(function, **named), args))

    async def _answer(
        self, then: Callable[[T], None], topic: str, number: int, function: Callable[..., T], args: tuple[Any, ...]
    ) -> None:
        try:
            answer = await self.desk.backend.query(function, *args)
        except CashierError as refused:
            if self._questions[topic] == number:
                self.loading = False
                self.problem = " ".join(problem.sentence for problem in refused.problems)
                self.on_refusal(refused)
                self.notify()
            return
        if self._questions[topic] == number:
            self.loading, self.problem = False, ""
            then(answer)

    def on_refusal(self, refused: CashierError) -> None:
        """What a question that was refused means for what is shown; nothing unless a screen says so."""

    def _on_changes(self, changes: frozenset[tuple[str, int]]) -> None:
        if not self.concerned_by(changes):
            return
        if self._in_view:
            self.refresh()
        else:
            self._stale = True
