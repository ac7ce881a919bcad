"""The books: I1 to I4 and the trial balance of I16."""

from __future__ import annotations

from cashier_app.models.match_event import STILL_AGES
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.period_checks import check_periods
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

# `+` keeps SQLite from grouping along an index, which would jump about in the table.
_AD = "CASE WHEN f.kind = 'AD' AND f.current_amount IN (0, a.amount) AND f.payoff_amount IN (0, a.amount) THEN 1 END"
_QUESTIONS = (
    Question(
        "I1",
        "financial_transaction",
        "The GL lines of FT {0} add up to {1} instead of 0.",
        "SELECT ft_id, sum(amount) FROM gl_line GROUP BY ft_id HAVING sum(amount) <> 0",
    ),
    Question(
        "I1",
        "financial_transaction",
        "FT {0} changes the payoff balance by {1} and books debits of {2} only.",
        "SELECT id, payoff_amount, debits FROM (SELECT f.id, f.payoff_amount, (SELECT coalesce(sum(l.amount), 0) "
        "FROM gl_line l WHERE l.ft_id = f.id AND l.amount > 0) AS debits FROM financial_transaction f "
        "WHERE f.payoff_amount <> 0 AND f.frozen_at IS NOT NULL) booked WHERE abs(payoff_amount) > debits",
    ),
    Question(
        "I1",
        "financial_transaction",
        "FT {0} is in {1}, its agreement in {2}.",
        "SELECT f.id, f.currency, s.currency FROM financial_transaction f JOIN service_agreement s ON s.id = f.sa_id "
        "WHERE f.currency <> s.currency",
    ),
    Question(
        "I1",
        "service_agreement",
        "Agreement {0} is in {1}, its account in {2}.",
        "SELECT s.id, s.currency, a.currency FROM service_agreement s JOIN account a ON a.id = s.account_id "
        "WHERE s.currency <> a.currency",
    ),
    Question(
        "I2",
        "service_agreement",
        "Agreement {0} keeps balances {1} and {2}; its frozen FTs add up to {3} and {4}.",
        "SELECT sa_id, sum(kept_current), sum(kept_payoff), sum(current_amount), sum(payoff_amount) FROM ("
        "SELECT +sa_id AS sa_id, 0 AS kept_current, 0 AS kept_payoff, current_amount, payoff_amount "
        "FROM financial_transaction WHERE frozen_at IS NOT NULL UNION ALL "
        "SELECT id, current_balance, payoff_balance, 0, 0 FROM service_agreement) both_sides GROUP BY sa_id "
        "HAVING sum(kept_current) <> sum(current_amount) OR sum(kept_payoff) <> sum(payoff_amount)",
    ),
    Question(
        "I2",
        "service_agreement",
        "The redundant FTs of agreement {0} add up to {1} instead of 0.",
        "SELECT sa_id, sum(current_amount) FROM financial_transaction WHERE redundant "
        "GROUP BY sa_id HAVING sum(current_amount) <> 0",
    ),
    Question(
        "I3",
        "service_agreement",
        "Agreement {0} owes {1}, but its charges that can age come to {2} only.",
        "SELECT sa_id, sum(owed), sum(charge) FROM ("  # noqa: S608  # a constant
        "SELECT +sa_id AS sa_id, 0 AS owed, current_amount AS charge FROM financial_transaction "
        "WHERE current_amount > 0 AND reverses_ft_id IS NULL AND frozen_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM financial_transaction r WHERE r.reverses_ft_id = financial_transaction.id) "
        f"AND {STILL_AGES.text} UNION ALL "
        "SELECT id, current_balance - disputed_balance, 0 FROM service_agreement "
        "WHERE current_balance > disputed_balance) both_sides GROUP BY sa_id "
        "HAVING sum(owed) > 0 AND sum(owed) > sum(charge)",
    ),
    Question(
        "I4",
        "payment",
        "Payment {0} is {1} for {2}; its segments add up to {3}.",
        "SELECT p.id, p.status, p.amount, coalesce(sum(g.amount), 0) FROM payment p "
        "LEFT JOIN payment_segment g ON g.payment_id = p.id WHERE p.status IN ('FREEZABLE', 'FROZEN', 'CANCELED') "
        # What could not be booked when it arrived was replaced by a payment to suspense, before it had any segment.
        "AND NOT (g.id IS NULL AND EXISTS (SELECT 1 FROM payment s WHERE s.transferred_from = p.id "
        "AND s.event_id = p.event_id AND s.amount = p.amount)) "
        "GROUP BY p.id, p.status, p.amount HAVING p.amount <> coalesce(sum(g.amount), 0)",
    ),
    Question(
        "I4",
        "payment_segment",
        "Segment {0} is for agreement {1}, which does not belong to the account of its payment.",
        "SELECT g.id, g.sa_id FROM payment_segment g JOIN payment p ON p.id = g.payment_id "
        "JOIN service_agreement s ON s.id = g.sa_id WHERE s.account_id <> p.account_id",
    ),
    Question(
        "I4",
        "payment_segment",
        "Segment {0} of a payment that is {1} has {2} PS and {3} PX.",
        "SELECT g.id, p.status, count(CASE f.kind WHEN 'PS' THEN 1 END), count(CASE f.kind WHEN 'PX' THEN 1 END) "
        "FROM payment_segment g JOIN payment p ON p.id = g.payment_id "
        "LEFT JOIN financial_transaction f ON f.source_id = g.id AND f.frozen_at IS NOT NULL "
        "GROUP BY g.id, p.status "
        "HAVING count(CASE f.kind WHEN 'PS' THEN 1 END) "
        "<> CASE WHEN p.status IN ('FROZEN', 'CANCELED') THEN 1 ELSE 0 END "
        "OR count(CASE f.kind WHEN 'PX' THEN 1 END) <> CASE p.status WHEN 'CANCELED' THEN 1 ELSE 0 END",
    ),
    Question(
        "I4",
        "financial_transaction",
        "FT {0} pays {1} on agreement {2}; its segment says {3} on {4}.",
        "SELECT f.id, f.current_amount, f.sa_id, g.amount, g.sa_id FROM financial_transaction f "
        "LEFT JOIN payment_segment g ON g.id = f.source_id WHERE f.kind IN ('PS', 'PX') AND (g.id IS NULL "
        "OR g.sa_id <> f.sa_id OR (f.kind = 'PS' AND f.current_amount <> -g.amount))",
    ),
    Question(
        "I4",
        "adjustment",
        "Adjustment {0} is {1} and has {2} AD of its amount and {3} AX.",
        f"SELECT a.id, a.status, count({_AD}), count(CASE f.kind WHEN 'AX' THEN 1 END) "  # noqa: S608  # a constant
        "FROM adjustment a LEFT JOIN financial_transaction f ON f.source_id = a.id AND f.sa_id = a.sa_id "
        "AND f.frozen_at IS NOT NULL GROUP BY a.id, a.status "
        f"HAVING count({_AD}) <> CASE WHEN a.status IN ('FROZEN', 'CANCELED') THEN 1 ELSE 0 END "
        "OR count(CASE f.kind WHEN 'AX' THEN 1 END) <> CASE a.status WHEN 'CANCELED' THEN 1 ELSE 0 END",
    ),
    Question(
        "I4",
        "financial_transaction",
        "FT {0} ({1}) is not the mirror of FT {2}.",
        "SELECT r.id, r.kind, r.reverses_ft_id FROM financial_transaction r "
        "LEFT JOIN financial_transaction f ON f.id = r.reverses_ft_id WHERE r.kind IN ('PX', 'AX', 'BX') AND ("
        "f.id IS NULL OR r.current_amount <> -f.current_amount OR r.payoff_amount <> -f.payoff_amount "
        "OR r.sa_id <> f.sa_id OR r.source_id <> f.source_id)",
    ),
    # A tender canceled on another bank account moves the cash side, and only that, to another code.
    Question(
        "I4",
        "financial_transaction",
        "Line {1} of FT {0} does not undo the same line of FT {2}.",
        "SELECT r.id, l.line, f.id FROM financial_transaction r "
        "JOIN financial_transaction f ON f.id = r.reverses_ft_id JOIN gl_line l ON l.ft_id = f.id "
        "LEFT JOIN gl_line m ON m.ft_id = r.id AND m.line = l.line "
        "WHERE m.ft_id IS NULL OR m.amount <> -l.amount OR (m.distribution_code <> l.distribution_code AND NOT EXISTS "
        "(SELECT 1 FROM payment_segment g JOIN payment p ON p.id = g.payment_id "
        "JOIN tender t ON t.event_id = p.event_id WHERE g.id = f.source_id AND t.cancel_bank_account IS NOT NULL))",
    ),
    Question(
        "I14",
        "payment",
        "Payment {0} of {1} arrived from a branch and was never booked.",
        "SELECT id, amount FROM payment WHERE status = 'RECORDED'",
    ),
    Question(
        "I4",
        "payment",
        "Payment {0} is in {1}, its event in {2} and its account in {3}.",
        "SELECT p.id, p.currency, e.currency, a.currency FROM payment p JOIN payment_event e ON e.id = p.event_id "
        "JOIN account a ON a.id = p.account_id WHERE p.currency <> e.currency OR p.currency <> a.currency",
    ),
    Question(
        "I16",
        "accounting date",
        "The trial balance of {0} for {1} in {2} is {3} instead of 0.",
        "SELECT f.accounting_date, f.gl_division, f.currency, sum(l.amount) FROM financial_transaction f "
        "JOIN gl_line l ON l.ft_id = f.id GROUP BY f.accounting_date, f.gl_division, f.currency "
        "HAVING sum(l.amount) <> 0",
    ),
    Question(
        "I16",
        "financial_transaction",
        "FT {0} names journal entry {1}, which does not exist or is another day's or user's.",
        "SELECT f.id, f.journal_id FROM financial_transaction f LEFT JOIN journal j ON j.id = f.journal_id "
        "WHERE j.id IS NULL OR f.frozen_at <> j.executed_at OR f.frozen_by <> j.user_id",
    ),
)
_AT_A_BRANCH = (
    Question(
        "I1",
        "financial_transaction",
        "FT {0} is in the database of a branch, which books nothing.",
        "SELECT id FROM financial_transaction",
    ),
)


def check_ledger(store: Store, config: Configuration, report: Report) -> None:
    """Ask everything about FTs, GL lines, segments and balances; of a branch only that it keeps no books."""
    if config.is_branch:
        ask(store, _AT_A_BRANCH, report)
        return
    ask(store, _QUESTIONS, report)
    check_periods(store, config, report)
