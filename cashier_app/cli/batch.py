"""`cashier batch`: run a job, go on with one that stopped, look at runs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cashier_app.cli.shared import (
    DatabaseOption,
    DateOption,
    JsonOption,
    NodeOption,
    looking,
    open_ledger,
    progress,
    refusals,
    report,
)

if TYPE_CHECKING:
    from cashier_app.services.batch.run_records import Run
    from cashier_app.services.kernel.door import Door

batch = typer.Typer(no_args_is_help=True, help="Jobs in chunks: run, go on, look at.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(batch, name="batch")


@batch.command("run")
def run(
    database: DatabaseOption,
    node: NodeOption,
    job: Annotated[str, typer.Argument(help="Which job, such as mark-redundant; `cashier batch list` names them.")],
    given: Annotated[list[str] | None, typer.Option("--set", help="A parameter: name=value; may be repeated.")] = None,
    date: DateOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Run a job; what it does is done chunk by chunk, each once."""
    with refusals(), open_ledger(database, node, date) as door:
        _finish(door, job, _parameters(given or []), uuid.uuid4().hex, as_json=as_json)


@batch.command("resume")
def resume(
    database: DatabaseOption,
    node: NodeOption,
    run_id: Annotated[str, typer.Argument(help="The run's id; its first letters will do.")],
    date: DateOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Go on with a run that stopped or whose program died, from the last finished chunk."""
    import json  # noqa: PLC0415  # help must answer at once

    with refusals(), open_ledger(database, node, date) as door:
        found = _run(door, run_id)
        _finish(door, found.kind, json.loads(found.parameters), found.run_id, as_json=as_json, user_id=found.user_id)


@batch.command("list")
def list_runs(
    database: DatabaseOption,
    limit: Annotated[int, typer.Option(help="So many runs, the latest first.")] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """The jobs that there are, and the latest runs."""
    from cashier_app.services.batch.jobs import JOBS  # noqa: PLC0415
    from cashier_app.services.batch.run_records import latest_runs  # noqa: PLC0415

    with refusals(), looking(database) as (store, _config):
        found = latest_runs(store, list(JOBS), limit)
    jobs = "".join(f"\n  {job.kind}: {' '.join(_names(job.parameters)) or 'no parameters'}" for job in JOBS.values())
    runs = "".join(f"\n  {_line(each)}" for each in found) or "\n  none yet"
    report({"jobs": list(JOBS), "runs": found}, as_json=as_json, text=f"Jobs:{jobs}\nRuns:{runs}")


@batch.command("show")
def show(
    database: DatabaseOption,
    run_id: Annotated[str, typer.Argument(help="The run's id; its first letters will do.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """A run with its chunks, its control totals and what it could not do."""
    from cashier_app.services.queries.batch_runs import run_detail  # noqa: PLC0415

    with refusals(), looking(database) as (store, _config):
        detail = run_detail(store, run_id)
    text = _line(detail.run)
    if detail.chunks:
        text += f"\n  {detail.chunks_done} of {detail.chunks} chunks, "
        text += f"{detail.units_done:,} done, {detail.units_in_error:,} in error"
    text += "".join(f"\n  {name}: {count:,}" for name, count in detail.totals.items())
    text += "".join(f"\n  {error.unit}: {error.code}: {error.message}" for error in detail.errors)
    report(detail, as_json=as_json, text=text)


def _finish(
    door: Door, job: str, parameters: dict[str, Any], run_id: str, *, as_json: bool, user_id: int | None = None
) -> None:
    from cashier_app.services.batch.doing import run_here  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with progress(job) as told:
        ended = run_here(
            door,
            job,
            parameters,
            run_id=run_id,
            user_id=SYSTEM.id if user_id is None else user_id,
            progress=told,
        )
    report(ended, as_json=as_json, text=_line(ended))
    if ended.status != "FINISHED":
        raise typer.Exit(1)


def _line(run: Run) -> str:
    far = f", {run.done:,} of {run.total:,}" if run.total else ""
    said = f": {run.message or run.result}" if run.message or run.result else ""
    return f"{run.run_id[:12]} {run.kind} {run.status}{far}{said}"


def _run(door: Door, run_id: str) -> Run:
    from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415
    from cashier_app.services.queries.batch_runs import run_beginning  # noqa: PLC0415

    with reading(door.database, access=EVERYTHING) as store:
        return run_beginning(store, run_id)


def _parameters(given: list[str]) -> dict[str, Any]:
    from cashier_app.domain.errors import require  # noqa: PLC0415

    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        require(equals, "CMD-003", "A parameter is written name=value.", "set")
        found[name] = value
    return found


def _names(parameters: type) -> list[str]:
    return list(getattr(parameters, "__dataclass_fields__", {}))
