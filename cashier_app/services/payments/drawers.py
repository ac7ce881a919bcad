"""Facts about tender controls that everything at the counter rests on, and their kept totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from cashier_app.domain.configuration import BankAccount, TenderSource, TenderType
from cashier_app.domain.drawers import like_cash_total
from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import node_of
from cashier_app.domain.lifecycles import ControlStatus, PaymentStatus, SourceType
from cashier_app.domain.money import decimal_text
from cashier_app.models.control import ControlNote, DrawerOpening, TenderControl, TenderControlTotal
from cashier_app.models.payment import Payment, PaymentEvent, Tender
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

SEE_EXPECTED = "see-expected"
"""Special right: to see what a blind drawer should hold."""
OTHERS_DRAWERS = "others-drawers"
"""Special right: to work in and balance drawers of others."""


class ControlFacts(NamedTuple):
    """A tender control as a transaction finds it."""

    id: int
    tender_source: str
    deposit_control_id: int
    status: str
    owner_id: int | None
    currency: str
    starting_balance: int
    starting_tender_type: str
    opened_at: Any
    system_created: bool


_COLUMNS = (
    TenderControl.id,
    TenderControl.tender_source,
    TenderControl.deposit_control_id,
    TenderControl.status,
    TenderControl.owner_id,
    TenderControl.currency,
    TenderControl.starting_balance,
    TenderControl.starting_tender_type,
    TenderControl.opened_at,
    TenderControl.system_created,
)
_BY_ID = Statement(select(*_COLUMNS).where(TenderControl.id == bindparam("control_id")).with_for_update())
_OPEN_FOR_USER = Statement(
    select(*_COLUMNS)
    .where(
        # Written out so that the index of live drawers serves: there are few of those, and years of others.
        text("tender_control.status <> 'BALANCED'"),
        TenderControl.status == bindparam("status"),
        (TenderControl.owner_id == bindparam("user_id")) | TenderControl.owner_id.is_(None),
        TenderControl.currency == bindparam("currency"),
    )
    .order_by(TenderControl.owner_id.is_(None), TenderControl.opened_at.desc())
)
_LIVE = Statement(
    select(TenderControl.id, TenderControl.status).where(
        TenderControl.tender_source == bindparam("source"), TenderControl.status != bindparam("balanced")
    )
)
TOTALS = Statement(
    select(TenderControlTotal.tender_type, TenderControlTotal.amount_expected, TenderControlTotal.tender_count)
    .where(TenderControlTotal.tender_control_id == bindparam("control_id"))
    .order_by(TenderControlTotal.tender_type)
)
_UNFINISHED = (PaymentStatus.INCOMPLETE, PaymentStatus.ERROR, PaymentStatus.FREEZABLE)
_BLOCKING = Statement(
    select(func.count(func.distinct(PaymentEvent.id)))
    .select_from(Tender)
    .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
    .where(
        Tender.tender_control_id == bindparam("control_id"),
        (PaymentEvent.unbalanced_by != 0)
        | select(Payment.id)
        .where(
            Payment.event_id == PaymentEvent.id,
            or_(*(Payment.status == status.value for status in _UNFINISHED)),
        )
        .exists(),
    )
)
_INSERT_OPENING = insertion(DrawerOpening, "id tender_control_id event_id reason note opened_at opened_by")
_INSERT_NOTE = insertion(ControlNote, "id tender_control_id deposit_control_id kind text written_at written_by")


def _add_to_total(insert: Any) -> Statement:
    adding = insert(TenderControlTotal).values(
        tender_control_id=bindparam("control_id"),
        tender_type=bindparam("tender_type"),
        amount_expected=bindparam("amount"),
        tender_count=bindparam("count"),
    )
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["tender_control_id", "tender_type"],
            set_={
                "amount_expected": TenderControlTotal.amount_expected + adding.excluded.amount_expected,
                "tender_count": TenderControlTotal.tender_count + adding.excluded.tender_count,
            },
        )
    )


_ADD_TO_TOTAL = {"sqlite": _add_to_total(sqlite.insert), "postgresql": _add_to_total(postgresql.insert)}


def control_of(work: Work, control_id: int, field: str = "tender_control_id") -> ControlFacts:
    """A tender control, its row locked on PostgreSQL (R reliability D7); refuses with TC-001."""
    row = work.store.first(_BY_ID, control_id=control_id)
    if row is None:
        refuse("TC-001", "There is no such drawer; choose one that is open.", field)
    work.refuse_elsewhere(row.id, f"Drawer {row.tender_source}")
    return ControlFacts._make(row)


def control_for_tender(work: Work, currency: str, control_id: int | None = None) -> ControlFacts:
    """The open drawer that takes a new tender (R payments 2.4, O-15).

    Raises:
        RuleViolation: PAY-001 when none is open, PAY-002 when the one named is not, PAY-042 when its
            currency differs, TC-003 when it belongs to somebody else, TC-004 when a file fills it.
    """
    if control_id is None:
        return _drawer_of_user(work, currency)
    control = control_of(work, control_id)
    if control.status != ControlStatus.OPEN:
        refuse(
            "PAY-002", f"Drawer {control.tender_source} is {control.status.lower()}; only an open one takes tenders."
        )
    if control.system_created:
        refuse("TC-004", f"{control.tender_source} is filled by a file, not by a cashier.", "tender_control_id")
    if control.currency != currency:
        refuse("PAY-042", f"Drawer {control.tender_source} holds {control.currency}, not {currency}.", "tenders")
    if control.owner_id not in {None, work.user.id} and not work.may(OTHERS_DRAWERS):
        refuse("TC-003", f"Drawer {control.tender_source} belongs to somebody else; open your own.")
    return control


def _drawer_of_user(work: Work, currency: str) -> ControlFacts:  # noqa: RET503  # a refusal never returns
    kinds = {SourceType.ONLINE_CASHIERING, SourceType.AD_HOC}
    sources = work.config.all(TenderSource)
    found = work.store.all(_OPEN_FOR_USER, status=ControlStatus.OPEN.value, user_id=work.user.id, currency=currency)
    for row in found:
        kept_here = node_of(row.id) == work.node or node_of(row.id) not in work.config.branches
        if kept_here and sources[row.tender_source].type in kinds:
            return ControlFacts._make(row)
    refuse("PAY-001", f"You have no open drawer in {currency}. Open your drawer first.", "tender_control_id")


def expected(store: Store, control_id: int) -> dict[str, int]:
    """What a drawer should hold per tender type."""
    return {row.tender_type: row.amount_expected for row in store.all(TOTALS, control_id=control_id)}


def held(work: Work, control: ControlFacts, tender_type: str) -> int:
    """What a drawer should hold of a tender type."""
    return expected(work.store, control.id).get(tender_type, 0)


def add_to_totals(work: Work, changes: Mapping[tuple[int, str], tuple[int, int]]) -> None:
    """Change kept totals by (control, tender type): amount and number of tenders."""
    work.store.apply(
        _ADD_TO_TOTAL[work.store.dialect],
        (
            {"control_id": control_id, "tender_type": tender_type, "amount": amount, "count": count}
            for (control_id, tender_type), (amount, count) in sorted(changes.items())
        ),
    )


def may_know_expected(work: Work, control: ControlFacts) -> bool:
    """Whether an answer may depend on what the drawer should hold.

    Otherwise one could learn it by trying: R reliability C3, decision 14.
    """
    return not work.config.get(TenderSource, control.tender_source).blind_count or work.may(SEE_EXPECTED)


def warn_of_limit(work: Work, control: ControlFacts) -> None:
    """PAY-012 when the drawer's like-cash exceeds its source's maximum (R payments 2.7); never blocks.

    A preview does not say it of a blind drawer: trying one amount after another would tell what is in it.
    """
    source = work.config.get(TenderSource, control.tender_source)
    limit = source.max_amount_balance
    if limit is None or (work.preview and not may_know_expected(work, control)):
        return
    held = like_cash_total(expected(work.store, control.id), like_cash_types(work.config))
    if held > limit.minor:
        how_much = "more" if source.blind_count else decimal_text(held, control.currency)
        work.warn(
            "PAY-012",
            f"Drawer {source.code} holds {how_much} cash than its limit of {limit}. Turn in funds."
            if source.blind_count
            else f"Drawer {source.code} holds {how_much} {control.currency} in cash, limit {limit}. Turn in funds.",
        )


def like_cash_types(config: Configuration) -> tuple[str, ...]:
    """Codes of the tender types that are cash or its like."""
    return tuple(code for code, tender_type in config.all(TenderType).items() if tender_type.like_cash)


def bank_code(config: Configuration, tender_source: str) -> str:
    """The distribution code on the cash side of payments taken through a source (S1 p.48, 109)."""
    return config.get(BankAccount, config.get(TenderSource, tender_source).bank_account).distribution_code


def log_opening(work: Work, control_id: int, reason: str, *, event_id: int | None = None, note: str = "") -> None:
    """Note that the drawer springs open, and why (row A8)."""
    row = (work.new_id(), control_id, event_id, reason, note, work.instant, work.user.id)
    work.store.write(_INSERT_OPENING, [row])


def write_note(
    work: Work, kind: str, text: str, *, control_id: int | None = None, deposit_id: int | None = None
) -> None:
    """Keep why something out of the ordinary was done."""
    row = (work.new_id(), control_id, deposit_id, kind, text, work.instant, work.user.id)
    work.store.write(_INSERT_NOTE, [row])


def require_own(work: Work, control: ControlFacts) -> ControlFacts:
    """The drawer, if it is the user's own or the user may work in those of others; else TC-003."""
    if control.owner_id != work.user.id and not work.may(OTHERS_DRAWERS):
        refuse("TC-003", f"Drawer {control.tender_source} belongs to somebody else.", "tender_control_id")
    return control


