"""The running balance of a customer's history: what an account owed by then, by what had happened."""

from __future__ import annotations

from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.services.accounting.agreements import agreements_of
from cashier_app.services.explaining.accounts import account_words, agreement_of, balance_after, ft_of
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, place_of
from cashier_app.services.explaining.sources import Source, source_of, sources_of
from cashier_app.services.queries.history import HistoryCursor, HistoryRow, history


@explains(FigureKind.BALANCE_THEN, "ViewCustomers")
def explain_balance_then(asked: Asked, ft_id: int) -> Explanation:
    """The entries of the history up to a transaction, the newest first; reads no more of them than are shown."""
    ft = ft_of(asked, ft_id)
    if ft.frozen_at is None:
        refuse("FT-001", "The transaction is not frozen: no balance knows of it.", "ft_id")
    account_id = agreement_of(asked, ft.sa_id).account_id
    agreements = agreements_of(asked.store, account_id)
    then = sum(balance_after(asked, agreement, ft, "current") for agreement in agreements)
    now = sum(agreement.current_balance for agreement in agreements)
    at, before, left = place_of(asked.after) if asked.after else (ft.frozen_at, ft_id + 1, then)
    page = history(asked.store, asked.config, account_id, HistoryCursor(at, before, left), asked.most)
    sources = sources_of(asked, [fact for row in page.rows for fact in row.fts])
    parts = tuple(_part(row, source_of(row.fts[0], sources)) for row in page.rows)
    left -= sum(part.amount for part in parts)
    whose = account_words(asked, account_id)
    reasons = [
        Reason(words=f"All that happened up to this: {source_of(ft, sources_of(asked, [ft])).words}."),
        Reason(
            words=f"What happened since changed it by {Money(now - then, ft.currency)}, to {Money(now, ft.currency)}.",
            figure=figure(FigureKind.ACCOUNT, account_id, "current"),
        ),
        Reason(words=f"Account {whose}.", place="account", key=account_id),
    ]
    return asked.answer(
        f"Current balance of {whose} as it was on {ft.frozen_at.date()}",
        then,
        ft.currency,
        parts,
        reasons,
        rest=left,
        next=f"{page.next.at.isoformat()},{page.next.ft_id},{left}" if page.next else "",
    )


def _part(row: HistoryRow, source: Source) -> Part:
    where = f"{row.fts[0].sa_description}: " if len(row.fts) == 1 else ""
    by = f", {row.user}" if row.user else ""
    return Part(words=f"{where}{source.words}{by}", amount=row.amount, figure=row.figure, day=row.accounting_date)
