"""The window: signing in, the shell with one screen per area, the lock. Screens are given to it; it decides nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from cashier_app.ui.actions import QT_TRANSLATE_NOOP, Actions, ActionSpec, Catalog, translated
from cashier_app.ui.views.command_palette import CommandPalette
from cashier_app.ui.views.key_help import KeyHelp
from cashier_app.ui.views.lock import LockView
from cashier_app.ui.views.shell import Shell
from cashier_app.ui.views.sign_in import SignIn
from cashier_app.ui.widgets.scan import ScanCatcher
from cashier_app.ui.widgets.words import Tone

SMALLEST: Final = (1024, 700)
GROUP: Final = QT_TRANSLATE_NOOP("actions", "Everywhere")


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the rail and the screen behind it."""

    id: str
    title: str
    """Marked with `QT_TRANSLATE_NOOP("actions", …)`."""
    icon: str
    factory: Callable[[Actions], QWidget]
    """Makes the screen when somebody first goes there. It binds its own actions; a screen with an `enter()` method is
    told each time it is shown, one with a `leave()` method each time it is left."""
    right: str = ""
    """The right somebody needs to see the area at all."""


SHELL_ACTIONS: Final = tuple(
    ActionSpec(action_id, text, shortcut, group=GROUP, icon=icon, everywhere=True)
    for action_id, text, shortcut, icon in (
        ("scan.home", QT_TRANSLATE_NOOP("actions", "Go to the scan field"), "F2", "search"),
        ("help.keys", QT_TRANSLATE_NOOP("actions", "Show the keys"), "F1", "keyboard"),
        ("palette.open", QT_TRANSLATE_NOOP("actions", "Find any action"), "Ctrl+K", "palette"),
        ("rail.fold", QT_TRANSLATE_NOOP("actions", "Fold the rail"), "Ctrl+B", "menu"),
        ("screen.clear", QT_TRANSLATE_NOOP("actions", "Clear the screen"), "Shift+Esc", "close"),
        ("theme.switch", QT_TRANSLATE_NOOP("actions", "Switch light and dark"), "Ctrl+Shift+D", "theme"),
        ("session.second_factor", QT_TRANSLATE_NOOP("actions", "Set up a second factor"), "", "keyboard"),
        ("session.lock", QT_TRANSLATE_NOOP("actions", "Lock"), "Ctrl+L", "lock"),
        ("session.sign_out", QT_TRANSLATE_NOOP("actions", "Sign out"), "Ctrl+Shift+Q", "sign_out"),
    )
)


def area_actions(areas: Sequence[Area]) -> tuple[ActionSpec, ...]:
    """One action per area, on Ctrl+1 to Ctrl+9 in the order of the rail."""
    return tuple(
        ActionSpec(
            f"area.{area.id}",
            area.title,
            f"Ctrl+{place}" if place <= 9 else "",  # noqa: PLR2004
            right=area.right,
            group=QT_TRANSLATE_NOOP("actions", "Areas"),
            icon=area.icon,
            everywhere=True,
        )
        for place, area in enumerate(areas, start=1)
    )


