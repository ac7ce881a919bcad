"""The journal of commands for auditors: newest first, one entry whole (row H6)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from cashier_app.documents.csv_out import csv_bytes
from cashier_app.services.queries.administration import JournalCursor, JournalPage, JournalRow, journal_entries
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

PAGE: Final = 100


def read_journal(
    store: Store, _config: Configuration, before: JournalCursor | None, day: date | None, command: str | None
) -> JournalPage:
    """A page of the journal."""
    return journal_entries(store, before, PAGE, business_date=day, command=command)


class Journal(Screen):
    """Entries as far as they were walked, and filters."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: list[JournalRow] = []
        self.appended = False
        self.day: date | None = None
        self.command = ""
        self._next: JournalCursor | None = None

    def enter(self) -> None:
        """Always fresh when it is shown; it does not jump while it is read."""
        self.refresh()

    def refresh(self) -> None:
        """From the newest on."""
        self.ask(self._show, read_journal, None, self.day, self.command or None)

    def only(self, day: date | None, command: str) -> None:
        """A day's or a command's entries alone."""
        if (day, command) != (self.day, self.command):
            self.day, self.command = day, command.strip()
            self.refresh()

    @property
    def has_more(self) -> bool:
        """Whether older entries wait."""
        return self._next is not None

    def more(self) -> None:
        """The entries before the oldest shown."""
        if self._next is not None:
            before, self._next = self._next, None
            self.ask(self._show_more, read_journal, before, self.day, self.command or None)

    def csv(self) -> bytes:
        """The entries shown, as CSV."""
        titles = [
            "node",
            "sequence",
            "command",
            "user",
            "approver",
            "business_date",
            "executed_at",
            "content",
            "result",
            "hash",
        ]
        return csv_bytes(
            titles,
            (
                (
                    row.node,
                    row.sequence,
                    row.command,
                    row.user,
                    row.approver,
                    row.business_date.isoformat(),
                    row.executed_at.isoformat(),
                    row.content,
                    row.result,
                    row.hash,
                )
                for row in self.rows
            ),
        )

    def _show(self, page: JournalPage) -> None:
        self.rows, self._next = list(page.rows), page.next
        self.notify()

    def _show_more(self, page: JournalPage) -> None:
        self.rows.extend(page.rows)
        self._next, self.appended = page.next, True
        self.notify()
        self.appended = False


def readable(text: str) -> str:
    """JSON as a person reads it; nothing stays nothing."""
    if not text:
        return ""
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
