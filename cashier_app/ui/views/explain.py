"""About this figure: its parts, which add up to it, and why, in sentences that lead further (row H7)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from cashier_app.domain.figures import Figure
from cashier_app.ui import look
from cashier_app.ui.table_models.rows import Align
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.explain import Explain
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import Named
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import SectionLabel, label

if TYPE_CHECKING:
    from cashier_app.services.explaining.explanation import Part, Reason

_WIDTH: Final = 820
_ROWS: Final = 12
_REASONS: Final = 210
_BACK: Final = (Qt.Key.Key_Backspace, Qt.Key.Key_Back)
_LEADS: Final = "\u203a"
"""Stands behind what leads further."""


class ExplainPanel(Overlay):
    """Lies over the screen until Escape. Enter follows, Backspace goes back, Ctrl+C copies all of it."""

    def __init__(self, over: QWidget, desk: Desk) -> None:
        super().__init__(over, width=_WIDTH)
        translate = QCoreApplication.translate
        self._desk = desk
        self._choices: Sequence[Named] = ()
        self.explain = Explain(desk)
        self.setAccessibleName(translate("explain", "About this figure"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.title = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True)
        self.amount = label(size=look.Size.TITLE, weight=QFont.Weight.DemiBold)
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.sum_words = label(role="muted", wraps=True)
        self.parts = TreeView(
            translate("explain", "Parts of the figure"),
            (
                Heading(translate("explain", "Day"), sample="24 Nov 2026"),
                Heading(translate("explain", "What"), stretch=1),
                amount_heading(translate("explain", "Amount"), "-12,345,678.00"),
                Heading("", Align.CENTER, sample=_LEADS),
            ),
        )
        self.parts.setRootIsDecorated(False)
        self.reasons = QTextBrowser()
        self.reasons.setAccessibleName(translate("explain", "Why it is so"))
        self.reasons.setOpenLinks(False)
        self.reasons.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.reasons.setStyleSheet("QTextBrowser { border: none; background: transparent; padding: 0; }")
        self.reasons.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reasons.document().setDocumentMargin(0)
        self.reasons.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.back = _quiet(translate("explain", "Back"), translate("explain", "To the figure before (Backspace)"))
        self.copy = _quiet(translate("explain", "Copy"), translate("explain", "Copy all of it as text (Ctrl+C)"))
        self._why = SectionLabel(translate("explain", "Why"))
        self._build()
        self.explain.changed.connect(self._render)
        self.parts.chosen.connect(self._follow_row)
        self.reasons.anchorClicked.connect(self._follow_link)
        self.back.clicked.connect(lambda _checked=False: self.explain.back())
        self.copy.clicked.connect(lambda _checked=False: self._copy())
        self.closed.connect(self.explain.leave)
        for part in (self.parts, self.reasons):
            part.installEventFilter(self)
        look.changed.connect(self._render_reasons)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(SectionLabel(QCoreApplication.translate("explain", "About this figure")))
        head.addStretch()
        for button in (self.back, self.copy):
            head.addWidget(button)
        line = QHBoxLayout()
        line.setSpacing(look.SPACE * 4)
        line.addWidget(self.title, 1)
        line.addWidget(self.amount)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 2)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self.sum_words)
        column.addWidget(self.parts)
        column.addWidget(self._why)
        column.addWidget(self.reasons)

    # -- what the office calls

    def show_figure(self, figure: Figure) -> None:
        """Explain a figure."""
        self._choices = ()
        self._clear()
        self.open(self)
        self.explain.open(figure)
        self.explain.enter()

    def show_choices(self, choices: Sequence[Named]) -> None:
        """Offer several: those of a row, or all that are in view."""
        self._choices = choices
        self._clear()
        self.open(self)
        self._render_choices()

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched in (self.parts, self.reasons) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent), "a key was pressed"
            if self._takes(event):
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not self._takes(event):
            super().keyPressEvent(event)

    def _takes(self, event: QKeyEvent) -> bool:
        alt_left = event.key() == Qt.Key.Key_Left and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in _BACK or alt_left:
            self._go_back()
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.reasons.textCursor().hasSelection():
            self._copy()
        else:
            return False
        return True

    def _go_back(self) -> None:
        if self.explain.can_go_back:
            self.explain.back()
        elif self._choices:
            self._clear()
            self._render_choices()

    # -- rendering

    def _clear(self) -> None:
        for part in (self.title, self.amount, self.sum_words):
            part.setText("")
        self.parts.show_branches(())
        self.reasons.clear()
        self.parts.more = None
        for button in (self.back, self.copy):
            button.hide()

    def _render_choices(self) -> None:
        translate = QCoreApplication.translate
        self.title.setText(translate("explain", "Which figure?"))
        words = translate("explain", "Enter explains the one the keys are on.")
        if not self._choices:
            words = translate("explain", "Nothing on this screen is a figure that can be explained.")
        self.sum_words.setText(words)
        self.parts.show_branches(
            [
                Branch(("", each.words, each.text, _LEADS), key=place, row=each.figure, tips=("", each.words))
                for place, each in enumerate(self._choices)
            ]
        )
        self._fit(has_reasons=False)
        self.parts.go_to_first()

    def _render(self) -> None:
        explain = self.explain
        told = explain.explanation
        self.back.setVisible(explain.can_go_back or bool(self._choices))
        self.copy.setVisible(told is not None)
        if told is None:
            self.title.setText(explain.problem)
            self._fit(has_reasons=False)
            return
        self.title.setText(told.title)
        self.amount.setText("" if told.amount is None else written(told.amount, told.currency))
        self.sum_words.setText(_sum_words(len(explain.parts), explain.rest, told.currency))
        self.sum_words.setVisible(bool(explain.parts))
        known = self.parts.rows.rowCount()
        branches = [_branch(part, place, told.currency) for place, part in enumerate(explain.parts)]
        if known and known < len(branches):
            self.parts.rows.append(branches[known:])
        else:
            self.parts.show_branches(branches)
            self.parts.go_to_first()
        self.parts.more = explain.more if explain.has_more else None
        translate = QCoreApplication.translate
        self._why.setText(translate("explain", "In words") if told.amount is None else translate("explain", "Why"))
        self._render_reasons()
        self._fit(has_reasons=bool(told.reasons))

    def _render_reasons(self) -> None:
        """Links have the color of the theme."""
        told = self.explain.explanation
        if told is not None:
            self.reasons.setHtml(_html(told.reasons))

    def _fit(self, *, has_reasons: bool) -> None:
        """As high as what is shown, up to a bound: what lies below stays in sight."""
        rows = self.parts.rows.rowCount()
        self._keep_keys({self.parts: bool(rows), self.reasons: has_reasons})
        self.parts.setVisible(bool(rows))
        self.parts.show_column(0, on=any(branch.cells[0] for branch in self.parts.rows.top))
        self.parts.fit(_ROWS)
        for part in (self._why, self.reasons):
            part.setVisible(has_reasons)
        if has_reasons:
            self.reasons.document().setTextWidth(self.width() - look.SPACE * 14)
            high = int(self.reasons.document().size().height()) + look.SPACE
            self.reasons.setFixedHeight(min(high, _REASONS if rows else 2 * _REASONS))
        self.replace()

    def _keep_keys(self, shown: dict[QWidget, bool]) -> None:
        """Before anything is hidden: the keys would leave with it, and who leaves closes the panel."""
        focus = self.window().focusWidget()
        stays = focus is not None and focus is not self and self.isAncestorOf(focus) and shown.get(focus, True)
        if self.isVisible() and not stays:
            at = next((part for part, is_there in shown.items() if is_there), self)
            at.show()
            at.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- following

    def _follow_row(self, row: object) -> None:
        if row:
            self._follow(Figure(str(row)))

    def _follow(self, figure: Figure) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # until it is known what there is to look at
        # Rows of another figure would keep their places otherwise.
        self.parts.show_branches(())
        if self.explain.explanation is None and self._choices:
            self.explain.open(figure)
            self.explain.enter()
        else:
            self.explain.follow(figure)

    def _follow_link(self, link: QUrl) -> None:
        """Links are the numbers of the reasons."""
        assert self.explain.explanation is not None, "there is something to follow"
        reason = self.explain.explanation.reasons[int(link.toString())]
        if reason.figure:
            self._follow(reason.figure)
            return
        self.dismiss()
        (self._desk.go.event if reason.place == "event" else self._desk.go.account).emit(reason.key)

    def _copy(self) -> None:
        told = self.explain.explanation
        if told is not None:
            QGuiApplication.clipboard().setText(as_text(told.title, told, self.explain.parts, self.explain.rest))
            self._desk.say(QCoreApplication.translate("explain", "The explanation is copied"), "good")


def written(amount: int, currency: str) -> str:
    """An amount, or a plain number where there is no currency."""
    return manner(currency).text(amount) if currency else f"{amount:,}"


def as_text(title: str, told: Any, parts: Sequence[Part], rest: int) -> str:
    """All of an explanation, to be put into a letter."""
    head = title if told.amount is None else f"{title}: {written(told.amount, told.currency)} {told.currency}".rstrip()
    lines = [
        "\t".join((part.day.isoformat() if part.day else "", part.words, written(part.amount, told.currency)))
        for part in parts
    ]
    if rest:
        words = QCoreApplication.translate("explain", "What is not listed")
        lines.append("\t".join(("", words, written(rest, told.currency))))
    return "\n".join([head, *lines, *(reason.words for reason in told.reasons)])


def _sum_words(count: int, rest: int, currency: str) -> str:
    translate = QCoreApplication.translate
    if rest:
        words = translate("explain", "It is the sum of these {count} parts and of {rest} that comes with further ones.")
        return words.format(count=count, rest=written(rest, currency))
    if count == 1:
        return translate("explain", "It comes from one part.")
    return translate("explain", "It is the sum of these {count} parts.").format(count=count)


def _branch(part: Part, place: int, currency: str) -> Branch:
    day = when.day(part.day) if part.day else ""
    return Branch(
        (day, part.words, written(part.amount, currency), _LEADS if part.figure else ""),
        key=place,
        row=part.figure or None,
        tips=("", part.words),
        figures=(Figure(""), Figure(""), part.figure),
    )


def _html(reasons: Sequence[Reason]) -> str:
    """Sentences as they came, never as markup; what leads somewhere is a link."""
    color = look.color("accent").name()
    lines = []
    for place, reason in enumerate(reasons):
        words = escape(reason.words)
        if reason.figure or reason.place:
            words = f'<a style="color:{color};text-decoration:none" href="{place}">{words} {_LEADS}</a>'
        lines.append(f'<p style="margin:0 0 5px 0">{words}</p>')
    return "".join(lines)


def _quiet(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "quiet")
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
