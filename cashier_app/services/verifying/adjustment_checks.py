"""Adjustments: what waits has one unfrozen FT, halves share one fate (I1, I4); the right people approved (I15)."""

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
    Question(
        "I15",
        "approval_request",
        "Request {0} is {1}; of its {2} levels {3} are approved and {4} are rejected.",
        "SELECT r.id, r.status, count(l.level), count(CASE l.outcome WHEN 'APPROVED' THEN 1 END), "
        "count(CASE l.outcome WHEN 'REJECTED' THEN 1 END) FROM approval_request r "
        "LEFT JOIN approval_level l ON l.request_id = r.id GROUP BY r.id, r.status, r.level "
        "HAVING count(CASE l.outcome WHEN 'APPROVED' THEN 1 END) <> CASE r.status WHEN 'APPROVED' THEN count(l.level) "
        "WHEN 'NOT_NEEDED' THEN 0 ELSE r.level - 1 END "
        "OR count(CASE l.outcome WHEN 'REJECTED' THEN 1 END) <> CASE r.status WHEN 'REJECTED' THEN 1 ELSE 0 END",
    ),
    Question(
        "I15",
        "approval_level",
        "Level {1} of request {0} was approved by user {2}, who had submitted it or approved another level.",
        "SELECT l.request_id, l.level, l.decided_by FROM approval_level l "
        "JOIN approval_request r ON r.id = l.request_id WHERE l.outcome = 'APPROVED' AND (l.decided_by IS NULL "
        "OR l.decided_by = r.requested_by OR EXISTS (SELECT 1 FROM approval_level o WHERE o.request_id = l.request_id "
        "AND o.level < l.level AND o.decided_by = l.decided_by))",
    ),
    Question(
        "I15",
        "approval_request",
        "Request {0} is {1}, but its adjustment {2} is not what it says.",
        "SELECT r.id, r.status, r.adjustment_id FROM approval_request r "
        "LEFT JOIN adjustment a ON a.id = r.adjustment_id AND a.approval_request_id = r.id WHERE "
        "a.amount <> r.amount OR a.sa_id <> r.sa_id OR a.adjustment_type <> r.adjustment_type "
        "OR a.currency <> r.currency OR (r.status = 'IN_PROGRESS' AND coalesce(a.status, '') <> 'FREEZABLE') "
        "OR (r.status = 'REJECTED' AND a.id IS NOT NULL)",
    ),
    Question(
        "I15",
        "adjustment",
        "Adjustment {0} counts as approved, but request {1} does not say so; or the other way round.",
        "SELECT a.id, a.approval_request_id FROM adjustment a "
        "LEFT JOIN approval_request r ON r.id = a.approval_request_id "
        "WHERE (a.approved OR a.approval_request_id IS NOT NULL) "
        "AND a.approved <> coalesce(r.status IN ('APPROVED', 'NOT_NEEDED'), false)",
    ),
)


def check_adjustments(store: Store, report: Report) -> None:
    """Ask about what waits, what was calculated, what was transferred, and who approved it."""
    ask(store, _QUESTIONS, report)
