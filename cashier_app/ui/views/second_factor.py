"""Setting up a second factor: a QR code for the authenticator app, its first code, the recovery codes, told once."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cashier_app.documents.codes import qr_runs
from cashier_app.ui import look
from cashier_app.ui.tasks import Answer
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets.forms import Form, push_button
from cashier_app.ui.widgets.words import ProblemLabel, label

_SIDE = 196
_QUIET = 4
"""Modules of white around a QR code, without which cameras do not find it."""


class QrCode(QWidget):
    """A QR code, dark on white in every theme: cameras expect it so."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedSize(_SIDE, _SIDE)
        self._runs, self._modules = qr_runs(text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        module = _SIDE / (self._modules + 2 * _QUIET)
        for row, column, length in self._runs:
            left, top = (column + _QUIET) * module, (row + _QUIET) * module
            painter.fillRect(QRectF(left, top, length * module, module), QColor("black"))


class Typed(NamedTuple):
    """What proves who it is and that the app has the secret."""

    code: str
    password: str
    before: str
    """A code of the second factor that there was."""


class SecondFactorSheet(Overlay):
    """`await sheet.ask()` once per attempt, `show_problem` where one fails, then `await sheet.show_codes(…)`."""

    def __init__(self, over: QWidget, address: str, secret: str, *, has_password: bool, has_one: bool) -> None:
        """`has_password`: it was typed a moment ago; `has_one`: this one replaces another."""
        super().__init__(over, width=560, stays=True)
        translate = QCoreApplication.translate
        title = translate("second_factor", "Set up a second factor")
        self.setAccessibleName(title)
        self._answer: Answer[Typed | None] = Answer()
        self._kept: Answer[None] = Answer()
        self._password, self._before, self._code = QLineEdit(), QLineEdit(), QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._form = Form()
        if not has_password:
            self._form.add("password", translate("second_factor", "Your password"), self._password)
        if has_one:
            self._form.add("before", translate("second_factor", "Code of the app you have now"), self._before)
        self._form.add("code", translate("second_factor", "First code that the app shows"), self._code)
        self._problem = ProblemLabel(self._code)
        self._steps = self._with_steps(address, secret)
        self._set_up = push_button(translate("second_factor", "Set it up"), primary=True)
        self._leave = push_button(translate("second_factor", "Leave it"))
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._leave)
        buttons.addWidget(self._set_up)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*[look.SPACE * 5] * 4)
        self._column.setSpacing(look.SPACE * 3)
        self._column.addWidget(label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold))
        for part in (self._steps, self._form, self._problem):
            self._column.addWidget(part)
        self._column.addLayout(buttons)
        self._set_up.clicked.connect(self._go_on)
        self._leave.clicked.connect(self.close_now)
        for field in (self._password, self._before, self._code):
            field.returnPressed.connect(self._go_on)

    def _with_steps(self, address: str, secret: str) -> QWidget:
        translate = QCoreApplication.translate
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(look.SPACE * 4)
        across.addWidget(
            QrCode(address, translate("second_factor", "QR code for the app")), 0, Qt.AlignmentFlag.AlignTop
        )
        words = QVBoxLayout()
        words.setSpacing(look.SPACE * 2)
        told = translate(
            "second_factor",
            "Scan this with an authenticator app on your telephone. From now on you sign in with your password and the "
            "code that the app shows.",
        )
        words.addWidget(label(told, wraps=True))
        words.addWidget(label(translate("second_factor", "Or type this into the app:"), role="muted", wraps=True))
        words.addWidget(_to_copy(" ".join(secret[place : place + 4] for place in range(0, len(secret), 4))))
        words.addStretch()
        across.addLayout(words, 1)
        return whole

    def ask(self) -> Answer[Typed | None]:
        """Open, or ask again, and give what will be typed; None when it is left."""
        self._answer = Answer()
        self._busy(busy=False)
        if self.isHidden():
            self.open(next(field for field in (self._password, self._before, self._code) if self.isAncestorOf(field)))
        return self._answer

    def show_problem(self, sentence: str, field: str = "") -> None:
        """Why it was not set up; what was right stays as it was typed."""
        wrong = self._password if field == "password" and self.isAncestorOf(self._password) else self._code
        self._problem.show_problem(sentence)
        self._busy(busy=False)
        wrong.clear()
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_codes(self, codes: tuple[str, ...]) -> Answer[None]:
        """Show the recovery codes, and give when they were written down."""
        translate = QCoreApplication.translate
        for part in (self._steps, self._form, self._problem, self._leave):
            part.hide()
        told = translate(
            "second_factor",
            "It is set up. Write these recovery codes down and lock them away: each lets you in once when your "
            "telephone is lost. They are not shown again.",
        )
        parts = label(told, wraps=True), _to_copy("\n".join(codes))
        for place, part in enumerate(parts, start=1):
            self._column.insertWidget(place, part)
        self._set_up.setText(translate("second_factor", "I have them"))
        self._set_up.clicked.disconnect(self._go_on)
        self._set_up.clicked.connect(self.close_now)
        self._busy(busy=False)
        self._set_up.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit(*parts)
        return self._kept

    def close_now(self) -> None:
        """Go away; who still waits is answered."""
        self.dismiss()
        self.deleteLater()
        self._answer.give(None)
        self._kept.give(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._leave.isVisible():  # recovery codes are not put away by a slip of the hand
            self.close_now()

    def _go_on(self) -> None:
        self._busy(busy=True)
        self._answer.give(Typed(self._code.text().strip(), self._password.text(), self._before.text().strip()))

    def _busy(self, *, busy: bool) -> None:
        for part in (self._form, self._set_up, self._leave):
            part.setEnabled(not busy)


def _to_copy(words: str) -> QWidget:
    """Words that may be marked and copied, in letters that are told apart."""
    shown = label(words, wraps=True)
    shown.setFont(QFont("monospace", shown.font().pointSize()))
    shown.setStyleSheet("font-family: monospace")
    flags = Qt.TextInteractionFlag
    shown.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    return shown
