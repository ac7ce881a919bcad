"""Receipt numbers: gap-free per series, within what an authority has authorized (R payments 9.1, S1 p.43, 49)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cashier_app.domain.configuration import IssuingCenter
from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import receipt_number, split_receipt_number
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.work import Work


def next_receipt_numbers(work: Work, series: int, count: int = 1) -> Iterator[str]:
    """The next numbers of a series; the transaction uses them all or is undone.

    Raises:
        RuleViolation: PAY-091 when the series' authorization has expired or its range is used up.
    """
    numbers = work.next_numbers(series_code(series), count)
    for center in work.config.all(IssuingCenter).values():
        if center.receipt_series == series:
            _require_authorized(work, center, numbers[-1])
    return (receipt_number(series, number) for number in numbers)


def authorization_of(config: Configuration, receipt: str, given_on: date) -> str:
    """Under which authorization a receipt was numbered; empty where none is needed, or where it was replaced since."""
    series, number = split_receipt_number(receipt)
    for center in config.all(IssuingCenter).values():
        covers = center.valid_from <= given_on <= center.valid_to and number <= center.last_number
        if center.receipt_series == series and covers:
            return center.authorization
    return ""


def series_code(series: int) -> str:
    """The code of a receipt series' counter."""
    return f"RECEIPT-{series:04d}"


def _require_authorized(work: Work, center: IssuingCenter, last: int) -> None:
    today = work.business_date
    if not center.valid_from <= today <= center.valid_to:
        refuse(
            "PAY-091",
            f"Issuing center {center.code} may number receipts from {center.valid_from} to {center.valid_to}, "
            f"not on {today}. An administrator enters the new authorization.",
        )
    if last > center.last_number:
        refuse(
            "PAY-091",
            f"Issuing center {center.code} has used its numbers up to {center.last_number}. "
            "An administrator enters the new authorization.",
        )
