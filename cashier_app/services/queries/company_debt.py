"""Aged debt of the whole company, for its chart and its grid (R billing 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cashier_app.domain.aging import DISPUTED, AgedDebt, Debit, age_of, aged
from cashier_app.services.accounting import company_debt as debts
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.debt_grid import DebtKind, DebtPiece, debt_grid

AGED = DebtKind.AGED


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDebt:
    """What customers owe in one currency, as of a day."""

    currency: str
    buckets: AgedDebt
    """As on an account's bar; adds up to the current balances."""
    rows: tuple[DebtPiece, ...]
    """To the day; everything from the installation's oldest bucket age on is one row."""
    owed: int
    credit: int
    """Negative: what agreements in credit hold."""
    agreements: int
    """That owe something."""
    oldest_bucket_age: int
    """The installation's, from which debt is one lump."""

    def of(self, kind: DebtKind, first: int = 0, last: int = 0) -> int:
        """What is owed of a kind; of AGED with the first to the last age."""
        return sum(
            row.amount for row in self.rows if row.kind is kind and (kind is not AGED or first <= row.days <= last)
        )


def company_debt(store: Store, config: Configuration, today: date) -> tuple[CompanyDebt, ...]:
    """By currency; the utility's own agreements are left out."""
    return tuple(_shown(each, config, today) for each in debts.company_debt(store))


def _shown(debt: debts.CompanyDebt, config: Configuration, today: date) -> CompanyDebt:
    pieces = [Debit(amount, day) for day, amount in debt.by_day.items()]
    aging = [(age_of(piece.arrears_date, today), piece.amount) for piece in pieces if piece.arrears_date != DISPUTED]
    return CompanyDebt(
        currency=debt.currency,
        buckets=aged(aging, debt.credit, debt.by_day.get(DISPUTED, 0)),
        rows=debt_grid(pieces, config, today),
        owed=debt.owed,
        credit=debt.credit,
        agreements=debt.agreements,
        oldest_bucket_age=config.installation.oldest_bucket_age,
    )
