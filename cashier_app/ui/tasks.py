"""The one funnel to the background: coroutines on the window's loop, blocking work on threads of its own."""

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Work = Coroutine[Any, Any, None]
OnError = Callable[[BaseException], None]

_stop: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("cashier_stop", default=None)


def stop_requested() -> bool:
    """Whether the work this function belongs to was cancelled. Long blocking functions ask between their steps."""
    event = _stop.get()
    return event is not None and event.is_set()


class Running(Protocol):
    """Work that was started."""

    @property
    def done(self) -> bool:
        """Whether it ended, in whatever way."""
        ...

    def cancel(self) -> None:
        """Ask it to end: at its next `await`, and in a blocking function at its next `stop_requested`."""
        ...


class Tasks(Protocol):
    """What view models are given to leave the window's thread."""

    def start(self, work: Work, *, on_error: OnError | None = None) -> Running:
        """Run a coroutine beside the window. What it raises goes to `on_error`, else to the program's presenter."""
        ...

    async def in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function on the one database thread, after what was asked before it."""
        ...

    async def in_files(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function on the one thread for printing and files."""
        ...

    async def in_line(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function on the one thread for the line to the server, for which nobody ever waits."""
        ...

    async def in_run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function on the one thread for long jobs, for which nobody waits at the end either."""
        ...

    def tell(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """From a thread of a long job: have a function called on the window's thread."""
        ...

    def give_way(self) -> None:
        """From a thread of a long job: wait until the database thread has done what it was asked before this."""
        ...


class Answer(Generic[T]):
    """A decision somebody will give later, awaited by a coroutine: a dialog that was opened, a second person's key.

    `give` may be called once; later calls change nothing, so that a dialog may both accept and close.
    """

    def __init__(self) -> None:
        self._given: list[T] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_given(self) -> bool:
        """Whether the answer is known."""
        return bool(self._given)

    def give(self, answer: T) -> None:
        """The answer; whoever waits goes on."""
        if self._given:
            return
        self._given.append(answer)
        for listener in self._listeners:
            listener()

    def when_given(self, listener: Callable[[], None]) -> None:
        """Call `listener` once the answer is known."""
        if self._given:
            listener()
        else:
            self._listeners.append(listener)

    def __await__(self) -> Generator[Any, Any, T]:
        if not self._given:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                yield self  # ImmediateTasks goes on when the answer is given
            else:
                future: asyncio.Future[None] = loop.create_future()
                self.when_given(lambda: None if future.done() else future.set_result(None))
                yield from future
        return self._given[0]


class LoopTasks:
    """`Tasks` on an asyncio loop, which under qasync is the window's own. Made and used on the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, on_error: OnError) -> None:
        self._loop = loop
        self._on_error = on_error
        self._database = ThreadPoolExecutor(1, thread_name_prefix="cashier-database")
        self._files = ThreadPoolExecutor(1, thread_name_prefix="cashier-files")
        self._line = _LooseThread("cashier-line")
        self._run = _LooseThread("cashier-run")
        self._running: set[_LoopRunning] = set()

    def start(self, work: Work, *, on_error: OnError | None = None) -> Running:
        """See `Tasks`."""
        stop = threading.Event()
        context = contextvars.copy_context()
        context.run(_stop.set, stop)
        task = self._loop.create_task(work, context=context)
        running = _LoopRunning(task, stop)
        self._running.add(running)

        def ended(_: asyncio.Task[None]) -> None:
            self._running.discard(running)
            if not task.cancelled() and (error := task.exception()) is not None:
                (on_error or self._on_error)(error)

        task.add_done_callback(ended)
        return running

    async def in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return await self._in(self._database, function, *args, **kwargs)

    async def in_files(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return await self._in(self._files, function, *args, **kwargs)

    async def in_line(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return await self._in(self._line, function, *args, **kwargs)

    async def in_run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return await self._in(self._run, function, *args, **kwargs)

    def tell(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """See `Tasks`."""
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._loop.call_soon_threadsafe(partial(function, *args, **kwargs))

    def give_way(self) -> None:
        """See `Tasks`."""
        with contextlib.suppress(RuntimeError, CancelledError):  # the window is gone
            self._database.submit(int).result()

    @property
    def busy(self) -> int:
        """How many started coroutines have not ended."""
        return len(self._running)

    def close(self) -> None:
        """Cancel what runs and wait for the threads to finish what they are in, but never long for line and runs."""
        for running in tuple(self._running):
            running.cancel()
        self._database.shutdown(wait=True, cancel_futures=True)
        self._files.shutdown(wait=True, cancel_futures=True)
        for loose in (self._line, self._run):
            loose.shutdown()

    async def _in(self, executor: Executor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        context = contextvars.copy_context()
        return await self._loop.run_in_executor(executor, lambda: context.run(function, *args, **kwargs))


class _LooseThread(Executor):
    """One thread that the end of the program does not wait for: a name server that is silent holds it up for long.

    Nothing is lost when it is left behind: what was not confirmed is sent again, and a run goes on with the next chunk.
    """

    _PATIENCE = 2.0

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `Executor`."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  # it belongs to who asked
                future.set_exception(error)
            else:
                future.set_result(result)

        self._work.put(run)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Take no more work, and wait for the rest a moment."""
        self._work.put(None)
        if self._thread is not None and wait:
            self._thread.join(self._PATIENCE)

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()


class _LoopRunning:
    def __init__(self, task: asyncio.Task[None], stop: threading.Event) -> None:
        self._task = task
        self._stop = stop

    @property
    def done(self) -> bool:
        return self._task.done()

    def cancel(self) -> None:
        self._stop.set()
        self._task.cancel()


class ImmediateTasks:
    """`Tasks` for tests: everything happens at once, on the calling thread, in the order it was asked for.

    A coroutine may wait for an `Answer`; it goes on inside the call that gives it. Waiting for anything else is an
    error. Without an `on_error`, what the coroutine raises is raised out of `start`.
    """

    def __init__(self, *, on_error: OnError | None = None) -> None:
        self._on_error = on_error

    def start(self, work: Work, *, on_error: OnError | None = None) -> Running:
        """See `Tasks`."""
        running = _Immediate(work, on_error or self._on_error)
        running.go_on()
        return running

    async def in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return function(*args, **kwargs)

    async def in_files(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return function(*args, **kwargs)

    async def in_line(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return function(*args, **kwargs)

    async def in_run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Tasks`."""
        return function(*args, **kwargs)

    def tell(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """See `Tasks`."""
        function(*args, **kwargs)

    def give_way(self) -> None:
        """See `Tasks`."""


class _Immediate:
    def __init__(self, work: Work, on_error: OnError | None) -> None:
        self._work = work
        self._on_error = on_error
        self.done = False

    def go_on(self) -> None:
        if self.done:
            return
        try:
            waits_for = self._work.send(None)
        except StopIteration:
            self.done = True
        except Exception as error:
            self.done = True
            if self._on_error is None:
                raise
            self._on_error(error)
        else:
            if not isinstance(waits_for, Answer):
                self.cancel()
                raise TypeError(f"ImmediateTasks can wait only for an Answer, not for {waits_for!r}")
            waits_for.when_given(self.go_on)

    def cancel(self) -> None:
        self.done = True
        self._work.close()
