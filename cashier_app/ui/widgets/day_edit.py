"""A field for a day that may be left empty: typed as the user's language writes it, as 2026-12-31, or as +30."""

import re
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.ui.widgets import when


class DayEdit(QLineEdit):
    """Its value is a day, or None while it is empty or refused."""

    def __init__(self, name: str, today: date, parent: QWidget | None = None) -> None:
        """`name` is what the day is, for screen readers; `today` is what `+30` counts from."""
        super().__init__(parent)
        self._today = today
        self.setAccessibleName(name)
        self.setPlaceholderText(when.day(today))

    @property
    def value(self) -> date | None:
        """The day typed."""
        return self._read(self.text().strip())

    @property
    def problem(self) -> str:
        """Why what is typed is no day; empty if nothing is wrong."""
        if not self.text().strip() or self.value is not None:
            return ""
        words = QCoreApplication.translate("widgets", "Type a day such as {day}, or +30 for 30 days from today.")
        return words.format(day=self._today.isoformat())

    def set_value(self, value: date | None) -> None:
        """Show a day, or nothing."""
        self.setText(when.day(value))

    def _read(self, text: str) -> date | None:
        if re.fullmatch(r"\+\d{1,4}", text):
            return self._today + timedelta(days=int(text))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                return None
        locale = QLocale()
        for pattern in ("d MMM yyyy", locale.dateFormat(QLocale.FormatType.ShortFormat)):
            read = locale.toDate(text, pattern)
            if read.isValid():
                # A year of two figures is read as 19..; nobody means the last century here.
                return _python(read.addYears(100) if read.year() < 1970 else read)  # noqa: PLR2004
        return None


def _python(read: QDate) -> date:
    return date(read.year(), read.month(), read.day())
