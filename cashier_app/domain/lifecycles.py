"""The states of things, and the table of moves that each life cycle allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from cashier_app.domain.errors import refuse


class PaymentStatus(StrEnum):
    """R payments 1.4."""

    INCOMPLETE = "INCOMPLETE"
    ERROR = "ERROR"
    FREEZABLE = "FREEZABLE"
    RECORDED = "RECORDED"
    """Taken at a branch and final there; the server distributes and freezes it when it hears of it (decision 18)."""
    FROZEN = "FROZEN"
    CANCELED = "CANCELED"


class TenderStatus(StrEnum):
    """R payments 1.5."""

    VALID = "VALID"
    CANCELED = "CANCELED"


class ControlStatus(StrEnum):
    """A drawer or a deposit: R payments 2.6, 2.11."""

    OPEN = "OPEN"
    BALANCING = "BALANCING"
    BALANCED = "BALANCED"


class TurnInStatus(StrEnum):
    """R payments 2.7."""

    PENDING = "PENDING"
    RECEIVED = "RECEIVED"
    VOIDED = "VOIDED"


class AgreementStatus(StrEnum):
    """A service agreement: R billing 1."""

    PENDING_START = "PENDING_START"
    ACTIVE = "ACTIVE"
    PENDING_STOP = "PENDING_STOP"
    STOPPED = "STOPPED"
    REACTIVATED = "REACTIVATED"
    CLOSED = "CLOSED"
    CANCELED = "CANCELED"


class AdjustmentStatus(StrEnum):
    """R adjustments 2: incomplete → freezable → frozen → canceled."""

    INCOMPLETE = "INCOMPLETE"
    ERROR = "ERROR"
    """It could not be generated; its message says why."""
    FREEZABLE = "FREEZABLE"
    FROZEN = "FROZEN"
    CANCELED = "CANCELED"


class CheckStatus(StrEnum):
    """A check that accounts payable is asked to cut: R batch 5."""

    REQUESTED = "REQUESTED"
    EXTRACTED = "EXTRACTED"
    HELD = "HELD"
    """Accounts payable has stopped it; the adjustment stands until somebody cancels it."""
    PAID = "PAID"
    CANCELED = "CANCELED"


class MatchEventStatus(StrEnum):
    """Transactions that cover each other: R billing 18."""

    OPEN = "OPEN"
    BALANCED = "BALANCED"
    CANCELED = "CANCELED"


class ToDoStatus(StrEnum):
    """Something to look into: R batch 15."""

    OPEN = "OPEN"
    BEING_WORKED_ON = "BEING_WORKED_ON"
    COMPLETE = "COMPLETE"


class ApprovalStatus(StrEnum):
    """A request for approval: R adjustments 6.2."""

    NOT_NEEDED = "NOT_NEEDED"
    IN_PROGRESS = "IN_PROGRESS"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class EventKind(StrEnum):
    """Why value was handed over."""

    CIS = "CIS"
    NON_CIS = "NON_CIS"
    OVER_UNDER = "OVER_UNDER"
    PAY_IN_OUT = "PAY_IN_OUT"
    AUTOPAY = "AUTOPAY"
    UPLOAD = "UPLOAD"


class FtKind(StrEnum):
    """What made a financial transaction: R billing 2.1."""

    BILL_SEGMENT = "BS"
    BILL_SEGMENT_CANCELLATION = "BX"
    PAYMENT_SEGMENT = "PS"
    PAYMENT_CANCELLATION = "PX"
    ADJUSTMENT = "AD"
    ADJUSTMENT_CANCELLATION = "AX"


REVERSAL_OF = {
    FtKind.BILL_SEGMENT: FtKind.BILL_SEGMENT_CANCELLATION,
    FtKind.PAYMENT_SEGMENT: FtKind.PAYMENT_CANCELLATION,
    FtKind.ADJUSTMENT: FtKind.ADJUSTMENT_CANCELLATION,
}


class SourceType(StrEnum):
    """What kind of place tenders come from: S1 p.108."""

    AD_HOC = "AD_HOC"
    AUTO_PAY = "AUTO_PAY"
    ONLINE_CASHIERING = "ONLINE_CASHIERING"
    LOCKBOX = "LOCKBOX"


PAYABLE_AGREEMENTS = frozenset(
    (
        AgreementStatus.ACTIVE,
        AgreementStatus.PENDING_STOP,
        AgreementStatus.STOPPED,
        AgreementStatus.REACTIVATED,
    )
)
"""States in which an agreement may receive money (R payments 3.2)."""

Status = TypeVar("Status", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[Status]):
    """Which state may follow which."""

    thing: str
    moves: Mapping[Status, frozenset[Status]]
    codes: Mapping[Status, str]
    """Refusal code by the state in which the thing is stuck."""

    def move(self, current: Status, target: Status) -> Status:
        """The target, or a refusal that says which states would do."""
        if target not in self.moves.get(current, frozenset()):
            allowed = ", ".join(sorted(self.moves.get(current, ()))) or "nothing: this is final"
            refuse(
                self.codes.get(current, "LC-001"),
                f"The {self.thing} is {current.lower()} and cannot become {target.lower()}; from here: {allowed}.",
            )
        return target


def _table(**moves: str) -> dict[str, frozenset[str]]:
    return {current: frozenset(targets.split()) for current, targets in moves.items()}


PAYMENT: Lifecycle[PaymentStatus] = Lifecycle(
    "payment",
    {
        PaymentStatus(k): frozenset(map(PaymentStatus, v))
        for k, v in _table(
            INCOMPLETE="FREEZABLE ERROR",
            ERROR="FREEZABLE ERROR",
            FREEZABLE="FREEZABLE ERROR FROZEN",
            RECORDED="FROZEN CANCELED",
            FROZEN="CANCELED",
            CANCELED="",
        ).items()
    },
    {PaymentStatus.FROZEN: "PAY-006", PaymentStatus.CANCELED: "PAY-006"},
)

TENDER: Lifecycle[TenderStatus] = Lifecycle(
    "tender",
    {TenderStatus.VALID: frozenset((TenderStatus.CANCELED,)), TenderStatus.CANCELED: frozenset()},
    {TenderStatus.CANCELED: "TND-003"},
)

TENDER_CONTROL: Lifecycle[ControlStatus] = Lifecycle(
    "drawer",
    {
        ControlStatus.OPEN: frozenset((ControlStatus.BALANCING,)),
        ControlStatus.BALANCING: frozenset((ControlStatus.OPEN, ControlStatus.BALANCED)),
        ControlStatus.BALANCED: frozenset((ControlStatus.OPEN,)),
    },
    {ControlStatus.OPEN: "TC-002", ControlStatus.BALANCING: "TC-002", ControlStatus.BALANCED: "TC-002"},
)

DEPOSIT_CONTROL: Lifecycle[ControlStatus] = Lifecycle(
    "deposit",
    TENDER_CONTROL.moves,
    {ControlStatus.OPEN: "DC-002", ControlStatus.BALANCING: "DC-002", ControlStatus.BALANCED: "DC-002"},
)

TURN_IN: Lifecycle[TurnInStatus] = Lifecycle(
    "turn-in",
    {
        TurnInStatus.PENDING: frozenset((TurnInStatus.RECEIVED, TurnInStatus.VOIDED)),
        TurnInStatus.RECEIVED: frozenset(),
        TurnInStatus.VOIDED: frozenset(),
    },
    {TurnInStatus.RECEIVED: "TC-006", TurnInStatus.VOIDED: "TC-006"},
)

ADJUSTMENT: Lifecycle[AdjustmentStatus] = Lifecycle(
    "adjustment",
    {
        AdjustmentStatus(k): frozenset(map(AdjustmentStatus, v))
        for k, v in _table(
            INCOMPLETE="FREEZABLE ERROR",
            ERROR="FREEZABLE ERROR",
            FREEZABLE="FREEZABLE ERROR FROZEN",
            FROZEN="CANCELED",
            CANCELED="",
        ).items()
    },
    {AdjustmentStatus.FROZEN: "ADJ-006", AdjustmentStatus.CANCELED: "ADJ-006"},
)

CHECK_REQUEST: Lifecycle[CheckStatus] = Lifecycle(
    "check request",
    {
        CheckStatus(k): frozenset(map(CheckStatus, v))
        for k, v in _table(
            REQUESTED="EXTRACTED CANCELED",
            EXTRACTED="HELD PAID CANCELED",
            HELD="PAID CANCELED",
            PAID="HELD CANCELED",
            CANCELED="",
        ).items()
    },
    dict.fromkeys(CheckStatus, "CHK-002"),
)

MATCH_EVENT: Lifecycle[MatchEventStatus] = Lifecycle(
    "match event",
    {
        MatchEventStatus(k): frozenset(map(MatchEventStatus, v))
        for k, v in _table(OPEN="OPEN BALANCED CANCELED", BALANCED="OPEN CANCELED", CANCELED="").items()
    },
    dict.fromkeys(MatchEventStatus, "MAT-005"),
)

TO_DO: Lifecycle[ToDoStatus] = Lifecycle(
    "entry to do",
    {
        ToDoStatus(k): frozenset(map(ToDoStatus, v))
        for k, v in _table(
            OPEN="BEING_WORKED_ON COMPLETE",
            BEING_WORKED_ON="OPEN COMPLETE",
            COMPLETE="",
        ).items()
    },
    dict.fromkeys(ToDoStatus, "TD-002"),
)

APPROVAL_REQUEST: Lifecycle[ApprovalStatus] = Lifecycle(
    "approval request",
    {
        ApprovalStatus(k): frozenset(map(ApprovalStatus, v))
        for k, v in _table(NOT_NEEDED="", IN_PROGRESS="APPROVED REJECTED", APPROVED="", REJECTED="").items()
    },
    dict.fromkeys(ApprovalStatus, "APR-002"),
)

LIFECYCLES: tuple[
    Lifecycle[PaymentStatus]
    | Lifecycle[TenderStatus]
    | Lifecycle[ControlStatus]
    | Lifecycle[TurnInStatus]
    | Lifecycle[AdjustmentStatus]
    | Lifecycle[CheckStatus]
    | Lifecycle[MatchEventStatus]
    | Lifecycle[ToDoStatus]
    | Lifecycle[ApprovalStatus],
    ...,
] = (
    ADJUSTMENT,
    APPROVAL_REQUEST,
    CHECK_REQUEST,
    MATCH_EVENT,
    PAYMENT,
    TENDER,
    TENDER_CONTROL,
    DEPOSIT_CONTROL,
    TO_DO,
    TURN_IN,
)
"""All of them, for the check of invariant I15 and for the drawings in the documentation."""
