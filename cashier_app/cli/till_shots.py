"""Pictures of the till: signing in, the counter, my drawer, the lock, the first start."""

from __future__ import annotations

from typing import Final

from cashier_app.demo.stage import Shot, Stage
from cashier_app.domain.money import Money


def _nothing(_stage: Stage) -> None:
    return


def _first_start(stage: Stage) -> None:
    from cashier_app.ui.views.assistant import Assistant  # noqa: PLC0415

    assistant = Assistant()
    stage.window.show_instead(assistant)
    assistant.show_missing("~/.local/share/cashier/cashier.db")


def _crashed(stage: Stage) -> None:
    from cashier_app.ui.under_way import UnderWay  # noqa: PLC0415
    from cashier_app.ui.views.interrupted import settle  # noqa: PLC0415

    _open_drawer(stage)
    session = stage.session
    assert session is not None, "somebody is signed in"
    at = stage.clock.now().isoformat()
    words = "125.35 USD \u00b7 Jane Masters"
    note = UnderWay("0" * 32, "TakePayment", session.user.id, "ann", stage.backend.database_url, at, words=words)
    stage.run(settle(session, note, None))


def _open_drawer(stage: Stage) -> int:
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415

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
    from cashier_app.demo.generated_utility import demo_customers  # noqa: PLC0415

    _open_drawer(stage)
    stage.find(next(customer.name for customer in demo_customers() if customer.cash_only))
    stage.press("F6")
    stage.press("Return")
    stage.type("4471")


def _no_drawer(stage: Stage) -> None:
    stage.go("my_drawer")


def _open_form(stage: Stage) -> None:
    stage.go("my_drawer")
    stage.press("F3")
    stage.press("Tab")
    for pieces in ("", "", "2", "1", "6"):
        stage.type(pieces) if pieces else None
        stage.press("Return")


def _drawer_ready(stage: Stage) -> None:
    _day(stage)
    stage.go("my_drawer")


def _turn_in(stage: Stage) -> None:
    _drawer_ready(stage)
    stage.press("F4")
    stage.type("1500")
    stage.press("Return")
    stage.press("F4")


def _turn_in_slip(stage: Stage) -> None:
    _turn_in(stage)
    stage.press("Escape")
    model = stage.go("my_drawer").model
    model.show_slip(model.card.pending_turn_ins[0].turn_in_id)
    stage.settle()


def _pay_out(stage: Stage) -> None:
    _drawer_ready(stage)
    stage.press("F6")
    stage.type("12.50")
    stage.press("Return")


def _small_day(stage: Stage) -> None:
    _open_drawer(stage)
    stage.find("Jane Masters")
    stage.press("F6")
    stage.press("Return")
    stage.type("4711")
    stage.press("Return")
    stage.find("Leilani")
    stage.press("Return")
    stage.press("Return")
    stage.go("my_drawer")


def _type_count(stage: Stage, *loose: str) -> None:
    screen = stage.go("my_drawer")
    for edit, pieces in zip(screen.count.table.edits()[::2], loose, strict=False):
        edit.setText(pieces)
        edit.textEdited.emit(pieces)
    stage.settle()


_CASH = ("", "1", "3", "2", "2", "3", "2", "1", "1", "0")
"""Pieces from a hundred down to a cent: what the small day leaves in the drawer, but for 5 cents and more."""


def _count(stage: Stage) -> None:
    _small_day(stage)
    stage.press("F8")
    _type_count(stage, *_CASH[:5])


def _short(stage: Stage) -> None:
    _small_day(stage)
    stage.press("F8")
    _type_count(stage, "", "1", "3", "2", "1", "3", "2", "1", "1")
    screen = stage.go("my_drawer")
    for box in screen.count.ticks.boxes:
        box.setChecked(True)
    screen.count.save.click()
    stage.settle()


def _in_balance(stage: Stage) -> None:
    _small_day(stage)
    stage.press("F8")
    _type_count(stage, "", "", "5", "2", "4", "3", "2", "1", "1")
    screen = stage.go("my_drawer")
    for box in screen.count.ticks.boxes:
        box.setChecked(True)
    screen.count.save.click()
    stage.settle()


def _z_report(stage: Stage) -> None:
    _in_balance(stage)
    stage.go("my_drawer").count.close_drawer.click()
    stage.settle()


def _x_report(stage: Stage) -> None:
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415

    stage.do(OpenTenderControl(tender_source="CASH-A03"), "sue")
    stage.find("Jane Masters")
    stage.press("Return")
    stage.press("Return")
    stage.go("my_drawer")
    stage.press("F10")


def _lock(stage: Stage) -> None:
    _customer(stage)
    session = stage.session
    assert session is not None, "somebody is signed in"
    stage.window.lock(session.user.name, session.open_work)


SHOTS: Final = (
    Shot("01-sign-in", "", _nothing),
    Shot("02-first-start", "", _first_start),
    Shot("03-after-a-crash", "ann", _crashed),
    Shot("10-counter-no-drawer", "ann", _nothing),
    Shot("11-counter-found", "ann", _found),
    Shot("12-counter-customer", "ann", _customer),
    Shot("13-counter-change", "ann", _change),
    Shot("14-counter-taken", "ann", _taken),
    Shot("15-counter-check", "ann", _check),
    Shot("16-counter-several", "ann", _several),
    Shot("17-counter-by-hand", "ann", _by_hand),
    Shot("18-counter-cash-only", "ann", _cash_only),
    Shot("19-lock", "ann", _lock),
    Shot("20-drawer-none", "ann", _no_drawer),
    Shot("21-drawer-open-form", "ann", _open_form),
    Shot("22-drawer-ready", "ann", _drawer_ready),
    Shot("23-drawer-turn-in", "ann", _turn_in),
    Shot("23-drawer-turn-in-slip", "ann", _turn_in_slip),
    Shot("24-drawer-pay-out", "ann", _pay_out),
    Shot("25-drawer-count", "ann", _count),
    Shot("26-drawer-short", "ann", _short),
    Shot("27-drawer-in-balance", "ann", _in_balance),
    Shot("28-drawer-z-report", "ann", _z_report),
    Shot("29-drawer-x-report", "sue", _x_report),
    Shot("16-counter-several-small", "ann", _several, size=(1024, 700), scale=2.0),
    Shot("25-drawer-count-small", "ann", _count, size=(1024, 700)),
    Shot("12-counter-customer-small", "ann", _customer, size=(1024, 700)),
    Shot("12-counter-customer-large", "ann", _customer, size=(1920, 1080)),
)
