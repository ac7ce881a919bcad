"""The program as people see it: paints the sign-in window first, then opens the ledger, lets people in, locks, leaves.

Nothing here imports the ledger: the first paint must not wait for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication

from cashier_app.settings import Settings
from cashier_app.ui import look, preferences
from cashier_app.ui.application import make_application, run
from cashier_app.ui.idle import IdleWatch
from cashier_app.ui.presenting import Kind, Presented, Presenter
from cashier_app.ui.views.main_window import MainWindow

if TYPE_CHECKING:
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.joining import Joining
    from cashier_app.ui.session import Session
    from cashier_app.ui.tasks import Answer, Tasks
    from cashier_app.ui.views.assistant import Assistant, NewLedger

LOOK_EVERY_MS: Final = 1_000
"""How often it is looked whether others wrote something."""
IDLE_MS: Final = 5 * 60 * 1_000
"""When an unattended till locks (R reliability 5.2)."""

Prepare = Callable[[str], None]
"""Makes the demo utility at a database URL; given by who may know the demo."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the program was started."""

    settings: Settings
    demo: bool = False
    """Make the demo utility where there is no ledger yet, without asking."""
    hint: str = ""
    """What the sign-in window tells besides, such as with which password to look around."""
    theme: str = ""
    idle_ms: int = IDLE_MS


def start(given: Start, prepare_demo: Prepare) -> int:
    """Run the program until its window is closed; the exit code."""
    app = make_application(theme=_theme(given))
    window = MainWindow()
    window.show()
    app.processEvents()  # painted: everything heavy comes after this line
    presenter = Presenter(given.settings.state / "reports")
    program = Program(window, given, presenter, prepare_demo)
    return run(app, presenter, program.show_error, program.begin)


