"""The first start: no ledger is here, or it cannot be opened. Says so and offers what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cashier_app.ui import look
from cashier_app.ui.branch_line import LineState
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.views.assistant_branch import JoinPart
from cashier_app.ui.widgets.forms import Form, push_button
from cashier_app.ui.widgets.words import ProblemLabel, label, rule

_WIDTH: Final = 560
ALONE, OFFICE, BRANCH = "alone", "office", "branch"
_PARTS: Final = {ALONE: ("demo", "empty"), OFFICE: ("other",), BRANCH: ("branch",)}


@dataclass(frozen=True, slots=True)
class NewLedger:
    """Who is to administer a new, empty ledger."""

    login: str
    name: str
    password: str


class Assistant(QScrollArea):
    """Tells what is missing; emits what somebody wants."""

    demo_wanted = Signal()
    empty_wanted = Signal(object)
    """A `NewLedger`."""
    other_wanted = Signal(str)
    """URL or path of another ledger."""
    again_wanted = Signal()
    register_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("assistant", "First start"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = label(size=look.Size.TITLE, weight=QFont.Weight.DemiBold, wraps=True)
        self._words = label(role="muted", wraps=True)
        self._problem = ProblemLabel()
        self._demo = push_button(translate("assistant", "Create the demo utility"), primary=True)
        self._again = push_button(translate("assistant", "Try again"))
        self._register = push_button(translate("assistant", "Register this workstation"))
        self._form = Form()
        self._fields = {
            "login": QLineEdit(),
            "name": QLineEdit(),
            "password": QLineEdit(),
        }
        self._fields["password"].setEchoMode(QLineEdit.EchoMode.Password)
        titles = (
            ("login", translate("assistant", "Your login")),
            ("name", translate("assistant", "Your name")),
            ("password", translate("assistant", "A password of at least 15 characters, a short sentence for example")),
        )
        for field, title in titles:
            self._form.add(field, title, self._fields[field])
        self._empty = push_button(translate("assistant", "Create an empty ledger"))
        self._path = QLineEdit()
        self._path.setAccessibleName(translate("assistant", "File or address of a ledger"))
        self._path.setPlaceholderText("postgresql://cashier@server/ledger")
        self._other = push_button(translate("assistant", "Open it"))
        self.join = JoinPart()
        self._places: dict[str, QPushButton] = {}
        self._heads: tuple[QWidget, ...] = ()
        """Of the part about joining: gone once it has joined."""
        self._parts: dict[str, QWidget] = {}
        self.setWidget(self._inside())
        self._connect()

    def show_missing(self, where: str) -> None:
        """There is no ledger at this place yet."""
        translate = QCoreApplication.translate
        self._title.setText(translate("assistant", "There is no ledger here yet"))
        self._words.setText(where)
        place = next((name for name, chip in self._places.items() if chip.isChecked()), ALONE)
        self.choose(place)
        first = {ALONE: self._demo, OFFICE: self._path, BRANCH: self.join.server}[place]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, place: str) -> None:
        """Where this workstation stands: alone, in an office, in a branch."""
        self._places[place].setChecked(True)
        self._show("place", *_PARTS[place])

    def show_joined(self, state: LineState) -> None:
        """This workstation is a branch: how far its directory is."""
        words = QCoreApplication.translate("assistant", "This workstation is {name} now")
        self._title.setText(words.format(name=state.link.workstation))
        self._words.setText(state.link.server_url)
        if any(head.isVisible() for head in self._heads):
            self._show("branch")
            for head in self._heads:
                head.hide()
        self.join.show_state(state)

    def show_closed(self, sentence: str, *, unknown_workstation: bool = False) -> None:
        """The ledger cannot be opened."""
        translate = QCoreApplication.translate
        self._title.setText(translate("assistant", "The ledger cannot be opened"))
        self._words.setText(sentence)
        self._show(*(("register",) if unknown_workstation else ("again",)), "other")
        (self._register if unknown_workstation else self._again).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, words: str) -> None:
        """Something is under way; an empty text ends it."""
        for button in (self._demo, self._empty, self._other, self._again, self._register):
            button.setEnabled(not words)
        if words:
            self._problem.clear()
            self._words.setText(words)

    def show_problems(self, problems: tuple[ShownProblem, ...]) -> None:
        """Why it did not work."""
        self.show_busy("")
        loose = self._form.show_problems({problem.field: problem for problem in problems})
        self._problem.show_problem(" ".join(problem.sentence for problem in loose))

    def _inside(self) -> QWidget:
        translate = QCoreApplication.translate
        path = QWidget()
        row = QHBoxLayout(path)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._path, 1)
        row.addWidget(self._other)
        self._part("place", "", "", self._choice())
        self._part("again", "", "", self._again)
        self._part("register", "", "", self._register)
        self._part(
            "demo",
            translate("assistant", "Look around"),
            translate(
                "assistant", "A small town with customers, debts and people behind the counter. Nothing in it is real."
            ),
            self._demo,
        )
        empty = QWidget()
        form = QVBoxLayout(empty)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(self._form)
        form.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignLeft)
        self._part(
            "empty",
            translate("assistant", "Start for real"),
            translate(
                "assistant",
                "An empty ledger with the control tables of the demo utility to begin with, and you to administer it.",
            ),
            empty,
        )
        self._part(
            "other",
            translate("assistant", "Open another ledger"),
            translate("assistant", "A file on this machine, or the address of the office's database."),
            path,
        )
        self._part(
            "branch",
            translate("assistant", "Join a server as a branch"),
            translate(
                "assistant",
                "Money is taken here also while the line is down. An administrator invites this workstation at the "
                "server, and reads out its address and a code.",
            ),
            self.join,
        )
        column = QVBoxLayout()
        column.setSpacing(look.SPACE * 3)
        for widget in (label("Cashier", role="muted"), self._title, self._words, self._problem, *self._parts.values()):
            column.addWidget(widget)
        column.addStretch()
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(_WIDTH)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(look.SPACE * 6, look.SPACE * 10, look.SPACE * 6, look.SPACE * 6)
        across.addStretch(1)
        across.addWidget(middle, 6)
        across.addStretch(1)
        return inside

    def _choice(self) -> QWidget:
        """Three places where a workstation can stand; each shows what belongs to it."""
        translate = QCoreApplication.translate
        names = {
            ALONE: translate("assistant", "Alone on this machine"),
            OFFICE: translate("assistant", "In an office"),
            BRANCH: translate("assistant", "In a branch of a server"),
        }
        choice = QWidget()
        row = QHBoxLayout(choice)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        group = QButtonGroup(choice)
        for place, words in names.items():
            chip = QPushButton(words)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, place=place: self.choose(place))
            group.addButton(chip)
            row.addWidget(chip)
            self._places[place] = chip
        row.addStretch()
        return choice

    def _part(self, name: str, title: str, sentence: str, content: QWidget) -> None:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        if title:
            heading = label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
            head = (rule(), heading, label(sentence, role="muted", wraps=True))
            for line in head:
                column.addWidget(line)
            if content is self.join:
                self._heads = head
        if isinstance(content, QPushButton):
            column.addWidget(content, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(content)
        self._parts[name] = part

    def _connect(self) -> None:
        self._demo.clicked.connect(self.demo_wanted)
        self._again.clicked.connect(self.again_wanted)
        self._register.clicked.connect(self.register_wanted)
        self._empty.clicked.connect(self._want_empty)
        self._fields["password"].returnPressed.connect(self._want_empty)
        self._other.clicked.connect(self._want_other)
        self._path.returnPressed.connect(self._want_other)

    def _show(self, *names: str) -> None:
        self.show_busy("")
        self._problem.clear()
        for name, part in self._parts.items():
            part.setVisible(name in names)

    def _want_empty(self) -> None:
        texts = {name: field.text().strip() for name, field in self._fields.items()}
        password = self._fields["password"].text()
        self.empty_wanted.emit(NewLedger(texts["login"], texts["name"], password))

    def _want_other(self) -> None:
        if self._path.text().strip():
            self.other_wanted.emit(self._path.text().strip())
