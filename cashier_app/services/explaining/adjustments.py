"""Adjustments: typed or calculated, with the rule and its rate; what is asked to be approved, and by which band."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentType, AmountType
from cashier_app.domain.approvals import ApprovalProfile
from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import SystemEvent
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.approval import ApprovalRequest
from cashier_app.models.check_request import CheckRequest
from cashier_app.services.customers.names import need_account
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains
from cashier_app.services.explaining.origins import by_command, by_control, by_rules, made_at, moment
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.adjustments import AdjustmentEntry, adjustment
from cashier_app.services.queries.approvals import RequestView, approval_request
from cashier_app.services.queries.transactions import fts_of_sources

_REQUESTS = Statement(
    select(ApprovalRequest.id, ApprovalRequest.status)
    .where(ApprovalRequest.adjustment_id == bindparam("adjustment_id"))
    .order_by(ApprovalRequest.id)
)
_PROFILE = Statement(
    select(ApprovalRequest.approval_profile, ApprovalRequest.requested_at).where(
        ApprovalRequest.id == bindparam("request_id")
    )
)
_THERE = Statement(select(Adjustment.id).where(Adjustment.id == bindparam("adjustment_id")))
_CHECK = Statement(
    select(
        *(CheckRequest.id, CheckRequest.adjustment_id, CheckRequest.account_id, CheckRequest.payee),
        *(CheckRequest.amount, CheckRequest.currency, CheckRequest.cut_date),
    ).where(CheckRequest.id == bindparam("request_id"))
)


@explains(FigureKind.ADJUSTMENT, "ViewCustomers")
def explain_adjustment(asked: Asked, adjustment_id: int) -> Explanation:
    """The steps of its calculation where it is calculated; who approved it; what it did."""
    entry = adjustment(asked.store, asked.config, adjustment_id, asked.viewer.today)
    parts = [
        Part(
            words=f"{line.description}{f', booked to {line.distribution_code}' if line.distribution_code else ''}",
            amount=line.amount,
        )
        for line in entry.lines
    ]
    fts = fts_of_sources(asked.store, asked.config, [adjustment_id])[adjustment_id]
    reasons = [
        *_calculated(asked, entry),
        by_control(asked, "adjustment_type", entry.adjustment_type, entry.title, fts[0].journal_id if fts else 0),
        *_said(entry),
        *_approvals(asked, adjustment_id),
    ]
    for ft in fts:
        verb = "raised" if ft.current_amount > 0 else "lowered"
        words = f"It {verb} the current balance of {entry.agreement} by {Money(abs(ft.current_amount), ft.currency)}."
        reasons.append(Reason(words=words, figure=figure(FigureKind.TRANSACTION, ft.ft_id, "current")))
    reasons += by_rules(asked, *(ft.algorithm for ft in fts))
    reasons += by_command(asked, *(ft.journal_id for ft in fts))
    if not fts:
        reasons.append(Reason(words="It is not frozen: it counts for nothing yet."))
    reasons.append(Reason(words="The customer.", place="account", key=entry.account_id))
    title = f"{entry.title}, {entry.agreement}"
    return asked.answer(title, entry.amount, entry.currency, parts, reasons)


def _calculated(asked: Asked, entry: AdjustmentEntry) -> Iterator[Reason]:
    known = asked.config.all(AdjustmentType).get(entry.adjustment_type)
    if entry.base_amount is None or known is None or known.amount_type is not AmountType.CALCULATED:
        yield Reason(words="Its amount was given, not calculated.")
        return
    rule = asked.config.rule(known.generate_adjustment, SystemEvent.GENERATE_ADJUSTMENT, entry.adjustment_date)
    base = Money(entry.base_amount, entry.currency)
    yield Reason(words=f"Calculated from {base}, on {entry.adjustment_date}.")
    yield from by_rules(asked, rule.label)


def _said(entry: AdjustmentEntry) -> Iterator[Reason]:
    for name, value in entry.characteristics:
        yield Reason(words=f"{name}: {value}.")
    for text in (entry.reference, entry.comment):
        if text:
            yield Reason(words=text)
    if entry.cancel_reason:
        yield Reason(words=f"Canceled: {entry.cancel_reason}.")
    if entry.other_half is not None:
        half = entry.other_half
        direction = "To" if half.amount > 0 else "From"
        yield Reason(
            words=f"{direction} {half.agreement} of {half.name} {half.number}.".replace("  ", " "),
            figure=figure(FigureKind.ADJUSTMENT, half.adjustment_id),
        )


def _approvals(asked: Asked, adjustment_id: int) -> Iterator[Reason]:
    words = {
        "IN_PROGRESS": "Its approval is asked for.",
        "APPROVED": "It was approved.",
        "REJECTED": "It was rejected.",
    }
    for row in asked.store.all(_REQUESTS, adjustment_id=adjustment_id):
        yield Reason(
            words=words.get(row.status, "Nobody had to approve it."), figure=figure(FigureKind.APPROVAL, row.id)
        )


@explains(FigureKind.APPROVAL, "ViewCustomers", "WorkOnToDo")
def explain_approval(asked: Asked, request_id: int) -> Explanation:
    """The adjustment that it is about, the band in which its amount lies, and who has decided (S1 p.97-101)."""
    viewer = asked.viewer
    found = approval_request(asked.store, asked.config, request_id, viewer.user_id or 0, viewer.today)
    row = asked.store.one(_PROFILE, ("APR-001", "There is no such request for approval."), request_id=request_id)
    parts = []
    if asked.store.value(_THERE, adjustment_id=found.adjustment_id) is not None:
        parts.append(
            Part(
                words=found.description or found.adjustment_type,
                amount=found.amount,
                figure=figure(FigureKind.ADJUSTMENT, found.adjustment_id),
            )
        )
    reasons = [
        *_band(asked, found, row.approval_profile),
        *_decisions(found),
        Reason(words=f"Asked for {found.name} {found.account_number}.", place="account", key=found.account_id),
        *made_at(asked, request_id, row.requested_at),
    ]
    if not parts:
        reasons.insert(0, Reason(words="The adjustment is deleted; the request keeps what it was."))
    title = f"To be approved: {found.description or found.adjustment_type}"
    return asked.answer(title, found.amount, found.currency, parts, reasons)


def _band(asked: Asked, found: RequestView, code: str) -> Iterator[Reason]:
    profile = asked.config.all(ApprovalProfile).get(code)
    if profile is not None:
        band = profile.band_of(found.amount)
        roles = ", then ".join(band.roles) or "nobody"
        yield Reason(words=f"{Money(found.amount, found.currency)} lies in the band {band}: {roles} must approve it.")
    yield by_control(asked, "approval_profile", code, "The bands are set up in")


def _decisions(found: RequestView) -> Iterator[Reason]:
    for level in found.levels:
        if level.outcome:
            words = f"{level.outcome.capitalize()} by {level.decided_by} on {moment(level.decided_at)}."
        elif level.level == found.level:
            words = f"Asked now{', escalated' if level.escalated else ''}."
        else:
            words = "Asked later."
        yield Reason(words=f"Level {level.level}, {level.description}: {words}")
    if found.reject_reason:
        yield Reason(words=f"Rejected because: {found.reject_reason}.")


@explains(FigureKind.CHECK, "RunAp", "RunGl")
def explain_check(asked: Asked, request_id: int) -> Explanation:
    """The refund that asks for it."""
    row = asked.store.first(_CHECK, request_id=request_id)
    if row is None:
        refuse("EXP-001", "There is no such check request.", "figure")
    need_account(asked.store, row.account_id)
    parts = [Part(words="The refund", amount=row.amount, figure=figure(FigureKind.ADJUSTMENT, row.adjustment_id))]
    reasons = [
        Reason(words=f"To be cut on {row.cut_date} for {row.payee}."),
        Reason(words="The customer.", place="account", key=row.account_id),
    ]
    return asked.answer(f"Check for {row.payee}", row.amount, row.currency, parts, reasons)
