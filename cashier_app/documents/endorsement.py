"""The lines printed on the back of a check and on a bill's stub (R payments 9.3)."""

from dataclasses import dataclass


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
