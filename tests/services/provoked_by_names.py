"""Names and keys of nothing, and words that are missing: one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import ChangeUser, CreateUser, SetPassword
from cashier_app.services.cashiering.deposit_controls import (
    BalanceDeposit,
)
from cashier_app.services.cashiering.drawer_balancing import (
    StartBalancing,
)
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn
from cashier_app.services.customers.accounts import AddAlert, EndAlert, OpenAccount, StopAgreement
from cashier_app.services.customers.persons import ChangePerson
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.event_editing import (
    FreezeEvent,
)
from tests.builders import (
    Ledger,
    password_hash,
)
from tests.services.provoking import GONE, provokes

SIMPLE: dict[str, list[tuple[Callable[[Ledger], Any], str]]] = {
    # code: what is tried, and by whom
    "CUS-001": [(lambda _: OpenAccount(name=" ", customer_class="RES"), "system")],
    "CUS-002": [(lambda _: OpenAccount(name="A", customer_class="RES", kind="ROBOT"), "system")],
    "CUS-010": [(lambda _: AddAlert(account_id=GONE, text="dog"), "system")],
    "CUS-011": [(lambda _: StopAgreement(sa_id=GONE), "system")],
    "CUS-014": [(lambda _: ChangePerson(person_id=GONE, name="B"), "system")],
    "CUS-017": [(lambda _: EndAlert(alert_id=GONE), "system")],
    "CFG-001": [(lambda _: OpenAccount(name="A", customer_class="NONE"), "system")],
    "CFG-003": [(lambda _: LoadConfiguration(tables={"colors": ()}), "system")],
    "ADJ-003": [(lambda _: CancelAdjustment(adjustment_id=GONE, reason="MISTAKE"), "system")],
    "TC-001": [(lambda _: StartBalancing(tender_control_id=GONE), "ann")],
    "TC-003": [(lambda _: OpenTenderControl(tender_source="CASH-A02"), "ann")],
    "TC-004": [(lambda _: OpenTenderControl(tender_source="LOCKBOX"), "sue")],
    "TC-008": [(lambda _: OpenTenderControl(tender_source="CASH-A01"), "ann")],
    "TC-013": [(lambda _: ReceiveTurnIn(turn_in_id=GONE), "sue")],
    "DC-001": [(lambda _: BalanceDeposit(deposit_control_id=GONE), "sue")],
    "PAY-120": [(lambda _: FreezeEvent(event_id=GONE), "sue")],
    "PAY-121": [(lambda _: CancelTender(tender_id=GONE, reason="ERROR"), "sue")],
    "PAY-122": [(lambda _: CancelPayment(payment_id=GONE, reason="ERROR"), "sue")],
    "SEC-003": [(lambda _: SealDay(), "ann")],
    "SEC-041": [(lambda _: CreateUser(login=" ", name="N", password_hash=password_hash()), "adam")],
    "SEC-042": [(lambda _: CreateUser(login="ann", name="N", password_hash=password_hash()), "adam")],
    "SEC-040": [(lambda _: SetPassword(login="ann", password_hash="secret"), "ann")],
    "SEC-043": [(lambda _: ChangeUser(login="adam", groups=("SUPERVISOR",)), "adam")],
    "SEC-044": [(lambda _: ChangeUser(login="ann", tender_sources=("CASH-A01", "CASH-A02")), "adam")],
    "CMD-004": [(lambda _: CreateUser(login="n\x00l", name="N", password_hash=password_hash()), "adam")],
    "CMD-005": [(lambda _: StartBalancing(tender_control_id=2**63), "ann")],
}
for _code, _attempts in SIMPLE.items():
    for _command, _by in _attempts:
        provokes(_code)(lambda ledger, command=_command, by=_by: (command(ledger), by))
