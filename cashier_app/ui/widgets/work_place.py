"""The frame of a back-office screen: a heading with its actions, a list beside what is selected, an action in place."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cashier_app.domain.errors import Problem
from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.view_models.commanding import Sending
from cashier_app.ui.widgets.forms import Form
from cashier_app.ui.widgets.pages import PageView
from cashier_app.ui.widgets.words import ProblemLabel, label, rule

MARGIN = look.SPACE * 5
"""Between the edge of a screen and what it shows."""
OWN_ENTER = "ownEnter"
"""Property of a field in a sheet for which Enter means something of its own."""


class Heading(QWidget):
    """What a screen is about, in one line with its actions at the end and muted words below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(title, size=look.Size.TITLE, weight=QFont.Weight.DemiBold)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._words = label(role="muted", wraps=True)
        self._words.hide()
        self._row = QHBoxLayout()
        self._row.setSpacing(look.SPACE * 2)
        self._row.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE)
        column.addLayout(self._row)
        column.addWidget(self._words)

    def show_words(self, title: str, words: str = "") -> None:
        """Show a title and the line below it."""
        self._title.setText(title)
        self._title.setToolTip(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def add(self, widget: QWidget) -> None:
        """Put something at the end of the line."""
        self._row.addWidget(widget)

    def add_actions(self, *actions: QAction, primary: QAction | None = None) -> None:
        """One button per action; the primary one stands out."""
        for action in actions:
            button = QPushButton(self)
            if action is primary:
                button.setProperty("kind", "primary")
            wear(button, action)
            self._row.addWidget(button)


def column(owner: QWidget, *parts: QWidget, fills: QWidget | None = None, margin: int = 0) -> QVBoxLayout:
    """Lay parts out below each other; the one that fills takes the room that is left."""
    made = QVBoxLayout(owner)
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(look.SPACE * 2)
    for part in parts:
        made.addWidget(part, 1 if part is fills else 0)
    return made


class ListBeside(QSplitter):
    """A list on the left and what is selected on the right, with a hairline between that can be moved."""

    def __init__(self, left: QWidget, right: QWidget, *, shares: tuple[int, int] = (2, 3)) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.addWidget(left)
        self.addWidget(right)
        for place, share in enumerate(shares):
            self.setStretchFactor(place, share)
        self.setSizes([share * 1000 for share in shares])


class Column(QScrollArea):
    """A column that scrolls when the screen is small. Widgets are put into `body`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what it holds, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.body.setSpacing(look.SPACE * 3)
        self.setWidget(inside)

    def show_from(self, widget: QWidget) -> None:
        """Bring a widget into view."""
        self.ensureWidgetVisible(widget, 0, MARGIN)


class Choice(QComboBox):
    """One of several codes, shown by their words."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.view().setAccessibleName(name or QCoreApplication.translate("sheet", "Choices"))

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer `(code, words)`; what was chosen stays chosen where it is still offered."""
        chosen = self.code
        self.blockSignals(True)
        self.clear()
        for code, words in choices:
            self.addItem(words, code)
        self.choose(chosen)
        self.blockSignals(False)

    def choose(self, code: str) -> None:
        """Choose a code that is offered."""
        place = self.findData(code)
        if place >= 0:
            self.setCurrentIndex(place)

    @property
    def code(self) -> str:
        """The chosen code; empty where nothing is offered."""
        return str(self.currentData() or "")


def shown(problem: Problem) -> ShownProblem:
    """A refusal's problem as forms show it."""
    return ShownProblem(problem.code, problem.field, problem.sentence)


class ActionSheet(QFrame):
    """The form of one action, opened in place beside what it acts on. Enter does it, Escape leaves it.

    Problems stand beside their fields, the rest above the buttons.
    """

    wanted = Signal()
    """Somebody wants it done."""
    left = Signal()

    def __init__(self, title: str, do_it: str, *, dangerous: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.form = Form()
        self.body = QVBoxLayout()
        """Between the form and the buttons: a preview, for example."""
        self._title = label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        self._words = label(role="muted", wraps=True)
        self._words.hide()
        self._problem = ProblemLabel()
        self.do_button = QPushButton(do_it)
        self.do_button.setProperty("kind", "danger" if dangerous else "primary")
        self.leave_button = QPushButton(QCoreApplication.translate("sheet", "Leave it"))
        buttons = QHBoxLayout()
        buttons.setSpacing(look.SPACE * 2)
        buttons.addStretch()
        buttons.addWidget(self.leave_button)
        buttons.addWidget(self.do_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.SPACE * 2, 0, look.SPACE * 2)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(rule())
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self.form)
        column.addLayout(self.body)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.setMaximumWidth(640)
        self.do_button.clicked.connect(self.wanted)
        self.leave_button.clicked.connect(self.close_sheet)
        self.hide()

    def open_sheet(self, words: str = "", *, focus: QWidget | None = None) -> None:
        """Open with the focus on the first field, or on `focus`."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.show_problems(())
        self.show()
        target = focus or self._first_field() or self.do_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Close; the focus goes to whoever listens."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def follow(self, sending: Sending) -> None:
        """Show, while the form is open, that its command is under way, and why it was refused."""
        sending.changed.connect(lambda: self._show_sending(sending))

    def _show_sending(self, sending: Sending) -> None:
        if not self.isHidden():
            self.show_busy(busy=sending.busy)
            self.show_problems(sending.problems)

    def show_busy(self, *, busy: bool) -> None:
        """While a command is under way nothing can be sent again."""
        self.do_button.setEnabled(not busy)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Each beside its field; the rest above the buttons."""
        by_field: dict[str, ShownProblem] = {}
        for problem in problems:
            by_field.setdefault(problem.field, shown(problem))
        loose = self.form.show_problems(by_field)
        self._problem.show_problem(" ".join(problem.sentence for problem in loose))
        self._problem.setVisible(bool(loose))

    @property
    def problem(self) -> str:
        """What is shown above the buttons."""
        return self._problem.text

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Escape belongs to the sheet while the focus is in it, whatever else listens for it in the window.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def _enter(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        elif self.do_button.isEnabled() and focus is not None and not focus.property(OWN_ENTER):
            self.wanted.emit()

    def _first_field(self) -> QWidget | None:
        return next(
            (
                child
                for child in self.form.findChildren(QWidget)
                if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled()
            ),
            None,
        )


class Paper(PageView):
    """A page shown in place among other things; Escape puts it away."""

    put_away = Signal()

    def __init__(self, name: str, height: int = 480) -> None:
        super().__init__(name)
        self._height = height
        desk = self.widget()
        assert desk is not None, "pages lie on a widget"
        desk.setProperty("role", "background")  # paper lies on something darker than paper
        desk.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    def lay_out(self, pdf: bytes, height: int | None = None) -> None:
        """Show a document, with the focus on it; a slip needs less height than a page."""
        self.setFixedHeight(height or self._height)
        self.show()
        self.show_pdf(pdf)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.hide()
            self.put_away.emit()
        else:
            super().keyPressEvent(event)
