"""The server as a program: what it listens with, whom it keeps waiting, how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.server.app import create_app
from cashier_app.server.certificates import self_signed
from cashier_app.server.options import Limits, Options
from cashier_app.server.secret_file import read_secret
from cashier_app.server.serving import serve, server_for
from tests.builders import PASSWORD, Ledger, a_ledger, a_payment, an_account, an_open_drawer, cash
from tests.support.source_tree import ROOT

SOON = 30.0


@dataclass
class Program:
    """A `cashier serve` of its own."""

    process: subprocess.Popen[str]
    url: str
    port: int
    certificate: Path | None

    def client(self, **more: Any) -> httpx.Client:
        verify: Any = ssl.create_default_context(cafile=str(self.certificate)) if self.certificate else True
        return httpx.Client(base_url=self.url, verify=verify, trust_env=False, timeout=SOON, **more)

    def stopped(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(SOON)


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])


@contextlib.contextmanager
def a_program(ledger: Ledger, folder: Path, *options: str, tls: bool = False) -> Iterator[Program]:
    port = _free_port()
    certificate = key = None
    if tls:
        certificate, key = self_signed(folder)
        options = (*options, "--certificate", str(certificate), "--key", str(key))
    command = [sys.executable, "-m", "cashier_app", "serve", "--database", ledger.url, "--port", str(port), *options]
    environment = {**os.environ, "CASHIER_STATE": str(folder / "state")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    program = Program(process, f"http{'s' if tls else ''}://127.0.0.1:{port}", port, certificate)
    try:
        _wait_for(program)
        yield program
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


@contextlib.contextmanager
def _listening(options: Options) -> Iterator[int]:
    """The same in this process; its port."""
    server = server_for(create_app(options), options)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has died"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(SOON)


def _wait_for(program: Program) -> None:
    ends = time.monotonic() + SOON
    with program.client() as client:
        while time.monotonic() < ends:
            assert program.process.poll() is None, program.process.stderr and program.process.stderr.read()
            with contextlib.suppress(httpx.TransportError):
                if client.get("/health/live").status_code == 200:
                    return
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _wait_until_closed(port: int) -> None:
    """Until nobody takes new lines there."""
    ends = time.monotonic() + SOON
    with contextlib.suppress(ConnectionRefusedError):
        while time.monotonic() < ends:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.01)
        raise AssertionError("it still takes new lines")


@pytest.fixture
def ledger(sqlite_url: str) -> Ledger:
    """Of today: the program's clock is the machine's."""
    return a_ledger(sqlite_url, clock=FixedClock(datetime.now(UTC)))


@pytest.mark.slow
def test_it_serves_over_tls_1_3_and_nothing_older_and_stops_when_asked(ledger: Ledger, tmp_path: Path):
    with a_program(ledger, tmp_path, tls=True) as program:
        with program.client() as client:
            token = client.post("/api/v1/tokens", json={"login": "ann", "password": PASSWORD}).json()["token"]
            me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert me.json()["login"] == "ann"
            assert "server" not in me.headers
        old = ssl.create_default_context(cafile=str(program.certificate))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with (
            socket.create_connection(("127.0.0.1", program.port)) as plain,
            pytest.raises(ssl.SSLError),
            old.wrap_socket(plain, server_hostname="localhost"),
        ):
            pass
        assert program.stopped() == 0


@pytest.mark.slow
def test_a_stop_finishes_what_is_under_way(ledger: Ledger, tmp_path: Path):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    from cashier_app.services.kernel.codec import to_plain  # noqa: PLC0415

    body = json.dumps({"command_id": "0" * 32, "command": to_plain(a_payment(account, cash("5.00")))}).encode()
    with a_program(ledger, tmp_path) as program:
        with program.client() as client:
            token = client.post("/api/v1/tokens", json={"login": "ann", "password": PASSWORD}).json()["token"]
        head = (
            f"POST /api/v1/commands/TakePayment HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", program.port)) as line:
            line.sendall(head.encode() + body[:20])
            assert line.recv(1000).startswith(b"HTTP/1.1 100")
            program.process.send_signal(signal.SIGTERM)
            _wait_until_closed(program.port)
            line.sendall(body[20:])
            answer = b""
            while piece := line.recv(65536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 200"), answer[:500]
        assert program.process.wait(SOON) == 0
    assert ledger.value("SELECT count(*) FROM payment_event WHERE receipt_number IS NOT NULL") == 1


@pytest.mark.slow
def test_a_watched_run_keeps_nobody_from_stopping(ledger: Ledger, tmp_path: Path):
    with a_program(ledger, tmp_path) as program, program.client() as client:
        token = client.post("/api/v1/tokens", json={"login": "vera", "password": PASSWORD}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        run = {"command_id": "0" * 32, "kind": "verify"}
        assert client.post("/api/v1/runs", json=run, headers=headers).status_code == 200
        with client.stream("GET", f"/api/v1/runs/{'0' * 32}/events", headers=headers) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: run"
            program.process.send_signal(signal.SIGTERM)
            list(lines)
        assert program.process.wait(SOON) == 0


@pytest.mark.parametrize(("believed", "status"), [("", 200), ("127.0.0.1", 403), ("192.0.2.1", 200)])
def test_only_a_named_proxy_says_where_a_request_comes_from(ledger: Ledger, tmp_path: Path, believed: str, status: int):
    """Seen at the figures, which are for this machine alone."""
    options = Options(database=ledger.url, state=tmp_path, port=0, behind_proxy=believed)
    with _listening(options) as port:
        forwarded = {"X-Forwarded-For": "198.51.100.7"}
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=forwarded, trust_env=False)
    assert answer.status_code == status


@pytest.mark.slow
def test_whoever_sends_slowly_is_hung_up_on(ledger: Ledger, tmp_path: Path):
    limits = Limits(head_seconds=0.3, body_seconds=0.3)
    options = Options(database=ledger.url, state=tmp_path, port=0, limits=limits)
    with _listening(options) as port:
        for slow in (b"", b"GET /health/live HTTP/1.1\r\n", b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A"):
            with socket.create_connection(("127.0.0.1", port), SOON) as line:
                line.sendall(slow)
                assert line.recv(1000) == b""
        with socket.create_connection(("127.0.0.1", port), SOON) as line:
            line.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.1 200")
            line.sendall(b"GET /health/live HTTP/1.1\r\nHo")
            time.sleep(0.1)
            assert line.recv(1000) in {b"", b'{"status":"ok","checks":{}}'}
        with socket.create_connection(("127.0.0.1", port), SOON) as line:
            line.sendall(
                b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 100\r\n\r\n{"
            )
            assert line.recv(1000).startswith(b"HTTP/1.1 408")
        with socket.create_connection(("127.0.0.1", port), SOON) as line:
            # Two lengths, of which a proxy may believe the other one: what follows is no request of its own.
            line.sendall(
                b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\n\r\n"
            )
            assert b"HTTP/1.1 200" not in line.recv(10000)
        with socket.create_connection(("127.0.0.1", port), SOON) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "server.example"])
def test_plain_http_never_leaves_the_machine(ledger: Ledger, tmp_path: Path, host: str):
    with pytest.raises(EnvironmentProblem, match="SRV-001"):
        serve(Options(database=ledger.url, state=tmp_path, host=host))


def test_a_certificate_that_cannot_be_used_is_named(ledger: Ledger, tmp_path: Path):
    (tmp_path / "bad.pem").write_text("no certificate")
    for path in (tmp_path / "bad.pem", tmp_path / "none.pem"):
        with pytest.raises(EnvironmentProblem, match="SRV-002"):
            serve(Options(database=ledger.url, state=tmp_path, certificate=path, key=path))


def test_a_place_that_is_taken_is_named(ledger: Ledger, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EnvironmentProblem, match="SRV-004"):
            serve(Options(database=ledger.url, state=tmp_path, port=taken.getsockname()[1]))


def test_a_ledger_that_is_none_is_named(tmp_path: Path):
    with pytest.raises(EnvironmentProblem, match="DB-MISSING"):
        serve(Options(database=str(tmp_path / "none.db"), state=tmp_path, port=0))


def test_the_secret_is_made_once_and_read_by_nobody_else(tmp_path: Path):
    path = tmp_path / "state" / "server.secret"
    secret = read_secret(path)
    assert len(secret) == 32
    assert read_secret(path) == secret
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o640)
    with pytest.raises(EnvironmentProblem, match="SRV-003"):
        read_secret(path)
    path.chmod(0o600)
    path.write_text("short\n")
    with pytest.raises(EnvironmentProblem, match="SRV-003"):
        read_secret(path)


def test_the_window_and_the_help_do_not_wait_for_the_server():
    code = (
        "import sys, cashier_app.main, cashier_app.cli.app; "
        "print([name for name in ('fastapi', 'uvicorn', 'prometheus_client', 'jwt', 'httpx', 'cryptography') "
        "if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
