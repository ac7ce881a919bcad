"""The line to the server over HTTP: every failure on the way is LineDown, every refusal of the server a RuleViolation.

A device token is fetched by a signed challenge and renewed before it ends; deliveries are signed (R reliability T9).
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, NamedTuple, TypeVar

import httpx
import msgspec

from cashier_app.domain.errors import Problem, RuleViolation, refuse
from cashier_app.services.branches.device_keys import DeviceKey, Purpose
from cashier_app.services.branches.devices import DeviceEnrolled
from cashier_app.services.branches.directory import DirectoryPage
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.branches.service import ChainState, News
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.sync.fetching_ahead import FetchingAhead
from cashier_app.sync.trust import CONNECT_SECONDS, Trust, UnknownServer, certificate_of, is_distrust

T = TypeVar("T")

API: Final = "/api/v1"
LARGEST_ANSWER: Final = 64 * 1024 * 1024
_PROBLEM: Final = "application/problem+json"
_TOKEN_SECONDS: Final = 600
"""Tokens live fifteen minutes; this workstation's clock plays no part (R reliability P16)."""
_WORTH_PACKING: Final = 1024
_WAIT_AND_SEE: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Not now; the same request will be taken later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long is waited, in seconds, before the line counts as down."""

    connect: float = CONNECT_SECONDS
    silence: float = 30.0
    """Between two pieces of an answer."""
    whole: float = 120.0
    """Until the answer is whole."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    media_type: str
    body: bytes


class Wire:
    """Requests to one server, one at a time; `hang_up` from another thread ends the one that waits."""

    def __init__(self, server_url: str, trust: Trust, patience: Patience | None = None) -> None:
        self.server_url = server_url
        self.patience = patience or Patience()
        self._streams: list[Any] = []
        self._hung_up = threading.Event()
        silence, connect = self.patience.silence, self.patience.connect
        self._client = httpx.Client(
            base_url=f"{server_url}{API}",
            verify=trust.context(),
            timeout=httpx.Timeout(silence, connect=connect),
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=50),
            trust_env=False,
            headers={"User-Agent": "cashier"},
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; raises LineDown where no whole answer came, UnknownServer before anything was said."""
        if self._hung_up.is_set():
            raise LineDown("The program is closing.")
        extensions = {"trace": self._note_stream}
        request = self._client.build_request(
            method, path.lstrip("/"), params=params, content=content, headers=headers, extensions=extensions
        )
        try:
            answer = self._client.send(request, stream=True)
            with contextlib.closing(answer):
                media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Answer(answer.status_code, media_type, self._whole(answer))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as problem:
            if is_distrust(problem):
                raise UnknownServer(certificate_of(self.server_url)) from problem
            raise LineDown(_why(problem)) from problem

    def hang_up(self) -> None:
        """End what waits, and take no more requests; may be called from any thread."""
        self._hung_up.set()
        for stream in list(self._streams):
            with contextlib.suppress(Exception):  # whatever state it is in, it is to end
                # The plain socket's shutdown: the TLS one would wait for the other side.
                socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _whole(self, answer: httpx.Response) -> bytes:
        ends = time.monotonic() + self.patience.whole
        pieces: list[bytes] = []
        size = 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > LARGEST_ANSWER or time.monotonic() > ends:
                raise LineDown("The server's answer has no end.")
            pieces.append(piece)
        return b"".join(pieces)

    def _note_stream(self, event: str, facts: Mapping[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._streams = [*self._streams[-2:], facts["return_value"]]


class HttpLine:
    """The line of one enrolled device."""

    def __init__(self, wire: Wire, device_id: int, key: DeviceKey, now: Callable[[], float] = time.monotonic) -> None:
        self.wire = wire
        self._device_id, self._key, self._now = device_id, key, now
        self.unsent: Callable[[], tuple[int, int]] | None = None
        """Commands that wait here, and for how many seconds the oldest; told with what is asked."""
        self._token = ""
        self._token_since = 0.0
        self._ahead = FetchingAhead(self._accounts)

    def state(self) -> ChainState:
        """Up to where the server has this branch's chain."""
        return self._asked(ChainState, "GET", "/branch/state", headers=self._told())

    def deliver(self, raw: bytes) -> ChainState:
        """Send a run of commands, signed, and packed where that is worth it."""
        packed = gzip.compress(raw, compresslevel=3, mtime=0) if len(raw) > _WORTH_PACKING else raw
        headers = {
            "Content-Type": "application/octet-stream",
            "X-Signature": self._key.sign(Purpose.DELIVERY, packed),
            **self._told(),
        }
        if packed is not raw:
            headers["Content-Encoding"] = "gzip"
        return self._asked(ChainState, "POST", "/branch/deliveries", content=packed, headers=headers)

    def news(self, cursor: str) -> News:
        """Ask what changed."""
        return self._asked(News, "GET", "/branch/changes", params={"after": cursor}, headers=self._told())

    def directory(self, after: int) -> DirectoryPage:
        """Ask for the next accounts, and already for those behind them."""
        return self._ahead.page(after)

    def hang_up(self) -> None:
        """End what waits, for good."""
        self.wire.hang_up()

    def close(self) -> None:
        """Close the connection."""
        self._ahead.close()
        self.wire.close()

    def _told(self) -> dict[str, str]:
        """So that whoever watches the server sees what waits here."""
        if self.unsent is None:
            return {}
        return {"X-Unsent": "{} {}".format(*self.unsent())}

    def _accounts(self, after: int) -> DirectoryPage:
        return self._asked(DirectoryPage, "GET", "/branch/directory", params={"after": after})

    def _asked(self, shape: type[T], method: str, path: str, **more: Any) -> T:
        headers = more.pop("headers", {})
        answer = self.wire.ask(method, path, headers={**headers, **self._bearer()}, **more)
        if answer.status == HTTPStatus.UNAUTHORIZED:  # the server was started anew, or its clock set
            self._token = ""
            answer = self.wire.ask(method, path, headers={**headers, **self._bearer()}, **more)
        return understood(answer, shape)

    def _bearer(self) -> dict[str, str]:
        if not self._token or self._now() - self._token_since > _TOKEN_SECONDS:
            since = self._now()
            self._token = self._new_token()
            self._token_since = since
        return {"Authorization": f"Bearer {self._token}"}

    def _new_token(self) -> str:
        asking = {"device_id": self._device_id}
        challenge = understood(post(self.wire, "/tokens/device/challenge", asking), _Challenge).challenge
        signature = self._key.sign(Purpose.TOKEN, challenge.encode())
        answer = post(self.wire, "/tokens/device", {**asking, "challenge": challenge, "signature": signature})
        if answer.status == HTTPStatus.UNAUTHORIZED:
            refuse(
                "LINE-004",
                "The server does not let this workstation in any more. What was taken here is kept; ask an "
                "administrator whether its device was revoked.",
            )
        return understood(answer, _Token).token


