"""`cashier branch`: a workstation joins a server, exchanges with it, says how it stands, and is taken down again."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli.shared import DatabaseOption, JsonOption, refusals, report

if TYPE_CHECKING:
    from cashier_app.services.administration.branch_link import LinkFacts

_branch = typer.Typer(help="This workstation as a branch of a server.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_branch, name="branch")


@_branch.command()
def enrol(  # noqa: PLR0917  # the command line has as many options
    server: Annotated[str, typer.Argument(metavar="SERVER", help="Its address, such as cashier.example:8443.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="The invitation code, as it was read out.")],
    database: DatabaseOption,
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="Of a certificate that you have compared with the server's own.")
    ] = "",
    authority: Annotated[
        Path | None, typer.Option("--authority", help="File with the certificates of the server's authority.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make this workstation a branch; the directory comes with `cashier branch exchange`, or in the window."""
    from cashier_app.sync.enrolling import enrol as join  # noqa: PLC0415  # help answers at once

    with refusals():
        link = join(server, code, database, fingerprint=fingerprint, authority=authority)
    text = f"This workstation is {link.workstation} of {link.server_url}. Next: cashier branch exchange."
    report(link, as_json=as_json, text=text)


@_branch.command()
def status(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Say when the server last answered, what is unsent since when, and what stands in the way."""
    with refusals():
        link = _link(database)
    report(link, as_json=as_json, text="\n".join(_lines(link)))


@_branch.command()
def exchange(
    database: DatabaseOption,
    minutes: Annotated[
        float, typer.Option("--minutes", help="How long to try while the line is down; 0: give up at once.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Send and fetch until nothing more is to do; exits with 1 where the line is down or the server refuses."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415
    from cashier_app.services.branches.exchange import Exchange, LineDown  # noqa: PLC0415
    from cashier_app.sync.enrolling import close_exchange, open_exchange  # noqa: PLC0415
    from cashier_app.sync.pace import Pace  # noqa: PLC0415

    ends = time.monotonic() + minutes * 60
    pace = Pace()

    def step(exchange: Exchange) -> bool:
        try:
            more = exchange.step().more
        except LineDown:
            wait = pace.after_failure()
            if time.monotonic() + wait > ends:
                raise
            time.sleep(wait)
            return True
        pace.start_afresh()
        return more

    with refusals():
        opened = open_exchange(database, SystemClock())
        with contextlib.ExitStack() as stack:
            stack.callback(close_exchange, opened)
            while step(opened):
                pass
        link = _link(database)
    report(link, as_json=as_json, text="\n".join(_lines(link)))


@_branch.command()
def leave(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Ask whether this workstation may be taken down: refuses with BR-005 while something is unsent.

    Whatever removes the program asks this first. Nothing is deleted: the files are named, for whoever removes them.
    """
    from cashier_app.services.administration.branch_link import require_nothing_unsent  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415
    from cashier_app.sync.enrolling import BranchFiles  # noqa: PLC0415

    with refusals():
        link = _link(database)
        opened = Database(database)
        try:
            require_nothing_unsent(opened, "take this workstation down")
        finally:
            opened.close()
        files = BranchFiles.of(database)
    text = (
        f"Everything of {link.workstation} is at the server ({link.confirmed:,} commands). Revoke its device there, "
        f"and keep {files.database} at least 35 days: a server that was restored asks for it again."
    )
    report({"workstation": link.workstation, "unsent": 0, "database": str(files.database)}, as_json=as_json, text=text)


def _link(url: str) -> LinkFacts:
    from cashier_app.domain.errors import refuse  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415
    from cashier_app.sync.enrolling import link_facts  # noqa: PLC0415

    database = Database(url)
    try:
        link = link_facts(database)
    finally:
        database.close()
    if link is None:
        refuse("BR-007", "This database belongs to no branch; enrol the workstation first.")
    return link


def _lines(link: LinkFacts) -> list[str]:
    contact = f"{link.contact_at:%Y-%m-%d %H:%M} UTC" if link.contact_at else "never"
    oldest = f", the oldest of {link.oldest_unsent:%Y-%m-%d %H:%M} UTC" if link.oldest_unsent else ""
    directory = "whole" if link.directory_after is None and link.cursor else "being fetched"
    lines = [
        f"{link.workstation} of {link.server_url}",
        f"Last contact: {contact}",
        f"Unsent: {link.unsent:,} of {link.sequence:,} commands{oldest}",
        f"Directory: {directory}",
    ]
    return [*lines, *([f"Alarm: {link.alarm}"] if link.alarm else [])]
