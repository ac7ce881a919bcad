"""Asks for the next page of the directory while the branch still writes the last one: both machines work at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from cashier_app.services.branches.directory import DirectoryPage


class FetchingAhead:
    """Pages of the directory, each asked for as soon as it is known where it begins.

    A page may be as old as the one before it. That is no matter: what changed since the fetching began is asked for
    when it has ended.
    """

    def __init__(self, ask: Callable[[int], DirectoryPage]) -> None:
        self._ask = ask
        self._thread: ThreadPoolExecutor | None = None
        self._next: tuple[int, Future[DirectoryPage]] | None = None

    def page(self, after: int) -> DirectoryPage:
        """The page after a key; raises as asking does."""
        page = self._waiting(after) or self._ask(after)
        if page.after is not None:
            self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="directory")
            self._next = page.after, self._thread.submit(self._ask, page.after)
        return page

    def _waiting(self, after: int) -> DirectoryPage | None:
        """The page that was asked for ahead, if it is this one; a failure of then says nothing about now."""
        asked, self._next = self._next, None
        if asked is None or asked[0] != after or asked[1].exception() is not None:
            return None
        return asked[1].result()

    def close(self) -> None:
        """Ask for nothing more."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
