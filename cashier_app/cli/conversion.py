"""`cashier import receivables` and `cashier pay-in`: files of strangers on their way into the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli.shared import (
    DatabaseOption,
    DateOption,
    JsonOption,
    NodeOption,
    open_ledger,
    progress,
    refusals,
    report,
)

if TYPE_CHECKING:
    from cashier_app.services.conversion.importing import ConversionReport
    from cashier_app.services.uploads.paying_in import PayInReport

_import = typer.Typer(help="Take data over from another system.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(help="The file.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_import, name="import")
    app.command("pay-in")(pay_in)


@_import.command("receivables")
def receivables(  # noqa: PLR0917  # the command line has as many options
    file: FileArgument,
    database: DatabaseOption,
    node: NodeOption,
    mapping: Annotated[
        str, typer.Option("--mapping", "-m", help="Mapping file, or the name of one that comes with the program.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    on: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over accounts, agreements and open receivables: all or nothing, and only once.

    Every problem is listed with its line. See docs/conversion.md for mapping files.
    """
    with refusals():
        from cashier_app.services.conversion.importing import convert  # noqa: PLC0415  # help must answer at once
        from cashier_app.services.conversion.mapping import find_mapping, read_mapping  # noqa: PLC0415

        plan = read_mapping(find_mapping(mapping))
        with open_ledger(database, node, on) as door:
            result = convert(door, file, plan, dry_run=dry_run)
    report(result, as_json=as_json, text=_conversion_text(result))


def _conversion_text(result: ConversionReport) -> str:
    done = "would be taken over" if result.dry_run else "taken over"
    if result.repeated:
        done = "taken over before; nothing was changed"
    lines = [
        f"{result.file_name}: {done}.",
        f"  {result.row_count:>12,} rows",
        f"  {result.account_count:>12,} accounts of {result.person_count:,} customers",
        f"  {result.receivable_count:>12,} open receivables",
        f"  {result.total!s:>16} in total",
        *(f"  Note: {note}" for note in result.notes),
    ]
    return "\n".join(lines)


def pay_in(  # noqa: PLR0917  # the command line has as many options
    file: FileArgument,
    database: DatabaseOption,
    node: NodeOption,
    source: Annotated[str, typer.Option("--source", "-s", help="Tender source of the file: a lockbox.")],
    tender_type: Annotated[str, typer.Option("--tender-type", help="Of rows that name none.")] = "CHEC",
    on: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pay a file of payments in: columns external_id and amount, and date, reference, tender_type, remitter if any.

    Run it again after an interruption: what was booked is not booked again.
    """
    with refusals():
        from cashier_app.services.uploads.paying_in import pay_in as pay_file_in  # noqa: PLC0415  # help must answer at once

        with open_ledger(database, node, on) as door, progress("Payments") as told:
            result = pay_file_in(door, file, source, tender_type=tender_type, progress=told)
    report(result, as_json=as_json, text=_pay_in_text(result))


def _pay_in_text(result: PayInReport) -> str:
    again = f", {result.chunks_repeated} of them before" if result.chunks_repeated else ""
    lines = [
        f"{result.file_name}: {result.payments:,} payments, {result.amount}, in {result.chunks} chunks{again}.",
        f"  {result.in_suspense:,} of unknown accounts are in suspense.",
        f"  {result.in_error:,} could not be placed.",
        "  Tender control and deposit are balanced." if result.balanced else "  Not balanced yet:",
        *(f"  {note}" for note in result.notes),
    ]
    return "\n".join(lines)
