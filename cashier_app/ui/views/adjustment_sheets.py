"""What can be done about an adjustment, each as a form in place: generate, freeze, submit, delete, cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.errors import Problem
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.services.queries.adjustments import AdjustmentEntry
from cashier_app.ui.view_models.adjustments import Adjustments
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.work_place import ActionSheet, Choice

Said = Callable[[str], None]
"""Told in one sentence what was done."""


class AdjustmentForm(ActionSheet):
    """A form whose command goes out through the adjustments' view model."""

    def __init__(
        self, adjustments: Adjustments, said: Said, title: str, do_it: str, *, dangerous: bool = False
    ) -> None:
        super().__init__(title, do_it, dangerous=dangerous)
        self._adjustments, self._said = adjustments, said
        self.wanted.connect(self.submit)
        self.follow(adjustments.sending)

    def submit(self) -> None:
        """Send what is typed."""
        raise NotImplementedError

    def _done(self, sentence: str) -> Callable[[], None]:
        def done() -> None:
            self.close_sheet()
            self._said(sentence)

        return done

    def went(self, status: AdjustmentStatus) -> None:
        """Close, and say how far it went."""
        self.close_sheet()
        self._said(how_far(status))

    def refuse(self, code: str, sentence: str, field: str) -> None:
        """Show a problem that was found before anything was sent."""
        self._adjustments.sending.refuse(Problem(code, sentence, field))


def how_far(status: AdjustmentStatus) -> str:
    """What became of an adjustment, in a sentence."""
    translate = QCoreApplication.translate
    words = {
        AdjustmentStatus.INCOMPLETE: translate("adjustment", "Adjustment begun; generate it when it is complete"),
        AdjustmentStatus.ERROR: translate("adjustment", "The adjustment could not be generated; see why in the list"),
        AdjustmentStatus.FREEZABLE: translate("adjustment", "Adjustment generated; it counts once it is frozen"),
        AdjustmentStatus.FROZEN: translate("adjustment", "Adjustment frozen"),
        AdjustmentStatus.CANCELED: translate("adjustment", "Adjustment canceled"),
    }
    return words[status]


def or_today() -> str:
    """The title of a day that may be left out."""
    return QCoreApplication.translate("adjustment", "Accounting date; empty for today")


class GenerateSheet(AdjustmentForm):
    """Works an adjustment out, or works it out again."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments,
            said,
            translate("adjustment", "Generate the adjustment"),
            translate("adjustment", "Generate it"),
        )
        self._entry: AdjustmentEntry | None = None
        self.amount = MoneyEdit(translate("adjustment", "Amount"), negative=True)
        self.day = DayEdit(translate("adjustment", "Accounting date"), adjustments.desk.backend.business_date)
        self.form.add("amount", translate("adjustment", "Amount; of a calculated one, from what"), self.amount)
        self.form.add("accounting_date", or_today(), self.day, beside=True)

    def start(self, entry: AdjustmentEntry) -> None:
        """Open for one."""
        self._adjustments.sending.forget()
        self._entry = entry
        self.amount.currency = manner(entry.currency)
        self.amount.set_value((entry.amount if entry.base_amount is None else entry.base_amount) or None)
        self.day.clear()
        self.open_sheet(entry.information)

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self.amount.refused:
            self.refuse("UI-001", self.amount.problem, "amount")
        elif self.day.problem:
            self.refuse("UI-002", self.day.problem, "accounting_date")
        elif self._entry is not None:
            self._adjustments.generate(self._entry, self.amount.value, self.day.value, self.went)


class FreezeSheet(AdjustmentForm):
    """Lets an adjustment count, with the accounting date where one is asked for."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments, said, translate("adjustment", "Freeze the adjustment"), translate("adjustment", "Freeze it")
        )
        self._entry: AdjustmentEntry | None = None
        self.day = DayEdit(translate("adjustment", "Accounting date"), adjustments.desk.backend.business_date)
        self._day_label = self.form.add("accounting_date", translate("adjustment", "Accounting date"), self.day)

    def start(self, entry: AdjustmentEntry) -> None:
        """Open for one."""
        self._adjustments.sending.forget()
        self._entry = entry
        self.day.set_value(self._adjustments.desk.backend.business_date if entry.asks_for_date else None)
        for part in (self.day, self._day_label):
            part.setVisible(entry.asks_for_date)
        words = QCoreApplication.translate("adjustment", "{what}. It counts at once; to undo it, cancel it.")
        focus = self.day if entry.asks_for_date else self.do_button
        self.open_sheet(words.format(what=entry.information), focus=focus)

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self.day.problem:
            self.refuse("UI-002", self.day.problem, "accounting_date")
        elif self._entry is not None:
            done = self._done(how_far(AdjustmentStatus.FROZEN))
            self._adjustments.freeze(self._entry, self.day.value if self._entry.asks_for_date else None, done)


class SubmitSheet(AdjustmentForm):
    """Asks others to approve an adjustment."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments, said, translate("adjustment", "Submit for approval"), translate("adjustment", "Submit it")
        )
        self._entry: AdjustmentEntry | None = None

    def start(self, entry: AdjustmentEntry) -> None:
        """Open for one."""
        self._adjustments.sending.forget()
        self._entry = entry
        words = QCoreApplication.translate("adjustment", "{what}. It counts once it is approved.")
        self.open_sheet(words.format(what=entry.information), focus=self.do_button)

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self._entry is not None:
            self._adjustments.submit(self._entry, self._asked)

    def _asked(self, roles: Sequence[str]) -> None:
        translate = QCoreApplication.translate
        asked = translate("adjustment", "Submitted; {roles} must approve it").format(roles=", ".join(roles))
        self.close_sheet()
        self._said(asked if roles else translate("adjustment", "This amount needs no approval"))


class DeleteSheet(AdjustmentForm):
    """Deletes what never counted."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments,
            said,
            translate("adjustment", "Delete the adjustment"),
            translate("adjustment", "Delete it"),
            dangerous=True,
        )
        self._entry: AdjustmentEntry | None = None

    def start(self, entry: AdjustmentEntry) -> None:
        """Open for one."""
        self._adjustments.sending.forget()
        self._entry = entry
        words = QCoreApplication.translate("adjustment", "{what}. It never counted; the journal keeps what it was.")
        self.open_sheet(words.format(what=entry.information), focus=self.leave_button)

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self._entry is not None:
            self._adjustments.delete(self._entry, self._done(QCoreApplication.translate("adjustment", "Deleted")))


class CancelAdjustmentSheet(AdjustmentForm):
    """Takes an adjustment back by its reversal."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments,
            said,
            translate("adjustment", "Cancel an adjustment"),
            translate("adjustment", "Cancel the adjustment"),
            dangerous=True,
        )
        self._adjustment_id = 0
        self.reason = Choice()
        self.day = DayEdit(translate("adjustment", "Accounting date"), adjustments.desk.backend.business_date)
        self.form.add("reason", translate("adjustment", "Why"), self.reason)
        self.form.add("accounting_date", or_today(), self.day, beside=True)

    def start(self, adjustment_id: int, words: str) -> None:
        """Open for one."""
        self._adjustments.sending.forget()
        self._adjustment_id = adjustment_id
        self.reason.offer(self._adjustments.reasons)
        self.day.clear()
        self.open_sheet(words)

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self.day.problem:
            self.refuse("UI-002", self.day.problem, "accounting_date")
            return
        done = self._done(how_far(AdjustmentStatus.CANCELED))
        self._adjustments.cancel(self._adjustment_id, self.reason.code, self.day.value, done)
