"""What the whole company is owed: by age, and down to the agreements, a few thousand looked at for each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from sqlalchemy import bindparam, exists, or_, select

from cashier_app.domain.aging import DISPUTED, Debit
from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.models.configuration import HouseAgreementLink
from cashier_app.models.customer import ServiceAgreement
from cashier_app.services.accounting.agreements import AgreementFacts, open_debits
from cashier_app.services.customers.names import account_names
from cashier_app.services.explaining.explanation import (
    Asked,
    Explanation,
    Page,
    Part,
    Reason,
    cursor,
    explains,
    page_of,
)
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.company_debt import CompanyDebt, company_debt
from cashier_app.services.queries.debt_grid import DebtKind, DebtPiece, debt_grid

_LOOKED_AT: Final = 4_000
"""So many agreements are looked through for one page."""
_not_house = ~exists(select(1).where(HouseAgreementLink.sa_id == ServiceAgreement.id))
_COLUMNS = (
    ServiceAgreement.id,
    ServiceAgreement.account_id,
    ServiceAgreement.sa_type,
    ServiceAgreement.status,
    ServiceAgreement.currency,
    ServiceAgreement.current_balance,
    ServiceAgreement.payoff_balance,
    ServiceAgreement.disputed_balance,
)
_aging = ServiceAgreement.current_balance - ServiceAgreement.disputed_balance


def _after(condition: Any) -> Statement:
    return Statement(
        select(*_COLUMNS)
        .where(
            ServiceAgreement.id > bindparam("after"),
            ServiceAgreement.currency == bindparam("currency"),
            condition,
            _not_house,
        )
        .order_by(ServiceAgreement.id)
        .limit(bindparam("most"))
    )


_OWING = _after(or_(ServiceAgreement.current_balance > 0, ServiceAgreement.disputed_balance > 0))
_IN_CREDIT = _after(_aging < 0)
_KINDS: Final = {
    DebtKind.NEW_CHARGE: "New, not billed yet",
    DebtKind.FUTURE: "Due in {days} days",
    DebtKind.AGED: "{days} days old",
    DebtKind.OLDEST: "{days} days and older",
    DebtKind.DISPUTED: "In dispute",
}


@explains(FigureKind.COMPANY_DEBT, "RunBatch")
def explain_company_debt(
    asked: Asked,
    currency: str,
    which: Literal["owed", "credit", "agreements", "NEW_CHARGE", "FUTURE", "AGED", "OLDEST", "DISPUTED"],
    first: int,
    last: int,
) -> Explanation:
    """A total or a span of ages by single ages; a single age, and credit, by agreements; `first` to `last` are days."""
    debts = company_debt(asked.store, asked.config, asked.viewer.today)
    found = next((debt for debt in debts if debt.currency == currency), None)
    if found is None:
        refuse("EXP-001", f"Nothing is owed in {currency}.", "figure")
    title, total, page = _answered(asked, found, which, first, last)
    reasons = [
        Reason(words="The utility's own agreements are left out."),
        Reason(words=f"Ages are counted to {asked.viewer.today}; current balances age to the day (R billing 8)."),
    ]
    if any(not part.figure for part in page.parts):
        reasons.append(Reason(words="Accounts of other offices are counted, not named."))
    if page.next:
        reasons.append(Reason(words="Further agreements are looked through for the next page."))
    unit = "" if which == "agreements" else currency
    return asked.answer(title, total, unit, page.parts, reasons, rest=page.rest, next=page.next)


def _answered(asked: Asked, debt: CompanyDebt, which: str, first: int, last: int) -> tuple[str, int, Page]:
    if which == "agreements":
        return "Agreements that owe something", debt.agreements, _by_agreement(asked, debt, debt.agreements, _count)
    if which == "credit":
        return "In credit", debt.credit, _by_agreement(asked, debt, debt.credit, _credit, _IN_CREDIT)
    if which == "owed":
        return "Owed by all customers", debt.owed, _by_age(asked, list(debt.rows), debt.currency)
    kind = DebtKind(which)
    whole = kind is not DebtKind.AGED and not (first or last)
    rows = [row for row in debt.rows if row.kind is kind and (whole or first <= row.days <= last)]
    total = sum(row.amount for row in rows)
    if (first != last and len(rows) != 1) or (kind is DebtKind.FUTURE and whole):
        return _named(kind, first, last), total, _by_age(asked, rows, debt.currency)
    days = rows[0].days if rows else first or debt.oldest_bucket_age

    def of_age(agreement: AgreementFacts, debits: list[Debit]) -> int:
        disputed = [Debit(agreement.disputed_balance, DISPUTED)] if agreement.disputed_balance else []
        pieces = debt_grid([*debits, *disputed], asked.config, asked.viewer.today)
        return sum(piece.amount for piece in pieces if (piece.kind, piece.days) == (kind, days))

    return _KINDS[kind].format(days=days), total, _by_agreement(asked, debt, total, of_age)


def _named(kind: DebtKind, first: int, last: int) -> str:
    return "Due later" if kind is DebtKind.FUTURE else f"Debt of {first} to {last} days"


def _by_age(asked: Asked, rows: list[DebtPiece], currency: str) -> Page:
    return page_of(
        asked,
        rows,
        lambda row: row.amount,
        lambda row: Part(
            words=_KINDS[row.kind].format(days=row.days),
            amount=row.amount,
            figure=figure(FigureKind.COMPANY_DEBT, currency, row.kind.value, row.days, row.days),
        ),
    )


def _count(agreement: AgreementFacts, _debits: list[Debit]) -> int:
    return int(agreement.current_balance > 0 or agreement.disputed_balance > 0)


def _credit(agreement: AgreementFacts, _debits: list[Debit]) -> int:
    return agreement.aging_balance


def _by_agreement(asked: Asked, debt: CompanyDebt, total: int, amount_of: Any, statement: Statement = _OWING) -> Page:
    """Agreements in order of their keys: a page ends when it is full, or when enough were looked through."""
    after, left = cursor(asked.after) if asked.after else (0, total)
    rows = [
        AgreementFacts._make(row)
        for row in asked.store.all(statement, after=after, currency=debt.currency, most=_LOOKED_AT)
    ]
    debits = open_debits(asked.store, rows) if statement is _OWING and amount_of is not _count else {}
    found: list[tuple[AgreementFacts, int]] = []
    reached = after
    for row in rows:
        reached = row.id
        amount = amount_of(row, debits.get(row.id, []))
        if amount:
            found.append((row, amount))
        if len(found) == asked.most:
            break
    left -= sum(amount for _, amount in found)
    more = bool(rows) and (reached != rows[-1].id or len(rows) == _LOOKED_AT)
    return Page(tuple(_parts(asked, found)), left, f"{reached},{left}" if more else "")


def _parts(asked: Asked, found: list[tuple[AgreementFacts, int]]) -> Iterator[Part]:
    names = account_names(asked.store, {row.account_id for row, _ in found})
    for row, amount in found:
        name = names[row.account_id]
        address = figure(FigureKind.AGREEMENT, row.id, "current")
        yield Part(
            words=f"{name.name} {name.number}, {row.sa_type}" if name.number else name.name,
            amount=amount,
            figure=NO_FIGURE if name.is_kept_elsewhere else address,
        )
