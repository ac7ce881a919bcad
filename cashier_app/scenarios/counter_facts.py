"""What the ledger says of events, drawers and deposits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select

from cashier_app.domain.identifiers import RECEIPT_DIGITS, has_valid_check_digit
from cashier_app.domain.lifecycles import PaymentStatus, TenderStatus
from cashier_app.domain.money import Money
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.control import DepositControl, DrawerOpening, DrawerReport, TenderControl, TenderDeposit, TurnIn
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.match_event import MatchEvent
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.scenarios.facts import Facts
from cashier_app.services.administration.users import read_actor
from cashier_app.services.cashiering.deposit_controls import to_deposit
from cashier_app.services.cashiering.drawer_statements import drawer_statement
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.payments.drawers import SEE_EXPECTED

_EVENT = Statement(
    select(
        PaymentEvent.kind,
        PaymentEvent.currency,
        PaymentEvent.pay_date,
        PaymentEvent.receipt_number,
        PaymentEvent.unbalanced_by,
        PaymentEvent.note,
    ).where(PaymentEvent.id == bindparam("event_id"))
)
_TENDERS = Statement(
    select(
        Tender.payor_account_id,
        Tender.tender_type,
        Tender.amount,
        Tender.status,
        Tender.applies_to_tender_type,
        Tender.cash_back_of,
        Tender.amount_tendered,
        Tender.amount_change,
        Tender.reference,
        Tender.cancel_reason,
        Tender.cancel_bank_account,
        Tender.canceled_after_balance,
        TenderControl.tender_source,
    )
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .where(Tender.event_id == bindparam("event_id"))
    .order_by(Tender.id)
)
_PAYMENTS = Statement(
    select(
        Payment.id,
        Payment.account_id,
        Payment.amount,
        Payment.status,
        Payment.error_message,
        Payment.distributed_by,
        Payment.cancel_reason,
        Payment.transferred_from,
    )
    .where(Payment.event_id == bindparam("event_id"))
    .order_by(Payment.id)
)
_SEGMENTS = Statement(
    select(
        PaymentSegment.payment_id,
        PaymentSegment.sa_id,
        PaymentSegment.amount,
        ServiceAgreement.account_id,
        ServiceAgreement.sa_type,
    )
    .join(Payment, Payment.id == PaymentSegment.payment_id)
    .join(ServiceAgreement, ServiceAgreement.id == PaymentSegment.sa_id)
    .where(Payment.event_id == bindparam("event_id"))
    .order_by(PaymentSegment.id)
)
_RECEIPTS = Statement(select(PaymentEvent.receipt_number).where(PaymentEvent.receipt_number.is_not(None)))
_LATEST_CONTROL = Statement(
    select(TenderControl.id).where(TenderControl.tender_source == bindparam("source")).order_by(TenderControl.id.desc())
)
_OPENINGS = Statement(
    select(DrawerOpening.reason)
    .where(DrawerOpening.tender_control_id == bindparam("control_id"))
    .order_by(DrawerOpening.id)
)
_Z_REPORTS = Statement(
    select(func.count()).select_from(DrawerReport).where(DrawerReport.tender_control_id == bindparam("control_id"))
)
_DEPOSIT = Statement(
    select(DepositControl.status, DepositControl.currency).where(DepositControl.id == bindparam("deposit_id"))
)
_CONTROLS = Statement(
    select(TenderControl.tender_source, TenderControl.status)
    .where(TenderControl.deposit_control_id == bindparam("deposit_id"))
    .order_by(TenderControl.id)
)
_SLIPS = Statement(
    select(TenderDeposit.bank_account, TenderDeposit.amount)
    .where(TenderDeposit.deposit_control_id == bindparam("deposit_id"))
    .order_by(TenderDeposit.id)
)
_TURN_INS = Statement(
    select(TurnIn.tender_type, TurnIn.amount, TurnIn.status)
    .where(TurnIn.deposit_control_id == bindparam("deposit_id"))
    .order_by(TurnIn.id)
)
_ONE_STATUS = {
    "match_event_id": Statement(select(MatchEvent.status).where(MatchEvent.id == bindparam("key"))),
    "turn_in_id": Statement(select(TurnIn.status).where(TurnIn.id == bindparam("key"))),
    "adjustment_id": Statement(select(Adjustment.status).where(Adjustment.id == bindparam("key"))),
    "payment_id": Statement(select(Payment.status).where(Payment.id == bindparam("key"))),
    "tender_control_id": Statement(select(TenderControl.status).where(TenderControl.id == bindparam("key"))),
    "deposit_control_id": Statement(select(DepositControl.status).where(DepositControl.id == bindparam("key"))),
    "sa_id": Statement(select(ServiceAgreement.status).where(ServiceAgreement.id == bindparam("key"))),
}
SERIES_DIGITS = 4
_NO_EVENT = ("PAY-120", "There is no such payment event any more.")
GONE = "removed"
"""The state of what was deleted."""


class CounterFacts(Facts):
    """Events, drawers and deposits."""

    # -- payment events

    def event(self, event_id: int) -> dict[str, Any]:
        """An event as a whole."""
        row = self.store.first(_EVENT, event_id=event_id)
        if row is None:
            return dict.fromkeys(
                ("kind", "pay_date", "receipt", "unbalanced_by", "valid_tenders", "live_payments", "note")
            )
        tenders, payments = self.tenders(event_id), self.payments(event_id)
        valid = [each["amount"] for each in tenders if each["status"] == TenderStatus.VALID]
        live = [each["amount"] for each in payments if each["status"] != PaymentStatus.CANCELED]
        return {
            "kind": row.kind,
            "pay_date": row.pay_date.isoformat(),
            "receipt": self.receipt(event_id),
            "unbalanced_by": Money(row.unbalanced_by, row.currency),
            "valid_tenders": Money(sum(each.minor for each in valid), row.currency),
            "live_payments": Money(sum(each.minor for each in live), row.currency),
            "note": row.note or None,
        }

    def receipt(self, event_id: int) -> str | None:
        """The receipt number as `series/count`; nothing for an event that has none."""
        row = self.store.first(_EVENT, event_id=event_id)
        return short_receipt(row.receipt_number) if row and row.receipt_number else None

    def receipt_series(self) -> dict[str, str]:
        """Numbers used in each series: `1-3` for 1, 2 and 3."""
        used: dict[str, list[int]] = {}
        for row in self.store.all(_RECEIPTS):
            series, _, count = short_receipt(row.receipt_number).partition("/")
            used.setdefault(series, []).append(int(count) if count.isdecimal() else 0)
        return {series: ranges(counts) for series, counts in sorted(used.items())}

    def tenders(self, event_id: int) -> list[dict[str, Any]]:
        """Tenders of an event, in the order in which they were entered."""
        event = self.store.one(_EVENT, _NO_EVENT, event_id=event_id)
        return [
            {
                "type": row.tender_type,
                "amount": Money(row.amount, event.currency),
                "status": row.status,
                "payor": self.names.customer_name(row.payor_account_id),
                "drawer": row.tender_source,
                "tendered": None if row.amount_tendered is None else Money(row.amount_tendered, event.currency),
                "change": None if row.amount_change is None else Money(row.amount_change, event.currency),
                "applies_to": row.applies_to_tender_type,
                "is_cash_back": row.cash_back_of is not None,
                "reference": row.reference or None,
                "cancel_reason": row.cancel_reason,
                "cancel_bank_account": row.cancel_bank_account,
                "canceled_after_balance": bool(row.canceled_after_balance),
            }
            for row in self.store.all(_TENDERS, event_id=event_id)
        ]

    def payments(self, event_id: int) -> list[dict[str, Any]]:
        """Payments of an event, in the order in which they were entered."""
        event = self.store.one(_EVENT, _NO_EVENT, event_id=event_id)
        segments: dict[int, dict[str, Money]] = {}
        for row in self.store.all(_SEGMENTS, event_id=event_id):
            name = self.names.agreement_name(row.sa_id, row.account_id, row.sa_type)
            segments.setdefault(row.payment_id, {})[name] = Money(row.amount, event.currency)
        return [
            {
                "customer": self.names.customer_name(row.account_id),
                "amount": Money(row.amount, event.currency),
                "status": row.status,
                "segments": segments.get(row.id, {}),
                "distributed_by": row.distributed_by or None,
                "error": row.error_message.partition(":")[0] or None,
                "cancel_reason": row.cancel_reason,
                "is_transfer": row.transferred_from is not None,
            }
            for row in self.store.all(_PAYMENTS, event_id=event_id)
        ]

    def segments(self, event_id: int) -> dict[str, Money]:
        """What each agreement got from the payments that were not canceled."""
        sums: dict[str, Money] = {}
        for payment in self.payments(event_id):
            if payment["status"] != PaymentStatus.CANCELED:
                for name, amount in payment["segments"].items():
                    before = sums[name].minor if name in sums else 0
                    sums[name] = Money(before + amount.minor, amount.currency)
        return sums

    # -- drawers

    def latest_control(self, source: str) -> int | None:
        """The tender control that was opened last for a tender source."""
        control_id: int | None = self.store.value(_LATEST_CONTROL, source=source)
        return control_id

    def drawer(self, control_id: int) -> dict[str, Any]:
        """A drawer: what it should hold, what was counted, the difference."""
        found = drawer_statement(self.store, self.config, control_id)

        def money(minor: int | None) -> Money | None:
            return None if minor is None else Money(minor, found.currency)

        expected = {each.tender_type: Money(each.expected or 0, found.currency) for each in found.tender_types}
        counted = {
            each.tender_type: Money(each.counted, found.currency)
            for each in found.tender_types
            if each.counted is not None
        }
        variance = {
            code: Money((counted[code].minor if code in counted else 0) - amount.minor, found.currency)
            for code, amount in expected.items()
        }
        return {
            "status": found.status,
            "owner": self.names.user_name(found.owner_id) or None,
            "starting_balance": money(found.starting_balance),
            "expected": expected,
            "counted": counted,
            "variance": variance if found.counts else {},
            "counts": found.counts,
            "tenders": found.tender_count,
            "like_cash": money(found.like_cash),
            "limit_passed": found.limit_passed,
            "shown_to": self._shown_to(control_id),
            "openings": [row.reason for row in self.store.all(_OPENINGS, control_id=control_id)],
            "z_reports": self.store.value(_Z_REPORTS, control_id=control_id),
        }

    def _shown_to(self, control_id: int) -> list[str]:
        """Users of the file to whom the drawer's report shows what it should hold."""
        seeing = []
        for login, user_id in self.names.users.items():
            may = read_actor(self.store, self.config, user_id).may(SEE_EXPECTED)
            statement = drawer_statement(self.store, self.config, control_id, may_see_expected=may)
            if not statement.blind:
                seeing.append(login)
        return seeing

    # -- deposits

    def deposit(self, deposit_id: int) -> dict[str, Any]:
        """A deposit: its drawers, what is to be deposited, and on which slips it is."""
        row = self.store.one(_DEPOSIT, ("DC-001", "There is no such deposit."), deposit_id=deposit_id)
        slips: dict[str, int] = {}
        for slip in self.store.all(_SLIPS, deposit_id=deposit_id):
            slips[slip.bank_account] = slips.get(slip.bank_account, 0) + slip.amount
        turn_ins = self.store.all(_TURN_INS, deposit_id=deposit_id)
        return {
            "status": row.status,
            "drawers": [each.tender_source for each in self.store.all(_CONTROLS, deposit_id=deposit_id)],
            "to_deposit": Money(to_deposit(self.store, self.config, deposit_id), row.currency),
            "deposited": Money(sum(slips.values()), row.currency),
            "slips": {bank: Money(amount, row.currency) for bank, amount in slips.items()},
            "pending_turn_ins": sum(each.status == "PENDING" for each in turn_ins),
            "received": Money(sum(each.amount for each in turn_ins if each.status == "RECEIVED"), row.currency),
        }

    # -- states

    def status_of(self, result: Any) -> str:
        """The state of what a step made: its turn-in, adjustment, payment, drawer, deposit or event."""
        for field, statement in _ONE_STATUS.items():
            key = getattr(result, field, None)
            if key is not None:
                return str(self.store.value(statement, key=key) or GONE)
        return self.statuses(result.event_id, "payments")

    def statuses(self, event_id: int, which: str, place: int | None = None) -> str:
        """States of an event's payments or tenders: one word where they agree, else all in order."""
        if self.store.first(_EVENT, event_id=event_id) is None:
            return GONE
        rows = self.tenders(event_id) if which == "tenders" else self.payments(event_id)
        states = [str(row["status"]) for row in rows]
        if place is not None:
            return states[place - 1] if place <= len(states) else GONE
        return " ".join(states if len(set(states)) > 1 else states[:1]) or GONE


def short_receipt(number: str) -> str:
    """`1/7` for the seventh number of series 1; the whole number where it is built otherwise."""
    if len(number) != RECEIPT_DIGITS or not has_valid_check_digit(number):
        return number
    return f"{int(number[:SERIES_DIGITS])}/{int(number[SERIES_DIGITS:-1])}"


def ranges(numbers: list[int]) -> str:
    """`1-3 5` for 1, 2, 3 and 5; a number given twice stands twice."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return " ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
