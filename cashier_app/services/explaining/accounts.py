"""Balances: of an account by its agreements, of an agreement by its transactions, of a transaction by what made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from sqlalchemy import bindparam, func, select, tuple_

from cashier_app.domain.configuration import HouseAgreement
from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.models.customer import CreditRatingEntry
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id, agreements_of
from cashier_app.services.accounting.assigning import assign
from cashier_app.services.accounting.credit import credit_standing
from cashier_app.services.accounting.holding import holding_codes
from cashier_app.services.customers.names import account_names, need_account, need_agreements
from cashier_app.services.explaining.explanation import (
    Asked,
    Explanation,
    Page,
    Part,
    Reason,
    explains,
    page_by_key,
    place_of,
)
from cashier_app.services.explaining.origins import by_command, by_control, by_rules
from cashier_app.services.explaining.sources import Source, source_of, sources_of
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.gl_runs import gl_whereabouts
from cashier_app.services.queries.transactions import FT_COLUMNS, FtFact, describe_type, facts_of, fts_by_id

Balance = Literal["current", "payoff"]

_FTS = (
    select(*FT_COLUMNS)
    .where(FinancialTransaction.sa_id == bindparam("sa_id"), FinancialTransaction.frozen_at.is_not(None))
    .order_by(FinancialTransaction.frozen_at.desc(), FinancialTransaction.id.desc())
    .limit(bindparam("most"))
)
_place = tuple_(FinancialTransaction.frozen_at, FinancialTransaction.id)
_NEWEST = Statement(_FTS)
_OLDER = Statement(_FTS.where(_place < tuple_(bindparam("at"), bindparam("ft_id"))))
_SINCE = Statement(
    select(
        func.coalesce(func.sum(FinancialTransaction.current_amount), 0).label("current"),
        func.coalesce(func.sum(FinancialTransaction.payoff_amount), 0).label("payoff"),
    ).where(
        FinancialTransaction.sa_id == bindparam("sa_id"),
        FinancialTransaction.frozen_at.is_not(None),
        _place > tuple_(bindparam("at"), bindparam("ft_id")),
    )
)
_HELD = Statement(
    select(FinancialTransaction.id, func.sum(-GlLine.amount).label("held"), FinancialTransaction.accounting_date)
    .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
    .where(
        FinancialTransaction.sa_id == bindparam("sa_id"),
        FinancialTransaction.frozen_at.is_not(None),
        FinancialTransaction.id > bindparam("after"),
        GlLine.distribution_code == bindparam("code"),
    )
    .group_by(FinancialTransaction.id, FinancialTransaction.accounting_date)
    .order_by(FinancialTransaction.id)
    .limit(bindparam("most"))
)
_HELD_SUM = Statement(
    select(func.coalesce(func.sum(GlLine.amount), 0))
    .join(FinancialTransaction, FinancialTransaction.id == GlLine.ft_id)
    .where(
        FinancialTransaction.sa_id == bindparam("sa_id"),
        FinancialTransaction.frozen_at.is_not(None),
        GlLine.distribution_code == bindparam("code"),
    )
)
_POINTS = Statement(
    select(
        *(CreditRatingEntry.id, CreditRatingEntry.rating_points, CreditRatingEntry.cash_only_points),
        *(CreditRatingEntry.reason, CreditRatingEntry.starts, CreditRatingEntry.ends, CreditRatingEntry.tender_id),
    )
    .where(
        CreditRatingEntry.account_id == bindparam("account_id"),
        CreditRatingEntry.starts <= bindparam("today"),
        CreditRatingEntry.ends >= bindparam("today"),
    )
    .order_by(CreditRatingEntry.id)
)


def agreement_of(asked: Asked, sa_id: int) -> AgreementFacts:
    """An agreement that the viewer may see; refuses with CUS-011 or SEC-031."""
    found = agreements_by_id(asked.store, [sa_id]).get(sa_id)
    if found is None:
        refuse("CUS-011", "There is no such agreement.", "sa_id")
    need_agreements(asked.store, [sa_id])
    return found


def account_words(asked: Asked, account_id: int) -> str:
    """An account's number and its main customer's name."""
    return " ".join(account_names(asked.store, [account_id])[account_id][:2])


def _balance(agreement: AgreementFacts, which: Balance) -> int:
    return agreement.current_balance if which == "current" else agreement.payoff_balance


@explains(FigureKind.ACCOUNT, "ViewCustomers")
def explain_account(asked: Asked, account_id: int, which: Balance) -> Explanation:
    """The balances of its agreements."""
    need_account(asked.store, account_id)
    agreements = agreements_of(asked.store, account_id)
    parts = [
        Part(
            words=describe_type(asked.config, agreement.sa_type),
            amount=_balance(agreement, which),
            figure=figure(FigureKind.AGREEMENT, agreement.id, which),
        )
        for agreement in agreements
    ]
    currency = agreements[0].currency if agreements else asked.config.installation.currency
    whose = account_words(asked, account_id)
    reasons = [
        Reason(words=_MEANS[which]),
        Reason(words=f"Account {whose}.", place="account", key=account_id),
    ]
    return asked.answer(
        f"{which.capitalize()} balance of {whose}", sum(part.amount for part in parts), currency, parts, reasons
    )


_MEANS = {
    "current": "The current balance is what the customer is asked for now.",
    "payoff": "The payoff balance is what is really owed, and what would settle everything.",
}


@explains(FigureKind.AGREEMENT, "ViewCustomers")
def explain_agreement(asked: Asked, sa_id: int, which: Balance) -> Explanation:
    """The transactions that led to it, the newest first; reads no more of history than is shown."""
    agreement = agreement_of(asked, sa_id)
    balance = _balance(agreement, which)
    parts, rest, following = _history(asked, sa_id, which, balance)
    what = describe_type(asked.config, agreement.sa_type)
    house = next((code for code, key in asked.config.house_agreements.items() if key == sa_id), "")
    reasons = [
        Reason(words=_MEANS[which]),
        by_control(asked, "sa_type", agreement.sa_type, "What kind of agreement it is"),
        Reason(
            words=f"Agreement of {account_words(asked, agreement.account_id)}.",
            place="account",
            key=agreement.account_id,
        ),
    ]
    if house and house in asked.config.all(HouseAgreement):
        reasons.append(by_control(asked, "house_agreement", house, "The utility's own agreement"))
    if asked.config.is_branch:
        reasons.append(Reason(words="As the server last said; the transactions behind it are at the office."))
    return asked.answer(
        f"{which.capitalize()} balance of {what}",
        balance,
        agreement.currency,
        parts,
        reasons,
        rest=0 if asked.config.is_branch else rest,
        next=following,
    )


def _history(asked: Asked, sa_id: int, which: Balance, balance: int) -> Page:
    store, most = asked.store, asked.most
    left = balance
    if asked.after:
        at, ft_id, left = place_of(asked.after)
        rows = store.all(_OLDER, sa_id=sa_id, at=at, ft_id=ft_id, most=most + 1)
    else:
        rows = store.all(_NEWEST, sa_id=sa_id, most=most + 1)
    fts = facts_of(store, asked.config, rows[:most])
    sources = sources_of(asked, fts)
    parts = tuple(_part_of(ft, sources, which) for ft in fts)
    left -= sum(part.amount for part in parts)
    if len(rows) <= most:
        return Page(parts, left)
    last = fts[-1]
    assert last.frozen_at is not None, "only frozen transactions make balances"
    return Page(parts, left, f"{last.frozen_at.isoformat()},{last.ft_id},{left}")


def _amount(ft: FtFact, which: Balance) -> int:
    return ft.current_amount if which == "current" else ft.payoff_amount


def _part_of(ft: FtFact, sources: Mapping[int, Source], which: Balance) -> Part:
    by = f", {ft.user}" if ft.user else ""
    return Part(
        words=f"{source_of(ft, sources).words}{by}",
        amount=_amount(ft, which),
        figure=figure(FigureKind.TRANSACTION, ft.ft_id, which),
        day=ft.accounting_date,
    )


# -- one transaction


def ft_of(asked: Asked, ft_id: int) -> FtFact:
    """A transaction that the viewer may see; refuses with FT-001 or SEC-031."""
    found = fts_by_id(asked.store, asked.config, [ft_id])
    if not found:
        refuse("FT-001", "There is no such financial transaction.", "ft_id")
    return found[0]


@explains(FigureKind.TRANSACTION, "ViewCustomers")
def explain_transaction(asked: Asked, ft_id: int, which: Balance) -> Explanation:
    """Where it comes from, who made it, which rule decided, what stood before and after, what it did to the books."""
    ft = ft_of(asked, ft_id)
    source = source_of(ft, sources_of(asked, [ft]))
    amount = _amount(ft, which)
    parts = []
    if amount and abs(amount) == abs(source.amount):
        parts.append(Part(words=source.words, amount=amount, figure=source.figure, day=ft.accounting_date))
    reasons = [
        Reason(words=_effect(ft)),
        *by_command(asked, ft.journal_id),
        *by_rules(asked, source.distributed_by, ft.algorithm),
        *_before_and_after(asked, ft, which),
        *_books(ft),
        Reason(words=_sent(asked, ft.ft_id)),
    ]
    if not parts:
        reasons.insert(0, Reason(words=source.words, figure=source.figure))
    if ft.reverses_ft_id is not None:
        reversed_figure = figure(FigureKind.TRANSACTION, ft.reverses_ft_id, which)
        reasons.append(Reason(words="It takes an earlier transaction back.", figure=reversed_figure))
    if source.event_id is not None:
        reasons.append(Reason(words="The payment event.", place="event", key=source.event_id))
    title = f"{source.words}: effect on the {which} balance of {ft.sa_description}"
    return asked.answer(title, amount, ft.currency, parts, reasons)


def _effect(ft: FtFact) -> str:
    amount = Money(abs(ft.current_amount), ft.currency)
    verb = "raises" if ft.current_amount > 0 else "lowers"
    effect = f"{verb} what is owed for {ft.sa_description} by {amount}" if ft.current_amount else "asks for nothing new"
    if ft.payoff_amount != ft.current_amount:
        effect += f", and changes the payoff balance by {Money(ft.payoff_amount, ft.currency)}"
    return f"It {effect}. Accounting date {ft.accounting_date}."


def _before_and_after(asked: Asked, ft: FtFact, which: Balance) -> Iterator[Reason]:
    """Left out for the utility's own agreements: millions of transactions may have followed."""
    if ft.frozen_at is None or ft.sa_id in set(asked.config.house_agreements.values()):
        return
    agreement = agreements_by_id(asked.store, [ft.sa_id])[ft.sa_id]
    after = balance_after(asked, agreement, ft, which)
    before = after - _amount(ft, which)
    words = (
        f"{ft.sa_description} stood at {Money(before, ft.currency)} before it and at {Money(after, ft.currency)} after."
    )
    yield Reason(words=words, figure=figure(FigureKind.AGREEMENT, ft.sa_id, which))


