"""A day at the demo utility: a cashier, a supervisor and the back office at the real windows, from opening to the bank.

Everything the page shows comes out of this one run: nothing is drawn or computed for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from cashier_app.demo.page import Moment, Story
from cashier_app.demo.papers import Papers
from cashier_app.demo.stage import MORNING, Stage
from cashier_app.domain.access import EVERYTHING
from cashier_app.models.control import TenderControl
from cashier_app.models.customer import Account, Person
from cashier_app.models.payment import Payment, PaymentEvent
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.search import find

if TYPE_CHECKING:
    from cashier_app.ui.look import Theme

DRAWER: Final = "CASH-A01"

_CONTROL = Statement(
    select(TenderControl.id, TenderControl.deposit_control_id)
    .where(TenderControl.tender_source == DRAWER)
    .order_by(TenderControl.id.desc())
)
_LAST_EVENT = Statement(
    select(PaymentEvent.id).where(PaymentEvent.receipt_number.is_not(None)).order_by(PaymentEvent.id.desc())
)


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


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes every picture twice: in light and in dark."""

    app: Any
    folder: Path

    def take(self, stage: Stage, name: str) -> None:
        """Save what the window looks like now."""
        from cashier_app.ui import look, pictures  # noqa: PLC0415  # Qt only where windows are

        stage.point_at_nothing()
        for theme in (look.Theme.DARK, look.Theme.LIGHT):
            self._dress(theme)
            stage.settle()
            pictures.grab(stage.window, self.folder / theme.value / f"{name}.png", 1.0)

    def _dress(self, theme: Theme) -> None:
        from cashier_app.ui import look  # noqa: PLC0415

        look.apply(self.app, theme)


