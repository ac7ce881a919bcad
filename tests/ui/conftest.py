"""Every test of the interface runs without a screen, in our look, and fails on a warning from Qt."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cashier_app.demo.stage import MORNING, NODE, Shot, Stage, stage
from cashier_app.demo.utility import prepare
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
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


@pytest.fixture(scope="session")
def demo_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo utility in the morning; each test plays on a copy."""
    ledger = tmp_path_factory.mktemp("demo") / "ledger.db"
    prepare(str(ledger), customers=24, node=NODE, clock=FixedClock(MORNING))
    return ledger


@pytest.fixture
def played(demo_ledger: Path, tmp_path: Path, qapp: QApplication) -> Iterator[Stage]:
    """The real window on a ledger of its own, everything at once, nobody signed in."""
    with stage(demo_ledger, tmp_path / "till", Shot("", "", lambda _stage: None)) as ready:
        ready.printer = f"spool:{tmp_path / 'spool'}"
        yield ready


@pytest.fixture
def till(played: Stage) -> Stage:
    """Ann at the counter, her drawer open with a float of 100."""
    played.sign_in("ann")
    float_amount = Money.of("100.00", "USD")
    played.do(OpenTenderControl(tender_source="CASH-A01", starting_balance=float_amount), "ann")
    played.settle()
    return played
