"""What the ledger says, in the shapes that expectations compare with: money, texts, lists, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from cashier_app.domain.aging import age_of
from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.lifecycles import ToDoStatus
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import NEW_CHARGE
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.customer import Account, CreditRatingEntry, ReviewTrigger, ServiceAgreement
from cashier_app.models.financial import FinancialTransaction, GlLine
from cashier_app.models.journal import JournalEntry
from cashier_app.models.to_do import ToDo
from cashier_app.scenarios.names import Names
from cashier_app.services.accounting.agreements import agreements_by_id, agreements_of, open_debits
from cashier_app.services.accounting.credit import credit_standing
from cashier_app.services.accounting.holding import holding_codes
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.accounts import account_at_a_glance

NEW_CHARGE_ROW = "new charge"
CREDIT_ROW = "credit"
DISPUTED_ROW = "disputed"

_ACCOUNT_CURRENCY = Statement(select(Account.currency).where(Account.id == bindparam("account_id")))
_AGREEMENT_STATUS = Statement(select(ServiceAgreement.status).where(ServiceAgreement.id == bindparam("sa_id")))
_FTS = Statement(
    select(
        FinancialTransaction.id,
        FinancialTransaction.kind,
        FinancialTransaction.sa_id,
        FinancialTransaction.currency,
        FinancialTransaction.current_amount,
        FinancialTransaction.payoff_amount,
        FinancialTransaction.accounting_date,
        FinancialTransaction.arrears_date,
        FinancialTransaction.new_charge,
        FinancialTransaction.algorithm,
        FinancialTransaction.redundant,
        FinancialTransaction.reverses_ft_id,
        ServiceAgreement.account_id,
        ServiceAgreement.sa_type,
    )
    .join(ServiceAgreement, ServiceAgreement.id == FinancialTransaction.sa_id)
    .where(among(FinancialTransaction.journal_id, "journal_ids"))
    .order_by(FinancialTransaction.id)
)
_ENTRIES = Statement(select(JournalEntry.id, JournalEntry.name, JournalEntry.business_date).order_by(JournalEntry.id))
_LINES = Statement(
    select(
        GlLine.distribution_code,
        GlLine.amount,
        FinancialTransaction.currency,
        FinancialTransaction.journal_id,
        FinancialTransaction.accounting_date,
        FinancialTransaction.id,
    )
    .join(FinancialTransaction, FinancialTransaction.id == GlLine.ft_id)
    .order_by(GlLine.ft_id, GlLine.line)
)
_HELD = Statement(
    select(GlLine.distribution_code, FinancialTransaction.currency, func.sum(GlLine.amount).label("amount"))
    .join(FinancialTransaction, FinancialTransaction.id == GlLine.ft_id)
    .where(among(FinancialTransaction.sa_id, "ids"), among(GlLine.distribution_code, "codes"))
    .group_by(GlLine.distribution_code, FinancialTransaction.currency)
    .order_by(GlLine.distribution_code)
)
_TO_DO = Statement(
    select(ToDo.to_do_type)
    .where(ToDo.account_id == bindparam("account_id"), ToDo.status != ToDoStatus.COMPLETE.value)
    .order_by(ToDo.id)
)
_REVIEWS = Statement(
    select(ReviewTrigger.reason).where(ReviewTrigger.account_id == bindparam("account_id")).order_by(ReviewTrigger.id)
)
_RATINGS = Statement(
    select(
        CreditRatingEntry.starts,
        CreditRatingEntry.ends,
        CreditRatingEntry.rating_points,
        CreditRatingEntry.cash_only_points,
        CreditRatingEntry.reason,
    )
    .where(CreditRatingEntry.account_id == bindparam("account_id"))
    .order_by(CreditRatingEntry.id)
)
_ADJUSTMENTS = Statement(
    select(
        Adjustment.id,
        Adjustment.sa_id,
        Adjustment.adjustment_type,
        Adjustment.amount,
        Adjustment.currency,
        Adjustment.status,
        func.min(FinancialTransaction.journal_id).label("journal_id"),
    )
    .outerjoin(FinancialTransaction, FinancialTransaction.source_id == Adjustment.id)
    .where(among(Adjustment.sa_id, "ids"))
    .group_by(
        Adjustment.id,
        Adjustment.sa_id,
        Adjustment.adjustment_type,
        Adjustment.amount,
        Adjustment.currency,
        Adjustment.status,
    )
    .order_by(Adjustment.id)
)


@dataclass(frozen=True)
class Facts:
    """The ledger at one moment of a scenario."""

    store: Store
    config: Configuration
    names: Names
    today: date
    currency: str
    """Of the installation."""
    opening: frozenset[int]
    """Journal entries of the set-up, opening receivables included."""
    journal_of: Mapping[str, int]
    """Journal entry of each named step."""
    current: int | None
    """Journal entry of the step that expects; nothing where it did nothing."""

    # -- customers

    def balances(self, key: int) -> dict[str, Money]:
        """Current and payoff balance of an account or agreement."""
        found = agreements_by_id(self.store, [key]).get(key)
        agreements = [found] if found else agreements_of(self.store, key)
        currency = found.currency if found else self._account_currency(key)
        return {
            "current": Money(sum(each.current_balance for each in agreements), currency),
            "payoff": Money(sum(each.payoff_balance for each in agreements), currency),
        }

    def _account_currency(self, account_id: int) -> str:
        return str(self.store.value(_ACCOUNT_CURRENCY, account_id=account_id) or self.currency)

    def aged_debt(self, key: int) -> dict[str, Money]:
        """Rows of the aged-debt grid: age in days, `new charge`, `future N`, `+180`, `disputed`, `credit`."""
        found = agreements_by_id(self.store, [key]).get(key)
        agreements = [found] if found else agreements_of(self.store, key)
        rows: dict[str, int] = {}
        for pieces in open_debits(self.store, agreements).values():
            for piece in pieces:
                row = self._age_row(age_of(piece.arrears_date, self.today))
                rows[row] = rows.get(row, 0) + piece.amount
        rows[DISPUTED_ROW] = sum(each.disputed_balance for each in agreements)
        rows[CREDIT_ROW] = sum(min(each.aging_balance, 0) for each in agreements)
        currency = found.currency if found else self._account_currency(key)
        return {row: Money(amount, currency) for row, amount in rows.items() if amount}

    def holding(self, key: int) -> dict[str, Money]:
        """What agreements hold on codes that become payable when they are paid."""
        found = agreements_by_id(self.store, [key]).get(key)
        agreements = [found] if found else agreements_of(self.store, key)
        codes = sorted(holding_codes(self.config))
        rows = self.store.all(_HELD, ids=[each.id for each in agreements], codes=codes)
        return {row.distribution_code: Money(-int(row.amount), row.currency) for row in rows if row.amount}

    def _age_row(self, age: int) -> str:
        oldest = self.config.installation.oldest_bucket_age
        if age == NEW_CHARGE:
            return NEW_CHARGE_ROW
        if age < 0:
            return f"future {-age - 1}"
        return f"+{oldest}" if age >= oldest else str(age)

    def credit(self, account_id: int) -> dict[str, Any]:
        """Credit rating and cash-only score today."""
        standing = credit_standing(self.store, self.config, account_id, self.today)
        return {
            "rating": standing.rating,
            "cash_only_score": standing.cash_only_score,
            "risky": standing.is_risky,
            "cash_only": standing.is_cash_only,
            "entries": [
                {
                    "starts": row.starts.isoformat(),
                    "ends": row.ends.isoformat(),
                    "rating": row.rating_points,
                    "cash_only": row.cash_only_points,
                    "reason": row.reason,
                }
                for row in self.store.all(_RATINGS, account_id=account_id)
            ],
        }

    def alerts(self, account_id: int) -> list[str]:
        """Codes of what the cashier is told about an account."""
        glance = account_at_a_glance(self.store, self.config, account_id, self.today)
        return [alert.code for alert in glance.alerts]

    def proposed_payment(self, account_id: int) -> Money:
        """What the payment-amount rule proposes."""
        glance = account_at_a_glance(self.store, self.config, account_id, self.today)
        return Money(glance.proposed_payment, glance.currency)

    def to_do(self, account_id: int) -> list[str]:
        """Types of entries that wait for somebody."""
        return [row.to_do_type for row in self.store.all(_TO_DO, account_id=account_id)]

    def reviews(self, account_id: int) -> list[str]:
        """Reasons for which the debt monitor is to look at an account."""
        return [row.reason for row in self.store.all(_REVIEWS, account_id=account_id)]

    def adjustments(self, key: int) -> list[dict[str, Any]]:
        """Adjustments of an account or agreement, opening receivables left out."""
        found = agreements_by_id(self.store, [key]).get(key)
        agreements = {each.id: each for each in ([found] if found else agreements_of(self.store, key))}
        return [
            {
                "agreement": self._agreement_name(agreements[row.sa_id]),
                "type": row.adjustment_type,
                "amount": Money(row.amount, row.currency),
                "status": row.status,
            }
            for row in self.store.all(_ADJUSTMENTS, ids=list(agreements))
            if row.journal_id not in self.opening
        ]

    def _agreement_name(self, agreement: Any) -> str:
        sa_id = agreement.id if hasattr(agreement, "status") else agreement.sa_id
        return self.names.agreement_name(sa_id, agreement.account_id, agreement.sa_type)

    def agreement_status(self, sa_id: int) -> str | None:
        """The state of a service agreement."""
        status: str | None = self.store.value(_AGREEMENT_STATUS, sa_id=sa_id)
        return status

    # -- the books

    def entries(self, steps: Iterable[str]) -> set[int]:
        """Journal entries of named steps, of the `opening`, or of the whole `ledger`."""
        found: set[int] = set()
        for name in steps:
            if name == "opening":
                found |= self.opening
            elif name == "ledger":
                found |= {row.id for row in self.store.all(_ENTRIES)}
            elif name in self.journal_of:
                found.add(self.journal_of[name])
        return found

    def default_entries(self) -> set[int]:
        """The step's own entry, or those of all steps."""
        if self.current is not None:
            return {self.current}
        return {row.id for row in self.store.all(_ENTRIES)} - self.opening

    def journal(self, entries: set[int], day: date | None) -> dict[str, Any]:
        """Debits, credits and net amounts by distribution code, and how many FTs they belong to."""
        sums: dict[str, dict[str, int]] = {"debit": {}, "credit": {}, "net": {}}
        currencies: dict[str, str] = {}
        fts = set()
        for row in self.store.all(_LINES):
            if row.journal_id not in entries or (day is not None and row.accounting_date != day):
                continue
            fts.add(row.id)
            code = row.distribution_code
            currencies[code] = row.currency
            side = "debit" if row.amount > 0 else "credit"
            sums[side][code] = sums[side].get(code, 0) + abs(row.amount)
            sums["net"][code] = sums["net"].get(code, 0) + row.amount
        money = {
            side: {code: Money(amount, currencies[code]) for code, amount in sorted(by_code.items())}
            for side, by_code in sums.items()
        }
        return {**money, "transactions": len(fts)}

    def transactions(self, step: str) -> list[dict[str, Any]]:
        """FTs that a step froze."""
        return [
            {
                "kind": row.kind,
                "agreement": self.names.agreement_name(row.sa_id, row.account_id, row.sa_type),
                "current": Money(row.current_amount, row.currency),
                "payoff": Money(row.payoff_amount, row.currency),
                "accounting_date": row.accounting_date.isoformat(),
                "arrears_date": row.arrears_date.isoformat() if row.arrears_date not in {None, date.max} else None,
                "algorithm": row.algorithm,
                "redundant": bool(row.redundant),
            }
            for row in self.store.all(_FTS, journal_ids=sorted(self.entries([step])))
        ]

    def commands(self) -> dict[str, int]:
        """How many commands of each name were journaled by steps."""
        counts: dict[str, int] = {}
        for row in self.store.all(_ENTRIES):
            if row.id not in self.opening:
                counts[row.name] = counts.get(row.name, 0) + 1
        return counts

    def source_of(self, code: str) -> bool:
        """Whether a code is a tender source."""
        return code in self.config.all(TenderSource)
