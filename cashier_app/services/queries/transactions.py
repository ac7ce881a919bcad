"""Financial transactions as people read them: with GL lines, who made them, when, by which command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.journal import JournalEntry
from cashier_app.services.accounting.ledger import gl_account
from cashier_app.services.customers.names import need_agreements, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class GlLineFact:
    """One side of an FT's journal entry."""

    distribution_code: str
    description: str
    gl_account: str
    """Empty where none is in force on the accounting date."""
    amount: int
    """Debit positive, credit negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FtFact:
    """One financial transaction. Amounts are minor units of `currency`; positive raises what is owed."""

    ft_id: int
    kind: str
    """BS, BX, PS, PX, AD or AX (`lifecycles.FtKind`)."""
    source_id: int
    """The payment segment or adjustment behind it."""
    reverses_ft_id: int | None
    sa_id: int
    sa_type: str
    sa_description: str
    currency: str
    current_amount: int
    payoff_amount: int
    accounting_date: date
    frozen_at: datetime | None
    arrears_date: date | None
    """Nothing for a credit; the last day of the calendar for a new charge."""
    new_charge: bool
    journal_id: int
    command: str
    """Name of the command that made it."""
    user: str
    approver: str
    """The second person; empty where none was needed."""
    algorithm: str
    """`CODE@effective date` of the rule that decided it."""
    match_event_id: int | None
    """With what it covers each other, or is disputed."""
    lines: tuple[GlLineFact, ...]


FT_COLUMNS = (
    FinancialTransaction.id,
    FinancialTransaction.kind,
    FinancialTransaction.source_id,
    FinancialTransaction.reverses_ft_id,
    FinancialTransaction.sa_id,
    FinancialTransaction.currency,
    FinancialTransaction.current_amount,
    FinancialTransaction.payoff_amount,
    FinancialTransaction.accounting_date,
    FinancialTransaction.frozen_at,
    FinancialTransaction.frozen_by,
    FinancialTransaction.arrears_date,
    FinancialTransaction.new_charge,
    FinancialTransaction.journal_id,
    FinancialTransaction.algorithm,
    FinancialTransaction.match_event_id,
)
_BY_ID = Statement(select(*FT_COLUMNS).where(among(FinancialTransaction.id, "ids")).order_by(FinancialTransaction.id))
_BY_SOURCE = Statement(
    select(*FT_COLUMNS)
    .where(among(FinancialTransaction.source_id, "ids"))
    .order_by(FinancialTransaction.frozen_at, FinancialTransaction.id)
)
_LINES = Statement(
    select(GlLine.ft_id, GlLine.distribution_code, GlLine.amount)
    .where(among(GlLine.ft_id, "ids"))
    .order_by(GlLine.ft_id, GlLine.line)
)
_ENTRIES = Statement(
    select(JournalEntry.id, JournalEntry.name, JournalEntry.user_id, JournalEntry.approver_id).where(
        among(JournalEntry.id, "ids")
    )
)
_TYPES = Statement(select(ServiceAgreement.id, ServiceAgreement.sa_type).where(among(ServiceAgreement.id, "ids")))
_OF_FT = Statement(
    select(GlLine.distribution_code, GlLine.amount, FinancialTransaction.accounting_date, FinancialTransaction.sa_id)
    .join(FinancialTransaction, FinancialTransaction.id == GlLine.ft_id)
    .where(GlLine.ft_id == bindparam("ft_id"))
    .order_by(GlLine.line)
)


def fts_by_id(store: Store, config: Configuration, ft_ids: Iterable[int]) -> tuple[FtFact, ...]:
    """Financial transactions of these keys, by key; refuses with SEC-031 where an account is another office's."""
    rows = store.all(_BY_ID, ids=list(ft_ids))
    need_agreements(store, (row.sa_id for row in rows))
    return facts_of(store, config, rows)


def fts_of_sources(store: Store, config: Configuration, source_ids: Iterable[int]) -> dict[int, tuple[FtFact, ...]]:
    """The financial transactions of payment segments or adjustments, oldest first, by source."""
    found: dict[int, tuple[FtFact, ...]] = dict.fromkeys(source_ids, ())
    for fact in facts_of(store, config, store.all(_BY_SOURCE, ids=list(found))):
        found[fact.source_id] = (*found[fact.source_id], fact)
    return found


def lines_of_ft(store: Store, config: Configuration, ft_id: int) -> tuple[GlLineFact, ...]:
    """The GL lines of a financial transaction; refuses with SEC-031 where its account is another office's."""
    rows = store.all(_OF_FT, ft_id=ft_id)
    need_agreements(store, (row.sa_id for row in rows))
    return tuple(line_fact(config, row.distribution_code, row.amount, row.accounting_date) for row in rows)


def facts_of(store: Store, config: Configuration, rows: Sequence[Any]) -> tuple[FtFact, ...]:
    """Rows of `FT_COLUMNS` with everything around them, in their order; four reads, however many rows."""
    if not rows:
        return ()
    dates = {row.id: row.accounting_date for row in rows}
    lines: dict[int, list[GlLineFact]] = {row.id: [] for row in rows}
    for line in store.all(_LINES, ids=list(lines)):
        lines[line.ft_id].append(line_fact(config, line.distribution_code, line.amount, dates[line.ft_id]))
    entries = {entry.id: entry for entry in store.all(_ENTRIES, ids=sorted({row.journal_id for row in rows}))}
    sa_types = {row.id: row.sa_type for row in store.all(_TYPES, ids=sorted({row.sa_id for row in rows}))}
    names = user_names(store)
    return tuple(
        FtFact(
            ft_id=row.id,
            kind=row.kind,
            source_id=row.source_id,
            reverses_ft_id=row.reverses_ft_id,
            sa_id=row.sa_id,
            sa_type=sa_types[row.sa_id],
            sa_description=describe_type(config, sa_types[row.sa_id]),
            currency=row.currency,
            current_amount=row.current_amount,
            payoff_amount=row.payoff_amount,
            accounting_date=row.accounting_date,
            frozen_at=row.frozen_at,
            arrears_date=row.arrears_date,
            new_charge=bool(row.new_charge),
            journal_id=row.journal_id,
            algorithm=row.algorithm,
            match_event_id=row.match_event_id,
            lines=tuple(lines[row.id]),
            **_made_by(entries.get(row.journal_id), row.frozen_by, names),
        )
        for row in rows
    )


def _made_by(entry: Any, frozen_by: int | None, names: dict[int, str]) -> dict[str, str]:
    """Who and by which command; of what was taken over from elsewhere, only who."""
    if entry is None:
        return {"command": "", "user": names.get(frozen_by or 0, ""), "approver": ""}
    approver = "" if entry.approver_id is None else names.get(entry.approver_id, "")
    return {"command": entry.name, "user": names.get(entry.user_id, ""), "approver": approver}


def describe_type(config: Configuration, sa_type: str) -> str:
    """The name of an SA type; its code where it is not set up any more."""
    known = config.all(SaType).get(sa_type)
    return known.description or sa_type if known else sa_type


def line_fact(config: Configuration, code: str, amount: int, on: date) -> GlLineFact:
    """A GL line in words, with the account in force on a date."""
    known = config.all(DistributionCode).get(code)
    return GlLineFact(
        distribution_code=code,
        description=known.description if known else "",
        gl_account=known_gl_account(config, code, on),
        amount=amount,
    )


def known_gl_account(config: Configuration, code: str, on: date) -> str:
    """The GL account of a distribution code on a date; empty where none is in force."""
    try:
        return gl_account(config, code, on)
    except RuleViolation:
        return ""
