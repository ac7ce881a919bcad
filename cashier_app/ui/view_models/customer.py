"""Control central: one account with its facts and the river of its history, and what can be done to it (row F2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.errors import CashierError
from cashier_app.services.customers.accounts import AddAlert, ChangeAccessGroup, EndAlert
from cashier_app.services.customers.persons import ChangePerson
from cashier_app.services.matching.match_events import CancelMatchEvent, CreateMatchEvent
from cashier_app.services.queries.accounts import (
    AccountGlance,
    HistoryCursor,
    HistoryKind,
    HistoryPage,
    HistoryRow,
    account_at_a_glance,
    history,
)
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.backend import touches
from cashier_app.ui.view_models.account_form import NO_OFFICE, Codes
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

PAGE: Final = 40

CHIPS: Final[dict[str, frozenset[HistoryKind]]] = {
    "payments": frozenset({HistoryKind.PENDING_PAYMENT, HistoryKind.PAYMENT}),
    "adjustments": frozenset({HistoryKind.ADJUSTMENT}),
    "cancellations": frozenset({HistoryKind.PAYMENT_CANCELLATION, HistoryKind.ADJUSTMENT_CANCELLATION}),
}
"""What each filter chip lets through."""


def all_offices(_store: Store, config: Configuration) -> Codes:
    """Every office, and none: whoever sees an account may give it to any."""
    return (NO_OFFICE, *((code, group.description or code) for code, group in config.all(AccessGroup).items()))


class Customer(Screen):
    """One account, or nobody yet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "event", "configuration")
        self.account_id: int | None = None
        self.glance: AccountGlance | None = None
        self.rows: list[HistoryRow] = []
        self.elsewhere = False
        """The history is at the server, because this is a branch."""
        self.appended = False
        """The last change only added rows at the end."""
        self.chips: frozenset[str] = frozenset()
        """Filters that are on; none shows everything."""
        self.offices: Codes = ()
        """Those to which the account may be given."""
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)
        self._next: HistoryCursor | None = None

    # -- what is shown

    def open(self, account_id: int) -> None:
        """Show an account."""
        if account_id != self.account_id:
            self.clear()
            self.account_id = account_id
        self.refresh()

    def clear(self) -> None:
        """Show nobody: the next person must not see this one's account."""
        self.account_id, self.glance = None, None
        self.rows, self._next, self.chips, self.problem = [], None, frozenset(), ""
        self.sending.forget()
        self.notify()

    def refresh(self) -> None:
        """Look again at the account."""
        if self.account_id is None:
            return
        self.ask(self._show_glance, dated(account_at_a_glance), self.account_id, self.desk.backend.business_date)
        self._ask_history()
        if self.desk.may("ChangeAccessGroup"):
            self.ask(self._show_offices, all_offices)

    def on_refusal(self, refused: CashierError) -> None:
        """An account that another office took over meanwhile is shown no longer."""
        if any(problem.code == "SEC-031" for problem in refused.problems) and self.account_id is not None:
            self.clear()
            self.desk.say(refused.problems[0].sentence, "attention")

    def toggle(self, chip: str) -> None:
        """Switch a filter on or off."""
        self.chips ^= {chip}
        self._ask_history()

    @property
    def has_more(self) -> bool:
        """Whether older rows wait."""
        return self._next is not None

    def more(self) -> None:
        """Fetch the rows that follow the oldest one shown."""
        if self._next is not None and self.account_id is not None:
            before, self._next = self._next, None
            self.ask(self._show_more, history, self.account_id, before, PAGE, kinds=self._kinds())

    def concerned_by(self, changes: frozenset[tuple[str, int]]) -> bool:
        """This account, and the rules."""
        return touches(changes, "configuration") or touches(changes, "account", key=self.account_id)

    # -- what can be done

    def add_alert(self, text: str, ends: date | None, then: Callable[[], None]) -> None:
        """Put a note on the account."""
        command = AddAlert(account_id=self._account(), text=text, ends=ends)
        self.sending.send(command, lambda _outcome: then(), f"Note: {text}")

    def change_office(self, access_group: str, then: Callable[[], None]) -> None:
        """Give the account to an office, or open it to everybody."""
        command = ChangeAccessGroup(account_id=self._account(), access_group=access_group)
        self.sending.send(command, lambda _outcome: then())

    def end_alert(self, alert_id: int, then: Callable[[], None]) -> None:
        """Take a note off the account."""
        self.sending.send(EndAlert(alert_id=alert_id), lambda _outcome: then())

    def change_person(self, person_id: int, then: Callable[[], None], **given: str) -> None:
        """Change how somebody is called and reached."""
        command = ChangePerson(person_id=person_id, **given)
        self.sending.send(command, lambda _outcome: then(), seen=self.seen(("person", person_id)))

    def dispute(self, row: HistoryRow, reason: str, then: Callable[[], None]) -> None:
        """The customer does not accept what was charged."""
        command = CreateMatchEvent(account_id=self._account(), ft_ids=row.disputable, dispute=reason)
        self.sending.send(command, lambda _outcome: then(), f"Dispute: {reason}")

    def end_dispute(self, match_event_id: int, reason: str, then: Callable[[], None]) -> None:
        """It was decided: what was disputed ages again."""
        command = CancelMatchEvent(match_event_id=match_event_id, reason=reason)
        self.sending.send(command, lambda _outcome: then())

    # -- answers

    def _ask_history(self) -> None:
        if self.account_id is not None:
            self.ask(self._show_history, history, self.account_id, None, max(PAGE, len(self.rows)), kinds=self._kinds())

    def _kinds(self) -> frozenset[HistoryKind] | None:
        return frozenset().union(*(CHIPS[chip] for chip in self.chips)) if self.chips else None

    def _show_glance(self, found: Dated[AccountGlance]) -> None:
        self.glance, self.shown_at = found.answer, found.cursor
        self.notify()

    def _show_history(self, page: HistoryPage) -> None:
        self.rows, self._next, self.elsewhere = list(page.rows), page.next, page.elsewhere
        self.notify()

    def _show_more(self, page: HistoryPage) -> None:
        self.rows.extend(page.rows)
        self._next, self.appended = page.next, True
        self.notify()
        self.appended = False

    def _show_offices(self, offices: Codes) -> None:
        self.offices = offices
        self.notify()

    def _account(self) -> int:
        assert self.account_id is not None, "an account is shown"
        return self.account_id

    def _glance(self) -> AccountGlance:
        assert self.glance is not None, "an account is shown"
        return self.glance


def split_name(shown: str) -> tuple[str, str]:
    """Name and alternate name of `AAA (BBB)`."""
    name, mark, rest = shown.partition(" (")
    return (name, rest[:-1]) if mark and rest.endswith(")") else (shown, "")
