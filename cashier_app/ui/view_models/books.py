"""The books of a day: totals by account, the lines behind them, Z reports, seals (rows A7, C6, H6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from cashier_app.documents.csv_out import csv_bytes
from cashier_app.domain.money import decimal_text
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.papers.printing import Reader, journal_report_data, z_report_data
from cashier_app.services.queries.administration import SealRow, ZReportRow, seals, z_reports
from cashier_app.services.queries.ledger import LedgerLine, TrialTotal, ledger_lines, trial_totals
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

MOST_LINES: Final = 5_000
"""Lines kept for looking at; a file has them all."""


@dataclass(frozen=True, slots=True)
class DayBooks:
    """A day's totals and its first lines."""

    totals: tuple[TrialTotal, ...] = ()
    lines: tuple[LedgerLine, ...] = ()
    all_lines: bool = True


def day_books(store: Store, config: Configuration, day: date) -> DayBooks:
    """Totals and lines of a day in one picture."""
    lines = tuple(islice(ledger_lines(store, config, day), MOST_LINES + 1))
    return DayBooks(trial_totals(store, config, day), lines[:MOST_LINES], len(lines) <= MOST_LINES)


def day_csv(store: Store, config: Configuration, day: date) -> bytes:
    """Every GL line of a day as CSV."""
    titles = [
        "date",
        "ft",
        "kind",
        "agreement",
        "currency",
        "division",
        "code",
        "account",
        "debit",
        "credit",
        "command",
    ]
    return csv_bytes(
        titles,
        (
            (
                line.accounting_date.isoformat(),
                line.ft_id,
                line.kind,
                line.sa_id,
                line.currency,
                line.gl_division,
                line.distribution_code,
                line.gl_account,
                decimal_text(line.debit, line.currency),
                decimal_text(line.credit, line.currency),
                line.journal_id,
            )
            for line in ledger_lines(store, config, day)
        ),
    )


def day_page(store: Store, config: Configuration, day: date, reader: Reader) -> bytes:
    """The day's journal as it prints."""
    from cashier_app.documents.journal_report import render_journal_report  # noqa: PLC0415  # drawing is heavy

    return render_journal_report(journal_report_data(store, config, day, day, reader))


def z_page(store: Store, config: Configuration, report_id: int, reader: Reader) -> bytes:
    """A Z report as it was printed; refuses where it was altered."""
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415  # drawing is heavy

    return render_drawer_report(z_report_data(store, config, report_id, reader))


def read_seals(store: Store, _config: Configuration) -> tuple[SealRow, ...]:
    """Seals, newest first."""
    return seals(store)


def read_z_reports(store: Store, _config: Configuration) -> tuple[ZReportRow, ...]:
    """Z reports, newest first."""
    return z_reports(store)


class Books(Screen):
    """One day's books, all Z reports, all seals."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "event", "tender_control", "seal")
        self.day = desk.backend.business_date
        self.books = DayBooks()
        self.reports: tuple[ZReportRow, ...] = ()
        self.seals: tuple[SealRow, ...] = ()
        self.sending = desk.sending()

    def refresh(self) -> None:
        """Look again at all three."""
        self.ask(self._show_books, day_books, self.day)
        self.ask(self._show_reports, read_z_reports)
        self.ask(self._show_seals, read_seals)

    def show_day(self, day: date) -> None:
        """Another day's books."""
        self.day = day
        self.ask(self._show_books, day_books, day)

    def step(self, days: int) -> None:
        """A day before or after."""
        self.show_day(self.day + timedelta(days=days))

    def lines_of(self, total: TrialTotal) -> tuple[LedgerLine, ...]:
        """The lines behind a total, as far as they are kept."""
        return tuple(
            line
            for line in self.books.lines
            if (line.currency, line.distribution_code, line.gl_account)
            == (total.currency, total.distribution_code, total.gl_account)
        )

    @property
    def sums(self) -> dict[str, tuple[int, int]]:
        """Debits and credits by currency."""
        found: dict[str, tuple[int, int]] = {}
        for total in self.books.totals:
            debit, credit = found.get(total.currency, (0, 0))
            found[total.currency] = (debit + total.debit, credit + total.credit)
        return found

    def csv(self, then: Callable[[bytes], None]) -> None:
        """The day as CSV."""
        self.ask(then, day_csv, self.day)

    def pdf(self, then: Callable[[bytes], None]) -> None:
        """The day as it prints."""
        self.ask(then, day_page, self.day, self._reader())

    def z_page(self, report_id: int, then: Callable[[bytes], None]) -> None:
        """A Z report as it was printed."""
        self.ask(then, z_page, report_id, self._reader())

    def seal(self, then: Callable[[Any], None]) -> None:
        """Seal the chains of all workstations."""

        def sealed(outcome: Any) -> None:
            self.refresh()
            then(outcome)

        self.sending.send(SealDay(), sealed, "Seal the day")

    def seals_file(self) -> bytes:
        """All seals as text to be kept elsewhere."""
        titles = ["kind", "day", "node", "sequence", "hash", "totals", "sealed_at"]
        return csv_bytes(
            titles,
            (
                (
                    row.kind,
                    row.business_date.isoformat(),
                    row.node,
                    row.sequence,
                    row.hash,
                    row.totals,
                    row.sealed_at.isoformat(),
                )
                for row in self.seals
            ),
        )

    def _reader(self) -> Reader:
        backend = self.desk.backend
        return Reader(name=backend.user.name if backend.user else "", now=backend.now, may_see_expected=True)

    def _show_books(self, books: DayBooks) -> None:
        self.books = books
        self.notify()

    def _show_reports(self, reports: tuple[ZReportRow, ...]) -> None:
        self.reports = reports
        self.notify()

    def _show_seals(self, found: tuple[SealRow, ...]) -> None:
        self.seals = found
        self.notify()


def totals_of(row: SealRow) -> list[str]:
    """The running totals of a seal in words: `37 tenders, 4,120.00 USD`."""
    return [f"{total['payments']}: {total['amount']}" for total in json.loads(row.totals)]
