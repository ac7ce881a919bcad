"""`cashier gl` and `cashier ap`: hand over to the general ledger and to accounts payable, and look at what was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    write_new,
)

if TYPE_CHECKING:
    from cashier_app.services.general_ledger.running import GlRunDone
    from cashier_app.services.kernel.store import Store
    from cashier_app.services.papers.words import Reader
    from cashier_app.services.queries.gl_runs import GlRunFacts
    from cashier_app.services.queries.trial_balance import TrialBalance

gl = typer.Typer(no_args_is_help=True, help="The general ledger: runs, their files, the trial balance.")
ap = typer.Typer(no_args_is_help=True, help="Accounts payable: check requests out, answers in.")

OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder or file to write; never overwritten. Default: here.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(gl, name="gl")
    app.add_typer(ap, name="ap")


@gl.command("run")
def run(database: DatabaseOption, node: NodeOption, date: DateOption = None, *, as_json: JsonOption = False) -> None:
    """Hand everything over that was frozen since the last run, each transaction once; goes on with one that died."""
    from cashier_app.services.general_ledger.running import run_gl  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals(), open_ledger(database, node, date) as door, progress("Chunks") as told:
        done = run_gl(door, user_id=SYSTEM.id, progress=told)
    report(done, as_json=as_json, text=_told(done))


def _told(done: GlRunDone) -> str:
    if done.closed is None:
        return "Nothing new to hand over."
    closed = done.closed
    totals = "".join(
        f"\n  debits {total.debit}, credits {total.credit}, {total.details} lines" for total in closed.totals
    )
    waiting = (
        f"\n  {closed.held_count:,} wait: {'; '.join(done.missing) or 'for their GL date'}" if closed.held_count else ""
    )
    begun = " (begun before)" if done.resumed else ""
    return (
        f"Run {closed.number}{begun}: {closed.ft_count:,} transactions, {closed.line_count:,} GL lines{totals}{waiting}"
    )


@gl.command("show")
def show(
    database: DatabaseOption,
    number: Annotated[int, typer.Argument(help="Number of a run; without one, all runs.")] = 0,
    *,
    as_json: JsonOption = False,
) -> None:
    """A run with its journal entry and files, or the list of runs."""
    from cashier_app.services.queries.gl_runs import gl_run, gl_runs  # noqa: PLC0415

    with refusals(), looking(database) as (store, config):
        rows = gl_runs(store, config, number=number)
        if not number:
            lines = [
                f"{row.number:>6}  {row.business_date}  {row.status:<8}  {row.ft_count:>12,} transactions  {row.user}"
                for row in rows
            ]
            report(rows, as_json=as_json, text="\n".join(lines) or "No run yet.")
            return
        facts = gl_run(store, config, _run_id(store, number))
        report(facts, as_json=as_json, text=_entry(facts))


def _entry(facts: GlRunFacts) -> str:
    from cashier_app.domain.money import decimal_text  # noqa: PLC0415

    run = facts.run
    lines = [f"Run {run.number} of {run.business_date}, {run.status}: {run.ft_count:,} transactions"]
    for entry in facts.entries:
        period = f"{entry.fiscal_year}/{entry.period:02d}"
        debit, credit = (decimal_text(amount, entry.currency) for amount in (entry.debit, entry.credit))
        words = f"{entry.gl_division:<10} {period}  {entry.gl_account:<20} {entry.description[:28]:<28}"
        lines.append(f"  {words} {debit:>16} {credit:>16} {entry.currency}")
    lines += [f"  file {file.layout}: {file.byte_count:,} bytes, SHA-256 {file.digest}" for file in facts.files]
    return "\n".join(lines)


@gl.command("export")
def export(
    database: DatabaseOption,
    number: Annotated[int, typer.Argument(help="Number of the run.")],
    layout: Annotated[str, typer.Option(help="Code of a file layout.")] = "CSV",
    output: OutputOption = None,
) -> None:
    """A run's file, the same bytes every time."""
    from cashier_app.services.general_ledger.closing import file_of  # noqa: PLC0415
    from cashier_app.services.general_ledger.runs import run_of  # noqa: PLC0415

    with refusals():
        with looking(database) as (store, _config):
            name, content = file_of(store, run_of(store, _run_id(store, number)), layout)
        typer.echo(f"{len(content):,} bytes written to {write_new(output, name, content)}.")