class _Challenge(msgspec.Struct):
    challenge: str


class _Token(msgspec.Struct):
    token: str


class _Refusal(msgspec.Struct):
    problems: tuple[Problem, ...]


def enrol_device(wire: Wire, code: str, key: DeviceKey) -> DeviceEnrolled:
    """Take an invitation up with a key; the same code with the same key is answered again."""
    signature = key.sign(Purpose.ENROLMENT, key.public.encode())
    given = {"code": code, "public_key": key.public, "signature": signature}
    return understood(post(wire, "/branch/enrol", given), DeviceEnrolled)


def post(wire: Wire, path: str, value: object) -> Answer:
    """Send a small JSON document."""
    return wire.ask("POST", path, content=to_json(value).encode(), headers={"Content-Type": "application/json"})


def understood(answer: Answer, shape: type[T]) -> T:
    """The value in an answer.

    Raises:
        RuleViolation: The server refused, with its codes.
        LineDown: It is in trouble, or somebody else answered in its place: a proxy, a captive portal.
    """
    if answer.status == HTTPStatus.OK and answer.media_type == "application/json":
        with contextlib.suppress(msgspec.MsgspecError, ValueError):
            return from_json(answer.body, shape)
    elif answer.media_type == _PROBLEM:
        problems = _problems(answer.body)
        if problems and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in _WAIT_AND_SEE:
            raise RuleViolation(problems)
        if problems:
            raise LineDown(f"The server cannot now: {problems[0].sentence}")
    raise LineDown(f"Something else answers in the server's place (status {answer.status}).")


def _problems(body: bytes) -> tuple[Problem, ...]:
    with contextlib.suppress(msgspec.MsgspecError, ValueError):
        return msgspec.json.decode(body, type=_Refusal).problems
    return ()


def _why(problem: Exception) -> str:
    if isinstance(problem, LineDown):
        return problem.problems[0].sentence
    if isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout):
        return "The server cannot be reached."
    if isinstance(problem, httpx.TimeoutException):
        return "The server does not answer."
    return "The line broke before the answer was whole."
