"""`cashier print`: every paper of the till and of the office, on the receipt printer or as PDF (row A8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cashier_app import settings
from cashier_app.cli.shared import DatabaseOption, DateOption, JsonOption, NodeOption, open_ledger, refusals, report
from cashier_app.documents.paper import Paper
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem, refuse, require

if TYPE_CHECKING:
    from cashier_app.documents.drawer_report import DrawerReportData
    from cashier_app.documents.receipt import ReceiptData
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.door import Door
    from cashier_app.services.kernel.store import Store
    from cashier_app.services.papers.printing import Reader

_app = typer.Typer(help="Papers by their numbers, on the receipt printer or as PDF.", no_args_is_help=True)

EVENT = ("RECEIPT|EVENT", "Receipt number, or event written as 1-1042.")
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write a PDF instead of printing.")]
PdfOfPage = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Where to; default: named after it.")]
Printer = Annotated[
    str | None,
    typer.Option("--printer", metavar="URL", help="As in CASHIER_PRINTER, which is taken where this is left out."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_app, name="print")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for, and the ledger that knows it."""

    store: Store
    config: Configuration
    reader: Reader
    node: str
    number: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that is filled: as a page, and as a job for the receipt printer."""

    name: str
    page: Callable[[], bytes]
    job: Callable[[], bytes]


Fill = Callable[[Wanted], list[Sheet]]


# -- where papers go


@dataclass(frozen=True, slots=True)
class Tray:
    """A PDF file, or a receipt printer."""

    pdf: Path | None
    printer: str

    def take(self, sheet: Sheet, place: int = 1) -> str:
        """Print a sheet, or write it, and say where it is; from the second on a file's name says which it is."""
        if self.pdf is None:
            from cashier_app.interfaces.receipt_printer import printer_from  # noqa: PLC0415  # help answers at once

            printer_from(self.printer).send(sheet.job())
            return self.printer
        file = self.pdf if place == 1 else self.pdf.with_stem(f"{self.pdf.stem}-{place}")
        try:
            file.write_bytes(sheet.page())
        except OSError as problem:
            reason = (problem.strerror or type(problem).__name__).lower()
            raise EnvironmentProblem(
                "PRN-FILE", f"{file} cannot be written ({reason}). Give a file in a folder that is there and yours."
            ) from None
        return str(file)


def _tray(pdf: Path | None, printer: str | None) -> Tray:
    if pdf is not None and printer is not None:
        refuse("CLI-003", "It is printed or written: give --printer or --pdf, not both.")
    return Tray(pdf, printer or settings.read().printer)


def _wanted(door: Door, store: Store, node: str, number: str) -> Wanted:
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415
    from cashier_app.services.papers.printing import Reader  # noqa: PLC0415

    reader = Reader(name=SYSTEM.name, now=door.clock.now())
    return Wanted(store, door.current_config(store), reader, node, number)


def _prints(name: str, metavar: str, about: str) -> Callable[[Fill], Fill]:
    """Offer the papers that a function fills as a command; its docstring is the help."""

    def offer(fill: Fill) -> Fill:
        def command(  # noqa: PLR0917  # the command line has as many options
            number: Any,
            database: DatabaseOption,
            node: NodeOption,
            pdf: Pdf = None,
            printer: Printer = None,
            as_json: JsonOption = False,
        ) -> None:
            from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

            with refusals():
                tray = _tray(pdf, printer)
                with open_ledger(database, node) as door, reading(door.database, access=EVERYTHING) as store:
                    sheets = fill(_wanted(door, store, node, number))
                require(sheets, "CLI-004", f"{number} has nothing of that kind to print.")
                papers = {sheet.name: tray.take(sheet, place) for place, sheet in enumerate(sheets, start=1)}
            _tell(papers, as_json=as_json)

        command.__doc__ = fill.__doc__
        command.__annotations__["number"] = Annotated[
            str, typer.Argument(metavar=metavar, help=about, show_default=False)
        ]
        _app.command(name)(command)
        return fill

    return offer


def _tell(papers: dict[str, str], *, as_json: bool) -> None:
    report(papers, as_json=as_json, text="\n".join(f"{paper}: {where}" for paper, where in papers.items()))


# -- receipts, which are noted


