"""The real window over a ledger of its own, played by a script: for pictures and for the demo day."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cashier_app.demo.demo_users import DEMO_USERS
from cashier_app.domain.clock import FixedClock

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cashier_app.ui.backend import Backend
    from cashier_app.ui.session import Session
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


@dataclass
class Stage:
    """What a shot plays on: the real window over a ledger of its own. Everything happens at once."""

    window: MainWindow
    backend: Backend
    clock: FixedClock
    session: Session | None = None
    others: dict[str, int] = field(default_factory=dict)

    def sign_in(self, login: str) -> None:
        """Let a demo user in, as the program does."""
        from cashier_app.ui.session import Session  # noqa: PLC0415

        user = next(user for user in DEMO_USERS if user.login == login)
        self.run(self.backend.sign_in(user.login, user.password))
        self.session = Session(self.window, self.backend, f"spool:{tempfile.gettempdir()}/cashier-shots")

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
        from cashier_app.services.users import sign_in  # noqa: PLC0415

        door = self.backend.door
        if login not in self.others:
            user = next(user for user in DEMO_USERS if user.login == login)
            self.others[login] = sign_in(door, user.login, user.password).id
        outcome = door.execute(command, user_id=self.others[login])
        self.backend.changed.emit(outcome.changes)
        return outcome.result

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press a key where the focus is, in Qt's portable spelling."""
        from PySide6.QtGui import QKeySequence  # noqa: PLC0415
        from PySide6.QtTest import QTest  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        target = widget or QApplication.focusWidget() or self.window
        combination = QKeySequence(keys)[0]  # type: ignore[index]  # its stub forgets __getitem__
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def type(self, text: str) -> None:
        """Type where the focus is, as slowly as a person."""
        from PySide6.QtTest import QTest  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        target = QApplication.focusWidget()
        assert target is not None, "something has the focus"
        for letter in text:
            QTest.keyClicks(target, letter)
        self.settle()

    def run(self, work: Any) -> None:
        """Run a coroutine to its end."""
        self.backend.tasks.start(_ignoring_result(work))

    def settle(self) -> None:
        """Let the window catch up."""
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        for _ in range(3):
            QApplication.processEvents()


async def _ignoring_result(work: Any) -> None:
    await work


@contextmanager
def stage(original: Path, folder: Path, shot: Shot) -> Iterator[Stage]:
    """A window of its own on a copy of the ledger, played into the shot's state."""
    from PySide6.QtGui import QCursor  # noqa: PLC0415

    from cashier_app.ui.backend import Backend  # noqa: PLC0415
    from cashier_app.ui.tasks import ImmediateTasks  # noqa: PLC0415
    from cashier_app.ui.views.main_window import MainWindow  # noqa: PLC0415

    folder.mkdir()
    ledger = folder / "ledger.db"
    shutil.copy(original, ledger)
    clock = FixedClock(MORNING)
    backend = Backend(ImmediateTasks(), database=str(ledger), node=NODE, state=folder, clock=clock)
    window = MainWindow()
    window.resize(*shot.size)
    window.show()
    window.activateWindow()
    played = Stage(window, backend, clock)
    played.settle()  # only an active window has a focus
    with closing(_Closing(window, backend)):
        played.run(backend.open())
        if shot.login:
            played.sign_in(shot.login)
        shot.play(played)
        QCursor.setPos(window.mapToGlobal(window.rect().bottomRight()))  # nothing is pointed at
        played.settle()
        yield played


@dataclass(frozen=True)
class _Closing:
    window: MainWindow
    backend: Backend

    def close(self) -> None:
        from PySide6.QtCore import QEvent  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.backend.close_now()
