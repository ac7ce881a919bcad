"""What the till's screens ask beside accounts and drawers: what is taken, what is counted, what was balanced today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import Currency, Denomination, MovementReason, TenderType
from cashier_app.domain.lifecycles import TenderStatus
from cashier_app.models.control import DrawerReport, TenderControl
from cashier_app.models.payment import Tender
from cashier_app.services.customers.names import ELSEWHERE, account_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

_CHECKS = Statement(
    select(Tender.id, Tender.tender_type, Tender.reference, Tender.remitter, Tender.amount, Tender.payor_account_id)
    .where(
        Tender.tender_control_id == bindparam("control_id"),
        (Tender.status == TenderStatus.VALID.value) | Tender.canceled_after_balance,
    )
    .order_by(Tender.id)
)
_BALANCED = Statement(
    select(
        TenderControl.id,
        TenderControl.tender_source,
        TenderControl.currency,
        TenderControl.opened_at,
        TenderControl.balanced_at,
        DrawerReport.id.label("report_id"),
        DrawerReport.number,
    )
    .join(DrawerReport, DrawerReport.tender_control_id == TenderControl.id)
    .where(
        TenderControl.owner_id == bindparam("user_id"),
        TenderControl.balanced_at.is_not(None),
        TenderControl.business_date >= bindparam("since"),
    )
    .order_by(DrawerReport.number.desc())
    .limit(20)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTender:
    """A kind of tender that is taken at the counter."""

    code: str
    description: str
    like_cash: bool
    needs_reference: bool
    gives_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TillFacts:
    """What the configuration says about the till. Amounts are minor units of `currency`."""

    utility: str
    currency: str
    cash: str
    """Code of the tender type that drawers start with."""
    tender_types: tuple[OfferedTender, ...]
    """Cash first, then what gives change, then the rest by code."""
    denominations: dict[str, tuple[Denomination, ...]]
    """By currency, largest first."""
    reasons: tuple[MovementReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderToTick:
    """A tender on paper that must lie in the drawer."""

    tender_id: int
    tender_type: str
    reference: str
    remitter: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedDrawer:
    """A drawer of one's own that was balanced, with its Z report."""

    tender_control_id: int
    tender_source: str
    currency: str
    opened_at: datetime
    balanced_at: datetime
    report_id: int
    z_number: int


def till_facts(_store: Store, config: Configuration) -> TillFacts:
    """What the configuration offers at the counter."""
    installation = config.installation
    cash = installation.starting_tender_type
    offered = [
        OfferedTender(
            code=code,
            description=kind.description or code,
            like_cash=kind.like_cash,
            needs_reference=kind.require_reference,
            gives_change=kind.allow_cash_back,
        )
        for code, kind in config.all(TenderType).items()
        if kind.offered_at_counter
    ]
    return TillFacts(
        utility=installation.name,
        currency=installation.currency,
        cash=cash,
        tender_types=tuple(sorted(offered, key=lambda kind: (kind.code != cash, not kind.gives_change, kind.code))),
        denominations={code: currency.denominations for code, currency in config.all(Currency).items()},
        reasons=tuple(config.all(MovementReason).values()),
    )


def tenders_to_tick(store: Store, config: Configuration, control_id: int) -> tuple[TenderToTick, ...]:
    """Checks and other tenders with a number that a drawer holds, in the order taken; never cash.

    Whoever counts the drawer counts all of them; who handed one over for a customer of another office is not said.
    """
    types = config.all(TenderType)
    rows = [
        row
        for row in store.all(_CHECKS, control_id=control_id)
        if row.amount > 0 and types[row.tender_type].require_reference
    ]
    payors = account_names(store, (row.payor_account_id for row in rows))
    return tuple(
        TenderToTick(
            tender_id=row.id,
            tender_type=row.tender_type,
            reference=row.reference,
            remitter=ELSEWHERE.name if payors[row.payor_account_id].is_kept_elsewhere else row.remitter,
            amount=row.amount,
        )
        for row in rows
    )


def balanced_drawers(store: Store, _config: Configuration, user_id: int, since: date) -> tuple[BalancedDrawer, ...]:
    """The user's own drawers balanced since a day, the latest first."""
    return tuple(
        BalancedDrawer(
            tender_control_id=row.id,
            tender_source=row.tender_source,
            currency=row.currency,
            opened_at=row.opened_at,
            balanced_at=row.balanced_at,
            report_id=row.report_id,
            z_number=row.number,
        )
        for row in store.all(_BALANCED, user_id=user_id, since=since)
    )
