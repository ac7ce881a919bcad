"""The home field: finds accounts while somebody types, and knows what a scanner sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cashier_app.domain.errors import CashierError
from cashier_app.domain.scan_line import MicrLine
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.observable import Observable, Signal

if TYPE_CHECKING:
    from cashier_app.services.queries.search import Found, HomeAnswer

ENOUGH = 2
"""Fewer letters find half the town."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An account that somebody chose, with what the scan said besides."""

    account_id: int
    amount: int | None = None
    """What the stub asks for, in minor units of `currency`."""
    currency: str = ""
    check: MicrLine | None = None
    """The check that was read, if one was."""
    event_id: int | None = None
    """The payment event of a receipt number."""


class Home(Observable):
    """What the home field knows. Answers to what is no longer typed are dropped."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.text = ""
        self.hits: tuple[Found, ...] = ()
        self.at = 0
        """The hit that Enter takes."""
        self.problem = ""
        """Why nothing was found."""
        self.chosen = Signal()
        """Emitted with a `Chosen`."""
        self._question = 0
        self._asking = False
        self._wanted = ""
        self._answer: HomeAnswer | None = None

    @property
    def nothing_found(self) -> bool:
        """Whether it was looked for what is typed, in vain."""
        return self._answer is not None and not self.hits and not self.problem

    @property
    def is_open(self) -> bool:
        """Whether there is something to show below the field."""
        return bool(self.hits or self.problem or self.nothing_found)

    def type(self, text: str) -> None:
        """Somebody typed: look while they do, one question at a time and always the latest."""
        self.text = text.strip()
        self._question += 1
        if len(self.text) < ENOUGH:
            self.close()
            return
        self._wanted = self.text
        if not self._asking:
            self._asking = True
            self.desk.backend.tasks.start(self._look_while_typing())

    def submit(self, text: str, *, scanned: bool = False) -> None:
        """Enter: take the marked hit, or look for this and take the only one. A scan is always looked up."""
        text = text.strip()
        if not text:
            return
        if not scanned and self.hits and text == self.text and self._answer is not None:
            self.choose(self.at)
            return
        self.text = text
        self._question += 1
        self.desk.backend.tasks.start(self._look_and_take(text, self._question))

    def move(self, step: int) -> None:
        """Mark another hit."""
        if self.hits:
            self.at = (self.at + step) % len(self.hits)
            self.notify()

    def choose(self, place: int) -> None:
        """Take a hit."""
        if not 0 <= place < len(self.hits):
            return
        hit, answer = self.hits[place], self._answer
        self.close()
        self.chosen.emit(_chosen(hit, answer))

    def close(self) -> None:
        """Forget the hits."""
        self._question += 1
        self.hits, self.problem, self.at, self._answer = (), "", 0, None
        self.notify()

    async def _look_while_typing(self) -> None:
        try:
            while self._wanted:
                text, self._wanted = self._wanted, ""
                number = self._question
                answer = await self._ask(text)
                if answer is not None and number == self._question:
                    self._show(answer)
        finally:
            self._asking = False

    async def _look_and_take(self, text: str, number: int) -> None:
        answer = await self._ask(text)
        if answer is None or number != self._question:
            return
        self._show(answer)
        if len(self.hits) == 1 and self.hits[0].check_digit_ok:
            self.choose(0)

    async def _ask(self, text: str) -> HomeAnswer | None:
        from cashier_app.services.queries.search import read_home  # noqa: PLC0415

        try:
            return await self.desk.backend.query(read_home, text)
        except CashierError as refused:
            self.hits, self.problem = (), " ".join(problem.sentence for problem in refused.problems)
            self.notify()
            return None

    def _show(self, answer: Any) -> None:
        self._answer, self.hits, self.at = answer, answer.found, 0
        self.problem = answer.sentence
        self.notify()


def _chosen(hit: Found, answer: HomeAnswer | None) -> Chosen:
    if answer is None:
        return Chosen(hit.account_id, event_id=hit.event_id)
    return Chosen(hit.account_id, answer.amount, answer.currency, answer.check, hit.event_id)
