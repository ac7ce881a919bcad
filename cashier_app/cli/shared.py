"""What all commands share: options, opening a ledger, printing results and refusals."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cashier_app import settings
from cashier_app.domain.errors import CashierError, EnvironmentProblem

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.door import Door
    from cashier_app.services.kernel.store import Store

DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database", "-d", help="URL or path of the ledger.", default_factory=lambda: settings.read().database
    ),
]
NodeOption = Annotated[
    str,
    typer.Option(
        "--node", help="Name of this workstation in the ledger.", default_factory=lambda: settings.read().node
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Report as one JSON object.")]
DateOption = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date; default: today.")
]


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Print a refusal as its code and sentence, and exit with 1."""
    try:
        yield
    except CashierError as refusal:
        for problem in refusal.problems:
            where = f" ({problem.field})" if problem.field else ""
            typer.echo(f"{problem}{where}", err=True)
        raise typer.Exit(1) from None


@contextlib.contextmanager
def open_ledger(url: str, node: str, on: datetime | None = None) -> Iterator[Door]:
    """The door of a ledger that exists; closed at the end."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415
    from cashier_app.services.kernel.door import Door  # noqa: PLC0415

    database = Database(url)
    try:
        yield Door(database, node, SystemClock(_day(on)))
    finally:
        database.close()


@contextlib.contextmanager
def looking(url: str) -> Iterator[tuple[Store, Configuration]]:
    """A ledger as its own programs see it: everything; closed at the end."""
    from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
    from cashier_app.services.kernel import configuration  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

    database = Database(url)
    try:
        with reading(database, access=EVERYTHING) as store:
            yield store, configuration.read(store)
    finally:
        database.close()


@contextlib.contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, to be told how much of how much is done; nothing where nobody looks."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _day(on: datetime | None) -> date | None:
    return on.date() if on else None


def report(value: Any, *, as_json: bool, text: str) -> None:
    """Print a result for a program or for a person."""
    if as_json:
        from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415

        sys.stdout.write(to_json(value) + "\n")
    else:
        typer.echo(text)


def write_new(output: Path | None, name: str, content: bytes) -> Path:
    """Write a file that is not there yet: into a folder under its name, or under the name that was asked for.

    Raises:
        EnvironmentProblem: FILE-001 where there is such a file, or it cannot be written.
    """
    path = (output or Path()) / name if output is None or output.is_dir() else output
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as problem:
        raise EnvironmentProblem(
            "FILE-001", f"{path} cannot be written ({problem.strerror}); choose a new file."
        ) from problem
    return path
