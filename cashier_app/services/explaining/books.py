"""The books: totals of a day, cells of the trial balance, runs to the general ledger, down to single lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, case, func, select, true

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.gl import GlChunk, GlEntry, GlRun
from cashier_app.services.explaining.explanation import (
    Asked,
    Explanation,
    Part,
    Reason,
    explains,
    page_by_key,
    page_of,
)
from cashier_app.services.explaining.origins import by_control, by_rules, made_at
from cashier_app.services.explaining.sums import SIDES, whole_day, whole_division
from cashier_app.services.general_ledger.runs import run_of
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.gl_runs import entry_fts, entry_sources, gl_run
from cashier_app.services.queries.trial_balance import Movement, movements

Side = Literal["debit", "credit"]
READ_BOOKS = ("see-expected", "RunGl")

_of_day = (
    FinancialTransaction.accounting_date == bindparam("day"),
    FinancialTransaction.frozen_at.is_not(None),
    FinancialTransaction.currency == bindparam("currency"),
    GlLine.distribution_code == bindparam("code"),
)
_debit = func.sum(case((GlLine.amount > 0, GlLine.amount), else_=0))
_credit = func.sum(case((GlLine.amount < 0, -GlLine.amount), else_=0))
_DAY_SUMS = Statement(
    select(_debit.label("debit"), _credit.label("credit"), func.count().label("lines"))
    .select_from(FinancialTransaction)
    .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
    .where(*_of_day)
)
_DAY_LINES = {
    which: Statement(
        select(
            *(FinancialTransaction.id, FinancialTransaction.kind, func.min(GlLine.line).label("place")),
            *(amount.label("amount"), func.count().label("lines")),
        )
        .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
        .where(*_of_day, FinancialTransaction.id > bindparam("after"), condition)
        .group_by(FinancialTransaction.id, FinancialTransaction.kind)
        .order_by(FinancialTransaction.id)
        .limit(bindparam("most"))
    )
    for which, amount, condition in (
        ("debit", _debit, GlLine.amount > 0),
        ("credit", _credit, GlLine.amount < 0),
        ("lines", func.count(), true()),
    )
}
_PLACES = Statement(
    select(GlLine.ft_id, GlLine.line, GlLine.amount).where(GlLine.ft_id == bindparam("ft_id")).order_by(GlLine.line)
)
_CHUNKS = Statement(
    select(GlChunk.number, GlChunk.kind, GlChunk.ft_count, GlChunk.held_count)
    .where(GlChunk.run_id == bindparam("run_id"))
    .order_by(GlChunk.number)
)
_SENT = Statement(
    select(
        *(GlEntry.run_id, GlRun.number, GlEntry.line, GlEntry.fiscal_year, GlEntry.period, GlRun.business_date),
        *(GlEntry.debit, GlEntry.credit),
    )
    .join(GlRun, GlRun.id == GlEntry.run_id)
    .where(
        GlEntry.currency == bindparam("currency"),
        GlEntry.gl_division == bindparam("division"),
        GlEntry.gl_account == bindparam("account"),
    )
    .order_by(GlRun.number, GlEntry.line)
)
_KINDS = {
    "PS": "Payment",
    "PX": "Payment canceled",
    "AD": "Adjustment",
    "AX": "Adjustment canceled",
    "BS": "Bill segment",
    "BX": "Bill segment canceled",
}


@explains(FigureKind.DAY_TOTAL, *READ_BOOKS)
def explain_day_total(
    asked: Asked, day: date, currency: str, code: str, which: Literal["debit", "credit", "lines"]
) -> Explanation:
    """The transactions of the day that moved the code; those of other offices' accounts are counted, not named.

    Without a code it is the sum of all codes.
    """
    if not code:
        return whole_day(asked, day, currency, which)
    sums = asked.store.first(_DAY_SUMS, day=day, currency=currency, code=code)
    total = int(getattr(sums, which) or 0)
    page = page_by_key(
        asked,
        total,
        lambda after, most: asked.store.all(
            _DAY_LINES[which], day=day, currency=currency, code=code, after=after, most=most
        ),
        lambda row: int(row.id),
        lambda row: int(row.amount),
        lambda row: Part(
            words=_KINDS.get(row.kind, row.kind),
            amount=int(row.amount),
            figure=figure(FigureKind.GL_LINE, row.id, _place(asked, row))
            if row.lines == 1
            else figure(FigureKind.TRANSACTION, row.id, "payoff"),
        ),
    )
    reasons = [
        Reason(words=f"All frozen transactions with the accounting date {day}."),
        by_control(asked, "distribution_code", code, "The code"),
    ]
    return asked.answer(
        f"{SIDES[which]} of {code} on {day}",
        total,
        "" if which == "lines" else currency,
        page.parts,
        reasons,
        rest=page.rest,
        next=page.next,
    )


def _place(asked: Asked, row: Any) -> int:
    """Where among the transaction's lines the one stands."""
    lines = asked.store.all(_PLACES, ft_id=row.id)
    return next(place for place, line in enumerate(lines) if line.line == row.place)


