"""The supervisor's board: a card per drawer, and the drawers a user may open (row A7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text

from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.drawers import like_cash_total
from cashier_app.domain.lifecycles import ControlStatus, SourceType, TurnInStatus
from cashier_app.models.control import DrawerCount, DrawerOpening, TenderControl, TenderControlTotal, TurnIn
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.services.customers.names import user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Actor
from cashier_app.services.payments.drawers import like_cash_types
from cashier_app.services.queries.deposits import DepositRow, DepositStatement, deposit_statement, deposits

__all__ = [
    "DepositRow",
    "DepositStatement",
    "DrawerCard",
    "PendingTurnIn",
    "SourceChoice",
    "TakingLine",
    "deposit_statement",
    "deposits",
    "drawer_board",
    "my_drawer",
    "sources_for",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingLine:
    """What a drawer holds of one tender type."""

    tender_type: str
    description: str
    like_cash: bool
    count: int
    amount: int | None
    """Expected in the drawer, float included; nothing where the reader may not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTurnIn:
    """Money that was handed over and that nobody has received yet."""

    turn_in_id: int
    tender_control_id: int
    tender_source: str
    tender_type: str
    amount: int
    receipt_number: str
    created_at: datetime
    created_by: str
    created_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCard:
    """A drawer on the board. Amounts are minor units of `currency`."""

    tender_control_id: int
    tender_source: str
    description: str
    location: str
    currency: str
    status: str
    owner_id: int | None
    owner: str
    """Empty where everybody may use it."""
    business_date: date
    opened_at: datetime
    balanced_at: datetime | None
    left_open: bool
    """Opened on an earlier day and not balanced yet."""
    deposit_control_id: int
    starting_balance: int
    takings: tuple[TakingLine, ...]
    tender_count: int
    like_cash: int | None
    limit: int | None
    limit_passed: bool
    blind: bool
    """Amounts are left out for this reader."""
    last_activity: datetime
    pending_turn_ins: tuple[PendingTurnIn, ...]
    unbalanced_events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChoice:
    """A drawer that a user may open. Amounts are minor units of `currency`."""

    code: str
    description: str
    location: str
    currency: str
    starting_balance: int
    """The float proposed."""
    usual: bool
    """The user's own usual drawer for this currency (S1 p.117)."""
    live_control_id: int | None
    """Already open or being balanced."""
    live_owner: str


_COLUMNS = (
    TenderControl.id,
    TenderControl.tender_source,
    TenderControl.currency,
    TenderControl.status,
    TenderControl.owner_id,
    TenderControl.business_date,
    TenderControl.opened_at,
    TenderControl.balanced_at,
    TenderControl.deposit_control_id,
    TenderControl.starting_balance,
)
_IS_LIVE = text("tender_control.status <> 'BALANCED'")
"""Written out, so that the partial index serves."""
_LIVE = Statement(select(*_COLUMNS).where(_IS_LIVE).order_by(TenderControl.tender_source).limit(bindparam("most")))
_BALANCED = Statement(
    select(*_COLUMNS)
    .where(
        TenderControl.business_date == bindparam("today"),
        TenderControl.status == ControlStatus.BALANCED.value,
    )
    .order_by(TenderControl.tender_source, TenderControl.id)
    .limit(bindparam("most"))
)
_OF_USER = Statement(
    select(*_COLUMNS)
    .where(_IS_LIVE, TenderControl.owner_id == bindparam("user_id"))
    .order_by(TenderControl.opened_at.desc())
    .limit(1)
)
_TOTALS = Statement(
    select(
        TenderControlTotal.tender_control_id,
        TenderControlTotal.tender_type,
        TenderControlTotal.amount_expected,
        TenderControlTotal.tender_count,
    )
    .where(among(TenderControlTotal.tender_control_id, "ids"))
    .order_by(TenderControlTotal.tender_control_id, TenderControlTotal.tender_type)
)
_PENDING = Statement(
    select(
        TurnIn.id,
        TurnIn.tender_control_id,
        TurnIn.tender_type,
        TurnIn.amount,
        TurnIn.receipt_number,
        TurnIn.created_at,
        TurnIn.created_by,
    )
    .where(among(TurnIn.tender_control_id, "ids"), TurnIn.status == TurnInStatus.PENDING.value)
    .order_by(TurnIn.id)
)
_UNBALANCED = Statement(
    select(Tender.tender_control_id, func.count(PaymentEvent.id.distinct()).label("number"))
    .select_from(PaymentEvent)
    .join(Tender, Tender.event_id == PaymentEvent.id)
    .where(text("payment_event.unbalanced_by <> 0"), among(Tender.tender_control_id, "ids"))
    .group_by(Tender.tender_control_id)
)
_CLOSING_COUNTS = Statement(
    select(DrawerCount.tender_control_id)
    .where(among(DrawerCount.tender_control_id, "ids"), DrawerCount.purpose == "CLOSING")
    .distinct()
)
_LAST_TENDER = Statement(
    select(PaymentEvent.created_at)
    .join(Tender, Tender.event_id == PaymentEvent.id)
    .where(Tender.tender_control_id == bindparam("control_id"))
    .order_by(Tender.id.desc())
    .limit(1)
)
_LAST_OPENING = Statement(
    select(DrawerOpening.opened_at)
    .where(DrawerOpening.tender_control_id == bindparam("control_id"))
    .order_by(DrawerOpening.id.desc())
    .limit(1)
)
_AT_THE_COUNTER = frozenset((SourceType.ONLINE_CASHIERING, SourceType.AD_HOC))


