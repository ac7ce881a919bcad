"""Every refusal of the services, provoked: what somebody did, and the code that answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.users import hashed
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.commands import command_class
from cashier_app.services.payments.taking import TakePayment
from tests.builders import (
    Ledger,
    a_payment,
    check,
)
from tests.checkers import digest
from tests.services import (
    provoked_by_adjustments,
    provoked_by_customers,
    provoked_by_drawers,
    provoked_by_names,
    provoked_by_payments,
    provoked_by_people,
)
from tests.services.provoking import PROVOKED, Attempt, till

SOURCES = (
    provoked_by_adjustments,
    provoked_by_customers,
    provoked_by_drawers,
    provoked_by_names,
    provoked_by_payments,
    provoked_by_people,
)
"""The modules that say who does what; importing them fills the table."""


@pytest.mark.parametrize(
    ("code", "attempt"),
    [(code, attempt) for code, attempts in PROVOKED.items() for attempt in attempts],
    ids=[f"{code}{attempt.__name__}" for code, attempts in PROVOKED.items() for attempt in attempts],
)
def test_it_is_refused_and_nothing_has_changed(code: str, attempt: Callable[[Ledger], Attempt], ledger: Ledger):
    command, by, *how = attempt(ledger)
    before = digest(ledger.database)
    assert ledger.refusal(command, by, **(how[0] if how else {})) == code
    assert digest(ledger.database) == before


def test_a_misspelt_command_is_told_what_it_may_have_meant():
    with pytest.raises(Exception, match=r"CMD-001.*CancelPayment"):
        command_class("CancelPaymnet")


def test_a_misspelt_field_is_told_which_there_are():
    with pytest.raises(Exception, match=r"CMD-003.*fields are: payor_account_id"):
        from_plain({"payer": 1}, TakePayment)


def test_a_misspelt_field_further_in_is_not_left_out_in_silence():
    tender = {"tender_type": "CASH", "amount": "1.00 USD", "refrence": "77"}
    with pytest.raises(Exception, match=r"CMD-003.*refrence"):
        from_plain({"payor_account_id": 1, "tenders": [tender]}, TakePayment)


def test_a_workstation_that_is_not_registered_takes_nothing(ledger: Ledger):
    door = ledger.another_door()
    door.node_name = "COUNTER-9"
    with pytest.raises(Exception, match="NODE-001"):
        door.execute(SealDay(), user_id=0)


@pytest.mark.parametrize("password", ["short", "passwordpassword1", "aaaaaaaaaaaaaaaaaaaa", "x" * 129])
def test_weak_passwords_are_refused(password: str):
    with pytest.raises(Exception, match="SEC-040"):
        hashed(password)


@pytest.mark.parametrize(
    "password",
    [
        "Correct Horse Battery Staple",
        "Qwertyuiopasdf1!",
        "utility billing 2026",
        "P@ssw0rd-P@ssw0rd",
        "2026 iloveyoumore",
    ],
)
def test_what_many_people_take_is_refused_however_it_is_dressed_up(password: str):
    with pytest.raises(Exception, match="easy to guess"):
        hashed(password)
    assert hashed("correct horse battery, utility and all")


def test_all_that_is_wrong_with_a_payment_is_said_at_once(ledger: Ledger):
    wrong = a_payment(till(ledger), check("0.00", ""), paying="-1.00", pay_date=date(2027, 1, 1))
    with pytest.raises(Exception, match=r"PAY-101.*PAY-102.*PAY-104.*PAY-106"):
        ledger.do(wrong)
