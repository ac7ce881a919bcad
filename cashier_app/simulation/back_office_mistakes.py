"""Mistakes of the back office: adjustments, approvals, the general ledger, marking what cancels out."""

from __future__ import annotations

from typing import Any

from cashier_app.simulation.mistakes import Anything


def only_the_half_that_was_named(right: Anything) -> Anything:
    """Forget that a transfer has two halves."""

    def wrong(work: Any, adjustment_ids: Any) -> Any:
        wanted = set(adjustment_ids)
        return [row for row in right(work, adjustment_ids) if row.id in wanted]

    return wrong


def leave_waiting(_right: Anything) -> Anything:
    """Approve without letting anything count."""
    from cashier_app.services.adjustments.freezing import Settled  # noqa: PLC0415  # it is being changed

    return lambda _work, adjustment_ids, _accounting_date=None: Settled((), tuple(adjustment_ids))


def begin_anew(_right: Anything) -> Anything:
    """Send everything each time."""
    from cashier_app.domain.identifiers import key_of  # noqa: PLC0415
    from cashier_app.services.general_ledger import runs  # noqa: PLC0415
    from cashier_app.services.general_ledger.staging import ChunkKind  # noqa: PLC0415

    def wrong(store: Any) -> Any:
        for node in store.all(runs._NODES):  # noqa: SLF001
            first, below = key_of(node.id, 0), key_of(node.id + 1, 0)
            top = store.value(runs._TOP, from_key=first, below_key=below)  # noqa: SLF001
            if top is not None:
                yield runs.Span(ChunkKind.NEW, first, top)

    return wrong


def skip_the_first(right: Anything) -> Anything:
    """Begin one after the first that has not gone: a bound that is meant otherwise."""
    from cashier_app.services.general_ledger.runs import _END_OF_CHUNK  # noqa: PLC0415

    def wrong(store: Any) -> Any:
        for span in right(store):
            second = store.value(_END_OF_CHUNK, from_key=span.first, top=span.last, skipped=1)
            if second is not None:
                yield span._replace(first=second)

    return wrong


def mark_whatever_is_old(_right: Anything) -> Anything:
    """Take old for canceled out."""
    from cashier_app.services.batch.redundant_marking import _day  # noqa: PLC0415

    return lambda rows, limit: [row.id for row in rows if _day(row) < limit]
