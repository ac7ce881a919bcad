"""Decisions with two sensible answers, and a second person's consent: asked in the window, awaited, never blocking."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.tasks import Answer
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets.words import ProblemLabel, label


class Question(Overlay):
    """`if await Question(over, …).ask():` - Enter takes the answer that has the focus, Escape the second one."""

    def __init__(self, over: QWidget, title: str, sentence: str, *, yes: str, no: str, dangerous: bool = False) -> None:
        """`yes` and `no` say what will happen, never "Yes" or "OK"; a dangerous one starts on the harmless answer."""
        super().__init__(over, width=460, stays=True)
        self.setAccessibleName(f"{title} {sentence}")
        self._answer: Answer[bool] = Answer()
        self._yes, self._no = QPushButton(yes), QPushButton(no)
        self._yes.setProperty("kind", "danger" if dangerous else "primary")
        self._first = self._no if dangerous else self._yes
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self._no, self._yes):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 3)
        column.addWidget(label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True))
        column.addWidget(label(sentence, wraps=True))
        column.addSpacing(look.SPACE)
        column.addLayout(buttons)
        self._yes.clicked.connect(lambda _checked=False: self._end(answer=True))
        self._no.clicked.connect(lambda _checked=False: self._end(answer=False))

    def ask(self) -> Answer[bool]:
        """Open, and give what will be answered."""
        self.open(self._first)
        return self._answer

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        focus = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self._end(answer=False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QPushButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    def _end(self, *, answer: bool) -> None:
        self.dismiss()
        self.deleteLater()
        self._answer.give(answer)


class Credentials(NamedTuple):
    """Who consents."""

    login: str
    password: str
    code: str = ""


class SecondPerson(Overlay):
    """Asks somebody else to consent with their own login and password. Escape gives None.

    A refused attempt is shown with `show_problem`, which asks again: `await person.ask()` once per attempt, then
    `close_now`.
    """

    def __init__(self, over: QWidget, title: str, sentence: str) -> None:
        super().__init__(over, width=420, stays=True)
        translate = QCoreApplication.translate
        self.setAccessibleName(f"{title} {sentence}")
        self._answer: Answer[Credentials | None] = Answer()
        self._login, self._password = QLineEdit(), QLineEdit()
        self._code: QLineEdit | None = None
        """One-time code, once somebody is seen to have a second factor."""
        self._login.setAccessibleName(translate("question", "Login of the second person"))
        self._password.setAccessibleName(translate("question", "Password of the second person"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = ProblemLabel()
        consent, leave = QPushButton(translate("question", "Consent")), QPushButton(translate("question", "Leave it"))
        consent.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(leave)
        buttons.addWidget(consent)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True))
        column.addWidget(label(sentence, wraps=True))
        for words, field in (
            (translate("question", "Login"), self._login),
            (translate("question", "Password"), self._password),
        ):
            column.addWidget(label(words, role="muted"))
            column.addWidget(field)
        self._code_place = QVBoxLayout()
        self._code_place.setSpacing(look.SPACE * 2)
        column.addLayout(self._code_place)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self._login.returnPressed.connect(self._password.setFocus)
        self._password.returnPressed.connect(self._consent)
        consent.clicked.connect(self._consent)
        leave.clicked.connect(self.close_now)

    def ask(self) -> Answer[Credentials | None]:
        """Open, or ask again, and give what will be typed."""
        self._answer = Answer()
        if self.isHidden():
            self.open(self._login)
        return self._answer

    def show_problem(self, sentence: str, accepted: str = "", *, about_code: bool = False) -> None:
        """Why this consent does not count; what was right stays as it was typed."""
        self._problem.show_problem(sentence, accepted)
        self.fit()
        wrong = self._code_field() if about_code else self._password
        wrong.clear()
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _code_field(self) -> QLineEdit:
        if self._code is None:
            translate = QCoreApplication.translate
            self._code = QLineEdit()
            self._code.setAccessibleName(translate("question", "One-time code of the second person"))
            self._code.returnPressed.connect(self._consent)
            name = label(translate("question", "One-time code"), role="muted")
            for part in (name, self._code):
                self._code_place.addWidget(part)
            self.fit(name, self._code)
        return self._code

    def close_now(self) -> None:
        """Go away; who still waits is given None."""
        self.dismiss()
        self.deleteLater()
        self._answer.give(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
        else:
            super().keyPressEvent(event)

    def _consent(self) -> None:
        if self._login.text().strip() and self._password.text():
            code = self._code.text().strip() if self._code is not None else ""
            self._answer.give(Credentials(self._login.text().strip(), self._password.text(), code))
        else:
            self._problem.show_problem(QCoreApplication.translate("question", "Type login and password."))
