"""Opens the window. Without Typer, so that `cashier run` paints before the command line could be read by it."""

from __future__ import annotations

from dataclasses import replace

from cashier_app import settings


def open_window(*, database: str = "", node: str = "", demo: bool = False, theme: str = "") -> int:
    """Open the workstation's window and run until it is closed; the exit code."""
    from cashier_app.ui.program import Start, start  # noqa: PLC0415  # Qt only where a window is wanted

    found = settings.read()
    if demo and not database:
        # The demo never mixes with a ledger that somebody keeps for real.
        database = str(found.state / "demo.db")
    given = replace(found, database=database or found.database, node=node or found.node)
    given_start = Start(given, demo=demo, hint=_hint() if demo else "", theme=theme)
    return start(given_start, lambda url: _prepare_demo(url, given.node))


def _hint() -> str:
    from cashier_app.demo.demo_users import DEMO_USERS  # noqa: PLC0415

    first = DEMO_USERS[0]
    return f"{first.login}: {first.password}"


def _prepare_demo(url: str, node: str) -> None:
    from cashier_app.demo.utility import prepare  # noqa: PLC0415  # the window is painted first

    prepare(url, node=node)
