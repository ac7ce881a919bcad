"""What somebody at the server was told about a branch is over once the branch, or the server, has put it right."""

from __future__ import annotations

import pytest

from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.branches.town import a_branch, teller
from tests.builders import a_ledger, an_account, an_open_drawer, paid, usd

TELLER = teller("BRANCH-7")
HOW = "SELECT t.to_do_type, t.status, j.name FROM to_do t JOIN journal j ON j.id = t.completed_in"


@pytest.fixture
def server(database_url):
    return a_ledger(database_url)


@pytest.fixture
def branch(server, tmp_path):
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source="CASH-BRANCH-7")
    return branch


def test_money_in_suspense_is_on_nobody_s_list_once_it_is_where_it_belongs(server, branch):
    nobodys = an_account(server, "No Agreements", owing={})
    right = an_account(server, "Right One", owing="30.00")
    branch.meet()
    paid(branch, nobodys, "30.00", TELLER)
    branch.meet()
    payment_id = server.value("SELECT id FROM payment WHERE status = 'FROZEN'")
    to_the_right_one = (PaymentIn(account_id=right.id, amount=usd("30.00")),)
    server.do(TransferPayment(payment_id=payment_id, targets=to_the_right_one, reason="WRONG"), "sue")
    assert server.rows(HOW) == [("SUSPENSE", "COMPLETE", "TransferPayment")]


def test_an_alarm_is_over_when_the_branch_s_journal_is_taken_again(server, branch):
    alarm = RaiseAlarm(node_id=branch.line.caller.node_id, code="SYNC-003", text="It does not follow.")
    server.do(alarm, "system")
    branch.meet()
    assert server.rows(HOW) == [("SYNC_ALARM", "COMPLETE", "ReceiveDelivery")]
