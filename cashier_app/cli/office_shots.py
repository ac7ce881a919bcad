"""Pictures of the back office and the supervisor's places."""

from __future__ import annotations

from typing import Any, Final

from cashier_app.cli.screenshots import Shot, Stage
from cashier_app.domain.money import Money


def _account(stage: Stage) -> Any:
    from cashier_app.services.queries.search import find  # noqa: PLC0415

    found: list[Any] = []

    async def look() -> None:
        found.extend(await stage.backend.query(find, "Jane Masters"))

    stage.run(look())
    screen = stage.go("customer")
    screen.open_account(found[0].account_id)
    stage.settle()
    return screen


def _nobody(stage: Stage) -> None:
    stage.go("customer")


def _customer(stage: Stage) -> None:
    _account(stage)


def _board(stage: Stage) -> None:
    stage.go("board")


def _event(stage: Stage) -> None:
    stage.go("event")


SHOTS: Final[tuple[Shot, ...]] = (
    Shot("30-customer-nobody", "olga", _nobody),
    Shot("31-customer", "olga", _customer),
    Shot("40-payments-waiting", "sue", _event),
    Shot("50-board", "sue", _board),
)
