"""The trial balance of a fiscal period, and the journal entry of a run: pages to be filed, and workbooks to work on."""

from dataclasses import dataclass

from cashier_app.documents.paper import Imprint, Letterhead, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One GL account. Amounts are minor units of its section's currency; balances are debit positive."""

    gl_account: str
    description: str
    opening: int
    debit: int
    credit: int
    note: str = ""
    """A statistic with its quantity, or what has not been sent."""

    @property
    def closing(self) -> int:
        """What stands after it."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSection:
    """The accounts of one division and period in one currency."""

    title: str
    currency: str
    lines: tuple[AccountLine, ...]

    @property
    def sums(self) -> tuple[int, int, int, int]:
        """Opening, debit, credit, closing."""
        return (
            sum(line.opening for line in self.lines),
            sum(line.debit for line in self.lines),
            sum(line.credit for line in self.lines),
            sum(line.closing for line in self.lines),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsReportData:
    """Everything on the report."""

    letterhead: Letterhead
    imprint: Imprint
    title: str
    period: str
    """What it covers, as it is to be read."""
    facts: tuple[tuple[str, str], ...] = ()
    has_balances: bool = True
    """Whether opening and closing balances are shown beside debits and credits."""
    sections: tuple[AccountSection, ...]
    notes: tuple[str, ...] = ()
    locale: str = "en_US"

    @property
    def is_balanced(self) -> bool:
        """Whether debits equal credits, and balances add up to nothing, in every section."""
        return all(
            debit == credit and not (self.has_balances and (opening or closing))
            for opening, debit, credit, closing in (section.sums for section in self.sections)
        )


def render_accounts_report(data: AccountsReportData, paper: Paper = Paper.A4) -> bytes:
    """Return the report as a PDF on A4 or Letter."""
    from cashier_app.documents.trial_balance_drawing import draw_accounts_report  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_accounts_report(data, paper)


def accounts_workbook(data: AccountsReportData) -> bytes:
    """Return the report as an XLSX workbook with a sheet per section."""
    from cashier_app.documents.trial_balance_workbook import write_workbook  # noqa: PLC0415 - loads only where it is asked for

    return write_workbook(data)
