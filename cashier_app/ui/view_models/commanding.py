"""Sending a command from a screen: once, with a second person where one must sign, refusals for their fields.

A screen keeps one `Sending` per form. The same content goes out under the same command id until it was answered, so a
second click or a lost answer takes nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from cashier_app.domain.errors import CashierError, NeedsConfirmation, Problem, RuleViolation, StaleData
from cashier_app.ui.backend import Backend, new_command_id
from cashier_app.ui.view_models.observable import Observable, Signal

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Outcome
    from cashier_app.services.kernel.freshness import Seen

Consent = tuple[str, str, str]
"""Login, password and one-time code of a second person; the code is empty where they have none."""

NEEDS_SECOND_PERSON: Final = "SEC-010"
"""The refusal that a second person's own login and password answers (R reliability C4)."""
_CONSENT_REFUSED: Final = frozenset(
    {"SEC-002", "SEC-011", "SEC-012", "SEC-020", "SEC-021", "SEC-022", "SEC-050", "SEC-051", "SEC-052"}
)
"""Refusals that speak of the second person, once one has signed: somebody else may try."""


class Asking(Protocol):
    """Who asks the people at the screen."""

    def second_person(self, refused: Problem) -> Awaitable[Consent | None]:
        """Somebody else's login and password; None when it is left. Called again where a consent did not count."""
        ...

    def confirm(self, warnings: Sequence[Problem]) -> Awaitable[bool]:
        """Whether to go on in spite of warnings."""
        ...

    def done(self) -> None:
        """Nothing more is asked for this command."""
        ...


async def carry_out(  # noqa: PLR0917  # the command and what goes with it
    backend: Backend, asking: Asking, command: Any, command_id: str, words: str = "", seen: Seen | None = None
) -> Outcome | None:
    """Execute a command, asking for consent and confirmation as the door demands; None when that was refused.

    Every attempt carries the same command id, so whichever of them is accepted counts once. Other refusals are raised.
    """
    approval: Consent | None = None
    confirmed: frozenset[str] = frozenset()
    try:
        while True:
            try:
                return await backend.execute(
                    command, command_id=command_id, approval=approval, confirmed=confirmed, words=words, seen=seen
                )
            except NeedsConfirmation as needed:
                if not await asking.confirm(needed.problems):
                    return None
                confirmed |= {*needed.codes}
            except RuleViolation as refused:
                if not _asks_for_consent(refused, signed=approval is not None):
                    raise
                approval = await asking.second_person(refused.problems[0])
                if approval is None:
                    return None
    finally:
        asking.done()


def _asks_for_consent(refused: RuleViolation, *, signed: bool) -> bool:
    wanted = {NEEDS_SECOND_PERSON, *(_CONSENT_REFUSED if signed else ())}
    return bool(refused.problems) and all(problem.code in wanted for problem in refused.problems)


class Sending(Observable):
    """The way of one form's command to the door: busy while it is under way, then done or refused."""

    def __init__(self, backend: Backend, asking: Asking) -> None:
        super().__init__()
        self._backend, self._asking = backend, asking
        self._command: Any = None
        self._command_id = ""
        self.busy = False
        self.problems: tuple[Problem, ...] = ()
        self.stale = Signal()
        """Emitted when a command was refused because somebody else changed what it is about."""

    def send(self, command: Any, then: Callable[[Outcome], None], words: str = "", *, seen: Seen | None = None) -> None:
        """Send unless something is under way; `then` gets the outcome of what was accepted.

        `words` say after a crash what was being done; `seen` is what was shown to whom decided.
        """
        if self.busy:
            return
        if command != self._command:
            self._command, self._command_id = command, new_command_id()
        self.busy, self.problems = True, ()  # before the first await, or a second click would go out as well
        self.notify()
        self._backend.tasks.start(self._send(command, then, words, seen))

    def refuse(self, *problems: Problem) -> None:
        """Show problems that were found before anything was sent."""
        self.problems = problems
        self.notify()

    def forget(self) -> None:
        """Start afresh: the next command is another one even if it says the same."""
        self._command, self.problems = None, ()
        self.notify()

    async def _send(self, command: Any, then: Callable[[Outcome], None], words: str, seen: Seen | None) -> None:
        outcome: Outcome | None = None
        try:
            outcome = await carry_out(self._backend, self._asking, command, self._command_id, words, seen)
        except CashierError as refused:
            self.problems = refused.problems
            if isinstance(refused, StaleData):
                self.stale.emit()
        finally:
            self.busy = False
            if outcome is not None:
                self._command = None
            self.notify()
        if outcome is not None:
            then(outcome)
