"""What waits for the user's To Do roles, the one that is chosen, and the request that it asks to approve (D3, D4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from cashier_app.domain.errors import CashierError, Problem
from cashier_app.domain.to_do import ToDoRole
from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment
from cashier_app.services.queries.approvals import (
    DecidedRow,
    RequestView,
    WaitingByAge,
    approval_request,
    approvals_by_age,
    decided_requests,
)
from cashier_app.services.queries.to_do import (
    ToDoCount,
    ToDoNoteRow,
    ToDoRow,
    to_do_counts,
    to_do_entries,
    to_do_notes,
)
from cashier_app.services.queries.window import Dated, dated
from cashier_app.services.to_do.working import CommentToDo, CompleteToDo, ForwardToDo, ReturnToDo, TakeToDo
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.walked import Walked

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.door import Outcome
    from cashier_app.services.kernel.store import Store

MOST = 500
"""So many entries are listed, oldest first; the counts tell how many there are."""
_GONE: Final = frozenset({"APR-001", "APR-002"})
"""Refusals that say of a request that nothing is to be decided."""
Then = Callable[[str], None]
"""Gets what became of it: a status."""


class Way(NamedTuple):
    """Where something is resolved: a signal of `Go`, and what it carries."""

    kind: str
    where: int | str


_AT_THE_CUSTOMER = frozenset({"APPROVAL", "NSF-FEE", "NSF-CASH-BACK", "BATCH_ERROR"})
"""What an adjustment of the customer's resolves, not a change of the payment that began it."""
_PLACES = {"GL_ACCOUNT": "ledger", "MAIL": "batch"}


def way_to(entry: ToDoRow) -> Way | None:
    """The screen on which an entry is resolved; nothing where no screen here can."""
    if entry.run_id:
        return Way("run", entry.run_id)
    if entry.account_id is not None and (entry.to_do_type in _AT_THE_CUSTOMER or entry.event_id is None):
        return Way("account", entry.account_id)
    if entry.event_id is not None:
        return Way("event", entry.event_id)
    place = _PLACES.get(entry.to_do_type)
    return Way("area", place) if place else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The user's lists in one read."""

    entries: tuple[ToDoRow, ...] = ()
    counts: tuple[ToDoCount, ...] = ()
    ages: tuple[WaitingByAge, ...] = ()
    """How long requests for approval wait, everybody's."""
    roles: tuple[tuple[str, str], ...] = ()
    """To whom something may be forwarded."""

    @property
    def count(self) -> int:
        """How many entries wait."""
        return sum(each.count for each in self.counts)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry whole."""

    notes: tuple[ToDoNoteRow, ...] = ()
    request: RequestView | None = None


def read_waiting(store: Store, config: Configuration, user_id: int, now: datetime) -> Waiting:
    """What waits for a user."""
    return Waiting(
        to_do_entries(store, config, MOST, user_id=user_id),
        to_do_counts(store, config, user_id),
        approvals_by_age(store, config, now),
        tuple((code, role.description or code) for code, role in sorted(config.all(ToDoRole).items())),
    )


def read_chosen(store: Store, config: Configuration, entry: ToDoRow, user_id: int, today: date) -> Chosen:
    """An entry's notes, and the request that it is about."""
    request = None
    if entry.request_id is not None:
        request = approval_request(store, config, entry.request_id, user_id, today)
    return Chosen(to_do_notes(store, config, entry.to_do_id), request)


