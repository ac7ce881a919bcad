"""HOW: what is handed over, the change due, and the one button; between visits, what was taken last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.view_models.counter import CounterModel
from cashier_app.ui.view_models.numbers import receipt_number
from cashier_app.ui.view_models.paying import NO_AMOUNT, NO_REFERENCE, STILL_MISSING
from cashier_app.ui.views.counter_what import AMOUNT_WIDTH, LINE, EnterMoney, column_title, lines_in
from cashier_app.ui.views.counter_who import AlertLine, section
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import BigChange
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.keyed import KeyedButton
from cashier_app.ui.widgets.words import KeyHint, ProblemLabel, label, rule

if TYPE_CHECKING:
    from cashier_app.services.queries.till import OfferedTender
    from cashier_app.ui.view_models.paying import TenderLine

KEYS: Final = ("F5", "F6", "F7")
"""Of the first tender types."""
MOST_WARNINGS: Final = 2
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


class TenderRow(QWidget):
    """A kind of tender: its key, its number where it has one, its amount."""

    def __init__(self, model: CounterModel, place: int) -> None:
        super().__init__()
        self._model, self._place = model, place
        self._name = ElidedLabel(weight=QFont.Weight.Medium)
        self._key = KeyHint("F5")
        self._key.setFixedWidth(28)
        self.reference = QLineEdit()
        self.reference.setFixedWidth(92)
        self.amount = EnterMoney(QCoreApplication.translate("counter", "Handed over"))
        self.amount.setFixedWidth(AMOUNT_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        row.addWidget(self._key)
        row.addWidget(self._name, 1)
        row.addWidget(self.reference)
        row.addWidget(self.amount)
        self.setFixedHeight(LINE)
        hide = self._key.sizePolicy()
        hide.setRetainSizeWhenHidden(True)
        self._key.setSizePolicy(hide)
        self.reference.setPlaceholderText(QCoreApplication.translate("counter", "Number"))
        self.amount.value_changed.connect(partial(model.set_tender, place))
        self.amount.entered.connect(model.take)
        self.reference.textEdited.connect(partial(model.set_reference, place))
        self.reference.returnPressed.connect(model.take)

    def show_kind(self, kind: OfferedTender, key: str) -> None:
        """A tender type of the configuration, while nobody is at the counter."""
        self._head(kind, key)
        self.amount.setEnabled(False)
        self.amount.set_value(None)
        self.reference.setVisible(False)
        self.reference.clear()

    def show_line(self, line: TenderLine, key: str, currency: str) -> None:
        """What was handed over."""
        self._head(line.kind, key)
        self.amount.setEnabled(True)
        self.amount.show_value(line.amount, manner(currency))
        # Never hidden and shown again: the field somebody types into would lose the keys.
        self.reference.setVisible(line.kind.needs_reference and line.is_used)
        if self.reference.text().strip() != line.reference:
            self.reference.setText(line.reference)

    def _head(self, kind: OfferedTender, key: str) -> None:
        self._name.setText(kind.description)
        self._key.setVisible(bool(key))
        self._key.setText(key)
        self.amount.setAccessibleName(kind.description)
        words = QCoreApplication.translate("counter", "Number of {tender}")
        self.reference.setAccessibleName(words.format(tender=kind.description))

    def mark(self, *, refused: bool) -> None:
        """Show that the number is missing."""
        if bool(self.reference.property("refused")) != refused:
            self.reference.setProperty("refused", refused)
            self.reference.style().unpolish(self.reference)
            self.reference.style().polish(self.reference)


class HowPanel(QWidget):
    """Tenders, change and the button. Its places never move."""

    def __init__(self, model: CounterModel, take: QAction, to_drawer: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("counter", "How"))
        self._rows: list[TenderRow] = []
        self._tenders = QVBoxLayout()
        self._tenders.setSpacing(0)
        self._warnings = [AlertLine() for _ in range(MOST_WARNINGS)]
        self._drawer = label(role="attention", wraps=True)
        self._to_drawer = QWidget()
        row = QHBoxLayout(self._to_drawer)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(KeyedButton(to_drawer, kind=""))
        row.addStretch()
        self.change = BigChange()
        self.change.setContentsMargins(0, 0, 12, 0)  # its figures end where those of the fields do
        self._taken = ElidedLabel(weight=QFont.Weight.Medium)
        self._receipt = label(role="muted")
        self._recorded = ElidedLabel(role="muted")
        self._problem = ProblemLabel()
        self.button = QPushButton()
        self.button.setProperty("kind", "primary")
        self.button.setMinimumHeight(40)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(section(translate("counter", "How")))
        head.addWidget(column_title(translate("counter", "Handed over"), 12), 0, _RIGHT)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._room_for_tenders())
        column.addWidget(rule())
        column.addWidget(self.change)
        column.addWidget(self.button)
        column.addWidget(self._problem)
        for widget in (*self._warnings, self._taken, self._receipt, self._recorded, self._drawer):
            column.addWidget(widget)
        column.addWidget(self._to_drawer)
        column.addStretch(1)
        # Not worn: what the button says and whether it may be pressed is the visit's, not the action's.
        self.button.setToolTip(take.toolTip())
        self.button.setAccessibleName(take.text())
        self.button.clicked.connect(lambda _checked=False: take.trigger())
        model.changed.connect(self._render)
        self._render()

    def _room_for_tenders(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._tenders)
        column.addStretch()
        return lines_in(inside, QCoreApplication.translate("counter", "Tenders"))

    def amount_edit(self, place: int) -> EnterMoney | None:
        """The amount of a line."""
        return self._rows[place].amount if place < len(self._rows) else None

    def reference_edit(self, place: int) -> QLineEdit | None:
        """The number of a line."""
        return self._rows[place].reference if place < len(self._rows) else None

    def _render(self) -> None:
        self._render_rows()
        self._render_drawer()
        self._render_change()
        self._render_problem()
        model = self._model
        usable = model.visit is not None and model.can_take_here and not model.busy
        self.button.setEnabled(usable)
        translate = QCoreApplication.translate
        self.button.setText(
            translate("counter", "Taking payment …") if model.busy else translate("counter", "Take payment  (Enter)")
        )

    def _render_rows(self) -> None:
        model = self._model
        kinds = model.facts.tender_types if model.facts else ()
        lines = model.visit.lines if model.visit else []
        wanted = len(lines) or len(kinds)
        while len(self._rows) < wanted:
            row = TenderRow(model, len(self._rows))
            self._rows.append(row)
            self._tenders.addWidget(row)
        codes = [kind.code for kind in kinds]
        missing = {problem.field for problem in model.problems if problem.code == NO_REFERENCE}
        for place, row in enumerate(self._rows):
            row.setVisible(place < wanted)
            if place < len(lines):
                line = lines[place]
                first = place == 0 or lines[place - 1].kind.code != line.kind.code
                row.show_line(line, _key_of(codes.index(line.kind.code)) if first else "", model.visit.currency)  # type: ignore[union-attr]
                row.setEnabled(not model.busy)
                row.mark(refused=f"tenders.{place}.reference" in missing)
            elif place < len(kinds):
                row.show_kind(kinds[place], _key_of(place))

    def _render_drawer(self) -> None:
        model = self._model
        translate = QCoreApplication.translate
        words = ""
        if model.facts is not None and model.drawer is None:
            words = translate("counter", "You have no open drawer. Open one to take money.")
        elif model.drawer is not None and not model.can_take_here:
            words = translate("counter", "Your drawer is being counted. Balance it, or take it up again.")
        self._drawer.setText(words)
        self._drawer.setVisible(bool(words))
        self._to_drawer.setVisible(bool(words))
        warnings = [problem.sentence for problem in model.preview.warnings]
        for place, line in enumerate(self._warnings):
            line.show_words(warnings[place] if place < len(warnings) else "")

    def _render_change(self) -> None:
        visit, finished = self._model.visit, self._model.finished
        translate = QCoreApplication.translate
        self._taken.setText("")
        self._receipt.setText("")
        self._recorded.setText("")
        if visit is not None and visit.handed:
            self.change.show_change(visit.change, manner(visit.currency))
        elif visit is None and finished is not None:
            money = manner(finished.currency)
            words = translate("counter", "{name} paid {amount}")
            self._taken.setText(words.format(name=finished.name, amount=money.text(finished.amount)))
            words = translate("counter", "Receipt {number}").format(number=receipt_number(finished.receipt_number))
            self._receipt.setText(words if finished.receipt_number else "")
            recorded = translate("counter", "Recorded; the server distributes it")
            self._recorded.setText(recorded if self._model.desk.is_at_a_branch else "")
            self.change.show_change(finished.change, money)
        else:
            self.change.clear()

    def _render_problem(self) -> None:
        translate = QCoreApplication.translate
        own = {
            NO_REFERENCE: translate("counter", "Type its number first."),
            STILL_MISSING: translate("counter", "Less was handed over than is paid. Add a tender, or pay less."),
            NO_AMOUNT: translate("counter", "Type the amount that is paid first."),
        }
        sentences = [problem.sentence or own.get(problem.code, problem.code) for problem in self._model.problems]
        self._problem.show_problem(" ".join(sentences) or self._model.problem)


def _key_of(number: int) -> str:
    return KEYS[number] if number < len(KEYS) else ""
