"""Facts about agreements that payments and adjustments rest on: balances, debts, who may receive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select, text, true
from sqlalchemy.orm import aliased

from cashier_app.domain.aging import Debit, age_of, open_pieces
from cashier_app.domain.configuration import SaType
from cashier_app.domain.lifecycles import PAYABLE_AGREEMENTS
from cashier_app.domain.system_events import Debt, PayableAgreement
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


class AgreementFacts(NamedTuple):
    """An agreement as a transaction sees it before it changes anything."""

    id: int
    account_id: int
    sa_type: str
    status: str
    currency: str
    current_balance: int
    payoff_balance: int


_COLUMNS = (
    ServiceAgreement.id,
    ServiceAgreement.account_id,
    ServiceAgreement.sa_type,
    ServiceAgreement.status,
    ServiceAgreement.currency,
    ServiceAgreement.current_balance,
    ServiceAgreement.payoff_balance,
)
_OF_ACCOUNT = Statement(
    select(*_COLUMNS).where(ServiceAgreement.account_id == bindparam("account_id")).order_by(ServiceAgreement.id)
)
_OF_ACCOUNTS = Statement(
    select(*_COLUMNS).where(among(ServiceAgreement.account_id, "ids")).order_by(ServiceAgreement.id)
)
_BY_IDS = Statement(select(*_COLUMNS).where(among(ServiceAgreement.id, "ids")).order_by(ServiceAgreement.id))

_reversal = aliased(FinancialTransaction)
_debit = (
    # Written out, not bound: otherwise neither database can see that the partial index serves.
    text("financial_transaction.current_amount > 0 AND financial_transaction.reverses_ft_id IS NULL"),
    FinancialTransaction.frozen_at.is_not(None),
    ~exists(select(1).where(_reversal.reverses_ft_id == FinancialTransaction.id)),
)
_newest_first = (FinancialTransaction.arrears_date.desc(), FinancialTransaction.id.desc())
_DEBITS = Statement(
    select(FinancialTransaction.current_amount, FinancialTransaction.arrears_date)
    .where(FinancialTransaction.sa_id == bindparam("sa_id"), *_debit)
    .order_by(*_newest_first)
)
_LATEST = 24
_lateral = (
    select(FinancialTransaction.current_amount, FinancialTransaction.arrears_date, FinancialTransaction.id)
    .where(FinancialTransaction.sa_id == ServiceAgreement.id, *_debit)
    .order_by(*_newest_first)
    .limit(_LATEST)
    .lateral("debit")
)
_LATEST_DEBITS = Statement(
    select(ServiceAgreement.id, _lateral.c.current_amount, _lateral.c.arrears_date)
    .select_from(ServiceAgreement)
    .join(_lateral, true())
    .where(among(ServiceAgreement.id, "ids"))
    .order_by(ServiceAgreement.id, _lateral.c.arrears_date.desc(), _lateral.c.id.desc())
)


def agreements_of(store: Store, account_id: int) -> list[AgreementFacts]:
    """All agreements of an account, by key."""
    return [AgreementFacts._make(row) for row in store.all(_OF_ACCOUNT, account_id=account_id)]


def agreements_of_accounts(store: Store, account_ids: Iterable[int]) -> dict[int, list[AgreementFacts]]:
    """All agreements of several accounts, by account."""
    found: dict[int, list[AgreementFacts]] = {account_id: [] for account_id in account_ids}
    for row in store.all(_OF_ACCOUNTS, ids=list(found)):
        found[row.account_id].append(AgreementFacts._make(row))
    return found


def agreements_by_id(store: Store, ids: Iterable[int]) -> dict[int, AgreementFacts]:
    """Agreements by key; those that do not exist are missing."""
    return {row.id: AgreementFacts._make(row) for row in store.all(_BY_IDS, ids=list(ids))}


def open_debits(store: Store, agreements: Sequence[AgreementFacts]) -> dict[int, list[Debit]]:
    """What is left of each charge of agreements that owe something, newest first.

    Reads only as many charges as the balance needs, however long the history is.
    """
    owing = [agreement for agreement in agreements if agreement.current_balance > 0]
    if store.dialect == "sqlite" or not owing:
        return {agreement.id: _walk(store, agreement) for agreement in owing}
    latest: dict[int, list[Debit]] = {agreement.id: [] for agreement in owing}
    for row in store.all(_LATEST_DEBITS, ids=list(latest)):
        latest[row.id].append(Debit(row.current_amount, row.arrears_date))
    found = {}
    for agreement in owing:
        debits = latest[agreement.id]
        pieces = list(open_pieces(agreement.current_balance, debits))
        if len(debits) == _LATEST and sum(piece.amount for piece in pieces) < agreement.current_balance:
            pieces = _walk(store, agreement)
        found[agreement.id] = pieces
    return found


def _walk(store: Store, agreement: AgreementFacts) -> list[Debit]:
    rows = store.each(_DEBITS, sa_id=agreement.id)
    debits = (Debit(row.current_amount, row.arrears_date) for row in rows)
    return list(open_pieces(agreement.current_balance, debits))


def debts(
    agreements: Sequence[AgreementFacts],
    debits: Mapping[int, Sequence[Debit]],
    types: Mapping[str, SaType],
    today: date,
) -> tuple[Debt, ...]:
    """The aged pieces that a payment may meet: agreements that may receive money and owe some."""
    return tuple(
        Debt(agreement.id, types[agreement.sa_type].payment_priority, age_of(debit.arrears_date, today), debit.amount)
        for agreement in agreements
        if agreement.status in PAYABLE_AGREEMENTS
        for debit in debits.get(agreement.id, ())
    )


def payable(agreements: Sequence[AgreementFacts], types: Mapping[str, SaType]) -> tuple[PayableAgreement, ...]:
    """The agreements that may receive money."""
    return tuple(
        PayableAgreement(
            agreement.id,
            agreement.sa_type,
            types[agreement.sa_type].payment_priority,
            types[agreement.sa_type].do_not_overpay,
            types[agreement.sa_type].nsf_adjustment_type,
            agreement.current_balance,
        )
        for agreement in agreements
        if agreement.status in PAYABLE_AGREEMENTS
    )


def sa_types(config: Configuration) -> Mapping[str, SaType]:
    """SA types by code."""
    return config.all(SaType)
