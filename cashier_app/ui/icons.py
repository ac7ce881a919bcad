"""Our icons, drawn in the color of a role and redrawn when the theme changes."""

import weakref
from functools import lru_cache
from typing import Final, Protocol

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

import resources
from cashier_app.ui import look
from cashier_app.ui.view_models.observable import Signal

_RATIOS: Final = (1.0, 1.5, 2.0, 3.0)
"""Scales for which sharp pixels are kept; Qt takes the nearest larger one."""


class HasIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon, /) -> None: ...  # noqa: N802


def dress(owner: HasIcon, name: str, role: str = "text") -> None:
    """Give `owner` an icon now and again whenever the theme changes; a later `dress` replaces this one."""
    _worn[owner] = (name, role)
    owner.setIcon(icon(name, role))


def icon(name: str, role: str = "text") -> QIcon:
    """The icon in the color in force for a role; disabled it takes the color of disabled text."""
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(pixmap(name, role, look.ICON, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, "disabled", look.ICON, ratio), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, role: str = "text", size: int = look.ICON, ratio: float = 2.0) -> QPixmap:
    """The icon as pixels, for painting into a widget."""
    return _pixmap(name, look.color(role).name(), size, ratio)


@lru_cache(maxsize=512)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    # Imported late: the sign-in window paints before anything needs an icon.
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415

    drawing = _drawing(name).replace("currentColor", color)
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")


_worn: Final[weakref.WeakKeyDictionary[HasIcon, tuple[str, str]]] = weakref.WeakKeyDictionary()


def _dress_again() -> None:
    for owner, (name, role) in list(_worn.items()):
        try:
            owner.setIcon(icon(name, role))
        except RuntimeError:  # Qt deleted the widget while Python still holds its shell
            _worn.pop(owner, None)


_theme_changed: Final[Signal] = look.changed
_theme_changed.connect(_dress_again)
