"""At a branch: what an account has paid here that its balance does not know of yet, and from when the balance is."""

from __future__ import annotations

from datetime import datetime

from cashier_app.domain.errors import CashierError
from cashier_app.ui.backend import touches
from cashier_app.ui.branch_line import Phase
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.observable import Observable


class RecordedHere(Observable):
    """Follows one account at a time. Anywhere but at a branch it has nothing to tell."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._account_id: int | None = None
        self.amount = 0
        """Minor units of the account's currency."""
        if desk.is_at_a_branch:
            desk.backend.changed.connect(self._on_changes)
            assert desk.backend.line is not None, "it is a branch"
            desk.backend.line.changed.connect(self._on_line)

    @property
    def as_of(self) -> datetime | None:
        """From when the balances are, where that is not now."""
        line = self._desk.backend.line
        if line is None or (line.state.phase is Phase.CONNECTED and not self.amount):
            return None
        return line.state.link.contact_at

    def follow(self, account_id: int | None) -> None:
        """Look at this account from now on."""
        if account_id != self._account_id:
            self._account_id, self.amount = account_id, 0
            self._ask()

    def _ask(self) -> None:
        if self._account_id is not None and self._desk.is_at_a_branch:
            self._desk.backend.tasks.start(self._look(self._account_id))

    async def _look(self, account_id: int) -> None:
        from cashier_app.services.queries.outbox import recorded_here  # noqa: PLC0415

        try:
            amount = await self._desk.backend.query(recorded_here, account_id)
        except CashierError:
            return
        if account_id == self._account_id and amount != self.amount:
            self.amount = amount
            self.notify()

    def _on_changes(self, changes: frozenset[tuple[str, int]]) -> None:
        if touches(changes, "event", "account"):
            self._ask()

    def _on_line(self, _state: object) -> None:
        if self._account_id is not None:
            self.notify()
