"""A card per drawer on the board: who, since when, takings against the limit, what needs somebody."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from cashier_app.services.queries.board import DrawerCard
from cashier_app.ui import look
from cashier_app.ui.views.ledger_words import manner, status_words
from cashier_app.ui.views.shown_figures import drawer_figure, taking_figures
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.bars import LimitBar, Part, StackedBar
from cashier_app.ui.widgets.cards import Card
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.words import Tone, label, restyle

_CARD_WIDTH = 300


class DrawerCardView(Card):
    """One drawer. Its place and size stay as its figures move."""

    focused = Signal()

    def __init__(self, control_id: int) -> None:
        super().__init__("")
        translate = QCoreApplication.translate
        self.control_id = control_id
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._takings = StackedBar(translate("board", "Takings"))
        self._limit = LimitBar(translate("board", "Cash in the drawer"))
        self._hidden = label(translate("board", "Blind count: amounts are hidden."), role="muted")
        self._needs = label(role="attention", wraps=True)
        self._last = label(role="muted", size=look.Size.TINY)
        for part in (self._takings, self._limit, self._hidden, self._needs):
            self.body.addWidget(part)
        self.body.addStretch()
        self.body.addWidget(self._last)

    def show_card(self, card: DrawerCard, now: datetime) -> None:
        """Show a drawer as it is now."""
        translate = QCoreApplication.translate
        words = manner(card.currency)
        badge, tone = _badge(card)
        owner = card.owner or translate("board", "everybody")
        since = when.clock(card.opened_at) if not card.left_open else when.moment(card.opened_at)
        line = translate("board", "{owner} since {since}, float {float}").format(
            owner=owner, since=since, float=words.text(card.starting_balance)
        )
        self.show_head(f"{card.tender_source}  {card.description}", line, badge, tone)
        parts = [Part(taking.description, taking.amount or 0) for taking in card.takings]
        self._takings.show_parts(parts)
        self._limit.show_used(card.like_cash or 0, card.limit or 0)
        self._carry(card)
        for bar in (self._takings, self._limit):
            bar.setVisible(not card.blind)
        self._hidden.setVisible(card.blind)
        needs = _needs(card)
        self._needs.setText("\n".join(needs))
        self._needs.setVisible(bool(needs))
        last = translate("board", "{count} tenders, last activity {when}").format(
            count=card.tender_count, when=when.since(card.last_activity, now)
        )
        self._last.setText(last)
        said = [card.tender_source, card.description, badge, line, *needs, last]
        self.setAccessibleName(", ".join(part for part in said if part))

    def _carry(self, card: DrawerCard) -> None:
        translate = QCoreApplication.translate
        words, key = manner(card.currency), card.tender_control_id
        waiting = sum(turn_in.amount for turn_in in card.pending_turn_ins)
        shown = [
            *taking_figures(card, words),
            Named(translate("board", "Float"), words.text(card.starting_balance), drawer_figure(key, "float")),
            Named(translate("board", "Tenders"), str(card.tender_count), drawer_figure(key, "tenders")),
        ]
        if card.like_cash is not None:
            held = translate("board", "Cash in the drawer")
            shown.append(Named(held, words.text(card.like_cash), drawer_figure(key, "like_cash")))
        if waiting:
            handed = translate("board", "Turned in, not received yet")
            shown.append(Named(handed, words.text(waiting), drawer_figure(key, "waiting")))
        carry(self, *shown)

    def mark(self, *, chosen: bool) -> None:
        """Show whether the actions are about this drawer."""
        if bool(self.property("chosen")) != chosen:
            self.setProperty("chosen", chosen)
            restyle(self)

    def focusInEvent(self, event: object) -> None:  # noqa: N802
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.focused.emit()


def _badge(card: DrawerCard) -> tuple[str, Tone]:
    if card.left_open:
        return QCoreApplication.translate("board", "left open"), "danger"
    return status_words(card.status)


def _needs(card: DrawerCard) -> list[str]:
    """What needs a second person, in sentences."""
    translate = QCoreApplication.translate
    words = manner(card.currency)
    needs = []
    if card.pending_turn_ins:
        total = sum(turn_in.amount for turn_in in card.pending_turn_ins)
        sentence = translate("board", "Turn-ins to be received: {count}, {amount}.")
        needs.append(sentence.format(count=len(card.pending_turn_ins), amount=words.text(total)))
    if card.limit_passed:
        needs.append(translate("board", "Its limit is passed: ask for a turn-in."))
    if card.unbalanced_events:
        needs.append(translate("board", "Unbalanced events: {count}.").format(count=card.unbalanced_events))
    return needs


class CardGrid(QWidget):
    """Cards side by side, as many as there is room for; the arrows walk them."""

    chosen = Signal(object)
    """The key of a drawer somebody went to; keys have 64 bits, Qt's int has 32."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(QCoreApplication.translate("board", "Drawers"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look.SPACE * 3)
        self._cards: dict[int, DrawerCardView] = {}
        self._columns = 0

    def show_cards(self, cards: tuple[DrawerCard, ...], chosen_id: int | None, now: datetime) -> None:
        """Show these drawers; those already there change in place."""
        wanted = [card.tender_control_id for card in cards]
        if wanted != list(self._cards):
            self._rebuild(wanted)
        for card in cards:
            view = self._cards[card.tender_control_id]
            view.show_card(card, now)
            view.mark(chosen=card.tender_control_id == chosen_id)

    def card(self, control_id: int) -> DrawerCardView:
        """The card of a drawer."""
        return self._cards[control_id]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -max(1, self._columns),
            Qt.Key.Key_Down: max(1, self._columns),
        }
        step = steps.get(Qt.Key(event.key()), 0)
        views = list(self._cards.values())
        focus = self.focusWidget()
        at = next((place for place, view in enumerate(views) if view is focus), None)
        if not step or at is None:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft and abs(step) == 1:
            step = -step
        if 0 <= at + step < len(views):
            views[at + step].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._columns = 0
            self._arrange()

    def _rebuild(self, wanted: list[int]) -> None:
        for key in [key for key in self._cards if key not in wanted]:
            gone = self._cards.pop(key)
            self._grid.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        ordered = {}
        for key in wanted:
            view = self._cards.get(key)
            if view is None:
                view = DrawerCardView(key)
                view.focused.connect(lambda key=key: self.chosen.emit(key))
                view.opened.connect(lambda key=key: self.chosen.emit(key))
            ordered[key] = view
        self._cards = ordered
        self._columns = 0
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(len(self._cards) or 1, (self.width() + look.SPACE * 3) // (_CARD_WIDTH + look.SPACE * 3)))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, view in enumerate(self._cards.values()):
            self._grid.addWidget(view, place // columns, place % columns)
        before: QWidget | None = None
        for view in self._cards.values():
            if before is not None:
                QWidget.setTabOrder(before, view)
            before = view
