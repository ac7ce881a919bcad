"""Jobs that are done in chunks: how their units are found, split and worked on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.models.customer import ServiceAgreement
from cashier_app.services.accounting.agreements import agreements_by_id
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

MODULES: Final = ("redundant_marking", "mass_adjustments", "approval_monitoring")
"""Modules beside this one that each define a `JOB`."""

_END_OF_CHUNK = Statement(
    select(ServiceAgreement.id)
    .where(ServiceAgreement.id > bindparam("after"))
    .order_by(ServiceAgreement.id)
    .limit(1)
    .offset(bindparam("skipped"))
)
_LAST = Statement(select(ServiceAgreement.id).order_by(ServiceAgreement.id.desc()).limit(1))


class Span(NamedTuple):
    """A chunk's units: those with keys from the first to the last."""

    first: int
    last: int


class Assignment(NamedTuple):
    """What a chunk is part of."""

    given: Any
    """The run's parameters: those that it began with."""
    on: date
    """The run's business date, also where it is taken up again on another day."""
    stamp: str
    """The run's name and number, for what it puts out (R batch 1)."""


def accounts_of_agreements(store: Store, units: Collection[int]) -> Mapping[int, int]:
    """Where units are agreements."""
    return {sa_id: facts.account_id for sa_id, facts in agreements_by_id(store, units).items()}


def nothing_to_check(_work: Work, _given: Any) -> None:
    """Whatever the parameters are, the job can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkedJob:
    """A job in chunks."""

    code: str
    """In capitals, as operators know it."""
    description: str
    parameters: type
    spans: Callable[[Store, Any, int], Iterator[Span]]
    """Every unit lies in one span; a span has so many at most."""
    units: Callable[[Store, Assignment, int, int], list[int]]
    """The units that are to be worked on, of a span."""
    work: Callable[[Work, Assignment, Sequence[int]], Mapping[str, int]]
    """Does these units, or raises and has done nothing that counts; what it counted, by name."""
    check: Callable[[Work, Any], None] = nothing_to_check
    """Refuses parameters that cannot do, and whoever may not give them."""
    accounts: Callable[[Store, Collection[int]], Mapping[int, int]] = accounts_of_agreements
    """Whose the units are: their accounts say who is told of what could not be done."""
    again: bool = False
    """Whether a later run does what this one could not: then it resolves what was told of the unit."""


def agreement_spans(store: Store, _given: Any, size: int) -> Iterator[Span]:
    """All agreements, so many at once."""
    return spans_of(store, _END_OF_CHUNK, _LAST, size)


def spans_of(store: Store, end_of_chunk: Statement, last_unit: Statement, size: int) -> Iterator[Span]:
    """All units of a table in order, so many at once."""
    last = store.value(last_unit)
    after = 0
    while last is not None and after < last:
        end = store.value(end_of_chunk, after=after, skipped=size - 1) or last
        yield Span(after + 1, end)
        after = end


@cache
def chunked_jobs() -> Mapping[str, ChunkedJob]:
    """All jobs in chunks, by code."""
    jobs = (import_module(f"cashier_app.services.batch.{name}").JOB for name in MODULES)
    return {job.code: job for job in jobs}


def chunked_job(code: str) -> ChunkedJob:
    """The job of a code; refuses with BAT-001."""
    job = chunked_jobs().get(code)
    if job is None:
        refuse("BAT-001", f"There is no job {code!r}; there are: {', '.join(chunked_jobs())}.", "job")
    return job
