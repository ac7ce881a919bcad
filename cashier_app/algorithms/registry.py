"""Finds the rules that installed packages offer, and reads their parameters.

`@algorithm` attaches a description and registers nothing, so import order never matters. Built-in
rules and a utility's own come in through the same entry-point group: one door for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from cashier_app.domain.system_events import Rule, RuleDescription, SystemEvent

GROUP = "cashier_app.algorithms"


@dataclass(frozen=True, slots=True)
class NoParameters:
    """For a rule that has none."""


def algorithm(
    name: str, *, at: SystemEvent, parameters: type = NoParameters, needs_holding: bool = False
) -> Callable[[Rule], Rule]:
    """Describe a function `(request, parameters) -> result` as the rule of that name."""

    def describe(function: Rule) -> Rule:
        function.__dict__["rule"] = RuleDescription(name, at, parameters, needs_holding)
        return function

    return describe


@cache
def rules() -> dict[str, Callable[..., Any]]:
    """All rules by name. An entry point names a module; its described functions are the rules."""
    found: dict[str, Callable[..., Any]] = {}
    for point in entry_points(group=GROUP):
        module = point.load()
        for function in vars(module).values():
            description = getattr(function, "rule", None)
            if isinstance(description, RuleDescription):
                assert description.name not in found, f"two rules are called {description.name}"
                found[description.name] = function
    return found


def description_of(rule: Callable[..., Any]) -> RuleDescription:
    """The name, system event and parameter shape of a rule."""
    description: RuleDescription = rule.__dict__["rule"]
    return description


def parameter_names(rule: Callable[..., Any]) -> tuple[str, ...]:
    """The parameters a rule understands."""
    return tuple(field.name for field in fields(description_of(rule).parameters))
