"""About this figure: from a balance to the transactions that made it, their commands, rules and books (row H7)."""

from __future__ import annotations

from functools import partial

from cashier_app.services.queries.explain import BalanceExplanation, BalanceKind, explain_balance
from cashier_app.ui.view_models.desk import Desk, Screen

STEPS = 50
"""Steps read at first; more are read when somebody asks for them."""


class Explain(Screen):
    """One balance and its steps."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "event")
        self.sa_id: int | None = None
        self.kind: BalanceKind = "current"
        self.explanation: BalanceExplanation | None = None
        self._limit = STEPS

    def open(self, sa_id: int, kind: BalanceKind = "current") -> None:
        """Explain a balance."""
        self.sa_id, self.kind, self.explanation, self._limit = sa_id, kind, None, STEPS
        self.refresh()

    def show_kind(self, kind: BalanceKind) -> None:
        """Explain the same agreement's other balance."""
        if self.sa_id is not None and kind != self.kind:
            self.open(self.sa_id, kind)

    def more(self) -> None:
        """Read further back."""
        self._limit *= 4
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        if self.sa_id is not None:
            self.ask(self._show, partial(explain_balance, limit=self._limit), self.sa_id, self.kind)

    def _show(self, explanation: BalanceExplanation) -> None:
        if (explanation.sa_id, explanation.kind) == (self.sa_id, self.kind):
            self.explanation = explanation
            self.notify()
