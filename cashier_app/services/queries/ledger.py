"""The books of a day: GL lines and totals, for the journal report and CSV (R payments 8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, case, func, select

from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.transactions import known_gl_account


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A GL line of a financial transaction. Debit and credit are minor units, one of them zero."""

    accounting_date: date
    ft_id: int
    kind: str
    source_id: int
    sa_id: int
    currency: str
    gl_division: str
    distribution_code: str
    gl_account: str
    debit: int
    credit: int
    journal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotal:
    """What an account moved over some days."""

    currency: str
    distribution_code: str
    description: str
    gl_account: str
    debit: int
    credit: int
    count: int


_is_in_days = FinancialTransaction.accounting_date.between(bindparam("first"), bindparam("last"))
_LINES = Statement(
    select(
        FinancialTransaction.accounting_date,
        FinancialTransaction.id,
        FinancialTransaction.kind,
        FinancialTransaction.source_id,
        FinancialTransaction.sa_id,
        FinancialTransaction.currency,
        FinancialTransaction.gl_division,
        FinancialTransaction.journal_id,
        GlLine.distribution_code,
        GlLine.amount,
    )
    .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
    .where(_is_in_days, FinancialTransaction.frozen_at.is_not(None))
    .order_by(FinancialTransaction.accounting_date, FinancialTransaction.id, GlLine.line)
)
_TOTALS = Statement(
    select(
        FinancialTransaction.currency,
        GlLine.distribution_code,
        FinancialTransaction.accounting_date,
        func.sum(case((GlLine.amount > 0, GlLine.amount), else_=0)).label("debit"),
        func.sum(case((GlLine.amount < 0, -GlLine.amount), else_=0)).label("credit"),
        func.count().label("number"),
    )
    .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
    .where(_is_in_days, FinancialTransaction.frozen_at.is_not(None))
    .group_by(FinancialTransaction.currency, GlLine.distribution_code, FinancialTransaction.accounting_date)
    .order_by(FinancialTransaction.currency, GlLine.distribution_code, FinancialTransaction.accounting_date)
)


def ledger_lines(store: Store, config: Configuration, first: date, last: date | None = None) -> Iterator[LedgerLine]:
    """The GL lines from a day to a day (default: the same), in order of date and FT, read as they are asked for."""
    for row in store.each(_LINES, first=first, last=last or first):
        yield LedgerLine(
            accounting_date=row.accounting_date,
            ft_id=row.id,
            kind=row.kind,
            source_id=row.source_id,
            sa_id=row.sa_id,
            currency=row.currency,
            gl_division=row.gl_division,
            distribution_code=row.distribution_code,
            gl_account=known_gl_account(config, row.distribution_code, row.accounting_date),
            debit=max(row.amount, 0),
            credit=max(-row.amount, 0),
            journal_id=row.journal_id,
        )


def trial_totals(store: Store, config: Configuration, first: date, last: date | None = None) -> tuple[TrialTotal, ...]:
    """Debits and credits by currency, distribution code and the GL account that was in force on the day.

    Debits equal credits in every currency.
    """
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in store.all(_TOTALS, first=first, last=last or first):
        account = known_gl_account(config, row.distribution_code, row.accounting_date)
        total = sums.setdefault((row.currency, row.distribution_code, account), [0, 0, 0])
        for place, value in enumerate((row.debit, row.credit, row.number)):
            total[place] += int(value)
    known = config.all(DistributionCode)
    return tuple(
        TrialTotal(
            currency=currency,
            distribution_code=code,
            description=known[code].description if code in known else "",
            gl_account=account,
            debit=debit,
            credit=credit,
            count=count,
        )
        for (currency, code, account), (debit, credit, count) in sums.items()
    )
