"""What covers each other on open-item accounts: kept beside the balances, and undone by a reversal (R billing 18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update

from cashier_app.domain.lifecycles import MATCH_EVENT, MatchEventStatus
from cashier_app.domain.matching import Matched, may_be_disputed, status_of
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.match_event import MatchEvent
from cashier_app.services.kernel.statements import Statement, among, change
from cashier_app.services.kernel.work import Work

REVERSED: Final = "Everything in it was canceled."
"""Why an event is canceled of which a reversal left nothing."""

_MEMBERS = Statement(
    select(
        FinancialTransaction.match_event_id,
        FinancialTransaction.id,
        FinancialTransaction.sa_id,
        FinancialTransaction.current_amount,
    )
    .where(among(FinancialTransaction.match_event_id, "ids"))
    .order_by(FinancialTransaction.id)
)
_EVENTS = Statement(
    select(MatchEvent.id, MatchEvent.account_id, MatchEvent.status, MatchEvent.disputed, MatchEvent.cancel_reason)
    .where(among(MatchEvent.id, "ids"))
    .order_by(MatchEvent.id)
)
_IN_EVENTS = Statement(
    select(FinancialTransaction.id, FinancialTransaction.match_event_id, FinancialTransaction.sa_id).where(
        among(FinancialTransaction.id, "ids"), FinancialTransaction.match_event_id.is_not(None)
    )
)
_KEEP = Statement(
    update(ServiceAgreement)
    .where(ServiceAgreement.id == bindparam("sa_id"))
    .values(
        disputed_balance=select(func.coalesce(func.sum(FinancialTransaction.current_amount), 0))
        .join(MatchEvent, MatchEvent.id == FinancialTransaction.match_event_id)
        .where(
            MatchEvent.account_id == ServiceAgreement.account_id,
            MatchEvent.disputed,
            FinancialTransaction.sa_id == ServiceAgreement.id,
        )
        .scalar_subquery(),
        matched_mark=bindparam("mark"),
    )
)
_PUT = change(FinancialTransaction, "match_event_id")
_SETTLE = change(MatchEvent, "status disputed cancel_reason")


def members_of(work: Work, event_ids: Iterable[int]) -> dict[int, list[Matched]]:
    """The transactions of match events, by event."""
    found: dict[int, list[Matched]] = {event_id: [] for event_id in event_ids}
    for row in work.store.all(_MEMBERS, ids=list(found)):
        found[row.match_event_id].append(Matched(*row[1:]))
    return found


def put(work: Work, event_id: int | None, ft_ids: Sequence[int]) -> None:
    """Put transactions into an event, or into none."""
    work.store.write(_PUT, [(event_id, ft_id) for ft_id in ft_ids])


def settle(work: Work, event: Any, *, disputed: bool) -> MatchEventStatus:
    """Move an event to the state that its transactions give it."""
    (members,) = members_of(work, [event.id]).values()
    status = status_of(members, disputed=disputed)
    if (status, disputed) != (event.status, bool(event.disputed)):
        MATCH_EVENT.move(MatchEventStatus(event.status), status)
        work.store.write(_SETTLE, [(status.value, disputed, event.cancel_reason, event.id)])
    return status


def cancel(work: Work, event: Any, reason: str) -> None:
    """End an event for good; its transactions must have left it."""
    status = MATCH_EVENT.move(MatchEventStatus(event.status), MatchEventStatus.CANCELED)
    work.store.write(_SETTLE, [(status.value, False, reason, event.id)])


def keep_disputed(work: Work, sa_ids: Iterable[int]) -> None:
    """Add up anew what is disputed on agreements whose transactions were matched otherwise."""
    work.store.apply(_KEEP, [{"sa_id": sa_id, "mark": work.new_id()} for sa_id in sorted(set(sa_ids))])


def release(work: Work, ft_ids: Iterable[int]) -> None:
    """Take transactions that were reversed out of their events: each is covered by its reversal from now on.

    What they had covered is open again. A dispute ends where more is credited than charged, and an event of which
    nothing is left is canceled.
    """
    rows = work.store.all(_IN_EVENTS, ids=list(ft_ids))
    if not rows:
        return
    put(work, None, [row.id for row in rows])
    event_ids = sorted({row.match_event_id for row in rows})
    left = members_of(work, event_ids)
    sa_ids = {row.sa_id for row in rows}
    for event in work.store.all(_EVENTS, ids=event_ids):
        members = left[event.id]
        sa_ids.update(member.sa_id for member in members)
        if members:
            settle(work, event, disputed=bool(event.disputed) and may_be_disputed(members))
        else:
            cancel(work, event, REVERSED)
    keep_disputed(work, sa_ids)
