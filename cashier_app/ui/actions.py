"""Everything a person can do, declared once as data: words, key, right. Menus, buttons, the palette and F1 read it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from cashier_app.ui import icons

SPEC: Final = "cashier_action"
"""Property of a QAction that holds the id of its declaration."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802
    """Mark a text for the translators and leave it as it is. Qt's own, by the name lupdate knows, with its type."""
    return text


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing a person can do. Texts are marked with `QT_TRANSLATE_NOOP("actions", …)` and translated when shown."""

    id: str
    """Stable name in the manner of a command: `payment.take`."""
    text: str
    """What the button says, as an order: "Take payment"."""
    shortcut: str = ""
    """The key, in Qt's portable spelling: "F8", "Ctrl+E"."""
    right: str = ""
    """The right somebody needs; without it the action is nowhere to be seen."""
    group: str = ""
    """Heading in the key help, usually the screen."""
    tip: str = ""
    """One more sentence for the tooltip; the key is added by itself."""
    progress: str = ""
    """What the notice line says while it runs: "Taking payment …"."""
    done: str = ""
    """What the notice line says afterwards: "Payment taken"."""
    icon: str = ""
    everywhere: bool = False
    """It belongs to the window: its key means the same on every screen."""
    near: bool = False
    """The key works only while the focus is within the widget that offers it: for single letters, such as A in a list
    of approvals, which elsewhere begin a search."""

    @property
    def title(self) -> str:
        """The text in the user's language."""
        return translated(self.text)

    @property
    def key(self) -> str:
        """The key as the user's keyboard names it."""
        return QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def tooltip(self) -> str:
        """The text, the tip and the key."""
        words = translated(self.tip) if self.tip else self.title
        return f"{words} ({self.key})" if self.shortcut else words


def translated(text: str) -> str:
    """A declared text in the user's language."""
    return QCoreApplication.translate("actions", text) if text else ""


class Catalog:
    """The declared actions by id. An id, and a key within one group, is given away once."""

    def __init__(self, specs: Iterable[ActionSpec] = ()) -> None:
        self._specs: dict[str, ActionSpec] = {}
        self.declare(*specs)

    def declare(self, *specs: ActionSpec) -> None:
        """Add actions."""
        for spec in specs:
            if spec.id in self._specs:
                raise ValueError(f"action {spec.id} is declared twice")
            rivals = [other for other in self if other.shortcut and other.shortcut == spec.shortcut]
            for other in rivals:
                if other.group == spec.group or other.everywhere or spec.everywhere:
                    raise ValueError(f"{spec.shortcut} means {other.id} already and cannot mean {spec.id}")
            self._specs[spec.id] = spec

    def __getitem__(self, action_id: str) -> ActionSpec:
        return self._specs[action_id]

    def __contains__(self, action_id: object) -> bool:
        return action_id in self._specs

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(self._specs.values())


class Actions(QObject):
    """The actions one window offers to one user: declarations bound to what they do."""

    def __init__(
        self,
        catalog: Catalog,
        rights: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        """`rights` answers whether the user holds a right."""
        super().__init__(parent)
        self._catalog = catalog
        self._rights = rights
        self._bound: list[QAction] = []

    def bind(self, owner: QWidget, action_id: str, handler: Callable[[], object]) -> QAction:
        """Offer an action on a widget: its key works while `owner` is on the screen, wherever the focus is.

        So F5 takes cash also from the scan field. Without the right the action stays invisible and its key is dead.
        """
        spec = self._catalog[action_id]
        action = QAction(spec.title, owner)
        action.setObjectName(spec.id)
        action.setProperty(SPEC, spec.id)
        action.setToolTip(spec.tooltip)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
            context = Qt.ShortcutContext
            action.setShortcutContext(context.WidgetWithChildrenShortcut if spec.near else context.WindowShortcut)
        if spec.icon:
            icons.dress(action, spec.icon)
        allowed = not spec.right or self._rights(spec.right)
        action.setVisible(allowed)
        action.setEnabled(allowed)
        action.triggered.connect(lambda _checked=False: handler())
        owner.addAction(action)
        self._bound.append(action)
        action.destroyed.connect(lambda _gone=None, held=action: self._forget(held))
        return action

    def spec(self, action: QAction) -> ActionSpec:
        """The declaration of a bound action."""
        return self._catalog[str(action.property(SPEC))]

    def offered(self) -> list[QAction]:
        """The actions of what is on the screen now, for the palette and the key help."""
        return [action for action in self._bound if action.isVisible() and _is_shown(action)]

    def _forget(self, action: QAction) -> None:
        self._bound = [held for held in self._bound if held is not action]


def wear(button: QAbstractButton, action: QAction, *, icon: str = "") -> None:
    """Make a button do an action: text, tooltip, enabled state and visibility follow the action.

    The key stays with the action; giving it to the button too would make it ambiguous and dead.
    """

    def follow() -> None:
        if not isValid(button):
            return
        button.setText(action.text())
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.text())
        button.setAccessibleDescription(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        button.setEnabled(action.isEnabled())
        # A button without a parent would jump up as a window of its own.
        if button.parent() is not None or not action.isVisible():
            button.setVisible(action.isVisible())

    follow()
    if icon:
        icons.dress(button, icon)
    action.changed.connect(follow)
    button.clicked.connect(lambda _checked=False: action.trigger())


def _is_shown(action: QAction) -> bool:
    owner = action.parent()
    return isinstance(owner, QWidget) and owner.isVisible()
