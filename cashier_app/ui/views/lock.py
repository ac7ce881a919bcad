"""The lock: the screen is hidden until the person who left it comes back with their password."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui import icons, look
from cashier_app.ui.widgets.words import ProblemLabel, label


class LockView(QWidget):
    """Asks the person whose screen it is for their password, and nobody else.

    What was open stays theirs: somebody else can only sign in from the start, and not at all while a payment event is
    open, because an event belongs to whoever took the money.
    """

    unlock_requested = Signal(str)
    """The password typed."""
    other_requested = Signal()
    """Somebody else wants to sign in; everything shown must be closed first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self._icon = QLabel()
        self._title = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        self._words = label(role="muted", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._password = QLineEdit()
        self._password.setAccessibleName(translate("lock", "Password"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = ProblemLabel(self._password)
        self._unlock = QPushButton(translate("lock", "Unlock"))
        self._unlock.setProperty("kind", "primary")
        self._other = QPushButton(translate("lock", "Sign in as somebody else"))
        self._other.setProperty("kind", "quiet")
        form = QWidget()
        form.setMinimumWidth(320)
        form.setMaximumWidth(380)
        column = QVBoxLayout(form)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        for widget in (self._password, self._problem, self._unlock, self._other):
            column.addWidget(widget)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(form, 2)
        across.addStretch(1)
        outside = QVBoxLayout(self)
        outside.addStretch(2)
        outside.addLayout(across)
        outside.addStretch(3)
        self._password.returnPressed.connect(self._ask)
        self._unlock.clicked.connect(self._ask)
        self._other.clicked.connect(self.other_requested)
        self.setFocusProxy(self._password)
        look.changed.connect(self._draw_icon)

    def show_for(self, user: str, open_event: str = "") -> None:
        """Lock for this user; `open_event` says in words what they left open."""
        # Drawn now and not before: the sign-in window must not wait for a drawing that nobody sees.
        self._draw_icon()
        translate = QCoreApplication.translate
        title = translate("lock", "Locked by {user}").format(user=user)
        self._title.setText(title)
        self.setAccessibleName(title)
        if open_event:
            words = translate("lock", "{event} is open and stays {user}'s. Only {user} can go on with it.")
        else:
            words = translate("lock", "Type the password of {user} to go on.")
        self._words.setText(words.format(user=user, event=open_event))
        self._password.setAccessibleName(translate("lock", "Password of {user}").format(user=user))
        self._password.setPlaceholderText(translate("lock", "Password"))
        self._other.setEnabled(not open_event)
        self._password.clear()
        self._problem.clear()
        self.show_busy(busy=False)
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str, accepted: str = "") -> None:
        """Why it stays locked."""
        self.show_busy(busy=False)
        self._password.clear()
        self._problem.show_problem(sentence, accepted)
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, *, busy: bool) -> None:
        """While the password is checked nothing can be sent twice."""
        self._password.setEnabled(not busy)
        self._unlock.setEnabled(not busy)

    def _ask(self) -> None:
        password = self._password.text()
        if password:
            self.show_busy(busy=True)
            self.unlock_requested.emit(password)
        else:
            self._problem.show_problem(QCoreApplication.translate("lock", "Type your password."))

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icons.pixmap("lock", "muted", 32))
