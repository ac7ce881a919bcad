"""Papers are filled with what the ledger knows, and a dead printer takes nothing back."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cashier_app.documents.deposit_slip import render_deposit_slip
from cashier_app.documents.drawer_report import DrawerReportKind, render_drawer_report
from cashier_app.documents.endorsement import endorsement_lines, stub_validation_line
from cashier_app.documents.escpos import drawer_kick
from cashier_app.documents.journal_report import render_journal_report
from cashier_app.documents.paper import Paper
from cashier_app.documents.stub import render_stub
from cashier_app.documents.turn_in_slip import render_turn_in_slip
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.scan_line import format_stub
from cashier_app.interfaces.receipt_printer import NetworkPrinter, SpoolPrinter
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenDrawer
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.services.kernel.reading import reading
from cashier_app.services.papers import printing
from cashier_app.services.papers.printing import Reader
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.queries.administration import z_reports
from cashier_app.services.queries.events import event_detail
from cashier_app.services.queries.search import HomeKind, read_home
from tests.builders import AnAccount, Ledger, a_payment, an_account, an_open_drawer, cash, check, paid, usd

Ask = Callable[..., Any]


@pytest.fixture
def ask(ledger: Ledger) -> Ask:
    def asked(query: Callable[..., Any], *arguments: Any) -> Any:
        with reading(ledger.database, access=EVERYTHING) as store:
            return query(store, ledger.door.current_config(store), *arguments)

    return asked


@pytest.fixture
def reader(ledger: Ledger) -> Reader:
    return Reader(name="Sue", now=ledger.clock.now(), may_see_expected=True, zone=UTC)


@pytest.fixture
def drawer(ledger: Ledger) -> int:
    return an_open_drawer(ledger)


@pytest.fixture
def account(ledger: Ledger, drawer: int) -> AnAccount:
    return an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})


def test_a_receipt_says_what_was_paid_with_what(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    taken = ledger.do(a_payment(account, cash("120.00"), paying="100.00"))
    data = ask(printing.receipt_data, taken.event_id, reader)
    assert (data.receipt_number, data.payor, data.cashier) == (taken.receipt_number, "Jane Masters", "Ann")
    assert (data.total_paid, data.cash_tendered, data.change_given) == (10000, 12000, 2000)
    (payment,) = data.payments
    assert (payment.account_number, payment.new_balance) == (account.number, 2535)
    assert [(row.description, row.amount) for row in payment.segments] == [("Electric", 8410), ("Gas", 1590)]
    assert data.marks == ()
    assert (data.letterhead.utility_name, data.location) == ("Oakfield Municipal Utilities", "Oakfield, counter 1")
    assert printing.receipt_pdf(data).startswith(b"%PDF")


def test_a_canceled_event_prints_void(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    taken = paid(ledger, account, "10.00")
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="WRONG"), "sue")
    data = ask(printing.receipt_data, taken.event_id, reader, 1)
    assert data.marks == ("VOID", "COPY")
    assert data.total_paid == 1000


def test_what_is_not_frozen_has_no_receipt(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    prepared = ledger.do(a_payment(account, cash("10.00"), finish=Finish.NOTHING))
    with pytest.raises(RuleViolation, match="RCP-001"):
        ask(printing.receipt_data, prepared.event_id, reader)


def test_original_once_then_copies_each_noted(ledger: Ledger, account: AnAccount, tmp_path: Path) -> None:
    taken = paid(ledger, account, "10.00")
    printer = SpoolPrinter(tmp_path)
    first = printing.print_receipt(ledger.door, printer, taken.event_id, ledger.people["ann"], kick_drawer=True)
    second = printing.print_receipt(ledger.door, printer, taken.event_id, ledger.people["ann"])
    assert (first.copy, second.copy, first.problem, second.problem) == (0, 1, None, None)
    jobs = [path.read_bytes() for path in sorted(tmp_path.glob("*.escpos"))]
    assert [drawer_kick() in job for job in jobs] == [True, False]
    assert [b"COPY" in job for job in jobs] == [False, True]
    assert ledger.value("SELECT count(*) FROM receipt_print") == 2


def test_a_dead_printer_takes_nothing_back(ledger: Ledger, account: AnAccount) -> None:
    taken = paid(ledger, account, "10.00")
    dead = NetworkPrinter("127.0.0.1", 1, timeout=1)
    printed = printing.print_receipt(ledger.door, dead, taken.event_id, ledger.people["ann"])
    assert printed.receipt_number == taken.receipt_number
    assert "print again" in printed.problem.sentence
    assert ledger.value(f"SELECT status FROM payment WHERE event_id = {taken.event_id}") == "FROZEN"


def test_what_did_not_come_out_does_not_count(ledger: Ledger, account: AnAccount, tmp_path: Path) -> None:
    taken = paid(ledger, account, "10.00")
    dead, alive = NetworkPrinter("127.0.0.1", 1, timeout=1), SpoolPrinter(tmp_path)
    copies = [
        printing.print_receipt(ledger.door, printer, taken.event_id, ledger.people["ann"]).copy
        for printer in (dead, dead, alive, dead, alive)
    ]
    assert copies == [0, 0, 0, 1, 1]
    jobs = [path.read_bytes() for path in sorted(tmp_path.glob("*.escpos"))]
    assert [b"COPY" in job for job in jobs] == [False, True]
    with reading(ledger.database, access=EVERYTHING) as store:
        prints = event_detail(store, ledger.door.current_config(store), taken.event_id).prints
    assert [(row.copy, row.has_failed) for row in prints] == [(0, True), (0, True), (0, False), (1, True), (1, False)]
    assert "PRN-NETWORK" in ledger.value("SELECT problem FROM receipt_print_failure LIMIT 1")


def test_a_printer_that_fell_silent_may_have_printed_the_original(ledger: Ledger, account: AnAccount) -> None:
    taken = paid(ledger, account, "10.00")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        printer = NetworkPrinter("127.0.0.1", silent.getsockname()[1], timeout=0.2)
        first = printing.print_receipt(ledger.door, printer, taken.event_id, ledger.people["ann"])
    assert first.may_come_out
    (print_id,) = ledger.rows("SELECT id FROM receipt_print")[0]
    assert ledger.rows("SELECT * FROM receipt_print_failure") == []
    ledger.do(NotePrintFailure(print_id=print_id, problem="It lies torn in the printer"))
    assert ledger.do(PrintReceipt(event_id=taken.event_id)).copy == 0
    assert ledger.do(PrintReceipt(event_id=taken.event_id)).copy == 1


def test_an_original_noted_late_as_failed_is_printed_after_its_copy(ledger: Ledger, account: AnAccount) -> None:
    event = PrintReceipt(event_id=paid(ledger, account, "10.00").event_id)
    original, copy = ledger.do(event), ledger.do(event, "sue")
    ledger.do(NotePrintFailure(print_id=original.print_id))
    assert (copy.copy, ledger.do(event).copy, ledger.do(event).copy) == (1, 0, 2)


def test_an_authorized_receipt_names_its_authorization(
    ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader
) -> None:
    def authorize(**center: Any) -> None:
        tables = {"issuing_center": ({"code": "HQ", "receipt_series": 1, **center},)}
        ledger.do(LoadConfiguration(tables=tables), "system")

    today = ledger.clock.business_date()
    taken = paid(ledger, account, "10.00")
    assert ask(printing.receipt_data, taken.event_id, reader).authorization == ""
    authorize(authorization="AUT-2026/42")
    data = ask(printing.receipt_data, taken.event_id, reader)
    assert data.authorization == "AUT-2026/42"
    assert b"AUT-2026/42" in printing.receipt_job(data)
    authorize(authorization="AUT-2027/01", valid_from=(today + timedelta(days=1)).isoformat())
    assert ask(printing.receipt_data, taken.event_id, reader).authorization == "", "another one covers it"
    authorize(authorization="AUT-2025/07", receipt_series=2)
    assert ask(printing.receipt_data, taken.event_id, reader).authorization == ""


def test_an_x_report_is_blind_for_who_may_not_see(
    ledger: Ledger, ask: Ask, account: AnAccount, drawer: int, reader: Reader
) -> None:
    paid(ledger, account, "10.00")
    ledger.do(OpenDrawer(tender_control_id=drawer, note="change for a customer"))
    data = ask(printing.drawer_report_data, drawer, reader)
    (line,) = data.lines
    assert (data.kind, data.is_blind) == (DrawerReportKind.X, False)
    assert (line.starting_float, line.taken, line.expected, line.unexplained) == (10000, 1000, 11000, 0)
    assert "change for a customer" in data.no_sales[-1].reason
    blind = ask(printing.drawer_report_data, drawer, Reader(name="Ann", now=reader.now))
    (hidden,) = blind.lines
    assert blind.is_blind
    assert (hidden.taken, hidden.cash_back, hidden.expected, hidden.variance) == (None, None, None, None)
    assert render_drawer_report(blind).startswith(b"%PDF")


@pytest.fixture
def closed(ledger: Ledger, account: AnAccount, drawer: int) -> int:
    """A drawer with cash, checks, a cancellation and a turn-in, balanced; returns its deposit."""
    paid(ledger, account, "100.00")
    ledger.do(a_payment(account, check("25.35", remitter="Oak Bakery")))
    wrong = paid(ledger, account, "5.00")
    ledger.do(CancelTender(tender_id=wrong.tender_ids[0], reason="WRONG"), "sue")
    turned = ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("60.00")))
    ledger.do(ReceiveTurnIn(turn_in_id=turned.turn_in_id), "sue")
    count = (
        Counted(tender_type="CASH", amount=usd("140.00")),
        Counted(tender_type="CHEC", amount=usd("25.35")),
    )
    ledger.do(StartBalancing(tender_control_id=drawer))
    ledger.do(CountDrawer(tender_control_id=drawer, count=count))
    ledger.do(BalanceDrawer(tender_control_id=drawer))
    return int(ledger.value("SELECT id FROM deposit_control"))


def z_report(ledger: Ledger) -> int:
    with reading(ledger.database, access=EVERYTHING) as store:
        (row,) = z_reports(store)
    return row.report_id


@pytest.mark.usefixtures("closed")
def test_a_z_report_prints_what_was_sealed(ledger: Ledger, ask: Ask, reader: Reader) -> None:
    data = ask(printing.z_report_data, z_report(ledger), reader)
    assert data.kind is DrawerReportKind.Z
    assert data.seal is not None
    assert (data.seal.z_number, data.seal.branch, data.seal.previous_hash) == (1, "COUNTER-1", "")
    assert (data.seal.running_count, data.seal.running_total) == (3, 13035)
    assert data.seal.sequence > 0
    assert all(line.variance == 0 and line.unexplained == 0 for line in data.lines)
    assert [(row.payor, row.amount) for row in data.checks] == [("Oak Bakery", 2535)]
    assert [(row.amount, row.reason, row.by) for row in data.cancellations] == [(500, "Wrong customer", "Sue")]
    assert [(row.amount, row.received_by) for row in data.turn_ins] == [(6000, "Sue")]
    assert render_drawer_report(data) == render_drawer_report(data)
    assert render_drawer_report(data, Paper.ROLL_80).startswith(b"%PDF")


@pytest.mark.usefixtures("closed")
def test_a_z_report_that_was_altered_is_not_printed(ledger: Ledger, ask: Ask, reader: Reader) -> None:
    report_id = z_report(ledger)
    ledger.unchecked = True
    unprotect = {
        "sqlite": "DROP TRIGGER protect_drawer_report_update",
        "postgresql": "ALTER TABLE drawer_report DISABLE TRIGGER USER",
    }
    execute = ledger.database.connection.execute
    execute(unprotect[ledger.database.dialect])
    execute("UPDATE drawer_report SET content = replace(content, '130.35', '130.34')")
    with pytest.raises(RuleViolation, match="ZRP-002"):
        ask(printing.z_report_data, report_id, reader)
    with pytest.raises(RuleViolation, match="ZRP-001"):
        ask(printing.z_report_data, 1, reader)


def test_a_deposit_slip_adds_up(ledger: Ledger, ask: Ask, closed: int, reader: Reader) -> None:
    preview = ask(printing.deposit_preview_data, closed, reader)
    assert (preview.total, preview.sources_total, preview.slip_number) == (12535, 12535, "")
    ledger.do(StartDepositBalancing(deposit_control_id=closed), "sue")
    added = ledger.do(AddTenderDeposit(deposit_control_id=closed), "sue")
    data = ask(printing.deposit_slip_data, added.tender_deposit_id, reader)
    assert (data.slip_number, data.bank_name) == (added.slip_number, "First City Bank operating")
    assert (data.cash_total, data.checks_total, data.total) == (10000, 2535, 12535)
    assert [(row.number, row.payor) for row in data.checks] == [("1001", "Oak Bakery")]
    assert render_deposit_slip(data).startswith(b"%PDF")


def test_a_slip_for_a_part_claims_no_composition(ledger: Ledger, ask: Ask, closed: int, reader: Reader) -> None:
    ledger.do(StartDepositBalancing(deposit_control_id=closed), "sue")
    added = ledger.do(AddTenderDeposit(deposit_control_id=closed, amount=usd("50.00")), "sue")
    data = ask(printing.deposit_slip_data, added.tender_deposit_id, reader)
    assert (data.total, data.cash_total, data.checks) == (5000, 0, ())
    with pytest.raises(RuleViolation, match="DC-020"):
        ask(printing.deposit_slip_data, 1, reader)


def test_the_journal_report_balances(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    paid(ledger, account, "10.00")
    today = ledger.clock.business_date()
    data = ask(printing.journal_report_data, today, today, reader)
    assert data.total_debit == data.total_credit == 13535
    assert render_journal_report(data).startswith(b"%PDF")
    assert ask(printing.journal_report_data, today, today, reader, "EUR").lines == ()


def test_a_check_is_endorsed_and_its_stub_marked(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    taken = ledger.do(a_payment(account, check("25.35")))
    data = ask(printing.endorsement_data, taken.tender_ids[0], reader)
    lines = endorsement_lines(data)
    assert lines[0] == "FOR DEPOSIT ONLY"
    assert "...4471" in lines[2]
    assert account.number in lines[-1]
    assert "25.35" in stub_validation_line(data)
    with pytest.raises(RuleViolation, match="PAY-121"):
        ask(printing.endorsement_data, 1, reader)
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
    with pytest.raises(RuleViolation, match="PAY-130"):
        ask(printing.endorsement_data, taken.tender_ids[0], reader)


def test_only_checks_and_the_like_are_endorsed(ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader) -> None:
    card = TenderIn(tender_type="CARD", amount=usd("5.00"), reference="A7710Q")
    taken = ledger.do(a_payment(account, cash("20.00"), check("100.00"), card, paying="110.00"))
    endorsed = ask(printing.checks_of_event, taken.event_id, reader)
    assert [(data.check_number, data.amount) for data in endorsed] == [("1001", 10000)]
    assert ask(lambda *asked: printing.checks_of_event(*asked, at_once=True), taken.event_id, reader) == ()
    for tender_id in (taken.tender_ids[0], taken.tender_ids[2]):
        with pytest.raises(RuleViolation, match="PAY-130"):
            ask(printing.endorsement_data, tender_id, reader)
    assert b"FOR DEPOSIT ONLY" in printing.endorsement_job(endorsed[0])


def test_a_stub_is_validated_with_what_its_own_account_was_paid(
    ledger: Ledger, ask: Ask, account: AnAccount, reader: Reader
) -> None:
    neighbor = an_account(ledger, "Joe Neighbor", owing="40.00")
    shares = ((account, "60.00"), (neighbor, "40.00"))
    payments = tuple(PaymentIn(account_id=who.id, amount=usd(amount)) for who, amount in shares)
    command = TakePayment(payor_account_id=account.id, tenders=(check("100.00"),), payments=payments)
    taken = ledger.do(command)
    first, second = ask(printing.stubs_of_event, taken.event_id, reader)
    assert [(data.account_number, data.amount) for data in (first, second)] == [
        (account.number, 6000),
        (neighbor.number, 4000),
    ]
    assert stub_validation_line(second).startswith(f"PAID {second.date} USD 40.00  {taken.receipt_number}")
    assert b"USD 40.00" in printing.stub_job(second)
    with pytest.raises(RuleViolation, match="PAY-122"):
        ask(printing.stub_validation_data, 1, reader)
    prepared = ledger.do(a_payment(account, cash("1.00"), finish=Finish.DISTRIBUTE))
    with pytest.raises(RuleViolation, match="PAY-131"):
        ask(printing.stub_validation_data, prepared.payments[0].payment_id, reader)


def test_a_turn_in_goes_with_a_slip_for_two_signatures(
    ledger: Ledger, ask: Ask, account: AnAccount, drawer: int, reader: Reader
) -> None:
    paid(ledger, account, "50.00")
    turned = ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("60.00")))
    slip = ask(printing.turn_in_slip_data, turned.turn_in_id, reader)
    assert (slip.number, slip.tender_type, slip.amount) == (turned.receipt_number, "Cash", 6000)
    assert (slip.handed_by, slip.received_by, slip.marks) == ("Ann", "", ())
    assert render_turn_in_slip(slip) == render_turn_in_slip(slip)
    ledger.do(ReceiveTurnIn(turn_in_id=turned.turn_in_id), "sue")
    received = ask(printing.turn_in_slip_data, turned.turn_in_id, reader, True)
    assert (received.received_by, received.marks) == ("Sue", ("COPY",))
    taken_back = ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("5.00")))
    ledger.do(VoidTurnIn(turn_in_id=taken_back.turn_in_id))
    assert ask(printing.turn_in_slip_data, taken_back.turn_in_id, reader).marks == ("VOID",)
    with pytest.raises(RuleViolation, match="TC-013"):
        ask(printing.turn_in_slip_data, 1, reader)


def test_our_own_stub_scans_back(ask: Ask, account: AnAccount, reader: Reader) -> None:
    data = ask(printing.stub_data, account.id, date(2026, 2, 1), reader)
    assert (data.customer_name, data.amount_due, data.mailing_lines) == ("Jane Masters", 12535, ("18 Oak Lane",))
    assert render_stub(data).startswith(b"%PDF")
    answer = ask(read_home, format_stub(data.scan_line))
    assert (answer.kind, answer.amount, answer.found[0].account_id) == (HomeKind.STUB, 12535, account.id)
    with pytest.raises(RuleViolation, match="CUS-010"):
        ask(printing.stub_data, 1, date(2026, 2, 1), reader)
