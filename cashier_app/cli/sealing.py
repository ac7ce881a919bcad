"""`cashier seal`: seal the day, and take the seals to where nobody who can change the ledger can change them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cashier_app.cli.shared import (
    DatabaseOption,
    DateOption,
    JsonOption,
    NodeOption,
    looking,
    open_ledger,
    refusals,
    report,
    write_new,
)

seal = typer.Typer(no_args_is_help=True, help="Seals of the journal's chains.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(seal, name="seal")


@seal.command("day")
def seal_day(
    database: DatabaseOption, node: NodeOption, date: DateOption = None, *, as_json: JsonOption = False
) -> None:
    """Seal every chain as it stands; for a nightly job."""
    from cashier_app.services.administration.seals import SealDay  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals(), open_ledger(database, node, date) as door:
        sealed = door.execute(SealDay(), user_id=SYSTEM.id).result
    report(sealed, as_json=as_json, text=f"{len(sealed.seals)} chain(s) sealed.")


@seal.command("export")
def export(
    database: DatabaseOption,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; never overwritten.")] = None,
) -> None:
    """All seals known here, of this machine's chains and those kept for others, for `cashier verify --seals`."""
    from cashier_app.services.branches.kept_seals import known_seals  # noqa: PLC0415
    from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415

    with refusals():
        with looking(database) as (store, _config):
            seals = known_seals(store)
        text = to_json([seal._asdict() for seal in seals])
        if output is None:
            typer.echo(text)
            return
        path = write_new(output, output.name, f"{text}\n".encode())
        typer.echo(f"{len(seals)} seal(s) written to {path}.")
