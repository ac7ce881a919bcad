"""`cashier verify` and `cashier simulate`: prove a ledger, prove the program."""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli.shared import DatabaseOption, JsonOption, refusals, report
from cashier_app.domain.errors import EnvironmentProblem, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cashier_app.services.kernel.database import Database
    from cashier_app.services.verifying import KeptSeal, Verdict
    from cashier_app.simulation.faults import FaultKind
    from cashier_app.simulation.report import Report


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify")(verify)
    app.command("simulate")(simulate)


def verify(
    database: DatabaseOption,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the last commands, and the file without indexes.")
    ] = False,
    seals: Annotated[Path | None, typer.Option(help="Seals that were kept elsewhere, as `SealDay` told them.")] = None,
    branch: Annotated[
        list[str] | None, typer.Option(help="A branch's database to hold against this server's; may be repeated.")
    ] = None,
    look_only: Annotated[bool, typer.Option("--look-only", help="Neither block writing nor allow it again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Prove that the ledger is whole; a breach makes it read-only until it is proven whole again."""
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.verifying import verify as proven  # noqa: PLC0415

    if branch:
        _verify_machines(database, branch, quick=quick, as_json=as_json)
        return
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


def _verify_machines(server: str, branches: list[str], *, quick: bool, as_json: bool) -> None:
    """Only looks: a branch that disagrees with its server is no reason to stop either."""
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415
    from cashier_app.services.verifying import verify_machines  # noqa: PLC0415

    with refusals(), contextlib.ExitStack() as stack:
        machines = [Database(url) for url in (server, *branches)]
        for machine in machines:
            stack.callback(machine.close)
        compared = verify_machines(machines[0], machines[1:], quick=quick)
    parts = {"server": compared.server, **compared.branches, "together": compared.together}
    text = "\n".join(f"{name}: {_told(verdict)}" for name, verdict in parts.items())
    report(compared, as_json=as_json, text=text)
    if not compared.ok:
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


def simulate(
    *,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="Cashier-days: days of one drawer.")] = 60,
    branches: Annotated[
        int, typer.Option(min=0, max=50, help="So many branches with a server; an office alone when 0.")
    ] = 0,
    faults: Annotated[
        str, typer.Option(help="What may go wrong: all, none, or kinds between commas, such as power-cut,partition.")
    ] = "all",
    planted: Annotated[str, typer.Option(help="Plant this fault in the product, and look for it.")] = "",
    all_planted: Annotated[bool, typer.Option("--all-planted", help="Look for every planted fault.")] = False,
    list_planted: Annotated[bool, typer.Option("--list-planted", help="List the faults that can be planted.")] = False,
    piece: Annotated[int | None, typer.Option(min=0, help="Only this piece of the run, to replay a violation.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; as many as there are cores when 0.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Play cashier days over failing disks and lines; exits with 1 when money is lost, doubled or unexplained.

    What comes out depends on the seed alone, not on the number of processes. With a planted fault it is the
    other way round: exits with 1 when the fault is not found.
    """
    from cashier_app.simulation import running  # noqa: PLC0415
    from cashier_app.simulation.planted import PLANTED  # noqa: PLC0415

    if list_planted:
        told = {fault.name: fault.what for fault in PLANTED.values()}
        report(told, as_json=as_json, text="\n".join(f"{name}: {what}" for name, what in told.items()))
        return
    with refusals():
        if planted or all_planted:
            _hunt(tuple(PLANTED) if all_planted else (planted,), seed, days, as_json=as_json)
            return
        weather = _weather(faults, branches)
        jobs = jobs or running.cores()
        run = running.simulate(seed, days, branches=branches, weather=weather, only=piece, jobs=jobs)
    report(run, as_json=as_json, text=_played(run))
    if run.violations:
        raise typer.Exit(1)


def _weather(faults: str, branches: int) -> Mapping[FaultKind, int] | None:
    """How often what goes wrong: as bad as usual, or only the kinds named, ten times as often."""
    from cashier_app.simulation.branches import USUAL_WEATHER  # noqa: PLC0415
    from cashier_app.simulation.simulator import WEATHER  # noqa: PLC0415

    usual = USUAL_WEATHER if branches else WEATHER
    if faults in {"all", "none"}:
        return None if faults == "all" else {}
    known = {kind.value: kind for kind in usual}
    wanted = [name.strip() for name in faults.split(",")]
    for name in wanted:
        if name not in known:
            refuse("SIM-003", f"There is no fault {name!r} here; there are: all, none, {', '.join(known)}.", "faults")
    return {known[name]: min(usual[known[name]] * 10, 500 // len(wanted)) for name in wanted}


def _hunt(names: tuple[str, ...], seed: int, days: int, *, as_json: bool) -> None:
    from cashier_app.simulation.planted import PLANTED  # noqa: PLC0415
    from cashier_app.simulation.running import hunt  # noqa: PLC0415

    logging.disable(logging.ERROR)  # planted faults make handlers complain, which is their purpose
    found = {}
    for name in names:
        if name not in PLANTED:
            refuse("SIM-002", f"There is no planted fault {name!r}; there are: {', '.join(PLANTED)}.")
        run = found[name] = hunt(name, seed, days)
        if not as_json:
            outcome = f"found in {run.days} cashier-days, step {run.steps}: {run.first_violation[:100]}"
            typer.echo(f"{name}: {outcome if run.violations else f'not found in {run.days} cashier-days'}")
    if as_json:
        report(found if len(found) > 1 else found[names[0]], as_json=True, text="")
    if not all(run.violations for run in found.values()):
        raise typer.Exit(1)


def _played(run: Report) -> str:
    lines = [
        (
            f"{run.days} cashier-days of seed {run.seed}: {run.steps} steps, {run.faults} faults, "
            f"{run.restarts} restarts, {run.verifications} full verifications in {run.seconds} s."
        ),
        f"Lost: {run.lost}. Doubled: {run.doubled}. Violations: {run.violations}.",
    ]
    if run.violations:
        where = f"First in piece {run.first_violation_piece}, step {run.first_violation_step}"
        lines.append(f"{where}: {run.first_violation}")
    return "\n".join(lines)
