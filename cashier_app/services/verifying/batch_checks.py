"""Batch: a finished run is the sum of its chunks; the kept totals of the company's debt add up to the balances."""

from __future__ import annotations

from cashier_app.services.accounting.company_debt import picture_differences
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_QUESTIONS = (
    Question(
        "I17",
        "batch_plan",
        "Run {0} says {1} done and {2} not; its chunks come to {3} and {4}.",
        "SELECT p.run_id, p.units_done, p.units_in_error, coalesce(sum(c.units_done), 0), "
        "coalesce(sum(c.units_in_error), 0) FROM batch_plan p LEFT JOIN batch_chunk c ON c.run_id = p.run_id "
        "WHERE p.status = 'FINISHED' GROUP BY p.run_id, p.units_done, p.units_in_error, p.chunks "
        "HAVING coalesce(sum(c.units_done), 0) <> p.units_done "
        "OR coalesce(sum(c.units_in_error), 0) <> p.units_in_error OR count(c.run_id) <> p.chunks",
    ),
    Question(
        "I17",
        "batch_plan",
        "Run {0} is finished, but its chunk {1} is not done.",
        "SELECT p.run_id, c.number FROM batch_plan p JOIN batch_chunk c ON c.run_id = p.run_id "
        "WHERE p.status = 'FINISHED' AND c.status <> 'DONE'",
    ),
    Question(
        "I17",
        "batch_chunk",
        "Chunk {1} of run {0} counts {2} units in error and names {3}.",
        "SELECT c.run_id, c.number, c.units_in_error, count(e.unit) FROM batch_chunk c LEFT JOIN batch_error e "
        "ON e.run_id = c.run_id AND e.number = c.number GROUP BY c.run_id, c.number, c.units_in_error "
        "HAVING count(e.unit) <> c.units_in_error",
    ),
    Question(
        "I17",
        "batch_chunk",
        "Chunk {1} of run {0} begins at {2}; the one before ended at {3}.",
        "SELECT run_id, number, first_key, before FROM (SELECT run_id, number, first_key, "
        "lag(last_key) OVER (PARTITION BY run_id ORDER BY number) AS before FROM batch_chunk) ordered "
        "WHERE before >= first_key",
    ),
)


def check_batch(store: Store, report: Report) -> None:
    """Ask everything about runs in chunks, and hold the kept debt against the balances of now."""
    ask(store, _QUESTIONS, report)
    for currency, kept, owed in picture_differences(store):
        report.add(
            "I3", f"The kept debt of the company comes to {kept} {currency}; balances come to {owed}.", "debt_picture"
        )
