"""Financial transactions that wait: made when something is generated, final only when it freezes (R billing 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from cashier_app.domain.configuration import SaType
from cashier_app.domain.system_events import FtDraft, GlLineDraft
from cashier_app.models.adjustment import UnfrozenFt, UnfrozenGlLine
from cashier_app.services.accounting.ledger import FtPost
from cashier_app.services.kernel.statements import Statement, among, deletion, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(
    UnfrozenFt, "id kind source_id sa_id currency current_amount payoff_amount accounting_date algorithm"
)
_INSERT_LINE = insertion(UnfrozenGlLine, "ft_id line distribution_code amount")
_DELETE = deletion(UnfrozenFt)
_DELETE_LINES = deletion(UnfrozenGlLine, "ft_id")
_OF_SOURCES = Statement(
    select(
        UnfrozenFt.id,
        UnfrozenFt.source_id,
        UnfrozenFt.accounting_date,
        UnfrozenFt.algorithm,
        UnfrozenFt.current_amount,
        UnfrozenFt.payoff_amount,
    )
    .where(among(UnfrozenFt.source_id, "ids"))
    .order_by(UnfrozenFt.id)
)
_LINES = Statement(
    select(UnfrozenGlLine.ft_id, UnfrozenGlLine.distribution_code, UnfrozenGlLine.amount)
    .where(among(UnfrozenGlLine.ft_id, "ids"))
    .order_by(UnfrozenGlLine.ft_id, UnfrozenGlLine.line)
)


class Waiting(NamedTuple):
    """An unfrozen FT."""

    id: int
    source_id: int
    accounting_date: date
    algorithm: str
    draft: FtDraft


def write_unfrozen(work: Work, posts: Sequence[FtPost], accounting_date: date) -> None:
    """Keep FTs until they freeze; nothing changes but this. Refuses with PAY-005 a date that is not open."""
    types = work.config.all(SaType)
    keys = work.new_ids(len(posts))
    rows, lines = [], []
    for key, post in zip(keys, posts, strict=True):
        agreement = post.agreement
        work.config.require_open(types[agreement.sa_type].gl_division, accounting_date, work.business_date)
        current, payoff, drafted = post.draft
        row = (key, post.kind.value, post.source_id, agreement.id, agreement.currency, current, payoff)
        rows.append((*row, accounting_date, post.algorithm))
        lines += [(key, number, code, minor) for number, (code, minor) in enumerate(drafted, start=1)]
    work.store.write(_INSERT, rows)
    work.store.write(_INSERT_LINE, lines)
    work.changed("account", *{post.agreement.account_id for post in posts})


def unfrozen_of(work: Work, source_ids: Sequence[int]) -> dict[int, Waiting]:
    """The unfrozen FTs of adjustments, by adjustment."""
    rows = work.store.all(_OF_SOURCES, ids=list(source_ids))
    lines: dict[int, list[GlLineDraft]] = {row.id: [] for row in rows}
    for line in work.store.all(_LINES, ids=list(lines)) if lines else ():
        lines[line.ft_id].append(GlLineDraft(line.distribution_code, line.amount))
    return {
        row.source_id: Waiting(
            row.id,
            row.source_id,
            row.accounting_date,
            row.algorithm,
            FtDraft(row.current_amount, row.payoff_amount, tuple(lines[row.id])),
        )
        for row in rows
    }


def remove_unfrozen(work: Work, waiting: Sequence[Waiting]) -> None:
    """Forget FTs that are frozen now, made anew, or not wanted any more."""
    work.store.write(_DELETE_LINES, [(ft.id,) for ft in waiting if ft.draft.lines])
    work.store.write(_DELETE, [(ft.id,) for ft in waiting])
