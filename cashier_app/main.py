"""Where the program starts: straight to the window, or to the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

_WINDOW_OPTIONS = {"--database": "database", "-d": "database", "--node": "node", "--theme": "theme"}


def run(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the `cashier` command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted = _window_options(given)
    if wanted is not None:
        from cashier_app.cli.window import open_window  # noqa: PLC0415

        return open_window(**wanted)
    from cashier_app.cli.app import app  # noqa: PLC0415  # the window must not wait for it

    app(given)
    return 0


def _window_options(given: list[str]) -> dict[str, Any] | None:
    """The options of `cashier run`, when that is all that is said; anything unusual is left to the command line."""
    if given[:1] != ["run"]:
        return None
    found: dict[str, Any] = {}
    rest = given[1:]
    while rest:
        word = rest.pop(0)
        name, joined, value = word.partition("=")
        if word == "--demo":
            found["demo"] = True
        elif name in _WINDOW_OPTIONS and (joined or rest):
            found[_WINDOW_OPTIONS[name]] = value if joined else rest.pop(0)
        else:
            return None
    return found


if __name__ == "__main__":
    sys.exit(run())
