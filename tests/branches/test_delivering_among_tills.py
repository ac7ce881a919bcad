"""A branch that comes back gets its commands booked while the office goes on taking money (R reliability D6)."""

import threading

import pytest

from cashier_app.services.branches import receiving
from cashier_app.services.kernel import door as kernel_door
from tests.branches.town import a_branch, teller
from tests.builders import a_ledger, a_payment, an_account, an_open_drawer, cash, paid


@pytest.mark.postgresql
def test_a_long_command_is_not_pushed_aside_for_ever_by_short_ones(postgresql_url, tmp_path, monkeypatch, caplog):
    """Found by killing the server: a delivery began anew at each payment of the office until its time was over."""
    server = a_ledger(postgresql_url, ("ann", "sue"))
    account = an_account(server, owing="8410.00")
    an_open_drawer(server)
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, teller("BRANCH-7"), source="CASH-BRANCH-7")
    paid(branch, account, "1.00", teller("BRANCH-7"))
    branch.meet()
    paid(branch, account, "1.00", teller("BRANCH-7"))

    till = server.another_door("TILL-2")
    payments = []

    def take():
        till.execute(a_payment(account, cash("1.00")), user_id=server.people["ann"])

    take()  # so that neither waits for the other's shapes of the journal

    book = receiving.book

    def somebody_pays_meanwhile(*given):
        payments.append(threading.Thread(target=take))
        payments[-1].start()
        payments[-1].join(1)
        return book(*given)

    monkeypatch.setattr(receiving, "book", somebody_pays_meanwhile)
    monkeypatch.setattr(kernel_door, "PATIENCE", 5.0)
    branch.meet()
    assert len(payments) > 1, "nobody got in between"
    assert not caplog.records, "giving way is no news"
    for payment in payments:
        payment.join()
    assert server.value("SELECT count(*) FROM payment WHERE status = 'FROZEN'") == 3 + len(payments)
