"""The line to the server, whole: how it stands, what waits to be sent, what to do, and *try now*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.errors import CashierError
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import look
from cashier_app.ui.branch_line import LineState, Phase
from cashier_app.ui.table_models.rows import Align, Column, RowsModel
from cashier_app.ui.views.command_words import command_words
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.line_words import advice_words, directory_words, number, title_words, waiting_words
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.views.shown_figures import unsent_figure
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import carry
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, label

if TYPE_CHECKING:
    from cashier_app.services.queries.outbox import UnsentCommand
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.branch_line import BranchLine

_WIDTH: Final = 720
_ROWS: Final = 8
MOST: Final = 200
"""Commands that are listed."""


class LinePanel(Overlay):
    """Lies over the screen until Escape."""

    def __init__(self, over: QWidget, backend: Backend, line: BranchLine) -> None:
        super().__init__(over, width=_WIDTH)
        translate = QCoreApplication.translate
        self._backend, self._line = backend, line
        self._sequence = (-1, -1)
        self.setAccessibleName(translate("line", "The line to the server"))
        self.title = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True)
        self.alarm = label(role="danger", wraps=True)
        self.problem = label(role="muted", wraps=True)
        self.advice = label(wraps=True)
        self.facts = FactList()
        self.waiting = RowsModel(_columns(), key=lambda row: row.sequence)
        self.table = TableView(translate("line", "Not sent yet, newest first"))
        self.table.setModel(self.waiting)
        self.table.setFixedHeight(look.ROW_DENSE * (_ROWS + 1) + 2)
        self._section = SectionLabel(translate("line", "Not sent yet"))
        self._nothing = label(translate("line", "Nothing waits to be sent."), role="muted")
        self._elsewhere = label(
            translate(
                "line",
                "Transfers, adjustments, bills and users need the ledger: they are done at the office.",
            ),
            role="muted",
            wraps=True,
        )
        self.try_now = QPushButton(translate("line", "Try now"))
        self.try_now.setProperty("kind", "primary")
        self.try_now.setAutoDefault(True)
        self._build()
        self.try_now.clicked.connect(lambda _checked=False: line.try_now())
        line.changed.connect(self.show_state)

    def summon(self) -> None:
        """Open with what is known now."""
        self._sequence = (-1, -1)
        self.show_state(self._line.state)
        self.open(self.try_now)
        self.show_state(self._line.state)

    def show_state(self, state: LineState) -> None:
        """Show the line as it is."""
        translate = QCoreApplication.translate
        link = state.link
        refused = state.phase is Phase.REFUSED
        self.title.setText(title_words(state))
        self.alarm.setText((link.alarm or state.problem) if refused else "")
        self.alarm.setVisible(refused)
        self.problem.setText(state.problem if state.phase is Phase.OFFLINE else "")
        self.problem.setVisible(state.phase is Phase.OFFLINE and bool(state.problem))
        self.advice.setText(advice_words(state))
        contact = when.moment(link.contact_at) if link.contact_at else translate("line", "never")
        facts = (
            (translate("line", "Server"), link.server_url),
            (translate("line", "This workstation"), link.workstation),
            (translate("line", "Last contact"), contact),
            (translate("line", "Directory"), directory_words(state)),
        )
        self.facts.show_facts([Fact(name, value) for name, value in facts])
        # It stays enabled: the focus would leave a disabled button, and the panel with it.
        self.try_now.setText(translate("line", "Trying …") if state.trying else translate("line", "Try now"))
        self._section.setText(waiting_words(state) or translate("line", "Not sent yet"))
        carry(self._section, *unsent_figure(link.unsent))
        if self.isVisible() and (link.confirmed, link.sequence) != self._sequence:
            self._sequence = (link.confirmed, link.sequence)
            self._backend.tasks.start(self._list())

    async def _list(self) -> None:
        from cashier_app.services.queries.outbox import unsent_commands  # noqa: PLC0415

        try:
            found = await self._backend.query(unsent_commands, MOST)
        except CashierError:
            return
        self.waiting.replace(found)
        self.table.setVisible(bool(found))
        self._nothing.setVisible(not found)
        more = self._line.state.link.unsent - len(found)
        words = QCoreApplication.translate("line", "… and {count} older ones").format(count=number(more))
        self._more.setText(words if found and more > 0 else "")
        self._more.setVisible(bool(found) and more > 0)
        self._place()

    def _build(self) -> None:
        self._more = label(role="muted")
        self._more.hide()
        self.table.hide()
        foot = QHBoxLayout()
        foot.setSpacing(look.SPACE * 4)
        foot.addWidget(self._elsewhere, 1)
        foot.addWidget(self.try_now, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(SectionLabel(QCoreApplication.translate("line", "The line to the server")))
        for part in (self.title, self.alarm, self.advice, self.problem):
            column.addWidget(part)
        column.addSpacing(look.SPACE)
        column.addWidget(self.facts)
        column.addSpacing(look.SPACE * 2)
        column.addWidget(self._section)
        column.addWidget(self.table)
        column.addWidget(self._more)
        column.addWidget(self._nothing)
        column.addSpacing(look.SPACE * 2)
        column.addLayout(foot)


def _columns() -> tuple[Column[UnsentCommand], ...]:
    translate = QCoreApplication.translate
    return (
        Column(translate("line", "When"), lambda row: when.moment(row.at), sample="24 Nov 2026 17:45"),
        Column(translate("line", "What"), lambda row: command_words(row.command), stretch=1),
        Column(
            translate("line", "Amount"),
            _amount,
            align=Align.END,
            sample="12,345.00 USD",
            figure=lambda row: figure(FigureKind.COMMAND, row.journal_id),
        ),
        Column(translate("line", "Who"), lambda row: row.user, stretch=1),
    )


def _amount(row: UnsentCommand) -> str:
    return manner(row.amount.currency).with_currency(row.amount.minor) if row.amount else ""
