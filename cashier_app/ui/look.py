"""How the program looks: colors by role for light and dark, type, space, and switching between themes at run time."""

import string
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

import resources
from cashier_app.ui.view_models.observable import Signal, forget_unless

FAMILY: Final = "Inter Tabular"

SPACE: Final = 4
"""Every distance is a multiple of this, in device-independent pixels."""
ROW: Final = 32
"""Height of a control and of a row in a roomy list."""
ROW_DENSE: Final = 28
"""Height of a row in a dense list."""
CORNER: Final = 6
ICON: Final = 20
FADE_MS: Final = 120
"""For what appears without having been asked for; nothing else moves."""


class Size(IntEnum):
    """Type sizes in pixels. Weight carries hierarchy before size does."""

    TINY = 11
    BODY = 13
    LARGE = 16
    TITLE = 22
    CHANGE = 40


class Theme(StrEnum):
    """What the user may choose; `SYSTEM` follows the desktop where it tells."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Roles:
    """One theme's colors by what they are for. Code names a role, never a color."""

    background: str
    """Of windows and the rail."""
    surface: str
    """Of what is read and typed into: lists, fields, cards."""
    raised: str
    """Of popups, over the one shadow."""
    line: str
    """Hairlines that only separate."""
    line_strong: str
    """Lines that matter: the border of a field, the outline of a chart."""
    text: str
    muted: str
    disabled: str
    """Text of what cannot be used now; still readable."""
    accent: str
    on_accent: str
    """Text and icons upon the accent."""
    accent_soft: str
    """Behind what is selected or pointed at."""
    good: str
    good_soft: str
    attention: str
    attention_soft: str
    danger: str
    danger_soft: str
    aged: tuple[str, str, str, str, str]
    """Aged debt: new, 0-30, 31-60, 61-90, older. Salience and gray value grow with age."""

    @property
    def debt(self) -> tuple[str, ...]:
        """The ages, and a gray for what is disputed and has none."""
        return (*self.aged, self.line_strong)


LIGHT: Final = Roles(
    background="#f3f4f6",
    surface="#ffffff",
    raised="#ffffff",
    line="#d9dce1",
    line_strong="#7d8692",
    text="#1b2027",
    muted="#59626e",
    disabled="#66707b",
    accent="#0f5c8c",
    on_accent="#ffffff",
    accent_soft="#dcebf5",
    good="#17683f",
    good_soft="#dff1e6",
    attention="#7d5000",
    attention_soft="#f9ecd0",
    danger="#ab2a20",
    danger_soft="#fbe3e0",
    aged=("#c3dcf2", "#89b6dd", "#bb7d22", "#9c3d18", "#5c1225"),
)

DARK: Final = Roles(
    background="#1d2024",
    surface="#25292e",
    raised="#30353b",
    line="#3c4249",
    line_strong="#838c97",
    text="#e9ebee",
    muted="#a9b1bb",
    disabled="#98a0aa",
    accent="#7cbdf0",
    on_accent="#0d1b26",
    accent_soft="#253d50",
    good="#76d19e",
    good_soft="#203b2d",
    attention="#edbb5f",
    attention_soft="#42351b",
    danger="#ff968c",
    danger_soft="#4c2725",
    aged=("#4a6079", "#5f86ad", "#c79a4a", "#f0b07c", "#ffe3d6"),
)

BY_THEME: Final = {Theme.LIGHT: LIGHT, Theme.DARK: DARK}

# View models speak to widgets that Qt may have deleted meanwhile.
forget_unless(isValid)

changed: Final = Signal()
"""Emitted after another theme is in force. Painted widgets repaint by themselves; this is for who keeps pixels."""


@dataclass(slots=True)
class _InForce:
    theme: Theme = Theme.LIGHT
    fonts_loaded: bool = False


_in_force = _InForce()


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole program this theme, now and for every widget made later; may be called again at any time."""
    load_fonts()
    _in_force.theme = _resolved(theme)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(palette(roles()))
    app.setStyleSheet(style_sheet(roles()))
    changed.emit()


def theme() -> Theme:
    """The theme in force: light or dark, never `SYSTEM`."""
    return _in_force.theme


def roles() -> Roles:
    """The colors in force."""
    return BY_THEME[_in_force.theme]


def color(role: str) -> QColor:
    """The color in force for a role by its name."""
    return QColor(getattr(roles(), role))


def font(size: int = Size.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Our type. Figures are tabular in every size and weight."""
    made = QFont(FAMILY)
    made.setPixelSize(int(size))
    made.setWeight(weight)
    return made


def load_fonts() -> None:
    """Make our type known to Qt once. Called by `apply`; needs a QGuiApplication."""
    if _in_force.fonts_loaded:
        return
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/InterTabular-{weight}.ttf")))
    _in_force.fonts_loaded = True


def palette(roles: Roles) -> QPalette:
    """The whole palette, the disabled group included: Fusion draws disabled text like enabled text without it."""
    made = QPalette()
    role = QPalette.ColorRole
    everywhere = {
        role.Window: roles.background,
        role.WindowText: roles.text,
        role.Base: roles.surface,
        role.AlternateBase: roles.background,
        role.Text: roles.text,
        role.Button: roles.surface,
        role.ButtonText: roles.text,
        role.BrightText: roles.danger,
        role.ToolTipBase: roles.raised,
        role.ToolTipText: roles.text,
        role.PlaceholderText: roles.muted,
        role.Highlight: roles.accent,
        role.HighlightedText: roles.on_accent,
        role.Accent: roles.accent,
        role.Link: roles.accent,
        role.LinkVisited: roles.accent,
        role.Light: roles.raised,
        role.Midlight: roles.line,
        role.Mid: roles.line_strong,
        role.Dark: roles.line_strong,
        role.Shadow: roles.line_strong,
    }
    for name, value in everywhere.items():
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.ToolTipText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(roles.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(roles.background))
    made.setColor(QPalette.ColorGroup.Disabled, role.Button, QColor(roles.background))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(roles.line))
    made.setColor(QPalette.ColorGroup.Disabled, role.HighlightedText, QColor(roles.text))
    made.setColor(QPalette.ColorGroup.Disabled, role.Accent, QColor(roles.disabled))
    return made


def style_sheet(roles: Roles) -> str:
    """Our one small style sheet, with the roles filled in."""
    values = {field.name: getattr(roles, field.name) for field in fields(roles) if field.name != "aged"}
    template = resources.path("style/cashier.qss").read_text(encoding="utf-8")
    # The sheet cannot recolor its few pictures, so there is one of each per theme.
    pictures = resources.path("style").as_posix()
    name = Theme.DARK if roles is DARK else Theme.LIGHT
    return string.Template(template).substitute(values, corner=CORNER, pictures=pictures, theme=name.value)


def _resolved(theme: Theme) -> Theme:
    if theme is not Theme.SYSTEM:
        return theme
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Theme.DARK if dark else Theme.LIGHT
