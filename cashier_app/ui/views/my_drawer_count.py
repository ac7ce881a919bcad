"""Counting my drawer: cash by denomination, checks ticked off, then one sentence, and closing it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.ui import look
from cashier_app.ui.view_models.drawer_count import DrawerCount
from cashier_app.ui.view_models.my_drawer import MyDrawer
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.shown_figures import drawer_figure
from cashier_app.ui.widgets.amounts import AmountLabel
from cashier_app.ui.widgets.denominations import DenominationTable
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.keyed import plain
from cashier_app.ui.widgets.words import ProblemLabel, SectionLabel, label, rule


class TickList(QWidget):
    """Checks and the like, to be ticked off as they are found."""

    def __init__(self, count: DrawerCount, names: dict[str, str]) -> None:
        """`names` says what tender types are called."""
        super().__init__()
        self._count = count
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("my_drawer", "Checks to tick off"))
        money = manner(count.currency)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(look.SPACE)
        grid.setHorizontalSpacing(look.SPACE * 3)
        grid.setColumnStretch(1, 1)
        self.boxes: list[QCheckBox] = []
        for row, tender in enumerate(count.listed):
            box = QCheckBox(plain(f"{names.get(tender.tender_type, tender.tender_type)} {tender.reference}".strip()))
            box.setAccessibleName(f"{box.text()} {tender.remitter} {money.text(tender.amount)}")
            box.toggled.connect(partial(self._toggled, tender.tender_id))
            amount = AmountLabel(money)
            amount.set_amount(tender.amount)
            grid.addWidget(box, row, 0)
            grid.addWidget(ElidedLabel(tender.remitter, role="muted"), row, 1)
            grid.addWidget(amount, row, 2)
            self.boxes.append(box)
        grid.setRowStretch(len(count.listed), 1)

    def _toggled(self, tender_id: int, there: bool) -> None:
        self._count.tick(tender_id, there=there)


class CountView(QWidget):
    """The count while it is made, and what it said."""

    save_wanted = Signal()
    recount_wanted = Signal()
    balance_wanted = Signal(str)
    """The note, where one was given."""

    def __init__(self, model: MyDrawer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("my_drawer", "Count"))
        self._for: DrawerCount | None = None
        self._answered = False
        self.table: DenominationTable | None = None
        self.ticks: TickList | None = None
        self._cash = QVBoxLayout()
        self._papers = QVBoxLayout()
        self._papers_title = SectionLabel(translate("my_drawer", "Tick off what is there"))
        self._totals = label(role="muted", wraps=True)
        self.save = QPushButton(translate("my_drawer", "That is all: compare"))
        self.save.setProperty("kind", "primary")
        self._sentence = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True)
        self.note = QLineEdit()
        self.note.setAccessibleName(translate("my_drawer", "Reason of the difference"))
        self.note.setPlaceholderText(translate("my_drawer", "What the difference may come from"))
        self.recount = QPushButton(translate("my_drawer", "Recount"))
        self.close_drawer = QPushButton(translate("my_drawer", "Balance and close"))
        self.close_drawer.setProperty("kind", "primary")
        self._problem = ProblemLabel(self.note)
        self._lay_out()
        self.save.clicked.connect(self.save_wanted)
        self.recount.clicked.connect(self.recount_wanted)
        self.close_drawer.clicked.connect(self._want_balance)
        self.note.returnPressed.connect(self._want_balance)
        model.changed.connect(self._render)

    def start(self) -> None:
        """Go to the first figure to type, or to the answer."""
        if self._model.counted is None and self.table is not None:
            self.table.start()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(SectionLabel(QCoreApplication.translate("my_drawer", "Cash")))
        left.addLayout(self._cash)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(look.SPACE * 2)
        right.addWidget(self._papers_title)
        right.addLayout(self._papers)
        right.addWidget(rule())
        right.addWidget(self._totals)
        right.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeading)
        right.addWidget(self._sentence)
        right.addWidget(self.note)
        right.addWidget(self._problem)
        answers = QHBoxLayout()
        answers.addWidget(self.recount)
        answers.addWidget(self.close_drawer)
        answers.addStretch()
        right.addLayout(answers)
        right.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(look.SPACE * 8)
        across.addLayout(left, 5)
        across.addLayout(right, 4)

    def _render(self) -> None:
        count = self._model.count
        if count is not self._for:
            self._build(count)
        if count is None:
            return
        busy = self._model.sending.busy
        counted = self._model.counted
        self._totals.setText(self._total_words(count))
        self.save.setVisible(counted is None)
        self.save.setEnabled(not busy)
        for widget in (self.recount, self.close_drawer):
            widget.setVisible(counted is not None)
            widget.setEnabled(not busy)
        for part in (self.table, self.ticks):
            if part is not None:
                part.setEnabled(counted is None)
        off = counted is not None and not counted.in_balance
        self.note.setVisible(off)
        if (counted is not None) != self._answered and not busy:
            self._answered = counted is not None
            if self._answered:
                (self.note if off else self.close_drawer).setFocus(Qt.FocusReason.OtherFocusReason)
        self._sentence.setText(self._result())
        carry(self._sentence, *self._differences())
        self._sentence.setProperty("role", "attention" if off else "good")
        self._sentence.style().unpolish(self._sentence)
        self._sentence.style().polish(self._sentence)
        self._show_problems(self._model.sending.problems)

    def _build(self, count: DrawerCount | None) -> None:
        for layout in (self._cash, self._papers):
            while layout.count():
                taken = layout.takeAt(0)
                widget = taken.widget() if taken is not None else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        self._for, self.table, self.ticks = count, None, None
        self.note.clear()
        if count is None:
            return
        self.table = DenominationTable(count.counting, manner(count.currency))
        self.table.finished.connect(self.save.setFocus)
        self._cash.addWidget(self.table)
        self._papers_title.setVisible(bool(count.listed))
        if count.listed:
            self.ticks = TickList(count, self._names)
            self._papers.addWidget(self.ticks)
        count.changed.connect(self._render)

    def _total_words(self, count: DrawerCount) -> str:
        money = manner(count.currency)
        return " · ".join(f"{self._name(kind)} {money.text(amount)}" for kind, amount in count.totals.items())

    @property
    def _names(self) -> dict[str, str]:
        facts = self._model.facts
        return {kind.code: kind.description for kind in facts.tender_types} if facts else {}

    def _name(self, kind: str) -> str:
        return self._names.get(kind, kind)

    def _result(self) -> str:
        counted = self._model.counted
        translate = QCoreApplication.translate
        if counted is None:
            return ""
        if counted.in_balance:
            return translate("my_drawer", "In balance")
        parts = []
        for line in counted.lines:
            over = line.variance.minor
            if over:
                words = (
                    translate("my_drawer", "{kind} is over {amount}")
                    if over > 0
                    else translate("my_drawer", "{kind} is short {amount}")
                )
                parts.append(
                    words.format(
                        kind=self._name(line.tender_type), amount=manner(line.variance.currency).text(abs(over))
                    )
                )
        sentence = translate("my_drawer", "{differences}. Recount, or book it with a reason.")
        return sentence.format(differences=", ".join(parts))

    def _differences(self) -> list[Named]:
        lines = self._model.counted.lines if self._model.counted is not None else ()
        return [
            Named(
                self._name(line.tender_type),
                manner(line.variance.currency).text(line.variance.minor),
                drawer_figure(self._model.control_id, "difference", line.tender_type),
            )
            for line in lines
            if line.variance.minor
        ]

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self._problem.show_problem(" ".join(problem.sentence for problem in problems))

    def _want_balance(self) -> None:
        self.balance_wanted.emit(self.note.text())
