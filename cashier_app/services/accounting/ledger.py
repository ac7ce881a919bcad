"""The one writer of the ledger: drafts in, frozen FTs with GL lines and changed balances out.

It does not matter whether one payment comes from a cashier or ten thousand from a file (design D2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from cashier_app.domain.configuration import SaType
from cashier_app.domain.errors import refuse
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.domain.lifecycles import REVERSAL_OF, FtKind
from cashier_app.domain.system_events import FtDraft, GlLineDraft
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.accounting.assigning import assign
from cashier_app.services.accounting.match_events import release
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among, insertion
from cashier_app.services.kernel.work import Work

GL_READY = "G"

_INSERT_FT = insertion(
    FinancialTransaction,
    "id kind source_id reverses_ft_id sa_id currency cis_division gl_division current_amount payoff_amount "
    "accounting_date frozen_at frozen_by arrears_date new_charge show_on_bill gl_status journal_id algorithm",
)
_INSERT_LINE = insertion(GlLine, "ft_id line distribution_code amount")
_ADD_TO_BALANCE = Statement(
    update(ServiceAgreement)
    .where(ServiceAgreement.id == bindparam("sa_id"))
    .values(
        current_balance=ServiceAgreement.current_balance + bindparam("current"),
        payoff_balance=ServiceAgreement.payoff_balance + bindparam("payoff"),
    )
)


class FtPost(NamedTuple):
    """A financial transaction to freeze."""

    kind: FtKind
    source_id: int
    agreement: AgreementFacts
    draft: FtDraft
    algorithm: str
    arrears_date: date | None = None
    """For a debit: when ageing starts."""
    new_charge: bool = False
    reverses_ft_id: int | None = None
    show_on_bill: bool = True


class FrozenFt(NamedTuple):
    """A frozen FT, as far as its reversal needs it."""

    id: int
    kind: str
    source_id: int
    sa_id: int
    current_amount: int
    payoff_amount: int


def freeze_fts(work: Work, posts: Sequence[FtPost], accounting_date: date | None = None) -> range:
    """Write FTs frozen, with their GL lines, and change the balances; returns their keys in order.

    What a reversal takes back leaves its match event.

    The accounts are told as changed, the utility's own among them.

    Raises:
        RuleViolation: PAY-005 when the accounting date (default: the business date) is not open.
    """
    on = accounting_date or work.business_date
    types = work.config.all(SaType)
    keys = work.new_ids(len(posts))
    fts: list[Any] = []
    lines: list[Any] = []
    changes: dict[int, tuple[int, int]] = {}
    stamp = (work.instant, work.user.id)
    journal_id = work.journal_id
    for ft_id, post in zip(keys, posts, strict=True):
        agreement, draft = post.agreement, post.draft
        current, payoff, drafted = draft
        sa_type = types[agreement.sa_type]
        work.config.require_open(sa_type.gl_division, on, work.business_date)
        _check(draft)
        fts.append(
            (
                ft_id,
                post.kind.value,
                post.source_id,
                post.reverses_ft_id,
                agreement.id,
                agreement.currency,
                sa_type.cis_division,
                sa_type.gl_division,
                current,
                payoff,
                on,
                *stamp,
                post.arrears_date,
                post.new_charge,
                post.show_on_bill,
                GL_READY,
                journal_id,
                post.algorithm,
            )
        )
        lines.extend((ft_id, number, code, minor) for number, (code, minor) in enumerate(drafted, start=1))
        before = changes.get(agreement.id, (0, 0))
        changes[agreement.id] = (before[0] + current, before[1] + payoff)
    work.changed("account", *{post.agreement.account_id for post in posts})
    store = work.store
    store.write(_INSERT_FT, fts)
    store.write(_INSERT_LINE, lines)
    store.apply(
        _ADD_TO_BALANCE,
        (
            {"sa_id": sa_id, "current": current, "payoff": payoff}
            for sa_id, (current, payoff) in sorted(changes.items())
            if current or payoff
        ),
    )
    if reversed_ids := [post.reverses_ft_id for post in posts if post.reverses_ft_id is not None]:
        release(work, reversed_ids)
    return keys


def _check(draft: FtDraft) -> None:
    """What must hold of every FT, looked at once more before it is written (R billing 2.2)."""
    total = 0
    for line in draft.lines:
        total += line.amount
    assert total == 0, f"GL lines of an FT add up to {total}"
    assert draft.lines or not draft.payoff_amount, "a payoff effect needs GL lines"


_OF_SOURCES = Statement(
    select(
        FinancialTransaction.id,
        FinancialTransaction.kind,
        FinancialTransaction.source_id,
        FinancialTransaction.sa_id,
        FinancialTransaction.current_amount,
        FinancialTransaction.payoff_amount,
    )
    .where(
        among(FinancialTransaction.source_id, "ids"),
        FinancialTransaction.kind == bindparam("kind"),
        FinancialTransaction.frozen_at.is_not(None),
    )
    .order_by(FinancialTransaction.id)
)
_LINES = Statement(
    select(GlLine.ft_id, GlLine.distribution_code, GlLine.amount)
    .where(among(GlLine.ft_id, "ids"))
    .order_by(GlLine.ft_id, GlLine.line)
)


def frozen_fts(work: Work, kind: FtKind, source_ids: Sequence[int]) -> list[FrozenFt]:
    """The frozen FTs of payment segments or adjustments."""
    return [FrozenFt._make(row) for row in work.store.all(_OF_SOURCES, kind=kind.value, ids=list(source_ids))]


def reversals(
    work: Work,
    kind: FtKind,
    fts: Sequence[FrozenFt],
    agreements: Mapping[int, AgreementFacts],
    replaced: Mapping[str, str] | None = None,
) -> list[FtPost]:
    """The mirror of each FT (R billing 2.2.6). `replaced` gives another code for some distribution codes."""
    lines: dict[int, list[GlLineDraft]] = {ft.id: [] for ft in fts}
    for row in work.store.all(_LINES, ids=list(lines)):
        code = (replaced or {}).get(row.distribution_code, row.distribution_code)
        lines[row.ft_id].append(GlLineDraft(code, -row.amount))
    return [
        FtPost(
            kind=REVERSAL_OF[kind],
            source_id=ft.source_id,
            agreement=agreements[ft.sa_id],
            draft=FtDraft(-ft.current_amount, -ft.payoff_amount, tuple(lines[ft.id])),
            algorithm="REVERSAL",
            reverses_ft_id=ft.id,
        )
        for ft in fts
    ]


def gl_account(config: Configuration, distribution_code: str, on: date) -> str:
    """The GL account of a distribution code on a date (S1 p.74); refuses with GL-001 where none is in force."""
    config.get(DistributionCode, distribution_code)
    assignment = assign(config, distribution_code, on)
    if assignment is None:
        refuse("GL-001", f"Distribution code {distribution_code} has no GL account in force on {on}.")
    return assignment.gl_account
