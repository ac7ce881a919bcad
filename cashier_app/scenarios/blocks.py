"""What a file can expect: each block with the things it speaks of, its figures, and where they come from.

The documentation lists exactly what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cashier_app.scenarios.counter_facts import CounterFacts
from cashier_app.scenarios.kinds import AMOUNT, AMOUNTS, FLAG, NUMBER, NUMBERS, TEXT, TEXTS, TEXTS_BY_CODE, Kind, Rows

Figures = Mapping[str, tuple[Kind, str]]


class Subject(Enum):
    """What the keys of a block name."""

    CUSTOMER = "a customer, such as `jane`"
    DEBTOR = "a customer (`jane`), one agreement (`jane.electric`, `jane.ELEC`) or `house.CODE`"
    EVENT = "a step that took or changed a payment event"
    DRAWER = "a step that opened or changed a drawer, or a tender source (its latest drawer)"
    DEPOSIT = "a step that opened or changed a deposit, or one that opened a drawer in it"
    STEP = "a named step"
    THING = (
        "a step (the turn-in, adjustment, payment, drawer or deposit it made; of an event its payments), "
        "`step.payments`, `step.payments.1`, `step.tenders`, `step.tenders.1`, an agreement or a tender source"
    )
    NOTHING = "nothing: the values stand there at once"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of expectations."""

    subject: Subject
    about: str
    find: Callable[[CounterFacts, Any], Any]
    """The value, or all figures by name."""
    value: Kind | None = None
    """Kind of the single value behind each subject; nothing where there are figures."""
    figures: Figures | None = None


_TENDERS: Figures = {
    "type": (TEXT, "tender type"),
    "amount": (AMOUNT, "negative for cash back"),
    "status": (TEXT, "VALID or CANCELED"),
    "payor": (TEXT, "name of the customer"),
    "drawer": (TEXT, "tender source"),
    "tendered": (AMOUNT, "what was handed over, where change was given on it"),
    "change": (AMOUNT, "what went back"),
    "applies_to": (TEXT, "tender type that an over/under tender corrects"),
    "is_cash_back": (FLAG, "whether it gives change for another tender"),
    "reference": (TEXT, "check number"),
    "cancel_reason": (TEXT, "code"),
    "cancel_bank_account": (TEXT, "charged instead of its own"),
    "canceled_after_balance": (FLAG, "it still counts in its drawer"),
}
_PAYMENTS: Figures = {
    "customer": (TEXT, "name of the payee"),
    "amount": (AMOUNT, ""),
    "status": (TEXT, "INCOMPLETE, ERROR, FREEZABLE, FROZEN or CANCELED"),
    "segments": (AMOUNTS, "by agreement"),
    "distributed_by": (TEXT, "algorithms with the dates of their parameters, or MANUAL"),
    "error": (TEXT, "refusal code of a payment in error"),
    "cancel_reason": (TEXT, "code"),
    "is_transfer": (FLAG, "it took the place of another payment"),
}
_TRANSACTIONS: Figures = {
    "kind": (TEXT, "PS, PX, AD or AX"),
    "agreement": (TEXT, "such as `jane.electric`"),
    "current": (AMOUNT, "effect on the current balance"),
    "payoff": (AMOUNT, "effect on the payoff balance"),
    "accounting_date": (TEXT, ""),
    "arrears_date": (TEXT, "`none` for a credit or a new charge"),
    "algorithm": (TEXT, "that decided it"),
    "redundant": (FLAG, "old, and canceled out by others: ageing need not read it any more"),
}
_ADJUSTMENTS: Figures = {
    "agreement": (TEXT, "such as `jane.electric`"),
    "type": (TEXT, "adjustment type"),
    "amount": (AMOUNT, ""),
    "status": (TEXT, "FROZEN or CANCELED"),
}
_RATINGS: Figures = {
    "starts": (TEXT, "date"),
    "ends": (TEXT, "date"),
    "rating": (NUMBER, "points"),
    "cash_only": (NUMBER, "points"),
    "reason": (TEXT, "cancel reason"),
}

