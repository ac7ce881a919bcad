"""The counter: a customer, what is owed, what is handed over, the payment taken once, and empty again for the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cashier_app.domain.errors import CashierError, Problem
from cashier_app.domain.money import Money
from cashier_app.ui.backend import new_command_id, touches
from cashier_app.ui.receipt_printing import ReceiptDesk
from cashier_app.ui.view_models.commanding import carry_out
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.home import Chosen
from cashier_app.ui.view_models.observable import Signal
from cashier_app.ui.view_models.paying import Payee, TenderLine, Visit
from cashier_app.ui.view_models.previewing import Preview, look_again

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Outcome
    from cashier_app.services.payments.taking import EventTaken, TakePayment
    from cashier_app.services.queries.accounts import AccountGlance
    from cashier_app.services.queries.board import DrawerCard
    from cashier_app.services.queries.events import EventLine
    from cashier_app.services.queries.till import TillFacts

Adding = Literal["", "payee", "payor"]
STRIP = 8
"""Events of today that are shown."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The payment that was taken last; its change stays in sight until the next customer."""

    event_id: int
    receipt_number: str
    name: str
    currency: str
    amount: int
    change: int


class CounterModel(Screen):
    """What the counter's screen knows and does."""

    def __init__(self, desk: Desk, receipts: ReceiptDesk) -> None:
        super().__init__(desk, "event", "tender_control", "configuration", "user", "account")
        self.receipts = receipts
        self.facts: TillFacts | None = None
        self.drawer: DrawerCard | None = None
        self.today: tuple[EventLine, ...] = ()
        self.visit: Visit | None = None
        self.current = 0
        """Which payee is in view."""
        self.adding: Adding = ""
        """What the next account found is for; empty: a new visit."""
        self.busy = False
        self.preview = Preview(desk.backend, self._trial, self.notify)
        """What the real command says of what is typed; its result is an `EventTaken`."""
        self.problems: tuple[Problem, ...] = ()
        """Why it was not taken."""
        self.finished: Finished | None = None
        self.taken = Signal()
        """Emitted with `Finished` when money was taken."""
        self.printed = Signal()
        """Emitted with a `ReceiptOutcome`."""
        self.focus = Signal()
        """Where the keys should go: home, amount, tender N, reference N, share N, take."""
        self._command_id = ""
        self._visitor = 0
        """Grows with everybody who comes, so that an account that arrives late is not seated."""

    # -- looking at the ledger

    def refresh(self) -> None:
        """The drawer, the day's strip, and what the configuration offers."""
        self.desk.backend.tasks.start(self._refresh())

    async def _refresh(self) -> None:
        from cashier_app.services.queries.board import my_drawer  # noqa: PLC0415
        from cashier_app.services.queries.events import todays_events  # noqa: PLC0415
        from cashier_app.services.queries.till import till_facts  # noqa: PLC0415

        backend = self.desk.backend
        if backend.user is None:
            return
        try:
            self.facts = await backend.query(till_facts)
            self.drawer = await backend.query(my_drawer, backend.user.id, self.desk.may("see-expected"))
            if self.drawer is not None:
                self.today = await backend.query(todays_events, self.drawer.tender_control_id, STRIP)
            else:
                self.today = ()
            await look_again(backend, self.visit)
            self.problem = ""
        except CashierError as refused:
            self.problem = " ".join(problem.sentence for problem in refused.problems)
        self.preview.ask()
        self.notify()

    def concerned_by(self, changes: frozenset[tuple[str, int]]) -> bool:
        """The own drawer, its payments, and whoever stands at the counter: what other drawers take is their own."""
        if self.drawer is None:
            return super().concerned_by(changes)
        shown = {("tender_control", self.drawer.tender_control_id)} | {("event", line.event_id) for line in self.today}
        shown |= {("account", payee.glance.account_id) for payee in (self.visit.payees if self.visit else ())}
        return touches(changes, "configuration", "user") or not shown.isdisjoint(changes)

    @property
    def can_take_here(self) -> bool:
        """Whether the user has a drawer that is open."""
        return self.drawer is not None and self.drawer.status == "OPEN"

    @property
    def payee(self) -> Payee | None:
        """The payee in view."""
        return self.visit.payees[self.current] if self.visit else None

    # -- who

    def pay(self, chosen: Chosen) -> None:
        """Somebody is at the counter: a new visit, another payee, or the payor, as was asked for before."""
        if not self.busy:
            self._visitor += 1
            self.desk.backend.tasks.start(self._pay(chosen, self._visitor))

    async def _pay(self, chosen: Chosen, number: int) -> None:
        from cashier_app.services.queries.accounts import account_at_a_glance  # noqa: PLC0415

        backend = self.desk.backend
        try:
            if self.facts is None:
                await self._refresh()
            glance = await backend.query(account_at_a_glance, chosen.account_id, backend.business_date)
        except CashierError as refused:
            self.problem = " ".join(problem.sentence for problem in refused.problems)
            self.notify()
            return
        self.problem = ""
        if number != self._visitor:
            return
        self._seat(glance, chosen)
        self._changed()
        self.focus.emit("amount")

    def _seat(self, glance: AccountGlance, chosen: Chosen) -> None:
        proposed = chosen.amount if chosen.amount and chosen.currency == glance.currency else glance.proposed_payment
        payee = Payee(glance, proposed or None)
        adding, self.adding = self.adding, ""
        if self.visit is not None and adding == "payor":
            self.visit.payor = None if glance.account_id == self.visit.payees[0].glance.account_id else glance
            return
        same_currency = self.visit is not None and glance.currency == self.visit.currency
        if self.visit is not None and adding == "payee" and same_currency:
            self._add(payee)
            return
        self._begin(payee, chosen)

    def _add(self, payee: Payee) -> None:
        assert self.visit is not None, "somebody is at the counter"
        keys = [known.glance.account_id for known in self.visit.payees]
        if payee.glance.account_id in keys:
            self.current = keys.index(payee.glance.account_id)
        else:
            self.visit.payees.append(payee)
            self.current = len(self.visit.payees) - 1

    def _begin(self, payee: Payee, chosen: Chosen) -> None:
        assert self.facts is not None, "the configuration is known"
        lines = [TenderLine(kind) for kind in self.facts.tender_types]
        self.visit = Visit(payee.glance.currency, lines, [payee])
        self.current = 0
        self.finished = None
        self.problems = ()
        self.preview.forget()
        self._command_id = new_command_id()
        if chosen.check is not None:
            self.visit.lay_check(chosen.check)

    def add_payee(self) -> None:
        """The next account found is paid for too."""
        self._ask_for("payee")

    def other_payor(self) -> None:
        """The next account found is whose money it is."""
        self._ask_for("payor")

    def _ask_for(self, adding: Adding) -> None:
        if self.visit is not None and not self.busy:
            self.adding = "" if self.adding == adding else adding
            self.notify()
            self.focus.emit("home" if self.adding else "amount")

    def show_payee(self, place: int) -> None:
        """Look at another payee of the visit."""
        if self.visit is not None and 0 <= place < len(self.visit.payees):
            self.current = place
            self.notify()
            self.focus.emit("amount")

    def drop_payee(self) -> None:
        """The payee in view is not paid for after all; the last one empties the screen."""
        if self.visit is None or self.busy:
            return
        if len(self.visit.payees) == 1:
            self.clear()
            return
        del self.visit.payees[self.current]
        self.current = min(self.current, len(self.visit.payees) - 1)
        self._changed()
        self.focus.emit("amount")

    # -- how much, and where it goes

    def set_amount(self, amount: int | None) -> None:
        """What the payee in view gets."""
        payee = self.payee
        if payee is not None and not self.busy and payee.by_hand is None and amount != payee.amount:
            payee.amount = amount
            self._changed()

    def accept_amount(self) -> None:
        """Enter in the amount: exact cash is proposed, unless something else was handed over already."""
        if self.visit is None or self.busy:
            return
        if not self.visit.owed:
            self.focus.emit("amount")
            return
        self._propose(self.visit.proposed_in)

    def edit_distribution(self) -> None:
        """Place the payment by hand, starting from what the rules propose; again: leave it to the rules."""
        payee = self.payee
        if payee is None or self.busy:
            return
        if payee.by_hand is None:
            payee.by_hand = dict(self.shares)
            self._changed()
            self.focus.emit("share 0")
        else:
            payee.by_hand = None
            self._changed()
            self.focus.emit("amount")

    def set_share(self, sa_id: int, share: int | None) -> None:
        """Place something on an agreement by hand; the payment is what the shares add up to."""
        payee = self.payee
        if payee is None or payee.by_hand is None or self.busy:
            return
        if payee.by_hand.get(sa_id) != share:
            payee.by_hand[sa_id] = share
            payee.amount = sum(payee.placed.values()) or None
            self._changed()

    @property
    def shares(self) -> dict[int, int]:
        """What each agreement of the payee in view would get."""
        payee = self.payee
        if payee is None:
            return {}
        if payee.by_hand is not None:
            return payee.placed
        taken: EventTaken | None = self.preview.result
        paid = taken.payments if taken else ()
        mine = (payment for payment in paid if payment.account_id == payee.glance.account_id)
        return {segment.sa_id: segment.amount.minor for payment in mine for segment in payment.segments}

    # -- what is handed over

    def start_tender(self, place: int) -> None:
        """F5, F6, F7: what is still missing is handed over in this kind; a second press adds another of the kind."""
        if self.visit is None or self.busy or not 0 <= place < len(self.visit.lines):
            return
        if self.visit.owed == 0:
            self.focus.emit("amount")
            return
        self._propose(self.visit.begin_tender(place))

    def place_of_kind(self, number: int) -> int | None:
        """Where the first line of the tender type with this number stands."""
        if self.visit is None or self.facts is None or number >= len(self.facts.tender_types):
            return None
        code = self.facts.tender_types[number].code
        return next((place for place, line in enumerate(self.visit.lines) if line.kind.code == code), None)

    def set_tender(self, place: int, amount: int | None) -> None:
        """What was handed over in a line."""
        if self.visit is not None and not self.busy and self.visit.lines[place].amount != amount:
            self.visit.lines[place].amount = amount
            self._changed()

    def set_reference(self, place: int, text: str) -> None:
        """The number of a check or the like."""
        if self.visit is not None and not self.busy and self.visit.lines[place].reference != text.strip():
            self.visit.lines[place].reference = text.strip()
            self._changed()

    def _propose(self, place: int) -> None:
        assert self.visit is not None, "somebody is at the counter"
        self.visit.propose(place)
        self._changed()
        self.focus.emit(f"tender {place}")

    # -- taking it

    def take(self) -> None:
        """Take the payment; a second Enter or click while it is under way does nothing."""
        if self.visit is None or self.busy:
            return
        hindrance = self.visit.hindrance()
        if hindrance is not None:
            self.problems = (hindrance[0],)
            self.notify()
            self.focus.emit(hindrance[1])
            return
        command = self.visit.command()
        self.busy = True  # before the first await, or a second Enter pays twice
        self.problems = ()
        self.notify()
        self.desk.backend.tasks.start(self._take(command, self.visit))

    async def _take(self, command: object, visit: Visit) -> None:
        name = (visit.payor or visit.payees[0].glance).name
        words = f"{Money(visit.owed, visit.currency)} · {name}"
        outcome: Outcome | None = None
        try:
            outcome = await carry_out(self.desk.backend, self.desk.asking, command, self._command_id, words)
        except CashierError as refused:
            self.problems = refused.problems
        finally:
            self.busy = False
            self.notify()
        if outcome is None:
            self.focus.emit("tender 0")
            return
        result: EventTaken = outcome.result
        finished = Finished(
            result.event_id, result.receipt_number or "", name, visit.currency, visit.owed, result.change.minor
        )
        self._empty()
        self.finished = finished
        self.notify()
        self.focus.emit("home")
        self.taken.emit(finished)
        kick = result.opens_drawer
        self.printed.emit(await self.receipts.print_receipt(result.event_id, kick_drawer=kick, endorse=True))

    def clear(self) -> None:
        """Esc-Esc: the next person must not see this one's screen. What is under way goes on."""
        if not self.busy:
            self._empty()
            self.finished = None
            self.notify()
            self.focus.emit("home")

    def _empty(self) -> None:
        self.visit, self.current, self.adding = None, 0, ""
        self.problem, self.problems = "", ()
        self.preview.forget()
        self._visitor += 1

    # -- afterwards

    @property
    def last_event_id(self) -> int | None:
        """The event that was taken last in this drawer."""
        if self.finished is not None:
            return self.finished.event_id
        return self.today[0].event_id if self.today else None

    def show_last(self) -> None:
        """Go to the last event, to cancel or correct it there."""
        if self.last_event_id is not None:
            self.desk.go.event.emit(self.last_event_id)

    def print_last(self) -> None:
        """Print the last receipt again, as a copy."""
        if self.last_event_id is not None:
            self.desk.backend.tasks.start(self._print(self.last_event_id))

    async def _print(self, event_id: int) -> None:
        self.printed.emit(await self.receipts.print_receipt(event_id))

    # -- the preview

    def _changed(self) -> None:
        self.problems = ()
        self.preview.ask()
        self.notify()

    def _trial(self) -> TakePayment | None:
        """The command to try: as it stands, once everybody has an amount and the drawer is open."""
        if self.visit is None or self.facts is None or not self.can_take_here or self.busy:
            return None
        if not all(payee.amount for payee in self.visit.payees):
            return None
        return self.visit.trial(self.facts.cash)
