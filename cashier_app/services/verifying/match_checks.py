"""Match events: they hold what is their account's, in the state that its sums give; kept disputes are rebuilt (I3)."""

from __future__ import annotations

from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_QUESTIONS = (
    Question(
        "I3",
        "service_agreement",
        "Agreement {0} keeps {1} as disputed; its transactions in disputed match events come to {2}.",
        "SELECT s.id, s.disputed_balance, coalesce(d.amount, 0) FROM service_agreement s LEFT JOIN ("
        "SELECT f.sa_id, sum(f.current_amount) AS amount FROM match_event m "
        "JOIN financial_transaction f ON f.match_event_id = m.id WHERE m.disputed GROUP BY f.sa_id) d "
        "ON d.sa_id = s.id WHERE s.disputed_balance <> coalesce(d.amount, 0)",
    ),
    Question(
        "I3",
        "match_event",
        "Match event {0} is balanced; on agreement {1} its transactions come to {2}.",
        "SELECT m.id, f.sa_id, sum(f.current_amount) FROM match_event m "
        "JOIN financial_transaction f ON f.match_event_id = m.id WHERE m.status = 'BALANCED' "
        "GROUP BY m.id, f.sa_id HAVING sum(f.current_amount) <> 0",
    ),
    Question(
        "I3",
        "match_event",
        "Match event {0} is {1}, with {2} transactions; only an open one may be disputed, only a canceled one empty.",
        "SELECT m.id, m.status, count(f.id), m.disputed FROM match_event m "
        "LEFT JOIN financial_transaction f ON f.match_event_id = m.id GROUP BY m.id, m.status, m.disputed "
        "HAVING (count(f.id) = 0) <> (m.status = 'CANCELED') OR (m.disputed AND m.status <> 'OPEN')",
    ),
    Question(
        "I3",
        "match_event",
        "Match event {0} holds FT {1}, which is another account's, or was canceled.",
        "SELECT m.id, f.id FROM match_event m JOIN financial_transaction f ON f.match_event_id = m.id "
        "JOIN service_agreement s ON s.id = f.sa_id WHERE s.account_id <> m.account_id "
        "OR f.reverses_ft_id IS NOT NULL "
        "OR EXISTS (SELECT 1 FROM financial_transaction r WHERE r.reverses_ft_id = f.id)",
    ),
    Question(
        "I3",
        "service_agreement",
        "Agreement {0} has transactions in match events and does not say since when.",
        "SELECT DISTINCT s.id FROM service_agreement s JOIN financial_transaction f ON f.sa_id = s.id "
        "WHERE f.match_event_id IS NOT NULL AND s.matched_mark IS NULL",
    ),
)


def check_match_events(store: Store, report: Report, *, branch: bool) -> None:
    """Ask what covers each other, and what is disputed; a branch has that as the server has told it."""
    if not branch:
        ask(store, _QUESTIONS, report)
