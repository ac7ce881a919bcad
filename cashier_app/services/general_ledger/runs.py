"""A run of the general-ledger interface: begun, staged chunk by chunk, closed (S1 p.41, R batch 4).

Beginning plans the chunks: all FTs frozen since the last run, by spans of keys, and such as had to wait and need not
any more. Each chunk is staged by one command, so that a run that dies goes on from the last staged chunk. Closing adds
up, proves that debits equal credits, and fixes the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import key_of
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.gl import GlChunk, GlHeld, GlRun
from cashier_app.models.journal import Node
from cashier_app.services.general_ledger import closing, staging
from cashier_app.services.general_ledger.staging import ChunkKind, ChunkStaged, ChunkStatus
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

CHUNK = 50_000
"""FTs that one command stages."""
HELD_CHUNK = 5_000
"""Of such as had to wait: each is named in the journal."""


class GlRunStatus(StrEnum):
    """How a run stands."""

    STAGING = "STAGING"
    CLOSED = "CLOSED"


class Span(NamedTuple):
    """A planned chunk."""

    kind: ChunkKind
    first: int
    last: int


_INSERT_RUN = insertion(GlRun, "id number batch_code business_date status started_at started_by")
_INSERT_CHUNK = insertion(GlChunk, "run_id number kind first_ft_id last_ft_id status")
_UNDER_WAY = Statement(select(GlRun.id, GlRun.number).where(GlRun.status == GlRunStatus.STAGING.value))
_LAST_NUMBER = Statement(select(func.max(GlRun.number)))
_RUN = Statement(
    select(GlRun.id, GlRun.number, GlRun.status, GlRun.batch_code, GlRun.business_date, GlRun.started_at).where(
        GlRun.id == bindparam("run_id")
    )
)
_NUMBERED = Statement(select(GlRun.id).where(GlRun.number == bindparam("number")))
_CHUNK = Statement(
    select(GlChunk.run_id, GlChunk.number, GlChunk.kind, GlChunk.first_ft_id, GlChunk.last_ft_id, GlChunk.status).where(
        GlChunk.run_id == bindparam("run_id"), GlChunk.number == bindparam("number")
    )
)
_NODES = Statement(select(Node.id).order_by(Node.id))
_REACHED = Statement(
    select(func.max(GlChunk.last_ft_id)).where(
        GlChunk.kind == ChunkKind.NEW.value,
        GlChunk.first_ft_id >= bindparam("from_key"),
        GlChunk.first_ft_id < bindparam("below_key"),
    )
)
_TOP = Statement(
    select(func.max(FinancialTransaction.id)).where(
        FinancialTransaction.id >= bindparam("from_key"), FinancialTransaction.id < bindparam("below_key")
    )
)
_END_OF_CHUNK = Statement(
    select(FinancialTransaction.id)
    .where(FinancialTransaction.id >= bindparam("from_key"), FinancialTransaction.id <= bindparam("top"))
    .order_by(FinancialTransaction.id)
    .limit(1)
    .offset(bindparam("skipped"))
)
_HELD = Statement(
    select(GlHeld.ft_id)
    .where(GlHeld.sent_run_id.is_(None), GlHeld.ft_id > bindparam("after"))
    .order_by(GlHeld.ft_id)
    .limit(bindparam("most"))
)


def stage_id(run_id: int, number: int) -> str:
    """The id of the command that stages a chunk: whoever stages it, it counts once."""
    return f"gl-{run_id}-{number}"


def close_id(run_id: int) -> str:
    """The id of the command that closes a run."""
    return f"gl-{run_id}-close"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartGlRun:
    """Plan what goes to the general ledger next: everything frozen that has not gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlRunStarted:
    """The run, and into how many chunks it was planned. Without a run there was nothing to send."""

    run_id: int | None
    number: int | None = None
    chunks: int = 0


@handles(StartGlRun, right="RunGl")
def start_gl_run(_command: StartGlRun, work: Work) -> GlRunStarted:
    """Refuses with GL-002 while another run is not closed."""
    store = work.store
    other = store.first(_UNDER_WAY)
    if other:
        refuse("GL-002", f"Run {other.number} is not closed yet; go on with it first.")
    spans = [*_released(work), *_new(store)]
    if not spans:
        return GlRunStarted(run_id=None)
    run_id = work.new_id()
    number = (store.value(_LAST_NUMBER) or 0) + 1
    batch_code = work.config.installation.gl_batch_code
    status = GlRunStatus.STAGING.value
    row = (run_id, number, batch_code, work.business_date, status, work.instant, work.user.id)
    store.write(_INSERT_RUN, [row])
    waiting = ChunkStatus.WAITING.value
    chunks = [(run_id, place, span.kind.value, span.first, span.last, waiting) for place, span in enumerate(spans, 1)]
    store.write(_INSERT_CHUNK, chunks)
    work.changed("gl_run", run_id)
    return GlRunStarted(run_id=run_id, number=number, chunks=len(spans))


def _new(store: Store) -> Iterator[Span]:
    """Spans of keys beyond those of all runs before, node by node: a node's keys rise with its commands."""
    for node in store.all(_NODES):
        bounds = {"from_key": key_of(node.id, 0), "below_key": key_of(node.id + 1, 0)}
        reached = store.value(_REACHED, **bounds)
        first = key_of(node.id, 0) if reached is None else reached + 1
        top = store.value(_TOP, from_key=first, below_key=bounds["below_key"])
        while top is not None and first <= top:
            last = store.value(_END_OF_CHUNK, from_key=first, top=top, skipped=CHUNK - 1) or top
            yield Span(ChunkKind.NEW, first, last)
            first = last + 1


def _released(work: Work) -> Iterator[Span]:
    """Spans in which some FT that had to wait need not any more."""
    after = 0
    while ids := [row.ft_id for row in work.store.all(_HELD, after=after, most=HELD_CHUNK)]:
        after = ids[-1]
        if len(staging.held_back(work, ChunkKind.HELD, ids[0], ids[-1])) < len(ids):
            yield Span(ChunkKind.HELD, ids[0], ids[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class StageGlChunk:
    """Give the lines of a chunk their accounts and add them up."""

    run_id: int
    number: int


@handles(StageGlChunk, right="RunGl")
def stage_gl_chunk(command: StageGlChunk, work: Work) -> ChunkStaged:
    """Each chunk once; what cannot go yet is noted and left for a later run."""
    run_of(work.store, command.run_id)
    chunk = work.store.one(
        _CHUNK, ("GL-003", "The run has no such chunk."), run_id=command.run_id, number=command.number
    )
    require(chunk.status == ChunkStatus.WAITING, "GL-004", "This chunk is staged already.")
    return staging.stage(work, chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGlRun:
    """Add the chunks of a run up and fix its files."""

    run_id: int


@handles(CloseGlRun, right="RunGl")
def close_gl_run(command: CloseGlRun, work: Work) -> closing.GlRunClosed:
    """Refuses with GL-005 while chunks wait and with GL-007 where debits and credits differ."""
    run = run_of(work.store, command.run_id)
    require(run.status == GlRunStatus.STAGING, "GL-006", f"Run {run.number} is closed already.")
    return closing.close(work, run, GlRunStatus.CLOSED.value)


def run_of(store: Store, run_id: int) -> Any:
    """A run's row; refuses with GL-003."""
    return store.one(_RUN, ("GL-003", "There is no such run of the general ledger."), run_id=run_id)


def run_numbered(store: Store, number: int) -> int:
    """The key of a run's number; refuses with GL-003."""
    key: int = store.one(_NUMBERED, ("GL-003", f"There is no run {number} of the general ledger."), number=number).id
    return key
