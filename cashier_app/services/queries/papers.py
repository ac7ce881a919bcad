"""Finds what is to be printed by the number that stands on it, as somebody reads it off paper (row A8)."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import COUNTER_BITS, LARGEST_NODE, RECEIPT_DIGITS, key_of
from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.models.control import DrawerReport, TenderControl, TenderDeposit, TurnIn
from cashier_app.models.customer import Account
from cashier_app.models.journal import Node
from cashier_app.models.payment import PaymentEvent
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

_EVENT_OF_RECEIPT = Statement(select(PaymentEvent.id).where(PaymentEvent.receipt_number == bindparam("receipt_number")))
_EVENT = Statement(select(PaymentEvent.id).where(PaymentEvent.id == bindparam("event_id")))
_Z_REPORT = Statement(
    select(DrawerReport.id)
    .join(Node, Node.id == DrawerReport.node_id)
    .where(Node.name == bindparam("node"), DrawerReport.number == bindparam("number"))
)
_DRAWER = Statement(
    select(TenderControl.id).where(
        TenderControl.tender_source == bindparam("source"), TenderControl.status != bindparam("balanced")
    )
)
_SLIP = Statement(select(TenderDeposit.id).where(TenderDeposit.slip_number == bindparam("slip_number")))
_TURN_IN = Statement(select(TurnIn.id).where(TurnIn.receipt_number == bindparam("number")))
_ACCOUNT = Statement(select(Account.id).where(Account.number == bindparam("number")))
_Z_NUMBER = re.compile(r"[0-9]{1,9}")
_SHOWN_KEY = re.compile(r"([0-9]{1,7})-([0-9]{1,13})")


def event_of(store: Store, text: str) -> int:
    """The event of a receipt number, or the event that is shown as `1-1042`; refuses with PAY-120."""
    digits = _digits(text)
    found = None
    if len(digits) == RECEIPT_DIGITS:
        found = store.value(_EVENT_OF_RECEIPT, receipt_number=digits)
    shown = _SHOWN_KEY.fullmatch(text.strip())
    if found is None and shown:
        node, counter = int(shown[1]), int(shown[2])
        if 0 < node <= LARGEST_NODE and counter < 2**COUNTER_BITS:
            found = store.value(_EVENT, event_id=key_of(node, counter))
    if found is None:
        refuse("PAY-120", f"There is no receipt and no payment event {text!r}. Events are written as 1-1042.", "number")
    return int(found)


def z_report_of(store: Store, node: str, number: str) -> int:
    """The Z report of that number from a workstation; refuses with ZRP-001."""
    digits = _digits(number)
    found = store.value(_Z_REPORT, node=node, number=int(digits)) if _Z_NUMBER.fullmatch(digits) else None
    return _found(found, "ZRP-001", f"Workstation {node} has no Z report {number!r}.")


def drawer_of(store: Store, source: str) -> int:
    """The tender control that is live in a drawer; refuses with TC-001."""
    found = store.value(_DRAWER, source=source, balanced=ControlStatus.BALANCED.value)
    return _found(found, "TC-001", f"Drawer {source} is not open.")


def deposit_slip_of(store: Store, number: str) -> int:
    """The deposit slip of that number; refuses with DC-020."""
    return _found(store.value(_SLIP, slip_number=number.strip()), "DC-020", f"There is no deposit slip {number!r}.")


def turn_in_of(store: Store, number: str) -> int:
    """The turn-in of that number; refuses with TC-013."""
    return _found(store.value(_TURN_IN, number=_digits(number)), "TC-013", f"There is no turn-in {number!r}.")


def account_of(store: Store, number: str) -> int:
    """The account of that number; refuses with CUS-010."""
    return _found(store.value(_ACCOUNT, number=_digits(number)), "CUS-010", f"There is no account {number!r}.")


def _found(key: int | None, code: str, sentence: str) -> int:
    if key is None:
        refuse(code, sentence, "number")
    return int(key)


def _digits(text: str) -> str:
    """A number without the blanks and hyphens that make it readable."""
    return re.sub(r"[\s-]", "", text)
