"""`cashier print`: papers by their numbers, on spool files, over the network and as PDF."""

import json
import socket
import threading

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.documents.text import grouped
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.papers.words import shown_key
from tests.builders import a_ledger, a_payment, an_account, an_open_drawer, cash, check, paid, usd
from tests.documents.reading import all_text, page_size, scanned


class Office:
    """A ledger, and the command line that prints from it."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder
        self.ledger = a_ledger(url)
        self.drawer = an_open_drawer(self.ledger)
        self.jane = an_account(self.ledger, owing={"ELEC": "84.10", "GAS": "41.25"})

    def run(self, *arguments):
        command = ["print", *map(str, arguments), "--database", self.url, "--node", "COUNTER-1"]
        environment = {"COLUMNS": "160", "CASHIER_PRINTER": f"spool:{self.folder / 'spool'}"}
        return CliRunner().invoke(app, command, env=environment)

    def prints(self, *arguments):
        answer = self.run(*arguments)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    def refusal(self, *arguments):
        answer = self.run(*arguments)
        assert answer.exit_code == 1
        return answer.stderr

    def pdf(self, *arguments):
        """The text of the PDF that a command writes."""
        file = self.folder / "paper.pdf"
        self.prints(*arguments, "--pdf", file)
        return file.read_bytes()

    @property
    def jobs(self):
        return [path.read_bytes() for path in sorted((self.folder / "spool").glob("*.escpos"))]


@pytest.fixture
def office(database_url, tmp_path):
    made = Office(database_url, tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def network_printer():
    """The address of a printer, and what it was sent."""
    received = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take():
            line, _ = listener.accept()
            with line:
                while data := line.recv(4096):
                    received.append(data)

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", received
        thread.join(5)


def test_a_receipt_is_the_original_once_and_then_a_copy(office, network_printer):
    url, received = network_printer
    taken = paid(office.ledger, office.jane, "125.35")
    assert "original" in office.prints("receipt", taken.receipt_number, "--printer", url)
    assert json.loads(office.prints("receipt", shown_key(taken.event_id), "--json"))["copy"] == 1
    assert "COPY" in all_text(office.pdf("receipt", grouped(taken.receipt_number)))
    assert b"COPY" not in b"".join(received)
    assert grouped(taken.receipt_number).encode() in b"".join(received)
    assert b"COPY" in office.jobs[0]
    assert office.ledger.rows("SELECT copy, printed_by FROM receipt_print ORDER BY copy") == [(0, 0), (1, 0), (2, 0)]
    assert office.ledger.value("SELECT count(*) FROM journal WHERE name = 'PrintReceipt'") == 3


def test_a_receipt_can_be_a_page(office):
    taken = paid(office.ledger, office.jane, "125.35")
    assert page_size(office.pdf("receipt", taken.receipt_number, "--paper", "a4"))[0] == pytest.approx(595, abs=1)


def test_what_is_not_printed_does_not_count(office, tmp_path):
    number = paid(office.ledger, office.jane, "125.35").receipt_number
    assert "PRN-DEVICE" in office.refusal("receipt", number, "--printer", f"file:{tmp_path}/none/lp0")
    assert "PRN-FILE" in office.refusal("receipt", number, "--pdf", tmp_path / "none" / "receipt.pdf")
    assert "PRN-ADDRESS" in office.refusal("receipt", number, "--printer", "nowhere")
    assert json.loads(office.prints("receipt", number, "--json"))["copy"] == 0
    assert b"COPY" not in office.jobs[0]


def test_a_number_that_nothing_has_is_refused_by_its_code(office, tmp_path):
    page = ("--pdf", tmp_path / "x.pdf")
    for code, *command in (
        ("PAY-120", "receipt", "000100009999"),
        ("PAY-120", "receipt", "1-99999"),
        ("PAY-120", "endorsement", "everything"),
        ("ZRP-001", "z-report", "7"),
        ("ZRP-001", "z-report", "last"),
        ("TC-001", "x-report", "CASH-Z99"),
        ("TC-013", "turn-in", "800100000017"),
        ("DC-020", "deposit-slip", "77", *page),
        ("CUS-010", "stub", "12345678901", "--due", "2026-12-10", *page),
        ("CLI-003", "x-report", "CASH-A01", *page, "--printer", "spool:/tmp"),
    ):
        assert code in office.refusal(*command), command
    prepared = office.ledger.do(a_payment(office.jane, cash("1.00")))
    assert "CLI-004" in office.refusal("endorsement", shown_key(prepared.event_id))
    assert office.jobs == []


def test_checks_are_endorsed_and_stubs_validated(office, tmp_path):
    tenders = (check("100.00", "4711"), check("25.35", "4712"))
    taken = office.ledger.do(a_payment(office.jane, *tenders))
    assert "back of check 4712" in office.prints("endorsement", taken.receipt_number)
    assert all(b"FOR DEPOSIT ONLY" in job for job in office.jobs)
    assert [b"USD 100.00" in job for job in office.jobs] == [True, False]
    office.prints("endorsement", taken.receipt_number, "--pdf", tmp_path / "back.pdf")
    assert "USD 25.35" in all_text((tmp_path / "back-2.pdf").read_bytes())
    assert "USD 125.35" in all_text(office.pdf("validation", taken.receipt_number))


def test_reports_and_slips_of_a_drawer(office):
    paid(office.ledger, office.jane, "100.00")
    turned = office.ledger.do(TurnInFunds(tender_control_id=office.drawer, tender_type="CASH", amount=usd("60.00")))
    office.prints("turn-in", turned.receipt_number)
    assert b"COPY" in office.jobs[0]
    assert "Handed over: Ann" in all_text(office.pdf("turn-in", turned.receipt_number))
    office.prints("x-report", "CASH-A01")
    assert b"200.00" not in office.jobs[1], "the drawer is blind"
    deposit = office.ledger.value("SELECT id FROM deposit_control")
    office.ledger.do(ReceiveTurnIn(turn_in_id=turned.turn_in_id), "sue")
    office.ledger.do(StartBalancing(tender_control_id=office.drawer))
    counted = (Counted(tender_type="CASH", amount=usd("140.00")),)
    office.ledger.do(CountDrawer(tender_control_id=office.drawer, count=counted))
    office.ledger.do(BalanceDrawer(tender_control_id=office.drawer))
    office.prints("z-report", "1")
    assert b"Grand total" in office.jobs[2]
    assert "Z report 000001" in all_text(office.pdf("z-report", "000001"))
    office.ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    slip = office.ledger.do(AddTenderDeposit(deposit_control_id=deposit), "sue")
    assert slip.slip_number in all_text(office.pdf("deposit-slip", slip.slip_number))


def test_pages_are_named_after_what_they_are(office, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert f"stub-{office.jane.number}.pdf" in office.prints("stub", office.jane.number, "--due", "2026-12-10")
    pdf = (tmp_path / f"stub-{office.jane.number}.pdf").read_bytes()
    assert any(office.jane.number in content for _, content in scanned(pdf))
    day = office.ledger.clock.business_date()
    office.prints("journal", "--date", day)
    assert "125.35" in all_text((tmp_path / f"journal-{day}.pdf").read_bytes())
