"""A server's ledger with branches beside it, over lines that a test can cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cashier_app.domain.clock import FixedClock
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.devices import EnrolDevice, InviteDevice, code_hash, new_code
from cashier_app.services.branches.directory import DirectoryPage
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.service import BranchService, Caller, ChainState, News
from cashier_app.services.kernel.codec import from_json, from_plain, to_json
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from tests.builders import OPEN_LEDGERS, Ledger, a_user


@dataclass
class DirectLine:
    """Straight to the server's service, through bytes. `up` cuts it, `lose_answers` only the way back.

    `meanwhile` happens while an answer is on its way back.
    """

    server: Callable[[], BranchService]
    caller: Caller
    up: bool = True
    lose_answers: bool = False
    meanwhile: Callable[[], None] | None = None
    sent: list[bytes] = field(default_factory=list)

    def state(self) -> ChainState:
        return self._asked(lambda service: service.chain_state(self.caller), ChainState)

    def deliver(self, raw: bytes) -> ChainState:
        self.sent.append(raw)
        return self._asked(lambda service: service.deliver(self.caller, raw), ChainState)

    def news(self, cursor: str) -> News:
        return self._asked(lambda service: service.news(self.caller, cursor), News)

    def directory(self, after: int) -> DirectoryPage:
        return self._asked(lambda service: service.directory(self.caller, after), DirectoryPage)

    def _asked(self, ask: Callable[[BranchService], Any], shape: type) -> Any:
        if not self.up:
            raise LineDown
        answer = ask(self.server())
        if self.lose_answers:
            raise LineDown
        if self.meanwhile is not None:
            self.meanwhile()
        return from_json(to_json(answer), shape)


@dataclass
class Branch(Ledger):
    """A branch workstation with its exchange."""

    line: DirectLine = None  # type: ignore[assignment]
    exchange: Exchange = None  # type: ignore[assignment]

    def meet(self, most: int = 1000) -> int:
        """Exchange until there is nothing more to do; returns in how many steps."""
        for number in range(1, most + 1):
            if not self.exchange.step().more:
                return number
        raise AssertionError(f"still busy after {most} steps")


def teller(workstation: str) -> str:
    """The login of the cashier of a branch."""
    return f"teller-{workstation.lower()}"


def branch_drawer(workstation: str, series: int, **more: Any) -> dict[str, Any]:
    """A tender source of a branch."""
    return {
        "code": f"CASH-{workstation}",
        "bank_account": "MAIN",
        "suspense_agreement": "SUSPENSE",
        "over_under_agreement": "OVER-UNDER",
        "tolerance": "1.00 USD",
        "receipt_series": series,
        "workstation": workstation,
        **more,
    }


def a_branch(server: Ledger, directory: Path, name: str = "BRANCH-7", groups: tuple[str, ...] = ("*",)) -> Branch:
    """A branch that was let in and knows everything it should."""
    series = 700 + int(name.rpartition("-")[2])
    tables = {"tender_source": (branch_drawer(name, series),)}
    server.do(from_plain({"tables": tables}, LoadConfiguration), "system")
    a_user(server, teller(name), "CASHIER", tender_sources=(f"CASH-{name}",))
    code = new_code()
    expires = server.clock.now() + timedelta(days=1)
    invite = InviteDevice(name=name, access_groups=groups, code_hash=code_hash(code), expires=expires)
    server.do(invite, "system")
    enrolled = server.do(EnrolDevice(code_hash=code_hash(code), public_key=DeviceKey.generate().public), "system")
    database = Database(str(directory / f"{name}.db"), must_exist=False)
    start_branch(
        database,
        Enrolment(
            server_url="https://server",
            server_id=enrolled.ledger,
            device_id=enrolled.device_id,
            node_id=enrolled.node_id,
            workstation=name,
        ),
    )
    clock = FixedClock()
    line = DirectLine(lambda: BranchService(server.door), Caller(enrolled.node_id, frozenset(groups)))
    branch = Branch(database.url.render_as_string(), Door(database, name, clock), clock, line=line)
    branch.people = dict(server.people)
    branch.exchange = Exchange(database, line, clock)
    OPEN_LEDGERS.append(branch)
    branch.meet()
    return branch
