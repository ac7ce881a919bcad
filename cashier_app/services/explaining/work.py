"""Counts of what is to be done and what programs did: To Do entries, requests by age, runs of batch jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.domain.lifecycles import ApprovalStatus
from cashier_app.domain.money import Money
from cashier_app.models.approval import ApprovalRequest
from cashier_app.models.batch import BatchChunk, BatchPlan
from cashier_app.services.batch.run_records import run_of
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, page_of
from cashier_app.services.explaining.origins import by_control, moment
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.guarded import guarded
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.approvals import AGES
from cashier_app.services.queries.event_lists import EventLine, unbalanced_events, unfrozen_events
from cashier_app.services.queries.to_do import ToDoRow, to_do_counts, to_do_entries

_MOST = 10_000
"""So many entries are looked through; a list of work is never that long."""
_OPEN = guarded(
    select(
        *(ApprovalRequest.id, ApprovalRequest.adjustment_type, ApprovalRequest.amount, ApprovalRequest.currency),
        ApprovalRequest.requested_at,
    )
    .where(ApprovalRequest.status == bindparam("in_progress"))
    .order_by(ApprovalRequest.requested_at, ApprovalRequest.id),
    ApprovalRequest.account_id,
)
_PLAN = Statement(
    select(BatchPlan.job, BatchPlan.number, BatchPlan.parameters, BatchPlan.business_date).where(
        BatchPlan.run_id == bindparam("run_id")
    )
)
_CHUNKS = Statement(
    select(
        *(BatchChunk.number, BatchChunk.status, BatchChunk.units_done, BatchChunk.units_in_error, BatchChunk.totals),
        *(BatchChunk.first_key, BatchChunk.last_key),
    )
    .where(BatchChunk.run_id == bindparam("run_id"))
    .order_by(BatchChunk.number)
)


@explains(FigureKind.TO_DO, "WorkOnToDo", "ViewCustomers")
def explain_to_do(asked: Asked, to_do_type: str) -> Explanation:
    """The entries that wait for the viewer's roles: of a type, `unbalanced` or `unfrozen` events, or all of them."""
    if to_do_type in {"unbalanced", "unfrozen"}:
        return _events(asked, to_do_type)
    user_id = asked.viewer.user_id
    counts = to_do_counts(asked.store, asked.config, user_id) if user_id is not None else ()
    if not to_do_type:
        parts = [
            Part(words=each.description, amount=each.count, figure=figure(FigureKind.TO_DO, each.to_do_type))
            for each in counts
        ]
        return asked.answer("Waits for you", sum(each.count for each in counts), "", parts)
    rows = to_do_entries(asked.store, asked.config, _MOST, to_do_type, user_id=user_id)
    page = page_of(asked, rows, lambda _row: 1, _entry)
    reasons = [
        Reason(words="Entries for one of your To Do roles, and those for everybody."),
        by_control(asked, "to_do_type", to_do_type, "Their type"),
    ]
    return asked.answer(f"Waits: {to_do_type}", len(rows), "", page.parts, reasons, rest=page.rest, next=page.next)


def _entry(row: ToDoRow) -> Part:
    about = NO_FIGURE
    if row.request_id is not None:
        about = figure(FigureKind.APPROVAL, row.request_id)
    elif row.event_id is not None:
        about = figure(FigureKind.EVENT, row.event_id, "amount")
    elif row.account_id is not None:
        about = figure(FigureKind.ACCOUNT, row.account_id, "current")
    return Part(words=f"{row.name}: {row.text}" if row.name else row.text, amount=1, figure=about, day=row.created_on)


def _events(asked: Asked, which: str) -> Explanation:
    lists = {"unbalanced": unbalanced_events, "unfrozen": unfrozen_events}
    rows = lists[which](asked.store, asked.config, _MOST)
    part = "unbalanced" if which == "unbalanced" else "amount"

    def line(row: EventLine) -> Part:
        words = f"{row.name}, {Money(row.unbalanced_by or row.amount, row.currency)}"
        return Part(words=words, amount=1, figure=figure(FigureKind.EVENT, row.event_id, part), day=row.pay_date)

    page = page_of(asked, rows, lambda _row: 1, line)
    said = (
        "Each must be made to balance." if which == "unbalanced" else "Each has a payment that counts for nothing yet."
    )
    title = f"Events that are {which}"
    return asked.answer(title, len(rows), "", page.parts, [Reason(words=said)], rest=page.rest, next=page.next)


@explains(FigureKind.APPROVAL_AGE, "WorkOnToDo")
def explain_approval_age(asked: Asked, days: int) -> Explanation:
    """The requests that have waited so long, up to the next step of the chart."""
    beyond = next((timedelta(days=step) for step in AGES if step > days), timedelta.max)
    rows = [
        row
        for row in asked.store.all(_OPEN, in_progress=ApprovalStatus.IN_PROGRESS.value)
        if timedelta(days=days) <= asked.viewer.now - row.requested_at < beyond
    ]

    def line(row: Any) -> Part:
        words = f"{row.adjustment_type} {Money(row.amount, row.currency)}, since {moment(row.requested_at)}"
        return Part(words=words, amount=1, figure=figure(FigureKind.APPROVAL, row.id))

    page = page_of(asked, rows, lambda _row: 1, line)
    return asked.answer(
        f"Requests that wait for {days} day(s) or more", len(rows), "", page.parts, rest=page.rest, next=page.next
    )


@explains(FigureKind.BATCH_RUN, "RunBatch")
def explain_run(asked: Asked, run_id: str, which: str) -> Explanation:
    """What a run came to, chunk by chunk: `chunks`, `done`, `in_error`, or a total of the job by its name."""
    plan = asked.store.first(_PLAN, run_id=run_id)
    names = {"chunks": "Chunks done", "done": "Units done", "in_error": "Units not done"}
    if plan is None:
        run = run_of(asked.store, run_id)
        if which not in {"done", "chunks"}:
            refuse("EXP-001", "The job is not done in chunks: it only tells how far it is.", "figure")
        since = Reason(words=f"Asked for on {moment(run.requested_at)}, ended {moment(run.ended_at) or 'not yet'}.")
        return asked.answer(f"Done, {run.kind}", run.done, "", (), [since])
    chunks = asked.store.all(_CHUNKS, run_id=run_id)

    def amount(chunk: Any) -> int:
        if which in {"chunks", "done", "in_error"}:
            counts = {"chunks": chunk.status == "DONE", "done": chunk.units_done, "in_error": chunk.units_in_error}
            return int(counts[which])
        return int(from_json(chunk.totals or "{}", dict[str, int]).get(which, 0))

    counted = [chunk for chunk in chunks if amount(chunk)]
    total = sum(map(amount, chunks))
    page = page_of(
        asked,
        counted,
        amount,
        lambda chunk: Part(
            words=f"Chunk {chunk.number}, keys {chunk.first_key} to {chunk.last_key}", amount=amount(chunk)
        ),
    )
    reasons = [
        Reason(words=f"{plan.job} {plan.number} of {plan.business_date}, parameters {plan.parameters}."),
        Reason(words="Each chunk is one command: its count commits with its work (decision 24)."),
    ]
    title = f"{names.get(which, which)}, {plan.job} {plan.number}"
    return asked.answer(title, total, "", page.parts, reasons, rest=page.rest, next=page.next)
