"""What a receipt says (R payments 9.2, C2); drawing is imported only when one is drawn."""

from dataclasses import dataclass
from decimal import Decimal

from cashier_app.documents.paper import Letterhead, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSegment:
    """The part of a payment applied to one service agreement."""

    description: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPayment:
    """The part of the event credited to one account."""

    account_number: str
    """As people read it, check digit included; empty for a department item without an account."""
    customer_name: str
    amount: int
    segments: tuple[ReceiptSegment, ...] = ()
    """Printed below the payment where the utility wants the split; may be empty."""
    new_balance: int | None = None
    """What the account owes after this event; negative is a credit; None where it is not known (offline)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTender:
    """What was handed over, one line per tender."""

    tender_type: str
    """The tender type's description, as the customer should read it."""
    amount: int
    """In the account's currency; for cash what was kept, change already taken off; negative for cash back."""
    reference: str = ""
    """Check number, approval code or the like."""
    card_last_four: str = ""
    alternate_currency: str = ""
    alternate_amount: int | None = None
    """In minor units of the alternate currency (R payments 4)."""
    exchange_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptData:
    """Everything on a receipt. All amounts are minor units of `currency`."""

    letterhead: Letterhead
    location: str
    """The office or counter where the money was taken."""
    receipt_number: str
    """Twelve digits, check digit included; bar code and QR code hold exactly these."""
    event_id: str
    document_number: str = ""
    """The official number, where the jurisdiction wants one (R payments 9.1)."""
    authorization: str = ""
    """Under which an authority lets the receipt be numbered, where the law asks for it (S1 p.49)."""
    taken_at: str
    """Local date and time, as it is to be read."""
    cashier: str
    drawer: str
    """Tender source and tender control, for example `CASH-A01 / 1042`."""
    payor: str
    currency: str
    """ISO 4217 code of the account's currency."""
    payments: tuple[ReceiptPayment, ...]
    tenders: tuple[ReceiptTender, ...]
    cash_tendered: int | None = None
    """Notes and coin handed over before change; None where no cash was given."""
    change_given: int = 0
    """Positive or zero."""
    purpose: str = ""
    notes: tuple[str, ...] = ()
    recorded_offline: bool = False
    """Taken while the line to the server was down, and not yet there (R reliability S7)."""
    balances_as_of: str = ""
    """When the balances were last known, as it is to be read: at a branch that of the last contact; else empty."""
    is_copy: bool = False
    reprinted: str = ""
    """When and by whom a copy was printed, as it is to be read; empty for the original."""
    is_void: bool = False
    """The event is canceled; a copy of a canceled event carries both marks."""
    locale: str = "en_US"

    @property
    def total_paid(self) -> int:
        """The sum of the payments, which is what the customer is credited."""
        return sum(payment.amount for payment in self.payments)

    @property
    def marks(self) -> tuple[str, ...]:
        """The words stamped across the receipt, the graver first."""
        return tuple(mark for mark, is_set in (("VOID", self.is_void), ("COPY", self.is_copy)) if is_set)


def render_receipt(data: ReceiptData, paper: Paper = Paper.ROLL_80) -> bytes:
    """Return the receipt as a PDF; the same data and paper give the same bytes."""
    from cashier_app.documents.receipt_drawing import draw_receipt  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_receipt(data, paper)