class ToDoLists(Screen):
    """The entries of the user's roles, and the chosen one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "to_do", "approval_request", "configuration", "user")
        self.waiting = Waiting()
        self.entry: ToDoRow | None = None
        self.chosen = Chosen()
        self.decided: Walked[DecidedRow] = Walked(self, decided_requests, lambda row: row.request_id)
        """Requests that nobody has to decide any more, the newest first."""
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again at what waits."""
        self.ask(self._show, read_waiting, self._user_id, self.desk.backend.now)
        self.decided.begin()

    def choose(self, entry: ToDoRow | None) -> None:
        """Show an entry whole."""
        if entry is None or self.entry is None or entry.to_do_id != self.entry.to_do_id:
            self.entry, self.chosen = entry, Chosen()
            self.sending.forget()
            self.notify()
        if entry is not None:
            self._look()

    def choose_request(self, request_id: int) -> None:
        """Show a request that was decided."""
        if self.entry is not None:
            self.choose(None)
        today = self.desk.backend.business_date
        self.ask(self._show_request, approval_request, request_id, self._user_id, today)

    def clear(self) -> None:
        """The next person must not see what this one looked at."""
        self.waiting = Waiting()
        self.decided.clear()
        self.choose(None)

    # -- doing

    @property
    def may_approve(self) -> bool:
        """Whether the user may approve what is shown, as far as one sees."""
        request = self.chosen.request
        return request is not None and not request.hindrance and self.desk.may("ApproveAdjustment")

    @property
    def may_reject(self) -> bool:
        """Whether the user may reject what is shown."""
        request = self.chosen.request
        return request is not None and request.hindrance != "DECIDED" and self.desk.may("RejectAdjustment")

    def approve(self, accounting_date: date | None, then: Then) -> None:
        """Approve the level that is shown as asked."""
        request = self.chosen.request
        if request is not None:
            command = ApproveAdjustment(
                request_id=request.request_id, level=request.level, accounting_date=accounting_date
            )
            self._send(command, then, request)

    def reject(self, reason: str, then: Then) -> None:
        """Reject what is shown, or withdraw it."""
        request = self.chosen.request
        if request is not None:
            self._send(RejectAdjustment(request_id=request.request_id, reason=reason), then, request)

    def take(self, then: Then) -> None:
        """Begin to work on the entry, or put it back where the user has it already."""
        entry = self.entry
        if entry is not None:
            mine = entry.assigned_to_id is not None
            self._send(ReturnToDo(to_do_id=entry.to_do_id) if mine else TakeToDo(to_do_id=entry.to_do_id), then)

    def comment(self, text: str, then: Then) -> None:
        """Say something about it."""
        if self.entry is not None:
            self._send(CommentToDo(to_do_id=self.entry.to_do_id, text=text), then)

    def complete(self, text: str, then: Then) -> None:
        """Complete it by hand."""
        if self.entry is not None:
            self._send(CompleteToDo(to_do_id=self.entry.to_do_id, text=text), then)

    def forward(self, role: str, text: str, then: Then) -> None:
        """Give it to another role."""
        if not role:
            self.sending.refuse(Problem("UI-002", "Choose a role.", "role"))
        elif self.entry is not None:
            self._send(ForwardToDo(to_do_id=self.entry.to_do_id, role=role, text=text), then)

    # -- answers

    @property
    def _user_id(self) -> int:
        user = self.desk.backend.user
        return user.id if user is not None else 0

    def _look(self) -> None:
        self.ask(self._show_chosen, dated(read_chosen), self.entry, self._user_id, self.desk.backend.business_date)

    def _send(self, command: object, then: Then, request: RequestView | None = None) -> None:
        def done(outcome: Outcome) -> None:
            self.told()
            then(str(outcome.result.status))

        seen = self.seen(("approval_request", request.request_id)) if request else None
        self.sending.send(command, done, seen=seen)

    def _show(self, waiting: Waiting) -> None:
        self.waiting = waiting
        if self.entry is not None:
            known = {entry.to_do_id: entry for entry in waiting.entries}
            self.entry = known.get(self.entry.to_do_id)
            if self.entry is None:
                self.chosen = Chosen()
            else:
                self._look()
        self.notify()

    def _show_chosen(self, answer: Dated[Chosen]) -> None:
        self.chosen, self.shown_at = answer.answer, answer.cursor
        self.notify()

    def _show_request(self, request: RequestView) -> None:
        if self.entry is None:
            self.chosen = Chosen(request=request)
            self.notify()

    def on_refusal(self, refused: CashierError) -> None:
        """A request that is not there any more is as good as none; what stays shown otherwise is still true."""
        if any(problem.code in _GONE for problem in refused.problems):
            self.chosen = Chosen()
