"""Every test of the interface runs without a screen, in our look, and fails on a warning from Qt."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cashier_app.ui import look


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


@pytest.fixture(autouse=True)
def in_our_look(request: pytest.FixtureRequest) -> Iterator[None]:
    if "view_models" in request.path.parts:
        yield
        return
    app: QApplication = request.getfixturevalue("qapp")
    look.apply(app, look.Theme.LIGHT)
    yield
    for window in app.topLevelWidgets():
        window.close()
    # Without a running loop nothing that asked to be deleted later ever is, and each new theme restyles it.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