class Program(QObject):
    """Wires window, ledger and session together."""

    def __init__(self, window: MainWindow, given: Start, presenter: Presenter, prepare_demo: Prepare) -> None:
        super().__init__(window)
        self.window = window
        self.backend: Backend | None = None
        self.session: Session | None = None
        self.assistant: Assistant | None = None
        self._joining: Joining | None = None
        self._given = given
        self._settings = given.settings
        self._presenter = presenter
        self._prepare_demo = prepare_demo
        self._tasks: Tasks | None = None
        self._opened: Answer[bool] | None = None
        """Whether the ledger could be opened, once that is known."""
        self._is_leaving = False
        """Somebody was told what is unsent, and closes the window all the same."""
        self._typed_early: tuple[str, str] | None = None
        """Login and password of somebody quicker than the program."""
        self._idle = IdleWatch(0, self)
        self._idle.idle.connect(self.lock)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_EVERY_MS)
        self._looking.timeout.connect(self._look)
        window.sign_in.submitted.connect(self._sign_in)
        window.lock_view.unlock_requested.connect(self._unlock)
        window.lock_view.other_requested.connect(self.sign_out)
        window.lock_requested.connect(self.lock)
        window.sign_out_requested.connect(self._ask_to_sign_out)
        window.theme_switch_requested.connect(self.switch_theme)
        _application().lastWindowClosed.connect(self._hang_up)
        window.may_close = lambda: self._is_leaving or not self._unsent
        window.close_requested.connect(lambda: self._running.start(self._close_if_sure()))
        window.sign_in.start()

    # -- the ledger

    def begin(self, tasks: Tasks) -> None:
        """The loop runs: open the ledger in the background."""
        self._tasks = tasks
        self._open()
        if self._typed_early is not None:
            self._sign_in(*self._typed_early)

    def _open(self) -> None:
        from cashier_app.services.to_do.mail_password import MailPassword  # noqa: PLC0415
        from cashier_app.ui.backend import Backend  # noqa: PLC0415
        from cashier_app.ui.tasks import Answer  # noqa: PLC0415

        tasks = self._running
        self._opened = Answer()
        settings = self._settings
        self.backend = Backend(
            tasks,
            database=settings.database,
            node=settings.node,
            state=settings.state,
            mail_password=MailPassword(given=settings.mail_password, file=settings.mail_password_file),
        )
        tasks.start(self._open_ledger(self.backend), on_error=self._not_opened)

    async def _open_ledger(self, backend: Backend) -> None:
        from cashier_app.domain.errors import EnvironmentProblem  # noqa: PLC0415

        try:
            await backend.open()
        except EnvironmentProblem as problem:
            if problem.code != "DB-MISSING" or not self._given.demo:
                raise
            await self._make_demo()
            await backend.open()
        self._ledger_open()

    def _ledger_open(self) -> None:
        assert self._opened is not None, "it was being opened"
        self._opened.give(answer=True)
        line = self.backend.line if self.backend is not None else None
        if line is not None:
            line.changed.connect(self._show_workplace)
            line.start()
        if self._joining is None or line is None or not self._joining.watch(line, self._put_assistant_away):
            self._put_assistant_away()
        self._show_workplace()
        self._looking.start()

    def _put_assistant_away(self) -> None:
        if self.assistant is not None:
            self.window.put_away(self.assistant)
            self.assistant = None
            self._joining = None

    def _show_workplace(self, *_state: object) -> None:
        """The name of this till; at a branch how the line stands, for nobody else tells before signing in."""
        from cashier_app.ui.views.line_words import chip_words  # noqa: PLC0415

        assert self.backend is not None, "the ledger is open"
        line = self.backend.line
        said = chip_words(line.state).words if line is not None else ""
        self.window.sign_in.show_workplace(" · ".join(filter(None, (self.backend.node, said, self._given.hint))))

    def _not_opened(self, error: BaseException) -> None:
        assert self._opened is not None, "it was being opened"
        self._opened.give(answer=False)
        presented = self._presenter.present(error)
        code = presented.problems[0].code if presented.problems else ""
        assistant = self._assistant()
        if code == "DB-MISSING":
            assistant.show_missing(self._settings.database)
        else:
            assistant.show_closed(presented.notice, unknown_workstation=code == "NODE-001")

    def _assistant(self) -> Assistant:
        from cashier_app.ui.joining import Joining  # noqa: PLC0415
        from cashier_app.ui.views.assistant import Assistant  # noqa: PLC0415

        if self.assistant is None:
            self.assistant = Assistant()
            self.assistant.demo_wanted.connect(lambda: self._try(self._make_demo))
            self.assistant.empty_wanted.connect(lambda who: self._try(lambda: self._make_empty(who)))
            self.assistant.other_wanted.connect(self._open_other)
            self.assistant.again_wanted.connect(self._open)
            self.assistant.register_wanted.connect(lambda: self._try(self._register))
            self._joining = Joining(
                self.assistant, self._running, lambda: self._settings.database, self._presenter, self._open
            )
        self.window.show_instead(self.assistant)
        return self.assistant

    def _try(self, make: Callable[[], object]) -> None:
        async def trying() -> None:
            await make()  # type: ignore[misc]
            self._open()

        assert self.assistant is not None, "the assistant asks"
        self.assistant.show_busy(QCoreApplication.translate("program", "This takes a moment …"))
        self._running.start(trying(), on_error=self._not_made)

    def _not_made(self, error: BaseException) -> None:
        if self.assistant is not None:
            presented = self._presenter.present(error)
            self.assistant.show_problems(presented.problems)
            if not presented.problems:
                self.assistant.show_closed(presented.notice)

    async def _make_demo(self) -> None:
        self.window.sign_in.show_workplace(QCoreApplication.translate("program", "Making the demo utility …"))
        await self._running.in_database(self._with_folder, self._prepare_demo)

    def _with_folder(self, make: Prepare) -> None:
        self._settings.state.mkdir(parents=True, exist_ok=True)
        make(self._settings.database)

    async def _make_empty(self, who: NewLedger) -> None:
        def make(url: str) -> None:
            from cashier_app.domain.clock import SystemClock  # noqa: PLC0415
            from cashier_app.services.administration.founding import FirstAdministrator, found_ledger  # noqa: PLC0415
            from cashier_app.services.administration.packages import read_package  # noqa: PLC0415
            from cashier_app.services.administration.users import hashed  # noqa: PLC0415

            first = FirstAdministrator(login=who.login, name=who.name, password_hash=hashed(who.password, who.login))
            found_ledger(url, self._settings.node, read_package("demo-utility"), first, SystemClock())

        await self._running.in_database(self._with_folder, make)

    async def _register(self) -> None:
        def register() -> None:
            from cashier_app.services.administration.nodes import register_workstation  # noqa: PLC0415
            from cashier_app.services.kernel.database import Database  # noqa: PLC0415

            with contextlib.closing(Database(self._settings.database)) as database:
                register_workstation(database, self._settings.node)

        await self._running.in_database(register)

    def _open_other(self, url: str) -> None:
        self._settings = replace(self._settings, database=url)
        assert self.assistant is not None, "the assistant asks"
        self.assistant.show_busy(QCoreApplication.translate("program", "Opening …"))
        self._open()

    # -- signing in and out

    def _sign_in(self, login: str, password: str) -> None:
        if self._tasks is None:
            self._typed_early = (login, password)
            return
        self._running.start(self._let_in(login, password), on_error=self._kept_out)

    async def _let_in(self, login: str, password: str) -> None:
        from cashier_app.ui.second_factor import let_in  # noqa: PLC0415
        from cashier_app.ui.session import Session  # noqa: PLC0415

        assert self.backend is not None, "the ledger is being opened since the program began"
        if self._opened is None or not await self._opened:
            return
        if not await let_in(self.backend, self.window.sign_in, login, password):
            return
        self.session = Session(self.window, self.backend, self._settings.printer)
        self._idle.watch(self._given.idle_ms)
        await self._settle_what_was_left()

    def _kept_out(self, error: BaseException) -> None:
        presented = self._presenter.present(error)
        self.window.sign_in.show_problem(presented.notice or _sentences(presented))

    async def _settle_what_was_left(self) -> None:
        from cashier_app.ui.views.interrupted import settle  # noqa: PLC0415

        session = self.session
        assert session is not None, "somebody has signed in"
        assert self.backend is not None, "the ledger is open"
        for command, taken in await self.backend.left_behind():
            await settle(session, command, taken)

    def _ask_to_sign_out(self) -> None:
        if self.session is None:
            return
        if not self.session.open_work:
            self.sign_out()
            return
        self._running.start(self._sign_out_if_sure(self.session))

    async def _sign_out_if_sure(self, session: Session) -> None:
        from cashier_app.ui.views.question import Question  # noqa: PLC0415

        translate = QCoreApplication.translate
        question = Question(
            session.shell,
            translate("program", "Leave this payment?"),
            translate("program", "{work} is not taken yet and will be forgotten.").format(work=session.open_work),
            yes=translate("program", "Forget it and sign out"),
            no=translate("program", "Stay"),
            dangerous=True,
        )
        if await question.ask():
            self.sign_out()

    def sign_out(self) -> None:
        """Nothing of one user's work outlives their session."""
        if self.session is not None:
            self.session.close()
            self.session = None
        if self.backend is not None:
            self.backend.sign_out()
        self._idle.watch(0)
        self.window.close_shell()

    # -- the lock

    def lock(self) -> None:
        """Hide the screen until this user is back; what is open stays open, and theirs."""
        if self.session is not None and not self.window.is_locked:
            self.window.lock(self.session.user.name, self.session.open_work)

    def _unlock(self, password: str) -> None:
        self._running.start(self._unlock_with(password), on_error=self._stays_locked)

    async def _unlock_with(self, password: str) -> None:
        assert self.backend is not None, "the ledger is open"
        await self.backend.unlock(password)
        self.window.unlock()

    def _stays_locked(self, error: BaseException) -> None:
        presented = self._presenter.present(error)
        self.window.lock_view.show_problem(presented.notice or _sentences(presented))

    # -- the rest

    @property
    def _unsent(self) -> int:
        """How many commands of a branch the server does not have yet; they are kept whatever happens to the window."""
        line = self.backend.line if self.backend is not None else None
        return line.state.link.unsent if line is not None else 0

    async def _close_if_sure(self) -> None:
        from cashier_app.ui.leaving import is_sure_to_leave  # noqa: PLC0415

        over = self.session.shell if self.session is not None else self.window.sign_in
        if await is_sure_to_leave(over, self._unsent):
            self._is_leaving = True
            self.window.close()

    def _hang_up(self) -> None:
        """The last window is closed: nobody waits for the server any more."""
        if self.backend is not None and self.backend.line is not None:
            self.backend.line.hang_up()

    def switch_theme(self) -> None:
        """Light becomes dark; it is remembered."""
        wanted = look.Theme.DARK if look.theme() is look.Theme.LIGHT else look.Theme.LIGHT
        look.apply(_application(), wanted)
        preferences.remember(self._settings.state, theme=wanted.value)

    def show_error(self, presented: Presented) -> None:
        """An error that nobody else took: said at the foot, and kept there."""
        words = presented.notice or _sentences(presented)
        if self.session is not None:
            self.window.say(words, "danger" if presented.kind is Kind.REPORT else "attention", stays=True)
        else:
            self.window.sign_in.show_problem(words)

    def _look(self) -> None:
        if self.backend is not None and self.backend.is_open and not self.window.is_locked:
            self._running.start(self._look_around(self.backend), on_error=self._cannot_look)

    async def _look_around(self, backend: Backend) -> None:
        await backend.look()
        if backend.line is not None:
            await backend.line.refresh()

    def _cannot_look(self, error: BaseException) -> None:
        if self.session is not None:
            self.show_error(self._presenter.present(error))

    @property
    def _running(self) -> Tasks:
        assert self._tasks is not None, "the loop runs"
        return self._tasks


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication), "a window needs an application"
    return app


def _theme(given: Start) -> look.Theme:
    wanted = given.theme or preferences.read(given.settings.state).theme or given.settings.theme
    return look.Theme.SYSTEM if wanted in {"auto", "system"} else look.Theme(wanted)


def _sentences(presented: Presented) -> str:
    return " ".join(problem.sentence for problem in presented.problems)
