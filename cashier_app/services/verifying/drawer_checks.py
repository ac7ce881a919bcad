"""The counter: events that balance (I5), drawers (I7, I9), deposits (I8)."""

# ruff: noqa: S608  # the queries are put together of constants only

from __future__ import annotations

from cashier_app.domain.configuration import TenderSource
from cashier_app.services.cashiering.deposit_controls import to_deposit
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

# What a drawer should hold, from its float, its tenders and its turn-ins alone (R payments 2.5).
_REBUILT = (
    "SELECT tender_control_id, tender_type, sum(amount) AS amount, sum(number) AS number FROM ("
    "SELECT id AS tender_control_id, starting_tender_type AS tender_type, starting_balance AS amount, 0 AS number "
    "FROM tender_control UNION ALL "
    "SELECT tender_control_id, coalesce(applies_to_tender_type, tender_type), sum(amount), count(*) FROM tender "
    "WHERE tender_control_id IS NOT NULL AND (status = 'VALID' OR canceled_after_balance) "
    "GROUP BY tender_control_id, coalesce(applies_to_tender_type, tender_type) UNION ALL "
    "SELECT tender_control_id, tender_type, -sum(amount), 0 FROM turn_in WHERE status <> 'VOIDED' "
    "GROUP BY tender_control_id, tender_type) parts GROUP BY tender_control_id, tender_type"
)
_LAST_SNAPSHOT = (
    "SELECT n.tender_control_id, n.tender_type, n.amount_expected, n.amount_counted FROM tender_control_count n "
    "WHERE n.balancing = (SELECT max(m.balancing) FROM tender_control_count m "
    "WHERE m.tender_control_id = n.tender_control_id)"
)
_QUESTIONS = (
    Question(
        "I5",
        "payment_event",
        "Event {0} is kept as unbalanced by {1}; its tenders and payments say {2}.",
        "SELECT e.id, e.unbalanced_by, coalesce(t.amount, 0) - coalesce(p.amount, 0) FROM payment_event e "
        "LEFT JOIN (SELECT event_id, sum(amount) AS amount FROM tender WHERE status = 'VALID' GROUP BY event_id) t "
        "ON t.event_id = e.id "
        "LEFT JOIN (SELECT event_id, sum(amount) AS amount FROM payment WHERE status <> 'CANCELED' "
        "GROUP BY event_id) p ON p.event_id = e.id "
        "WHERE e.unbalanced_by <> coalesce(t.amount, 0) - coalesce(p.amount, 0)",
    ),
    # What is canceled after the drawer was balanced stays unbalanced until it is placed anew (R payments 1.7).
    Question(
        "I5",
        "payment_event",
        "Event {0} in balanced drawer {1} is unbalanced or not frozen, though nothing of it was canceled.",
        "SELECT DISTINCT e.id, c.id FROM tender_control c JOIN tender t ON t.tender_control_id = c.id "
        "JOIN payment_event e ON e.id = t.event_id WHERE c.status = 'BALANCED' "
        "AND (e.unbalanced_by <> 0 OR EXISTS (SELECT 1 FROM payment p WHERE p.event_id = e.id "
        "AND p.status NOT IN ('RECORDED', 'FROZEN', 'CANCELED'))) "
        "AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.event_id = e.id AND p.status = 'CANCELED') "
        "AND NOT EXISTS (SELECT 1 FROM tender x WHERE x.event_id = e.id AND x.status = 'CANCELED')",
    ),
    Question(
        "I5",
        "payment_event",
        "A tender of event {0} was canceled; payments of {1} are still frozen against valid tenders of {2}.",
        "SELECT e.id, p.amount, t.amount FROM payment_event e JOIN (SELECT event_id, "
        "sum(CASE status WHEN 'VALID' THEN amount ELSE 0 END) AS amount FROM tender GROUP BY event_id "
        "HAVING count(CASE status WHEN 'CANCELED' THEN 1 END) > 0) t ON t.event_id = e.id "
        "JOIN (SELECT event_id, sum(amount) AS amount FROM payment WHERE status = 'FROZEN' GROUP BY event_id) p "
        "ON p.event_id = e.id WHERE p.amount > t.amount "
        "OR (e.kind IN ('OVER_UNDER', 'PAY_IN_OUT') AND p.amount <> t.amount)",
    ),
    Question(
        "I5",
        "payment_event",
        "Event {0} has frozen payments and neither a receipt number nor a movement of the drawer's own.",
        "SELECT e.id FROM payment_event e WHERE e.receipt_number IS NULL AND e.kind IN ('CIS', 'NON_CIS') "
        "AND EXISTS (SELECT 1 FROM payment p WHERE p.event_id = e.id AND p.status IN ('FROZEN', 'CANCELED'))",
    ),
    Question(
        "I7",
        "tender_control",
        "Drawer {0} is kept with {2} {1} in {3} tenders; float, tenders and turn-ins give {4} in {5}.",
        "SELECT k.tender_control_id, k.tender_type, k.amount_expected, k.tender_count, coalesce(r.amount, 0), "
        f"coalesce(r.number, 0) FROM tender_control_total k LEFT JOIN ({_REBUILT}) r "
        "ON r.tender_control_id = k.tender_control_id AND r.tender_type = k.tender_type "
        "WHERE k.amount_expected <> coalesce(r.amount, 0) OR k.tender_count <> coalesce(r.number, 0)",
    ),
    Question(
        "I7",
        "tender_control",
        "Drawer {0} should hold {2} {1}, and no total is kept for it.",
        f"SELECT r.tender_control_id, r.tender_type, r.amount FROM ({_REBUILT}) r WHERE r.amount <> 0 "
        "AND NOT EXISTS (SELECT 1 FROM tender_control_total k WHERE k.tender_control_id = r.tender_control_id "
        "AND k.tender_type = r.tender_type)",
    ),
    Question(
        "I7",
        "tender_control",
        "Balanced drawer {0} holds {2} {1}; {3} was counted and accepted.",
        "SELECT c.id, k.tender_type, k.amount_expected, coalesce(s.amount_counted, 0) FROM tender_control c "
        "JOIN tender_control_total k ON k.tender_control_id = c.id "
        f"LEFT JOIN ({_LAST_SNAPSHOT}) s ON s.tender_control_id = c.id AND s.tender_type = k.tender_type "
        "WHERE c.status = 'BALANCED' AND k.amount_expected <> coalesce(s.amount_counted, 0) AND (NOT c.system_created "
        "OR EXISTS (SELECT 1 FROM tender_control_count n WHERE n.tender_control_id = c.id))",
    ),
    Question(
        "I7",
        "tender_control",
        "Drawer {0} was accepted with {3} {1} counted where {2} was expected.",
        "SELECT tender_control_id, tender_type, amount_expected, amount_counted FROM tender_control_count "
        "WHERE amount_expected <> amount_counted",
    ),
    Question(
        "I7",
        "tender_control",
        "Balanced drawer {0} was accepted with {2} {1}; its last count says {3}.",
        f"SELECT c.id, s.tender_type, s.amount_counted, coalesce(n.amount, 0) FROM ({_LAST_SNAPSHOT}) s "
        "JOIN tender_control c ON c.id = s.tender_control_id AND c.status = 'BALANCED' AND NOT c.system_created "
        "LEFT JOIN (SELECT d.tender_control_id, l.tender_type, sum(l.amount) AS amount FROM drawer_count d "
        "JOIN drawer_count_line l ON l.count_id = d.id WHERE d.purpose = 'CLOSING' AND d.attempt = ("
        "SELECT max(o.attempt) FROM drawer_count o WHERE o.tender_control_id = d.tender_control_id "
        "AND o.purpose = 'CLOSING') GROUP BY d.tender_control_id, l.tender_type) n "
        "ON n.tender_control_id = s.tender_control_id AND n.tender_type = s.tender_type "
        "WHERE s.amount_counted <> coalesce(n.amount, 0)",
    ),
    Question(
        "I7",
        "tender_control",
        "Balanced drawer {0} has no numbered report.",
        "SELECT c.id FROM tender_control c WHERE c.status = 'BALANCED' AND NOT c.system_created "
        "AND NOT EXISTS (SELECT 1 FROM drawer_report z WHERE z.tender_control_id = c.id)",
    ),
    Question(
        "I7",
        "turn_in",
        "Turn-in {0} waits to be received, but its drawer {1} is balanced.",
        "SELECT i.id, c.id FROM turn_in i JOIN tender_control c ON c.id = i.tender_control_id "
        "WHERE i.status = 'PENDING' AND c.status = 'BALANCED'",
    ),
    Question(
        "I8",
        "tender",
        "Tender {0} of a counter event lies in no drawer.",
        "SELECT t.id FROM tender t JOIN payment_event e ON e.id = t.event_id "
        "WHERE t.tender_control_id IS NULL AND e.kind <> 'AUTOPAY'",
    ),
    Question(
        "I8",
        "tender",
        "Tender {0} is in {1}, its drawer in {2}.",
        "SELECT t.id, e.currency, c.currency FROM tender t JOIN payment_event e ON e.id = t.event_id "
        "JOIN tender_control c ON c.id = t.tender_control_id WHERE c.currency <> e.currency",
    ),
    Question(
        "I8",
        "tender_control",
        "Drawer {0} is in {1}, its deposit {2} in {3}.",
        "SELECT c.id, c.currency, d.id, d.currency FROM tender_control c "
        "JOIN deposit_control d ON d.id = c.deposit_control_id WHERE c.currency <> d.currency",
    ),
    Question(
        "I8",
        "tender_control",
        "Drawer {0} is {1}, though its deposit {2} is {3}.",
        "SELECT c.id, c.status, d.id, d.status FROM tender_control c "
        "JOIN deposit_control d ON d.id = c.deposit_control_id WHERE d.status <> 'OPEN' AND c.status <> 'BALANCED'",
    ),
    Question(
        "I8",
        "turn_in",
        "Turn-in {0} went to deposit {1}, its drawer belongs to {2}.",
        "SELECT i.id, i.deposit_control_id, c.deposit_control_id FROM turn_in i "
        "JOIN tender_control c ON c.id = i.tender_control_id WHERE i.deposit_control_id <> c.deposit_control_id",
    ),
    Question(
        "I9",
        "tender_control",
        "Closed drawer {0}: its float and {1} in tenders less turn-ins are not the {2} that was counted.",
        f"SELECT c.id, r.amount, s.amount FROM tender_control c "
        f"JOIN (SELECT tender_control_id, sum(amount) AS amount FROM ({_REBUILT}) x GROUP BY tender_control_id) r "
        "ON r.tender_control_id = c.id JOIN (SELECT tender_control_id, sum(amount_counted) AS amount "
        f"FROM ({_LAST_SNAPSHOT}) y GROUP BY tender_control_id) s ON s.tender_control_id = c.id "
        "WHERE c.status = 'BALANCED' AND r.amount <> s.amount",
    ),
)
_DEPOSITS = (
    "SELECT d.id, d.status, d.source_type, coalesce(sum(t.amount), 0) FROM deposit_control d "
    "LEFT JOIN tender_deposit t ON t.deposit_control_id = d.id GROUP BY d.id, d.status, d.source_type ORDER BY d.id"
)
_SOURCES = "SELECT DISTINCT c.deposit_control_id, c.tender_source FROM tender_control c ORDER BY 1, 2"


def check_drawers(store: Store, config: Configuration, report: Report) -> None:
    """Ask everything about events, drawers and deposits."""
    ask(store, _QUESTIONS, report)
    kinds = _check_deposits(store, config, report)
    store.cursor.execute(_SOURCES)
    sources = config.all(TenderSource)
    for deposit_id, code in store.cursor.fetchall():
        source = sources.get(code)
        if source is None or source.type != kinds[deposit_id]:
            report.add("I8", f"Drawer {code} does not belong in a deposit of {kinds[deposit_id]}.", f"{deposit_id}")


def _check_deposits(store: Store, config: Configuration, report: Report) -> dict[int, str]:
    store.cursor.execute(_DEPOSITS)
    rows = store.cursor.fetchall()
    report.checked["deposits"] += len(rows)
    for deposit_id, status, _, deposited in rows:
        if status == "OPEN" and not deposited:
            continue
        wanted = to_deposit(store, config, deposit_id)
        if deposited > wanted or (status == "BALANCED" and deposited != wanted):
            report.add(
                "I8",
                f"Deposit {deposit_id} is {status} with {deposited} on slips; its drawers and turn-ins bring {wanted}.",
                f"deposit_control {deposit_id}",
            )
    return {row[0]: row[2] for row in rows}
