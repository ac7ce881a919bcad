"""What a drawer's report says: tender control, X and Z report in one shape (R payments 2.5-2.8, R reliability 3.3)."""

from dataclasses import dataclass
from enum import Enum

from cashier_app.documents.paper import CheckLine, DenominationCount, Imprint, Letterhead, Paper, TurnInLine


class DrawerReportKind(Enum):
    """Which report it is; the value is its title."""

    TENDER_CONTROL = "Tender control report"
    X = "X report"
    """A look at any time; changes nothing."""
    Z = "Z report"
    """The closing report: numbered, unchangeable, sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTypeLine:
    """One tender type of the drawer. Every amount but `over_under`, `variance` and the totals is positive or zero.

    starting_float + taken - cash_back - turned_in + paid_in - paid_out + over_under = expected
    """

    tender_type: str
    count: int
    """Number of counted tenders."""
    starting_float: int = 0
    taken: int | None = None
    """None where the reader may not see it; never printed where `expected` is None."""
    cash_back: int | None = 0
    turned_in: int = 0
    paid_in: int = 0
    paid_out: int = 0
    over_under: int = 0
    """Booked to the over/under agreement; negative is short (R payments 2.8)."""
    expected: int | None = None
    """None for a reader of a blind drawer (C3); then neither `taken`, `cash_back` nor `variance` is printed."""
    counted: int | None = None
    """None before the count."""

    @property
    def variance(self) -> int | None:
        """Counted less expected: positive is over, negative is short; None while either is unknown."""
        return None if self.counted is None or self.expected is None else self.counted - self.expected

    @property
    def unexplained(self) -> int:
        """What the steps leave of `expected`: zero unless the drawer's records are wrong, or some are withheld."""
        if self.expected is None or self.taken is None or self.cash_back is None:
            return 0
        moved = self.taken - self.cash_back - self.turned_in + self.paid_in - self.paid_out + self.over_under
        return self.expected - self.starting_float - moved


@dataclass(frozen=True, slots=True, kw_only=True)
class OverUnderLine:
    """A difference that was booked, with the reason that was given for it."""

    tender_type: str
    amount: int
    """Positive is over, negative is short."""
    reason: str
    approved_by: str = ""
    """The supervisor, where the difference was beyond the tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInOutLine:
    """Money put into the drawer (positive) or taken out of it (negative) that is no payment of a customer."""

    time: str
    amount: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSaleLine:
    """The drawer was opened without a payment."""

    time: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationLine:
    """A payment event or tender of this drawer that was canceled."""

    time: str
    receipt_number: str
    tender_type: str
    amount: int
    """What was canceled, positive."""
    reason: str
    by: str
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What ties a closing report to the journal; figures that never reset (R reliability 3.3, C8)."""

    z_number: int
    branch: str
    """The writer of the journal: workstation or server worker."""
    sequence: int
    previous_hash: str
    """Hash of the previous closing report of this drawer; empty for the first."""
    own_hash: str
    running_count: int
    """Number of payment events since the first one ever."""
    running_total: int
    """The grand total, in minor units of the report's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerReportData:
    """Everything on a drawer's report. All amounts are minor units of `currency`."""

    letterhead: Letterhead
    kind: DrawerReportKind
    imprint: Imprint
    drawer: str
    """Tender source, code and description."""
    tender_control: str
    owner: str
    state: str
    business_date: str
    opened_at: str
    closed_at: str = ""
    """Empty while the drawer is open."""
    workstation: str = ""
    currency: str
    lines: tuple[TenderTypeLine, ...]
    denominations: tuple[DenominationCount, ...] = ()
    over_unders: tuple[OverUnderLine, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    turn_ins: tuple[TurnInLine, ...] = ()
    paid_in_out: tuple[PaidInOutLine, ...] = ()
    no_sales: tuple[NoSaleLine, ...] = ()
    cancellations: tuple[CancellationLine, ...] = ()
    seal: Seal | None = None
    """Given for a Z report, for nothing else."""
    notes: tuple[str, ...] = ()
    supervisor: str = ""
    locale: str = "en_US"

    def __post_init__(self) -> None:
        assert (self.seal is not None) == (self.kind is DrawerReportKind.Z), "a Z report is sealed, no other is"
        assert self.seal is None or not self.is_blind, "a sealed report hides nothing"

    @property
    def is_blind(self) -> bool:
        """True where at least one expected amount is withheld from the reader."""
        return any(line.expected is None for line in self.lines)


def render_drawer_report(data: DrawerReportData, paper: Paper = Paper.A4) -> bytes:
    """Return the report as a PDF on A4 or Letter, or in short form on an 80 mm roll."""
    from cashier_app.documents.drawer_report_drawing import draw_drawer_report  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_drawer_report(data, paper)
