"""What a branch took for accounts that the server does not know: opened after the backup from which it was restored.

The money is in a drawer, so the rows are taken in with the suspense account in place of what is gone, and the journal
says so: nothing is refused, and nothing goes to whoever has the key now (R reliability S6, P10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import require
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.payment import Payment, PaymentSegment, Tender
from cashier_app.services.accounting.adjustments import agreement_of
from cashier_app.services.branches.shapes import Effect
from cashier_app.services.customers.account_rows import ACCOUNTS
from cashier_app.services.kernel.statements import Statement, among, change, deletion
from cashier_app.services.kernel.work import Work

Rows = list[Sequence[Any]]

_AGREEMENTS = Statement(select(ServiceAgreement.id).where(among(ServiceAgreement.id, "ids")))
_NAMES = {"payment": "account_id", "tender": "payor_account_id", "payment_segment": "sa_id"}
"""The columns of a branch's rows that name what is the server's."""
_RECORD = {"payment": change(Payment, "account_id"), "tender": change(Tender, "payor_account_id")}
_LEAVE_OUT = deletion(PaymentSegment)


class Forgotten:
    """Looks through rows before they are written."""

    def __init__(self, work: Work, sources: Sequence[TenderSource]) -> None:
        self._work = work
        self._suspense = [source.suspense_agreement for source in sources if source.suspense_agreement]
        self._account: int | None = None
        self.payments: set[int] = set()
        """Whose accounts are not known here."""

    def replaced(self, waiting: Mapping[Effect, Rows]) -> Mapping[Effect, Rows]:
        """The rows as they can be written; what had to be replaced is recorded."""
        gone = self._gone(waiting)
        if not any(gone.values()):
            return waiting
        return {found: self._looked_through(found, rows, gone[found.table]) for found, rows in waiting.items()}

    def _gone(self, waiting: Mapping[Effect, Rows]) -> dict[str, set[int]]:
        named: dict[str, set[int]] = {found.table: set() for found in waiting}
        for found, rows in waiting.items():
            if found.table in _NAMES:
                place = found.columns.index(_NAMES[found.table])
                named[found.table].update(row[place] for row in rows)
        accounts = named.get("payment", set()) | named.get("tender", set())
        known = {row.id for row in self._work.store.all(ACCOUNTS, ids=sorted(accounts))} if accounts else set()
        agreements = named.get("payment_segment", set())
        if agreements:
            known |= {row.id for row in self._work.store.all(_AGREEMENTS, ids=sorted(agreements))}
        return {table: ids - known for table, ids in named.items()}

    def _looked_through(self, found: Effect, rows: Rows, gone: set[int]) -> Rows:
        if not gone:
            return rows
        key, place = found.columns.index("id"), found.columns.index(_NAMES[found.table])
        lost = [row for row in rows if row[place] in gone]
        store = self._work.store
        if found.table == "payment_segment":
            store.record(_LEAVE_OUT, [(row[key],) for row in lost])
            return [row for row in rows if row[place] not in gone]
        account = self._suspense_account()
        store.record(_RECORD[found.table], [(account, row[key]) for row in lost])
        if found.table == "payment":
            self.payments.update(row[key] for row in lost)
        return [[*row[:place], account, *row[place + 1 :]] if row[place] in gone else row for row in rows]

    def _suspense_account(self) -> int:
        if self._account is None:
            require(self._suspense, "SYNC-006", "A drawer of this branch names no suspense agreement.")
            work = self._work
            self._account = agreement_of(work, work.config.house_agreement(self._suspense[0])).account_id
        return self._account
