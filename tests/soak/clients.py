"""Tills of the office over HTTP, and branches: each goes on by itself whatever happens to the server, with its ids.

What a till was told, and how long it had to ask for what it did not know, is noted from outside.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cashier_app.domain.clock import SystemClock
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.codec import to_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.sync.enrolling import close_exchange, open_exchange
from tests.builders import PASSWORD, usd

_AGAIN = 0.05
"""Seconds until an answer that did not come is asked for again."""
_PATIENCE = 10.0


@dataclass
class Outage:
    """A time in which the server could not answer."""

    began: float
    ended: float = float("inf")


@dataclass
class Outages:
    """When the server was away, as whoever killed it knows."""

    all: list[Outage] = field(default_factory=list)

    def begin(self) -> None:
        """It is about to be killed."""
        self.all.append(Outage(time.monotonic()))

    def end(self) -> None:
        """It answers again."""
        self.all[-1].ended = time.monotonic()

    def waited_since(self, moment: float) -> float:
        """Seconds between the end of the last outage and the moment; nothing while it was still away."""
        before = [outage for outage in self.all if outage.began <= moment]
        return max(0.0, moment - before[-1].ended) if before else 0.0


class Client:
    """Something that works by itself in a thread until it is stopped."""

    def __init__(self, name: str, outages: Outages) -> None:
        self.name = name
        self.outages = outages
        self.acknowledged: dict[str, int] = {}
        """Minor units by command id, of what was told to be done."""
        self.unknown = 0
        """Outcomes that were not known at first."""
        self.longest = 0.0
        """Most seconds, after the server was back, until such an outcome was known."""
        self.problem: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way and end; raises what went wrong meanwhile."""
        self._stop.set()
        self._thread.join(90)
        assert not self._thread.is_alive(), f"{self.name} does not come to an end"
        if self.problem is not None:
            raise self.problem

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as problem:  # noqa: BLE001  # told by `stop`
            self.problem = problem

    def _work(self) -> None:
        raise NotImplementedError

    def _resolved(self, failures: int) -> None:
        if failures:
            self.unknown += 1
            self.longest = max(self.longest, self.outages.waited_since(time.monotonic()))


class Till(Client):
    """A cashier whose program talks to the server's commands."""

    def __init__(self, url: str, login: str, source: str, accounts: list[int], outages: Outages) -> None:
        super().__init__(login, outages)
        self._http = httpx.Client(base_url=f"{url}/api/v1", timeout=_PATIENCE, trust_env=False)
        self._source, self._accounts = source, accounts
        self._random = random.Random(login)
        self._token = ""

    def _work(self) -> None:
        self._send(OpenTenderControl(tender_source=self._source, starting_balance=usd("100.00")), 0)
        while not self._stop.is_set():
            amount = usd(f"{self._random.randint(1, 9000) / 100:.2f}")
            command_id = uuid.uuid4().hex
            command = TakePayment(
                payor_account_id=self._random.choice(self._accounts),
                tenders=(TenderIn(tender_type="CASH", amount=amount),),
                note=command_id,
            )
            self._send(command, amount.minor, command_id)

    def _send(self, command: Any, minor: int, command_id: str = "") -> None:
        """Until there is an outcome, with one id."""
        command_id = command_id or uuid.uuid4().hex
        body = {"command_id": command_id, "command": to_plain(command)}
        path, failures = f"commands/{type(command).__name__}", 0
        while True:
            answer = self._asked(path, body)
            if answer is not None and answer.status_code == httpx.codes.OK:
                self.acknowledged[command_id] = minor
                self._resolved(failures)
                return
            if answer is not None and answer.status_code == httpx.codes.UNAUTHORIZED:
                self._token = ""
            elif answer is not None:
                assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
            failures += bool(self._token)
            time.sleep(_AGAIN)

    def _asked(self, path: str, body: Any) -> httpx.Response | None:
        with suppress(httpx.TransportError):
            if not self._token:
                given = self._http.post("tokens", json={"login": self.name, "password": PASSWORD})
                if given.status_code != httpx.codes.OK:
                    assert given.status_code == httpx.codes.SERVICE_UNAVAILABLE, given.text
                    return None
                self._token = given.json()["token"]
            return self._http.post(path, json=body, headers={"Authorization": f"Bearer {self._token}"})
        return None


class BranchTill(Client):
    """A branch: its cashier takes money whatever the line does, its exchange sends it."""

    def __init__(self, path: Path, source: str, teller: int, supervisor: int, outages: Outages) -> None:
        super().__init__(path.stem, outages)
        self.path = path
        self._source, self._teller, self._supervisor = source, teller, supervisor
        self._random = random.Random(path.stem)

    def _work(self) -> None:
        database = Database(str(self.path))
        door = Door(database, self.name, SystemClock())
        door.execute(OpenDepositControl(), user_id=self._supervisor)
        self._execute(door, OpenTenderControl(tender_source=self._source, starting_balance=usd("100.00")), 0)
        accounts = [row[0] for row in database.connection.execute(_ACCOUNTS)]
        exchange = open_exchange(str(self.path), SystemClock())
        failures = 0
        while not self._stop.is_set() or failures:
            self._take(door, self._random.choice(accounts))
            try:
                exchange.step()
            except LineDown:
                failures += 1
                time.sleep(_AGAIN)
            else:
                self._resolved(failures)
                failures = 0
        close_exchange(exchange)
        database.close()

    def _take(self, door: Door, account: int) -> None:
        amount = usd(f"{self._random.randint(1, 9000) / 100:.2f}")
        command_id = uuid.uuid4().hex
        tenders = (TenderIn(tender_type="CASH", amount=amount),)
        self._execute(
            door, TakePayment(payor_account_id=account, tenders=tenders, note=command_id), amount.minor, command_id
        )

    def _execute(self, door: Door, command: Any, minor: int, command_id: str = "") -> None:
        command_id = command_id or uuid.uuid4().hex
        door.execute(command, user_id=self._teller, command_id=command_id)
        self.acknowledged[command_id] = minor

    def drain(self) -> None:
        """Send what is left."""
        exchange = open_exchange(str(self.path), SystemClock())
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(LineDown):
                if not exchange.step().more:
                    break
        close_exchange(exchange)


_ACCOUNTS = (
    "SELECT id FROM account WHERE currency = 'USD' AND id IN (SELECT account_id FROM service_agreement "
    "WHERE sa_type = 'ELEC') ORDER BY id LIMIT 50"
)
