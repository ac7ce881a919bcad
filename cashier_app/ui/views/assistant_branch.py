"""The first start of a branch: the server's address and the code that was read out, whom to believe, the directory."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.branch_line import LineState, Phase
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.views.line_words import number
from cashier_app.ui.widgets.forms import Form, push_button
from cashier_app.ui.widgets.words import ProblemLabel, label


@dataclass(frozen=True, slots=True)
class BranchWanted:
    """Which server this workstation is to be a branch of."""

    server: str
    code: str
    fingerprint: str = ""
    """Of a certificate that somebody has compared with the server's own."""


class JoinPart(QWidget):
    """Asks, shows what came of it, and how far the directory is."""

    join_wanted = Signal(object)
    """A `BranchWanted`."""
    stop_wanted = Signal()
    """What was asked of the server is not waited for any more."""
    enter_wanted = Signal()
    """Sign in now; the rest of the directory arrives meanwhile."""
    pause_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._pages = QStackedWidget()
        self.server, self.code = QLineEdit(), QLineEdit()
        self.server.setPlaceholderText("cashier.example:8443")
        self.code.setPlaceholderText("ABCDEF-GHJKLM-NPQRST-UVWXYZ")
        self._form = Form()
        self._form.add("server", translate("assistant", "Address of the server"), self.server)
        self._form.add("code", translate("assistant", "Invitation code"), self.code)
        self._problem = ProblemLabel()
        self.join = push_button(translate("assistant", "Join"), primary=True)
        self.stop = push_button(translate("assistant", "Stop"))
        self.fingerprint = label(weight=QFont.Weight.Medium, wraps=True)
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.same = push_button(translate("assistant", "It is the same, join"))
        self.differs = push_button(translate("assistant", "It is not, stop"))
        self.progress = label(wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(translate("assistant", "The directory is being fetched"))
        self.enter = push_button(translate("assistant", "Sign in now"), primary=True)
        self.pause = push_button(translate("assistant", "Pause"))
        self.pause.setCheckable(True)
        for page in (self._asking(), self._comparing(), self._fetching()):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._connect()
        self.show_busy(busy=False)

    # -- showing

    def show_busy(self, *, busy: bool) -> None:
        """The server is being asked, or is not any more."""
        self._pages.setCurrentIndex(0)
        for part in (self.server, self.code, self.join):
            part.setEnabled(not busy)
        self.stop.setVisible(busy)
        if busy:
            self._problem.clear()
            self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self, problems: tuple[ShownProblem, ...]) -> None:
        """Why it did not work; nothing was lost, and the same may be tried again."""
        self.show_busy(busy=False)
        loose = self._form.show_problems({problem.field: problem for problem in problems})
        self._problem.show_problem(" ".join(problem.sentence for problem in loose))
        if loose:
            self.join.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_about(self, fingerprint: str) -> None:
        """The certificate is not known: somebody must compare it. Neither answer is proposed."""
        half = len(fingerprint) // 2 + 1
        self.fingerprint.setText(f"{fingerprint[:half]}\n{fingerprint[half:]}")
        self._pages.setCurrentIndex(1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_state(self, state: LineState) -> None:
        """How far the directory is."""
        translate = QCoreApplication.translate
        self._pages.setCurrentIndex(2)
        if state.phase in {Phase.OFFLINE, Phase.REFUSED}:
            words = f"{state.problem} {translate('assistant', 'It is tried again by itself; nothing is lost.')}"
        elif not state.knows_people:
            words = translate("assistant", "Users and control tables are being fetched.")
        else:
            words = translate(
                "assistant", "{count} accounts of the directory have arrived. You can sign in now: the rest follows."
            ).format(count=number(state.accounts))
        self.progress.setText(words)
        self.enter.setEnabled(state.knows_people)
        if state.knows_people and not self.enter.hasFocus() and not self.pause.hasFocus():
            self.enter.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- made of

    def _asking(self) -> QWidget:
        page, column = _page()
        column.addWidget(self._form)
        column.addWidget(self._problem)
        column.addLayout(_row(self.join, self.stop))
        return page

    def _comparing(self) -> QWidget:
        translate = QCoreApplication.translate
        page, column = _page()
        words = translate("assistant", "This server is not known here yet. Nothing was said to it.")
        column.addWidget(label(words, weight=QFont.Weight.DemiBold, wraps=True))
        compare = translate(
            "assistant",
            "Ask an administrator to read out the fingerprint of the server's certificate, over the telephone for "
            "example, and compare every digit with this one:",
        )
        column.addWidget(label(compare, wraps=True))
        column.addWidget(self.fingerprint)
        column.addLayout(_row(self.same, self.differs))
        return page

    def _fetching(self) -> QWidget:
        page, column = _page()
        for part in (self.bar, self.progress):
            column.addWidget(part)
        column.addLayout(_row(self.enter, self.pause))
        return page

    def _connect(self) -> None:
        self.join.clicked.connect(lambda _checked=False: self._want())
        self.server.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self._want)
        self.stop.clicked.connect(lambda _checked=False: self.stop_wanted.emit())
        self.same.clicked.connect(lambda _checked=False: self._want(self.fingerprint.text().replace("\n", "")))
        self.differs.clicked.connect(lambda _checked=False: self._distrust())
        self.enter.clicked.connect(lambda _checked=False: self.enter_wanted.emit())
        self.pause.toggled.connect(self._pause)

    def _want(self, fingerprint: str = "") -> None:
        translate = QCoreApplication.translate
        server, code = self.server.text().strip(), self.code.text().strip()
        missing = [
            ShownProblem("", field, words)
            for field, typed, words in (
                ("server", server, translate("assistant", "Type the server's address, as it was read out.")),
                ("code", code, translate("assistant", "Type the invitation code, as it was read out.")),
            )
            if not typed
        ]
        if missing:
            self.show_problems(tuple(missing))
            return
        self._form.show_problems({})
        self.join_wanted.emit(BranchWanted(server, code, fingerprint))

    def _distrust(self) -> None:
        words = QCoreApplication.translate(
            "assistant", "Nothing was joined. Check the address, and tell an administrator that another server answers."
        )
        self.show_problems((ShownProblem("LINE-002", "", words),))

    def _pause(self, paused: bool) -> None:
        translate = QCoreApplication.translate
        self.pause.setText(translate("assistant", "Go on") if paused else translate("assistant", "Pause"))
        self.bar.setRange(0, 1 if paused else 0)
        self.pause_wanted.emit(paused)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.SPACE * 2)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return page, column


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.SPACE * 2)
    for button in buttons:
        row.addWidget(button)
    row.addStretch()
    return row
