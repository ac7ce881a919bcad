"""Credit rating and cash-only score of an account (R payments 1.9)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import Problem
from cashier_app.models.customer import CreditRatingEntry
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

_POINTS = Statement(
    select(
        func.coalesce(func.sum(CreditRatingEntry.rating_points), 0).label("rating"),
        func.coalesce(func.sum(CreditRatingEntry.cash_only_points), 0).label("cash_only"),
    ).where(
        CreditRatingEntry.account_id == bindparam("account_id"),
        CreditRatingEntry.starts <= bindparam("today"),
        CreditRatingEntry.ends >= bindparam("today"),
    )
)


class CreditStanding(NamedTuple):
    """Where an account stands on a day."""

    rating: int
    cash_only_score: int
    is_risky: bool
    is_cash_only: bool


def credit_standing(store: Store, config: Configuration, account_id: int, today: date) -> CreditStanding:
    """Beginning values plus the points in force; limits are exceeded strictly (R payments 0.2)."""
    points = store.first(_POINTS, account_id=account_id, today=today)
    installation = config.installation
    rating = installation.beginning_credit_rating + int(points.rating if points else 0)
    score = installation.beginning_cash_only_score + int(points.cash_only if points else 0)
    return CreditStanding(
        rating, score, rating < installation.credit_rating_threshold, score > installation.cash_only_threshold
    )


def cash_only_problem(work: Work, account_id: int) -> Problem | None:
    """PAY-011 for a cash-only account; the operator may confirm and go on."""
    if not credit_standing(work.store, work.config, account_id, work.business_date).is_cash_only:
        return None
    return Problem(
        "PAY-011", "This customer is cash-only and the tender is not cash. Ask for cash, or confirm.", "tenders"
    )
