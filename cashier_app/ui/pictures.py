"""Pictures of widgets, for the documentation and for looking at what was made."""

import os
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPropertyAnimation
from PySide6.QtGui import QColor, QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QWidget


def offscreen() -> None:
    """Draw without a screen; call before the QApplication is made. Two runs give the same bytes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")


def grab(widget: QWidget, path: Path, scale: float = 2) -> Path:
    """Save what the widget looks like now, at `scale` pixels per unit, and return the path."""
    widget.ensurePolished()
    QApplication.setCursorFlashTime(0)  # it stands, or every other picture would lack it
    for motion in widget.findChildren(QPropertyAnimation):
        motion.setCurrentTime(motion.totalDuration())  # a picture shows what stays
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QApplication.processEvents()
    size = widget.size()
    picture = QPixmap(round(size.width() * scale), round(size.height() * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(QColor(widget.palette().window().color()))
    widget.render(picture, QPoint(), QRegion())
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    return path
