"""What happens to requests on their way: lost, late, twice, cut off for days, answered by a server that then dies."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime, timedelta
from typing import NamedTuple

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.branches.service import Caller
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, FaultPlan
from cashier_app.simulation.report import Report
from cashier_app.simulation.server_site import ServerSite

LONGEST_PARTITION = timedelta(hours=60)


class Late(NamedTuple):
    """A delivery that is still on its way."""

    caller: Caller
    request: bytes


class Network:
    """Carries requests of branches to the server, in whatever weather."""

    def __init__(self, server: ServerSite, plan: FaultPlan, rng: random.Random, report: Report) -> None:
        self._server = server
        self.plan = plan
        self._rng = rng
        self._report = report
        self._late: list[Late] = []
        self._down_until: dict[int, datetime] = {}

    def heal(self) -> None:
        """All lines are up, nothing is under way any more but what is late already, and nothing fails from now on."""
        self.plan = FaultPlan(self._rng, {})
        self._down_until.clear()
        while self._late:
            self._deliver_late()

    def lose_the_night(self) -> None:
        """Perhaps the server comes back from the evening's backup: what branches heard since is forgotten there."""
        if self.plan.brings(FaultKind.SERVER_RESTORED) and self._rng.random() < 0.3:  # noqa: PLR2004
            self._report.struck(FaultKind.SERVER_RESTORED.value)
            self._server.restore(-1)

    def carry(self, caller: Caller, what: str, request: bytes) -> bytes:
        """One request; LineDown where no answer comes."""
        if self._down_until.get(caller.node_id, datetime.min.replace(tzinfo=self._now.tzinfo)) > self._now:
            raise LineDown
        if self._late and self._rng.random() < 0.3:  # noqa: PLR2004  # sooner or later
            self._deliver_late()
        planned = self.plan.next()
        if planned is None:
            return self._server.handle(caller, what, request)
        self._report.struck(planned.kind.value)
        if planned.kind in FILE_FAULTS:
            return self._on_a_failing_machine(planned.kind, planned.after, caller, what, request)
        return self._struck(planned.kind, caller, what, request)

    @property
    def _now(self) -> datetime:
        return self._server.machine.time.instant

    def _struck(self, kind: FaultKind, caller: Caller, what: str, request: bytes) -> bytes:
        server = self._server
        if kind is FaultKind.REQUEST_LOST:
            raise LineDown
        if kind is FaultKind.REQUEST_LATE:
            if what == "deliver":
                self._late.append(Late(caller, request))
            raise LineDown
        if kind is FaultKind.REQUEST_FORGED:
            if what == "deliver":
                server.hear_a_forgery(caller, _forged(request, self._rng))
            raise LineDown
        if kind is FaultKind.PARTITION:
            self._down_until[caller.node_id] = self._now + LONGEST_PARTITION * self._rng.random() ** 3
            raise LineDown
        if kind is FaultKind.SERVER_RESTORED:
            server.restore(self._rng.randrange(1000))
            return server.handle(caller, what, request)
        if kind is FaultKind.REQUEST_REPEATED:
            return self._twice(caller, what, request)
        with contextlib.suppress(RuleViolation):
            server.handle(caller, what, request)
        if kind is FaultKind.SERVER_CRASH:
            disk = server.machine.disk
            self._rng.choice((disk.cut_power, disk.kill_process))()
            server.start_again()
        raise LineDown

    def _twice(self, caller: Caller, what: str, request: bytes) -> bytes:
        """The same request arrives twice; which answer is heard is left to chance."""
        first = self._server.handle(caller, what, request)
        second = self._server.handle(caller, what, request)
        return self._rng.choice((first, second))

    def _on_a_failing_machine(self, kind: FaultKind, after: int, caller: Caller, what: str, request: bytes) -> bytes:
        disk = self._server.machine.disk
        disk.arm(kind, after)
        try:
            return self._server.handle(caller, what, request)
        finally:
            disk.disarm()

    def _deliver_late(self) -> None:
        """A request arrives after later ones, and nobody waits for its answer any more."""
        late = self._late.pop(self._rng.randrange(len(self._late)))
        with contextlib.suppress(LineDown, RuleViolation):
            self._server.handle(late.caller, "deliver", late.request)


def _forged(request: bytes, rng: random.Random) -> bytes:
    """One digit is another: an amount, a key, a time, or a part of a hash."""
    places = [place for place, byte in enumerate(request) if chr(byte).isdigit()]
    place = rng.choice(places)
    other = (request[place] - 48 + rng.randrange(1, 10)) % 10 + 48
    return request[:place] + bytes([other]) + request[place + 1 :]