# -- runs to the general ledger


@explains(FigureKind.GL_RUN, *READ_BOOKS)
def explain_gl_run(asked: Asked, run_id: int, which: Literal["transactions", "held"]) -> Explanation:
    """A run's control total by its chunks."""
    row = gl_run(asked.store, asked.config, run_id).run
    chunks = asked.store.all(_CHUNKS, run_id=run_id)

    def count(chunk: Any) -> int:
        return int(chunk.ft_count if which == "transactions" else chunk.held_count)

    page = page_of(
        asked,
        [chunk for chunk in chunks if count(chunk)],
        count,
        lambda chunk: Part(
            words=f"Chunk {chunk.number}{', of what had to wait before' if chunk.kind == 'HELD' else ''}",
            amount=count(chunk),
        ),
    )
    words = "Transactions handed over" if which == "transactions" else "Transactions left for later"
    reasons = [
        Reason(words="Every transaction frozen since the last run goes once (decision 23)."),
        *made_at(asked, run_id, row.started_at),
    ]
    total = sum(map(count, chunks))
    return asked.answer(f"{words}, run {row.number}", total, "", page.parts, reasons, rest=page.rest, next=page.next)


@explains(FigureKind.GL_ENTRY, *READ_BOOKS)
def explain_gl_entry(asked: Asked, run_id: int, line: int, which: Side) -> Explanation:
    """A line of a run's journal entry by the codes and days behind it, and why they went to that account."""
    run = run_of(asked.store, run_id)
    (entry,) = (each for each in gl_run(asked.store, asked.config, run_id).entries if each.line == line)
    sources = entry_sources(asked.store, asked.config, run_id, line)
    page = page_of(
        asked,
        [source for source in sources if getattr(source, which)],
        lambda source: int(getattr(source, which)),
        lambda source: Part(
            words=f"{source.distribution_code}{f', {source.description}' if source.description else ''}",
            amount=getattr(source, which),
            day=source.accounting_date,
            figure=figure(FigureKind.GL_SOURCE, run_id, line, source.distribution_code, source.accounting_date, which),
        ),
    )
    reasons = [
        *by_rules(asked, *(source.algorithm for source in sources)),
        *(
            by_control(asked, "distribution_code", code, "Its accounts from date to date")
            for code in dict.fromkeys(source.distribution_code for source in sources)
        ),
        *made_at(asked, run_id, run.started_at),
    ]
    title = f"{which.capitalize()} of account {entry.gl_account}, run {run.number}"
    return asked.answer(
        title, getattr(entry, which), entry.currency, page.parts, reasons, rest=page.rest, next=page.next
    )


@explains(FigureKind.GL_SOURCE, *READ_BOOKS)
def explain_gl_source(  # noqa: PLR0917  # as the address has it
    asked: Asked, run_id: int, line: int, code: str, day: date, which: Side
) -> Explanation:
    """The transactions behind a code and day of a run's line; those of other offices' accounts are only counted."""
    run = run_of(asked.store, run_id)
    (entry,) = (each for each in gl_run(asked.store, asked.config, run_id).entries if each.line == line)
    sources = entry_sources(asked.store, asked.config, run_id, line)
    total = sum(getattr(s, which) for s in sources if (s.distribution_code, s.accounting_date) == (code, day))
    lines = [
        (ft, place, abs(each.amount))
        for ft in entry_fts(asked.store, asked.config, run_id, line)
        if ft.accounting_date == day
        for place, each in enumerate(ft.lines)
        if each.distribution_code == code and (each.amount > 0) == (which == "debit")
    ]
    page = page_of(
        asked,
        lines,
        lambda found: found[2],
        lambda found: Part(
            words=f"{_KINDS.get(found[0].kind, found[0].kind)}, {found[0].sa_description}",
            amount=found[2],
            figure=figure(FigureKind.GL_LINE, found[0].ft_id, found[1]),
        ),
    )
    hidden = total - sum(amount for _, _, amount in lines)
    reasons = [
        Reason(words=f"Transactions of {day} that run {run.number} handed over."),
        by_control(asked, "distribution_code", code, "The code"),
    ]
    if hidden:
        reasons.append(
            Reason(words="Not all of them are listed: the run has a great many, or other offices keep some.")
        )
    title = f"{which.capitalize()} of {code} on {day}, run {run.number}"
    rest = page.rest + hidden
    return asked.answer(title, total, entry.currency, page.parts, reasons, rest=rest, next=page.next)


