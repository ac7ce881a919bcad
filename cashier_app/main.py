"""Where the program starts: straight to the window, or to the command line."""

from __future__ import annotations


def run() -> None:
    """Entry point of the `cashier` command."""
    from cashier_app.cli.app import app  # noqa: PLC0415  # the window must not wait for it

    app()


if __name__ == "__main__":
    run()
