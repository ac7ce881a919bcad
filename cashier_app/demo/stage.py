"""The real window over a ledger of its own, played by a script: for pictures and for the demo day."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cashier_app.demo.demo_users import BRANCH_USERS, DEMO_USERS
from cashier_app.domain.clock import FixedClock

if TYPE_CHECKING:
    from cashier_app.demo.branch_town import BranchTown
    from cashier_app.services.branches.exchange import Exchange
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.session import Session
    from cashier_app.ui.tasks import Running
    from cashier_app.ui.views.main_window import MainWindow

MORNING: Final = datetime(2026, 11, 20, 15, 4, tzinfo=UTC)
SIZE: Final = (1366, 768)
NODE: Final = "TILL-1"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a screen in a meaningful state."""

    name: str
    """Of the file; a number first keeps them in the order of a day."""
    login: str
    """Who is signed in; empty for before signing in."""
    play: Callable[[Stage], None]
    """Brings the window into the state."""
    size: tuple[int, int] = SIZE
    scale: float = 1.0
    at_branch: bool = False
    """Whether the window is that of a branch, with the demo utility's office as its server."""


@dataclass
class Stage:
    """What a shot plays on: the real window over a ledger of its own. Everything happens at once."""

    window: MainWindow
    backend: Backend
    clock: FixedClock
    session: Session | None = None
    others: dict[str, int] = field(default_factory=dict)
    town: BranchTown | None = None
    """The server and the line, where the window is a branch's."""
    running: list[Running] = field(default_factory=list)
    """What may wait for an answer that never comes."""
    printer: str = f"spool:{tempfile.gettempdir()}/cashier-shots"
    """Address of the receipt printer."""

    def sign_in(self, login: str) -> None:
        """Let a demo user in, as the program does."""
        from cashier_app.ui.session import Session  # noqa: PLC0415

        user = next(user for user in (*DEMO_USERS, *BRANCH_USERS) if user.login == login)
        self.run(self.backend.sign_in(user.login, user.password))
        self.session = Session(self.window, self.backend, self.printer)

    def go(self, area: str) -> Any:
        """Go to an area; gives its screen."""
        screen = self.window.show_area(area)
        self.settle()
        return screen

    def find(self, text: str) -> None:
        """Type into the home field and press Enter."""
        assert self.window.shell is not None, "somebody is signed in"
        scan = self.window.shell.scan
        scan.setText(text)
        scan.textEdited.emit(text)
        scan.submitted.emit(text)
        self.settle()

    def do(self, command: Any, login: str) -> Any:
        """Somebody else does something elsewhere; gives the result."""
        from cashier_app.services.administration.signing_in import sign_in  # noqa: PLC0415

        door = self.backend.door
        if login not in self.others:
            user = next(user for user in (*DEMO_USERS, *BRANCH_USERS) if user.login == login)
            self.others[login] = sign_in(door, user.login, user.password).id
        outcome = door.execute(command, user_id=self.others[login])
        self.backend.changed.emit(outcome.changes)
        return outcome.result

    def press(self, keys: str, widget: Any = None) -> None:
        """Press a key in a widget, or where the focus is, in Qt's portable spelling."""
        self._play().press(self.window, keys, widget)

    def type(self, text: str) -> None:
        """Type where the focus is, as a person does."""
        self._play().type_text(text)

    def trigger(self, action_id: str) -> None:
        """Do an action by its name, as its key or button would."""
        self._play().trigger(self.window, action_id)

    def sign_out(self) -> None:
        """The user leaves; the window asks who is next."""
        assert self.session is not None, "somebody is signed in"
        self.session.close()
        self.session = None
        self.backend.sign_out()
        self.window.close_shell()
        self.settle()

    def point_at_nothing(self) -> None:
        """Move the pointer out of the way."""
        self._play().point_at_nothing(self.window)

    def close(self) -> None:
        """Close window and ledger."""
        self._play().close_for_good(self.window)
        for running in self.running:
            running.cancel()
        self.backend.close_now()

    def run(self, work: Any) -> None:
        """Run a coroutine to its end, or to the question it asks somebody."""
        self.running.append(self.backend.tasks.start(_ignoring_result(work)))

    def settle(self) -> None:
        """Let the window catch up."""
        self._play().settle()

    def _play(self) -> Any:
        from cashier_app.ui import playing  # noqa: PLC0415  # Qt only where windows are

        return playing


async def _ignoring_result(work: Any) -> None:
    await work


@contextmanager
def stage(original: Path, folder: Path, shot: Shot) -> Iterator[Stage]:
    """A window of its own on a copy of the ledger, played into the shot's state."""
    folder.mkdir()
    ledger = folder / "ledger.db"
    shutil.copy(original, ledger)
    with closing(open_stage(str(ledger), folder, FixedClock(MORNING), shot.size)) as played:
        if shot.login:
            played.sign_in(shot.login)
        shot.play(played)
        played.point_at_nothing()
        yield played


def open_stage(
    ledger: str,
    state: Path,
    clock: FixedClock,
    size: tuple[int, int] = SIZE,
    open_exchange: Callable[[], Exchange] | None = None,
) -> Stage:
    """The real window on a ledger, with nobody signed in; to be closed.

    `open_exchange` gives a branch another line than the one over HTTP.
    """
    from cashier_app.ui.backend import Backend  # noqa: PLC0415
    from cashier_app.ui.tasks import ImmediateTasks  # noqa: PLC0415
    from cashier_app.ui.views.main_window import MainWindow  # noqa: PLC0415

    state.mkdir(parents=True, exist_ok=True)
    backend = Backend(
        ImmediateTasks(), database=ledger, node=NODE, state=state, clock=clock, open_exchange=open_exchange
    )
    window = MainWindow()
    window.clock = count(step=0.2).__next__  # keys come as slowly as from a person
    window.resize(*size)
    window.show()
    window.activateWindow()
    opened = Stage(window, backend, clock)
    opened.settle()  # only an active window has a focus
    opened.run(backend.open())
    if backend.line is not None:
        backend.line.start()
    return opened
