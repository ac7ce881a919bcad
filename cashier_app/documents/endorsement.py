"""The lines printed on the back of a check and on a bill's stub (R payments 9.3)."""

from dataclasses import dataclass

from cashier_app.domain.money import decimal_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementData:
    """What an endorsement or a stub validation says. The amount is minor units of `currency`."""

    utility_name: str
    bank_name: str
    bank_account: str
    """As it may be shown: the last four digits only."""
    tender_source: str
    tender_control: str
    event_id: str
    receipt_number: str
    account_number: str
    date: str
    amount: int
    currency: str
    check_number: str = ""
    locale: str = "en_US"


def endorsement_lines(data: EndorsementData) -> tuple[str, ...]:
    """Return what is printed on the back of a check, for a slip printer or a page."""
    return (
        "FOR DEPOSIT ONLY",
        data.utility_name,
        f"{data.bank_name} {data.bank_account}",
        f"{data.tender_source} / {data.tender_control}  Event {data.event_id}",
        f"Account {data.account_number}  {data.date}  {data.currency} {_amount(data)}",
    )


def stub_validation_line(data: EndorsementData) -> str:
    """Return the one line printed on the bill's stub as proof that it was paid."""
    where = f"{data.tender_source}/{data.tender_control}"
    return f"PAID {data.date} {data.currency} {_amount(data)}  {data.receipt_number}  {where}  {data.account_number}"


def render_endorsement(data: EndorsementData) -> bytes:
    """Return the endorsement as a PDF of the size of a check's back, for printers without a slip station."""
    from cashier_app.documents.endorsement_drawing import draw_endorsement  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_endorsement(endorsement_lines(data))


def render_stub_validation(data: EndorsementData) -> bytes:
    """Return the validation line as a PDF strip, for printers without a slip station."""
    from cashier_app.documents.endorsement_drawing import draw_endorsement  # noqa: PLC0415 - ReportLab stays out of start-up

    return draw_endorsement((stub_validation_line(data),))


def _amount(data: EndorsementData) -> str:
    """In plain decimals: slip printers know ASCII for certain, and nothing else."""
    return decimal_text(data.amount, data.currency)