@_app.command("receipt")
def receipt(  # noqa: PLR0917
    number: Annotated[str, typer.Argument(metavar=EVENT[0], help=EVENT[1], show_default=False)],
    database: DatabaseOption,
    node: NodeOption,
    pdf: Pdf = None,
    printer: Printer = None,
    paper: Annotated[Paper, typer.Option("--paper", help="Of the PDF.")] = Paper.ROLL_80,
    as_json: JsonOption = False,
) -> None:
    """Print a receipt: the original once, then copies, each noted in the journal."""
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415
    from cashier_app.services.papers.printing import hand_out_receipt  # noqa: PLC0415
    from cashier_app.services.queries.papers import event_of  # noqa: PLC0415

    with refusals(), open_ledger(database, node) as door:
        tray = _tray(pdf, printer)
        with reading(door.database, access=EVERYTHING) as store:
            event_id = event_of(store, number)
        where: list[str] = []
        printed = hand_out_receipt(
            door, event_id, SYSTEM.id, lambda data: where.append(tray.take(_receipt(data, paper)))
        )
        if printed.problem:
            raise EnvironmentProblem(printed.problem.code, printed.problem.sentence)
    kind = f"copy {printed.copy}" if printed.copy else "original"
    done = {"receipt_number": printed.receipt_number, "copy": printed.copy, "to": where[0]}
    report(done, as_json=as_json, text=f"receipt {printed.receipt_number}, {kind}: {where[0]}")


def _receipt(data: ReceiptData, paper: Paper) -> Sheet:
    from cashier_app.services.papers.printing import receipt_job, receipt_pdf  # noqa: PLC0415

    return Sheet("receipt", partial(receipt_pdf, data, paper), partial(receipt_job, data))


# -- slips and reports


@_prints("endorsement", *EVENT)
def endorsement(wanted: Wanted) -> list[Sheet]:
    """Print the back of each check of an event."""
    from cashier_app.documents.endorsement import render_endorsement  # noqa: PLC0415
    from cashier_app.services.papers.printing import checks_of_event, endorsement_job  # noqa: PLC0415
    from cashier_app.services.queries.papers import event_of  # noqa: PLC0415

    event_id = event_of(wanted.store, wanted.number)
    return [
        Sheet(f"back of check {data.check_number}", partial(render_endorsement, data), partial(endorsement_job, data))
        for data in checks_of_event(wanted.store, wanted.config, event_id, wanted.reader)
    ]


@_prints("validation", *EVENT)
def validation(wanted: Wanted) -> list[Sheet]:
    """Print on the stub of each account that an event paid that it is paid."""
    from cashier_app.documents.endorsement import render_stub_validation  # noqa: PLC0415
    from cashier_app.services.papers.printing import stub_job, stubs_of_event  # noqa: PLC0415
    from cashier_app.services.queries.papers import event_of  # noqa: PLC0415

    event_id = event_of(wanted.store, wanted.number)
    return [
        Sheet(f"stub of {data.account_number}", partial(render_stub_validation, data), partial(stub_job, data))
        for data in stubs_of_event(wanted.store, wanted.config, event_id, wanted.reader)
    ]


@_prints("turn-in", "NUMBER", "Of the turn-in.")
def turn_in(wanted: Wanted) -> list[Sheet]:
    """Print the slip of a turn-in again, as a copy."""
    from cashier_app.documents.escpos import escpos_turn_in_slip  # noqa: PLC0415
    from cashier_app.documents.turn_in_slip import render_turn_in_slip  # noqa: PLC0415
    from cashier_app.services.papers.printing import turn_in_slip_data  # noqa: PLC0415
    from cashier_app.services.queries.papers import turn_in_of  # noqa: PLC0415

    turn_in_id = turn_in_of(wanted.store, wanted.number)
    data = turn_in_slip_data(wanted.store, wanted.config, turn_in_id, wanted.reader, is_copy=True)
    page, job = partial(render_turn_in_slip, data), partial(escpos_turn_in_slip, data)
    return [Sheet(f"slip of turn-in {data.number}", page, job)]


@_prints("x-report", "DRAWER", "Such as CASH-A01.")
def x_report(wanted: Wanted) -> list[Sheet]:
    """Print what an open drawer says of itself now; of a blind one, without what it should hold."""
    from cashier_app.services.papers.printing import drawer_report_data  # noqa: PLC0415
    from cashier_app.services.queries.papers import drawer_of  # noqa: PLC0415

    control_id = drawer_of(wanted.store, wanted.number)
    return [_report(drawer_report_data(wanted.store, wanted.config, control_id, wanted.reader))]


