"""The real server as a process of its own, and the real PostgreSQL behind it, to be killed and started again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psycopg

from cashier_app.interfaces.throwaway_postgresql import server_programs
from tests.support.source_tree import ROOT

PATIENCE = 60.0
"""Seconds until whatever was started again must answer."""


class ServerProcess:
    """`cashier serve`, always at the same address."""

    def __init__(self, database: str, state: Path, workers: int = 4) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = state / "server.log"
        self._command = [sys.executable, "-m", "tests.soak.serving", database, str(state), str(self.port), str(workers)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=log, stderr=log)
        self.wait_until_ready()

    def kill(self) -> None:
        """What a power cut or the kernel does to it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def wait_until_ready(self) -> None:
        """Until it takes commands again, with nobody's help."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, f"the server ended by itself: see {self.log}"
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health/ready", timeout=5).status_code == httpx.codes.OK:
                    return
            time.sleep(0.02)
        raise AssertionError(f"not ready after {PATIENCE:g} s: see {self.log}")


class PostgresqlKiller:
    """Does to a throw-away PostgreSQL what happens to servers, and starts it again where it does not do so itself."""

    WAYS = ("postmaster", "immediate stop", "backend")

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "", 1)
        programs = server_programs()
        assert programs is not None
        self._pg_ctl = programs / "pg_ctl"
        with psycopg.connect(self._url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        self._data = Path(row[0])
        self._owner = self._data.stat()

    def kill(self, way: str, choice: random.Random) -> None:
        """End it in one of the `WAYS`."""
        postmaster = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        match way:
            case "postmaster":
                os.kill(postmaster, signal.SIGKILL)
            case "immediate stop":
                self._control("-m", "immediate", "stop")
            case _:
                os.kill(choice.choice(_busy_backends(postmaster)), signal.SIGKILL)

    def start(self) -> None:
        """Start it as it was started before, and wait until it answers."""
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < until, "PostgreSQL does not come back"
            if not self._runs():
                with suppress(subprocess.CalledProcessError):  # those it left behind may not have ended yet
                    self._control("-l", str(self._data.parent / "log"), "-m", "immediate", "restart")
            time.sleep(0.05)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self._url, connect_timeout=5):
            return True
        return False

    def _runs(self) -> bool:
        with suppress(OSError, ValueError, IndexError):
            process = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])
            return Path(f"/proc/{process}/cmdline").read_bytes().partition(b"\0")[0].endswith(b"postgres")
        return False

    def _control(self, *arguments: str) -> None:
        lent = {"user": self._owner.st_uid, "group": self._owner.st_gid, "extra_groups": []} if not os.geteuid() else {}
        command = [str(self._pg_ctl), "-D", str(self._data), "-w", "-s", *arguments]
        subprocess.run(
            command,
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **lent,
        )


def _busy_backends(postmaster: int) -> list[int]:
    """Processes that serve a client; the postmaster restarts all when one of them dies."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii").split()
    found = []
    for child in children:
        with suppress(OSError):
            if b"127.0.0.1" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found or [int(child) for child in children]


@contextmanager
def a_server(database: str, state: Path, workers: int = 4) -> Iterator[ServerProcess]:
    """A server that runs for the length of the block, whatever is done to it meanwhile."""
    state.mkdir(parents=True, exist_ok=True)
    with ServerProcess(database, state, workers) as server:
        yield server


def _free_port() -> int:
    """One that the system gives to nobody while the server is away: connections to it would take it for their own."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
