"""Fields with their names above and their problems below."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.widgets.words import ProblemLabel, label


class Form(QWidget):
    """Fields from top to bottom. Problems find their field by its name; what fits no field is left to the caller."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: dict[str, QWidget] = {}
        self._problems: dict[str, ProblemLabel] = {}
        self._line: QHBoxLayout | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.SPACE // 2)

    def add(self, field: str, title: str, editor: QWidget, *, beside: bool = False) -> QLabel:
        """Add a field below the others; `field` is the name that problems carry. Gives the label above it.

        `beside` puts it into the line of the field before.
        """
        name = label(title, role="muted")
        name.setBuddy(editor)
        if not title:
            name.hide()  # a box to tick says itself what it is
        if not editor.accessibleName():
            editor.setAccessibleName(title)
        problem = ProblemLabel(editor)
        if not beside or self._line is None:
            self._line = QHBoxLayout()
            self._line.setSpacing(look.SPACE * 3)
            self._column.addLayout(self._line)
        cell = QVBoxLayout()
        cell.setSpacing(look.SPACE // 2)
        for part in (name, editor, problem):
            cell.addWidget(part)
        self._line.addLayout(cell, 1)
        self._editors[field], self._problems[field] = editor, problem
        edited = getattr(editor, "textEdited", None)
        if isinstance(edited, SignalInstance):
            edited.connect(lambda _text: problem.clear())  # an answer to the problem deserves a fresh look
        return name

    def clear(self) -> None:
        """Forget all fields, for forms whose fields depend on what is worked on."""
        _empty(self._column)
        self._line = None
        self._editors, self._problems = {}, {}

    def editor(self, field: str) -> QWidget:
        """The editor of a field."""
        return self._editors[field]

    def show_problems(self, problems: Mapping[str, ShownProblem]) -> list[ShownProblem]:
        """Show each problem beside its field and go to the first; gives those that belong to no field here."""
        first = None
        for field, shown in self._problems.items():
            problem = problems.get(field)
            shown.show_problem(problem.sentence if problem else "", problem.accepted if problem else "")
            if problem is not None and first is None:
                first = self._editors[field]
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return [problem for field, problem in problems.items() if field not in self._editors]

    def problem(self, field: str) -> str:
        """What is shown beside a field."""
        return self._problems[field].text


def push_button(words: str, *, primary: bool = False) -> QPushButton:
    """A button that Enter presses while the focus is on it; the primary one stands out."""
    made = QPushButton(words)
    made.setAutoDefault(True)
    if primary:
        made.setProperty("kind", "primary")
    return made


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        inner, part = item.layout(), item.widget()
        if inner is not None:
            _empty(inner)
        if part is not None:
            part.hide()
            part.deleteLater()
