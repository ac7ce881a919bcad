"""The general-ledger lines of a day or a drawer, as a page that can be filed (R payments 8.3)."""

from dataclasses import dataclass

from cashier_app.documents.paper import Imprint, Letterhead, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One GL account's movement under one heading; debit and credit are both positive or zero."""

    distribution_code: str
    gl_account: str
    debit: int
    credit: int
    description: str = ""
    group: str = ""
    """Lines with the same group stand together with a subtotal, in the order given; empty for no groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReportData:
    """Everything on a journal report. All amounts are minor units of `currency`."""

    letterhead: Letterhead
    imprint: Imprint
    title: str = "Daily cash journal"
    period: str
    """The day or the range, as it is to be read."""
    scope: str = ""
    """What is included, for example a tender source or a division."""
    currency: str
    lines: tuple[JournalLine, ...]
    notes: tuple[str, ...] = ()
    locale: str = "en_US"

    @property
    def total_debit(self) -> int:
        """The sum of the debits."""
        return sum(line.debit for line in self.lines)

    @property
    def total_credit(self) -> int:
        """The sum of the credits; a journal that is whole has it equal to the debits (I1)."""
        return sum(line.credit for line in self.lines)


def render_journal_report(data: JournalReportData, paper: Paper = Paper.A4) -> bytes:
    """Return the report as a PDF on A4 or Letter."""
    from cashier_app.documents.journal_report_drawing import draw_journal_report  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_journal_report(data, paper)
