"""What the whole company is owed, by the day from which it ages (R billing 8): kept totals, and what came since.

Reading a million agreements takes longer than anybody looks at a chart. So totals are taken now and then, with how far
the ledger was; whoever asks gets them corrected by the agreements that had financial transactions since. What
agreements with match events owed then is kept one by one, for nobody could tell later what was matched or disputed. The
sum is held against the balances each time, so that a wrong picture is never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Boolean, bindparam, case, delete, exists, func, insert, literal_column, or_, select, text
from sqlalchemy.orm import aliased

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.aging import DISPUTED, Debit, open_pieces
from cashier_app.domain.identifiers import counter_of, key_of, node_of
from cashier_app.models.aged_debt import DebtPicture, DebtPictureMatched, DebtPictureTotal
from cashier_app.models.configuration import HouseAgreementLink
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.journal import Node
from cashier_app.models.match_event import STILL_AGES
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
        ServiceAgreement.disputed_balance,
        ServiceAgreement.matched_mark,
    )
    .where(
        ServiceAgreement.id > bindparam("after"),
        or_(ServiceAgreement.current_balance > 0, ServiceAgreement.disputed_balance > 0),
        _not_house,
    )
    .order_by(ServiceAgreement.id)
    .limit(_AT_ONCE)
)
_aging = ServiceAgreement.current_balance - ServiceAgreement.disputed_balance
_owed = case((_aging > 0, ServiceAgreement.current_balance), else_=ServiceAgreement.disputed_balance)
_BALANCES = Statement(
    select(
        ServiceAgreement.currency,
        func.sum(_owed).label("owed"),
        func.coalesce(func.sum(case((_aging < 0, _aging))), 0).label("credit"),
        func.count(case((_owed > 0, 1))).label("owing"),
    )
    .where(or_(ServiceAgreement.current_balance != 0, ServiceAgreement.disputed_balance != 0), _not_house)
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
_MATCHED_SINCE = Statement(
    select(ServiceAgreement.id).where(
        # Written out, so that the partial index serves.
        text("service_agreement.matched_mark IS NOT NULL"),
        ServiceAgreement.matched_mark > bindparam("after"),
        ServiceAgreement.matched_mark < bindparam("beyond"),
    )
)
_TOUCHED = Statement(
    select(
        ServiceAgreement.id,
        ServiceAgreement.currency,
        ServiceAgreement.current_balance,
        ServiceAgreement.disputed_balance,
    ).where(among(ServiceAgreement.id, "ids"), _not_house)
)
_reversal = aliased(FinancialTransaction)
_debits = (
    select(
        FinancialTransaction.sa_id,
        FinancialTransaction.id,
        FinancialTransaction.current_amount,
        FinancialTransaction.arrears_date,
        _reversal.id.label("reversed_by"),
        literal_column(STILL_AGES.text, Boolean).label("still_ages"),
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
_FORGET_MATCHED = Statement(delete(DebtPictureMatched))
_MATCHED = Statement(
    select(DebtPictureMatched.sa_id, DebtPictureMatched.arrears_date, DebtPictureMatched.amount).where(
        among(DebtPictureMatched.sa_id, "ids")
    )
)
_KEEP = Statement(insert(DebtPicture).values(taken_at=bindparam("now"), reached=bindparam("so_far")))
_KEEP_TOTAL = Statement(
    insert(DebtPictureTotal).values(
        currency=bindparam("of_currency"),
        arrears_date=bindparam("day"),
        amount=bindparam("minor"),
    )
)
_KEEP_MATCHED = Statement(
    insert(DebtPictureMatched).values(
        sa_id=bindparam("agreement"), arrears_date=bindparam("day"), amount=bindparam("minor")
    )
)

Matched = dict[int, list[Debit]]
"""What agreements with match events owe."""
Days = dict[tuple[str, date], int]
"""Minor units by currency and the day from which they age; `DISPUTED` for what does not."""


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


def _from_agreements(store: Store, matched: Matched | None = None) -> Days:
    """What all agreements owe; `matched` takes what those with match events owe of it, one by one."""
    days: Days = {}
    after = 0
    while rows := store.all(_OWING, after=after):
        after = rows[-1].id
        agreements = [AgreementFacts._make(row[:-1]) for row in rows]
        debits = open_debits(store, agreements)
        for row in rows:
            pieces = _with_disputed(debits.get(row.id, ()), row.disputed_balance)
            _add(days, row.currency, pieces, 1)
            if matched is not None and row.matched_mark is not None:
                matched[row.id] = pieces
    return days


def _with_disputed(pieces: Iterable[Debit], disputed: int) -> list[Debit]:
    return [*pieces, Debit(disputed, DISPUTED)] if disputed else list(pieces)


def _add(days: Days, currency: str, pieces: Iterable[Debit], sign: int) -> None:
    for amount, day in pieces:
        days[currency, day] = days.get((currency, day), 0) + sign * amount


# -- kept totals


def take_picture(database: Database, now: datetime) -> int:
    """Keep the totals as they are now; returns how many days they have."""
    with reading(database, access=EVERYTHING) as store:
        reached = {str(row.id): row.last_key for row in store.all(_NODES)}
        matched: Matched = {}
        days = _from_agreements(store, matched)
    with writing(database) as store:
        for forget in (_FORGET, _FORGET_TOTALS, _FORGET_MATCHED):
            store.apply(forget, [{}])
        store.apply(_KEEP, [{"now": now, "so_far": to_json(reached)}])
        store.apply(
            _KEEP_TOTAL,
            [{"of_currency": currency, "day": day, "minor": amount} for (currency, day), amount in days.items()],
        )
        store.apply(
            _KEEP_MATCHED,
            (
                {"agreement": sa_id, "day": day, "minor": amount}
                for sa_id, pieces in matched.items()
                for day, amount in _by_day(pieces).items()
            ),
        )
    return len(days)


def _by_day(pieces: Iterable[Debit]) -> dict[date, int]:
    days: dict[date, int] = {}
    for amount, day in pieces:
        days[day] = days.get(day, 0) + amount
    return days


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
        beyond = key_of(node.id + 1, 0)
        for row in store.all(_SINCE, after=after, beyond=beyond):
            changes[row.sa_id] = changes.get(row.sa_id, 0) + int(row.change)
        for row in store.all(_MATCHED_SINCE, after=after, beyond=beyond):
            changes.setdefault(row.id, 0)
    for some in batches(sorted(changes), _AT_ONCE):
        _correct(store, days, {sa_id: changes[sa_id] for sa_id in some}, reached)
    return days


class _Charge(NamedTuple):
    """A debit, and its reversal where there is one."""

    id: int
    amount: int
    day: date
    reversed_by: int | None
    still_ages: bool
    """Neither matched nor disputed now."""


def _correct(store: Store, days: Days, changes: Mapping[int, int], reached: Mapping[str, int]) -> None:
    """Take out what each agreement owed then, and put in what it owes now."""
    rows = store.all(_TOUCHED, ids=list(changes))
    owing = [row.id for row in rows if row.current_balance > 0 or row.current_balance > changes[row.id]]
    charges = _charges(store, _RECENT_DEBITS, owing)
    matched = _matched(store, [row.id for row in rows])

    def is_new(key: int) -> bool:
        return counter_of(key) > reached.get(str(node_of(key)), 0)

    def was_there(charge: _Charge) -> bool:
        return not is_new(charge.id) and (charge.reversed_by is None or is_new(charge.reversed_by))

    def is_there(charge: _Charge) -> bool:
        return charge.reversed_by is None and charge.still_ages

    def pieces(sa_id: int, balance: int, counts: Callable[[_Charge], bool]) -> list[Debit]:
        left = _open(balance, filter(counts, charges.get(sa_id, ())))
        if sum(piece.amount for piece in left) < balance:  # a cancellation opened redundant charges again
            left = _open(balance, filter(counts, _charges(store, _ALL_DEBITS, [sa_id]).get(sa_id, ())))
        return left

    for row in rows:
        then = matched.get(row.id)
        if then is None:
            then = pieces(row.id, row.current_balance - changes[row.id], was_there)
        _add(days, row.currency, then, -1)
        now = pieces(row.id, row.current_balance - row.disputed_balance, is_there)
        _add(days, row.currency, _with_disputed(now, row.disputed_balance), 1)


def _open(balance: int, charges: Iterable[_Charge]) -> list[Debit]:
    return list(open_pieces(balance, (Debit(charge.amount, charge.day) for charge in charges)))


def _matched(store: Store, sa_ids: list[int]) -> Matched:
    """What agreements with match events owed when the totals were taken."""
    found: Matched = {}
    for row in store.all(_MATCHED, ids=sa_ids):
        found.setdefault(row.sa_id, []).append(Debit(row.amount, row.arrears_date))
    return found


def _charges(store: Store, statement: Statement, sa_ids: list[int]) -> dict[int, list[_Charge]]:
    found: dict[int, list[_Charge]] = {}
    for row in store.all(statement, ids=sa_ids):
        charge = _Charge(row.id, row.current_amount, row.arrears_date, row.reversed_by, bool(row.still_ages))
        found.setdefault(row.sa_id, []).append(charge)
    return found
