"""Brings bytes to a receipt printer: a spool folder, a device file, the network, or a queue of the system.

A printer takes a whole job or says in one sentence why not (`PrinterProblem`); what a job means is not known here.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.parse import unquote, urlsplit

from cashier_app.domain.errors import EnvironmentProblem

DEFAULT_TIMEOUT = 5.0
_RAW_PORT = 9100
_HIGHEST_PORT = 65_535


class PrinterProblem(EnvironmentProblem):
    """The job was not printed; nothing else has changed. Print it again when the cause is gone.

    Codes: PRN-ADDRESS, PRN-SPOOL, PRN-DEVICE, PRN-NETWORK, PRN-QUEUE.
    """


class PrintUncertain(PrinterProblem):
    """The printer began to take the job and did not say how it ended: the paper may still come out.

    Every other `PrinterProblem` means that nothing was printed. Codes: PRN-DEVICE, PRN-NETWORK, PRN-QUEUE.
    """


class ReceiptPrinter(Protocol):
    """Where a job of ESC/POS bytes goes."""

    @property
    def name(self) -> str:
        """What the operator calls it."""

    def send(self, job: bytes) -> None:
        """Hand the whole job over; PrinterProblem where that failed."""


@dataclass(frozen=True, slots=True)
class SpoolPrinter:
    """Keeps each job as a file in a folder, numbered in order: the default where no printer is set up."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return f"folder {self.folder}"

    def send(self, job: bytes) -> None:
        """Write the job to the next number; a reader never sees half a file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(job)
        except OSError as problem:
            _fail("PRN-SPOOL", f"The folder {self.folder} does not take the job ({_reason(problem)}).", "Free its disk")

    def _write(self, job: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(job)
            number = self._highest() + 1
            while not self._claimed(temporary, number):  # another process took the number
                number += 1
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _claimed(self, temporary: str, number: int) -> bool:
        try:
            os.link(temporary, self.folder / f"{number:08d}.escpos")
        except FileExistsError:
            return False
        return True

    def _highest(self) -> int:
        numbers = (path.stem for path in self.folder.glob("*.escpos"))
        return max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)


@dataclass(frozen=True, slots=True)
class FilePrinter:
    """A device such as /dev/usb/lp0, or a plain file the job is added to."""

    path: Path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def send(self, job: bytes) -> None:
        """Write the job to the device."""
        left = memoryview(job)
        try:
            with self.path.open("ab", buffering=0) as device:
                while left:
                    left = left[device.write(left) or 0 :]
        except OSError as problem:
            sentence = f"The printer at {self.path} does not answer ({_reason(problem)})."
            has_begun = len(left) < len(job)
            _fail("PRN-DEVICE", sentence, "Switch it on and check its cable and paper", uncertain=has_begun)


@dataclass(frozen=True, slots=True)
class NetworkPrinter:
    """A printer that takes raw jobs over TCP, by custom on port 9100."""

    host: str
    port: int = _RAW_PORT
    timeout: float = DEFAULT_TIMEOUT
    """Seconds to wait for the connection and for each answer."""

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def send(self, job: bytes) -> None:
        """Send the job and wait until the printer has taken all of it or closed the line."""
        is_connected = False
        try:
            with socket.create_connection((self.host, self.port), timeout=self.timeout) as line:
                is_connected = True
                line.sendall(job)
                line.shutdown(socket.SHUT_WR)
                while line.recv(1024):  # status bytes are not for us; the end of them is the acknowledgement
                    pass
        except TimeoutError:
            sentence = f"The printer {self.name} did not answer within {self.timeout:g} seconds."
            _fail("PRN-NETWORK", sentence, "Check its paper, its cover and its network cable", uncertain=is_connected)
        except OSError as problem:
            sentence = f"The printer {self.name} cannot be reached ({_reason(problem)})."
            remedy = "Switch it on and check its network cable and address"
            _fail("PRN-NETWORK", sentence, remedy, uncertain=is_connected)


@dataclass(frozen=True, slots=True)
class QueuePrinter:
    """A queue of the system's printing service, given the bytes unchanged."""

    queue: str
    timeout: float = DEFAULT_TIMEOUT
    command: str = "lp"

    @property
    def name(self) -> str:
        """The queue."""
        return f"queue {self.queue}"

    def send(self, job: bytes) -> None:
        """Hand the job to `lp -o raw`."""
        program = shutil.which(self.command)
        if program is None:
            sentence = f"The program {self.command} that feeds printer queues is not installed."
            _fail("PRN-QUEUE", sentence, "Install the system's printing service")
        try:
            result = subprocess.run(  # noqa: S603 - the queue's name is one argument and was checked
                [program, "-d", self.queue, "-o", "raw", "-s", "--", "-"],
                input=job,
                capture_output=True,
                timeout=self.timeout,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            is_late = isinstance(problem, subprocess.TimeoutExpired)
            remedy = "Check the system's printing service"
            _fail("PRN-QUEUE", f"The {self.name} did not take the job.", remedy, uncertain=is_late)
        if result.returncode:
            _fail("PRN-QUEUE", f"The {self.name} refused the job.", "Check that it exists and accepts jobs")


def printer_from(url: str) -> ReceiptPrinter:
    """Return the printer an address names.

    `spool:/folder`, `tcp://host:9100`, `file:/dev/usb/lp0`, `lp:queue`; PRN-ADDRESS for anything else.
    """
    scheme, separator, rest = url.strip().partition(":")
    maker = _MAKERS.get(scheme.lower())
    if not separator or maker is None or not rest.strip("/"):
        _refuse_address(url)
    return maker(url.strip(), rest)


def _spool(_: str, rest: str) -> ReceiptPrinter:
    return SpoolPrinter(_path_of(rest))


def _file(_: str, rest: str) -> ReceiptPrinter:
    return FilePrinter(_path_of(rest))


def _path_of(rest: str) -> Path:
    """`spool:/folder` and `spool:///folder` are the same; `~` is the user's home."""
    path = f"/{rest.lstrip('/')}" if rest.startswith("//") else rest
    return Path(unquote(path)).expanduser()


def _network(url: str, _: str) -> ReceiptPrinter:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, _RAW_PORT if parts.port is None else parts.port
    except ValueError:
        _refuse_address(url)
    if not host or not 0 < port <= _HIGHEST_PORT or parts.path.strip("/") or parts.username:
        _refuse_address(url)
    return NetworkPrinter(host, port)


def _queue(url: str, rest: str) -> ReceiptPrinter:
    queue = unquote(rest.strip("/"))
    if queue.startswith("-") or not all(character.isalnum() or character in "_.-@" for character in queue):
        _refuse_address(url)
    return QueuePrinter(queue)


_MAKERS: dict[str, Callable[[str, str], ReceiptPrinter]] = {
    "spool": _spool,
    "file": _file,
    "tcp": _network,
    "lp": _queue,
}


def _refuse_address(url: str) -> NoReturn:
    sentence = (
        f"{url[:80]!r} is no printer. Accepted are spool:/folder, tcp://host:9100, file:/dev/usb/lp0 and lp:queue."
    )
    raise PrinterProblem("PRN-ADDRESS", sentence)


def _fail(code: str, sentence: str, remedy: str, *, uncertain: bool = False) -> NoReturn:
    kind = PrintUncertain if uncertain else PrinterProblem
    raise kind(code, f"{sentence} {remedy}, then print again.") from None


def _reason(problem: OSError) -> str:
    return (problem.strerror or type(problem).__name__).lower()
