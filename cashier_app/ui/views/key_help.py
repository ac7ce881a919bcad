"""F1: every key that does something here, made from the actions themselves, so that it cannot be out of date."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.actions import Actions, ActionSpec, translated
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets.words import KeyHint, SectionLabel, label

_COLUMNS = 2
_KEYS_WIDE = 92


class KeyHelp(Overlay):
    """The keys of what is on the screen, by group. Escape or F1 closes it."""

    def __init__(self, over: QWidget, actions: Actions) -> None:
        super().__init__(over, width=720)
        self._actions = actions
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        title = QCoreApplication.translate("help", "Keys that work here")
        self.setAccessibleName(title)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 5] * 4)
        column.setSpacing(look.SPACE * 4)
        column.addWidget(label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold))
        column.addWidget(self._area, 1)

    def summon(self) -> None:
        """Open with the keys that work now, or close if open."""
        if self.isVisible():
            self.dismiss()
            return
        groups = self.groups()
        inside = QWidget()
        halves = QHBoxLayout(inside)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(look.SPACE * 10)
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        filled = [0] * _COLUMNS
        for heading, specs in groups.items():
            shortest = filled.index(min(filled))
            columns[shortest].addLayout(_group(heading, specs))
            filled[shortest] += len(specs) + 2
        for column in columns:
            column.setSpacing(look.SPACE * 5)
            column.addStretch()
            halves.addLayout(column, 1)
        self._area.setWidget(inside)
        self._area.setMinimumHeight(inside.sizeHint().height() + look.SPACE)
        self.open(self)

    def groups(self) -> dict[str, list[ActionSpec]]:
        """The declared actions that have a key and are offered now, by heading."""
        found: dict[str, list[ActionSpec]] = {}
        for action in self._actions.offered():
            spec = self._actions.spec(action)
            held = found.setdefault(translated(spec.group), [])
            if spec.shortcut and spec not in held:
                held.append(spec)
        return {heading: specs for heading, specs in found.items() if specs}

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.dismiss()
        else:
            super().keyPressEvent(event)


def _group(heading: str, specs: list[ActionSpec]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look.SPACE * 2)
    column.addWidget(SectionLabel(heading))
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.SPACE * 4)
    grid.setVerticalSpacing(look.SPACE)
    grid.setColumnMinimumWidth(0, _KEYS_WIDE)  # all groups line up
    grid.setColumnStretch(1, 1)
    for row, spec in enumerate(specs):
        grid.addWidget(KeyHint(spec.shortcut), row, 0, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label(spec.title), row, 1)
    column.addLayout(grid)
    return column
