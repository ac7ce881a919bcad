"""Around every request: its number, its limits, its headers, its line in the log, and no word about our insides."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cashier_app.server.asking import address_of
from cashier_app.server.refusing import Refused, document
from cashier_app.server.site import Site

_log = logging.getLogger("cashier.server")

_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_QUIET: Final = ("/health/", "/metrics")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Those that are counted by name; whoever makes up others costs no memory."""
_WORTH_A_WARNING: Final = frozenset({401, 403, 408, 413, 429})


class Envelope:
    """Pure ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp, templates: Mapping[Any, str], site: Site) -> None:
        self._app = app
        self._templates = templates
        self._site = site
        self._headers = [*_HEADERS, *([_TLS_ONLY] if site.options.secure else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["site"] = self._site
        exchange = _Exchange(self._site, scope, self._headers)
        began = time.perf_counter()
        try:
            await exchange.run(self._app, receive, send)
        finally:
            route = self._templates.get(scope.get("endpoint"), "unknown")
            exchange.note(route, time.perf_counter() - began)


class _Exchange:
    """One request and its answer."""

    def __init__(self, site: Site, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        self._site, self._scope = site, scope
        self._number = secrets.token_hex(8)
        self._headers = [*headers, (b"x-request-id", self._number.encode())]
        self._state: dict[str, Any] = scope["state"]
        self._status = 0
        self._is_whole = False
        self._state["number"] = self._number

    async def run(self, app: ASGIApp, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
                present = {name for name, _ in message["headers"]}
                added = [header for header in self._headers if header[0] not in present]
                message["headers"] = [*message["headers"], *added]
            self._is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._admit(app, receive, answer)
        except Exception:
            _log.exception("A bug answered request %s", self._number)
            if not self._is_whole:
                raise  # the answer had begun: only a broken connection tells that it is not whole

    async def _admit(self, app: ASGIApp, receive: Receive, send: Send) -> None:
        try:
            self._need_a_short_head()
            if not self._path.startswith(_QUIET):
                self._site.addresses.take(self._address)
        except Refused as refused:
            self._state["code"] = refused.problem.code
            await document(refused.status, (refused.problem,), headers=refused.headers)(self._scope, receive, send)
            return
        await app(self._scope, receive, send)

    def _need_a_short_head(self) -> None:
        most = self._site.options.limits.head_bytes
        address = len(self._scope.get("raw_path") or b"") + len(self._scope["query_string"])
        if address + sum(len(name) + len(value) for name, value in self._scope["headers"]) > most:
            raise Refused(431, "API-016", f"Address and headers are longer than {most:,} bytes.")

    @property
    def _path(self) -> str:
        return str(self._scope["path"])

    @property
    def _address(self) -> str:
        return address_of(Request(self._scope))

    def note(self, route: str, seconds: float) -> None:
        """Count it, and log a refusal."""
        method = self._scope["method"]
        self._site.metrics.answered(method if method in _METHODS else "other", route, self._status, seconds)
        if self._status < 400:  # noqa: PLR2004  # refused or broken
            return
        level = logging.WARNING if self._status in _WORTH_A_WARNING else logging.INFO
        _log.log(level, "%s", json.dumps(self._line(route)))

    def _line(self, route: str) -> dict[str, Any]:
        """Who was refused what, from where and why: never a body, a token or a query."""
        return {
            "event": "refused",
            "request": self._number,
            "status": self._status,
            "code": self._state.get("code", ""),
            "method": self._scope["method"],
            "route": route,
            "who": self._state.get("who", ""),
            "from": self._address,
        }