BLOCKS: Mapping[str, Block] = {
    "balances": Block(
        Subject.DEBTOR,
        "Balances of an account or agreement.",
        CounterFacts.balances,
        figures={
            "current": (AMOUNT, "what the customer is asked for"),
            "payoff": (AMOUNT, "what would settle everything"),
        },
    ),
    "aged_debt": Block(
        Subject.DEBTOR,
        "Rows of the aged-debt grid that are not zero: days since the arrears date (`22`), `new charge`, "
        "`future 5`, `+180` for everything from the oldest bucket age on, `disputed`, `credit`.",
        CounterFacts.aged_debt,
        value=AMOUNTS,
    ),
    "holding": Block(
        Subject.DEBTOR,
        "What is held by distribution code until the customer pays; negative where more was released than is held.",
        CounterFacts.holding,
        value=AMOUNTS,
    ),
    "status": Block(
        Subject.THING,
        "States. Several that differ stand in one text: `FROZEN CANCELED`. What was deleted is `removed`.",
        lambda _facts, text: text,
        value=TEXT,
    ),
    "segments": Block(
        Subject.EVENT,
        "What each agreement got, from all payments of the event that are not canceled.",
        CounterFacts.segments,
        value=AMOUNTS,
    ),
    "events": Block(
        Subject.EVENT,
        "A payment event.",
        CounterFacts.event,
        figures={
            "kind": (TEXT, "CIS, OVER_UNDER, PAY_IN_OUT, …"),
            "pay_date": (TEXT, "date"),
            "receipt": (TEXT, "`series/count`, `none` without one"),
            "unbalanced_by": (AMOUNT, "valid tenders less payments that are not canceled"),
            "valid_tenders": (AMOUNT, "sum"),
            "live_payments": (AMOUNT, "sum"),
            "note": (TEXT, ""),
        },
    ),
    "tenders": Block(
        Subject.EVENT, "All tenders of an event, in order of entry.", CounterFacts.tenders, value=Rows(_TENDERS)
    ),
    "payments": Block(
        Subject.EVENT, "All payments of an event, in order of entry.", CounterFacts.payments, value=Rows(_PAYMENTS)
    ),
    "receipts": Block(
        Subject.EVENT, "Receipt numbers: `1/7` is the seventh of series 1.", CounterFacts.receipt, value=TEXT
    ),
    "receipt_series": Block(
        Subject.NOTHING,
        "Numbers given out, by series and complete: `1-3` for 1, 2 and 3; `1-2 4` shows a gap.",
        lambda facts, _: facts.receipt_series(),
        value=TEXTS_BY_CODE,
    ),
    "drawers": Block(
        Subject.DRAWER,
        "A drawer (tender control).",
        CounterFacts.drawer,
        figures={
            "status": (TEXT, "OPEN, BALANCING or BALANCED"),
            "owner": (TEXT, "login; `none` for a drawer of all users"),
            "starting_balance": (AMOUNT, "float"),
            "expected": (AMOUNTS, "by tender type"),
            "counted": (AMOUNTS, "by tender type, last closing count"),
            "variance": (AMOUNTS, "counted less expected, by tender type"),
            "counts": (NUMBER, "closing counts made"),
            "tenders": (NUMBER, "tenders that count"),
            "like_cash": (AMOUNT, "what the limit is compared with"),
            "limit_passed": (FLAG, ""),
            "shown_to": (TEXTS, "users of the file whose report shows expected amounts, in their order there"),
            "openings": (TEXTS, "why the drawer sprang open: PAYMENT, NO_SALE, TURN_IN, COUNT, PAY_IN_OUT"),
            "z_reports": (NUMBER, "Z reports of this drawer"),
        },
    ),
    "deposits": Block(
        Subject.DEPOSIT,
        "A deposit control.",
        CounterFacts.deposit,
        figures={
            "status": (TEXT, "OPEN, BALANCING or BALANCED"),
            "drawers": (TEXTS, "tender sources of its drawers"),
            "to_deposit": (AMOUNT, "of balanced drawers and received turn-ins"),
            "deposited": (AMOUNT, "on slips"),
            "slips": (AMOUNTS, "by bank account"),
            "pending_turn_ins": (NUMBER, "that wait to be received"),
            "received": (AMOUNT, "turn-ins received"),
        },
    ),
    "transactions": Block(
        Subject.STEP,
        "Financial transactions that a step froze, in order.",
        CounterFacts.transactions,
        value=Rows(_TRANSACTIONS),
    ),
    "adjustments": Block(
        Subject.DEBTOR,
        "Adjustments, in order; opening receivables are left out.",
        CounterFacts.adjustments,
        value=Rows(_ADJUSTMENTS),
    ),
    "alerts": Block(
        Subject.CUSTOMER, "Codes of what the cashier is told, in their order.", CounterFacts.alerts, value=TEXTS
    ),
    "credit": Block(
        Subject.CUSTOMER,
        "Credit rating and cash-only score today.",
        CounterFacts.credit,
        figures={
            "rating": (NUMBER, "points"),
            "cash_only_score": (NUMBER, "points"),
            "risky": (FLAG, "rating below its threshold"),
            "cash_only": (FLAG, "score above its threshold"),
            "entries": (Rows(_RATINGS), "what was entered, in order"),
        },
    ),
    "proposed_payment": Block(
        Subject.CUSTOMER, "What the payment-amount rule proposes.", CounterFacts.proposed_payment, value=AMOUNT
    ),
    "to_do": Block(Subject.CUSTOMER, "Types of entries that wait for somebody.", CounterFacts.to_do, value=TEXTS),
    "reviews": Block(
        Subject.CUSTOMER, "Why the debt monitor is to look at the account.", CounterFacts.reviews, value=TEXTS
    ),
    "commands": Block(
        Subject.NOTHING,
        "How many commands of a name the journal has, those of the set-up left out; only those given are compared.",
        lambda facts, _: facts.commands(),
        value=NUMBERS,
    ),
}

JOURNAL_FIGURES: Figures = {
    "debit": (AMOUNTS, "debits by distribution code"),
    "credit": (AMOUNTS, "credits by distribution code, as positive amounts"),
    "net": (AMOUNTS, "debits less credits by distribution code"),
    "transactions": (NUMBER, "financial transactions concerned"),
}
