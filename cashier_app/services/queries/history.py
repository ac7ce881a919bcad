"""The river of an account's history: payments, adjustments, cancellations, newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text, tuple_

from cashier_app.domain.adjustment_types import AdjustmentCancelReason, AdjustmentType
from cashier_app.domain.configuration import PayCancelReason, TenderType
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.domain.lifecycles import FtKind
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.match_event import MatchEvent
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.customers.names import need_account, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.transactions import FT_COLUMNS, FtFact, facts_of


class HistoryKind(StrEnum):
    """Kinds of rows, for the filter chips."""

    PENDING_PAYMENT = "PENDING_PAYMENT"
    PAYMENT = "PAYMENT"
    PAYMENT_CANCELLATION = "PAYMENT_CANCELLATION"
    ADJUSTMENT = "ADJUSTMENT"
    ADJUSTMENT_CANCELLATION = "ADJUSTMENT_CANCELLATION"


_KIND_OF_FT = {
    FtKind.PAYMENT_SEGMENT: HistoryKind.PAYMENT,
    FtKind.PAYMENT_CANCELLATION: HistoryKind.PAYMENT_CANCELLATION,
    FtKind.ADJUSTMENT: HistoryKind.ADJUSTMENT,
    FtKind.ADJUSTMENT_CANCELLATION: HistoryKind.ADJUSTMENT_CANCELLATION,
}
_PAYMENTS = {HistoryKind.PAYMENT, HistoryKind.PAYMENT_CANCELLATION}


class HistoryCursor(NamedTuple):
    """Where the next page begins."""

    at: datetime
    ft_id: int
    balance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened. Amounts are minor units of `currency`; positive raises what is owed."""

    kind: HistoryKind
    at: datetime
    accounting_date: date | None
    """Nothing for a payment that is not frozen."""
    title: str
    """`Cash, check`, the adjustment type, the reason of a cancellation."""
    amount: int
    """Change of the current balance."""
    payoff_amount: int
    currency: str
    balance: int | None
    """The account's current balance after it; nothing where the list is filtered."""
    status: str
    """Of the payment or adjustment as it is now: CANCELED marks a row that was taken back later."""
    payment_id: int | None = None
    event_id: int | None = None
    adjustment_id: int | None = None
    receipt_number: str = ""
    reference: str = ""
    """The bill number of an opening receivable."""
    comment: str = ""
    cancel_reason: str = ""
    user: str = ""
    approver: str = ""
    command: str = ""
    journal_id: int | None = None
    disputed_in: int | None = None
    """The match event in which the customer disputes it."""
    dispute_reason: str = ""
    fts: tuple[FtFact, ...] = ()

    @property
    def figure(self) -> Figure:
        """The payment or adjustment where it is one whole, else its transaction."""
        if len(self.fts) == 1:
            return figure(FigureKind.TRANSACTION, self.fts[0].ft_id, "current")
        if self.payment_id is not None:
            return figure(FigureKind.PAYMENT, self.payment_id)
        return NO_FIGURE if self.adjustment_id is None else figure(FigureKind.ADJUSTMENT, self.adjustment_id)

    @property
    def disputable(self) -> tuple[int, ...]:
        """Keys of its charges that stand and are in no match event: those that an open-item customer may dispute."""
        if self.status == "CANCELED":
            return ()
        return tuple(ft.ft_id for ft in self.fts if ft.current_amount > 0 and ft.match_event_id is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Rows, and where the next page begins."""

    rows: tuple[HistoryRow, ...]
    next: HistoryCursor | None
    """Give it as `before`; nothing at the end."""
    elsewhere: bool = False
    """At a branch: what happened is listed at the server (decision 18)."""


FIRST_PAGE = HistoryCursor(datetime(9999, 12, 31, tzinfo=UTC), 2**63 - 1, None)
_FEW_AGREEMENTS = 12
"""Up to so many agreements are read one by one, newest FTs first; the FTs of more are sorted by the database."""

_BALANCE = Statement(
    select(ServiceAgreement.id, ServiceAgreement.current_balance)
    .where(ServiceAgreement.account_id == bindparam("account_id"))
    .order_by(ServiceAgreement.id)
)
_older = tuple_(FinancialTransaction.frozen_at, FinancialTransaction.id) < tuple_(bindparam("at"), bindparam("ft_id"))
_newest_first = (FinancialTransaction.frozen_at.desc(), FinancialTransaction.id.desc())
_OF_AGREEMENT = Statement(
    select(*FT_COLUMNS)
    .where(FinancialTransaction.sa_id == bindparam("sa_id"), _older, among(FinancialTransaction.kind, "kinds"))
    .order_by(*_newest_first)
    .limit(bindparam("most"))
)
_OF_AGREEMENTS = Statement(
    select(*FT_COLUMNS)
    .where(among(FinancialTransaction.sa_id, "sa_ids"), _older, among(FinancialTransaction.kind, "kinds"))
    .order_by(*_newest_first)
    .limit(bindparam("most"))
)
_SEGMENTS = Statement(select(PaymentSegment.id, PaymentSegment.payment_id).where(among(PaymentSegment.id, "ids")))
_payment_columns = (
    Payment.id,
    Payment.event_id,
    Payment.amount,
    Payment.currency,
    Payment.status,
    Payment.error_message,
    Payment.cancel_reason,
    PaymentEvent.receipt_number,
    PaymentEvent.note,
    PaymentEvent.created_at,
    PaymentEvent.created_by,
)
_PAYMENTS_BY_ID = Statement(
    select(*_payment_columns).join(PaymentEvent, PaymentEvent.id == Payment.event_id).where(among(Payment.id, "ids"))
)
_PENDING = Statement(
    select(*_payment_columns)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    # Written out, so that the partial index serves.
    .where(
        Payment.account_id == bindparam("account_id"), text("payment.status IN ('INCOMPLETE', 'ERROR', 'FREEZABLE')")
    )
    .order_by(Payment.id.desc())
    .limit(bindparam("most"))
)
_RECORDED = Statement(
    select(*_payment_columns)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .where(Payment.account_id == bindparam("account_id"))
    .order_by(Payment.id.desc())
    .limit(bindparam("most"))
)
"""At a branch: what it has taken itself, whatever became of it since."""
_TENDERS = Statement(
    select(Tender.event_id, Tender.tender_type)
    .where(among(Tender.event_id, "ids"), Tender.amount > 0)
    .order_by(Tender.id)
)
_ADJUSTMENTS = Statement(
    select(
        Adjustment.id,
        Adjustment.adjustment_type,
        Adjustment.status,
        Adjustment.reference,
        Adjustment.comment,
        Adjustment.cancel_reason,
    ).where(among(Adjustment.id, "ids"))
)

_DISPUTES = Statement(
    select(MatchEvent.id, MatchEvent.dispute_reason).where(among(MatchEvent.id, "ids"), MatchEvent.disputed)
)


def history(
    store: Store,
    config: Configuration,
    account_id: int,
    before: HistoryCursor | None = None,
    limit: int = 50,
    *,
    kinds: Collection[HistoryKind] | None = None,
) -> HistoryPage:
    """A page of an account's history, newest first; payments that are not frozen lead the first page.

    At a branch that is what it has taken itself. Refuses with CUS-010 or SEC-031.
    """
    need_account(store, account_id)
    agreements = store.all(_BALANCE, account_id=account_id)
    wanted = set(HistoryKind if kinds is None else kinds)
    balance = None if kinds is not None else sum(row.current_balance for row in agreements)
    cursor = before or FIRST_PAGE._replace(balance=balance)
    rows = (
        _pending(store, config, account_id, limit) if before is None and HistoryKind.PENDING_PAYMENT in wanted else ()
    )
    groups, more = _groups(store, [row.id for row in agreements], cursor, limit, wanted)
    happened, after = _rows(store, config, groups, cursor)
    return HistoryPage(rows=(*rows, *happened), next=after if more else None, elsewhere=config.is_branch)


class _Group(NamedTuple):
    """The FTs of one payment, adjustment, or cancellation."""

    kind: HistoryKind
    owner: int
    fts: list[Any]


def _groups(
    store: Store, sa_ids: Sequence[int], cursor: HistoryCursor, limit: int, wanted: Collection[HistoryKind]
) -> tuple[list[_Group], bool]:
    """At most `limit` groups older than the cursor, newest first, and whether there are more."""
    kinds = [ft_kind.value for ft_kind, kind in _KIND_OF_FT.items() if kind in wanted]
    most = (limit + 1) * max(1, min(len(sa_ids), 4))
    while True:
        fts = _newest(store, sa_ids, cursor, kinds, most)
        groups = _grouped(store, fts)
        if len(groups) > limit or len(fts) < most:
            return groups[:limit], len(groups) > limit
        most *= 4


def _newest(store: Store, sa_ids: Sequence[int], cursor: HistoryCursor, kinds: list[str], most: int) -> list[Any]:
    place = {"at": cursor.at, "ft_id": cursor.ft_id, "kinds": kinds, "most": most}
    if len(sa_ids) > _FEW_AGREEMENTS:
        return store.all(_OF_AGREEMENTS, sa_ids=list(sa_ids), **place)
    found = [row for sa_id in sa_ids for row in store.all(_OF_AGREEMENT, sa_id=sa_id, **place)]
    return sorted(found, key=lambda row: (row.frozen_at, row.id), reverse=True)[:most]


def _grouped(store: Store, fts: Sequence[Any]) -> list[_Group]:
    segments = [ft.source_id for ft in fts if _KIND_OF_FT[ft.kind] in _PAYMENTS]
    payment_of = {row.id: row.payment_id for row in store.all(_SEGMENTS, ids=segments)} if segments else {}
    groups: dict[tuple[str, int], _Group] = {}
    for ft in fts:
        kind = _KIND_OF_FT[ft.kind]
        owner = payment_of[ft.source_id] if kind in _PAYMENTS else ft.source_id
        groups.setdefault((kind, owner), _Group(kind, owner, [])).fts.append(ft)
    return list(groups.values())


def _rows(
    store: Store, config: Configuration, groups: Sequence[_Group], cursor: HistoryCursor
) -> tuple[list[HistoryRow], HistoryCursor]:
    payments = _payments(store, [group.owner for group in groups if group.kind in _PAYMENTS])
    handed = _handed_over(store, config, {row.event_id for row in payments.values()})
    adjustments = _adjustments(store, [group.owner for group in groups if group.kind not in _PAYMENTS])
    facts = {fact.ft_id: fact for fact in facts_of(store, config, [ft for group in groups for ft in group.fts])}
    disputes = _disputes(store, facts.values())
    rows, balance = [], cursor.balance
    for group in groups:
        fts = tuple(facts[ft.id] for ft in reversed(group.fts))
        shared = _shared(fts, balance, disputes)
        if group.kind in _PAYMENTS:
            payment = payments[group.owner]
            row = _payment_row(config, group.kind, payment, shared, handed.get(payment.event_id, ""))
        else:
            row = _adjustment_row(config, group.kind, adjustments[group.owner], shared)
        rows.append(row)
        balance = None if balance is None else balance - row.amount
        cursor = HistoryCursor(row.at, fts[0].ft_id, balance)
    return rows, cursor


def _payments(store: Store, ids: Sequence[int]) -> dict[int, Any]:
    return {row.id: row for row in store.all(_PAYMENTS_BY_ID, ids=list(ids))} if ids else {}


def _adjustments(store: Store, ids: Sequence[int]) -> dict[int, Any]:
    return {row.id: row for row in store.all(_ADJUSTMENTS, ids=list(ids))} if ids else {}


def _handed_over(store: Store, config: Configuration, event_ids: Iterable[int]) -> dict[int, str]:
    """What was handed over in each event: `Cash, Check`."""
    types = config.all(TenderType)
    found: dict[int, dict[str, None]] = {event_id: {} for event_id in event_ids}
    for row in store.all(_TENDERS, ids=list(found)) if found else ():
        known = types.get(row.tender_type)
        found[row.event_id][known.description if known else row.tender_type] = None
    return {event_id: ", ".join(names) for event_id, names in found.items()}


def _disputes(store: Store, facts: Iterable[FtFact]) -> dict[int, str]:
    """Why, by match event, of those in dispute."""
    ids = sorted({fact.match_event_id for fact in facts if fact.match_event_id is not None})
    return {row.id: row.dispute_reason for row in store.all(_DISPUTES, ids=ids)} if ids else {}


def _shared(fts: Sequence[FtFact], balance: int | None, disputes: Mapping[int, str]) -> dict[str, Any]:
    """What every row takes from its FTs."""
    first = fts[0]
    disputed_in = next((ft.match_event_id for ft in fts if ft.match_event_id in disputes), None)
    assert first.frozen_at is not None, "only frozen FTs are history"
    return {
        "at": first.frozen_at,
        "accounting_date": first.accounting_date,
        "amount": sum(ft.current_amount for ft in fts),
        "payoff_amount": sum(ft.payoff_amount for ft in fts),
        "currency": first.currency,
        "balance": balance,
        "user": first.user,
        "approver": first.approver,
        "command": first.command,
        "journal_id": first.journal_id,
        "disputed_in": disputed_in,
        "dispute_reason": disputes.get(disputed_in or 0, ""),
        "fts": fts,
    }


def _payment_row(config: Configuration, kind: HistoryKind, row: Any, shared: dict[str, Any], handed: str) -> HistoryRow:
    reason = _reason(config, row.cancel_reason)
    return HistoryRow(
        kind=kind,
        title=handed if kind is HistoryKind.PAYMENT else reason,
        status=row.status,
        payment_id=row.id,
        event_id=row.event_id,
        receipt_number=row.receipt_number or "",
        comment=row.note,
        cancel_reason=reason,
        **shared,
    )


def _adjustment_row(config: Configuration, kind: HistoryKind, row: Any, shared: dict[str, Any]) -> HistoryRow:
    known = config.all(AdjustmentType).get(row.adjustment_type)
    return HistoryRow(
        kind=kind,
        title=known.description if known else row.adjustment_type,
        status=row.status,
        adjustment_id=row.id,
        reference=row.reference or "",
        comment=row.comment,
        cancel_reason=_reason(config, row.cancel_reason, AdjustmentCancelReason),
        **shared,
    )


def _reason(
    config: Configuration, code: str | None, table: type[PayCancelReason | AdjustmentCancelReason] = PayCancelReason
) -> str:
    known = config.all(table).get(code or "")
    return known.description if known else code or ""


def _pending(store: Store, config: Configuration, account_id: int, limit: int) -> list[HistoryRow]:
    payments = store.all(_RECORDED if config.is_branch else _PENDING, account_id=account_id, most=limit)
    handed = _handed_over(store, config, {row.event_id for row in payments})
    names = user_names(store) if payments else {}
    return [
        HistoryRow(
            kind=HistoryKind.PENDING_PAYMENT,
            at=row.created_at,
            accounting_date=None,
            title=handed.get(row.event_id, ""),
            amount=-row.amount,
            payoff_amount=-row.amount,
            currency=row.currency,
            balance=None,
            status=row.status,
            payment_id=row.id,
            event_id=row.event_id,
            comment=row.error_message or row.note,
            user=names.get(row.created_by, ""),
        )
        for row in payments
    ]
