"""`cashier verify` and `cashier simulate`: prove a ledger, prove the program."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli.shared import DatabaseOption, JsonOption, refusals, report
from cashier_app.domain.errors import EnvironmentProblem

if TYPE_CHECKING:
    from cashier_app.services.database import Database
    from cashier_app.services.verifying import KeptSeal, Verdict


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify")(verify)


def verify(
    database: DatabaseOption,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the last commands, and the file without indexes.")
    ] = False,
    seals: Annotated[Path | None, typer.Option(help="Seals that were kept elsewhere, as `SealDay` told them.")] = None,
    look_only: Annotated[bool, typer.Option("--look-only", help="Neither block writing nor allow it again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Prove that the ledger is whole; a breach makes it read-only until it is proven whole again."""
    from cashier_app.services.database import Database  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.verifying import verify as proven  # noqa: PLC0415

    with refusals():
        ledger = Database(database)
        try:
            verdict = proven(ledger, quick=quick, seals=_kept(seals))
            notice = "" if look_only else _guard(ledger, verdict, quick=quick)
        finally:
            ledger.close()
    report(verdict, as_json=as_json, text=_told(verdict))
    if notice:
        typer.echo(notice, err=True)
    if not verdict.ok:
        raise typer.Exit(1)


def _guard(ledger: Database, verdict: Verdict, *, quick: bool) -> str:
    from cashier_app.services.verifying.guard import allow_writing, block_writing  # noqa: PLC0415

    if not verdict.ok:
        with contextlib.suppress(EnvironmentProblem):  # a damaged file refuses by itself
            block_writing(ledger, verdict)
        return "The ledger is read-only from now on, until `cashier verify` finds everything right."
    if not quick and allow_writing(ledger):
        return "The ledger is whole again; it may be written."
    return ""


def _kept(path: Path | None) -> tuple[KeptSeal, ...]:
    from cashier_app.services.verifying import KeptSeal  # noqa: PLC0415

    if path is None:
        return ()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = content["seals"] if isinstance(content, dict) else content
        return tuple(KeptSeal(int(seal["node"]), int(seal["sequence"]), str(seal["hash"])) for seal in found)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise EnvironmentProblem(
            "VER-002", f"{path} holds no seals: a JSON list of objects with node, sequence and hash would be accepted."
        ) from problem


def _told(verdict: Verdict) -> str:
    looked_at = ", ".join(f"{number} {what}" for what, number in verdict.checked.items())
    lines = [str(problem) for problem in verdict.problems]
    outcome = "Everything is right." if verdict.ok else f"{len(lines)} problem(s)."
    return "\n".join((*lines, f"Looked at {looked_at}.", outcome))
