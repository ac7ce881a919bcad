"""What the counter prints, and what it says where nothing came out."""

import socket
import struct
import threading

import pytest

from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.ui.receipt_printing import ReceiptDesk
from tests.ui.till import balance, jobs


@pytest.fixture
def counter(till):
    return till.go("counter")


def test_a_printer_that_fails_is_told_and_undoes_nothing(till, counter):
    counter.model.receipts = ReceiptDesk(till.backend, "file:/nowhere/at/all")
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    assert balance(till, "Jane Masters") == 0
    assert "The payment is taken, but its receipt is not printed" in till.window.shell.notice.text


def test_a_receipt_that_did_not_come_out_is_no_original(till, counter, tmp_path):
    alive = counter.model.receipts
    counter.model.receipts = ReceiptDesk(till.backend, "file:/nowhere/at/all")
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    counter.model.receipts = alive
    till.press("F10")
    (original,) = jobs(tmp_path)
    assert b"COPY" not in original
    assert "Receipt" in till.window.shell.notice.text
    till.press("F10")
    assert b"COPY" in jobs(tmp_path)[1]


@pytest.fixture
def falling_silent():
    """The address of a printer that takes the line and drops it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            line, _ = listener.accept()
            line.recv(1)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def test_a_printer_that_fell_silent_leaves_no_second_original(till, counter, tmp_path, falling_silent):
    alive = counter.model.receipts
    counter.model.receipts = ReceiptDesk(till.backend, falling_silent)
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    assert "look whether its receipt came out" in till.window.shell.notice.text
    counter.model.receipts = alive
    till.press("F10")
    assert b"COPY" in jobs(tmp_path)[0]


def pay_by_check(till, number="4711"):
    till.find("Jane Masters")
    till.press("F6")
    till.press("Return")
    till.type(number)
    till.press("Return")


def test_checks_are_not_endorsed_unless_the_utility_wants_it(till, counter, tmp_path):
    pay_by_check(till)
    assert len(jobs(tmp_path)) == 1


def endorsing(till):
    checks = {"code": "CHEC", "description": "Check", "require_reference": True, "allow_cash_back": True}
    tables = {"tender_type": ({**checks, "kick_drawer": True, "endorse": True},)}
    till.backend.door.execute(LoadConfiguration(tables=tables), user_id=SYSTEM.id)


def test_a_check_is_endorsed_right_after_its_receipt(till, counter, tmp_path):
    endorsing(till)
    pay_by_check(till)
    receipt, back = jobs(tmp_path)
    assert b"Jane Masters" in receipt
    assert b"FOR DEPOSIT ONLY" in back
    assert b"USD 125.35" in back
    assert "check endorsed" in till.window.shell.notice.text
    till.press("F10")
    assert len(jobs(tmp_path)) == 3, "a copy endorses nothing again"


def test_a_check_that_is_not_endorsed_is_told_with_its_receipt(till, counter):
    endorsing(till)
    counter.model.receipts = ReceiptDesk(till.backend, "file:/nowhere/at/all")
    pay_by_check(till)
    assert "its receipt not printed (F10), its check not endorsed (F8, F11)" in till.window.shell.notice.text


def test_the_last_receipt_is_printed_again_as_a_copy(till, counter, tmp_path):
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    till.press("F10")
    original, copy = jobs(tmp_path)
    assert b"COPY" in copy
    assert b"COPY" not in original
