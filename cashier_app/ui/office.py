"""What the back office adds to every screen of a session: Ctrl+F, the panel about a figure, counts in the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.ui.areas import ACCOUNT_PLACE, EVENT_PLACE, TO_DO_PLACE
from cashier_app.ui.office_actions import EXPLAIN, FIND
from cashier_app.ui.widgets.figures import FigureMenu, Named, carry, figures_at, figures_below

if TYPE_CHECKING:
    from cashier_app.ui.view_models.desk import Desk
    from cashier_app.ui.view_models.work_lists import ToDoWaiting, WorkLists
    from cashier_app.ui.views.explain import ExplainPanel
    from cashier_app.ui.views.main_window import MainWindow


class Office:
    """Lives as long as the session. What is heavy is imported when it is first wanted."""

    def __init__(self, window: MainWindow, desk: Desk) -> None:
        assert window.shell is not None, "somebody has signed in"
        assert window.actions_offered is not None, "the shell has actions"
        self._window, self._shell, self._desk = window, window.shell, desk
        self._panel: ExplainPanel | None = None
        self._waiting: WorkLists | None = None
        self._to_do: ToDoWaiting | None = None
        desk.go.explain.connect(self.explain)
        window.actions_offered.bind(self._shell, FIND.id, self.find)
        window.actions_offered.bind(self._shell, EXPLAIN.id, self.explain)
        self._shell.explain_button.clicked.connect(lambda _checked=False: self.explain())
        self._menu = FigureMenu(self._shell)
        self._menu.chosen.connect(self.explain)
        if window.offers(TO_DO_PLACE):
            self._count_to_do()
        if window.offers(EVENT_PLACE):
            self._count()

    def close(self) -> None:
        """The session ends."""
        self._desk.go.explain.disconnect(self.explain)
        for counted in (self._waiting, self._to_do):
            if counted is not None:
                counted.leave()

    def find(self) -> None:
        """Go to the customers with the focus in the home field."""
        if self._window.offers(ACCOUNT_PLACE):
            self._window.show_area(ACCOUNT_PLACE)
        self._shell.scan.go_home()

    def explain(self, address: Figure = NO_FIGURE) -> None:
        """Say what made a figure, over whatever is on the screen.

        Without one: that on which the keys are; where they are on several, or on none, one of them is chosen first.
        """
        if self._panel is None:
            from cashier_app.ui.views.explain import ExplainPanel  # noqa: PLC0415

            self._panel = ExplainPanel(self._shell, self._desk)
        if address:
            self._panel.show_figure(address)
            return
        found = figures_at(self._shell.window().focusWidget()) or figures_below(self._shell.content)
        if len(found) == 1:
            self._panel.show_figure(found[0].figure)
        else:
            self._panel.show_choices(found)

    def _count(self) -> None:
        from cashier_app.ui.view_models.work_lists import WorkLists  # noqa: PLC0415

        self._waiting = WorkLists(self._desk)
        self._waiting.changed.connect(self._show_count)
        self._waiting.enter()

    def _show_count(self, *_facts: Any) -> None:
        if self._waiting is not None:
            waiting = self._waiting.waiting
            count = waiting.count if self._to_do is None else waiting.events
            self._shell.rail.show_count(EVENT_PLACE, count)
            translate = QCoreApplication.translate
            lists = (
                (translate("office", "Unbalanced events"), waiting.unbalanced, "unbalanced"),
                (translate("office", "Events to be frozen"), waiting.unfrozen, "unfrozen"),
            )
            shown = [
                Named(words, str(len(rows)), figure(FigureKind.TO_DO, which)) for words, rows, which in lists if rows
            ]
            carry(self._shell.rail.button(EVENT_PLACE), *shown)

    def _count_to_do(self) -> None:
        from cashier_app.ui.view_models.work_lists import ToDoWaiting  # noqa: PLC0415

        self._to_do = ToDoWaiting(self._desk)
        self._to_do.changed.connect(self._show_to_do)
        self._to_do.enter()

    def _show_to_do(self, *_facts: Any) -> None:
        if self._to_do is not None:
            self._shell.rail.show_count(TO_DO_PLACE, self._to_do.count)
            words = QCoreApplication.translate("office", "Waits for you")
            button = self._shell.rail.button(TO_DO_PLACE)
            carry(button, Named(words, str(self._to_do.count), figure(FigureKind.TO_DO, "")))
