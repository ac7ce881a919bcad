"""What is known of a drawer: its statement per tender type, for screens, X and Z reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select

from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.drawers import like_cash_total
from cashier_app.domain.lifecycles import ControlStatus, EventKind, TenderStatus
from cashier_app.models.control import (
    ControlNote,
    DrawerCount,
    DrawerCountLine,
    DrawerOpening,
    TenderControl,
    TenderControlCount,
    TenderControlTotal,
    TurnIn,
)
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.models.security import User
from cashier_app.services.cashiering.drawer_tenders import TenderFact, listed_tenders
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.payments.drawers import like_cash_types


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTypeStatement:
    """One tender type of a drawer, in minor units. Everything but `over_under` is 0 or more.

    starting + taken - cash_back - turned_in + paid_in - paid_out + over_under = expected
    """

    tender_type: str
    description: str
    count: int
    starting: int
    taken: int | None
    """Nothing where the reader may not see what is expected: it would follow from this."""
    cash_back: int | None
    """Likewise."""
    turned_in: int
    paid_in: int
    paid_out: int
    over_under: int
    expected: int | None
    """Nothing where the reader may not see it (R reliability C3)."""
    counted: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDenomination:
    """Pieces of a denomination in the last count."""

    tender_type: str
    denomination: str
    pieces: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInFact:
    """A turn-in."""

    turn_in_id: int
    tender_type: str
    amount: int
    status: str
    receipt_number: str
    created_at: datetime
    created_by: str
    received_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFact:
    """The drawer sprang open without a payment."""

    opened_at: datetime
    opened_by: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerStatement:
    """A drawer, whole. Amounts are minor units of `currency`."""

    tender_control_id: int
    tender_source: str
    description: str
    location: str
    currency: str
    status: str
    owner: str
    owner_id: int | None
    business_date: date
    opened_at: datetime
    balanced_at: datetime | None
    balanced_by: str
    deposit_control_id: int
    starting_balance: int
    blind: bool
    """Expected amounts are left out for this reader."""
    tender_types: tuple[TenderTypeStatement, ...]
    denominations: tuple[CountedDenomination, ...]
    listed: tuple[TenderFact, ...]
    turn_ins: tuple[TurnInFact, ...]
    openings: tuple[OpeningFact, ...]
    notes: tuple[str, ...]
    tender_count: int
    limit: int | None
    limit_passed: bool
    like_cash: int | None
    """What it holds in cash and its like; nothing where blind."""
    counts: int
    """How many closing counts were made."""


_CONTROL = Statement(
    select(
        TenderControl.id,
        TenderControl.tender_source,
        TenderControl.currency,
        TenderControl.status,
        TenderControl.owner_id,
        TenderControl.business_date,
        TenderControl.opened_at,
        TenderControl.balanced_at,
        TenderControl.balanced_by,
        TenderControl.deposit_control_id,
        TenderControl.starting_balance,
        TenderControl.starting_tender_type,
    ).where(TenderControl.id == bindparam("control_id"))
)
_NAMES = Statement(select(User.id, User.name))
_TOTALS = Statement(
    select(TenderControlTotal.tender_type, TenderControlTotal.amount_expected).where(
        TenderControlTotal.tender_control_id == bindparam("control_id")
    )
)
type_in_drawer = func.coalesce(Tender.applies_to_tender_type, Tender.tender_type)
is_counted = (Tender.status == TenderStatus.VALID.value) | Tender.canceled_after_balance
is_movement = PaymentEvent.kind == EventKind.PAY_IN_OUT.value
is_over_under = PaymentEvent.kind == EventKind.OVER_UNDER.value
is_from_customer = ~(is_movement | is_over_under)
_SUMS = Statement(
    select(
        type_in_drawer.label("tender_type"),
        func.count().label("tender_count"),
        func.sum(case((is_from_customer & (Tender.amount > 0), Tender.amount), else_=0)).label("taken"),
        func.sum(case((is_from_customer & (Tender.amount < 0), -Tender.amount), else_=0)).label("cash_back"),
        func.sum(case((is_movement & (Tender.amount > 0), Tender.amount), else_=0)).label("paid_in"),
        func.sum(case((is_movement & (Tender.amount < 0), -Tender.amount), else_=0)).label("paid_out"),
        func.sum(case((is_over_under, Tender.amount), else_=0)).label("over_under"),
    )
    .select_from(Tender)
    .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
    .where(Tender.tender_control_id == bindparam("control_id"), is_counted)
    .group_by(type_in_drawer)
)
_TURN_INS = Statement(
    select(
        TurnIn.id,
        TurnIn.tender_type,
        TurnIn.amount,
        TurnIn.status,
        TurnIn.receipt_number,
        TurnIn.created_at,
        TurnIn.created_by,
        TurnIn.received_by,
    )
    .where(TurnIn.tender_control_id == bindparam("control_id"))
    .order_by(TurnIn.id)
)
_OPENINGS = Statement(
    select(DrawerOpening.opened_at, DrawerOpening.opened_by, DrawerOpening.reason, DrawerOpening.note)
    .where(DrawerOpening.tender_control_id == bindparam("control_id"), DrawerOpening.reason != "PAYMENT")
    .order_by(DrawerOpening.id)
)
_NOTES = Statement(
    select(ControlNote.kind, ControlNote.text)
    .where(ControlNote.tender_control_id == bindparam("control_id"))
    .order_by(ControlNote.id)
)
_CLOSING_COUNTS = Statement(
    select(DrawerCount.id)
    .where(DrawerCount.tender_control_id == bindparam("control_id"), DrawerCount.purpose == "CLOSING")
    .order_by(DrawerCount.attempt.desc())
)
_COUNT_LINES = Statement(
    select(DrawerCountLine.tender_type, DrawerCountLine.denomination, DrawerCountLine.pieces, DrawerCountLine.amount)
    .where(DrawerCountLine.count_id == bindparam("count_id"))
    .order_by(DrawerCountLine.line)
)
_SNAPSHOT = Statement(
    select(TenderControlCount.tender_type, TenderControlCount.amount_counted)
    .where(TenderControlCount.tender_control_id == bindparam("control_id"))
    .order_by(TenderControlCount.balancing)
)


def drawer_statement(
    store: Store, config: Configuration, control_id: int, *, may_see_expected: bool = True
) -> DrawerStatement:
    """Everything about a drawer; expected amounts only for who may see them, or once it is counted.

    A reader without the right sees them of a blind drawer after the first closing count was saved.
    """
    control = store.one(_CONTROL, ("TC-001", "There is no such drawer."), control_id=control_id)
    source = config.get(TenderSource, control.tender_source)
    names = {row.id: row.name for row in store.all(_NAMES)}
    counts = store.all(_CLOSING_COUNTS, control_id=control_id)
    lines = store.all(_COUNT_LINES, count_id=counts[0].id) if counts else []
    counted: dict[str, int] = {}
    for line in lines:
        counted[line.tender_type] = counted.get(line.tender_type, 0) + line.amount
    totals = {row.tender_type: row.amount_expected for row in store.all(_TOTALS, control_id=control_id)}
    snapshot = {row.tender_type: row.amount_counted for row in store.all(_SNAPSHOT, control_id=control_id)}
    if control.status == ControlStatus.BALANCED:
        counted = snapshot
    blind = source.blind_count and not may_see_expected and not counts
    held = like_cash_total(totals, like_cash_types(config))
    limit = source.max_amount_balance.minor if source.max_amount_balance else None
    sums = {row.tender_type: row for row in store.all(_SUMS, control_id=control_id)}
    turn_ins = store.all(_TURN_INS, control_id=control_id)
    return DrawerStatement(
        tender_control_id=control_id,
        tender_source=source.code,
        description=source.description,
        location=source.location,
        currency=control.currency,
        status=control.status,
        owner=names.get(control.owner_id, "") if control.owner_id is not None else "",
        owner_id=control.owner_id,
        business_date=control.business_date,
        opened_at=control.opened_at,
        balanced_at=control.balanced_at,
        balanced_by=names.get(control.balanced_by, ""),
        deposit_control_id=control.deposit_control_id,
        starting_balance=control.starting_balance,
        blind=blind,
        tender_types=tuple(
            _type_statement(config, control, code, sums.get(code), turn_ins, totals, counted, blind=blind)
            for code in sorted({*totals, *sums, *counted})
        ),
        denominations=tuple(
            CountedDenomination(
                tender_type=line.tender_type, denomination=line.denomination, pieces=line.pieces, amount=line.amount
            )
            for line in lines
            if line.denomination
        ),
        listed=listed_tenders(store, control_id, names),
        turn_ins=tuple(
            TurnInFact(
                turn_in_id=row.id,
                tender_type=row.tender_type,
                amount=row.amount,
                status=row.status,
                receipt_number=row.receipt_number,
                created_at=row.created_at,
                created_by=names.get(row.created_by, "System"),
                received_by=names.get(row.received_by) if row.received_by else None,
            )
            for row in turn_ins
        ),
        openings=tuple(
            OpeningFact(
                opened_at=row.opened_at, opened_by=names.get(row.opened_by, "System"), reason=row.reason, note=row.note
            )
            for row in store.all(_OPENINGS, control_id=control_id)
        ),
        notes=tuple(f"{row.kind}: {row.text}" for row in store.all(_NOTES, control_id=control_id)),
        tender_count=sum(row.tender_count for row in sums.values()),
        limit=limit,
        limit_passed=limit is not None and held > limit,
        like_cash=None if blind else held,
        counts=len(counts),
    )


def _type_statement(  # noqa: PLR0917  # a line of the statement has as many sources
    config: Configuration,
    control: Any,
    code: str,
    sums: Any,
    turn_ins: list[Any],
    totals: dict[str, int],
    counted: dict[str, int],
    *,
    blind: bool,
) -> TenderTypeStatement:
    tender_type = config.all(TenderType).get(code)
    starts_here = code == control.starting_tender_type

    def total(name: str) -> int:
        return int(getattr(sums, name, 0) or 0)

    return TenderTypeStatement(
        tender_type=code,
        description=tender_type.description if tender_type else code,
        count=total("tender_count"),
        starting=control.starting_balance if starts_here else 0,
        taken=None if blind else total("taken"),
        cash_back=None if blind else total("cash_back"),
        turned_in=sum(t.amount for t in turn_ins if t.tender_type == code and t.status != "VOIDED"),
        paid_in=total("paid_in"),
        paid_out=total("paid_out"),
        over_under=total("over_under"),
        expected=None if blind else totals.get(code, 0),
        counted=counted.get(code),
    )