@_prints("z-report", "NUMBER", "Of the workstation that --node names.")
def z_report(wanted: Wanted) -> list[Sheet]:
    """Print a Z report as it was sealed."""
    from cashier_app.services.papers.printing import z_report_data  # noqa: PLC0415
    from cashier_app.services.queries.papers import z_report_of  # noqa: PLC0415

    report_id = z_report_of(wanted.store, wanted.node, wanted.number)
    return [_report(z_report_data(wanted.store, wanted.config, report_id, wanted.reader))]


def _report(data: DrawerReportData) -> Sheet:
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415
    from cashier_app.documents.escpos import escpos_drawer_report  # noqa: PLC0415

    name = f"{data.kind.value} of {data.drawer}"
    return Sheet(name, partial(render_drawer_report, data), partial(escpos_drawer_report, data))


# -- pages, which a receipt printer has no form of


def _page(  # noqa: PLR0917
    page: Callable[[Wanted], bytes],
    name: str,
    number: str,
    database: str,
    node: str,
    pdf: Path | None,
    *,
    as_json: bool,
) -> None:
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

    file = pdf or Path(f"{name.replace(' ', '-')}.pdf")
    with refusals():
        with open_ledger(database, node) as door, reading(door.database, access=EVERYTHING) as store:
            drawn = page(_wanted(door, store, node, number))
        where = Tray(file, "").take(Sheet(name, lambda: drawn, bytes))
    _tell({name: where}, as_json=as_json)


@_app.command("deposit-slip")
def deposit_slip(
    number: Annotated[str, typer.Argument(metavar="SLIP_NUMBER", show_default=False)],
    database: DatabaseOption,
    node: NodeOption,
    pdf: PdfOfPage = None,
    as_json: JsonOption = False,
) -> None:
    """Write the slip that goes to the bank with a deposit."""

    def page(wanted: Wanted) -> bytes:
        from cashier_app.documents.deposit_slip import render_deposit_slip  # noqa: PLC0415
        from cashier_app.services.papers.printing import deposit_slip_data  # noqa: PLC0415
        from cashier_app.services.queries.papers import deposit_slip_of  # noqa: PLC0415

        slip_id = deposit_slip_of(wanted.store, wanted.number)
        return render_deposit_slip(deposit_slip_data(wanted.store, wanted.config, slip_id, wanted.reader))

    _page(page, f"deposit slip {number}", number, database, node, pdf, as_json=as_json)


@_app.command("stub")
def stub(  # noqa: PLR0917
    number: Annotated[str, typer.Argument(metavar="ACCOUNT_NUMBER", show_default=False)],
    due: Annotated[datetime, typer.Option("--due", formats=["%Y-%m-%d"], help="Day on which it is to be paid.")],
    database: DatabaseOption,
    node: NodeOption,
    pdf: PdfOfPage = None,
    as_json: JsonOption = False,
) -> None:
    """Write a payment stub for what an account owes now; the counter scans it."""

    def page(wanted: Wanted) -> bytes:
        from cashier_app.documents.stub import render_stub  # noqa: PLC0415
        from cashier_app.services.papers.printing import stub_data  # noqa: PLC0415
        from cashier_app.services.queries.papers import account_of  # noqa: PLC0415

        account_id = account_of(wanted.store, wanted.number)
        return render_stub(stub_data(wanted.store, wanted.config, account_id, due.date(), wanted.reader))

    _page(page, f"stub {number}", number, database, node, pdf, as_json=as_json)


@_app.command("journal")
def journal(
    database: DatabaseOption,
    node: NodeOption,
    date: DateOption = None,
    pdf: PdfOfPage = None,
    as_json: JsonOption = False,
) -> None:
    """Write the GL journal of a day."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415

    day = date.date() if date else SystemClock().business_date()

    def page(wanted: Wanted) -> bytes:
        from cashier_app.documents.journal_report import render_journal_report  # noqa: PLC0415
        from cashier_app.services.papers.printing import journal_report_data  # noqa: PLC0415

        return render_journal_report(journal_report_data(wanted.store, wanted.config, day, day, wanted.reader))

    _page(page, f"journal {day}", "", database, node, pdf, as_json=as_json)
