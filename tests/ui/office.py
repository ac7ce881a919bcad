"""A back office for tests: a real ledger, somebody signed in, everything at once, second persons who answer by list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from cashier_app.ui.actions import Actions
from cashier_app.ui.backend import Backend
from cashier_app.ui.catalog import catalog
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.view_models.desk import Desk
from tests.builders import PASSWORD, Ledger, a_ledger


@dataclass
class ListedConsent:
    """Answers with what was laid ready; remembers why it was asked."""

    consents: list[tuple[str, str] | None] = field(default_factory=list)
    confirms: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def second_person(self, refused: Any) -> tuple[str, str] | None:
        self.asked.append(refused.code)
        return self.consents.pop(0)

    async def confirm(self, warnings: Any) -> bool:
        self.asked.extend(problem.sentence for problem in warnings)
        return self.confirms.pop(0)

    def done(self) -> None:
        self.asked.append("done")


@dataclass
class AnOffice:
    """Somebody at a desk, and the ledger that others write to."""

    ledger: Ledger
    desk: Desk
    asking: ListedConsent
    said: list[str]

    @property
    def backend(self) -> Backend:
        return self.desk.backend

    def do(self, command: Any, by: str = "ann", **how: Any) -> Any:
        """Somebody else does something, and this window hears of it."""
        outcome = self.ledger.outcome(command, by, **how)
        self.backend.changed.emit(outcome.changes)
        return outcome.result

    def actions(self, owner: QWidget | None = None) -> Actions:
        assert self.backend.user is not None
        return Actions(catalog(), self.backend.user.may, owner)

    def screen(self, qtbot: Any, kind: type[Any], size: tuple[int, int] = (1100, 700)) -> Any:
        """A screen as the window would make and enter it."""
        made = kind(self.desk, self.actions())
        qtbot.addWidget(made)
        made.resize(*size)
        made.show()
        made.activateWindow()
        made.enter()
        return made


@contextmanager
def an_office(url: str, state: Path, login: str) -> Iterator[AnOffice]:
    ledger = a_ledger(url)
    backend = Backend(ImmediateTasks(), database=url, node="COUNTER-1", state=state, clock=ledger.clock)
    asking, said = ListedConsent(), []
    printer = f"spool:{state / 'spool'}"
    desk = Desk(backend, asking, say=lambda text, _tone="neutral": said.append(text), printer=printer)
    backend.tasks.start(backend.open())

    async def sign_in() -> None:
        await backend.sign_in(login, PASSWORD)

    backend.tasks.start(sign_in())
    try:
        yield AnOffice(ledger, desk, asking, said)
    finally:
        backend.close_now()
        ledger.close()