@gl.command("trial-balance")
def trial_balance(
    database: DatabaseOption,
    year: Annotated[int | None, typer.Option(help="Fiscal year; default: the latest.")] = None,
    period: Annotated[int | None, typer.Option(help="Period of the year.")] = None,
    division: Annotated[str, typer.Option(help="Only this GL division.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, .pdf, .xlsx or .csv; never overwritten.")
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """What stood before a period, what it moved, what stands after, by account; as text or as a file."""
    from cashier_app.services.papers import ledger_papers  # noqa: PLC0415
    from cashier_app.services.queries import trial_balance as queries  # noqa: PLC0415

    with refusals():
        with looking(database) as (store, config):
            found = queries.trial_balance(store, config, year, period, division)
            content = ledger_papers.trial_balance_file(config, found, output.suffix, _reader()) if output else b""
        if output is not None:
            typer.echo(f"{len(content):,} bytes written to {write_new(output, output.name, content)}.")
            return
        report(found, as_json=as_json, text=_balance(found))


def _reader() -> Reader:
    from datetime import UTC, datetime  # noqa: PLC0415

    from cashier_app.services.papers.words import Reader  # noqa: PLC0415

    return Reader(name="System", now=datetime.now(UTC))


def _balance(found: TrialBalance) -> str:
    from cashier_app.domain.money import decimal_text  # noqa: PLC0415

    lines = [f"Trial balance of period {found.period} of {found.fiscal_year}"]
    for row in found.rows:
        figures = "".join(
            f"{decimal_text(amount, row.currency):>16}" for amount in (row.opening, row.debit, row.credit, row.closing)
        )
        lines.append(f"  {row.gl_division:<10} {row.gl_account:<14} {row.description[:28]:<28}{figures} {row.currency}")
    for (currency, division), sums in found.sums.items():
        figures = "".join(f"{decimal_text(amount, currency):>16}" for amount in sums)
        lines.append(f"  {division:<10} {'':<14} {'sum':<28}{figures} {currency}")
    return "\n".join(lines)


@ap.command("extract")
def extract(
    database: DatabaseOption,
    node: NodeOption,
    date: DateOption = None,
    output: OutputOption = None,
    *,
    again: Annotated[int, typer.Option(help="Number of an earlier run: only write its file again.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Hand every check request over whose cut date has come, and write the file; or write one again."""
    from cashier_app.services.general_ledger.check_runs import (  # noqa: PLC0415
        ChecksExtracted,
        ExtractChecks,
        file_of,
    )
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals():
        done = ChecksExtracted(number=again, requests=0, totals=())
        with open_ledger(database, node, date) as door:
            if not again:
                done = door.execute(ExtractChecks(), user_id=SYSTEM.id).result
        if done.number is None:
            report(done, as_json=as_json, text="No check is due.")
            return
        with looking(database) as (store, _config):
            name, content = file_of(store, done.number)
        path = write_new(output, name, content)
        amounts = ", ".join(map(str, done.totals))
        words = f"Run {done.number}: {done.requests} request(s), {amounts}. " if done.requests else ""
        report(done, as_json=as_json, text=f"{words}{len(content):,} bytes written to {path}.")


@ap.command("respond")
def respond(
    database: DatabaseOption,
    node: NodeOption,
    file: Annotated[Path, typer.Argument(help="CSV: request_id, status (P, C, X), check_number, check_date, amount.")],
    date: DateOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take in what accounts payable answered; the same file again changes nothing."""
    from cashier_app.services.general_ledger.answering import take_answers  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals(), open_ledger(database, node, date) as door:
        taken = take_answers(door, file, user_id=SYSTEM.id)
    words = f"{taken.paid} paid, {taken.held} held, {taken.canceled} canceled, {len(taken.exceptions)} exception(s)"
    report(taken, as_json=as_json, text="\n".join([words, *(f"  {each}" for each in taken.exceptions)]))
    if taken.exceptions:
        raise typer.Exit(1)


@ap.command("show")
def show_checks(database: DatabaseOption, *, as_json: JsonOption = False) -> None:
    """The runs that handed check requests over, and the answers that did not fit."""
    from cashier_app.services.queries.check_requests import ap_runs, check_exceptions  # noqa: PLC0415

    with refusals(), looking(database) as (store, config):
        runs, exceptions = ap_runs(store, config), check_exceptions(store, config)
    lines = [f"{run.number:>6}  {run.business_date}  {run.request_count:>8,} request(s)  {run.user}" for run in runs]
    lines += [f"  {each.file_name}, line {each.line}: {each.problem}" for each in exceptions]
    told = {"runs": runs, "exceptions": exceptions}
    report(told, as_json=as_json, text="\n".join(lines) or "No run yet.")


def _run_id(store: Store, number: int) -> int:
    from cashier_app.services.general_ledger.runs import run_numbered  # noqa: PLC0415

    return run_numbered(store, number)
