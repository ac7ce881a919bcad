"""The form that starts a job: which one, and its parameters, each as its type asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.services.queries.batch_runs import ControlRow, ParameterRow
from cashier_app.ui import look
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.view_models.batch import Jobs
from cashier_app.ui.views.batch_words import about_words, job_words, parameter_words
from cashier_app.ui.widgets.forms import Form
from cashier_app.ui.widgets.words import label
from cashier_app.ui.widgets.work_place import ActionSheet, Choice, shown

_NOT_ASKED = frozenset({"file_name"})
"""Comes with the file."""


class FileField(QWidget):
    """A file of this machine: typed, or chosen in a dialog."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.button = QPushButton(QCoreApplication.translate("batch", "Choose …"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.button.clicked.connect(self._ask)

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.line.accessibleName())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.line.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class StartSheet(ActionSheet):
    """Chooses a job; its fields follow from what it takes."""

    def __init__(self) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("batch", "Start a job"), translate("batch", "Start it"))
        self.job = Choice(translate("batch", "Job"))
        self.form.add("kind", translate("batch", "Job"), self.job)
        self.about = label(role="muted", wraps=True)
        self.fields = Form()
        self.body.addWidget(self.about)
        self.body.addWidget(self.fields)
        self._controls: dict[str, ControlRow] = {}
        self._jobs = Jobs()
        self._editors: dict[str, QWidget] = {}
        self.job.currentIndexChanged.connect(self._show_fields)

    def start(self, jobs: Jobs, offered: Sequence[ControlRow]) -> None:
        """Open with these jobs."""
        self._jobs = jobs
        self._controls = {each.code: each for each in offered}
        self.job.offer([(each.code, job_words(each.code, each.description)) for each in offered])
        self._show_fields()
        self.open_sheet(focus=self.job)

    @property
    def control(self) -> ControlRow | None:
        """The job that is chosen."""
        return self._controls.get(self.job.code)

    def typed(self) -> dict[str, str]:
        """What the fields say, by parameter."""
        return {name: _text(editor) for name, editor in self._editors.items()}

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Each beside its field; the rest above the buttons."""
        by_field: dict[str, ShownProblem] = {}
        for problem in problems:
            by_field.setdefault(problem.field, shown(_in_words(problem)))
        loose = {each.field for each in self.fields.show_problems(by_field)}
        super().show_problems([each for each in problems if each.field in loose])

    def _show_fields(self) -> None:
        control = self.control
        self.fields.clear()
        self._editors = {}
        self.about.setText(about_words(control) if control else "")
        for each in control.parameters if control else ():
            if each.name not in _NOT_ASKED:
                self._editors[each.name] = editor = self._editor(each)
                title = (
                    "" if each.kind == "flag" else parameter_words(each.name) + ("" if each.required else _optional())
                )
                self.fields.add(each.name, title, editor)
        self.fields.setVisible(bool(self._editors))

    def _editor(self, parameter: ParameterRow) -> QWidget:
        words = parameter_words(parameter.name)
        if parameter.refers:
            choice = Choice(words)
            none = [] if parameter.required and parameter.default else [("", "")]
            choice.offer([*none, *self._jobs.choices[parameter.refers]])
            choice.choose(parameter.default)
            return choice
        if parameter.kind == "flag":
            box = QCheckBox(words)
            box.setChecked(parameter.default.lower() == "true")
            return box
        if parameter.kind == "file":
            return FileField(words)
        line = QLineEdit(parameter.default)
        if parameter.kind == "money":
            line.setPlaceholderText(f"5.00 {self._jobs.currency}")
        return line


def _in_words(problem: Problem) -> Problem:
    """Parameters as the form calls them."""
    if problem.code != "RUN-007":
        return problem
    words = QCoreApplication.translate("batch", "Fill this in: {name}.").format(name=parameter_words(problem.field))
    return replace(problem, sentence=words)


def _optional() -> str:
    return QCoreApplication.translate("batch", " (if wanted)")


def _text(editor: QWidget) -> str:
    if isinstance(editor, Choice):
        return editor.code
    if isinstance(editor, QCheckBox):
        return "true" if editor.isChecked() else "false"
    line = editor.line if isinstance(editor, FileField) else editor
    assert isinstance(line, QLineEdit)
    return line.text().strip()
