"""Deposits: gathering balanced drawers, adding them up, slips, handing over to the bank (row A6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cashier_app.domain.configuration import BankAccount
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    BalanceDeposit,
    OpenDepositControl,
    ReopenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.papers.printing import Reader, deposit_preview_data, deposit_slip_data
from cashier_app.services.queries.board import DepositRow, DepositStatement, deposit_statement, deposits
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

Then = Callable[[Any], None]


def bank_choices(_store: Store, config: Configuration, currency: str) -> tuple[tuple[str, str], ...]:
    """Bank accounts of a currency by their words."""
    return tuple(
        (record.code, f"{record.description or record.code} ···{record.account_last_four}")
        for record in config.all(BankAccount).values()
        if record.currency == currency
    )


def slip_page(store: Store, config: Configuration, tender_deposit_id: int, reader: Reader) -> bytes:
    """A slip as it prints."""
    return _drawn(deposit_slip_data(store, config, tender_deposit_id, reader))


def slip_preview_page(store: Store, config: Configuration, deposit_id: int, reader: Reader) -> bytes:
    """The slip as it would print if everything went to the bank now."""
    return _drawn(deposit_preview_data(store, config, deposit_id, reader))


def _drawn(data: Any) -> bytes:
    # Imported late: the drawing library costs more than the whole board.
    from cashier_app.documents.deposit_slip import render_deposit_slip  # noqa: PLC0415

    return render_deposit_slip(data)


class Deposits(Screen):
    """The deposits and the chosen one, whole."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "deposit_control", "tender_control", "event")
        self.rows: tuple[DepositRow, ...] = ()
        self.chosen_id: int | None = None
        self.statement: DepositStatement | None = None
        self.banks: tuple[tuple[str, str], ...] = ()
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again at the deposits and the chosen one."""
        self.ask(self._show_rows, deposits)

    def choose(self, deposit_id: int) -> None:
        """Show another deposit."""
        if deposit_id != self.chosen_id:
            self.chosen_id, self.statement = deposit_id, None
            self.sending.forget()
            self._ask_statement()

    @property
    def status(self) -> str:
        """OPEN, BALANCING or BALANCED; empty where none is chosen."""
        return self.statement.summary.status if self.statement else ""

    def open(self, then: Then) -> None:
        """Start gathering drawers."""
        self.sending.send(OpenDepositControl(), then, "Open a deposit")

    def start_balancing(self, then: Then) -> None:
        """Close the deposit for more drawers."""
        self.told()
        self._send(StartDepositBalancing(deposit_control_id=self._key()), then, "Balance a deposit")

    def add_slip(self, amount: int | None, bank_account: str, then: Then) -> None:
        """Put an amount on a slip; none for all that is left."""
        money = None if amount is None else Money(amount, self._statement().summary.currency)
        command = AddTenderDeposit(deposit_control_id=self._key(), amount=money, bank_account=bank_account)
        self._send(command, then, "Add a deposit slip")

    def hand_over(self, then: Then) -> None:
        """The slips are complete and go to the bank."""
        self.told()
        self._send(BalanceDeposit(deposit_control_id=self._key()), then, "Hand a deposit over")

    def reopen(self, reason: str, then: Then) -> None:
        """Open the deposit again; its slips are void."""
        command = ReopenDepositControl(deposit_control_id=self._key(), reason=reason)
        self._send(command, then, "Reopen a deposit")

    def page(self, then: Callable[[bytes], None], slip_id: int | None = None) -> None:
        """A slip as it prints; without one, what would print now."""
        backend = self.desk.backend
        reader = Reader(name=backend.user.name if backend.user else "", now=backend.now, may_see_expected=True)
        if slip_id is not None:
            self.ask(then, slip_page, slip_id, reader)
        else:
            self.ask(then, slip_preview_page, self._key(), reader)

    def _ask_statement(self) -> None:
        if self.chosen_id is not None:
            self.ask(self._show_statement, dated(deposit_statement), self.chosen_id)

    def _show_rows(self, rows: tuple[DepositRow, ...]) -> None:
        self.rows = rows
        if self.chosen_id not in {row.deposit_control_id for row in rows}:
            self.chosen_id = rows[0].deposit_control_id if rows else None
            self.statement = None
        self.notify()
        self._ask_statement()

    def _send(self, command: Any, then: Then, words: str) -> None:
        self.sending.send(command, then, words, seen=self.seen(("deposit_control", self._key())))

    def _show_statement(self, found: Dated[DepositStatement]) -> None:
        statement = found.answer
        if statement.summary.deposit_control_id != self.chosen_id:
            return
        self.statement, self.shown_at = statement, found.cursor
        self.notify()
        self.ask(self._show_banks, bank_choices, statement.summary.currency)

    def _show_banks(self, banks: tuple[tuple[str, str], ...]) -> None:
        if banks != self.banks:
            self.banks = banks
            self.notify()

    def _statement(self) -> DepositStatement:
        assert self.statement is not None, "a deposit is shown"
        return self.statement

    def _key(self) -> int:
        return self._statement().summary.deposit_control_id
