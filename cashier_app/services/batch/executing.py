"""Who does chunks: anything that is a `concurrent.futures.Executor` (design D14).

On SQLite, where one writes at a time, this very process; on PostgreSQL a pool of processes that goes on when one of
them dies. On a cluster `dask.distributed`'s `Client.get_executor(pure=False)` will do: whoever runs a task opens its
own door, with a chain of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cashier_app.domain.clock import Clock, SystemClock
from cashier_app.domain.errors import CashierError, Problem
from cashier_app.services.administration.nodes import need_workstation
from cashier_app.services.batch.chunks import ChunkDone, DoBatchChunk, chunk_id
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door

_LANES: Final = 64
_LOCK: Final = 0x43415348
"""First half of the advisory locks by which workers tell each other which chain is theirs."""
_TIMES: Final = 3
"""So often a task is given to a new pool after the one that had it broke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTask:
    """A chunk, and where it is to be done."""

    url: str
    node: str
    """Workers are called after it: SERVER-1, SERVER-2 …"""
    clock: Clock
    user_id: int
    run_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """What came of a task. Refusals come as problems, for exceptions do not travel well."""

    number: int
    done: ChunkDone | None = None
    problems: tuple[Problem, ...] = ()


def do_task(task: ChunkTask, door: Door | None = None) -> TaskAnswer:
    """Do a chunk, by this process's own door unless one is given. Delivered twice it counts once."""
    try:
        through = door or _door_of_this_process(task.url, task.node, os.getpid())
        through.clock = task.clock
        outcome = through.execute(
            DoBatchChunk(run_id=task.run_id, number=task.number),
            user_id=task.user_id,
            command_id=chunk_id(task.run_id, task.number),
        )
    except CashierError as problem:
        return TaskAnswer(number=task.number, problems=problem.problems)
    return TaskAnswer(number=task.number, done=outcome.result)


@cache
def _door_of_this_process(url: str, node: str, _process: int) -> Door:
    database = Database(url)
    name = f"{node}-{_lane(database)}"
    need_workstation(database, name)
    return Door(database, name, SystemClock())  # each task brings its own clock


def _lane(database: Database) -> int:
    """The first number that no living worker has: the server takes it back when its connection ends."""
    if database.dialect == "sqlite":
        return 1
    cursor = database.connection.cursor()
    for lane in range(1, _LANES):
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK, lane))
        if cursor.fetchone()[0]:
            return lane
    return _LANES


class InThisProcess(Executor):
    """Does each task at once, where it was asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is over."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as problem:  # noqa: BLE001  # it belongs to whoever asks for the result
            future.set_exception(problem)
        return future


class Processes(Executor):
    """A pool of processes. When one of them dies a new pool is made and does what was under way again."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._lock = threading.Lock()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Forked children would share connections and locks with their parent.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_end_with_parent)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future ends with an exception only when the task itself raised, or killed pool after pool."""
        answer: Future[Any] = Future()
        self._give(answer, _TIMES, fn, args, kwargs)
        return answer

    def _give(self, answer: Future[Any], times: int, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        with self._lock:
            pool = self._pool
        try:
            future = pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            self._replace(pool)
            if times:
                self._give(answer, times - 1, fn, args, kwargs)
            else:
                answer.set_exception(BrokenProcessPool("Workers died again and again."))
            return

        def ended(future: Future[Any]) -> None:
            if answer.cancelled() or future.cancelled():
                answer.cancel()
                return
            problem = future.exception()
            if isinstance(problem, BrokenProcessPool) and times:
                self._replace(pool)
                self._give(answer, times - 1, fn, args, kwargs)
            elif problem is not None:
                answer.set_exception(problem)
            else:
                answer.set_result(future.result())

        future.add_done_callback(ended)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = self._new_pool()
        broken.shutdown(wait=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # as inherited
        """No more tasks."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def executor_for(database: Database, workers: int = 0) -> Executor:
    """The usual one for a kind of database; as many processes as asked for, or one a processor."""
    return InThisProcess() if database.dialect == "sqlite" else Processes(workers or None)
