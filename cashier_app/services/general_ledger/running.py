"""A whole run from its beginning to its files, and on from where one that died had come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.models.gl import GlChunk, GlRun
from cashier_app.services.general_ledger.closing import GlRunClosed
from cashier_app.services.general_ledger.runs import (
    CloseGlRun,
    GlRunStatus,
    StageGlChunk,
    StartGlRun,
    close_id,
    stage_id,
)
from cashier_app.services.general_ledger.staging import ChunkStatus
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement

_UNDER_WAY = Statement(select(GlRun.id).where(GlRun.status == GlRunStatus.STAGING.value))
_CHUNKS = Statement(
    select(GlChunk.number, GlChunk.status).where(GlChunk.run_id == bindparam("run_id")).order_by(GlChunk.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlRunDone:
    """What a run came to; without `closed` there was nothing new to send."""

    closed: GlRunClosed | None
    resumed: bool
    """Whether it had been begun before."""
    missing: tuple[str, ...]
    """What is to be set up before the rest can go."""


def nothing_told(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def run_gl(door: Door, *, user_id: int, progress: Callable[[int, int], None] = nothing_told) -> GlRunDone:
    """Send everything that has not gone to the general ledger, each FT once, wherever an earlier run broke off."""
    run_id = _under_way(door)
    resumed = run_id is not None
    if run_id is None:
        run_id = door.execute(StartGlRun(), user_id=user_id).result.run_id
    if run_id is None:
        return GlRunDone(closed=None, resumed=False, missing=())
    missing: set[str] = set()
    chunks = _chunks(door, run_id)
    for number, status in chunks:
        progress(number - 1, len(chunks))
        if status == ChunkStatus.WAITING:
            stage = StageGlChunk(run_id=run_id, number=number)
            outcome = door.execute(stage, user_id=user_id, command_id=stage_id(run_id, number))
            missing.update(outcome.result.missing)
    progress(len(chunks), len(chunks))
    closed = door.execute(CloseGlRun(run_id=run_id), user_id=user_id, command_id=close_id(run_id)).result
    return GlRunDone(closed=closed, resumed=resumed, missing=tuple(sorted(missing)))


def _under_way(door: Door) -> int | None:
    with reading(door.database, access=EVERYTHING) as store:
        found: int | None = store.value(_UNDER_WAY)
    return found


def _chunks(door: Door, run_id: int) -> list[tuple[int, str]]:
    with reading(door.database, access=EVERYTHING) as store:
        return [(row.number, row.status) for row in store.all(_CHUNKS, run_id=run_id)]
