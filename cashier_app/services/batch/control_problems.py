"""What of batch controls must fit the jobs that the program can do (R batch 1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from cashier_app.domain.batch_controls import BatchControl
from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.services.batch.controls import defaults
from cashier_app.services.batch.jobs import JOBS
from cashier_app.services.kernel.configuration import Configuration

_LIMITS = {"chunk_size": (1, 100_000), "workers": (0, 64), "most_errors": (0, 1_000_000)}


def problems(config: Configuration) -> Iterator[Problem]:
    """CFG-070 and CFG-071: jobs and parameters that there are not, numbers out of bounds."""
    for control in config.all(BatchControl).values():
        yield from _number_problems(control)
        yield from _job_problems(control)


def _number_problems(control: BatchControl) -> Iterator[Problem]:
    for name, (least, most) in _LIMITS.items():
        if not least <= getattr(control, name) <= most:
            where = f"batch_control.{control.code}.{name}"
            yield Problem("CFG-071", f"Batch control {control.code}: {name} is {least} to {most:,}.", where)


def _job_problems(control: BatchControl) -> Iterator[Problem]:
    where = f"batch_control.{control.code}"
    job = JOBS.get(control.job)
    if job is None:
        known = ", ".join(JOBS)
        yield Problem(
            "CFG-070", f"Batch control {control.code}: {control.job!r} is no job; there are: {known}.", f"{where}.job"
        )
        return
    takes = sorted(each.name for each in fields(job.parameters))
    names = [each.name for each in control.parameters]
    wrong = ", ".join(sorted({name for name in names if name not in takes or names.count(name) > 1}))
    if wrong:
        yield Problem(
            "CFG-070",
            f"Batch control {control.code}: {wrong} is no parameter of {control.job}, or given twice; there are: "
            f"{', '.join(takes) or 'none'}.",
            f"{where}.parameters",
        )
        return
    try:
        defaults(control, job.parameters)
    except RuleViolation as violation:
        yield from violation.problems
