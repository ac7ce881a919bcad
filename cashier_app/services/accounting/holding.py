"""What agreements hold on codes that become payable only when they are paid (S1 p.123; R billing 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from cashier_app.domain.aging import UNBILLED
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.domain.system_events import NOTHING_HELD, FtDraft, Holding, HoldingFacts, HoldingLine
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.services.kernel.configuration import BoundRule, Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work

_reversal = aliased(FinancialTransaction)
_LINES = Statement(
    select(FinancialTransaction.sa_id, GlLine.distribution_code, FinancialTransaction.arrears_date, GlLine.amount)
    .join(GlLine, GlLine.ft_id == FinancialTransaction.id)
    .where(
        among(FinancialTransaction.sa_id, "ids"),
        among(GlLine.distribution_code, "codes"),
        FinancialTransaction.frozen_at.is_not(None),
        FinancialTransaction.reverses_ft_id.is_(None),
        ~exists(select(1).where(_reversal.reverses_ft_id == FinancialTransaction.id)),
    )
    .order_by(FinancialTransaction.id, GlLine.line)
)
_RECEIVABLES = Statement(
    select(ServiceAgreement.id, ServiceAgreement.payoff_balance).where(among(ServiceAgreement.id, "ids"))
)


class _Known(NamedTuple):
    """An agreement as it stands after what was drafted so far."""

    receivable: int
    lines: tuple[HoldingLine, ...]


class Holdings:
    """What is held, for all that one command books: what it drafts is counted in before it is written."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._codes = holding_codes(work.config)
        self._known: dict[int, _Known] = {}

    def facts(self, rule: BoundRule, sa_id: int) -> HoldingFacts:
        """What a rule must know of an agreement; nothing for rules that do not ask."""
        if not rule.needs_holding or not self._codes:
            return NOTHING_HELD
        if sa_id not in self._known:
            self.read([sa_id])
        known = self._known[sa_id]
        return HoldingFacts(known.receivable, known.lines, self._codes)

    def read(self, sa_ids: Iterable[int]) -> None:
        """Read agreements together that will be asked for one by one."""
        ids = sorted(set(sa_ids) - self._known.keys())
        lines: dict[int, list[HoldingLine]] = {sa_id: [] for sa_id in ids}
        for row in self._work.store.all(_LINES, ids=ids, codes=sorted(self._codes)):
            lines[row.sa_id].append(HoldingLine(row.distribution_code, row.arrears_date or UNBILLED, -row.amount))
        for row in self._work.store.all(_RECEIVABLES, ids=ids):
            self._known[row.id] = _Known(row.payoff_balance, tuple(lines[row.id]))

    def drafted(self, sa_id: int, draft: FtDraft) -> None:
        """Count in what was just drafted for an agreement: what comes next in the command finds it booked."""
        known = self._known.get(sa_id)
        if known is None:
            return
        moved = (
            HoldingLine(line.distribution_code, UNBILLED, -line.amount)
            for line in draft.lines
            if line.distribution_code in self._codes
        )
        self._known[sa_id] = _Known(known.receivable + draft.payoff_amount, (*known.lines, *moved))


def holding_codes(config: Configuration) -> Mapping[str, Holding]:
    """The distribution codes that hold for others."""
    return {
        code: Holding(record.real_code, record.accounting_priority)
        for code, record in config.all(DistributionCode).items()
        if record.real_code
    }
