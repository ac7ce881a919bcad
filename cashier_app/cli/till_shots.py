"""Pictures of the till: signing in, the counter, my drawer, the lock, the first start."""

from __future__ import annotations

from typing import Final

from cashier_app.cli.screenshots import Shot, Stage
from cashier_app.domain.money import Money


def _nothing(_stage: Stage) -> None:
    return


def _open_drawer(stage: Stage) -> int:
    from cashier_app.services.tender_controls import OpenTenderControl  # noqa: PLC0415

    opened = stage.do(OpenTenderControl(tender_source="CASH-A01", starting_balance=Money.of("100.00", "USD")), "ann")
    stage.settle()
    return int(opened.tender_control_id)


def _found(stage: Stage) -> None:
    _open_drawer(stage)
    scan = stage.window.shell.scan  # type: ignore[union-attr]
    stage.type("oak")
    assert scan.text() == "oak", "typed into the home field"


def _customer(stage: Stage) -> None:
    _open_drawer(stage)
    stage.find("Jane Masters")


def _change(stage: Stage) -> None:
    _customer(stage)
    stage.press("Return")
    stage.type("140")


def _taken(stage: Stage) -> None:
    _day(stage)
    stage.find("Jane Masters")
    stage.press("Return")
    stage.type("140")
    stage.press("Return")


def _day(stage: Stage) -> None:
    """A morning's work."""
    from cashier_app.services.event_facts import event_of  # noqa: F401, PLC0415

    _open_drawer(stage)
    for minutes, (name, paid) in enumerate((("Leilani", "60"), ("Bakery", ""), ("Tea House", "200"))):
        stage.clock.advance(minutes=3 + minutes)
        stage.find(name)
        if paid:
            stage.type(paid)
        stage.press("Return")
        stage.press("Return")


def _check(stage: Stage) -> None:
    _customer(stage)
    stage.press("F6")
    stage.press("Return")


def _several(stage: Stage) -> None:
    _customer(stage)
    stage.press("F3")
    stage.find("Leilani")
    stage.press("F5")
    stage.type("100")
    stage.press("F6")
    stage.press("Return")


def _by_hand(stage: Stage) -> None:
    _customer(stage)
    stage.press("F11")


def _cash_only(stage: Stage) -> None:
    _open_drawer(stage)
    stage.find("cash-only")


def _lock(stage: Stage) -> None:
    _customer(stage)
    session = stage.session
    assert session is not None, "somebody is signed in"
    stage.window.lock(session.user.name, session.open_work)


SHOTS: Final = (
    Shot("01-sign-in", "", _nothing),
    Shot("10-counter-no-drawer", "ann", _nothing),
    Shot("11-counter-found", "ann", _found),
    Shot("12-counter-customer", "ann", _customer),
    Shot("13-counter-change", "ann", _change),
    Shot("14-counter-taken", "ann", _taken),
    Shot("15-counter-check", "ann", _check),
    Shot("16-counter-several", "ann", _several),
    Shot("17-counter-by-hand", "ann", _by_hand),
    Shot("19-lock", "ann", _lock),
    Shot("12-counter-customer-small", "ann", _customer, size=(1024, 700)),
    Shot("12-counter-customer-large", "ann", _customer, size=(1920, 1080)),
)
