"""Batch controls as they are set up, and what a run is given from them (R batch 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from cashier_app.domain.batch_controls import BUILT_IN_CONTROLS, BatchControl
from cashier_app.domain.errors import Problem, RuleViolation, raise_all, refuse
from cashier_app.services.kernel.codec import from_plain, to_plain
from cashier_app.services.kernel.configuration import Configuration


def batch_controls(config: Configuration) -> Mapping[str, BatchControl]:
    """All controls by code, those that are set up before those that are built in."""
    return {**BUILT_IN_CONTROLS, **config.all(BatchControl)}


def batch_control(config: Configuration, name: str) -> BatchControl:
    """The control of a code, or the built-in one of a job; refuses with RUN-005."""
    controls = batch_controls(config)
    built_in = {each.job: each.code for each in BUILT_IN_CONTROLS.values()}
    control = controls.get(name) or controls.get(built_in.get(name, ""))
    if control is None:
        refuse("RUN-005", f"There is no job {name!r}; there are: {', '.join(sorted({*controls, *built_in}))}.", "kind")
    return control


def parameters_for(control: BatchControl, shape: type, plain: Mapping[str, Any], *, strict: bool = False) -> Any:
    """What a run is given: what was said, and where nothing was, what the control says.

    Raises:
        RuleViolation: RUN-007 for what the job or the control requires and nobody gave, CMD-003 for what the job does
            not take; all at once, each with the name of its parameter.
    """
    given = {**defaults(control, shape), **plain}
    hints = get_type_hints(shape)
    required = {each.name for each in fields(shape) if each.default is MISSING}
    required |= {each.name for each in control.parameters if each.required}
    problems = [
        Problem("RUN-007", f"{control.code} needs {name}.", name)
        for name in hints
        if name in required and given.get(name) in {None, ""}
    ]
    values = {}
    for name, value in given.items():
        try:
            values[name] = from_plain(value, hints[name], name, strict=strict)
        except KeyError:
            known = ", ".join(hints) or "none"
            problems.append(Problem("CMD-003", f"{control.code} takes no {name}; its parameters are: {known}.", name))
        except RuleViolation as violation:
            problems.extend(violation.problems)
    raise_all(problems)
    return shape(**values)


def defaults(control: BatchControl, shape: type) -> dict[str, Any]:
    """The parameters for which a control has a value, each of its own type; refuses with CMD-003 what does not fit."""
    hints = get_type_hints(shape)
    return {
        each.name: to_plain(from_plain(each.value, hints[each.name], f"{control.code}.{each.name}"))
        for each in control.parameters
        if each.value
    }
