import os
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cashier_app.interfaces.receipt_printer import (
    FilePrinter,
    NetworkPrinter,
    PrinterProblem,
    PrintUncertain,
    QueuePrinter,
    SpoolPrinter,
    printer_from,
)

JOB = b"\x1b@Receipt 0042 0000 1178\n\x1dV\x42\x00" * 1_000


class TcpPrinter:
    """A listener that behaves like a printer: takes one connection, keeps what it was sent."""

    def __init__(self, *, is_silent: bool = False):
        self.received = b""
        self._is_silent = is_silent
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        connection, _ = self._listener.accept()
        with connection:
            if self._is_silent:
                self._done.wait(10)
                return
            while data := connection.recv(4096):
                self.received += data

    def close(self):
        self._done.set()
        self._thread.join(10)
        self._listener.close()


def test_network_printer_gets_every_byte():
    printer = TcpPrinter()
    printer_from(f"tcp://127.0.0.1:{printer.port}").send(JOB)
    printer.close()
    assert printer.received == JOB


def test_network_printer_that_does_not_answer_is_given_up():
    printer = TcpPrinter(is_silent=True)
    with pytest.raises(PrintUncertain, match=r"PRN-NETWORK: .* did not answer within 0.2 seconds"):
        NetworkPrinter("127.0.0.1", printer.port, timeout=0.2).send(JOB)
    printer.close()


def test_network_printer_that_is_off_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(PrinterProblem, match="then print again") as problem:
        NetworkPrinter("127.0.0.1", port).send(JOB)
    assert problem.value.code == "PRN-NETWORK"
    assert not isinstance(problem.value, PrintUncertain), "nothing was printed for certain"


def test_spool_keeps_jobs_in_order(tmp_path):
    printer = printer_from(f"spool:{tmp_path}/spool")
    printer.send(b"first")
    printer.send(b"second")
    files = sorted((tmp_path / "spool").iterdir())
    assert [file.name for file in files] == ["00000001.escpos", "00000002.escpos"]
    assert [file.read_bytes() for file in files] == [b"first", b"second"]


def test_spool_goes_on_after_the_highest_number(tmp_path):
    (tmp_path / "00000041.escpos").touch()
    (tmp_path / "notes.escpos").touch()
    SpoolPrinter(tmp_path).send(b"job")
    assert (tmp_path / "00000042.escpos").read_bytes() == b"job"


def test_several_tills_share_a_spool_without_losing_a_job(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(SpoolPrinter(tmp_path).send, [str(number).encode() for number in range(80)]))
    assert sorted(int(file.read_bytes()) for file in tmp_path.iterdir()) == list(range(80))


def test_spool_that_is_no_folder_is_reported(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PrinterProblem) as problem:
        SpoolPrinter(tmp_path / "file").send(b"job")
    assert problem.value.code == "PRN-SPOOL"


def test_file_printer_adds_to_a_file(tmp_path):
    printer = printer_from(f"file:{tmp_path}/lp0")
    printer.send(b"one")
    printer.send(b"two")
    assert (tmp_path / "lp0").read_bytes() == b"onetwo"


def test_device_that_is_missing_is_reported(tmp_path):
    with pytest.raises(PrinterProblem, match="Switch it on") as problem:
        FilePrinter(tmp_path / "missing" / "lp0").send(b"job")
    assert problem.value.code == "PRN-DEVICE"


def _program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_queue_gets_the_bytes_unchanged(tmp_path):
    program = _program(tmp_path / "lp", f'echo "$@" > {tmp_path}/arguments; cat > {tmp_path}/job')
    QueuePrinter("till-1", command=program).send(JOB)
    assert (tmp_path / "job").read_bytes() == JOB
    assert (tmp_path / "arguments").read_text() == "-d till-1 -o raw -s -- -\n"


@pytest.mark.parametrize(("script", "is_uncertain"), [("exit 1", False), ("sleep 5", True)])
def test_queue_that_refuses_or_hangs_is_reported(tmp_path, script, is_uncertain):
    program = _program(tmp_path / "lp", script)
    with pytest.raises(PrinterProblem) as problem:
        QueuePrinter("till-1", command=program, timeout=0.3).send(JOB)
    assert problem.value.code == "PRN-QUEUE"
    assert isinstance(problem.value, PrintUncertain) is is_uncertain


def test_queue_without_a_printing_service_is_reported():
    with pytest.raises(PrinterProblem, match="not installed"):
        QueuePrinter("till-1", command="no-such-program").send(JOB)


@pytest.mark.parametrize(("url", "printer"), [
    ("spool:/var/spool/till", SpoolPrinter(Path("/var/spool/till"))),
    ("spool:///var/spool/till", SpoolPrinter(Path("/var/spool/till"))),
    ("spool:~/receipts", SpoolPrinter(Path(os.path.expanduser("~/receipts")))),  # noqa: PTH111
    ("spool:/with%20space", SpoolPrinter(Path("/with space"))),
    ("file:/dev/usb/lp0", FilePrinter(Path("/dev/usb/lp0"))),
    ("tcp://till-printer", NetworkPrinter("till-printer", 9100)),
    ("tcp://192.168.1.50:9101", NetworkPrinter("192.168.1.50", 9101)),
    ("tcp://[::1]:9100", NetworkPrinter("::1", 9100)),
    ("TCP://host:9100/", NetworkPrinter("host", 9100)),
    ("lp:till-1", QueuePrinter("till-1")),
])  # fmt: skip
def test_addresses_name_printers(url, printer):
    assert printer_from(url) == printer
    assert printer.name


@pytest.mark.parametrize("url", [
    "", "spool:", "/dev/usb/lp0", "http://host", "tcp://", "tcp://host:0", "tcp://host:99999", "tcp://host:x",
    "tcp://host/path", "tcp://user@host", "lp:", "lp:-rf", "lp:a b", "lp:a;b", "tcp://[::1", "\x00", "tcp:host:9100",
])  # fmt: skip
def test_other_addresses_are_refused_with_what_is_accepted(url):
    with pytest.raises(PrinterProblem, match="Accepted are spool:/folder") as problem:
        printer_from(url)
    assert problem.value.code == "PRN-ADDRESS"
