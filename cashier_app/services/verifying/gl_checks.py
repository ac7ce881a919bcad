"""What was sent to the general ledger: each FT at most once, lines as they were sent, in balance (I16, I17)."""

# ruff: noqa: S608  # the queries are put together of constants only

from __future__ import annotations

from sqlalchemy import select

from cashier_app.domain.errors import RuleViolation
from cashier_app.models.check_request import ApRun
from cashier_app.models.gl import GlFile, GlRun
from cashier_app.services.general_ledger import check_runs, closing
from cashier_app.services.general_ledger.runs import run_of
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_NODE = "(first_ft_id >> 40)"
_DEBIT = "CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END"
_CREDIT = "CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END"
_LINE = (
    f"f.gl_division, f.accounting_date, l.distribution_code, f.currency, -({_DEBIT}) AS debit, -({_CREDIT}) AS credit, "
    "-coalesce(l.statistic_quantity, 0) AS quantity, -1 AS line_count"
)
_STAGED_AND_LINES = (
    "SELECT run_id, chunk, gl_division, accounting_date, distribution_code, currency, debit, credit, quantity, "
    "line_count FROM gl_staged UNION ALL "
    f"SELECT c.run_id, c.number, {_LINE} FROM gl_chunk c "
    "JOIN financial_transaction f ON f.id BETWEEN c.first_ft_id AND c.last_ft_id JOIN gl_line l ON l.ft_id = f.id "
    "WHERE c.kind = 'NEW' AND c.status = 'STAGED' AND NOT EXISTS (SELECT 1 FROM gl_held h WHERE h.ft_id = f.id) "
    "UNION ALL "
    f"SELECT h.sent_run_id, h.sent_chunk, {_LINE} FROM gl_held h JOIN financial_transaction f ON f.id = h.ft_id "
    "JOIN gl_line l ON l.ft_id = f.id WHERE h.sent_run_id IS NOT NULL"
)
_KEY = "run_id, chunk, gl_division, accounting_date, distribution_code, currency"
_ENTRY = "run_id, gl_division, fiscal_year, period, gl_account, statistic_code, fund, currency"
_QUESTIONS = (
    Question(
        "I16",
        "gl_run",
        "What run {0} staged of {1} in period {3} of {2} does not balance in {4}: {5} instead of 0.",
        "SELECT run_id, gl_division, fiscal_year, period, currency, sum(debit) - sum(credit) FROM gl_staged "
        "GROUP BY run_id, gl_division, fiscal_year, period, currency HAVING sum(debit) <> sum(credit)",
    ),
    Question(
        "I17",
        "gl_run",
        "Chunk {1} of run {0} staged other amounts than its lines have: {2}, {3}, {4} in {5} differs by {6} and {7}.",
        f"SELECT {_KEY}, sum(debit), sum(credit) FROM ({_STAGED_AND_LINES}) both_sides GROUP BY {_KEY} "
        "HAVING sum(debit) <> 0 OR sum(credit) <> 0 OR sum(quantity) <> 0 OR sum(line_count) <> 0",
    ),
    # A node's chunks follow one another without a gap or an overlap: so no FT is sent twice, and none passed over.
    Question(
        "I17",
        "gl_run",
        "Chunk {1} of run {0} begins at FT key {2}; the one before ended at {3}.",
        "SELECT run_id, number, first_ft_id, before FROM (SELECT run_id, number, first_ft_id, "
        f"lag(last_ft_id) OVER (PARTITION BY {_NODE} ORDER BY first_ft_id, last_ft_id) AS before "
        "FROM gl_chunk WHERE kind = 'NEW') ordered "
        f"WHERE first_ft_id <> coalesce(before + 1, {_NODE} << 40)",
    ),
    Question(
        "I17",
        "gl_run",
        "Chunk {1} of run {0} read {2} FTs, sent {3} and left {4}.",
        "SELECT c.run_id, c.number, count(f.id), c.ft_count, c.held_count FROM gl_chunk c "
        "LEFT JOIN financial_transaction f ON f.id BETWEEN c.first_ft_id AND c.last_ft_id "
        "WHERE c.kind = 'NEW' AND c.status = 'STAGED' GROUP BY c.run_id, c.number, c.ft_count, c.held_count "
        "HAVING count(f.id) <> c.ft_count + c.held_count",
    ),
    Question(
        "I17",
        "gl_run",
        "Chunk {1} of run {0} is kept with {2} FTs left for later; {3} are named.",
        "SELECT c.run_id, c.number, c.held_count, count(h.ft_id) FROM gl_chunk c LEFT JOIN gl_held h "
        "ON h.run_id = c.run_id AND h.chunk = c.number WHERE c.kind = 'NEW' AND c.status = 'STAGED' "
        "GROUP BY c.run_id, c.number, c.held_count HAVING c.held_count <> count(h.ft_id)",
    ),
    Question(
        "I17",
        "gl_run",
        "Chunk {1} of run {0} is kept with {2} FTs that had waited; {3} are named.",
        "SELECT c.run_id, c.number, c.ft_count, count(h.ft_id) FROM gl_chunk c LEFT JOIN gl_held h "
        "ON h.sent_run_id = c.run_id AND h.sent_chunk = c.number WHERE c.kind = 'HELD' AND c.status = 'STAGED' "
        "GROUP BY c.run_id, c.number, c.ft_count HAVING c.ft_count <> count(h.ft_id)",
    ),
    Question(
        "I17",
        "gl_held",
        "FT {0} is named as left by chunk {2} of run {1}, which did not read it.",
        "SELECT h.ft_id, h.run_id, h.chunk FROM gl_held h LEFT JOIN gl_chunk c ON c.run_id = h.run_id "
        "AND c.number = h.chunk AND h.ft_id BETWEEN c.first_ft_id AND c.last_ft_id AND c.status = 'STAGED' "
        "WHERE c.run_id IS NULL",
    ),
    Question(
        "I17",
        "gl_run",
        "Run {0} is closed; its entry for {4} of {1} in period {3} of {2} differs from what it staged by {5} and {6}.",
        "SELECT run_id, gl_division, fiscal_year, period, gl_account, sum(debit), sum(credit) FROM ("
        f"SELECT {_ENTRY}, debit, credit, quantity FROM gl_entry UNION ALL "
        f"SELECT {_ENTRY}, -debit, -credit, -quantity FROM gl_staged WHERE run_id IN "
        "(SELECT id FROM gl_run WHERE status = 'CLOSED')) both_sides "
        f"GROUP BY {_ENTRY} HAVING sum(debit) <> 0 OR sum(credit) <> 0 OR sum(quantity) <> 0",
    ),
    Question(
        "I17",
        "gl_run",
        "Closed run {0} says {1} FTs, {2} left and {3} lines; its chunks say otherwise.",
        "SELECT r.id, r.ft_count, r.held_count, r.line_count FROM gl_run r WHERE r.status = 'CLOSED' AND ("
        "r.ft_count <> (SELECT coalesce(sum(c.ft_count), 0) FROM gl_chunk c WHERE c.run_id = r.id) "
        "OR r.held_count <> (SELECT coalesce(sum(c.held_count), 0) FROM gl_chunk c WHERE c.run_id = r.id) "
        "OR r.line_count <> (SELECT coalesce(sum(s.line_count), 0) FROM gl_staged s WHERE s.run_id = r.id) "
        "OR EXISTS (SELECT 1 FROM gl_chunk c WHERE c.run_id = r.id AND c.status <> 'STAGED'))",
    ),
    Question(
        "I17",
        "check_request",
        "Check request {0} is {1}, its adjustment {2}.",
        "SELECT q.id, q.status, a.status FROM check_request q JOIN adjustment a ON a.id = q.adjustment_id "
        "WHERE (q.status = 'CANCELED') <> (a.status = 'CANCELED') OR a.status NOT IN ('FROZEN', 'CANCELED') "
        "OR q.amount <> a.amount OR q.currency <> a.currency",
    ),
    Question(
        "I17",
        "check_request",
        "Check request {0} is {1} and {2}.",
        "SELECT id, status, CASE WHEN ap_run_id IS NULL THEN 'went with no run' ELSE 'went with a run' END "
        "FROM check_request WHERE (status = 'REQUESTED' AND ap_run_id IS NOT NULL) "
        "OR (status IN ('EXTRACTED', 'HELD', 'PAID') AND ap_run_id IS NULL) "
        "OR (status = 'PAID' AND document_number = '')",
    ),
)
_FILES = Statement(
    select(GlFile.run_id, GlFile.layout).join(GlRun, GlRun.id == GlFile.run_id).order_by(GlFile.run_id, GlFile.layout)
)
_AP_RUNS = Statement(select(ApRun.number).order_by(ApRun.number))


def check_interfaces(store: Store, report: Report) -> None:
    """Ask everything about runs to the general ledger and to accounts payable, and make each file again."""
    ask(store, _QUESTIONS, report)
    for row in store.all(_FILES):
        report.checked["interface files"] += 1
        try:
            closing.file_of(store, run_of(store, row.run_id), row.layout)
        except RuleViolation as violation:
            report.add("I17", violation.problems[0].sentence, f"gl_run {row.run_id}")
    for row in store.all(_AP_RUNS):
        report.checked["interface files"] += 1
        try:
            check_runs.file_of(store, row.number)
        except RuleViolation as violation:
            report.add("I17", violation.problems[0].sentence, f"ap_run {row.number}")
