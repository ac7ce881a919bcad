"""Does the runs that were asked for, one after the other, beside the requests."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from cashier_app.domain.errors import CashierError
from cashier_app.server.refusing import SOON, Refused
from cashier_app.services.batch.doing import Watching, ask_for, do_run
from cashier_app.services.batch.jobs import Machine
from cashier_app.services.batch.run_records import Run, interrupt_runs, run_counts
from cashier_app.services.kernel.door import Door

if TYPE_CHECKING:
    from cashier_app.server.site import Site

_log = logging.getLogger(__name__)
_KEPT: Final = 24 * 3600
"""Seconds for which a file that was sent is kept."""
_FILES_AT_ONCE: Final = 4
"""So many files of the largest size may lie here, and arrive at the same time."""


class RunOffice:
    """Starts runs and keeps the notes on them true."""

    def __init__(self, site: Site, executor: Executor | None = None) -> None:
        self._site = site
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix="runs")
        self._node = f"{site.options.name}-RUNS"
        self._stop = threading.Event()
        self._under_way: set[Future[None]] = set()
        self._door: Door | None = None
        self._arriving = 0
        self._tidying = threading.Lock()
        self.files = site.options.state / "files"
        self._machine = Machine(files=self.files, mail_password=site.options.mail_password)

    def open(self) -> None:
        """Open a door of its own; what an earlier program left under way is interrupted."""
        self._door = self._site.doors.another(self._node)
        interrupt_runs(self._door.database, self._node, self._site.clock.now())
        self.files.mkdir(parents=True, exist_ok=True)
        self._throw_old_files_away()

    def close(self) -> None:
        """Interrupt what is under way, and say so in its notes."""
        self._stop.set()
        for waiting in self._under_way:
            waiting.cancel()
        deadline = time.monotonic() + self._site.options.limits.stop_seconds
        while any(not future.done() for future in self._under_way) and time.monotonic() < deadline:
            time.sleep(0.05)
            self._break_off()
        self._executor.shutdown(wait=False, cancel_futures=True)
        if self._door is not None:
            with contextlib.suppress(CashierError):
                interrupt_runs(self._door.database, self._node, self._site.clock.now())
            self._door.database.close()

    def _break_off(self) -> None:
        """End a long question to the database; a command is never broken off between two of its own."""
        connection = self._door.database.connection if self._door else None
        for name in ("interrupt", "cancel"):
            with contextlib.suppress(Exception):
                getattr(connection, name, lambda: None)()

    def request(self, door: Door, name: str, run_id: str, plain: Any, user_id: int) -> Run:
        """Note and begin a run; the same id again is the same run, and goes on where it stopped."""
        run, is_wanted = ask_for(door, name, plain, run_id=run_id, user_id=user_id, strict=True)
        if is_wanted:
            future = self._executor.submit(self._do, run_id, user_id)
            self._under_way.add(future)
            future.add_done_callback(self._under_way.discard)
        return run

    def counts(self, door: Door) -> Iterable[tuple[str, str, int]]:
        """Runs by kind and state."""
        return run_counts(door.database)

    # -- in the thread of the runs

    def _do(self, run_id: str, user_id: int) -> None:
        assert self._door is not None
        try:
            watching = Watching(is_wanted=lambda: not self._stop.is_set())
            do_run(self._door, run_id, user_id, watching, self._machine)
        except CashierError as refusal:  # the note says so
            _log.info("Run %s: %s", run_id, refusal)
        except Exception:  # noqa: BLE001  # whatever it was, the server goes on
            if not self._stop.is_set():  # else it was broken off
                _log.exception("Run %s failed", run_id)

    # -- files on their way in

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> tuple[str, int]:
        """Write a file down as it comes; its digest and size."""
        if self._arriving >= _FILES_AT_ONCE:
            raise Refused(503, "API-008", "Too many files arrive at once. Send the same again.", headers=SOON)
        self._arriving += 1
        try:
            await run_in_threadpool(self._need_room)
            return await self._kept(name, pieces)
        finally:
            self._arriving -= 1

    async def _kept(self, name: str, pieces: AsyncIterator[bytes]) -> tuple[str, int]:
        part = self.files / f"{secrets.token_hex(8)}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as file:
                async for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    await run_in_threadpool(file.write, piece)
            place = self.files / digest.hexdigest() / name
            place.parent.mkdir(exist_ok=True)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def _need_room(self) -> None:
        most = _FILES_AT_ONCE * self._site.options.limits.upload_bytes
        with self._tidying:
            self._throw_old_files_away()
            lying = sum(size for path, size, _ in _looked_at(self.files.rglob("*")) if path.is_file())
        if lying > most:
            raise Refused(413, "API-006", f"Files of more than {most:,} bytes lie here already; they go after a day.")

    def _throw_old_files_away(self) -> None:
        for path, _, changed_at in _looked_at(self.files.iterdir()):
            if time.time() - changed_at > _KEPT:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _looked_at(paths: Iterable[Path]) -> Iterator[tuple[Path, int, float]]:
    """Each with its size and when it was changed; without those that have got another name or gone meanwhile."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            yield path, found.st_size, found.st_mtime
