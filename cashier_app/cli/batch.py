"""`cashier batch`: run a job, go on with one that stopped, look at runs."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path
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
    from cashier_app.services.batch.doing import Watching
    from cashier_app.services.batch.jobs import Machine
    from cashier_app.services.batch.run_records import Run
    from cashier_app.services.kernel.door import Door
    from cashier_app.services.queries.batch_runs import ControlRow

batch = typer.Typer(no_args_is_help=True, help="Jobs in chunks: run, go on, look at.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(batch, name="batch")


@batch.command("run")
def run(
    database: DatabaseOption,
    node: NodeOption,
    job: Annotated[str, typer.Argument(help="Batch code or job, such as REDSAAMT; `cashier batch list` names them.")],
    given: Annotated[list[str] | None, typer.Option("--set", help="A parameter: name=value; may be repeated.")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help="The file of a job that reads one.")] = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a job; what it does is done chunk by chunk, each once. What is not set comes from its batch control."""
    from cashier_app.services.batch.doing import run_here  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.batch.jobs import keep_file  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals(), open_ledger(database, node, date) as door, _watching(job) as watching:
        machine = _machine()
        plain = _parameters(given or []) | (keep_file(machine.files, file) if file else {})
        run_id = uuid.uuid4().hex
        ended = run_here(door, job, plain, run_id=run_id, user_id=SYSTEM.id, watching=watching, machine=machine)
    _tell(ended, as_json=as_json)


@batch.command("resume")
def resume(
    database: DatabaseOption,
    node: NodeOption,
    run_id: Annotated[str, typer.Argument(help="The run's id; its first letters will do.")],
    date: DateOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Go on with a run that stopped or whose program died, from the last finished chunk, with what it began with."""
    from cashier_app.services.batch.doing import do_run  # noqa: PLC0415  # help must answer at once

    with refusals(), open_ledger(database, node, date) as door:
        ended = _run(door, run_id)
        if ended.status != "FINISHED":
            with _watching(ended.batch_code) as watching:
                ended = do_run(door, ended.run_id, ended.user_id, watching, _machine())
    _tell(ended, as_json=as_json)


@batch.command("list")
def list_runs(
    database: DatabaseOption,
    limit: Annotated[int, typer.Option(help="So many runs, the latest first.")] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """The jobs that there are with their parameters, and the latest runs."""
    from cashier_app.services.batch.jobs import JOBS  # noqa: PLC0415
    from cashier_app.services.batch.run_records import latest_runs  # noqa: PLC0415
    from cashier_app.services.queries.batch_runs import control_rows  # noqa: PLC0415

    with refusals(), looking(database) as (store, config):
        controls = control_rows(store, config)
        found = latest_runs(store, list(JOBS), limit)
    jobs = "".join(f"\n  {_control_line(each)}" for each in controls)
    runs = "".join(f"\n  {_line(each)}" for each in found) or "\n  none yet"
    report({"jobs": controls, "runs": found}, as_json=as_json, text=f"Jobs:{jobs}\nRuns:{runs}")


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


@contextlib.contextmanager
def _watching(job: str) -> Iterator[Watching]:
    from cashier_app.services.batch.doing import Watching  # noqa: PLC0415

    with progress(job) as told:
        yield Watching(progress=told)


def _machine() -> Machine:
    from cashier_app import settings  # noqa: PLC0415
    from cashier_app.services.batch.jobs import Machine  # noqa: PLC0415
    from cashier_app.services.to_do.mail_password import MailPassword  # noqa: PLC0415

    here = settings.read()
    password = MailPassword(given=here.mail_password, file=here.mail_password_file)
    return Machine(files=here.state / "files", mail_password=password)


def _tell(ended: Run, *, as_json: bool) -> None:
    report(ended, as_json=as_json, text=_line(ended))
    if ended.status != "FINISHED":
        raise typer.Exit(1)


def _line(run: Run) -> str:
    far = f", {run.done:,} of {run.total:,}" if run.total else ""
    said = f": {run.message or run.result}" if run.message or run.result else ""
    state = "STOPPED, can be resumed" if run.status == "INTERRUPTED" else run.status
    return f"{run.run_id[:12]} {run.batch_code} {state}{far}{said}"


def _control_line(row: ControlRow) -> str:
    given = [f"{each.name}{'=' + each.default if each.default else ''}{'*' * each.required}" for each in row.parameters]
    last = f", last {row.last_run:%Y-%m-%d %H:%M}" if row.last_run else ""
    return (
        f"{row.code} ({row.job}): {row.description}. {' '.join(given) or 'No parameters'}; next {row.next_number}{last}"
    )


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
