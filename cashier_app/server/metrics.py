"""What a monitoring program may know: counts and times, nobody's name (Prometheus)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class BranchFigures(NamedTuple):
    """How a branch stands."""

    name: str
    commands: int
    """That arrived."""
    silent: float | None
    """Seconds since it was last heard; nothing where it never was."""
    unsent: tuple[int, int] | None
    """Commands that waited there and seconds that the oldest had waited, as it last told this server."""


class Metrics:
    """The figures of one server; a registry of its own, so that several may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "cashier_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "cashier_request_seconds", "Time to the answer.", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._commands = Counter(
            "cashier_commands",
            "Commands by outcome: taken, repeated, or the code of the refusal.",
            ["name", "outcome"],
            registry=self.registry,
        )
        self._branch_commands = self._gauge("cashier_branch_commands", "Commands of a branch that arrived.", ["branch"])
        self._branch_silent = self._gauge("cashier_branch_silent_seconds", "Since a branch was last heard.", ["branch"])
        self._branch_unsent = self._gauge(
            "cashier_branch_unsent_commands", "Commands that wait at a branch, as it last told.", ["branch"]
        )
        self._branch_oldest = self._gauge(
            "cashier_branch_oldest_unsent_seconds", "For how long the oldest of them waited then.", ["branch"]
        )
        self._branches_late = self._gauge("cashier_branches_late", "Branches not heard for an hour.", [])
        self._runs = self._gauge("cashier_runs", "Runs by kind and state.", ["kind", "status"])

    def _gauge(self, name: str, what: str, labels: Iterable[str]) -> Gauge:
        return Gauge(name, what, list(labels), registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def commanded(self, name: str, outcome: str) -> None:
        """A command came to its end."""
        self._commands.labels(name, outcome).inc()

    def show_branches(self, branches: Iterable[BranchFigures], late_after: float = 3600) -> None:
        """What is known of each branch; nothing that one has never told."""
        for gauge in (self._branch_commands, self._branch_silent, self._branch_unsent, self._branch_oldest):
            gauge.clear()
        late = 0
        for name, commands, silent, unsent in branches:
            self._branch_commands.labels(name).set(commands)
            if unsent is not None:
                self._branch_unsent.labels(name).set(unsent[0])
                self._branch_oldest.labels(name).set(unsent[1])
            late += silent is None or silent > late_after
            if silent is not None:
                self._branch_silent.labels(name).set(silent)
        self._branches_late.set(late)

    def show_runs(self, counts: Iterable[tuple[str, str, int]]) -> None:
        """Runs by kind and state."""
        self._runs.clear()
        for kind, status, count in counts:
            self._runs.labels(kind, status).set(count)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        write: Callable[[Any], bytes] = generate_latest
        return write(self.registry)