def balance_after(asked: Asked, agreement: AgreementFacts, ft: FtFact, which: Balance) -> int:
    """An agreement's balance as it was once a transaction was frozen, one of its own or not."""
    since = asked.store.first(_SINCE, sa_id=agreement.id, at=ft.frozen_at, ft_id=ft.ft_id)
    return _balance(agreement, which) - int(getattr(since, which))


def _books(ft: FtFact) -> Iterator[Reason]:
    for place, line in enumerate(ft.lines):
        yield Reason(
            words=f"Booked: {_side(line.amount, ft.currency)} {line.distribution_code}"
            f"{f', {line.description}' if line.description else ''}"
            f"{f', account {line.gl_account}' if line.gl_account else ''}.",
            figure=figure(FigureKind.GL_LINE, ft.ft_id, place),
        )
    if not ft.lines:
        yield Reason(words="The books are not touched.")


def _side(amount: int, currency: str) -> str:
    return f"{'debit' if amount > 0 else 'credit'} {Money(abs(amount), currency)}"


def _sent(asked: Asked, ft_id: int) -> str:
    """Whether it is in the general ledger yet."""
    where = gl_whereabouts(asked.store, asked.config, ft_id)
    if where.run_number is not None:
        return f"Went to the general ledger with run {where.run_number} of {where.business_date}."
    return f"Waits for the general ledger: {where.reason}." if where.reason else "Goes to the general ledger next."


