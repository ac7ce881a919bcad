"""Facts about agreements that payments and adjustments rest on: balances, debts, who may receive.

A branch has balances and open pieces as copies of the server's, and no FTs (decision 18); whoever asks here need not
know which of the two a database is.
"""

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
from cashier_app.models.match_event import STILL_AGES
from cashier_app.models.sync import OpenDebt
from cashier_app.services.kernel.codec import from_json
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
    disputed_balance: int = 0
    """What of the current balance is in dispute."""

    @property
    def aging_balance(self) -> int:
        """What ages, or is in credit: the current balance without what is disputed (S1 p.62)."""
        return self.current_balance - self.disputed_balance


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
    STILL_AGES,
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
_LATEST_ON_SQLITE = Statement(
    # SQLite knows no LATERAL; the limit keeps the inner query, and so its order, as it is written.
    text(
        "SELECT ids.value, (SELECT json_group_array(json_array(d.current_amount, d.arrears_date)) FROM ("  # noqa: S608
        "SELECT current_amount, arrears_date FROM financial_transaction WHERE sa_id = ids.value "
        "AND current_amount > 0 AND reverses_ft_id IS NULL AND frozen_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM financial_transaction r WHERE r.reverses_ft_id = financial_transaction.id) "
        f"AND {STILL_AGES.text} ORDER BY arrears_date DESC, id DESC LIMIT :most) d) FROM json_each(:ids) ids"
    )
)
_FEW = 6
"""Up to so many agreements are walked one by one on SQLite."""
_COPIED = Statement(select(OpenDebt.sa_id, OpenDebt.pieces).where(among(OpenDebt.sa_id, "ids")))


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
    """What is left of each charge that ages, of agreements that owe something, newest first.

    Reads only as many charges as the balance needs, however long the history is. Redundant ones are the oldest, so
    they are met only where a cancellation has opened them again, and then they must be (R batch 6).
    """
    owing = [agreement for agreement in agreements if agreement.aging_balance > 0]
    if store.dialect == "sqlite" and len(owing) <= _FEW:
        found = {agreement.id: _walk(store, agreement) for agreement in owing}
    else:
        found = _from_latest(store, owing)
    # At the server each debt has its charges (I3). Where it has none at all this is a branch.
    unexplained = [sa_id for sa_id, pieces in found.items() if not pieces]
    return found | _copied(store, unexplained) if unexplained else found


def _from_latest(store: Store, owing: Sequence[AgreementFacts]) -> dict[int, list[Debit]]:
    """Many agreements at once; those whose latest charges do not cover the balance are walked."""
    latest = _latest_debits(store, [agreement.id for agreement in owing])
    found = {}
    for agreement in owing:
        debits = latest.get(agreement.id, [])
        pieces = list(open_pieces(agreement.aging_balance, debits))
        if len(debits) == _LATEST and sum(piece.amount for piece in pieces) < agreement.aging_balance:
            pieces = _walk(store, agreement)
        found[agreement.id] = pieces
    return found


def _latest_debits(store: Store, sa_ids: list[int]) -> dict[int, list[Debit]]:
    if store.dialect == "sqlite":
        rows = store.all(_LATEST_ON_SQLITE, ids=sa_ids, most=_LATEST)
        return {sa_id: from_json(found, list[Debit]) for sa_id, found in rows}
    latest: dict[int, list[Debit]] = {}
    for row in store.all(_LATEST_DEBITS, ids=sa_ids):
        latest.setdefault(row.id, []).append(Debit(row.current_amount, row.arrears_date))
    return latest


def _copied(store: Store, sa_ids: list[int]) -> dict[int, list[Debit]]:
    """The pieces that a branch was told of."""
    return {row.sa_id: from_json(row.pieces, list[Debit]) for row in store.all(_COPIED, ids=sa_ids)}


def _walk(store: Store, agreement: AgreementFacts) -> list[Debit]:
    rows = store.each(_DEBITS, sa_id=agreement.id)
    debits = (Debit(row.current_amount, row.arrears_date) for row in rows)
    return list(open_pieces(agreement.aging_balance, debits))


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