def drawer_board(
    store: Store, config: Configuration, today: date, may_see_expected: bool = True, limit: int = 200
) -> tuple[DrawerCard, ...]:
    """Drawers that are live or were balanced today: live first, then by tender source."""
    live = store.all(_LIVE, most=limit)
    balanced = store.all(_BALANCED, today=today, most=limit - len(live))
    return _cards(store, config, [*live, *balanced], today, may_see_expected=may_see_expected)


def my_drawer(
    store: Store, config: Configuration, user_id: int, may_see_expected: bool = False, today: date | None = None
) -> DrawerCard | None:
    """The live drawer of a user, the most recently opened one where there are several.

    Without `today`, it is never said to have been left open.
    """
    found = store.all(_OF_USER, user_id=user_id)
    cards = _cards(store, config, found, today or date.min, may_see_expected=may_see_expected)
    return cards[0] if cards else None


def _cards(
    store: Store, config: Configuration, controls: Sequence[Any], today: date, *, may_see_expected: bool
) -> tuple[DrawerCard, ...]:
    ids = [control.id for control in controls]
    if not ids:
        return ()
    users = user_names(store)
    totals = _by_control(ids, store.all(_TOTALS, ids=ids))
    pending = _by_control(ids, store.all(_PENDING, ids=ids))
    unbalanced = {row.tender_control_id: row.number for row in store.all(_UNBALANCED, ids=ids)}
    counted = {row.tender_control_id for row in store.all(_CLOSING_COUNTS, ids=ids)}
    cards = []
    for control in controls:
        source = config.get(TenderSource, control.tender_source)
        blind = source.blind_count and not may_see_expected and control.id not in counted
        held = like_cash_total(
            {row.tender_type: row.amount_expected for row in totals[control.id]}, like_cash_types(config)
        )
        limit = source.max_amount_balance.minor if source.max_amount_balance else None
        turn_ins = tuple(_pending(row, source, users) for row in pending[control.id])
        cards.append(
            DrawerCard(
                tender_control_id=control.id,
                tender_source=source.code,
                description=source.description,
                location=source.location,
                currency=control.currency,
                status=control.status,
                owner_id=control.owner_id,
                owner="" if control.owner_id is None else users.get(control.owner_id, ""),
                business_date=control.business_date,
                opened_at=control.opened_at,
                balanced_at=control.balanced_at,
                left_open=control.status != ControlStatus.BALANCED and control.business_date < today,
                deposit_control_id=control.deposit_control_id,
                starting_balance=control.starting_balance,
                takings=tuple(_taking(config, row, blind=blind) for row in totals[control.id]),
                tender_count=sum(row.tender_count for row in totals[control.id]),
                like_cash=None if blind else held,
                limit=limit,
                limit_passed=limit is not None and held > limit,
                blind=blind,
                last_activity=_last_activity(store, control, turn_ins),
                pending_turn_ins=turn_ins,
                unbalanced_events=unbalanced.get(control.id, 0),
            )
        )
    return tuple(cards)


def _by_control(ids: Sequence[int], rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {control_id: [] for control_id in ids}
    for row in rows:
        found[row.tender_control_id].append(row)
    return found


def _taking(config: Configuration, row: Any, *, blind: bool) -> TakingLine:
    known = config.all(TenderType).get(row.tender_type)
    return TakingLine(
        tender_type=row.tender_type,
        description=known.description if known else row.tender_type,
        like_cash=bool(known and known.like_cash),
        count=row.tender_count,
        amount=None if blind else row.amount_expected,
    )


def _pending(row: Any, source: TenderSource, users: Mapping[int, str]) -> PendingTurnIn:
    return PendingTurnIn(
        turn_in_id=row.id,
        tender_control_id=row.tender_control_id,
        tender_source=source.code,
        tender_type=row.tender_type,
        amount=row.amount,
        receipt_number=row.receipt_number,
        created_at=row.created_at,
        created_by=users.get(row.created_by, ""),
        created_by_id=row.created_by,
    )


def _last_activity(store: Store, control: Any, turn_ins: Sequence[PendingTurnIn]) -> datetime:
    moments = (
        control.opened_at,
        control.balanced_at,
        store.value(_LAST_TENDER, control_id=control.id),
        store.value(_LAST_OPENING, control_id=control.id),
        *(turn_in.created_at for turn_in in turn_ins),
    )
    latest: datetime = max(moment for moment in moments if moment is not None)
    return latest


def sources_for(store: Store, config: Configuration, user: Actor) -> tuple[SourceChoice, ...]:
    """The drawers at the counter: the user's usual ones first, then those that are free, by code."""
    live = {row.tender_source: row for row in store.all(_LIVE, most=len(config.all(TenderSource)))}
    users = user_names(store)
    choices = [
        SourceChoice(
            code=source.code,
            description=source.description,
            location=source.location,
            currency=source.currency,
            starting_balance=source.default_starting_balance.minor if source.default_starting_balance else 0,
            usual=source.code in user.tender_sources,
            live_control_id=live[source.code].id if source.code in live else None,
            live_owner=users.get(live[source.code].owner_id, "") if source.code in live else "",
        )
        for source in config.all(TenderSource).values()
        if source.type in _AT_THE_COUNTER
    ]
    return tuple(
        sorted(choices, key=lambda choice: (not choice.usual, choice.live_control_id is not None, choice.code))
    )