@explains(FigureKind.GL_LINE, "ViewCustomers")
def explain_gl_line(asked: Asked, ft_id: int, place: int) -> Explanation:
    """Which code, which account on that day and why, and for a holding code what was held."""
    ft = ft_of(asked, ft_id)
    if place >= len(ft.lines):
        refuse("FT-001", "The transaction has no such line.", "place")
    line = ft.lines[place]
    code = line.distribution_code
    source = source_of(ft, sources_of(asked, [ft]))
    given = assign(asked.config, code, ft.accounting_date)
    reasons = [
        Reason(words=f"Of: {source.words}.", figure=figure(FigureKind.TRANSACTION, ft_id, "payoff")),
        *by_rules(asked, ft.algorithm),
        by_control(asked, "distribution_code", code, line.description or "Where it is booked", ft.journal_id),
    ]
    if given is None:
        reasons.append(Reason(words=f"{code} has no account on {ft.accounting_date} yet."))
    else:
        reasons.append(Reason(words=f"Account {given.gl_account} was in force on {ft.accounting_date}."))
        reasons += by_rules(asked, given.algorithm)
    holding = holding_codes(asked.config)
    if code in holding:
        reasons.append(
            Reason(
                words=f"{code} holds for {holding[code].real_code} until the customer pays. What is held there now:",
                figure=figure(FigureKind.HOLDING, ft.sa_id, code),
            )
        )
    reasons += by_command(asked, ft.journal_id)
    reasons.append(Reason(words=_sent(asked, ft_id)))
    side = "Debit" if line.amount > 0 else "Credit"
    return asked.answer(f"{side} of {code} for {ft.sa_description}", line.amount, ft.currency, (), reasons)


