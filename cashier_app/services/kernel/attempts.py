"""A part of a command that is done whole or not at all, while the command goes on (R batch 1)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cashier_app.services.kernel.work import Work


@contextlib.contextmanager
def attempt(work: Work) -> Iterator[None]:
    """What the block does is undone when it raises: rows, what the journal would keep, and what screens are told.

    The exception goes on to the caller, who decides whether the command does.
    """
    warnings, changes = list(work.warnings), set(work.changes)
    seen, takings = set(work.seen), dict(work.takings)
    mark = work.store.mark()
    try:
        yield
        work.store.forget(mark)
    except Exception:
        work.store.return_to(mark)
        work.warnings[:] = warnings
        work.changes, work.seen, work.takings = changes, seen, takings
        raise
