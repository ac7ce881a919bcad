"""The line to the server in a session: the chip that is always in sight, and the panel behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cashier_app.ui.office_actions import LINE, TRY_LINE
from cashier_app.ui.views.line_words import chip_words, widest_words
from cashier_app.ui.views.shown_figures import unsent_figure
from cashier_app.ui.widgets.figures import carry

if TYPE_CHECKING:
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.branch_line import BranchLine, LineState
    from cashier_app.ui.views.line_panel import LinePanel
    from cashier_app.ui.views.main_window import MainWindow


class LineDesk:
    """Lives as long as the session of somebody at a branch."""

    def __init__(self, window: MainWindow, backend: Backend, line: BranchLine) -> None:
        assert window.shell is not None, "somebody has signed in"
        assert window.actions_offered is not None, "the shell has actions"
        self._shell, self._backend, self.line = window.shell, backend, line
        self._panel: LinePanel | None = None
        self._action = window.actions_offered.bind(self._shell, LINE.id, self.show_panel)
        window.actions_offered.bind(self._shell, TRY_LINE.id, self.try_now)
        self._shell.line.reserve(widest_words())
        self._shell.line.clicked.connect(self.show_panel)
        line.changed.connect(self._show)
        self._show(line.state)

    def show_panel(self) -> None:
        """Open what is behind the chip."""
        from cashier_app.ui.views.line_panel import LinePanel  # noqa: PLC0415

        if self._panel is None:
            self._panel = LinePanel(self._shell, self._backend, self.line)
        self._panel.summon()

    def try_now(self) -> None:
        """Do not wait for the next time."""
        self.line.try_now()

    def close(self) -> None:
        """The session ends; the line goes on."""
        self.line.changed.disconnect(self._show)

    def _show(self, state: LineState) -> None:
        said = chip_words(state)
        about = QCoreApplication.translate("line", "Line to the server")
        self._shell.line.show_state(said.words, said.tone, about=about)
        carry(self._shell.line, *unsent_figure(state.link.unsent))
        self._shell.line.setToolTip(f"{self._shell.line.accessibleName()} ({LINE.key})")
