"""What the whole company is owed, by the day from which it ages (R billing 8): kept totals, and what came since.

Reading a million agreements takes longer than anybody looks at a chart. So totals are taken now and then, with how far
the ledger was; whoever asks gets them corrected by the agreements that had financial transactions since. The sum is
held against the balances each time, so that a wrong picture is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, case, delete, exists, func, insert, select, text
from sqlalchemy.orm import aliased

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.aging import Debit, open_pieces
from cashier_app.domain.identifiers import counter_of, key_of, node_of
from cashier_app.models.aged_debt import DebtPicture, DebtPictureTotal
from cashier_app.models.configuration import HouseAgreementLink
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.journal import Node
from cashier_app.services.accounting.agreements import AgreementFacts, open_debits
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store, batches
from cashier_app.services.kernel.writing import writing

_AT_ONCE: Final = 2_000

_not_house = ~exists(select(1).where(HouseAgreementLink.sa_id == ServiceAgreement.id))
_OWING = Statement(
    select(
        ServiceAgreement.id,
        ServiceAgreement.account_id,
        ServiceAgreement.sa_type,
        ServiceAgreement.status,
        ServiceAgreement.currency,
        ServiceAgreement.current_balance,
        ServiceAgreement.payoff_balance,
    )
    .where(ServiceAgreement.id > bindparam("after"), ServiceAgreement.current_balance > 0, _not_house)
    .order_by(ServiceAgreement.id)
    .limit(_AT_ONCE)
)
_BALANCES = Statement(
    select(
        ServiceAgreement.currency,
        func.coalesce(
            func.sum(case((ServiceAgreement.current_balance > 0, ServiceAgreement.current_balance))), 0
        ).label("owed"),
        func.coalesce(
            func.sum(case((ServiceAgreement.current_balance < 0, ServiceAgreement.current_balance))), 0
        ).label("credit"),
        func.count(case((ServiceAgreement.current_balance > 0, 1))).label("owing"),
    )
    .where(ServiceAgreement.current_balance != 0, _not_house)
    .group_by(ServiceAgreement.currency)
    .order_by(ServiceAgreement.currency)
)
_NODES = Statement(select(Node.id, Node.last_key).order_by(Node.id))
_SINCE = Statement(
    select(FinancialTransaction.sa_id, func.sum(FinancialTransaction.current_amount).label("change"))
    .where(
        FinancialTransaction.id > bindparam("after"),
        FinancialTransaction.id < bindparam("beyond"),
        FinancialTransaction.frozen_at.is_not(None),
    )
    .group_by(FinancialTransaction.sa_id)
)
_TOUCHED = Statement(
    select(ServiceAgreement.id, ServiceAgreement.currency, ServiceAgreement.current_balance).where(
        among(ServiceAgreement.id, "ids"), _not_house
    )
)
_reversal = aliased(FinancialTransaction)
_debits = (
    select(
        FinancialTransaction.sa_id,
        FinancialTransaction.id,
        FinancialTransaction.current_amount,
        FinancialTransaction.arrears_date,
        _reversal.id.label("reversed_by"),
    )
    .join(_reversal, _reversal.reverses_ft_id == FinancialTransaction.id, isouter=True)
    .where(
        among(FinancialTransaction.sa_id, "ids"),
        text("financial_transaction.current_amount > 0 AND financial_transaction.reverses_ft_id IS NULL"),
        FinancialTransaction.frozen_at.is_not(None),
    )
    .order_by(FinancialTransaction.sa_id, FinancialTransaction.arrears_date.desc(), FinancialTransaction.id.desc())
)
_RECENT_DEBITS = Statement(_debits.where(~FinancialTransaction.redundant))
_ALL_DEBITS = Statement(_debits)
_PICTURE = Statement(select(DebtPicture.taken_at, DebtPicture.reached))
_TOTALS = Statement(select(DebtPictureTotal.currency, DebtPictureTotal.arrears_date, DebtPictureTotal.amount))
_FORGET = Statement(delete(DebtPicture))
_FORGET_TOTALS = Statement(delete(DebtPictureTotal))
_KEEP = Statement(insert(DebtPicture).values(taken_at=bindparam("now"), reached=bindparam("so_far")))
_KEEP_TOTAL = Statement(
    insert(DebtPictureTotal).values(
        currency=bindparam("of_currency"),
        arrears_date=bindparam("day"),
        amount=bindparam("minor"),
    )
)

Days = dict[tuple[str, date], int]
"""Minor units by currency and the day from which they age."""


@dataclass(frozen=True, slots=True)
class CompanyDebt:
    """What all customers together owe in a currency."""

    currency: str
    by_day: Mapping[date, int]
    """Adds up to `owed`."""
    owed: int
    credit: int
    """Negative: what agreements in credit hold."""
    agreements: int
    """That owe something."""


def company_debt(store: Store) -> tuple[CompanyDebt, ...]:
    """By currency, from the kept totals where there are any."""
    days = _from_picture(store)
    balances = store.all(_BALANCES)
    if days is None or _sums(days) != {row.currency: row.owed for row in balances if row.owed}:
        days = _from_agreements(store)
    return tuple(
        CompanyDebt(
            row.currency,
            {day: amount for (currency, day), amount in sorted(days.items()) if currency == row.currency and amount},
            row.owed,
            row.credit,
            row.owing,
        )
        for row in balances
    )


def picture_differences(store: Store) -> list[tuple[str, int, int]]:
    """Currencies in which the kept totals and what came since do not add up to the balances: both sums."""
    days = _from_picture(store)
    if days is None:
        return []
    kept, owed = _sums(days), {row.currency: row.owed for row in store.all(_BALANCES)}
    both = sorted({*kept, *owed})
    return [(each, kept.get(each, 0), owed.get(each, 0)) for each in both if kept.get(each, 0) != owed.get(each, 0)]


def _sums(days: Days) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (currency, _day), amount in days.items():
        sums[currency] = sums.get(currency, 0) + amount
    return {currency: amount for currency, amount in sums.items() if amount}


def _from_agreements(store: Store) -> Days:
    days: Days = {}
    after = 0
    while rows := [AgreementFacts._make(row) for row in store.all(_OWING, after=after)]:
        after = rows[-1].id
        debits = open_debits(store, rows)
        for row in rows:
            _add(days, row.currency, debits[row.id], 1)
    return days


def _add(days: Days, currency: str, pieces: Iterable[Debit], sign: int) -> None:
    for amount, day in pieces:
        days[currency, day] = days.get((currency, day), 0) + sign * amount


# -- kept totals


def take_picture(database: Database, now: datetime) -> int:
    """Keep the totals as they are now; returns how many days they have."""
    with reading(database, access=EVERYTHING) as store:
        reached = {str(row.id): row.last_key for row in store.all(_NODES)}
        days = _from_agreements(store)
    with writing(database) as store:
        store.apply(_FORGET, [{}])
        store.apply(_FORGET_TOTALS, [{}])
        store.apply(_KEEP, [{"now": now, "so_far": to_json(reached)}])
        store.apply(
            _KEEP_TOTAL,
            [{"of_currency": currency, "day": day, "minor": amount} for (currency, day), amount in days.items()],
        )
    return len(days)


def _from_picture(store: Store) -> Days | None:
    """The kept totals, less what the agreements that changed since owed then, and more what they owe now."""
    picture = store.first(_PICTURE)
    if picture is None:
        return None
    reached = from_json(picture.reached, dict[str, int])
    days: Days = {(row.currency, row.arrears_date): row.amount for row in store.all(_TOTALS)}
    changes: dict[int, int] = {}
    for node in store.all(_NODES):
        after = key_of(node.id, reached.get(str(node.id), 0))
        for row in store.all(_SINCE, after=after, beyond=key_of(node.id + 1, 0)):
            changes[row.sa_id] = changes.get(row.sa_id, 0) + int(row.change)
    for some in batches(sorted(changes), _AT_ONCE):
        _correct(store, days, {sa_id: changes[sa_id] for sa_id in some}, reached)
    return days


class _Charge(NamedTuple):
    """A debit, and its reversal where there is one."""

    id: int
    amount: int
    day: date
    reversed_by: int | None


def _correct(store: Store, days: Days, changes: Mapping[int, int], reached: Mapping[str, int]) -> None:
    rows = store.all(_TOUCHED, ids=list(changes))
    owing = [row.id for row in rows if row.current_balance > 0 or row.current_balance > changes[row.id]]
    charges = _charges(store, _RECENT_DEBITS, owing)

    def is_new(key: int) -> bool:
        return counter_of(key) > reached.get(str(node_of(key)), 0)

    def pieces(balance: int, found: Iterable[_Charge], *, then: bool) -> tuple[list[Debit], int]:
        """What was or is open, and how much of the balance no charge explains."""
        there = (
            Debit(charge.amount, charge.day)
            for charge in found
            if not (then and is_new(charge.id))
            and (charge.reversed_by is None or (then and is_new(charge.reversed_by)))
        )
        left = list(open_pieces(balance, there))
        return left, max(0, balance) - sum(piece.amount for piece in left)

    for row in rows:
        for then, sign in ((True, -1), (False, 1)):
            balance = row.current_balance - changes[row.id] if then else row.current_balance
            if balance <= 0:
                continue
            left, unexplained = pieces(balance, charges.get(row.id, ()), then=then)
            if unexplained:  # a cancellation opened redundant charges again
                whole = _charges(store, _ALL_DEBITS, [row.id]).get(row.id, [])
                left, _rest = pieces(balance, whole, then=then)
            _add(days, row.currency, left, sign)


def _charges(store: Store, statement: Statement, sa_ids: list[int]) -> dict[int, list[_Charge]]:
    found: dict[int, list[_Charge]] = {}
    for row in store.all(statement, ids=sa_ids):
        charge = _Charge(row.id, row.current_amount, row.arrears_date, row.reversed_by)
        found.setdefault(row.sa_id, []).append(charge)
    return found
