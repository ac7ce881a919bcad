"""Every figure that the screens show of a ledger, and a walk from each of them to whatever explains it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.figures import Figure, FigureKind, figure, read_figure
from cashier_app.services.administration.branch_link import link_of
from cashier_app.services.cashiering.drawer_statements import drawer_statement
from cashier_app.services.explaining.explanation import Explanation, Part, Viewer, explain
from cashier_app.services.kernel.reading import reading
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.administration import seals, z_reports
from cashier_app.services.queries.booked import booked_at_server
from cashier_app.services.queries.company_debt import company_debt
from cashier_app.services.queries.deposits import deposit_statement
from cashier_app.services.queries.events import event_detail
from cashier_app.services.queries.gl_runs import gl_run, gl_runs
from cashier_app.services.queries.history import history
from cashier_app.services.queries.ledger import trial_totals
from cashier_app.services.queries.outbox import recorded_here
from cashier_app.services.queries.trial_balance import trial_balance
from tests.builders import Ledger

Shown = tuple[Figure, int | None]
"""A figure, and what a screen says it is; nothing where only that it can be explained matters."""

AT_A_BRANCH = {FigureKind.UNSENT, FigureKind.RECORDED_HERE, FigureKind.BOOKED}
"""What only a branch shows."""
ONLY_LEADS_THERE = {
    (FigureKind.DEBT, FigureKind.TRANSACTION),
    (FigureKind.DEBT_PIECE, FigureKind.TRANSACTION),
    (FigureKind.COMPANY_DEBT, FigureKind.AGREEMENT),
    (FigureKind.HOLDING, FigureKind.TRANSACTION),
    (FigureKind.DAY_TOTAL, FigureKind.TRANSACTION),
}
"""Parts that are less than what they lead to: what is left of a charge, one line of a transaction."""


class Walk:
    """Explains figures and whatever they lead to, and holds each against what it is a part of."""

    def __init__(self, ledger: Ledger, most: int = 7) -> None:
        """`most` is small, so that pages are turned."""
        self.ledger, self._most = ledger, most
        self.viewer = Viewer(
            lambda _right: True, ledger.clock.business_date(), ledger.clock.now(), ledger.people.get("olga")
        )
        self.known: dict[Figure, tuple[Explanation, list[Part]]] = {}
        self.wrong: list[str] = []

    @property
    def kinds(self) -> set[FigureKind]:
        return {read_figure(each).kind for each in self.known}

    def all_screens(self) -> Walk:
        with reading(self.ledger.database, access=EVERYTHING) as store:
            config = self.ledger.door.current_config(store)
            for address, shown in self._shown(store, config):
                self._follow(store, config, address)
                told = self.known[address][0].amount
                if shown is not None and told != shown:
                    self.wrong.append(f"{address} is shown as {shown}, explained as {told}")
        self._compare()
        return self

    def _follow(self, store: Any, config: Any, address: Figure) -> None:
        waiting = [address]
        while waiting:
            asked = waiting.pop()
            if not asked or asked in self.known:
                continue
            told, parts, rest = self._whole(store, config, asked)
            self.known[asked] = told, parts
            if parts and (sum(part.amount for part in parts) != told.amount or rest):
                self.wrong.append(f"{asked} is {told.amount}, its parts come to {[part.amount for part in parts]}")
            waiting += [part.figure for part in parts] + [reason.figure for reason in told.reasons]

    def _whole(self, store: Any, config: Any, asked: Figure) -> tuple[Explanation, list[Part], int]:
        told = last = explain(store, config, asked, self.viewer, most=self._most)
        parts = list(told.parts)
        while last.next:
            last = explain(store, config, asked, self.viewer, last.next, most=self._most)
            parts += last.parts
            if sum(part.amount for part in parts) + last.rest != told.amount:
                self.wrong.append(f"{asked}: a page does not go on where the one before ended")
        return told, parts, last.rest

    def _compare(self) -> None:
        """A part is what its own explanation says it is."""
        for asked, (told, parts) in self.known.items():
            for part in parts:
                if not part.figure or (read_figure(asked).kind, read_figure(part.figure).kind) in ONLY_LEADS_THERE:
                    continue
                own = self.known[part.figure][0]
                comparable = own.amount is not None and own.currency == told.currency
                if comparable and abs(own.amount or 0) != abs(part.amount):
                    self.wrong.append(f"{asked} has {part.figure} as {part.amount}; it is {own.amount}")

    # -- what the screens show

    def _shown(self, store: Any, config: Any) -> Iterator[Shown]:
        yield from self._customers(store, config)
        yield from self._events(store, config)
        yield from self._drawers(store, config)
        yield from self._books(store, config)
        yield from self._trial_balance(store, config)
        yield from self._work(store, config)

        yield from self._branch(store, config)

    def _branch(self, store: Any, config: Any) -> Iterator[Shown]:
        link = link_of(store)
        if link is None:
            return
        yield figure(FigureKind.UNSENT), link.unsent
        for account_id in self._keys("account"):
            yield figure(FigureKind.RECORDED_HERE, account_id), recorded_here(store, config, account_id)
        for event_id in self._keys("payment_event"):
            booked = booked_at_server(store, config, event_id)
            for row in booked.payments if booked else ():
                yield figure(FigureKind.BOOKED, event_id, row.payment_id, 0), row.amount
                for place, share in enumerate(row.shares, 1):
                    yield figure(FigureKind.BOOKED, event_id, row.payment_id, place), share.amount

    def _keys(self, table: str, column: str = "id") -> list[Any]:
        return [key for (key,) in self.ledger.rows(f"SELECT {column} FROM {table} ORDER BY 1")]

    def _customers(self, store: Any, config: Any) -> Iterator[Shown]:
        kind = FigureKind
        for account_id in self._keys("account"):
            seen = account_at_a_glance(store, config, account_id, self.viewer.today)
            yield figure(kind.ACCOUNT, account_id, "current"), seen.current_balance
            yield figure(kind.ACCOUNT, account_id, "payoff"), seen.payoff_balance
            yield figure(kind.CREDIT, account_id, "rating"), seen.credit.rating
            yield figure(kind.CREDIT, account_id, "cash_only"), seen.credit.cash_only_score
            yield from _aged("account", account_id, seen.aged)
            yield figure(kind.DEBT, "account", account_id, "total"), seen.current_balance
            for row in seen.agreements:
                yield figure(kind.AGREEMENT, row.sa_id, "current"), row.current_balance
                yield from _aged("agreement", row.sa_id, row.aged)
                for piece in row.pieces:
                    yield figure(kind.DEBT_PIECE, "agreement", row.sa_id, piece.kind, piece.days), piece.amount
                yield figure(kind.SHARE, account_id, row.sa_id, 700), 700
            for entry in history(store, config, account_id).rows:
                if entry.balance is not None:
                    yield figure(kind.BALANCE_THEN, entry.fts[-1].ft_id), entry.balance
        for adjustment_id, amount in self.ledger.rows("SELECT id, amount FROM adjustment"):
            yield figure(kind.ADJUSTMENT, adjustment_id), amount

    def _events(self, store: Any, config: Any) -> Iterator[Shown]:
        for event_id in self._keys("payment_event"):
            event = event_detail(store, config, event_id)
            yield figure(FigureKind.EVENT, event_id, "amount"), event.amount
            yield figure(FigureKind.EVENT, event_id, "tenders"), sum(row.amount for row in event.tenders)
            yield figure(FigureKind.EVENT, event_id, "unbalanced"), event.unbalanced_by
            for payment in event.payments:
                yield figure(FigureKind.PAYMENT, payment.payment_id), payment.amount
                for segment in payment.segments:
                    yield figure(FigureKind.SEGMENT, segment.segment_id), segment.amount
                    for ft in segment.fts:
                        yield figure(FigureKind.TRANSACTION, ft.ft_id, "payoff"), ft.payoff_amount
            for tender in event.tenders:
                yield figure(FigureKind.TENDER, tender.tender_id), tender.amount

    def _drawers(self, store: Any, config: Any) -> Iterator[Shown]:
        kind = FigureKind
        for control_id in self._keys("tender_control"):
            drawer = drawer_statement(store, config, control_id)
            yield figure(kind.DRAWER, control_id, "", "float"), drawer.starting_balance
            yield figure(kind.DRAWER, control_id, "", "tenders"), drawer.tender_count
            yield figure(kind.DRAWER, control_id, "", "like_cash"), drawer.like_cash
            for line in drawer.tender_types:
                for name in ("expected", "counted", "starting", "taken", "cash_back", "turned_in", "over_under"):
                    yield figure(kind.DRAWER, control_id, line.tender_type, name), getattr(line, name) or 0
                for name in ("paid_in", "paid_out", "count"):
                    yield figure(kind.DRAWER, control_id, line.tender_type, name), getattr(line, name)
            pending = sum(row.amount for row in drawer.turn_ins if row.status == "PENDING")
            yield figure(kind.DRAWER, control_id, "", "waiting"), pending
        for deposit_id in self._keys("deposit_control"):
            deposit = deposit_statement(store, config, deposit_id)
            yield figure(kind.DEPOSIT, deposit_id, "", "to_deposit"), deposit.summary.to_deposit
            yield figure(kind.DEPOSIT, deposit_id, "", "deposited"), deposit.summary.deposited
            yield figure(kind.DEPOSIT, deposit_id, "", "left"), deposit.left_to_deposit
            for part in deposit.composition:
                yield figure(kind.DEPOSIT, deposit_id, part.tender_type, "to_deposit"), part.amount
            for row in deposit.drawers:
                yield figure(kind.DRAWER, row.tender_control_id, "", "brings"), row.amount
        for report in z_reports(store):
            yield figure(kind.Z_REPORT, report.report_id, "", "difference"), None
        for seal in seals(store):
            yield figure(kind.SEAL, seal.seal_id, "USD"), None

    def _books(self, store: Any, config: Any) -> Iterator[Shown]:
        kind, today = FigureKind, self.viewer.today
        for total in trial_totals(store, config, today):
            for name, shown in (("debit", total.debit), ("credit", total.credit), ("lines", total.count)):
                yield figure(kind.DAY_TOTAL, today, total.currency, total.distribution_code, name), shown
        for name in ("debit", "credit"):
            whole = sum(getattr(total, name) for total in trial_totals(store, config, today))
            yield figure(kind.DAY_TOTAL, today, "USD", "", name), whole
        yield figure(kind.DAY_TOTAL, today, "USD", "", "lines"), None
        for run in gl_runs(store, config):
            yield figure(kind.GL_RUN, run.run_id, "transactions"), run.ft_count
            for entry in gl_run(store, config, run.run_id).entries:
                yield figure(kind.GL_ENTRY, run.run_id, entry.line, "debit"), entry.debit
                yield figure(kind.GL_ENTRY, run.run_id, entry.line, "credit"), entry.credit
        for request_id, amount in self.ledger.rows("SELECT id, amount FROM check_request"):
            yield figure(kind.CHECK, request_id), amount

    def _trial_balance(self, store: Any, config: Any) -> Iterator[Shown]:
        kind = FigureKind
        balance = trial_balance(store, config)
        for (currency, division), sums in balance.sums.items():
            whole_of = (currency, division, "", "", balance.fiscal_year, balance.period)
            for name, shown in zip(("opening", "debit", "credit", "closing"), sums, strict=True):
                yield figure(kind.TRIAL_BALANCE, *whole_of, name), shown
            yield figure(kind.TRIAL_BALANCE, *whole_of, "unsent"), None
        for row in balance.rows:
            code = "" if row.gl_account else row.description
            place = (row.currency, row.gl_division, row.gl_account, code, balance.fiscal_year, balance.period)
            for name in ("opening", "debit", "credit", "closing", "unsent"):
                yield figure(kind.TRIAL_BALANCE, *place, name), getattr(row, name)

    def _work(self, store: Any, config: Any) -> Iterator[Shown]:
        kind = FigureKind
        for debt in company_debt(store, config, self.viewer.today):
            yield figure(kind.COMPANY_DEBT, debt.currency, "owed", 0, 0), debt.owed
            yield figure(kind.COMPANY_DEBT, debt.currency, "credit", 0, 0), debt.credit
            yield figure(kind.COMPANY_DEBT, debt.currency, "agreements", 0, 0), debt.agreements
            for row in debt.rows:
                yield figure(kind.COMPANY_DEBT, debt.currency, row.kind, row.days, row.days), row.amount
        for request_id, amount in self.ledger.rows("SELECT id, amount FROM approval_request"):
            yield figure(kind.APPROVAL, request_id), amount
        for run_id in self._keys("batch_plan", "run_id"):
            for name in ("chunks", "done", "in_error"):
                yield figure(kind.BATCH_RUN, run_id, name), None
        for name in ("", "unbalanced", "unfrozen", "APPROVAL"):
            yield figure(kind.TO_DO, name), None
        yield figure(kind.APPROVAL_AGE, 0), None


def _aged(whose: str, key: int, found: Any) -> Iterator[Shown]:
    for name in ("new_charge", "future", "days_0_30", "days_31_60", "days_61_90", "older", "disputed", "credit"):
        yield figure(FigureKind.DEBT, whose, key, name), getattr(found, name)
    yield figure(FigureKind.DEBT, whose, key, "new"), found.new_charge + found.future
