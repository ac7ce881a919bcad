"""A day at the demo utility: a cashier, a supervisor and the back office at the real windows, from opening to the bank.

Everything the page shows comes out of this one run: nothing is drawn or computed for it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from cashier_app.demo.scene import Scene
from cashier_app.models.customer import Account, Person
from cashier_app.models.payment import Payment
from cashier_app.services.kernel.statements import Statement

_STRAY = Statement(
    select(Payment.event_id)
    .join(Account, Account.id == Payment.account_id)
    .join(Person, Person.id == Account.main_person_id)
    .where(Person.name == "Tomás Brandão")
    .order_by(Payment.id.desc())
)
_MORNING_CUSTOMERS: Final = (
    (9, "Tillman", "100"),
    (13, "Leilani Kealoha", ""),
    (17, "Samuel Brooks", ""),
    (22, "Παπαδόπουλος", ""),
    (26, "Tea House", "200"),
    (31, "Brandão", ""),
    (38, "MacGiolla", "100"),
)
"""Minute, name and amount of those who pay cash between eight and nine; no amount: what is proposed."""


class Day(Scene):
    """One day on one stage."""

    drawer = "CASH-A01"

    def play(self) -> None:
        """From opening to the bank."""
        self._opening()
        self._customers()
        self._noon()
        self._corrections()
        self._closing()
        self._bank()

    # -- the acts

    def _opening(self) -> None:
        stage = self.stage
        self.at(7, 52)
        self.tell("", "Before the doors open", "Ann signs in at counter 1.", "day-01-sign-in")
        stage.sign_in("ann")
        self.at(7, 55)
        stage.go("my_drawer")
        stage.press("F3")
        self.count("", "", "3", "2", "2", "10")
        self.tell("Ann", "She counts her float", "100.00 in notes, added up as she types.", "day-02-open-drawer")
        stage.go("my_drawer").sheets["open"].do_button.click()
        stage.settle()

    def _customers(self) -> None:
        stage = self.stage
        self.at(8, 4)
        stage.go("counter")
        stage.find("Jane Masters")
        about = "Jane Masters owes 125.35. The shares beside her debts come from the rules themselves."
        self.tell("Ann", "Scan, Enter, Enter", about, "day-03-jane")
        stage.press("Return")
        stage.type("140")
        self.tell("Ann", "140.00 in the hand", "The change stands there before the money is taken.", "day-04-change")
        stage.press("Return")
        about = "The drawer opened, the receipt printed, the box is empty and listens."
        self.tell("Ann", "Taken", about, "day-05-done")
        self.keep_receipt("receipt-jane", "Jane's receipt, on the roll")
        for minute, name, paid in _MORNING_CUSTOMERS:
            self.at(8, minute)
            self.cash(name, paid)
        self.at(8, 47)
        stage.find("Endō")
        stage.press("F3")
        stage.find("Concepción")
        stage.press("F5")
        stage.type("100")
        stage.press("F6")
        stage.press("Return")
        about = "A neighbor pays for both, part in cash, part by check. The event balances or it is not taken."
        self.tell("Ann", "One visit, two accounts, two tenders", about, "day-06-several")
        stage.type("2093")
        stage.press("Return")
        self.keep_receipt("receipt-several", "One receipt for two accounts")

    def _noon(self) -> None:
        stage = self.stage
        self.at(12, 5)
        stage.go("my_drawer")
        stage.press("F4")
        stage.type("150")
        about = "The drawer should hold less from now on."
        self.tell("Ann", "Part of the cash goes to the safe", about, "day-07-turn-in")
        stage.go("my_drawer").sheets["turn_in"].do_button.click()
        stage.settle()
        stage.sign_out()
        self.at(12, 12)
        stage.sign_in("sue")
        stage.go("board")
        about = "Every drawer as it is now. Ann's turn-in waits for somebody else to count it."
        self.tell("Sue", "The board", about, "day-08-board")
        stage.trigger("board.receive")
        stage.go("board").receive_sheet.wanted.emit()
        stage.settle()

    def _corrections(self) -> None:
        stage = self.stage
        self.at(14, 20)
        wrong = self.first(_STRAY)
        screen = stage.go("event")
        screen.open_event(wrong.event_id)
        stage.settle()
        stage.trigger("event.transfer")
        screen.transfer_sheet.transfer.look_up("Ozturk")
        stage.settle()
        about = (
            "Ann took Mr. Brandão's money for another account. The payment is taken back and placed anew, both visible."
        )
        self.tell("Sue", "A payment went astray", about, "day-09-transfer")
        screen.transfer_sheet.wanted.emit()
        stage.settle()
        self.at(14, 40)
        stage.go("customer").open_account(self.account("Cooper Nursery"))
        stage.settle()
        about = "What is owed, how old it is, what happened, newest first."
        self.tell("Sue", "A customer calls", about, "day-10-customer")
        stage.go("customer").facts.agreements.setFocus()
        stage.trigger("figure.explain")
        stage.press("Return")
        stage.settle()
        about = "From the balance to the transactions, to the command, to the rule that made them."
        self.tell("Sue", "About this figure", about, "day-11-explain")
        stage.press("Escape")
        stage.sign_out()

    def _closing(self) -> None:
        stage = self.stage
        self.at(16, 58)
        stage.sign_in("ann")
        screen = stage.go("my_drawer")
        stage.press("F8")
        self.count_all(missing=450)
        about = "What the drawer should hold is not shown before the count."
        self.tell("Ann", "Counting blind", about, "day-12-count")
        screen.count.save.click()
        stage.settle()
        self.tell("Ann", "Short 4.50", "She recounts, and finds what had slipped under the tray.", "day-13-short")
        screen.count.recount.click()
        stage.settle()
        self.count_all(missing=0)
        screen.count.save.click()
        stage.settle()
        self.tell("Ann", "In balance", "Both counts are kept, the first one too.", "day-14-in-balance")
        screen.count.close_drawer.click()
        stage.settle()
        about = "Numbered, never changed, tied to the one before by its hash."
        self.tell("Ann", "The Z report", about, "day-15-z-report")
        control = self.control()
        self.printed.append(self.papers.z_report(control.id, "z-report", "The drawer's Z report"))
        stage.sign_out()

    def _bank(self) -> None:
        stage = self.stage
        self.at(17, 20)
        stage.sign_in("sue")
        screen = stage.go("board")
        deposit_id = self.control().deposit_control_id
        deposits = screen.deposits
        deposits.deposits.choose(deposit_id)
        stage.trigger("deposit.start")
        stage.trigger("deposit.slip")
        deposits.slip_sheet.wanted.emit()
        stage.settle()
        stage.trigger("deposit.paper")
        screen.column.show_from(deposits.paper)
        about = "Counted drawers less their floats, plus what was turned in."
        self.tell("Sue", "To the bank", about, "day-16-deposit")
        stage.trigger("deposit.hand_over")
        self.printed.append(self.papers.deposit_slip(deposit_id, "deposit-slip", "The deposit slip"))
        self.at(17, 31)
        stage.go("books")
        self.tell("Sue", "The books of the day", "Debits equal credits, line by line.", "day-17-books")
        stage.trigger("books.seal")
        stage.sign_out()
