"""Signing in: the first thing painted, so nothing heavy is imported here and no service is known."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.widgets.words import ProblemLabel, label


class SignIn(QWidget):
    """Login and password. Says who wants in and shows why not; whether they may is decided elsewhere."""

    submitted = Signal(str, str)
    """Login and password, when both are there and Enter or the button was pressed; see `code` besides."""

    def __init__(self, workplace: str = "", parent: QWidget | None = None) -> None:
        """`workplace` is the name of this till or utility, shown under the title."""
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("sign_in", "Sign in"))
        self._login = _field(translate("sign_in", "Login"))
        self._password = _field(translate("sign_in", "Password"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = ProblemLabel()
        self._button = QPushButton(translate("sign_in", "Sign in"))
        self._button.setProperty("kind", "primary")
        self._button.setAccessibleName(translate("sign_in", "Sign in"))
        self._workplace = label(workplace, role="muted")

        column = QVBoxLayout()
        column.setSpacing(look.SPACE)
        column.addWidget(label("Cashier", size=look.Size.TITLE, weight=QFont.Weight.DemiBold))
        column.addWidget(self._workplace)
        column.addSpacing(look.SPACE * 6)
        for field in (self._login, self._password):
            column.addWidget(label(field.accessibleName(), role="muted"))
            column.addWidget(field)
            column.addSpacing(look.SPACE * 2)
        self._code: QLineEdit | None = None
        self._code_place = QVBoxLayout()
        self._code_place.setSpacing(look.SPACE)
        column.addLayout(self._code_place)
        column.addWidget(self._problem)
        column.addSpacing(look.SPACE)
        column.addWidget(self._button)
        form = QWidget()
        form.setLayout(column)
        form.setMinimumWidth(320)
        form.setMaximumWidth(380)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(form, 2)
        across.addStretch(1)
        outside = QVBoxLayout(self)
        outside.addStretch(2)
        outside.addLayout(across)
        outside.addStretch(3)

        self._login.returnPressed.connect(self._go_on)
        self._password.returnPressed.connect(self._submit)
        self._button.clicked.connect(self._submit)
        self.setFocusProxy(self._login)

    def start(self, login: str = "", workplace: str = "") -> None:
        """Be empty and ready for the next person; a known login leaves only the password to type."""
        self._workplace.setText(workplace or self._workplace.text())
        self._login.setText(login)
        self._password.clear()
        self._forget_code()
        self._problem.clear()
        self.show_busy(busy=False)
        (self._password if login else self._login).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_workplace(self, workplace: str) -> None:
        """The name of this till, without disturbing who types."""
        self._workplace.setText(workplace)

    def show_busy(self, *, busy: bool) -> None:
        """While the password is checked nothing can be changed or sent twice."""
        for widget in (self._login, self._password, self._code, self._button):
            if widget is not None:
                widget.setEnabled(not busy)
        translate = QCoreApplication.translate
        self._button.setText(translate("sign_in", "Signing in …") if busy else translate("sign_in", "Sign in"))

    def show_problem(self, sentence: str, accepted: str = "") -> None:
        """Why not, and what would be accepted; the password is to be typed again."""
        self.show_busy(busy=False)
        self._problem.show_problem(sentence, accepted)
        self._password.clear()
        self._forget_code()
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_code(self, sentence: str) -> None:
        """The password was right; a one-time code is needed besides, or another one."""
        self.show_busy(busy=False)
        if self._code is None:
            self._code = _field(QCoreApplication.translate("sign_in", "One-time code"))
            self._code.returnPressed.connect(self._submit)
            self._code_place.addWidget(label(self._code.accessibleName(), role="muted"))
            self._code_place.addWidget(self._code)
        self._code.clear()
        self._problem.show_problem(sentence)
        self._code.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def code(self) -> str:
        """The one-time code, where one was asked for."""
        return self._code.text().strip() if self._code is not None else ""

    def _forget_code(self) -> None:
        """The next person may have none."""
        while (item := self._code_place.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        self._code = None

    @property
    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._problem.text

    def _go_on(self) -> None:
        if self._password.text():
            self._submit()
        else:
            self._password.setFocus(Qt.FocusReason.TabFocusReason)

    def _submit(self) -> None:
        translate = QCoreApplication.translate
        login = self._login.text().strip()
        if not login:
            self._problem.show_problem(translate("sign_in", "Type your login first."))
            self._login.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._password.text():
            self._problem.show_problem(translate("sign_in", "Type your password."))
            self._password.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._problem.clear()
            password = self._password.text()
            self.show_busy(busy=True)
            self.submitted.emit(login, password)


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    return field
