"""About this figure: a panel that walks from a balance to command, rule and books, in sentences (row H7)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.services.queries.explain import BalanceExplanation, BalanceKind, BalanceStep
from cashier_app.ui import look
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.explain import Explain
from cashier_app.ui.views.ledger_words import ft_words, manner
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import SectionLabel, label, rule

_WIDTH = 760
_ROWS = 11


class ExplainPanel(Overlay):
    """Lies over the screen until Escape; the steps open to what made them."""

    def __init__(self, over: QWidget, desk: Desk) -> None:
        super().__init__(over, width=_WIDTH)
        translate = QCoreApplication.translate
        self._desk = desk
        self.explain = Explain(desk)
        self.setAccessibleName(translate("explain", "About this figure"))
        self._title = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True)
        self._sum = label(role="muted", wraps=True)
        self.kinds: dict[str, QPushButton] = {}
        chips = QHBoxLayout()
        chips.setSpacing(look.SPACE * 2)
        chips.addWidget(self._chip("current", translate("explain", "Current balance")))
        chips.addWidget(self._chip("payoff", translate("explain", "Payoff balance")))
        chips.addStretch()
        self.steps = TreeView(
            translate("explain", "Steps of the balance, newest first"),
            (
                Heading(translate("explain", "Day"), sample="24 Nov 2026"),
                Heading(translate("explain", "What"), stretch=1),
                amount_heading(translate("explain", "Change")),
                amount_heading(translate("explain", "Balance"), "12,345.00 CR"),
            ),
        )
        self.steps.setFixedHeight(look.ROW_DENSE * _ROWS)
        self._sentence = label(wraps=True)
        self._rule = label(role="muted", wraps=True)
        self._sentence.setMinimumHeight(look.ROW_DENSE * 2)
        self._earlier = QPushButton(translate("explain", "Earlier steps"))
        self._earlier.setProperty("kind", "quiet")
        self._event = QPushButton(translate("explain", "Go to the payment event"))
        self._event.setProperty("kind", "quiet")
        foot = QHBoxLayout()
        foot.addWidget(self._earlier)
        foot.addStretch()
        foot.addWidget(self._event)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(SectionLabel(translate("explain", "About this figure")))
        column.addWidget(self._title)
        column.addWidget(self._sum)
        column.addLayout(chips)
        for part in (self.steps, rule(), self._sentence, self._rule):
            column.addWidget(part)
        column.addLayout(foot)
        self.explain.changed.connect(self._render)
        self.steps.current_changed.connect(self._show_step)
        self._earlier.clicked.connect(lambda _checked=False: self.explain.more())
        self._event.clicked.connect(lambda _checked=False: self._go_to_event())

    def show_balance(self, sa_id: int, kind: BalanceKind = "current") -> None:
        """Explain an agreement's balance."""
        self.steps.show_branches(())
        self.explain.open(sa_id, kind)
        self.open(self.steps)

    def _chip(self, kind: BalanceKind, words: str) -> QPushButton:
        chip = QPushButton(words)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda _checked=False: self.explain.show_kind(kind))
        self.kinds[kind] = chip
        return chip

    def _render(self) -> None:
        explanation = self.explain.explanation
        for kind, chip in self.kinds.items():
            chip.setChecked(kind == self.explain.kind)
        if explanation is None:
            self._sum.setText(self.explain.problem)
            return
        self._title.setText(explanation.title)
        self._sum.setText(_sum_words(explanation))
        first = not self.steps.rows.rowCount()
        self.steps.show_branches([_step_branch(step, explanation.currency) for step in explanation.steps])
        self.steps.go_to_first()
        if first:
            self.steps.expand(self.steps.rows.index(0, 0))
        self._earlier.setVisible(not explanation.is_complete)
        self._show_step(self.steps.current_row())

    def _show_step(self, step: object) -> None:
        if not isinstance(step, BalanceStep):
            self._sentence.setText("")
            self._rule.setText("")
            self._event.hide()
            return
        self._sentence.setText(step.explanation.sentence)
        self._rule.setText(step.explanation.rule)
        self._event.setVisible(step.explanation.event_id is not None)

    def _go_to_event(self) -> None:
        step = self.steps.current_row()
        if isinstance(step, BalanceStep) and step.explanation.event_id is not None:
            self.dismiss()
            self._desk.go.event.emit(step.explanation.event_id)


def _sum_words(explanation: BalanceExplanation) -> str:
    translate = QCoreApplication.translate
    words = manner(explanation.currency)
    balance = words.balance(explanation.balance)
    if not explanation.steps:
        return translate("explain", "Nothing was ever charged or paid: the balance is {balance}.").format(
            balance=balance
        )
    if explanation.is_complete:
        sentence = translate("explain", "{balance} is the sum of these {count} steps.")
    else:
        sentence = translate("explain", "{balance} is {carried} from before and these {count} steps.")
    return sentence.format(balance=balance, count=len(explanation.steps), carried=words.balance(explanation.carried))


def _step_branch(step: BalanceStep, currency: str) -> Branch:
    words = manner(currency)
    explanation = step.explanation
    # The sentence and the rule stand below the list, whole, while the keys are on the step.
    below = [*(f"{name}: {value}" for name, value in explanation.parameters), *explanation.books]
    title = f"{ft_words(explanation.ft.kind)} · {explanation.ft.command}"
    return Branch(
        (when.day(explanation.ft.accounting_date), title, words.text(step.amount), words.balance(step.balance)),
        key=explanation.ft.ft_id,
        row=step,
        below=tuple(Branch(("", line), role="muted", tips=("", line)) for line in below),
        tips=("", explanation.sentence),
    )
