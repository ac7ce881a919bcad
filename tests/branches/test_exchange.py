"""What a branch takes while the line is down arrives once, in order, and is booked with what is owed then."""

from __future__ import annotations

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.branch_link import link_of, require_nothing_unsent
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.branches.booked import booked_event
from cashier_app.services.branches.devices import RevokeDevice
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.branches.service import BranchService
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, BalanceDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    ForceCloseDrawer,
    StartBalancing,
)
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash, OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import PaymentIn, SegmentIn
from cashier_app.services.payments.taking import Finish, TakePayment
from cashier_app.services.verifying import verify
from tests.branches.town import DirectLine, a_branch, teller
from tests.builders import (
    OPEN_LEDGERS,
    Ledger,
    a_ledger,
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

TELLER = teller("BRANCH-7")
SOURCE = "CASH-BRANCH-7"


@pytest.fixture
def server(database_url):
    return a_ledger(database_url)


@pytest.fixture
def account(server):
    return an_account(server, owing={"ELEC": "84.10", "GAS": "41.25"})


@pytest.fixture
def branch(server, account, tmp_path):
    """A branch with an open drawer, cut off."""
    branch = a_branch(server, tmp_path)
    branch.line.up = False
    branch.control = an_open_drawer(branch, TELLER, source=SOURCE)
    return branch


def link(branch):
    with reading(branch.database, access=EVERYTHING) as store:
        return link_of(store)


def reconnect(branch):
    branch.line.up = True
    return branch.meet()


def statuses(ledger):
    return [row[0] for row in ledger.rows("SELECT status FROM payment ORDER BY transferred_from IS NOT NULL, id")]


def test_money_taken_with_the_line_down_is_booked_when_it_is_back(server, branch, account):
    taken = paid(branch, account, "100.00", TELLER)
    assert [payment.status for payment in taken.payments] == ["RECORDED"]
    assert balances_of(server, account) == {"ELEC": 8410, "GAS": 4125}
    assert link(branch).unsent == 3

    reconnect(branch)

    assert link(branch).unsent == 0
    assert balances_of(server, account) == {"ELEC": 0, "GAS": 2535}
    assert balances_of(branch, account) == {"ELEC": 0, "GAS": 2535}
    assert statuses(server) == ["FROZEN"]
    assert server.value("SELECT receipt_number FROM payment_event") == taken.receipt_number
    assert verify(branch.database).problems == ()


def test_the_servers_distribution_comes_back(branch, account):
    taken = paid(branch, account, "100.00", TELLER)
    reconnect(branch)
    with reading(branch.database, access=EVERYTHING) as store:
        booked = booked_event(store, taken.event_id)
    (payment,) = booked.payments
    assert (payment.status, payment.amount) == ("FROZEN", 10000)
    assert [(segment.sa_type, segment.amount) for segment in payment.segments] == [("ELEC", 8410), ("GAS", 1590)]


def test_what_a_lost_answer_left_unknown_counts_once(server, branch, account):
    paid(branch, account, "20.00", TELLER)
    branch.line.up, branch.line.lose_answers = True, True
    branch.exchange._compared = True
    for _ in range(3):
        with pytest.raises(LineDown):
            branch.exchange.step()
        branch.exchange._compared = True
    assert link(branch).unsent == 3
    paid(branch, account, "5.00", TELLER)
    branch.line.lose_answers = False
    branch.meet()
    assert link(branch).unsent == 0
    assert server.value("SELECT count(*) FROM payment") == 2
    assert balances_of(server, account) == {"ELEC": 5910, "GAS": 4125}


def test_a_whole_day_with_the_line_down_ends_with_the_same_drawer_on_both_sides(server, branch, account):
    paid(branch, account, "100.00", TELLER)
    wrong = paid(branch, account, "9.00", TELLER)
    branch.do(CancelTender(tender_id=wrong.tender_ids[0], reason="ERROR"), TELLER, second="sue")
    out = MoveDrawerCash(tender_control_id=branch.control, reason="PETTY", amount=usd("-8.00"), note="stamps")
    branch.do(out, TELLER)
    turned_in = branch.do(
        TurnInFunds(tender_control_id=branch.control, tender_type="CASH", amount=usd("50.00")), TELLER
    )
    branch.do(ReceiveTurnIn(turn_in_id=turned_in.turn_in_id), "sue")
    branch.do(StartBalancing(tender_control_id=branch.control), TELLER)
    branch.do(CountDrawer(tender_control_id=branch.control, count=counted("141.50")), TELLER)
    branch.do(BalanceDrawer(tender_control_id=branch.control), TELLER)
    branch.do(SealDay(), "sue")

    reconnect(branch)

    for what in (
        "id, tender_source, status, owner_id, starting_balance FROM tender_control",
        "tender_type, amount_expected, tender_count FROM tender_control_total",
        "tender_control_id, tender_type, amount_counted FROM tender_control_count",
        "id, amount, status, receipt_number, received_by FROM turn_in",
        "id, number, content FROM drawer_report",
        "id, sequence, totals FROM seal",
        "payment_count, amount_total FROM node_total",
    ):
        assert server.rows(f"SELECT {what} ORDER BY 1") == branch.rows(f"SELECT {what} ORDER BY 1"), what
    houses = "SELECT h.code, s.current_balance FROM house_agreement_link h JOIN service_agreement s ON s.id = h.sa_id"
    balances = dict(server.rows(houses))
    assert (balances["PETTY-CASH"], balances["OVER-UNDER"]) == (800, 50)
    assert sum(balances_of(server, account).values()) == 2535


def test_a_canceled_visit_that_was_never_booked_is_booked_and_reversed(server, branch, account):
    wrong = paid(branch, account, "9.00", TELLER)
    branch.do(CancelTender(tender_id=wrong.tender_ids[0], reason="ERROR"), TELLER, second="sue")
    reconnect(branch)
    assert statuses(server) == ["CANCELED"]
    assert balances_of(server, account) == {"ELEC": 8410, "GAS": 4125}
    assert server.value("SELECT count(*) FROM financial_transaction WHERE kind = 'PX'") == 1


def test_a_visit_canceled_after_it_was_booked_is_reversed(server, branch, account):
    wrong = paid(branch, account, "9.00", TELLER)
    reconnect(branch)
    assert balances_of(server, account) == {"ELEC": 7510, "GAS": 4125}
    branch.do(CancelTender(tender_id=wrong.tender_ids[0], reason="ERROR"), TELLER, second="sue")
    branch.meet()
    assert statuses(server) == ["CANCELED"]
    assert balances_of(server, account) == {"ELEC": 8410, "GAS": 4125}


def test_what_nothing_can_take_goes_to_suspense_with_an_entry_to_do(server, branch):
    nobodys = an_account(server, "No Agreements", owing={})
    reconnect(branch)
    taken = paid(branch, nobodys, "30.00", TELLER)
    branch.meet()
    assert statuses(server) == ["CANCELED", "FROZEN"]
    assert suspense(server) == -3000
    waiting = server.rows("SELECT to_do_type, account_id, event_id FROM to_do")
    assert waiting == [("SUSPENSE", nobodys.id, taken.event_id)]
    branch.do(CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"), TELLER, second="sue")
    branch.meet()
    assert statuses(server) == ["CANCELED", "CANCELED"]
    assert suspense(server) == 0
    told = "SELECT t.status, j.name FROM to_do t JOIN journal j ON j.id = t.completed_in"
    assert server.rows(told) == [("COMPLETE", "ReceiveDelivery")]


def suspense(server):
    return server.value(
        "SELECT s.current_balance FROM service_agreement s JOIN house_agreement_link h ON h.sa_id = s.id "
        "WHERE h.code = 'SUSPENSE'"
    )


def test_segments_placed_by_hand_are_kept(server, branch, account):
    payment = PaymentIn(
        account_id=account.id,
        amount=usd("30.00"),
        segments=(SegmentIn(sa_id=account.sa["GAS"], amount=usd("30.00")),),
    )
    branch.do(TakePayment(payor_account_id=account.id, tenders=(cash("30.00"),), payments=(payment,)), TELLER)
    reconnect(branch)
    assert balances_of(server, account) == {"ELEC": 8410, "GAS": 1125}


def test_two_payments_of_one_account_in_one_delivery_find_what_the_first_left(server, branch, account):
    paid(branch, account, "84.10", TELLER)
    paid(branch, account, "41.25", TELLER)
    paid(branch, account, "10.00", TELLER)
    reconnect(branch)
    assert sum(balances_of(server, account).values()) == -1000
    assert statuses(server) == ["FROZEN"] * 3


# -- what does not hold is refused, and nothing is lost


def test_a_branch_does_not_do_what_the_server_does(branch):
    new = OpenAccount(name="New", customer_class="RES", agreements=())
    assert branch.refusal(new, "olga") == "BR-001"


def test_a_branch_leaves_no_payment_half_done(branch, account):
    assert branch.refusal(a_payment(account, cash("9.00"), finish=Finish.NOTHING), TELLER) == "BR-002"


def test_a_branch_opens_only_drawers_of_its_own(branch):
    assert branch.refusal(OpenTenderControl(tender_source="CASH-A01"), "ann") == "TC-028"


def test_the_office_leaves_the_drawers_of_a_branch_alone(server, branch, account):
    paid(branch, account, "20.00", TELLER)
    reconnect(branch)
    close = ForceCloseDrawer(tender_control_id=branch.control, count=counted("120.00"), reason="closing")
    assert server.refusal(close, "sue") == "BR-003"
    tender = server.value("SELECT id FROM tender")
    assert server.refusal(CancelTender(tender_id=tender, reason="ERROR"), "sue") == "BR-003"
    an_open_deposit(server)
    assert server.refusal(OpenTenderControl(tender_source=SOURCE), TELLER) == "TC-028"


def test_a_deposit_is_handed_over_only_when_everything_has_arrived(server, branch, account):
    paid(branch, account, "20.00", TELLER)
    branch.do(StartBalancing(tender_control_id=branch.control), TELLER)
    branch.do(CountDrawer(tender_control_id=branch.control, count=counted("120.00")), TELLER)
    branch.do(BalanceDrawer(tender_control_id=branch.control), TELLER)
    deposit = branch.value("SELECT id FROM deposit_control")
    branch.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    branch.do(AddTenderDeposit(deposit_control_id=deposit), "sue")
    assert branch.refusal(BalanceDeposit(deposit_control_id=deposit), "sue") == "BR-004"
    reconnect(branch)
    branch.do(BalanceDeposit(deposit_control_id=deposit), "sue")
    branch.do(SealDay(), "sue")
    branch.meet()
    assert server.value("SELECT status FROM deposit_control") == "BALANCED"
    assert server.value("SELECT amount FROM tender_deposit") == 2000


def test_nothing_drops_an_outbox(branch, account):
    paid(branch, account, "20.00", TELLER)
    with pytest.raises(RuleViolation, match="BR-005"):
        require_nothing_unsent(branch.database, "take it out of service")


# -- two programs that exchange for one branch


@pytest.fixture
def another(branch):
    """Another program's exchange for the same branch, as one that is started every hour."""
    branch.line.up = True
    database = Database(branch.url)
    yield Exchange(database, DirectLine(branch.line.server, branch.line.caller), branch.clock)
    database.close()


def test_an_answer_that_is_older_than_what_is_known_is_no_restored_server(branch, account, another):
    paid(branch, account, "20.00", TELLER)
    branch.meet()

    def meanwhile():
        branch.line.meanwhile = None
        paid(branch, account, "5.00", TELLER)
        finish(another)

    branch.line.meanwhile = meanwhile
    branch.exchange._compared = False
    branch.exchange.step()
    stands = link(branch)
    assert (stands.unsent, bool(stands.cursor), stands.directory_after) == (0, True, None)


def test_an_answer_that_another_program_has_overtaken_changes_nothing(server, branch, account, another):
    branch.meet()
    an_open_deposit(server)
    an_open_drawer(server)
    paid(server, account, "1.00")

    def meanwhile():
        branch.line.meanwhile = None
        paid(server, account, "2.00")
        finish(another)

    branch.line.meanwhile = meanwhile
    branch.exchange.step()
    assert balances_of(branch, account) == balances_of(server, account)
    branch.meet()
    assert balances_of(branch, account) == balances_of(server, account)


def finish(exchange):
    while exchange.step().more:
        pass


# -- two sides that disagree


def test_a_server_restored_from_a_backup_gets_again_what_it_forgot(sqlite_url, tmp_path):
    server = a_ledger(sqlite_url)
    account = an_account(server, owing={"ELEC": "84.10"})
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source=SOURCE)
    branch.meet()
    yesterday = tmp_path / "yesterday.db"
    server.database.connection.execute("VACUUM INTO ?", (str(yesterday),))
    paid(branch, account, "20.00", TELLER)
    branch.meet()
    paid(branch, account, "5.00", TELLER)

    restored = Ledger(str(yesterday), Door(Database(str(yesterday)), "COUNTER-1", server.clock), server.clock)
    OPEN_LEDGERS.append(restored)
    branch.line.server = lambda: BranchService(restored.door)
    branch.meet()

    assert link(branch).unsent == 0
    assert balances_of(restored, account) == {"ELEC": 5910}
    assert balances_of(branch, account) == {"ELEC": 5910}
    assert restored.value("SELECT count(*) FROM payment") == 2


def test_a_branch_whose_file_is_an_old_copy_stops(sqlite_url, tmp_path):
    server = a_ledger(sqlite_url)
    account = an_account(server, owing={"ELEC": "84.10"})
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source=SOURCE)
    copy = tmp_path / "copy.db"
    branch.database.connection.execute("VACUUM INTO ?", (str(copy),))
    paid(branch, account, "20.00", TELLER)
    branch.meet()
    old = Database(str(copy))
    exchange = Exchange(old, branch.line, branch.clock)
    with pytest.raises(RuleViolation, match="SYNC-008"):
        exchange.step()
    old.close()


