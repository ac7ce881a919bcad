"""A real server on the loopback, and a proxy in front of it that behaves as lines do."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cashier_app.domain.clock import FixedClock
from cashier_app.server.app import create_app
from cashier_app.server.options import Limits, Options, Rate
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.sync.enrolling import close_exchange, enrol, open_exchange
from cashier_app.sync.http_line import Patience
from tests.branches.town import branch_drawer, teller
from tests.builders import OPEN_LEDGERS, Ledger, a_user

PLENTY = Rate(10_000, 10_000)
A_FEW = 10
IN_A_HURRY = Patience(connect=2, silence=1, whole=5)


@contextlib.contextmanager
def serving(ledger: Ledger, state: Path, certificate: tuple[Path, Path] | None = None, **more: Any) -> Iterator[str]:
    """The ledger behind HTTP; gives its address."""
    limits = Limits(per_identity=PLENTY, per_address=PLENTY, sign_ins=PLENTY)
    options = Options(database=ledger.url, state=state, limits=more.pop("limits", limits), workers=2)
    config = uvicorn.Config(
        create_app(options, ledger.clock),
        port=0,
        log_level="error",
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server starts"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass
class Proxy:
    """Passes requests on, as well as the mood of the day allows."""

    target: str
    mood: str = "kind"
    """kind, deaf (answers are lost), repeating, cut (half an answer), hanging, portal, down, reserved (enrols only)."""
    asked: list[str] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def running(self) -> Iterator[Proxy]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                with contextlib.suppress(OSError):
                    super().handle_one_request()

            def do_GET(self) -> None:
                proxy.pass_on(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self.released.set()
            server.shutdown()
            server.server_close()

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        self.asked.append(f"{request.command} {request.path.partition('?')[0]}")
        mood = self.mood
        request.close_connection = mood not in {"kind", "repeating"}
        if mood == "hanging":
            self.released.wait(30)
        if mood in {"hanging", "down"} or (mood == "reserved" and not request.path.endswith("/enrol")):
            return
        if mood == "portal":
            _send(request, 200, {"content-type": "text/html"}, b"<h1>Welcome to the airport</h1>")
            return
        headers = {name: value for name, value in request.headers.items() if name.lower() not in {"host", "connection"}}
        with httpx.Client(base_url=self.target, trust_env=False) as client:
            for _ in range(2 if mood == "repeating" else 1):
                answer = client.send(client.build_request(request.command, request.path, content=body, headers=headers))
        if mood == "deaf":
            return
        told = {"content-type": answer.headers.get("content-type", "")}
        content = answer.content
        if mood == "cut":
            request.send_response(answer.status_code)
            request.send_header("content-type", told["content-type"])
            request.send_header("content-length", str(len(content)))
            request.end_headers()
            request.wfile.write(content[: len(content) // 2])
            return
        _send(request, answer.status_code, told, content)


def _send(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes) -> None:
    request.send_response(status)
    for name, value in {**headers, "content-length": str(len(content))}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(content)


def invitation(server: Ledger, name: str = "BRANCH-7", groups: tuple[str, ...] = ("*",)) -> str:
    """A code for a branch that has a drawer and a cashier."""
    series = 700 + int(name.rpartition("-")[2])
    server.do(from_plain({"tables": {"tender_source": (branch_drawer(name, series),)}}, LoadConfiguration), "system")
    a_user(server, teller(name), "CASHIER", tender_sources=(f"CASH-{name}",))
    code = new_code()
    expires = server.clock.now() + timedelta(days=1)
    server.do(InviteDevice(name=name, access_groups=groups, code_hash=code_hash(code), expires=expires), "system")
    return code


@dataclass
class WiredBranch(Ledger):
    """A branch whose line is HTTP."""

    exchange: Exchange = None  # type: ignore[assignment]

    def meet(self, most: int = 1000) -> int:
        """Exchange until there is nothing more to do; returns in how many steps. A slow machine may take several."""
        failures = 0
        for number in range(1, most + 1):
            try:
                if not self.exchange.step().more:
                    return number
            except LineDown:
                failures += 1
                if failures > A_FEW:
                    raise
        raise AssertionError(f"still busy after {most} steps")


@contextlib.contextmanager
def a_wired_branch(server: Ledger, url: str, directory: Path, **more: Any) -> Iterator[WiredBranch]:
    """A branch that enrolled over the wire and has met its server."""
    path = str(directory / "branch.db")
    link = enrol(url, invitation(server), path, **more)
    clock = FixedClock()
    exchange = open_exchange(path, clock, IN_A_HURRY)
    branch = WiredBranch(path, Door(Database(path), link.workstation, clock), clock, exchange=exchange)
    branch.people = dict(server.people)
    OPEN_LEDGERS.append(branch)
    try:
        branch.meet()
        yield branch
    finally:
        close_exchange(exchange)


def a_certificate(folder: Path, name: str = "somewhere.example") -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


def a_deaf_port() -> tuple[socket.socket, str]:
    """A port that takes connections and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


__all__ = ["IN_A_HURRY", "Proxy", "a_certificate", "a_deaf_port", "a_wired_branch", "invitation", "serving", "ssl"]
