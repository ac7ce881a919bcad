"""A branch of the demo utility beside its server, over a line that can be cut: for pictures, tests and the demo day."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from cashier_app.demo.demo_users import BRANCH_USERS
from cashier_app.demo.stage import MORNING, NODE, SIZE, Shot, Stage, open_stage
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import Clock, FixedClock
from cashier_app.services.administration.branch_link import link_of
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.devices import EnrolDevice, InviteDevice, code_hash, new_code
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.service import BranchService, Caller, ChainState, News
from cashier_app.services.kernel.codec import from_json, from_plain, to_json
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM

if TYPE_CHECKING:
    from cashier_app.services.branches.directory import DirectoryPage

T = TypeVar("T")

BRANCH: Final = "BRANCH-7"
DRAWER: Final = "CASH-B71"
SERVER_URL: Final = "https://cashier.example:8443"
_SERIES: Final = 771


@dataclass
class TownLine:
    """A line without a wire: straight to the server's service, each answer through its bytes. `up` cuts it."""

    service: BranchService
    caller: Caller
    up: bool = True
    refusal: Exception | None = None
    """What the server says instead of an answer."""

    def state(self) -> ChainState:
        """See `Line`."""
        return self._asked(ChainState, lambda: self.service.chain_state(self.caller))

    def deliver(self, raw: bytes) -> ChainState:
        """See `Line`."""
        return self._asked(ChainState, lambda: self.service.deliver(self.caller, raw))

    def news(self, cursor: str) -> News:
        """See `Line`."""
        return self._asked(News, lambda: self.service.news(self.caller, cursor))

    def directory(self, after: int) -> DirectoryPage:
        """See `Line`."""
        from cashier_app.services.branches.directory import DirectoryPage  # noqa: PLC0415

        return self._asked(DirectoryPage, lambda: self.service.directory(self.caller, after))

    def _asked(self, shape: type[T], ask: Callable[[], T]) -> T:
        if not self.up:
            raise LineDown("The server cannot be reached.")
        if self.refusal is not None:
            raise self.refusal
        return from_json(to_json(ask()), shape)


@dataclass
class BranchTown:
    """The server's door, and the branch's database with its line."""

    server: Door
    branch: str
    """Path of the branch's database."""
    line: TownLine
    clock: Clock
    _opened: list[Database] = field(default_factory=list)

    def open_exchange(self) -> Exchange:
        """The branch's exchange over a connection of its own."""
        database = Database(self.branch)
        self._opened.append(database)
        return Exchange(database, self.line, self.clock)

    def meet(self) -> None:
        """Exchange until there is nothing more to do."""
        exchange = self.open_exchange()
        while exchange.step().more:
            pass

    def close(self) -> None:
        """Close every connection."""
        for database in (*self._opened, self.server.database):
            database.close()


def open_town(server: Path, folder: Path, clock: Clock) -> BranchTown:
    """Let a branch with a drawer and a cashier of its own into a demo ledger, and let it meet its server."""
    door = Door(Database(str(server)), NODE, clock)
    furnish(door)
    code = new_code()
    expires = clock.now() + timedelta(days=1)
    invite = InviteDevice(name=BRANCH, access_groups=("*",), code_hash=code_hash(code), expires=expires)
    door.execute(invite, user_id=SYSTEM.id)
    enrol = EnrolDevice(code_hash=code_hash(code), public_key=DeviceKey.generate().public)
    enrolled = door.execute(enrol, user_id=SYSTEM.id).result
    path = str(folder / "branch.db")
    with closing(Database(path, must_exist=False)) as database:
        start_branch(
            database,
            Enrolment(
                server_url=SERVER_URL,
                server_id=enrolled.ledger,
                device_id=enrolled.device_id,
                node_id=enrolled.node_id,
                workstation=BRANCH,
            ),
        )
    return _town(door, path, clock)


def open_town_again(server: Path, branch: Path, clock: Clock) -> BranchTown:
    """The same from copies of both databases."""
    return _town(Door(Database(str(server)), NODE, clock), str(branch), clock)


def _town(door: Door, branch: str, clock: Clock) -> BranchTown:
    with closing(Database(branch)) as database, reading(database, access=EVERYTHING) as store:
        link = link_of(store)
    assert link is not None, "it is a branch's database"
    line = TownLine(BranchService(door), Caller(link.node_id, frozenset(("*",))))
    return BranchTown(door, branch, line, clock)


def furnish(door: Door) -> None:
    """A drawer for the branch, and who works there."""
    drawer = {
        "code": DRAWER,
        "description": "Harbor Street",
        "bank_account": "MAIN",
        "suspense_agreement": "SUSPENSE",
        "over_under_agreement": "OVER-UNDER",
        "default_starting_balance": "100.00 USD",
        "max_amount_balance": "1500.00 USD",
        "tolerance": "1.00 USD",
        "receipt_series": _SERIES,
        "workstation": BRANCH,
        "location": "Branch on Harbor Street",
    }
    door.execute(from_plain({"tables": {"tender_source": (drawer,)}}, LoadConfiguration), user_id=SYSTEM.id)
    for user in BRANCH_USERS:
        create = CreateUser(
            login=user.login,
            name=user.name,
            password_hash=hashed(user.password, user.login),
            groups=(user.group,),
            tender_sources=(user.drawer,),
            data_access_roles=(user.data_access,),
        )
        door.execute(create, user_id=SYSTEM.id)


@contextmanager
def branch_stage(original: Path, folder: Path, shot: Shot) -> Iterator[Stage]:
    """A branch's window beside a copy of the office's ledger, played into the shot's state."""
    folder.mkdir()
    server = folder / "server.db"
    shutil.copy(original, server)
    clock = FixedClock(MORNING)
    town = open_town(server, folder, clock)
    with closing(town), closing(open_branch_stage(town, folder, clock, shot.size)) as played:
        played.town = town
        if shot.login:
            played.sign_in(shot.login)
        shot.play(played)
        played.point_at_nothing()
        yield played


def open_branch_stage(town: BranchTown, state: Path, clock: FixedClock, size: tuple[int, int] = SIZE) -> Stage:
    """The branch's window, with nobody signed in; to be closed."""
    return open_stage(town.branch, state, clock, size, town.open_exchange)
