"""A whole run in chunks, from its plan to its control totals, and on from where one that died had come to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import partial
from typing import Any, Final

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation, refuse
from cashier_app.services.batch.chunks import (
    BatchDone,
    ChunkStatus,
    FinishBatch,
    PlanBatch,
    chunk_id,
    chunks_of,
    is_planned,
)
from cashier_app.services.batch.controls import batch_control
from cashier_app.services.batch.executing import ChunkTask, InThisProcess, TaskAnswer, do_task, executor_for
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading

AT_ONCE: Final = 8
"""Chunks that are given out together: no more wait when a run is stopped."""


def nothing_told(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def run_in_chunks(
    door: Door,
    job: str,
    parameters: Any,
    *,
    run_id: str,
    user_id: int,
    batch_code: str = "",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = nothing_told,
) -> BatchDone:
    """Run a job, or go on with the run of this id; each chunk counts once, however often and by whomever it is done.

    `progress` is told how many chunks of how many are done; what it raises stops the run after the chunks under way.

    Raises:
        RuleViolation: BAT-008 when more units could not be done than the batch control allows, since the run was begun
            or taken up; it can be taken up again.
    """
    with reading(door.database, access=EVERYTHING) as store:
        known = is_planned(store, run_id)
        control = batch_control(door.current_config(store), batch_code or job)
    if not known:
        plan = PlanBatch(run_id=run_id, job=job, parameters=to_json(parameters), batch_code=control.code)
        door.execute(plan, user_id=user_id, command_id=run_id)
    with reading(door.database, access=EVERYTHING) as store:
        chunks = chunks_of(store, run_id)
    waiting = [chunk.number for chunk in chunks if chunk.status == ChunkStatus.WAITING]
    done, errors = len(chunks) - len(waiting), 0
    progress(done, len(chunks))
    if waiting:
        hands = executor or executor_for(door.database, control.workers)
        try:
            for answer in _answers(door, hands, run_id, user_id, waiting):
                done += 1
                assert answer.done is not None
                errors += answer.done.units_in_error
                progress(done, len(chunks))
                if errors > control.most_errors:
                    refuse("BAT-008", f"{errors} units could not be done; the run stopped. Look at its errors first.")
        finally:
            if executor is None:
                hands.shutdown()
    finish = FinishBatch(run_id=run_id)
    result: BatchDone = door.execute(finish, user_id=user_id, command_id=chunk_id(run_id, 0)).result
    return result


def _answers(door: Door, hands: Executor, run_id: str, user_id: int, numbers: list[int]) -> Any:
    """What comes of each chunk, as it comes; so many are under way at once."""
    ask = partial(do_task, door=door) if isinstance(hands, InThisProcess) else do_task
    waiting = iter(numbers)
    under_way: set[Future[TaskAnswer]] = set()
    at_once = 1 if isinstance(hands, InThisProcess) else AT_ONCE
    try:
        while True:
            for number in waiting:
                under_way.add(hands.submit(ask, _task(door, run_id, user_id, number)))
                if len(under_way) >= at_once:
                    break
            if not under_way:
                return
            ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                answer = future.result()
                if answer.problems:
                    raise RuleViolation(answer.problems)
                yield answer
    finally:
        wait(under_way)


def _task(door: Door, run_id: str, user_id: int, number: int) -> ChunkTask:
    url = door.database.url.render_as_string(hide_password=False)
    return ChunkTask(
        url=url, node=f"{door.node_name}-B", clock=door.clock, user_id=user_id, run_id=run_id, number=number
    )