class Day:
    """One day on one stage."""

    def __init__(self, stage: Stage, camera: Camera, papers: Papers, story: Story) -> None:
        self.stage, self.camera, self.papers, self.story = stage, camera, papers, story

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
        self._at(7, 52)
        self._tell("", "Before the doors open", "Ann signs in at counter 1.", "day-01-sign-in")
        stage.sign_in("ann")
        self._at(7, 55)
        stage.go("my_drawer")
        stage.press("F3")
        self._count("", "", "3", "2", "2", "10")
        self._tell("Ann", "She counts her float", "100.00 in notes, added up as she types.", "day-02-open-drawer")
        stage.go("my_drawer").sheets["open"].do_button.click()
        stage.settle()

    def _customers(self) -> None:
        stage = self.stage
        self._at(8, 4)
        stage.go("counter")
        stage.find("Jane Masters")
        about = "Jane Masters owes 125.35. The shares beside her debts come from the rules themselves."
        self._tell("Ann", "Scan, Enter, Enter", about, "day-03-jane")
        stage.press("Return")
        stage.type("140")
        self._tell("Ann", "140.00 in the hand", "The change stands there before the money is taken.", "day-04-change")
        stage.press("Return")
        about = "The drawer opened, the receipt printed, the box is empty and listens."
        self._tell("Ann", "Taken", about, "day-05-done")
        self._paper("receipt-jane", "Jane's receipt, on the roll")
        for minute, name, paid in _MORNING_CUSTOMERS:
            self._at(8, minute)
            self._cash(name, paid)
        self._at(8, 47)
        stage.find("Endō")
        stage.press("F3")
        stage.find("Concepción")
        stage.press("F5")
        stage.type("100")
        stage.press("F6")
        stage.press("Return")
        about = "A neighbor pays for both, part in cash, part by check. The event balances or it is not taken."
        self._tell("Ann", "One visit, two accounts, two tenders", about, "day-06-several")
        stage.type("2093")
        stage.press("Return")
        self._paper("receipt-several", "One receipt for two accounts")

    def _noon(self) -> None:
        stage = self.stage
        self._at(12, 5)
        stage.go("my_drawer")
        stage.press("F4")
        stage.type("150")
        about = "The drawer should hold less from now on."
        self._tell("Ann", "Part of the cash goes to the safe", about, "day-07-turn-in")
        stage.go("my_drawer").sheets["turn_in"].do_button.click()
        stage.settle()
        stage.sign_out()
        self._at(12, 12)
        stage.sign_in("sue")
        stage.go("board")
        about = "Every drawer as it is now. Ann's turn-in waits for somebody else to count it."
        self._tell("Sue", "The board", about, "day-08-board")
        stage.trigger("board.receive")
        stage.go("board").receive_sheet.wanted.emit()
        stage.settle()

    def _corrections(self) -> None:
        stage = self.stage
        self._at(14, 20)
        wrong = self._first(_STRAY)
        screen = stage.go("event")
        screen.open_event(wrong.event_id)
        stage.settle()
        stage.trigger("event.transfer")
        screen.transfer_sheet.transfer.look_up("Ozturk")
        stage.settle()
        about = (
            "Ann took Mr. Brandão's money for another account. The payment is taken back and placed anew, both visible."
        )
        self._tell("Sue", "A payment went astray", about, "day-09-transfer")
        screen.transfer_sheet.wanted.emit()
        stage.settle()
        self._at(14, 40)
        stage.go("customer").open_account(self._account("Cooper Nursery"))
        stage.settle()
        about = "What is owed, how old it is, what happened, newest first."
        self._tell("Sue", "A customer calls", about, "day-10-customer")
        stage.go("customer").explain_agreement()
        stage.settle()
        about = "From the balance to the transactions, to the command, to the rule that made them."
        self._tell("Sue", "About this figure", about, "day-11-explain")
        stage.press("Escape")
        stage.sign_out()

    def _closing(self) -> None:
        stage = self.stage
        self._at(16, 58)
        stage.sign_in("ann")
        screen = stage.go("my_drawer")
        stage.press("F8")
        self._count_all(missing=450)
        about = "What the drawer should hold is not shown before the count."
        self._tell("Ann", "Counting blind", about, "day-12-count")
        screen.count.save.click()
        stage.settle()
        self._tell("Ann", "Short 4.50", "She recounts, and finds what had slipped under the tray.", "day-13-short")
        screen.count.recount.click()
        stage.settle()
        self._count_all(missing=0)
        screen.count.save.click()
        stage.settle()
        self._tell("Ann", "In balance", "Both counts are kept, the first one too.", "day-14-in-balance")
        screen.count.close_drawer.click()
        stage.settle()
        about = "Numbered, never changed, tied to the one before by its hash."
        self._tell("Ann", "The Z report", about, "day-15-z-report")
        control = self._first(_CONTROL)
        self.story.papers.append(self.papers.z_report(control.id, "z-report", "The drawer's Z report"))
        stage.sign_out()

    def _bank(self) -> None:
        stage = self.stage
        self._at(17, 20)
        stage.sign_in("sue")
        screen = stage.go("board")
        deposit_id = self._first(_CONTROL).deposit_control_id
        deposits = screen.deposits
        deposits.deposits.choose(deposit_id)
        stage.trigger("deposit.start")
        stage.trigger("deposit.slip")
        deposits.slip_sheet.wanted.emit()
        stage.settle()
        stage.trigger("deposit.paper")
        screen.column.show_from(deposits.paper)
        about = "Counted drawers less their floats, plus what was turned in."
        self._tell("Sue", "To the bank", about, "day-16-deposit")
        stage.trigger("deposit.hand_over")
        self.story.papers.append(self.papers.deposit_slip(deposit_id, "deposit-slip", "The deposit slip"))
        self._at(17, 31)
        stage.go("books")
        self._tell("Sue", "The books of the day", "Debits equal credits, line by line.", "day-17-books")
        stage.trigger("books.seal")
        stage.sign_out()

    # -- what people do

    def _at(self, hour: int, minute: int) -> None:
        self.stage.clock.instant = datetime.combine(MORNING.date(), MORNING.time()).replace(
            hour=hour, minute=minute, tzinfo=MORNING.tzinfo
        )

    def _tell(self, who: str, title: str, text: str, screen: str) -> None:
        self.camera.take(self.stage, screen)
        time = f"{self.stage.clock.instant:%H:%M}"
        self.story.moments.append(Moment(time=time, who=who, title=title, text=text, screen=screen))

    def _cash(self, name: str, paid: str) -> None:
        self.stage.find(name)
        if paid:
            self.stage.type(paid)
        self.stage.press("Return")
        self.stage.press("Return")

    def _paper(self, name: str, title: str) -> None:
        self.story.papers.append(self.papers.receipt(self._first(_LAST_EVENT).id, name, title))

    def _first(self, statement: Statement) -> Any:
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            return store.first(statement)

    def _count(self, *loose: str) -> None:
        from cashier_app.ui.widgets.denominations import DenominationTable  # noqa: PLC0415

        tables = self.stage.window.findChildren(DenominationTable)
        table = next(table for table in tables if table.isVisible())
        for edit, pieces in zip(table.edits()[::2], loose, strict=False):
            edit.setText(pieces)
            edit.textEdited.emit(pieces)
        self.stage.settle()

    def _count_all(self, missing: int) -> None:
        """Count the cash as it lies there: what the drawer should hold, less what slipped away."""
        from cashier_app.domain.configuration import Currency  # noqa: PLC0415
        from cashier_app.services.cashiering.drawers import expected  # noqa: PLC0415

        control = self._first(_CONTROL)
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            left = expected(store, control.id)["CASH"] - missing
            denominations = self.stage.backend.door.current_config(store).get(Currency, "USD").denominations
        pieces = []
        for denomination in denominations:
            number, left = divmod(left, denomination.value)
            pieces.append(str(number) if number else "")
        self._count(*pieces)
        for box in self.stage.go("my_drawer").count.ticks.boxes:
            box.setChecked(True)
        self.stage.settle()

    def _account(self, name: str) -> int:
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            return find(store, self.stage.backend.door.current_config(store), name)[0].account_id
