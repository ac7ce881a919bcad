"""A document as it will print: pages of a PDF on the screen."""

from contextlib import closing
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from cashier_app.ui import look

_POINTS_PER_INCH: Final = 72
_SCREEN_INCH: Final = 96
_SETTLED_MS: Final = 80


class PageView(QScrollArea):
    """Shows a PDF page by page at the width there is; paper stays white in every theme, because it will be printed."""

    def __init__(self, name: str, parent: QWidget | None = None, *, largest_zoom: float = 1.5) -> None:
        """`name` is what the document is, for screen readers."""
        super().__init__(parent)
        self._name = name
        self._largest_zoom = largest_zoom
        self._data = b""
        self._pages: list[QLabel] = []
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(*[look.SPACE * 4] * 4)
        self._column.setSpacing(look.SPACE * 4)
        self._column.addStretch()
        self.setWidget(inside)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._draw)

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return len(self._pages)

    def show_pdf(self, data: bytes) -> None:
        """Show this document from its first page."""
        self.clear()
        self._data = data
        with _opened(data) as document:
            count = len(document)
        for number in range(count):
            page = QLabel()
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            words = QCoreApplication.translate("widgets", "{name}, page {number} of {count}")
            page.setAccessibleName(words.format(name=self._name, number=number + 1, count=count))
            self._column.insertWidget(number, page)
            self._pages.append(page)
        self._draw()
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show nothing."""
        for page in self._pages:
            self._column.removeWidget(page)
            page.deleteLater()
        self._pages = []
        self._data = b""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._settled.start()

    def _draw(self) -> None:
        if not self._data:
            return
        room = max(60, self.viewport().width() - look.SPACE * 8)
        ratio = self.devicePixelRatioF()
        # Opened anew each time: a document kept open would have to be closed before its widget is gone.
        with _opened(self._data) as document:
            for number, label in enumerate(self._pages):
                page = document[number]
                zoom = min(room / page.get_width(), self._largest_zoom * _SCREEN_INCH / _POINTS_PER_INCH)
                bitmap = page.render(scale=zoom * ratio, rev_byteorder=True)
                label.setPixmap(_pixels(bitmap, ratio))
                page.close()


def _opened(data: bytes) -> Any:
    # Imported late: only who looks at paper needs the renderer.
    import pypdfium2  # noqa: PLC0415

    return closing(pypdfium2.PdfDocument(data))


def _pixels(bitmap: Any, ratio: float) -> QPixmap:
    kinds = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}
    held = bytes(bitmap.buffer)  # QImage reads it without owning it
    image = QImage(held, bitmap.width, bitmap.height, bitmap.stride, kinds[bitmap.n_channels])
    pixels = QPixmap.fromImage(image)
    pixels.setDevicePixelRatio(ratio)
    return pixels
