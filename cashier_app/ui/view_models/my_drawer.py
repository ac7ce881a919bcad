"""My drawer: open, hand part of it over, move cash, count, balance, and the report at once (rows A3, A4, A7, A9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from cashier_app.domain.errors import CashierError
from cashier_app.domain.money import Money
from cashier_app.ui.receipt_printing import ReceiptDesk
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.drawer_count import DrawerCount, counted_cash, counting_of
from cashier_app.ui.view_models.drawer_papers import Drawn, turn_in_slip, x_report, z_report
from cashier_app.ui.view_models.observable import Signal

if TYPE_CHECKING:
    from cashier_app.services.cashiering.drawer_balancing import DrawerBalanced, DrawerCounted
    from cashier_app.services.cashiering.turn_ins import TurnedIn
    from cashier_app.services.kernel.door import Outcome
    from cashier_app.services.queries.board import DrawerCard, SourceChoice
    from cashier_app.services.queries.till import BalancedDrawer, TillFacts
    from cashier_app.ui.view_models.counting import Counting

Doing = Literal["", "open", "turn_in", "pay_in", "pay_out", "no_sale", "report"]
HISTORY: Final = timedelta(days=7)


class MyDrawer(Screen):
    """What the screen of one's own drawer knows and does."""

    def __init__(self, desk: Desk, receipts: ReceiptDesk) -> None:
        super().__init__(desk, "tender_control", "deposit_control", "event", "configuration", "user")
        self.receipts = receipts
        self.sending = desk.sending()
        self.facts: TillFacts | None = None
        self.card: DrawerCard | None = None
        self.sources: tuple[SourceChoice, ...] = ()
        self.history: tuple[BalancedDrawer, ...] = ()
        self.doing: Doing = ""
        """The form that is open."""
        self.counting: Counting | None = None
        """Cash counted in the form that is open."""
        self.count: DrawerCount | None = None
        """The closing count while the drawer is being counted."""
        self.counted: DrawerCounted | None = None
        """What the last count said."""
        self.balanced: DrawerBalanced | None = None
        """The drawer that was closed last, until another is opened."""
        self.report = b""
        """The report or slip in view, as a page."""
        self.job: Callable[[], bytes] | None = None
        """The same for the receipt printer."""
        self.done = Signal()
        """Emitted with what was done and the command's result."""
        self.sending.changed.connect(self.notify)
        self.sending.stale.connect(self.told)

    # -- looking

    def refresh(self) -> None:
        """The drawer as it is now."""
        self.desk.backend.tasks.start(self._refresh())

    async def _refresh(self) -> None:
        from cashier_app.services.queries import board, till  # noqa: PLC0415
        from cashier_app.services.queries.window import dated  # noqa: PLC0415

        backend = self.desk.backend
        if backend.user is None:
            return
        user = backend.user
        try:
            self.facts = await backend.query(till.till_facts)
            found = await backend.query(dated(board.my_drawer), user.id, self.sees_expected)
            self.card, self.shown_at = found.answer, found.cursor
            self.sources = await backend.query(board.sources_for, user)
            self.history = await backend.query(till.balanced_drawers, user.id, backend.business_date - HISTORY)
            await self._prepare_count()
            self.problem = ""
        except CashierError as refused:
            self.problem = " ".join(problem.sentence for problem in refused.problems)
        if self.card is not None and self.doing == "open":
            self.doing = ""
        self.notify()

    async def _prepare_count(self) -> None:
        from cashier_app.services.queries.till import tenders_to_tick  # noqa: PLC0415

        if not self.is_counting:
            self.count = self.counted = None
            return
        assert self.card is not None, "a drawer is being counted"
        if self.count is None:
            listed = await self.desk.backend.query(tenders_to_tick, self.card.tender_control_id)
            denominations = self.denominations(self.card.currency)
            assert self.facts is not None, "the configuration is known"
            self.decide()
            self.count = DrawerCount(self.facts.cash, self.card.currency, denominations, listed)

    def denominations(self, currency: str) -> tuple[Any, ...]:
        """Notes and coin of a currency."""
        return self.facts.denominations.get(currency, ()) if self.facts else ()

    @property
    def sees_expected(self) -> bool:
        """Whether the user may see what a blind drawer should hold."""
        return self.desk.may("see-expected")

    @property
    def is_open(self) -> bool:
        """Whether the drawer takes money."""
        return self.card is not None and self.card.status == "OPEN"

    @property
    def is_counting(self) -> bool:
        """Whether the drawer is being counted."""
        return self.card is not None and self.card.status == "BALANCING"

    @property
    def control_id(self) -> int:
        """The drawer's key."""
        assert self.card is not None, "there is a drawer"
        return self.card.tender_control_id

    # -- forms

    def begin(self, doing: Doing) -> None:
        """Open a form, where the drawer's state allows it; nothing else is open beside it."""
        if self.sending.busy or not self._may_begin(doing):
            return
        self.sending.forget()
        self.doing = doing
        currency = self.card.currency if self.card else (self.facts.currency if self.facts else "")
        self.counting = counting_of(self.denominations(currency)) if doing in {"open", "turn_in"} else None
        self.notify()

    def _may_begin(self, doing: Doing) -> bool:
        return self.card is None if doing == "open" else self.is_open

    def leave_form(self) -> None:
        """Close the form without doing anything."""
        if not self.sending.busy:
            self.doing = ""
            self.sending.forget()

    def open_drawer(self, source: SourceChoice, float_amount: int | None) -> None:
        """Open a drawer, with a float as proposed or as counted."""
        from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415

        counting = self.counting
        count: tuple[Any, ...] = ()
        if counting is not None and counting.total and self.facts is not None:
            count = counted_cash(counting, self.facts.cash, source.currency, self.denominations(source.currency))
        start = None if count or float_amount is None else Money(float_amount, source.currency)
        self.balanced, self.report, self.job = None, b"", None
        self._send("open", OpenTenderControl(tender_source=source.code, starting_balance=start, count=count))

    def turn_in(self, tender_type: str, amount: int | None) -> None:
        """Hand part of the drawer to the head cashier."""
        from cashier_app.services.cashiering.turn_ins import TurnInFunds  # noqa: PLC0415

        assert self.card is not None, "there is a drawer"
        assert self.facts is not None, "the configuration is known"
        currency = self.card.currency
        counting = self.counting
        count: tuple[Any, ...] = ()
        if tender_type == self.facts.cash and counting is not None and counting.total:
            count = counted_cash(counting, tender_type, currency, self.denominations(currency))
        money = None if count or amount is None else Money(amount, currency)
        command = TurnInFunds(tender_control_id=self.control_id, tender_type=tender_type, amount=money, count=count)
        self._send("turn_in", command)

    def void_turn_in(self, turn_in_id: int) -> None:
        """What waits to be received goes back into the drawer."""
        from cashier_app.services.cashiering.turn_ins import VoidTurnIn  # noqa: PLC0415

        self._send("void", VoidTurnIn(turn_in_id=turn_in_id))

    def move_cash(self, reason: str, amount: int | None, note: str) -> None:
        """Pay in or out, as the form that is open says."""
        from cashier_app.services.cashiering.tender_controls import MoveDrawerCash  # noqa: PLC0415

        assert self.card is not None, "there is a drawer"
        minor = -(amount or 0) if self.doing == "pay_out" else amount or 0
        money = Money(minor, self.card.currency)
        command = MoveDrawerCash(tender_control_id=self.control_id, reason=reason, amount=money, note=note)
        self._send(self.doing, command)

    def no_sale(self, note: str) -> None:
        """Open the drawer without a payment."""
        from cashier_app.services.cashiering.tender_controls import OpenDrawer  # noqa: PLC0415

        self._send("no_sale", OpenDrawer(tender_control_id=self.control_id, note=note))

    # -- closing

    def start_count(self) -> None:
        """Stop taking money and count."""
        from cashier_app.services.cashiering.drawer_balancing import StartBalancing  # noqa: PLC0415

        if self.is_open:
            self.doing = ""
            self._send("start_count", StartBalancing(tender_control_id=self.control_id))

    def resume(self) -> None:
        """Back to taking money; counts are kept."""
        from cashier_app.services.cashiering.drawer_balancing import ResumeTaking  # noqa: PLC0415

        if self.is_counting:
            self._send("resume", ResumeTaking(tender_control_id=self.control_id))

    def save_count(self) -> None:
        """Keep the count; only now is it compared."""
        from cashier_app.services.cashiering.drawer_balancing import CountDrawer  # noqa: PLC0415

        if self.count is not None:
            self._send("count", CountDrawer(tender_control_id=self.control_id, count=self.count.lines()))

    def recount(self) -> None:
        """Count again; the figures typed stay to be corrected."""
        if not self.sending.busy:
            self.counted = None
            self.sending.forget()

    def balance(self, note: str) -> None:
        """Accept the count and close the drawer; above tolerance somebody else must sign."""
        from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer  # noqa: PLC0415

        if self.counted is not None:
            self._send("balance", BalanceDrawer(tender_control_id=self.control_id, note=note))

    # -- reports

    def show_x_report(self) -> None:
        """What the drawer says of itself now, as it would print; asked for again, it goes away."""
        if self.doing == "report":
            self.close_report()
        elif self.card is not None:
            self.doing = "report"
            self.desk.backend.tasks.start(self._draw(x_report, self.control_id))

    def show_z_report(self, report_id: int) -> None:
        """A report of a drawer that was balanced, as it was printed."""
        self.doing = "report"
        self.desk.backend.tasks.start(self._draw(z_report, report_id))

    def show_slip(self, turn_in_id: int) -> None:
        """The slip of a turn-in, as a copy."""
        self.doing = "report"
        self.desk.backend.tasks.start(self._draw(turn_in_slip, turn_in_id, True))

    def print_paper(self) -> None:
        """What is in view on the receipt printer."""
        if self.job is not None:
            self.desk.backend.tasks.start(self._print("print_paper", self.job))

    def close_report(self) -> None:
        """Back to what the drawer asks for."""
        if self.doing == "report":
            self.doing, self.report, self.job = "", b"", None
            self.notify()

    async def _draw(self, paper: Callable[..., Drawn], key: int, *more: Any) -> None:
        backend = self.desk.backend
        reader = replace(self.receipts.reader(), may_see_expected=self.sees_expected)
        try:
            drawn = await backend.query(paper, key, reader, *more)
            self.report, self.job = await backend.tasks.in_files(drawn.page), drawn.job
            self.problem = ""
        except CashierError as refused:
            self.report, self.job = b"", None
            self.problem = " ".join(problem.sentence for problem in refused.problems)
        self.notify()

    async def _print_slip(self, turned_in: TurnedIn) -> None:
        """The drawer opens for the money, and the slip that goes with it is printed."""
        try:
            reader = self.receipts.reader()
            drawn = await self.desk.backend.query(turn_in_slip, turned_in.turn_in_id, reader, False, True)
        except CashierError as refused:
            self.done.emit("no_slip", " ".join(problem.sentence for problem in refused.problems))
            return
        await self._print("slip", drawn.job)

    async def _print(self, what: str, job: Callable[[], bytes]) -> None:
        problem = await self.receipts.print_paper(job)
        self.done.emit(f"no_{what}" if problem else what, problem)

    # -- sending

    def _send(self, what: str, command: Any) -> None:
        seen = self.seen(("tender_control", self.control_id)) if what in {"count", "balance"} else None
        self.sending.send(command, lambda outcome: self._sent(what, outcome), what, seen=seen)

    def _sent(self, what: str, outcome: Outcome) -> None:
        if what in {"open", "turn_in", "pay_in", "pay_out", "no_sale"}:
            self.doing, self.counting = "", None
        if what == "count":
            self.counted = outcome.result
            self.decide()
        if what == "balance":
            self.balanced = outcome.result
            self.desk.backend.tasks.start(self._show_last_report())
        self.notify()
        self.done.emit(what, outcome.result)
        if what == "turn_in":
            self.desk.backend.tasks.start(self._print_slip(outcome.result))
        if what in {"pay_in", "pay_out", "no_sale", "start_count"}:
            self.desk.backend.tasks.start(self._kick())

    async def _show_last_report(self) -> None:
        await self._refresh()
        if self.history:
            self.doing = "report"
            await self._draw(z_report, self.history[0].report_id)

    async def _kick(self) -> None:
        problem = await self.receipts.open_drawer()
        if problem:
            self.desk.say(problem, "attention")
