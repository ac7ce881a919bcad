"""Telling others that something changed, without Qt: what view models emit and views render on."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Listener = Callable[..., Any]
Check = Callable[[object], bool]

_checks: list[Check] = []


def forget_unless(still_there: Check) -> None:
    """Ask this of the owner of a listening method before telling it anything.

    A widget may be gone while Python still holds its shell; only who knows the toolkit can tell, and this module does
    not.
    """
    if still_there not in _checks:
        _checks.append(still_there)


class Signal:
    """Calls its listeners in the order they came, with whatever `emit` is given.

    A bound method is held weakly, so that a closed view is forgotten without having to say goodbye; a plain function or
    a lambda is held until it is disconnected. Connecting the same listener twice calls it once.
    """

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        self._listeners: list[Callable[[], Listener | None]] = []

    def connect(self, listener: Listener) -> None:
        """Call `listener` on every later `emit`."""
        self.disconnect(listener)
        self._listeners.append(_reference(listener))

    def disconnect(self, listener: Listener) -> None:
        """Stop calling `listener`; harmless if it was never connected."""
        self._listeners = [held for held in self._listeners if held() not in (None, listener)]

    def emit(self, *facts: Any) -> None:
        """Tell every listener. A listener connected meanwhile waits for the next time."""
        for held in tuple(self._listeners):
            listener = held()
            if listener is None or not _is_there(listener):
                self._listeners = [other for other in self._listeners if other is not held]
            else:
                listener(*facts)

    def __len__(self) -> int:
        return sum((listener := held()) is not None and _is_there(listener) for held in self._listeners)


class Observable:
    """Something with a `changed` signal that can be told to speak once for several changes."""

    def __init__(self) -> None:
        self.changed = Signal()
        self._depth = 0
        self._waiting = False

    def notify(self) -> None:
        """Emit `changed`, or remember to when the outermost `changing` block ends."""
        if self._depth:
            self._waiting = True
        else:
            self.changed.emit()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Several changes that a view should see as one."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth and self._waiting:
                self._waiting = False
                self.changed.emit()


def _is_there(listener: Listener) -> bool:
    owner = getattr(listener, "__self__", None)
    return owner is None or all(check(owner) for check in _checks)


def _reference(listener: Listener) -> Callable[[], Listener | None]:
    if hasattr(listener, "__self__") and hasattr(listener, "__func__"):
        return weakref.WeakMethod(listener)
    return lambda: listener