def require_own_open(work: Work, control_id: int) -> ControlFacts:
    """The drawer, if it is the user's own and open; else TC-003 or PAY-002."""
    control = require_own(work, control_of(work, control_id))
    if control.status != ControlStatus.OPEN:
        refuse("PAY-002", f"Drawer {control.tender_source} is {control.status.lower()}; it must be open for this.")
    return control


def require_no_other(work: Work, tender_source: str) -> None:
    """Refuse with TC-005 a second control of a source that is live: it would be unclear whose cash it is."""
    live = work.store.first(_LIVE, source=tender_source, balanced=ControlStatus.BALANCED.value)
    if live:
        refuse("TC-005", f"Drawer {tender_source} is already {live.status.lower()}; balance it first.", "tender_source")


def blocking_events(work: Work, control_id: int) -> int:
    """How many events with a tender in this control are unbalanced or not frozen."""
    return int(work.store.value(_BLOCKING, control_id=control_id))


def require_finished_events(work: Work, control_id: int) -> None:
    """Refuse with PAY-082 while an event in the drawer is unbalanced or not frozen (R payments B5)."""
    blocking = blocking_events(work, control_id)
    if blocking:
        refuse(
            "PAY-082", f"{blocking} payment event(s) in this drawer are unbalanced or not frozen. Finish them first."
        )
