"""Adjustments: what waits has one unfrozen FT, halves share one fate, lines make up the amount (I1, I4)."""

from __future__ import annotations

from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_QUESTIONS = (
    Question(
        "I1",
        "unfrozen_ft",
        "The GL lines of unfrozen FT {0} add up to {1}.",
        "SELECT ft_id, sum(amount) FROM unfrozen_gl_line GROUP BY ft_id HAVING sum(amount) <> 0",
    ),
    Question(
        "I4",
        "adjustment",
        "Adjustment {0} is {1} and has {2} unfrozen FTs.",
        "SELECT a.id, a.status, count(u.id) FROM adjustment a LEFT JOIN unfrozen_ft u ON u.source_id = a.id "
        "WHERE a.status NOT IN ('FROZEN', 'CANCELED') GROUP BY a.id, a.status "
        "HAVING count(u.id) <> CASE a.status WHEN 'FREEZABLE' THEN 1 ELSE 0 END",
    ),
    Question(
        "I4",
        "unfrozen_ft",
        "Unfrozen FT {0} is of {1}, which does not wait for it, or is on another agreement.",
        "SELECT u.id, u.source_id FROM unfrozen_ft u LEFT JOIN adjustment a ON a.id = u.source_id "
        "WHERE a.id IS NULL OR a.status <> 'FREEZABLE' OR a.sa_id <> u.sa_id OR a.currency <> u.currency "
        "OR u.current_amount NOT IN (0, a.amount) OR u.payoff_amount NOT IN (0, a.amount)",
    ),
    Question(
        "I4",
        "adjustment",
        "The calculation lines of adjustment {0} add up to {2} instead of {1}.",
        "SELECT a.id, a.amount, sum(l.amount) FROM adjustment_line l JOIN adjustment a ON a.id = l.adjustment_id "
        "GROUP BY a.id, a.amount HAVING sum(l.amount) <> a.amount",
    ),
    Question(
        "I4",
        "adjustment",
        "Adjustment {0} and the other half of its transfer, {1}, do not share amount, type and state.",
        "SELECT a.id, a.transfer_id FROM adjustment a LEFT JOIN adjustment b ON b.id = a.transfer_id "
        "WHERE a.transfer_id IS NOT NULL AND (b.id IS NULL OR b.transfer_id IS NULL OR b.transfer_id <> a.id "
        "OR b.amount <> -a.amount OR b.status <> a.status OR b.adjustment_type <> a.adjustment_type "
        "OR b.currency <> a.currency)",
    ),
)


def check_adjustments(store: Store, report: Report) -> None:
    """Ask about what waits, what was calculated, and what was transferred."""
    ask(store, _QUESTIONS, report)
