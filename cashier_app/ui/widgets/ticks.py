"""A few codes of which several may be chosen."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from cashier_app.ui import look

_PER_ROW = 3


class Ticks(QWidget):
    """Several codes of a few, as boxes to tick in rows as wide as there is room for."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.SPACE * 4)
        self._grid.setVerticalSpacing(0)
        self._boxes: dict[str, QCheckBox] = {}

    def offer(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these codes; what was ticked stays ticked."""
        if [code for code, _ in choices] == list(self._boxes):
            return
        ticked = set(self.codes)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._boxes = {code: QCheckBox(words or code) for code, words in choices}
        for place, (code, box) in enumerate(self._boxes.items()):
            box.setChecked(code in ticked)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._grid.addWidget(box, place // _PER_ROW, place % _PER_ROW)

    @property
    def codes(self) -> tuple[str, ...]:
        """What is ticked, in the order offered."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def tick(self, codes: Collection[str]) -> None:
        """Tick exactly these."""
        for code, box in self._boxes.items():
            box.setChecked(code in codes)

    def clear(self) -> None:
        """Tick nothing."""
        self.tick(())
