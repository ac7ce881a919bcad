"""A payment stub of our own: what *scan to pay* reads (feature A10)."""

from dataclasses import dataclass
from datetime import date

from cashier_app.documents.paper import Letterhead, Paper
from cashier_app.domain.scan_line import StubLine


@dataclass(frozen=True, slots=True, kw_only=True)
class StubData:
    """Everything on a payment stub. The amount is minor units of `currency`."""

    letterhead: Letterhead
    account_number: str
    """Digits as stored, check digit included; the codes hold exactly these."""
    account_number_shown: str = ""
    """As people read it, for example `2004 118-7`; empty to show the digits."""
    customer_name: str
    mailing_lines: tuple[str, ...] = ()
    bill_number: str = ""
    amount_due: int
    """Positive or zero: a credit balance asks for no payment."""
    currency: str
    due_date: date
    message: str = ""
    locale: str = "en_US"

    @property
    def scan_line(self) -> StubLine:
        """What the codes and the readable line hold."""
        return StubLine(
            account_number=self.account_number,
            amount=self.amount_due,
            currency=self.currency,
            due_date=self.due_date,
        )


def render_stub(data: StubData, paper: Paper = Paper.A4) -> bytes:
    """Return a page with the stub on its lower third, to be torn off."""
    from cashier_app.documents.stub_drawing import draw_stub  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_stub(data, paper)
