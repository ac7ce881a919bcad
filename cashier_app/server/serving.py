"""Listens: uvicorn with TLS 1.3, patience with nobody, and a stop that finishes what is under way."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import ssl
import sys
from datetime import UTC, datetime
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.server.app import Application, create_app
from cashier_app.server.options import Options


def serve(options: Options) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is under way and return.

    Raises:
        EnvironmentProblem: SRV-001 for plain HTTP beyond this machine, SRV-002 for a certificate that cannot be used,
            SRV-004 where nothing can listen, and whatever opening the ledger raises.
    """
    _refuse_plain_http(options)
    server = server_for(create_app(options), options)
    _log_as_lines()
    try:
        server.run()
    except SystemExit as stopped:
        raise server.application.problem or EnvironmentProblem(
            "SRV-004", f"Nothing can listen at {options.host}:{options.port}. Is another server there?"
        ) from stopped


def server_for(app: Application, options: Options) -> Server:
    """A server that is ready to run."""
    limits = options.limits
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        http=type("Protocol", (PatientProtocol,), {"head_seconds": limits.head_seconds}),
        ws="none",
        lifespan="on",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(options.behind_proxy),
        forwarded_allow_ips=options.behind_proxy or None,
        limit_concurrency=limits.connections,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.stop_seconds,
        h11_max_incomplete_event_size=limits.head_bytes,
        ssl_context_factory=(lambda *_: _tls(options)) if options.certificate else None,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as problem:
        raise EnvironmentProblem("SRV-002", f"The certificate or its key cannot be used: {problem}.") from problem
    return Server(config, app)


class Server(uvicorn.Server):
    """Tells streams to end before it waits for them."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self.application = application

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop; and do not raise the signal once more at the end, or whoever called could not tidy up."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop listening, let streams end, finish requests, close the ledger."""
        self.application.site.stopping.set()
        await super().shutdown(sockets)


class PatientProtocol(H11Protocol):
    """Closes a connection whose request's head does not arrive: a slow sender holds nothing up (ASVS 15.2)."""

    head_seconds: float = 10
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_asked:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_asked(self) -> bool:
        """Whether a request is whole and its answer is not."""
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._waiting = self.loop.call_later(self.head_seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        self._waiting = None
        if not self._is_asked and not self.transport.is_closing():
            self.transport.close()


def _tls(options: Options) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(str(options.certificate), str(options.key) if options.key else None)
    return context


def _refuse_plain_http(options: Options) -> None:
    if options.secure or _is_here(options.host):
        return
    raise EnvironmentProblem(
        "SRV-001",
        f"Nobody may read along: at {options.host} a certificate is needed (--certificate, --key), or a proxy that has "
        "one (--behind-proxy). Without them the server listens on 127.0.0.1 only.",
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Lines(logging.Formatter):
    """One JSON object a line: what happened, when, and the trace where a bug has one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        message = record.getMessage()
        try:
            told = json.loads(message)
        except ValueError:
            told = message
        line |= told if isinstance(told, dict) else {"message": message}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _log_as_lines() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
