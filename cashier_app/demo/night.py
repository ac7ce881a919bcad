"""The demo's work without a window: taking a city's receivables over, and paying 5,000 accounts from one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from cashier_app.demo.generated_utility import write_receivables, write_remittance
from cashier_app.domain.access import EVERYTHING
from cashier_app.models.customer import Account, ServiceAgreement
from cashier_app.services.conversion.importing import ConversionReport, convert
from cashier_app.services.conversion.mapping import find_mapping, read_mapping
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.uploads.paying_in import PayInReport, pay_in
from cashier_app.settings import REAL_RECEIVABLES

MAPPING = "houston-municipal-electricity"
PAID_ACCOUNTS = 5_000
LENGTH_OF_ESID = 22
"""Characters; by this the accounts taken over are told from the demo's own, in real and in generated files."""
BULK_SOURCE = "LOCKBOX"

_OWING = Statement(
    select(Account.external_number, ServiceAgreement.current_balance)
    .join(ServiceAgreement, ServiceAgreement.account_id == Account.id)
    .where(ServiceAgreement.current_balance > 0, func.length(Account.external_number) == LENGTH_OF_ESID)
    .order_by(Account.id)
    .limit(PAID_ACCOUNTS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What was taken over and what was paid."""

    conversion: ConversionReport
    payments: PayInReport
    real: bool
    """Whether the receivables were the real ones, or generated ones of the same size and mess."""


def work_the_night(door: Door, data: Path | None, folder: Path) -> Night:
    """Convert the receivables found in `data`, or generated ones, then pay the accounts that owe from a CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    receivables = data / REAL_RECEIVABLES if data else folder / "generated-receivables.csv"
    if data is None:
        write_receivables(receivables)
    conversion = convert(door, receivables, read_mapping(find_mapping(MAPPING)))
    remittance = folder / "remittance.csv"
    with reading(door.database, access=EVERYTHING) as store:
        owing = [(row.external_number, row.current_balance) for row in store.all(_OWING)]
    write_remittance(remittance, owing, paid_on=door.clock.business_date())
    payments = pay_in(door, remittance, BULK_SOURCE)
    return Night(conversion=conversion, payments=payments, real=data is not None)
