"""A server over a test's ledger, and people and branches who ask it things."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from cashier_app.server.app import Application, create_app
from cashier_app.server.options import Limits, Options, Rate
from cashier_app.server.site import Site
from cashier_app.services.branches.device_keys import DeviceKey, Purpose
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.kernel.codec import to_plain
from tests.builders import PASSWORD, Ledger

API = "/api/v1"
UNHURRIED = Limits(
    per_identity=Rate(10_000, 10_000),
    per_address=Rate(10_000, 10_000),
    sign_ins=Rate(10_000, 10_000),
    device_tokens=Rate(10_000, 10_000),
    stop_seconds=5,
)
"""Nobody in these tests is sent away for asking often, unless the test is about that."""


class Client:
    """Asks an application in this process, without a network."""

    def __init__(self, app: Any, portal: BlockingPortal, address: str = "127.0.0.1") -> None:
        self.portal = portal
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url="https://server.example")

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        return self.portal.call(lambda: self._client.request(method, url, **more))


@dataclass
class Office:
    """A server, and whoever asks it."""

    ledger: Ledger
    client: Client
    app: Application
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.app.site

    def token(self, login: str) -> str:
        if login not in self._tokens:
            answer = self.client.request("POST", f"{API}/tokens", json={"login": login, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self._tokens[login] = answer.json()["token"]
        return self._tokens[login]

    def ask(self, method: str, path: str, by: str = "", **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if by:
            headers["Authorization"] = f"Bearer {self.token(by)}"
        return self.client.request(method, f"{API}{path}", headers=headers, **more)

    def get(self, path: str, by: str = "ann", **more: Any) -> Any:
        return self.ask("GET", path, by, **more)

    def command(self, command: Any, by: str = "ann", *, preview: bool = False, **more: Any) -> Any:
        """Send a command, given as its object."""
        name = type(command).__name__
        if preview:
            return self.ask("POST", f"/commands/{name}/preview", by, json={"command": to_plain(command)})
        body = {"command_id": uuid.uuid4().hex, "command": to_plain(command)} | more
        return self.ask("POST", f"/commands/{name}", by, json=body)

    # -- branches

    def a_branch(self, name: str = "BRANCH-7", groups: tuple[str, ...] = ("*",)) -> ABranch:
        code = new_code()
        command = InviteDevice(
            name=name,
            access_groups=groups,
            code_hash=code_hash(code),
            expires=self.ledger.clock.now() + timedelta(hours=1),
        )
        device_id = self.ledger.do(command, "adam").device_id
        key = DeviceKey.generate()
        answer = self.enrol(code, key)
        assert answer.status_code == 200, answer.text
        return ABranch(self, device_id, key, answer.json())

    def enrol(self, code: str, key: DeviceKey) -> Any:
        signature = key.sign(Purpose.ENROLMENT, key.public.encode())
        return self.ask("POST", "/branch/enrol", json={"code": code, "public_key": key.public, "signature": signature})


@dataclass
class ABranch:
    """An enrolled device."""

    office: Office
    device_id: int
    key: DeviceKey
    enrolled: dict[str, Any]
    _token: str = ""

    def signed_in(self, key: DeviceKey | None = None) -> Any:
        asked = self.office.ask("POST", "/tokens/device/challenge", json={"device_id": self.device_id})
        challenge = asked.json()["challenge"]
        signature = (key or self.key).sign(Purpose.TOKEN, challenge.encode())
        body = {"device_id": self.device_id, "challenge": challenge, "signature": signature}
        return self.office.ask("POST", "/tokens/device", json=body)

    @property
    def token(self) -> str:
        if not self._token:
            answer = self.signed_in()
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["token"]
        return self._token

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.office.ask(method, path, headers=headers, **more)

    def deliver(self, content: bytes, key: DeviceKey | None = None, **headers: str) -> Any:
        signature = (key or self.key).sign(Purpose.DELIVERY, content)
        given = {"Content-Type": "application/octet-stream", "X-Signature": signature} | headers
        return self.ask("POST", "/branch/deliveries", content=content, headers=given)


@contextlib.asynccontextmanager
async def _living(app: Application) -> AsyncIterator[None]:
    """The application's life, as a server would tell it."""
    told: asyncio.Queue[Any] = asyncio.Queue()
    said: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan"}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete", app.problem
    yield
    await told.put({"type": "lifespan.shutdown"})
    assert (await said.get())["type"] == "lifespan.shutdown.complete"
    await life


@contextlib.contextmanager
def an_office(ledger: Ledger, state: Path, limits: Limits = UNHURRIED, **options: Any) -> Iterator[Office]:
    """A server in this process, over the ledger's database and clock."""
    given: dict[str, Any] = {"workers": 2, "limits": limits} | options
    app = create_app(Options(database=ledger.url, state=state, **given), ledger.clock)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(_living(app)):
        yield Office(ledger, Client(app, portal), app)


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which must be a whole problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = json.loads(answer.content)
    assert body["status"] == answer.status_code
    assert body["code"] == body["problems"][0]["code"]
    assert body["detail"]
    return answer.status_code, body["code"]
