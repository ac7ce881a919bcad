"""A server that was restored from a backup has forgotten commands, and what it told branches of them.

Found by the simulator (R reliability P10).
"""

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.branches import service
from cashier_app.services.branches.booked import booked_event, booked_events
from cashier_app.services.branches.exchange import Did
from cashier_app.services.branches.service import BranchService
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.services.safekeeping.backup import back_up, restore
from cashier_app.services.verifying import verify
from tests.branches.town import a_branch, teller
from tests.builders import OPEN_LEDGERS, Ledger, a_ledger, an_account, an_open_drawer, balances_of, paid, usd

TELLER = teller("BRANCH-7")


@pytest.fixture
def server(sqlite_url):
    return a_ledger(sqlite_url)


@pytest.fixture
def account(server):
    return an_account(server, owing={"ELEC": "84.10"})


@pytest.fixture
def branch(server, account, tmp_path):
    del account
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source="CASH-BRANCH-7")
    branch.meet()
    return branch


def restored(server, branch, file):
    """The server as it was when the copy was made; branches reach it from now on."""
    ledger = Ledger(str(file), Door(Database(str(file)), "COUNTER-1", server.clock), server.clock)
    ledger.people = dict(server.people)
    OPEN_LEDGERS.append(ledger)
    branch.line.server = lambda: BranchService(ledger.door)
    return ledger


def copied(server, file):
    server.database.connection.execute("VACUUM INTO ?", (str(file),))
    return file


def test_a_branch_with_nothing_unsent_hears_of_it_too(server, branch, account, tmp_path):
    yesterday = copied(server, tmp_path / "yesterday.db")
    paid(branch, account, "20.00", TELLER)
    branch.meet()
    back = restored(server, branch, yesterday)
    branch.meet()
    assert balances_of(back, account) == {"ELEC": 6410}


def test_a_branch_that_has_just_sent_something_hears_of_it_too(server, branch, account, tmp_path):
    """Though no request of its own has failed, and its cursor is older than the backup."""
    yesterday = copied(server, tmp_path / "yesterday.db")
    paid(branch, account, "20.00", TELLER)
    assert branch.exchange.step().did is Did.SENT
    back = restored(server, branch, yesterday)
    branch.meet()
    assert balances_of(back, account) == {"ELEC": 6410}


def test_what_is_shown_as_booked_is_what_the_server_books_again(server, branch, account, tmp_path):
    before = paid(branch, account, "1.00", TELLER).event_id
    branch.meet()
    yesterday = copied(server, tmp_path / "yesterday.db")
    after = paid(branch, account, "20.00", TELLER).event_id
    branch.meet()
    back = restored(server, branch, yesterday)
    an_account(back, owing={"GAS": "1.00"})  # keys are given again: segments get others than before
    branch.meet()
    node = branch.value("SELECT id FROM node")
    with reading(back.database, access=EVERYTHING) as there, reading(branch.database, access=EVERYTHING) as here:
        events = booked_events(there, [before, after], node)
        assert len(events) == 2
        assert tuple(booked_event(here, event.event_id) for event in events) == events


def test_everything_that_was_booked_is_told_again_however_much_it_is(server, branch, account, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "MOST_RETOLD", 2)
    taken = [paid(branch, account, f"{number}.00", TELLER) for number in range(1, 6)]
    branch.meet()
    yesterday = copied(server, tmp_path / "yesterday.db")
    neighbor = an_account(server, "John Doe", owing={"GAS": "9.00"})
    to_john = (PaymentIn(account_id=neighbor.id, amount=usd("1.00")),)
    transfer = TransferPayment(payment_id=taken[0].payments[0].payment_id, targets=to_john, reason="WRONG")
    server.do(transfer, "sue", second="stan")
    branch.meet()
    assert "CANCELED" in booked_here(branch, taken[0].event_id)
    restored(server, branch, yesterday)
    branch.meet()
    assert [booked_here(branch, event.event_id) for event in taken] == [["FROZEN"]] * 5
    for cursor in ("rubbish:", "9" * 5000 + ":", ":", "7:rubbish"):
        with pytest.raises(RuleViolation, match="FEED-001"):
            branch.line.news(branch.line.news(cursor).cursor)


def booked_here(branch, event_id):
    with reading(branch.database, access=EVERYTHING) as store:
        return [payment.status for payment in booked_event(store, event_id).payments]


def test_money_for_an_account_that_the_server_has_forgotten_goes_to_suspense(server, branch, tmp_path):
    yesterday = copied(server, tmp_path / "yesterday.db")
    newcomer = an_account(server, owing={"GAS": "30.00"})
    branch.meet()
    taken = paid(branch, newcomer, "12.00", TELLER)
    back = restored(server, branch, yesterday)
    branch.meet()
    payments = back.rows("SELECT status, cancel_reason FROM payment ORDER BY status")
    assert payments == [("CANCELED", "SUSPENSE"), ("FROZEN", None)]
    assert back.rows("SELECT to_do_type, event_id FROM to_do") == [("SUSPENSE", taken.event_id)]
    suspense = back.value("SELECT sa_id FROM house_agreement_link WHERE code = 'SUSPENSE'")
    assert back.value(f"SELECT current_balance FROM service_agreement WHERE id = {suspense}") == -1200
    assert verify(back.database).problems == ()


def test_a_restored_server_gives_no_key_again_that_a_branch_may_know(server, branch, tmp_path):
    backup, place = tmp_path / "backup", tmp_path / "restored.db"
    back_up(server.database.url.render_as_string(), backup)
    newcomer = an_account(server, owing={"GAS": "30.00"})
    branch.meet()
    paid(branch, newcomer, "12.00", TELLER)
    restore(str(place), backup, server.clock)
    back = restored(server, branch, place)
    somebody_else = an_account(back, owing={"GAS": "30.00"})
    branch.meet()
    assert balances_of(back, somebody_else) == {"GAS": 3000}
    assert verify(back.database).problems == ()
