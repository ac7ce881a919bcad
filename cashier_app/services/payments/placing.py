"""Placing many payments together: facts are read once, and each payment finds what those before it have left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cashier_app.domain.aging import Debit, open_pieces
from cashier_app.domain.configuration import SaType
from cashier_app.domain.lifecycles import PaymentStatus
from cashier_app.domain.system_events import SegmentDraft
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_of_accounts, debts, open_debits
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.distribution import place
from cashier_app.services.payments.events import PaymentDraft


class Placing:
    """Distributes payments of many accounts, one after the other.

    `account_ids` names the account of each payment to come, an account as often as it is paid.
    """

    def __init__(self, work: Work, account_ids: Iterable[int], more: Iterable[AgreementFacts] = ()) -> None:
        self.work = work
        times = Counter(account_ids)
        self._paid_again = {account_id for account_id, number in times.items() if number > 1}
        self.found = agreements_of_accounts(work.store, times)
        owing = [agreement for agreements in self.found.values() for agreement in agreements]
        self._debits: dict[int, list[Debit]] = open_debits(work.store, owing)
        self.agreements = {agreement.id: agreement for agreement in (*owing, *more)}

    def frozen(self, account: Any, amount: int) -> PaymentDraft:
        """A payment by the rules of its account's customer class: a draft to freeze, or one in error that says why."""
        found = self.found[account.id]
        owed = debts(found, self._debits, self.work.config.all(SaType), self.work.business_date)
        draft = place(self.work, account, amount, found, self.agreements, owed)
        if draft.status == PaymentStatus.FREEZABLE:
            draft = draft._replace(status=PaymentStatus.FROZEN.value)
            self.pay_off(account.id, draft.segments)
        return draft

    def pay_off(self, account_id: int, segments: Sequence[SegmentDraft]) -> None:
        """Note what a payment placed: a later one of the account finds less debt, and perhaps a new agreement."""
        if account_id not in self._paid_again:
            return
        for sa_id, amount in segments:
            before = self.agreements[sa_id]
            after = before._replace(
                current_balance=before.current_balance - amount, payoff_balance=before.payoff_balance - amount
            )
            self.agreements[sa_id] = after
            agreements = self.found[account_id]
            self.found[account_id] = [after if each.id == sa_id else each for each in agreements]
            if after not in self.found[account_id]:
                self.found[account_id].append(after)
            self._debits[sa_id] = list(open_pieces(max(after.aging_balance, 0), self._debits.get(sa_id, [])))
