"""A command is executed once, however often and from wherever it is sent (R reliability I13, S1)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from cashier_app.services.kernel.door import Outcome
from cashier_app.services.payments.taking import TakePayment
from tests.builders import Ledger, a_payment, an_account, an_open_drawer, balances_of, cash, usd
from tests.checkers import digest

ID = "0123456789abcdef0123456789abcdef"


def _payment(ledger: Ledger, amount: str = "10.00") -> TakePayment:
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    return a_payment(account, cash(amount))


def test_the_same_id_with_the_same_content_gives_the_first_result(ledger: Ledger):
    command = _payment(ledger)
    first = ledger.outcome(command, command_id=ID)
    before = digest(ledger.database)
    again = ledger.outcome(command, command_id=ID)
    assert (again.result, again.repeated, again.journal_id) == (first.result, True, first.journal_id)
    assert digest(ledger.database) == before


def test_the_same_id_with_other_content_is_refused(ledger: Ledger):
    command = _payment(ledger)
    ledger.do(command, command_id=ID)
    other = a_payment_of(command, "11.00")
    before = digest(ledger.database)
    assert ledger.refusal(other, command_id=ID) == "CMD-002"
    assert digest(ledger.database) == before


def a_payment_of(command: TakePayment, amount: str) -> TakePayment:
    return TakePayment(payor_account_id=command.payor_account_id, tenders=(cash(amount),))


def test_a_restarted_program_gets_the_first_result(ledger: Ledger):
    command = _payment(ledger)
    first = ledger.do(command, command_id=ID)
    restarted = ledger.another_door()
    outcome = restarted.execute(command, user_id=ledger.people["ann"], command_id=ID)
    assert (outcome.result, outcome.repeated) == (first, True)


def test_another_workstation_gets_the_first_result(ledger: Ledger):
    command = _payment(ledger)
    first = ledger.do(command, command_id=ID)
    elsewhere = ledger.another_door("COUNTER-2")
    assert elsewhere.execute(command, user_id=ledger.people["ann"], command_id=ID).result == first


def test_a_double_click_pays_once(ledger: Ledger):
    command = _payment(ledger)
    start = threading.Barrier(2)

    def click() -> Outcome:
        start.wait()
        return ledger.outcome(command, command_id=ID)

    with ThreadPoolExecutor(2) as pool:
        outcomes = [each.result() for each in (pool.submit(click), pool.submit(click))]
    assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
    assert ledger.value("SELECT count(*) FROM tender") == 1


def test_the_same_form_sent_from_two_workstations_at_once_pays_once(ledger: Ledger):
    command = _payment(ledger)
    doors = [ledger.door, ledger.another_door("COUNTER-2")]
    start = threading.Barrier(2)

    def send(number: int) -> Outcome:
        start.wait()
        return doors[number].execute(command, user_id=ledger.people["ann"], command_id=ID)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(send, range(2)))
    assert results[0].result == results[1].result
    assert ledger.value("SELECT count(*) FROM tender") == 1


def test_a_refused_command_may_be_sent_again_under_its_id(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    command = a_payment(account, cash("10.00"))
    assert ledger.refusal(command, command_id=ID) == "PAY-001"
    an_open_drawer(ledger)
    ledger.do(command, command_id=ID)
    assert balances_of(ledger, account) == {"ELEC": 4000}


def test_a_preview_says_what_would_happen_and_leaves_no_trace(ledger: Ledger):
    command = _payment(ledger, "60.00")
    before = digest(ledger.database)
    shown = ledger.door.preview(command, user_id=ledger.people["ann"]).result
    assert digest(ledger.database) == before
    assert shown.payments[0].amount == usd("60.00")
    taken = ledger.do(command)
    assert (taken.receipt_number, taken.payments[0].segments) == (shown.receipt_number, shown.payments[0].segments)