# -- trial balance


class _Moved(NamedTuple):
    """What moved an account, with where it can be looked up."""

    words: str
    period: tuple[int, int]
    debit: int
    credit: int
    run_id: int = 0
    line: int = 0


@explains(FigureKind.TRIAL_BALANCE, *READ_BOOKS)
def explain_cell(  # noqa: PLR0917  # as the address has it
    asked: Asked,
    currency: str,
    division: str,
    account: str,
    code: str,
    year: int,
    period: int,
    which: Literal["opening", "debit", "credit", "closing", "unsent"],
) -> Explanation:
    """What stood before a period; what moved in it, by runs and by what was not handed over yet.

    Without account and code it is the sum of a division.
    """
    if not account and not code:
        return whole_division(asked, currency, division, year, period, which)
    found = list(_moved(asked, currency, division, account, code))
    then = (year, period)

    def address(name: str, at: tuple[int, int] = then) -> Any:
        return figure(FigureKind.TRIAL_BALANCE, currency, division, account, code, *at, name)

    if which == "opening":
        before = [each for each in found if each.period < then]
        latest = max((each.period for each in before), default=then)
        standing = sum(each.debit - each.credit for each in before)
        words = f"Closing of period {latest[1]} of {latest[0]}"
        parts = [Part(words=words, amount=standing, figure=address("closing", latest))] if before else []
    elif which == "closing":
        opening = sum(each.debit - each.credit for each in found if each.period < then)
        debit, credit = (
            sum(getattr(each, side) for each in found if each.period == then) for side in ("debit", "credit")
        )
        parts = [
            Part(words=words, amount=amount, figure=address(name))
            for words, amount, name in (
                ("Opening", opening, "opening"),
                ("Debits", debit, "debit"),
                ("Credits", -credit, "credit"),
            )
            if amount
        ]
    else:
        parts = list(_of_period([each for each in found if each.period == then], which))
    total = sum(part.amount for part in parts)
    page = page_of(asked, parts, lambda part: part.amount, lambda part: part)
    reasons = [Reason(words=f"Division {division}, account {account or 'not given yet'}, period {period} of {year}.")]
    if account and not parts:
        reasons.append(Reason(words="Nothing moved it."))
    name = "Not handed over yet" if which == "unsent" else which.capitalize()
    title = f"{name}, account {account or code}, {period}/{year}"
    return asked.answer(title, total, currency, page.parts, reasons, rest=page.rest, next=page.next)


def _of_period(found: Sequence[_Moved], which: str) -> Iterator[Part]:
    for each in found:
        if which == "unsent":
            amount = 0 if each.run_id else each.debit - each.credit
        else:
            amount = each.debit if which == "debit" else each.credit
        if amount:
            known = each.line and which != "unsent"
            address = figure(FigureKind.GL_ENTRY, each.run_id, each.line, which) if known else NO_FIGURE
            yield Part(words=each.words, amount=amount, figure=address)


def _moved(asked: Asked, currency: str, division: str, account: str, code: str) -> Iterator[_Moved]:
    for row in asked.store.all(_SENT, currency=currency, division=division, account=account) if account else ():
        yield _Moved(
            f"Run {row.number} of {row.business_date}",
            (row.fiscal_year, row.period),
            row.debit,
            row.credit,
            row.run_id,
            row.line,
        )
    for each in movements(asked.store, asked.config, with_entries=False):
        if (each.currency, each.gl_division, each.gl_account, each.code) == (currency, division, account, code):
            yield _Moved(_waiting(each), (each.fiscal_year, each.period), each.debit, each.credit, int(each.is_sent))


def _waiting(each: Movement) -> str:
    if each.is_sent:
        return "The run that is under way"
    return f"{each.distribution_code} of {each.accounting_date}, goes with the next run"
