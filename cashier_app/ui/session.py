"""One user's session in one window: the shell with its areas, the home field, chips, the way between screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.errors import CashierError
from cashier_app.ui.areas import ACCOUNT_PLACE, BATCH_PLACE, EVENT_PLACE, areas
from cashier_app.ui.catalog import catalog
from cashier_app.ui.line_desk import LineDesk
from cashier_app.ui.office import Office
from cashier_app.ui.view_models.desk import Desk, Go
from cashier_app.ui.view_models.home import Chosen, Home
from cashier_app.ui.views.asking import WindowAsking
from cashier_app.ui.views.home_hits import HomeHits
from cashier_app.ui.views.main_window import MainWindow
from cashier_app.ui.widgets.scan import Judgement
from cashier_app.ui.widgets.words import Tone

if TYPE_CHECKING:
    from cashier_app.services.queries.board import DrawerCard
    from cashier_app.ui.backend import Backend

COUNTER_PLACE = "counter"
DRAWER_PLACE = "my_drawer"
_NUMBER = 11
"""Digits from which a number is judged: account numbers have 11, receipt numbers 12."""


class Session:
    """Somebody who has signed in, until they sign out. Nothing of it outlives them."""

    def __init__(self, window: MainWindow, backend: Backend, printer: str) -> None:
        assert backend.user is not None, "somebody has signed in"
        self.window, self.backend = window, backend
        self.user = backend.user
        self.desk = Desk(backend, WindowAsking(self._over), Go(), self._say, printer)
        self.home = Home(self.desk)
        shell = window.open_shell(areas(self.desk), catalog(), backend.may, self.user.name)
        self.shell = shell
        self.hits = HomeHits(shell, shell.scan, self.home)
        shell.scan.judge_with(judge)
        shell.drawer.clicked.connect(self._to_drawer)
        self.home.chosen.connect(self._chosen)
        window.clear_requested.connect(self.clear)
        window.second_factor_requested.connect(self._start_second_factor)
        self._listen()
        self.office = Office(window, self.desk)
        self.line = LineDesk(window, backend, backend.line) if backend.line is not None else None
        backend.changed.connect(self._on_changes)
        self._show_drawer()

    @property
    def open_work(self) -> str:
        """What the user has left open, in words: it stays theirs while the screen is locked."""
        screen = self.window.screen_of(COUNTER_PLACE)
        return str(getattr(screen, "open_work", "")) if screen is not None else ""

    def close(self) -> None:
        """The user leaves."""
        self.backend.changed.disconnect(self._on_changes)
        self.window.clear_requested.disconnect(self.clear)
        self.window.second_factor_requested.disconnect(self._start_second_factor)
        self.home.close()
        self.office.close()
        if self.line is not None:
            self.line.close()

    def clear(self) -> None:
        """Esc-Esc: nothing of the last customer stays on any screen."""
        self.home.close()
        self.shell.scan.clear()
        self._call(self.window.current_area, "clear")

    def _start_second_factor(self) -> None:
        self.backend.tasks.start(self._set_up_second_factor())

    async def _set_up_second_factor(self) -> None:
        from cashier_app.ui.second_factor import set_up  # noqa: PLC0415

        if await set_up(self.backend, self.shell, self.user.login):
            self._say(QCoreApplication.translate("session", "Second factor set up"), "good")

    # -- ways

    def _listen(self) -> None:
        go = self.desk.go
        go.account.connect(self._open_account)
        go.event.connect(self._open_event)
        go.pay.connect(self._pay)
        go.search.connect(self.shell.scan.go_home)
        go.area.connect(self._open_area)
        go.run.connect(self._open_run)

    def _chosen(self, chosen: Chosen) -> None:
        """An account was found: at the counter it is paid for, elsewhere it is shown."""
        if chosen.event_id is not None and self._can_open(EVENT_PLACE):
            self._open_event(chosen.event_id)
            return
        current = self.window.current_area
        taker = current if hasattr(self.window.screen_of(current), "pay") else COUNTER_PLACE
        if self._can_open(taker) and current in {taker, DRAWER_PLACE}:
            self.window.show_area(taker)
            self._call(taker, "pay", chosen)
        else:
            self._open_account(chosen.account_id)

    def _pay(self, account_id: int) -> None:
        if self._can_open(COUNTER_PLACE):
            self.window.show_area(COUNTER_PLACE)
            self._call(COUNTER_PLACE, "pay", Chosen(account_id))

    def _open_account(self, account_id: int) -> None:
        if self._can_open(ACCOUNT_PLACE):
            self.window.show_area(ACCOUNT_PLACE)
            self._call(ACCOUNT_PLACE, "open_account", account_id)
        elif self._can_open(COUNTER_PLACE):
            self._pay(account_id)

    def _open_event(self, event_id: int) -> None:
        if self._can_open(EVENT_PLACE):
            self.window.show_area(EVENT_PLACE)
            self._call(EVENT_PLACE, "open_event", event_id)

    def _open_area(self, area_id: str) -> None:
        if self._can_open(area_id):
            self.window.show_area(area_id)

    def _open_run(self, run_id: str) -> None:
        if self._can_open(BATCH_PLACE):
            self.window.show_area(BATCH_PLACE)
            self._call(BATCH_PLACE, "open_run", run_id)

    def _to_drawer(self) -> None:
        self._open_area(DRAWER_PLACE)

    def _can_open(self, area_id: str) -> bool:
        return self.window.offers(area_id)

    def _call(self, area_id: str, what: str, *facts: Any) -> None:
        method = getattr(self.window.screen_of(area_id), what, None)
        if callable(method):
            method(*facts)

    # -- header and foot

    def _on_changes(self, changes: frozenset[tuple[str, int]]) -> None:
        from cashier_app.ui.backend import touches  # noqa: PLC0415

        if touches(changes, "tender_control", "user"):
            self._show_drawer()

    def _show_drawer(self) -> None:
        self.backend.tasks.start(self._read_drawer())

    async def _read_drawer(self) -> None:
        from cashier_app.services.queries.board import my_drawer  # noqa: PLC0415

        try:
            card = await self.backend.query(my_drawer, self.user.id)
        except CashierError:
            return
        self._mark_drawer(card)

    def _mark_drawer(self, card: DrawerCard | None) -> None:
        translate = QCoreApplication.translate
        about = translate("session", "Drawer")
        if not self._can_open(DRAWER_PLACE):
            self.shell.drawer.show_state("")
        elif card is None:
            self.shell.drawer.show_state(translate("session", "No drawer open"), "neutral", about=about)
        elif card.status == "OPEN":
            tone: Tone = "attention" if card.limit_passed else "good"
            words = (
                translate("session", "{drawer} · turn in")
                if card.limit_passed
                else translate("session", "{drawer} open")
            )
            self.shell.drawer.show_state(words.format(drawer=card.tender_source), tone, about=about)
        else:
            words = translate("session", "{drawer} being counted").format(drawer=card.tender_source)
            self.shell.drawer.show_state(words, "attention", about=about)

    def _over(self) -> Any:
        return self.shell

    def _say(self, text: str, tone: Any = "neutral") -> None:
        self.window.say(text, tone)


def judge(text: str) -> Judgement | None:
    """What a number is, while it is typed."""
    from cashier_app.domain.identifiers import ACCOUNT_DIGITS, RECEIPT_DIGITS, has_valid_check_digit  # noqa: PLC0415

    digits = text.replace(" ", "").replace("-", "")
    if not digits.isdigit() or len(digits) < _NUMBER:
        return None
    translate = QCoreApplication.translate
    names = {ACCOUNT_DIGITS: translate("session", "account"), RECEIPT_DIGITS: translate("session", "receipt")}
    if len(digits) not in names:
        return None
    if has_valid_check_digit(digits):
        return Judgement(True, names[len(digits)])
    return Judgement(False, translate("session", "check digit?"))