@explains(FigureKind.HOLDING, "ViewCustomers")
def explain_holding(asked: Asked, sa_id: int, code: str) -> Explanation:
    """The lines on the code: credits put in, debits took out (R billing 16)."""
    agreement = agreement_of(asked, sa_id)
    total = -int(asked.store.value(_HELD_SUM, sa_id=sa_id, code=code))
    page = page_by_key(
        asked,
        total,
        lambda after, most: asked.store.all(_HELD, sa_id=sa_id, code=code, after=after, most=most),
        lambda row: int(row.id),
        lambda row: int(row.held),
        lambda row: Part(
            words="Held from then on" if row.held > 0 else "Released or taken back",
            amount=int(row.held),
            figure=figure(FigureKind.TRANSACTION, row.id, "payoff"),
            day=row.accounting_date,
        ),
    )
    reasons = [
        Reason(words="What pays the receivable moves the share that it pays from the holding code to the real one."),
        by_control(asked, "distribution_code", code, "The code"),
    ]
    what = describe_type(asked.config, agreement.sa_type)
    return asked.answer(
        f"Held on {code} for {what}", total, agreement.currency, page.parts, reasons, rest=page.rest, next=page.next
    )


# -- credit standing


@explains(FigureKind.CREDIT, "ViewCustomers")
def explain_credit(asked: Asked, account_id: int, which: Literal["rating", "cash_only"]) -> Explanation:
    """Where everybody begins, and the points that count today (R payments 1.9)."""
    need_account(asked.store, account_id)
    installation, today = asked.config.installation, asked.viewer.today
    begins = installation.beginning_credit_rating if which == "rating" else installation.beginning_cash_only_score
    standing = credit_standing(asked.store, asked.config, account_id, today)
    rows = asked.store.all(_POINTS, account_id=account_id, today=today)
    points = [(row, row.rating_points if which == "rating" else row.cash_only_points) for row in rows]
    parts = [
        Part(
            words="Where every account begins",
            amount=begins,
            figure=figure(FigureKind.CONTROL, "installation", "MAIN", 0),
        ),
        *(
            Part(
                words=f"{row.reason}, until {row.ends}",
                amount=amount,
                figure=figure(FigureKind.TENDER, row.tender_id)
                if row.tender_id is not None
                else figure(FigureKind.CONTROL, "installation", "MAIN", 0),
                day=row.starts,
            )
            for row, amount in points
            if amount
        ),
    ]
    limit = installation.credit_rating_threshold if which == "rating" else installation.cash_only_threshold
    judged = (
        f"Below {limit} a credit rating is low; this one {'is' if standing.is_risky else 'is not'}."
        if which == "rating"
        else f"Over {limit} an account is cash-only; this one {'is' if standing.is_cash_only else 'is not'}."
    )
    total = standing.rating if which == "rating" else standing.cash_only_score
    name = "Credit rating" if which == "rating" else "Cash-only score"
    return asked.answer(f"{name} of {account_words(asked, account_id)}", total, "", parts, [Reason(words=judged)])
