"""What goes to the bank, and of what it is composed (R payments 2.11, C6)."""

from dataclasses import dataclass

from cashier_app.documents.paper import CheckLine, DenominationCount, Imprint, Letterhead, Paper, TurnInLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedDrawer:
    """One balanced tender control whose takings are in the deposit."""

    drawer: str
    tender_control: str
    owner: str
    counted: int
    starting_float: int
    """Stays in the drawer for tomorrow."""

    @property
    def amount(self) -> int:
        """What the drawer brings into the deposit."""
        return self.counted - self.starting_float


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDeposit:
    """Something deposited that is neither cash nor check, for example money orders or card slips."""

    description: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSlipData:
    """Everything on a deposit slip. All amounts are minor units of `currency`."""

    letterhead: Letterhead
    imprint: Imprint
    bank_name: str
    bank_account: str
    """As it may be shown: the last four digits only."""
    slip_number: str
    deposited_on: str
    deposit_control: str
    currency: str
    cash_total: int
    denominations: tuple[DenominationCount, ...] = ()
    """What is known of the notes and coin; what they leave of `cash_total` is printed as not itemized."""
    checks: tuple[CheckLine, ...] = ()
    other: tuple[OtherDeposit, ...] = ()
    drawers: tuple[DepositedDrawer, ...] = ()
    turn_ins: tuple[TurnInLine, ...] = ()
    prepared_by: str
    checked_by: str = ""
    notes: tuple[str, ...] = ()
    locale: str = "en_US"

    @property
    def checks_total(self) -> int:
        """The sum of the checks."""
        return sum(check.amount for check in self.checks)

    @property
    def total(self) -> int:
        """What the bank is to credit."""
        return self.cash_total + self.checks_total + sum(line.amount for line in self.other)

    @property
    def sources_total(self) -> int:
        """What drawers and turn-ins bring; a slip for the whole deposit has it equal to `total` (I8)."""
        return sum(drawer.amount for drawer in self.drawers) + sum(line.amount for line in self.turn_ins)


def render_deposit_slip(data: DepositSlipData, paper: Paper = Paper.A4) -> bytes:
    """Return the slip as a PDF on A4 or Letter."""
    from cashier_app.documents.deposit_slip_drawing import draw_deposit_slip  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_deposit_slip(data, paper)
