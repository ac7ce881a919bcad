"""Addresses of figures that several screens show alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets.bars import AgedDebt, AgedDebtBar
from cashier_app.ui.widgets.figures import Named

if TYPE_CHECKING:
    from cashier_app.services.queries.board import DrawerCard
    from cashier_app.services.queries.events import EventLine

_BUCKETS: Final = ("new", "days_0_30", "days_31_60", "days_61_90", "older", "disputed")


def debt_figures(account_id: int, debt: AgedDebt, words: AmountFormat) -> list[Named]:
    """Every bucket of an account's bar that is not empty."""
    return [
        Named(name, words.text(part), figure(FigureKind.DEBT, "account", account_id, bucket))
        for name, part, bucket in zip(AgedDebtBar.names(), debt.parts, _BUCKETS, strict=True)
        if part
    ]


def drawer_figure(control_id: int, which: str, tender_type: str = "") -> Figure:
    """A figure of a drawer, or of one tender type in it."""
    return figure(FigureKind.DRAWER, control_id, tender_type, which)


def taking_figures(card: DrawerCard, words: AmountFormat) -> list[Named]:
    """What a drawer holds, by tender type; nothing where it is blind."""
    return [
        Named(
            line.description,
            words.text(line.amount),
            drawer_figure(card.tender_control_id, "expected", line.tender_type),
        )
        for line in card.takings
        if line.amount is not None
    ]


def event_figure(row: EventLine) -> Figure:
    """What a list says of an event: by how much it does not balance, else what was handed over."""
    return figure(FigureKind.EVENT, row.event_id, "unbalanced" if row.unbalanced_by else "tenders")


def unsent_figure(count: int) -> list[Named]:
    """How much waits at a branch; nothing where nothing does."""
    words = QCoreApplication.translate("line", "Not sent yet")
    return [Named(words, f"{count:,}", figure(FigureKind.UNSENT))] if count else []