def test_a_journal_that_was_tampered_with_is_not_taken(server, branch, account):
    paid(branch, account, "20.00", TELLER)
    branch.line.up = True
    branch.database.connection.execute("DROP TRIGGER protect_journal_update")
    branch.database.connection.execute("UPDATE journal SET effects = replace(effects, '2000', '9000')")
    branch.unchecked = True
    with pytest.raises(RuleViolation, match="SYNC-003"):
        branch.exchange.step()
    assert link(branch).alarm.startswith("SYNC-003")
    assert server.value("SELECT count(*) FROM payment") == 0
    assert server.rows("SELECT to_do_type FROM to_do") == [("SYNC_ALARM",)]


def test_a_clock_that_goes_wrong_is_flagged_and_changes_no_order(server, branch, account):
    paid(branch, account, "20.00", TELLER)
    branch.clock.advance(days=400)
    paid(branch, account, "20.00", TELLER)
    branch.clock.advance(days=-800)
    paid(branch, account, "20.00", TELLER)
    reconnect(branch)
    assert statuses(server) == ["FROZEN"] * 3
    assert server.value("SELECT clock_doubt FROM delivery").startswith("The clock went back at entry 5")


def test_a_delivery_that_was_let_in_before_its_device_was_revoked_is_not_taken(server, branch, account):
    """The server looks once more in the transaction that takes it; what was taken stays in the branch's file."""
    paid(branch, account, "20.00", TELLER)
    branch.line.up = True
    server.do(RevokeDevice(device_id=link(branch).device_id, reason="stolen"), "adam")
    with pytest.raises(RuleViolation, match="DEV-004"):
        branch.exchange.step()
    assert link(branch).unsent == 3
    assert server.value("SELECT count(*) FROM payment") == 0
