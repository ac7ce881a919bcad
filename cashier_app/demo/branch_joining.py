"""A new workstation joins the demo's server, by the real program and its assistant, step by step for the camera."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from cashier_app import settings
from cashier_app.ui.tasks import Answer, ImmediateTasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cashier_app.ui.program import Program

P = ParamSpec("P")
T = TypeVar("T")

_MOST_STEPS: Final = 1000
_SIZE: Final = (1024, 700)
"""There is little to see before anybody has signed in."""


class StepwiseTasks(ImmediateTasks):
    """What is asked of the server waits until somebody looks the other way: so a picture can be taken meanwhile."""

    def __init__(self, *, on_error: Callable[[BaseException], None] | None = None) -> None:
        super().__init__(on_error=on_error)
        self._waiting: list[Answer[bool]] = []

    async def in_line(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        turn: Answer[bool] = Answer()
        self._waiting.append(turn)
        await turn
        return function(*args, **kwargs)

    def step(self) -> bool:
        """Let the server answer what it was asked; False where nobody asks."""
        if not self._waiting:
            return False
        self._waiting.pop(0).give(answer=True)
        return True


@dataclass
class Joining:
    """The first start of a branch."""

    window: Any
    program: Program
    tasks: StepwiseTasks

    def type_invitation(self, server: str, code: str) -> None:
        """Say that this is a branch, of which server, and by whose leave."""
        self._assistant.choose("branch")
        self._part.server.setText(server)
        self._part.code.setText(code)

    def ask(self) -> str:
        """Join; gives the fingerprint of the certificate that somebody is to compare."""
        self._part.join.click()
        self.tasks.step()
        return str(self._part.fingerprint.text()).replace("\n", "")

    def agree(self) -> None:
        """It is the same one: this workstation is a branch now."""
        self._part.same.click()
        self.tasks.step()

    def fetch(self) -> None:
        """Let people, control tables and the directory arrive."""
        for _ in range(_MOST_STEPS):
            line = self.program.backend.line if self.program.backend else None
            if line is not None and not line.state.is_fetching:
                return
            self.tasks.step()
        raise AssertionError("the directory has an end")

    @property
    def _assistant(self) -> Any:
        assert self.program.assistant is not None, "nothing has arrived yet"
        return self.program.assistant

    @property
    def _part(self) -> Any:
        return self._assistant.join


@contextmanager
def first_start(database: Path, state: Path) -> Iterator[Joining]:
    """The program where there is no ledger yet; closed at the end, as joined as it is then."""
    from cashier_app.ui import playing  # noqa: PLC0415  # Qt only where windows are
    from cashier_app.ui.presenting import Presenter  # noqa: PLC0415
    from cashier_app.ui.program import Program, Start  # noqa: PLC0415
    from cashier_app.ui.views.main_window import MainWindow  # noqa: PLC0415

    found = settings.read({"CASHIER_STATE": str(state)})
    window = MainWindow()
    window.resize(*_SIZE)
    window.show()
    window.activateWindow()
    presenter = Presenter(state / "reports")
    program = Program(window, Start(replace(found, database=str(database))), presenter, lambda _url: None)
    tasks = StepwiseTasks(on_error=lambda error: program.show_error(presenter.present(error)))
    program.begin(tasks)
    try:
        yield Joining(window, program, tasks)
    finally:
        if program.backend is not None:
            program.backend.close_now()
        playing.close_for_good(window)
