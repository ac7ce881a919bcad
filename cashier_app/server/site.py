"""What every endpoint works with: doors, tokens, limits, metrics, runs, and who may look at what."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cashier_app.domain.access import Access
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import refuse
from cashier_app.server.doors import DoorPool
from cashier_app.server.metrics import Metrics
from cashier_app.server.options import Options
from cashier_app.server.rates import Buckets
from cashier_app.server.secret_file import read_secret
from cashier_app.server.tokens import Identity, Kind, Tokens, unsigned
from cashier_app.services.branches.devices import DeviceFacts, enrolled_device
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Actor
from cashier_app.services.queries.sign_in import ledger_id, mark_of, standing

if TYPE_CHECKING:
    from cashier_app.server.run_office import RunOffice


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture of the ledger for somebody's eyes: queries through it keep back what is not for them."""

    store: Store
    config: Configuration
    actor: Actor
    door: Door

    def query(self, function: Any, *arguments: Any, **more: Any) -> Any:
        """`function(store, config, …)`."""
        return function(self.store, self.config, *arguments, **more)

    @property
    def may_see_expected(self) -> bool:
        """Whether expected amounts of drawers are for these eyes (R reliability C3)."""
        return self.actor.may("see-expected")


class Site:
    """One running server."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self.options = options
        self.clock = clock
        limits = options.limits
        self.doors = DoorPool(options.database, options.name, options.workers, clock, limits.door_seconds)
        self.metrics = Metrics()
        self.addresses = Buckets(limits.per_address)
        self.identities = Buckets(limits.per_identity)
        self.sign_ins = Buckets(limits.sign_ins)
        self.device_tokens = Buckets(limits.device_tokens)
        self.stopping = asyncio.Event()
        """Set when the stop was asked for: streams end, nothing new begins."""
        self.watchers: set[str] = set()
        """Who watches a run now."""
        self.delivering: set[int] = set()
        """Devices whose delivery is under way."""
        self.heard: dict[str, datetime] = {}
        """When each branch was last heard, by name."""
        self.unsent: dict[int, tuple[int, int]] = {}
        """What each branch last told of itself, by device: commands that wait, and for how many seconds the oldest."""
        self.tokens: Tokens
        self.runs: RunOffice

    def open(self) -> None:
        """Open the ledger; raises EnvironmentProblem where that cannot be."""
        from cashier_app.server.run_office import RunOffice  # noqa: PLC0415  # it needs this module

        self.doors.open()
        with self.doors.lend() as door, door.looking(None) as (store, _):
            ledger = ledger_id(store)
        path = self.options.secret_file or self.options.state / "server.secret"
        self.tokens = Tokens(read_secret(path), ledger, self.clock.now)
        self.runs = RunOffice(self)
        self.runs.open()

    def close(self) -> None:
        """Finish what is under way and close the ledger."""
        self.stopping.set()
        self.runs.close()
        self.doors.close()

    # -- people

    @contextlib.contextmanager
    def looking(self, who: Identity, *rights: str) -> Iterator[Sight]:
        """What the person may see, for somebody who holds one of the rights (any active user where none is named)."""
        with self.admitting(who, *rights) as (door, actor), door.looking(who.id) as (store, config):
            yield Sight(store, config, actor, door)

    @contextlib.contextmanager
    def admitting(self, who: Identity, *rights: str) -> Iterator[tuple[Door, Actor]]:
        """A door for a person whose password is still the one of the token, who is not disabled and holds a right."""
        with self.doors.lend() as door:
            with door.looking(None) as (store, _):
                found = standing(store, who.id)
                if found is None or found.mark != who.mark:
                    raise unsigned()
                actor = door.actor(who.id, store)
            if not found.active:
                refuse("SEC-002", "You are disabled. Ask an administrator.")
            if rights and not any(actor.may(right) for right in rights):
                refuse("SEC-003", f"This is not for you. Ask somebody with the right {' or '.join(rights)}.")
            yield door, actor

    def token_for(self, door: Door, user_id: int) -> tuple[str, datetime]:
        """A token for somebody who has just shown the password."""
        with door.looking(None) as (store, _):
            found = standing(store, user_id)
        if found is None:
            raise unsigned()
        return self.tokens.issue(Kind.USER, user_id, found.mark)

    # -- devices

    @contextlib.contextmanager
    def admitting_device(self, who: Identity) -> Iterator[tuple[Door, DeviceFacts]]:
        """A door for a device that is enrolled now, with the key with which it got its token."""
        with self.doors.lend() as door:
            device = self.device(door, who.id)
            if mark_of(device.public_key) != who.mark:
                raise unsigned()
            self.heard[device.name] = datetime.now(UTC)
            yield door, device

    def device(self, door: Door, device_id: int) -> DeviceFacts:
        """A device that is enrolled now; refuses with DEV-001 or DEV-004."""
        with reading(door.database, access=Access(frozenset())) as store:
            return enrolled_device(store, device_id)
