"""`cashier scenario`: replays scenario files and says where the ledger differs from what they expect."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cashier_app.cli.shared import JsonOption, refusals
from cashier_app.domain.errors import CashierError, Problem

if TYPE_CHECKING:
    from cashier_app.scenarios.running import Report

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Scenario files (docs/scenarios.md).")]
app = typer.Typer(no_args_is_help=True, help="Replay scenario files: a day at the counter in plain text.")


def register(parent: typer.Typer) -> None:
    """Add the commands of this module."""
    parent.add_typer(app, name="scenario")


@app.command()
def run(
    files: Files,
    database: Annotated[
        str | None, typer.Option("--database", "-d", help="An empty database; default: a temporary file.")
    ] = None,
    write_actual: Annotated[
        Path | None, typer.Option("--write-actual", metavar="OUT.yaml", help="Write the file with the actual figures.")
    ] = None,
    only_differences: Annotated[bool, typer.Option("--only-differences", help="Leave out what holds.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run each file on a fresh ledger; exits with 1 where a figure differs or a file has a mistake."""
    from cashier_app.scenarios.running import one_ledger_each, run_scenario  # noqa: PLC0415  # help answers at once

    with refusals():
        one_ledger_each(files, database)
        if write_actual and len(files) > 1:
            raise typer.BadParameter("--write-actual takes one scenario file.")
    reports: list[Report | _Refused] = []
    for file in files:
        try:
            report: Report | _Refused = run_scenario(file, database)
        except CashierError as refusal:
            report = _Refused(str(file), refusal.problems)
        reports.append(report)
        if not as_json:
            _print(report, only_differences=only_differences)
        if write_actual and not isinstance(report, _Refused):
            write_actual.write_text(report.actual, encoding="utf-8")
    if as_json:
        _write_json({"holds": all(each.holds for each in reports), "scenarios": [_plain(each) for each in reports]})
    elif len(reports) > 1:
        held = sum(each.holds for each in reports)
        typer.echo(f"{held} of {len(reports)} scenarios hold.")
    if not all(each.holds for each in reports):
        raise typer.Exit(1)


@app.command()
def check(files: Files, as_json: JsonOption = False) -> None:
    """Look for mistakes in files without running a step: syntax, names, commands, set-up."""
    from cashier_app.scenarios.running import check_scenario  # noqa: PLC0415

    mistakes: list[Problem] = []
    for file in files:
        try:
            scenario = check_scenario(file)
        except CashierError as refusal:
            mistakes += refusal.problems
            continue
        if not as_json:
            typer.echo(f"{file}: {len(scenario.steps)} steps, no mistake.")
    if as_json:
        _write_json({"mistakes": [_problem(each) for each in mistakes]})
    else:
        for problem in mistakes:
            typer.echo(_in_words(problem), err=True)
    if mistakes:
        raise typer.Exit(1)


class _Refused:
    """A file that could not be run."""

    holds = False

    def __init__(self, path: str, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)


def _print(report: Report | _Refused, *, only_differences: bool) -> None:
    if isinstance(report, _Refused):
        for problem in report.problems:
            typer.echo(_in_words(problem), err=True)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    table = Table(title=Text(f"{report.title} ({report.path})"), title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("line", justify="right")
    table.add_column("step", overflow="fold")
    table.add_column("expectation", overflow="fold")
    table.add_column("expected", justify="right", overflow="fold")
    table.add_column("found", justify="right", overflow="fold")
    for finding in report.findings:
        if only_differences and finding.holds:
            continue
        # A sign as well as a color: not everybody sees the color.
        mark, style = ("✓", "") if finding.holds else ("✗", "bold red")
        cells = (mark, str(finding.line), finding.step, finding.what, finding.expected, finding.found)
        table.add_row(*(Text(cell) for cell in cells), style=style)
    if table.row_count:
        console.print(table)
    differing = sum(not finding.holds for finding in report.findings)
    if report.steps_done < report.steps:
        console.print(Text(f"Stopped after {report.steps_done} of {report.steps} steps: the rest says nothing."))
    verdict = "holds" if report.holds else f"{differing} of {len(report.findings)} expectations differ"
    console.print(Text(f"{report.title}: {verdict}, {len(report.findings)} looked at."))


def _in_words(problem: Problem) -> str:
    return f"{problem.field}: {problem}" if problem.field else str(problem)


def _plain(report: Report | _Refused) -> dict[str, Any]:
    if isinstance(report, _Refused):
        return {"file": report.path, "holds": False, "mistakes": [_problem(each) for each in report.problems]}
    return {
        "file": report.path,
        "scenario": report.title,
        "holds": report.holds,
        "steps": report.steps,
        "steps_done": report.steps_done,
        "expectations": [
            {
                "line": finding.line,
                "step": finding.step,
                "what": finding.what,
                "expected": finding.expected,
                "found": finding.found,
                "holds": finding.holds,
            }
            for finding in report.findings
        ],
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "sentence": problem.sentence, "where": problem.field}


def _write_json(value: Any) -> None:
    from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415

    sys.stdout.write(to_json(value) + "\n")
