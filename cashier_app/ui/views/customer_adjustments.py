"""The adjustments of an account: what counts, what waits and for what, and how each came about (R adjustments 6.10)."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.adjustments import AdjustmentEntry, WaitsFor, Way
from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.adjustments import Adjustments
from cashier_app.ui.views.ledger_words import gl_branches, manner, status_words
from cashier_app.ui.views.to_do_words import log_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import EmptyState, SectionLabel
from cashier_app.ui.widgets.work_place import MARGIN

_CELLS = 4
_AMOUNT = 3


class CustomerAdjustments(QWidget):
    """The list, with what can be done above it; Escape leads back to the history."""

    left = Signal()
    shown = Signal()
    """It came onto the screen, or went from it."""

    def __init__(self, adjustments: Adjustments, actions: list[QAction]) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._adjustments = adjustments
        buttons = Flow(gap=look.SPACE)
        for action in actions:
            button = QPushButton(self)
            button.setProperty("kind", "quiet")
            wear(button, action)
            buttons.add(button)
        self.tree = TreeView(
            translate("adjustment", "Adjustments"),
            (
                Heading(translate("adjustment", "Day"), sample="24 Nov 2026"),
                Heading(translate("adjustment", "What"), stretch=1, sample="Returned check fee"),
                Heading(translate("adjustment", "State"), sample="waits for approval"),
                amount_heading(translate("adjustment", "Amount")),
            ),
        )
        self.empty = EmptyState(
            "plus",
            translate("adjustment", "No adjustments yet"),
            translate("adjustment", "Fees, corrections, refunds and transfers of this account will be listed here."),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(SectionLabel(translate("adjustment", "Adjustments")))
        column.addWidget(buttons)
        column.addWidget(self._pages, 1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # The buttons fold where it is narrow; the list then gives up rows, and scrolls.
        return super().minimumSizeHint().boundedTo(QSize(10_000, 40 * look.SPACE))

    @property
    def current(self) -> AdjustmentEntry | None:
        """The one the keys are on."""
        row = self.tree.current_row()
        return row if isinstance(row, AdjustmentEntry) else None

    def render_rows(self) -> None:
        """Show them as the view model knows them."""
        walked = self._adjustments.entries
        entries = walked.rows
        self.tree.show_rows(len(entries), lambda place: entry_branch(entries[place]), grown=walked.appended)
        self.tree.more = walked.more if walked.has_more else None
        if self.current is None and not walked.appended:
            self.tree.go_to_first()
        self._pages.setCurrentWidget(self.tree if entries or self._adjustments.loading else self.empty)

    def go_to_newest(self) -> None:
        """Put the keys on the one added last."""
        for entry in self._adjustments.entries.rows[:1]:
            self.tree.go_to(entry.adjustment_id)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.shown.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def state_words(entry: AdjustmentEntry) -> str:
    """How an adjustment stands, or what it waits for."""
    translate = QCoreApplication.translate
    if Way.SUBMIT in entry.ways:
        return translate("adjustment", "to be submitted")
    waits = {
        WaitsFor.APPROVAL: translate("adjustment", "waits for approval"),
        WaitsFor.BILL: translate("adjustment", "waits for the bill"),
    }
    return waits.get(entry.waits_for) or status_words(entry.status)[0]


def entry_branch(entry: AdjustmentEntry) -> Branch:
    """One adjustment, with how it came about below."""
    words = manner(entry.currency)
    muted = entry.status == "CANCELED"
    return Branch(
        (when.day(entry.adjustment_date), entry.title, state_words(entry), words.text(entry.amount)),
        key=entry.adjustment_id,
        row=entry,
        below=tuple(_about(entry)),
        role="muted" if muted else "",
        tips=(when.day(entry.adjustment_date), entry.information),
        figures=(*[NO_FIGURE] * _AMOUNT, figure(FigureKind.ADJUSTMENT, entry.adjustment_id)),
    )


def _about(entry: AdjustmentEntry) -> Iterator[Branch]:
    translate = QCoreApplication.translate
    words = manner(entry.currency)
    lines = [entry.agreement]
    if entry.error_message:
        lines.append(translate("adjustment", "Not generated: {why}").format(why=entry.error_message))
    if entry.other_half is not None:
        half = entry.other_half
        where = translate("adjustment", "to") if half.amount < 0 else translate("adjustment", "from")
        lines.append(f"{where} {half.agreement}, {half.number} {half.name}")
    if entry.accounting_date is not None:
        day = when.day(entry.accounting_date)
        lines.append(translate("adjustment", "Accounting date {day}").format(day=day))
    lines += [f"{name}: {value}" for name, value in entry.characteristics]
    if entry.cancel_reason:
        lines.append(translate("adjustment", "Canceled: {reason}").format(reason=entry.cancel_reason))
    lines += [text for text in (entry.reference, entry.comment) if text]
    lines += [log_words(note) for note in entry.approval]
    for text in lines:
        yield Branch(("", text), role="muted", tips=("", text))
    for line in entry.lines:
        yield Branch(("", line.description, line.distribution_code, words.text(line.amount)))
    yield from gl_branches(entry.gl_lines, entry.currency, _CELLS, _AMOUNT)
