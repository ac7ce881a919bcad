"""`cashier demo`: a utility, a day at its counter, a night's work, and a page that shows what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the page and its files.")] = Path("build/demo"),
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the pictures of every single screen.")] = False,
) -> None:
    """Play a day at the counter of a demo utility, without a display, and write it down as a page."""
    from cashier_app.cli.screenshots import take_titled  # noqa: PLC0415  # Qt only where windows are
    from cashier_app.demo.demonstration import demonstrate  # noqa: PLC0415

    page = demonstrate(out, lambda text: typer.echo(f"  {text}"), () if quick else take_titled(out / "screens"))
    typer.echo(f"Open {page.resolve()}")
