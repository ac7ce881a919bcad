"""Keys that any workstation hands out alone, and numbers that people read and type.

A key is 64 bits: the node that made it, then that node's counter, so that a payment taken
offline keeps its key for ever (design D6). A number for people ends in a check digit.
"""

from __future__ import annotations

from typing import NewType

AccountId = NewType("AccountId", int)
PersonId = NewType("PersonId", int)
PremiseId = NewType("PremiseId", int)
ServicePointId = NewType("ServicePointId", int)
ServiceAgreementId = NewType("ServiceAgreementId", int)
EventId = NewType("EventId", int)
TenderId = NewType("TenderId", int)
PaymentId = NewType("PaymentId", int)
TenderControlId = NewType("TenderControlId", int)
DepositControlId = NewType("DepositControlId", int)
TurnInId = NewType("TurnInId", int)
UserId = NewType("UserId", int)
NodeId = NewType("NodeId", int)
JournalId = NewType("JournalId", int)

COUNTER_BITS = 40
LARGEST_NODE = 2 ** (63 - COUNTER_BITS) - 1

ACCOUNT_DIGITS = 11
RECEIPT_DIGITS = 12

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def key_of(node: int, counter: int) -> int:
    """The key number `counter` of a node. The journal uses the same shape: node, then sequence."""
    assert 0 < node <= LARGEST_NODE, node
    assert 0 <= counter < 2**COUNTER_BITS, counter
    return node << COUNTER_BITS | counter


def node_of(key: int) -> int:
    """The node that handed out a key."""
    return key >> COUNTER_BITS


def counter_of(key: int) -> int:
    """The node's own counter inside a key."""
    return key & ((1 << COUNTER_BITS) - 1)


def check_digit(digits: str) -> int:
    """Damm's check digit: finds every single wrong digit and every swap of neighbors."""
    state = 0
    for digit in digits:
        state = _DAMM[state][ord(digit) - 48]
    return state


def with_check_digit(digits: str) -> str:
    """The digits with their check digit behind them."""
    return f"{digits}{check_digit(digits)}"


def has_valid_check_digit(number: str) -> bool:
    """True for a text of ASCII digits whose last one checks the others."""
    return len(number) > 1 and number.isascii() and number.isdigit() and check_digit(number) == 0


def account_number(node: int, count: int) -> str:
    """The number on a customer's bill: node (3 digits or more), count (7), check digit."""
    return with_check_digit(f"{node:03d}{count:07d}")


def receipt_number(series: int, count: int) -> str:
    """The number on a receipt: its series (4 digits), count without gaps (7), check digit."""
    return with_check_digit(f"{series:04d}{count:07d}")


def split_receipt_number(number: str) -> tuple[int, int]:
    """Series and count of a receipt number."""
    assert len(number) == RECEIPT_DIGITS, number
    return int(number[:4]), int(number[4:-1])
