"""What a command is, and how its handler is found.

A command is a frozen dataclass; `@handles` attaches it to the function that executes it and
registers nothing. The catalogue is what the modules of `services` define.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar, get_type_hints

from cashier_app.domain.errors import refuse

F = TypeVar("F", bound=Callable[..., Any])

MODULES = (
    "administration.setup",
    "administration.users",
    "administration.signing_in",
    "administration.second_factors",
    "customers.accounts",
    "customers.persons",
    "adjustments.adding",
    "adjustments.generating",
    "adjustments.freezing",
    "adjustments.canceling",
    "adjustments.deleting",
    "adjustments.transfers",
    "matching.match_events",
    "approvals.submitting",
    "approvals.deciding",
    "to_do.working",
    "to_do.mailing",
    "cashiering.tender_controls",
    "cashiering.turn_ins",
    "cashiering.drawer_balancing",
    "cashiering.deposit_controls",
    "payments.taking",
    "payments.cancellation",
    "payments.transfer",
    "payments.event_editing",
    "payments.receipts",
    "uploads.bulk_payments",
    "conversion.importing",
    "administration.seals",
    "general_ledger.runs",
    "general_ledger.check_runs",
    "general_ledger.check_responses",
    "batch.chunks",
    "batch.telling",
    "branches.devices",
    "branches.alarms",
    "branches.receiving",
)
"""Modules of `cashier_app.services` that define commands with their handlers."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A command, the function that executes it, and the right it needs."""

    command: type
    execute: Callable[..., Any]
    right: str
    result: type
    branch: bool = False
    """Whether a branch may execute it; all others need the server (decision 18)."""

    @property
    def name(self) -> str:
        """The command's name, as the journal and scenario files have it."""
        return self.command.__name__


def handles(command: type, *, right: str = "", branch: bool = False) -> Callable[[F], F]:
    """Make a function `(command, work) -> result` the handler of a command class.

    With `branch` it may be executed where only a branch's own drawers and a directory are at hand.
    """

    def describe(function: F) -> F:
        function.__dict__["handles"] = (command, right or command.__name__, branch)
        return function

    return describe


@cache
def catalogue() -> Mapping[str, Handler]:
    """All commands by name."""
    found: dict[str, Handler] = {}
    for module_name in MODULES:
        module = import_module(f"cashier_app.services.{module_name}")
        for function in list(vars(module).values()):
            described = getattr(function, "handles", None)
            if described and function.__module__ == module.__name__:
                command, right, branch = described
                assert command.__name__ not in found, f"{command.__name__} has two handlers"
                result = get_type_hints(function)["return"]
                found[command.__name__] = Handler(command, function, right, result, branch)
    return found


@cache
def rights_at_the_server() -> frozenset[str]:
    """Rights that serve nothing at a branch: every command that they allow needs the server."""
    at_a_branch = {handler.right for handler in catalogue().values() if handler.branch}
    return frozenset(handler.right for handler in catalogue().values()) - at_a_branch


def handler_of(command: Any) -> Handler:
    """The handler of a command object."""
    return catalogue()[type(command).__name__]


def command_class(name: str) -> type:
    """The class of a command's name; refuses with CMD-001 and the closest names."""
    handler = catalogue().get(name)
    if handler is None:
        import difflib  # noqa: PLC0415  # only for a misspelt name

        close = ", ".join(difflib.get_close_matches(name, catalogue(), cutoff=0.4)) or ", ".join(sorted(catalogue()))
        refuse("CMD-001", f"There is no command {name!r}. Did you mean {close}?")
    return handler.command
