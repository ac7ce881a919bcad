"""P7: several writers at once never bend a total, and of two that exclude each other one is refused."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cashier_app.domain.errors import CashierError
from cashier_app.services.administration.nodes import Workstation, register_workstation
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, ResumeTaking, StartBalancing
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.services.customers.persons import AddIdentifier
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Approval, Door
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.event_editing import FreezeEvent
from cashier_app.services.payments.taking import Finish
from tests.builders import (
    PASSWORD,
    Ledger,
    a_payment,
    an_account,
    an_open_deposit,
    an_open_drawer,
    balances_of,
    cash,
    counted,
    paid,
    usd,
)

Attempt = tuple[Any, str]


def _at_once(ledger: Ledger, attempts: Sequence[Attempt], **how: Any) -> list[str]:
    """Each attempt from a workstation of its own, all at the same moment; the code of each refusal, or empty."""
    doors = [ledger.another_door(f"RACE-{number}-{len(ledger._doors)}") for number in range(len(attempts))]
    start = threading.Barrier(len(attempts))

    def send(number: int) -> str:
        command, login = attempts[number]
        start.wait()
        try:
            doors[number].execute(command, user_id=ledger.people[login], **how)
        except CashierError as refusal:
            return refusal.problems[0].code
        return ""

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(send, range(len(attempts))))


def test_four_workstations_on_one_drawer_take_every_payment_once(ledger: Ledger):
    account = an_account(ledger, owing="5000.00")
    control = an_open_drawer(ledger)
    doors = [ledger.another_door(f"COUNTER-{number}") for number in range(2, 6)]
    payment = a_payment(account, cash("1.00"))

    def work(door: Door) -> None:
        for _ in range(25):
            door.execute(payment, user_id=ledger.people["ann"])

    with ThreadPoolExecutor(len(doors)) as pool:
        list(pool.map(work, doors))
    assert balances_of(ledger, account) == {"ELEC": 490_000}
    kept = ledger.rows(
        f"SELECT amount_expected, tender_count FROM tender_control_total WHERE tender_control_id={control}"
    )
    assert kept == [(20_000, 100)]
    numbers = [int(number[4:11]) for (number,) in ledger.rows("SELECT receipt_number FROM payment_event")]
    assert sorted(numbers) == list(range(1, 101))
    assert ledger.rows("SELECT sum(payment_count), sum(amount_total) FROM node_total") == [(100, 10_000)]


def _one_wins(ledger: Ledger, refused: set[str], *attempts: Attempt, **how: Any) -> None:
    codes = _at_once(ledger, attempts, **how)
    assert codes.count("") == 1, codes
    assert set(codes) - {""} <= refused, codes


def _counted(ledger: Ledger) -> int:
    control = an_open_drawer(ledger)
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")))
    return control


def test_two_supervisors_cannot_both_balance_a_drawer(ledger: Ledger):
    balance = BalanceDrawer(tender_control_id=_counted(ledger))
    _one_wins(ledger, {"TC-017"}, (balance, "sue"), (balance, "stan"))
    assert ledger.value("SELECT count(*) FROM drawer_report") == 1


def test_two_supervisors_cannot_both_receive_a_turn_in(ledger: Ledger):
    turn_in = TurnInFunds(tender_control_id=an_open_drawer(ledger), tender_type="CASH", amount=usd("50.00"))
    receive = ReceiveTurnIn(turn_in_id=ledger.do(turn_in).turn_in_id)
    _one_wins(ledger, {"TC-006"}, (receive, "sue"), (receive, "stan"))


def test_a_turn_in_is_either_received_or_voided(ledger: Ledger):
    turn_in = TurnInFunds(tender_control_id=an_open_drawer(ledger), tender_type="CASH", amount=usd("50.00"))
    key = ledger.do(turn_in).turn_in_id
    _one_wins(ledger, {"TC-006"}, (ReceiveTurnIn(turn_in_id=key), "sue"), (VoidTurnIn(turn_in_id=key), "ann"))


def test_a_drawer_is_opened_once(ledger: Ledger):
    an_open_deposit(ledger)
    opening = OpenTenderControl(tender_source="CASH-A01")
    _one_wins(ledger, {"TC-005"}, (opening, "ann"), (opening, "sue"), (opening, "stan"))


def test_a_payment_is_canceled_once(ledger: Ledger):
    an_open_drawer(ledger)
    taken = paid(ledger, an_account(ledger, owing="9.00"), "5.00")
    cancel = CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR")
    _one_wins(ledger, {"PAY-006"}, (cancel, "sue"), (cancel, "stan"))


def test_a_tender_is_canceled_once(ledger: Ledger):
    an_open_drawer(ledger)
    taken = paid(ledger, an_account(ledger, owing="9.00"), "5.00")
    cancel = CancelTender(tender_id=taken.tender_ids[0], reason="ERROR")
    _one_wins(ledger, {"TND-003"}, (cancel, "sue"), (cancel, "stan"))


def test_an_event_freezes_once(ledger: Ledger):
    an_open_drawer(ledger)
    account = an_account(ledger, owing="9.00")
    event = ledger.do(a_payment(account, cash("5.00"), finish=Finish.DISTRIBUTE)).event_id
    _one_wins(ledger, {"PAY-004"}, (FreezeEvent(event_id=event), "ann"), (FreezeEvent(event_id=event), "sue"))
    assert balances_of(ledger, account) == {"ELEC": 400}


def test_cash_that_is_there_once_is_turned_in_once(ledger: Ledger):
    turn_in = TurnInFunds(tender_control_id=an_open_drawer(ledger), tender_type="CASH", amount=usd("60.00"))
    _one_wins(ledger, {"TC-011"}, (turn_in, "sue"), (turn_in, "stan"))


def test_what_is_to_deposit_is_put_on_one_slip(ledger: Ledger):
    account = an_account(ledger, owing="9.00")
    control = an_open_drawer(ledger)
    paid(ledger, account, "9.00")
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("109.00")))
    ledger.do(BalanceDrawer(tender_control_id=control))
    deposit = ledger.value("SELECT max(id) FROM deposit_control")
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    slip = AddTenderDeposit(deposit_control_id=deposit)
    _one_wins(ledger, {"PAY-084"}, (slip, "sue"), (slip, "stan"))


def test_no_payment_slips_into_a_drawer_that_is_being_closed(ledger: Ledger):
    account = an_account(ledger, owing="90.00")
    for _ in range(5):
        control = ledger.value("SELECT max(id) FROM tender_control") or an_open_drawer(ledger)
        payment = a_payment(account, cash("1.00", tender_control_id=control))
        codes = _at_once(ledger, [(payment, "ann"), (StartBalancing(tender_control_id=control), "sue")])
        assert codes in (["", ""], ["PAY-002", ""]), codes
        assert ledger.value(f"SELECT status FROM tender_control WHERE id = {control}") == "BALANCING"
        ledger.do(ResumeTaking(tender_control_id=control), "sue")


def test_the_same_identifier_noted_twice_at_once_is_kept_once(ledger: Ledger):
    known = AddIdentifier(person_id=an_account(ledger).person_id, id_type="TAX", value="77")
    _one_wins(ledger, {"DAT-001"}, (known, "olga"), (known, "system"))


def test_one_second_person_may_sign_for_two_at_once(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    an_open_drawer(ledger, "bob")
    cancels: list[Attempt] = []
    for login in ("ann", "bob"):
        taken = paid(ledger, account, "5.00", login)
        cancels.append((CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"), login))
    assert _at_once(ledger, cancels, approval=Approval("sue", PASSWORD)) == ["", ""]


def test_workstations_that_register_at_the_same_moment_each_get_a_number(ledger: Ledger):
    databases = [Database(ledger.url) for _ in range(6)]
    start = threading.Barrier(len(databases))

    def register(number: int) -> Workstation:
        start.wait()
        return register_workstation(databases[number], f"TILL-{number}")

    with ThreadPoolExecutor(len(databases)) as pool:
        registered = list(pool.map(register, range(len(databases))))
    assert len({workstation.number for workstation in registered}) == len(databases)
    for database in databases:
        database.close()
