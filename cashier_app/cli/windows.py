"""`cashier run` and `cashier screenshots`: the window, and pictures of every screen in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cashier_app.cli.window import open_window


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("screenshots")(screenshots)


def run(
    database: Annotated[str, typer.Option("--database", "-d", help="URL or path of the ledger.")] = "",
    node: Annotated[str, typer.Option("--node", help="Name of this workstation in the ledger.")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Make the demo utility where there is no ledger yet.")] = False,
    theme: Annotated[str, typer.Option("--theme", help="light, dark or auto; default: as last time.")] = "",
) -> None:
    """Open the workstation's window."""
    raise typer.Exit(open_window(database=database, node=node, demo=demo, theme=theme))


def screenshots(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pictures; one folder per theme in it.")],
    theme: Annotated[str, typer.Option("--theme", help="light or dark; default: both.")] = "",
    screen: Annotated[list[str] | None, typer.Option("--screen", help="Only screens whose name has this.")] = None,
) -> None:
    """Draw every screen on a demo ledger, without a display."""
    from cashier_app.cli.screenshots import take  # noqa: PLC0415  # Qt only where a window is wanted

    for picture in take(out, themes=(theme,) if theme else ("light", "dark"), only=tuple(screen or ())):
        typer.echo(picture)
