"""The papers of the demo day as PDF files, with a picture of each first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

from sqlalchemy import bindparam, select

from cashier_app.demo.page import JournalTotal, Paper
from cashier_app.documents.csv_out import csv_bytes
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.money import decimal_text
from cashier_app.models.control import DrawerReport, TenderDeposit
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.papers import printing
from cashier_app.services.papers.printing import Reader
from cashier_app.services.queries.ledger import TrialTotal, ledger_lines, trial_totals

_Z_REPORT = Statement(select(DrawerReport.id).where(DrawerReport.tender_control_id == bindparam("control_id")))
_SLIP = Statement(select(TenderDeposit.id).where(TenderDeposit.deposit_control_id == bindparam("deposit_id")))


class Papers:
    """Writes papers into a folder."""

    def __init__(self, door: Door, folder: Path, printed_by: str) -> None:
        self.door = door
        self.folder = folder
        self.printed_by = printed_by
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def reader(self) -> Reader:
        """For whom and when something is printed."""
        return Reader(name=self.printed_by, now=self.door.clock.now(), may_see_expected=True, zone=UTC)

    def receipt(self, event_id: int, name: str, title: str, copy: int = 0) -> Paper:
        """The receipt of an event, on the roll."""
        with reading(self.door.database, access=EVERYTHING) as store:
            data = printing.receipt_data(store, self.door.current_config(store), event_id, self.reader, copy)
        job = printing.receipt_job(data, kick_drawer=True)
        (self.folder / f"{name}.escpos").write_bytes(job)
        return self._keep(name, title, printing.receipt_pdf(data))

    def z_report(self, control_id: int, name: str, title: str) -> Paper:
        """The Z report of a balanced drawer."""
        from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415  # ReportLab is slow to load

        with reading(self.door.database, access=EVERYTHING) as store:
            report_id = store.value(_Z_REPORT, control_id=control_id)
            data = printing.z_report_data(store, self.door.current_config(store), report_id, self.reader)
        return self._keep(name, title, render_drawer_report(data))

    def deposit_slip(self, deposit_id: int, name: str, title: str) -> Paper:
        """The slip of a deposit."""
        from cashier_app.documents.deposit_slip import render_deposit_slip  # noqa: PLC0415

        with reading(self.door.database, access=EVERYTHING) as store:
            slip_id = store.value(_SLIP, deposit_id=deposit_id)
            data = printing.deposit_slip_data(store, self.door.current_config(store), slip_id, self.reader)
        return self._keep(name, title, render_deposit_slip(data))

    def journal(self, day: date, name: str, title: str) -> Paper:
        """The GL journal of a day."""
        from cashier_app.documents.journal_report import render_journal_report  # noqa: PLC0415

        with reading(self.door.database, access=EVERYTHING) as store:
            data = printing.journal_report_data(store, self.door.current_config(store), day, day, self.reader)
        return self._keep(name, title, render_journal_report(data))

    def stub(self, account_id: int, due: date, name: str, title: str) -> Paper:
        """A stub of our own, which the counter scans."""
        from cashier_app.documents.stub import render_stub  # noqa: PLC0415

        with reading(self.door.database, access=EVERYTHING) as store:
            data = printing.stub_data(store, self.door.current_config(store), account_id, due, self.reader)
        return self._keep(name, title, render_stub(data))

    def gl_lines(self, day: date) -> list[JournalTotal]:
        """The GL lines of a day as `gl-lines.csv` beside the papers' folder; returns the totals by code."""
        with reading(self.door.database, access=EVERYTHING) as store:
            config = self.door.current_config(store)
            titles = (
                "date",
                "ft",
                "kind",
                "division",
                "distribution code",
                "GL account",
                "debit",
                "credit",
                "currency",
            )
            rows = [
                (
                    line.accounting_date.isoformat(),
                    str(line.ft_id),
                    line.kind,
                    line.gl_division,
                    line.distribution_code,
                    line.gl_account,
                    decimal_text(line.debit, line.currency),
                    decimal_text(line.credit, line.currency),
                    line.currency,
                )
                for line in ledger_lines(store, config, day)
            ]
            totals = trial_totals(store, config, day)
        (self.folder.parent / "gl-lines.csv").write_bytes(csv_bytes(titles, rows))
        return [*_journal_totals(totals), _sum(totals)]

    def _keep(self, name: str, title: str, pdf: bytes) -> Paper:
        path = self.folder / f"{name}.pdf"
        path.write_bytes(pdf)
        preview = self.folder / f"{name}.png"
        picture_of(pdf, preview)
        folder = self.folder.name
        return Paper(title=title, file=f"{folder}/{path.name}", preview=f"{folder}/{preview.name}")


def picture_of(pdf: bytes, path: Path, scale: float = 1.6) -> None:
    """Draw the first page of a PDF."""
    import pypdfium2  # noqa: PLC0415  # only for pictures

    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=scale).to_pil().save(path)
    document.close()


def _journal_totals(totals: tuple[TrialTotal, ...]) -> Iterator[JournalTotal]:
    for total in totals:
        yield JournalTotal(
            code=f"{total.distribution_code}  {total.description}",
            account=total.gl_account,
            debit=decimal_text(total.debit, total.currency),
            credit=decimal_text(total.credit, total.currency),
        )


def _sum(totals: tuple[TrialTotal, ...]) -> JournalTotal:
    debit = sum(total.debit for total in totals)
    credit = sum(total.credit for total in totals)
    return JournalTotal(code="Total", account="", debit=decimal_text(debit, "USD"), credit=decimal_text(credit, "USD"))
