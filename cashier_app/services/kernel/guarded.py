"""Questions to which everybody gets only the accounts that they may see (R reliability T10).

The store knows who looks. It asks a guarded question as it is for whoever sees everything, and with a condition for
everybody else, so that limits and pages count what is shown.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from cashier_app.domain.access import Access
from cashier_app.models.customer import Account
from cashier_app.models.payment import Payment, Tender
from cashier_app.services.kernel.statements import Statement, among

GROUPS = "access_groups"
"""The parameter of the condition: the groups that the viewer may see."""


class Guarded(Statement):
    """A query with a second form for viewers from whom something is kept."""

    def __init__(self, whole: Any, part: Any) -> None:
        """`part` has the condition, with the parameter `GROUPS`."""
        super().__init__(whole)
        self.part = Statement(part)

    def seen_by(self, access: Access) -> Statement:
        return self if access.everything else self.part


def guarded(query: Select[*tuple[Any, ...]], account_id: Any) -> Guarded:
    """A query of which only rows come whose account, or none, may be seen; a column of accounts or a key of one."""
    return Guarded(query, query.where(may_see(account_id)))


def guarded_event(query: Select[*tuple[Any, ...]], event_id: Any) -> Guarded:
    """A query of which only rows come whose payment event may be seen: by whoever may see all of its accounts."""
    return Guarded(query, query.where(may_see_event(event_id)))


def may_see(account_id: Any) -> ColumnElement[bool]:
    """Whether the viewer may see the account."""
    if account_id is Account.id:
        return among(Account.access_group, GROUPS)
    account = Account.__table__.alias()
    group = select(account.c.access_group).where(account.c.id == account_id)
    return among(group.correlate_except(account).scalar_subquery(), GROUPS)


def may_see_event(event_id: Any) -> ColumnElement[bool]:
    """Whether the viewer may see every account that has to do with the event."""
    tender, payment = Tender.__table__.alias(), Payment.__table__.alias()
    return ~or_(
        exists(
            select(1).where(tender.c.event_id == event_id, ~may_see(tender.c.payor_account_id)).correlate_except(tender)
        ),
        exists(
            select(1).where(payment.c.event_id == event_id, ~may_see(payment.c.account_id)).correlate_except(payment)
        ),
    )
