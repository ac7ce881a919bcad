"""The forms of the To Do screen: approve, reject, say something, forward, complete."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from cashier_app.services.queries.approvals import RequestView
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.work_place import ActionSheet, Choice


class ApproveSheet(ActionSheet):
    """Approves a level; the last one may have to say the accounting date."""

    def __init__(self, today: date) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("to_do", "Approve"), translate("to_do", "Approve it"))
        self.day = DayEdit(translate("to_do", "Accounting date"), today)
        self._day_label = self.form.add("accounting_date", translate("to_do", "Accounting date"), self.day)

    def start(self, request: RequestView, today: date) -> None:
        """Open for a request."""
        translate = QCoreApplication.translate
        asks = request.is_last and request.asks_for_date
        self.day.set_value(today if asks else None)
        for part in (self.day, self._day_label):
            part.setVisible(asks)
        words = (
            translate("to_do", "Yours is the last approval: the adjustment counts then, or with the next bill.")
            if request.is_last
            else translate("to_do", "After you, level {level} of {levels} is asked.").format(
                level=request.level + 1, levels=len(request.levels)
            )
        )
        self.open_sheet(words, focus=self.day if asks else self.do_button)

    @property
    def accounting_date(self) -> date | None:
        """What was asked for; nothing where it was not."""
        return self.day.value if self.day.isVisible() else None


class WordsSheet(ActionSheet):
    """Asks for some words: why something is rejected, what was done, what is to be said."""

    def __init__(self, title: str, do_it: str, field: str, field_title: str, *, dangerous: bool = False) -> None:
        super().__init__(title, do_it, dangerous=dangerous)
        self.words = QLineEdit()
        self.form.add(field, field_title, self.words)

    def start(self, words: str = "") -> None:
        """Open it empty."""
        self.words.clear()
        self.open_sheet(words, focus=self.words)


class ForwardSheet(ActionSheet):
    """Gives an entry to another role."""

    def __init__(self) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("to_do", "Forward"), translate("to_do", "Forward it"))
        self.role = Choice(translate("to_do", "Role"))
        self.words = QLineEdit()
        self.form.add("role", translate("to_do", "To whom"), self.role)
        self.form.add("text", translate("to_do", "What to tell them"), self.words)

    def start(self, roles: tuple[tuple[str, str], ...]) -> None:
        """Open it with these roles."""
        self.role.offer(roles)
        self.words.clear()
        self.open_sheet(focus=self.role)
