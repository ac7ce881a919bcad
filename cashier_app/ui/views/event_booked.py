"""At a branch: what the server made of an event, agreement by agreement, once it has told."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.services.queries.booked import BookedRow, BookedView
from cashier_app.services.queries.events import EventDetail
from cashier_app.ui import look
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.views.ledger_words import manner, status_words
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import SectionLabel, label

_AMOUNT: Final = 3


class BookedFacts(QWidget):
    """A section of an event's screen; hidden anywhere but at a branch."""

    def __init__(self) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._waits = label(
            translate(
                "event",
                "Recorded here. The server distributes it when it hears of it, and tells what each agreement got.",
            ),
            role="muted",
            wraps=True,
        )
        self._reasons = label(role="attention", wraps=True)
        self.tree = TreeView(
            translate("event", "What the office made of it"),
            (
                Heading(translate("event", "Account"), sample="0000100 0018-7"),
                Heading(translate("event", "Who, agreement"), stretch=3),
                Heading(translate("event", "State"), stretch=1, sample="to be frozen"),
                amount_heading(translate("event", "Amount")),
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.SPACE * 2, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(SectionLabel(translate("event", "At the office")))
        for part in (self._waits, self._reasons, self.tree):
            column.addWidget(part)
        for signal in (self.tree.expanded, self.tree.collapsed):
            signal.connect(lambda _index: self.tree.fit(30))
        self.hide()

    def show_booked(self, detail: EventDetail, booked: BookedView | None) -> None:
        """Show it, or that it has not been heard of."""
        self.show()
        self._waits.setVisible(booked is None)
        self.tree.setVisible(booked is not None)
        reasons = booked.reasons if booked is not None else ()
        self._reasons.setText("\n".join(_why(reason) for reason in reasons))
        self._reasons.setVisible(bool(reasons))
        if booked is not None:
            self.tree.show_branches([_branch(row, detail) for row in booked.payments])
            self.tree.expandAll()
            self.tree.fit(30)


def _why(reason: str) -> str:
    words = QCoreApplication.translate("event", "It could not be booked as it was taken, and waits in suspense: {why}")
    return words.format(why=reason)


def _branch(row: BookedRow, detail: EventDetail) -> Branch:
    translate = QCoreApplication.translate
    words = manner(detail.currency)
    state = status_words(row.status)[0]
    if row.in_suspense:
        state = translate("event", "in suspense")
    elif row.is_replaced:
        state = translate("event", "not booked")
    canceled = row.status == "CANCELED"

    def address(place: int) -> tuple[Figure, ...]:
        return (*[NO_FIGURE] * _AMOUNT, figure(FigureKind.BOOKED, detail.event_id, row.payment_id, place))

    return Branch(
        (row.account_number, row.name, state, words.text(row.amount)),
        key=row.payment_id,
        row=row,
        below=tuple(
            Branch(
                ("", share.description, "", words.text(share.amount)),
                key=(row.payment_id, share.sa_id),
                figures=address(place),
            )
            for place, share in enumerate(row.shares, 1)
        ),
        role="muted" if canceled else "",
        struck=canceled,
        tips=(row.account_number, row.name, state),
        figures=address(0),
    )
