"""Aged debt: each bucket, and each age to the day, by the charges that are still open (R billing 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.orm import aliased

from cashier_app.domain.aging import AgedDebt, Debit, age_of, aged
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.match_event import STILL_AGES, MatchEvent
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_of, open_debits
from cashier_app.services.customers.names import need_account
from cashier_app.services.explaining.accounts import account_words, agreement_of
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, page_of
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.queries.debt_grid import DebtKind, debt_grid
from cashier_app.services.queries.transactions import describe_type

Whose = Literal["account", "agreement"]
Bucket = Literal[
    "new", "new_charge", "future", "days_0_30", "days_31_60", "days_61_90", "older", "disputed", "credit", "total"
]

_reversal = aliased(FinancialTransaction)
_DEBITS = Statement(
    # As `accounting.agreements` walks them, with the transactions' keys.
    select(FinancialTransaction.id, FinancialTransaction.current_amount, FinancialTransaction.arrears_date)
    .where(
        FinancialTransaction.sa_id == bindparam("sa_id"),
        text("financial_transaction.current_amount > 0 AND financial_transaction.reverses_ft_id IS NULL"),
        FinancialTransaction.frozen_at.is_not(None),
        ~exists(select(1).where(_reversal.reverses_ft_id == FinancialTransaction.id)),
        STILL_AGES,
    )
    .order_by(FinancialTransaction.arrears_date.desc(), FinancialTransaction.id.desc())
)
_DISPUTED = Statement(
    select(
        *(FinancialTransaction.id, FinancialTransaction.sa_id, FinancialTransaction.current_amount),
        MatchEvent.dispute_reason,
    )
    .join(MatchEvent, MatchEvent.id == FinancialTransaction.match_event_id)
    .where(among(FinancialTransaction.sa_id, "ids"), MatchEvent.disputed)
    .order_by(FinancialTransaction.id)
)


class OpenCharge(NamedTuple):
    """What is left of a charge; without a transaction at a branch, which has none."""

    sa_id: int
    ft_id: int | None
    charged: int
    left: int
    arrears_date: date


def open_charges(asked: Asked, agreements: Sequence[AgreementFacts]) -> Iterator[OpenCharge]:
    """The charges that are still owed, newest first: as many as the balances need, however long the history is."""
    for agreement in agreements:
        balance = agreement.aging_balance
        for row in asked.store.each(_DEBITS, sa_id=agreement.id) if balance > 0 and not asked.config.is_branch else ():
            left = min(balance, row.current_amount)
            yield OpenCharge(agreement.id, row.id, row.current_amount, left, row.arrears_date)
            balance -= left
            if balance <= 0:
                break
        if asked.config.is_branch:
            for debit in open_debits(asked.store, [agreement]).get(agreement.id, ()):
                yield OpenCharge(agreement.id, None, debit.amount, debit.amount, debit.arrears_date)


def _of(asked: Asked, whose: Whose, key: int) -> tuple[list[AgreementFacts], str]:
    if whose == "agreement":
        agreement = agreement_of(asked, key)
        return [agreement], describe_type(asked.config, agreement.sa_type)
    need_account(asked.store, key)
    return agreements_of(asked.store, key), account_words(asked, key)


_NAMES = {
    "new": "Debt that does not age yet",
    "new_charge": "New charges that no bill has shown",
    "future": "Debt that begins to age later",
    "days_0_30": "Debt up to 30 days old",
    "days_31_60": "Debt of 31 to 60 days",
    "days_61_90": "Debt of 61 to 90 days",
    "older": "Debt older than 90 days",
    "disputed": "In dispute: it does not age",
    "credit": "Credit",
    "total": "Debt of all ages",
}


@explains(FigureKind.DEBT, "ViewCustomers")
def explain_debt(asked: Asked, whose: Whose, key: int, bucket: Bucket) -> Explanation:
    """What is left of the charges in it, or for credit the agreements that have one."""
    agreements, words = _of(asked, whose, key)
    currency = agreements[0].currency if agreements else asked.config.installation.currency
    in_credit = [_credit(asked, row) for row in agreements if row.aging_balance < 0]
    charges = [row for row in open_charges(asked, agreements) if bucket in {*_buckets(asked, row), "total"}]
    parts = [*(_part(asked, row, agreements) for row in charges if bucket != "credit")]
    if bucket in {"disputed", "total"}:
        parts += _disputed(asked, agreements)
    if bucket in {"credit", "total"}:
        parts += in_credit
    total = sum(part.amount for part in parts)
    page = page_of(asked, parts, lambda part: part.amount, lambda part: part)
    return asked.answer(
        f"{_NAMES[bucket]}: {words}", total, currency, page.parts, _reasons(asked), rest=page.rest, next=page.next
    )


@explains(FigureKind.DEBT_PIECE, "ViewCustomers")
def explain_piece(asked: Asked, whose: Whose, key: int, kind: DebtKind, days: int) -> Explanation:
    """What is left of the charges of one age, to the day."""
    agreements, words = _of(asked, whose, key)
    today = asked.viewer.today

    def is_of_it(row: OpenCharge) -> bool:
        (piece,) = debt_grid([Debit(row.left, row.arrears_date)], asked.config, today)
        return (piece.kind, piece.days) == (kind, days)

    parts = [_part(asked, row, agreements) for row in open_charges(asked, agreements) if is_of_it(row)]
    if kind is DebtKind.DISPUTED:
        parts = _disputed(asked, agreements)
    total = sum(part.amount for part in parts)
    page = page_of(asked, parts, lambda part: part.amount, lambda part: part)
    age = {
        DebtKind.NEW_CHARGE: "new",
        DebtKind.DISPUTED: "in dispute",
        DebtKind.FUTURE: f"due in {days} days",
        DebtKind.AGED: f"{days} days old",
    }
    title = f"Debt {age.get(kind, f'{days} days old or older')}: {words}"
    currency = agreements[0].currency if agreements else asked.config.installation.currency
    return asked.answer(title, total, currency, page.parts, _reasons(asked), rest=page.rest, next=page.next)


def _buckets(asked: Asked, row: OpenCharge) -> Iterable[str]:
    """The bucket that a charge lies in; the bar shows what does not age yet as one."""
    found = aged([(age_of(row.arrears_date, asked.viewer.today), row.left)])
    (name,) = (each.name for each in fields(AgedDebt) if getattr(found, each.name))
    return (name, "new") if name in {"new_charge", "future"} else (name,)


def _part(asked: Asked, row: OpenCharge, agreements: Sequence[AgreementFacts]) -> Part:
    what = next(describe_type(asked.config, each.sa_type) for each in agreements if each.id == row.sa_id)
    age = age_of(row.arrears_date, asked.viewer.today)
    since = "not billed yet" if row.arrears_date == date.max else f"ageing from {row.arrears_date}"
    left = f", what is left of {Money(row.charged, agreements[0].currency)}" if row.left != row.charged else ""
    days = f", {age} days old" if age >= 0 and row.arrears_date != date.max else ""
    return Part(
        words=f"{what}: {since}{days}{left}",
        amount=row.left,
        figure=NO_FIGURE if row.ft_id is None else figure(FigureKind.TRANSACTION, row.ft_id, "current"),
    )


def _credit(asked: Asked, agreement: AgreementFacts) -> Part:
    return Part(
        words=f"{describe_type(asked.config, agreement.sa_type)} is in credit",
        amount=agreement.aging_balance,
        figure=figure(FigureKind.AGREEMENT, agreement.id, "current"),
    )


def _disputed(asked: Asked, agreements: Sequence[AgreementFacts]) -> list[Part]:
    """The transactions of match events in dispute; at a branch only how much it is."""
    if asked.config.is_branch:
        amounts = [each.disputed_balance for each in agreements if each.disputed_balance]
        return [Part(words="In dispute at the office", amount=amount) for amount in amounts]
    ids = [agreement.id for agreement in agreements if agreement.disputed_balance]
    return [
        Part(
            words=f"In dispute: {row.dispute_reason or 'no reason given'}",
            amount=row.current_amount,
            figure=figure(FigureKind.TRANSACTION, row.id, "current"),
        )
        for row in (asked.store.all(_DISPUTED, ids=ids) if ids else ())
    ]


def _reasons(asked: Asked) -> list[Reason]:
    return [
        Reason(words="Credits pay the oldest debt first, so what is still owed are the newest charges (R billing 8)."),
        Reason(words=f"Ages are counted to {asked.viewer.today}."),
    ]