class MainWindow(QMainWindow):
    """Shows one of three things: signing in, the shell, the lock.

    Signals say what somebody wants; whoever listens does it and tells the window what to show.
    """

    sign_out_requested = Signal()
    lock_requested = Signal()
    second_factor_requested = Signal()
    theme_switch_requested = Signal()
    clear_requested = Signal()
    """Esc-Esc in the scan field: the next person must not see this one's screen."""
    area_shown = Signal(str)
    close_requested = Signal()
    """Emitted instead of closing while `may_close` answers no."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cashier")
        self.setMinimumSize(*SMALLEST)
        self.resize(1366, 768)
        self.may_close: Callable[[], bool] = lambda: True
        self.clock: Callable[[], float] = monotonic
        """By which scanners are told from people: by the speed of their keys."""
        self.sign_in = SignIn()
        self.lock_view = LockView()
        self.shell: Shell | None = None
        self.actions_offered: Actions | None = None
        self._areas: dict[str, Area] = {}
        self._screens: dict[str, QWidget] = {}
        self._current = ""
        self._catcher: ScanCatcher | None = None
        self._focus_before_lock: QWidget | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self.sign_in)
        self._pages.addWidget(self.lock_view)
        self.setCentralWidget(self._pages)

    def open_shell(
        self,
        areas: Sequence[Area],
        catalog: Catalog,
        rights: Callable[[str], bool],
        user: str,
    ) -> Shell:
        """Show the shell for a user who has signed in, with the areas they have rights to.

        `catalog` holds the screens' actions; the window's own are added where missing. The first area is shown.
        """
        self.close_shell()
        for spec in (*SHELL_ACTIONS, *area_actions(areas)):
            if spec.id not in catalog:
                catalog.declare(spec)
        shell = Shell()
        actions = Actions(catalog, rights, shell)
        self.shell, self.actions_offered = shell, actions
        self._areas = {area.id: area for area in areas if not area.right or rights(area.right)}
        for area in self._areas.values():
            spec = catalog[f"area.{area.id}"]
            shell.rail.add(area.id, translated(area.title), area.icon, spec.key)
            actions.bind(shell, spec.id, partial(self.show_area, area.id))
        self._bind_own(shell, actions)
        shell.area_chosen.connect(self.show_area)
        shell.user.show_state(user, about=QCoreApplication.translate("shell", "Signed in"))
        shell.scan.left.connect(self.clear_requested)
        self._catcher = ScanCatcher(self, shell.scan, clock=self.clock)
        self._pages.addWidget(shell)
        self._pages.setCurrentWidget(shell)
        if self._areas:
            self.show_area(next(iter(self._areas)))
        shell.scan.go_home()
        return shell

    def close_shell(self) -> None:
        """Forget the screens and show signing in: nothing of one user's work outlives their session."""
        if self._catcher is not None:
            self._catcher.switch(on=False)
            self._catcher.deleteLater()
            self._catcher = None
        if self.shell is not None:
            self._leave()
            self._pages.removeWidget(self.shell)
            self.shell.hide()
            self.shell.deleteLater()
            self.shell = None
            self.actions_offered = None
        self._areas, self._screens, self._current = {}, {}, ""
        self._pages.setCurrentWidget(self.sign_in)
        self.sign_in.start()

    def show_instead(self, page: QWidget) -> None:
        """Show a page in the place of signing in, before there is a ledger to sign in to."""
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def put_away(self, page: QWidget) -> None:
        """Back to signing in."""
        self._pages.removeWidget(page)
        page.deleteLater()
        self._pages.setCurrentWidget(self.sign_in)
        self.sign_in.start()

    @property
    def current_area(self) -> str:
        """The id of the area shown."""
        return self._current

    def screen_of(self, area_id: str) -> QWidget | None:
        """The screen of an area, if it was made."""
        return self._screens.get(area_id)

    def offers(self, area_id: str) -> bool:
        """Whether the user has this area."""
        return area_id in self._areas

    def show_area(self, area_id: str) -> QWidget:
        """Go to an area; its screen is made the first time."""
        shell, actions = self._open()
        if area_id != self._current:
            self._leave()
        if area_id not in self._screens:
            screen = self._areas[area_id].factory(actions)
            if not screen.accessibleName():
                screen.setAccessibleName(translated(self._areas[area_id].title))
            self._screens[area_id] = screen
            shell.content.addWidget(screen)
        screen = self._screens[area_id]
        shell.content.setCurrentWidget(screen)
        shell.rail.mark(area_id)
        self._current = area_id
        _tell(screen, "enter")
        self.area_shown.emit(area_id)
        return screen

    def say(self, text: str, tone: Tone = "neutral", *, stays: bool = False) -> None:
        """A quiet notice at the foot; nothing while nobody is signed in."""
        if self.shell is not None:
            self.shell.notice.say(text, tone, stays=stays)

    def lock(self, user: str, open_event: str = "") -> None:
        """Hide everything until this user is back. Hidden, not covered: screen readers and pictures see nothing."""
        if self.shell is None:
            return
        self._focus_before_lock = self.shell.focusWidget()
        if self._catcher is not None:
            self._catcher.switch(on=False)
        self._pages.setCurrentWidget(self.lock_view)
        self.lock_view.show_for(user, open_event)

    def unlock(self) -> None:
        """Show what was left, as it was left."""
        shell, _ = self._open()
        if self._catcher is not None:
            self._catcher.switch(on=True)
        self._pages.setCurrentWidget(shell)
        (self._focus_before_lock or shell.scan).setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before_lock = None

    @property
    def is_locked(self) -> bool:
        """Whether the lock is shown."""
        return self._pages.currentWidget() is self.lock_view

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self.may_close():
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_requested.emit()

    def _bind_own(self, shell: Shell, actions: Actions) -> None:
        palette = CommandPalette(shell, actions)
        keys = KeyHelp(shell, actions)
        rail = shell.rail
        actions.bind(shell, "scan.home", shell.scan.go_home)
        actions.bind(shell, "help.keys", keys.summon)
        actions.bind(shell, "palette.open", palette.summon)
        actions.bind(shell, "rail.fold", lambda: rail.collapse(collapsed=not rail.is_collapsed))
        actions.bind(shell, "screen.clear", self.clear_requested.emit)
        actions.bind(shell, "theme.switch", self.theme_switch_requested.emit)
        actions.bind(shell, "session.second_factor", self.second_factor_requested.emit)
        actions.bind(shell, "session.lock", self.lock_requested.emit)
        actions.bind(shell, "session.sign_out", self.sign_out_requested.emit)
        shell.keys_button.clicked.connect(keys.summon)
        shell.any_button.clicked.connect(palette.summon)
        shell.user.clicked.connect(palette.summon)

    def _open(self) -> tuple[Shell, Actions]:
        assert self.shell is not None, "somebody has signed in"
        assert self.actions_offered is not None, "the shell has actions"
        return self.shell, self.actions_offered

    def _leave(self) -> None:
        screen = self._screens.get(self._current)
        if screen is not None:
            _tell(screen, "leave")


def _tell(screen: QWidget, what: str) -> None:
    method = getattr(screen, what, None)
    if callable(method):
        method()
