"""Pages of one screen behind chips in a row; exactly one is shown."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.ui import look


class Tabs(QWidget):
    """Chips above, the chosen page below."""

    shown = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what is chosen, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(look.SPACE * 2)
        self._row.addStretch()
        self._pages = QStackedWidget()
        self._by_id: dict[str, tuple[QPushButton, QWidget]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 3)
        column.addLayout(self._row)
        column.addWidget(self._pages, 1)

    def add(self, page_id: str, title: str, page: QWidget) -> None:
        """Add a page; the first one is shown."""
        chip = QPushButton(title)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda _checked=False: self.show_page(page_id))
        self._group.addButton(chip)
        self._row.insertWidget(self._row.count() - 1, chip)
        self._pages.addWidget(page)
        self._by_id[page_id] = (chip, page)
        if len(self._by_id) == 1:
            chip.setChecked(True)

    @property
    def current(self) -> str:
        """The id of the page shown."""
        page = self._pages.currentWidget()
        return next((page_id for page_id, (_, held) in self._by_id.items() if held is page), "")

    def show_page(self, page_id: str) -> None:
        """Show a page."""
        chip, page = self._by_id[page_id]
        chip.setChecked(True)
        self._pages.setCurrentWidget(page)
        self.shown.emit(page_id)
