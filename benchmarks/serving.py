"""A server as a process of its own, over a ledger that is measured; what it cost is read from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from cashier_app.services.kernel.database import Database

_PATIENCE = 60
"""Seconds until the server must answer."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at an address."""

    url: str
    process: int

    @property
    def busy_seconds(self) -> float:
        """For how long it has kept processors busy."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak_memory_mb(self) -> float:
        """Most memory that it has held so far."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return round(int(peak) / 1024, 1)


@contextmanager
def a_server(database: Database | str, folder: Path, workers: int = 1) -> Iterator[Server]:
    """A server over a ledger for the length of the block."""
    if isinstance(database, Database):
        database = database.url.render_as_string(hide_password=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cashier_app", "serve", "--database", database, "--port", str(port)]
    environment = {**os.environ, "CASHIER_STATE": str(folder / "state")}
    with subprocess.Popen([*command, "--workers", str(workers)], env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            server = Server(f"http://127.0.0.1:{port}", process.pid)
            _wait_for(f"{server.url}/health/live", process)
            yield server
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.05)
    raise TimeoutError(url)
