"""Mistakes that a hurried programmer might have made between a branch and its server (R reliability P18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import PaymentStatus

Anything = Callable[..., Any]


def mark_before_the_reply(right: Anything) -> Anything:
    """Take commands for sent as soon as they leave, and ask nobody where the server stands."""

    def wrong(exchange: Any, link: Any) -> Any:
        from cashier_app.services.administration.branch_link import note  # noqa: PLC0415  # it is being changed

        exchange._compared = True  # noqa: SLF001
        if link.unsent:
            note(exchange.database, confirmed=link.sequence)
        return right(exchange, link)

    return wrong


def never_go_back(right: Anything) -> Anything:
    """Believe the own memory where the server says that it has less."""

    def wrong(exchange: Any, link: Any, state: Any) -> None:
        if state.sequence >= link.confirmed:
            right(exchange, link, state)

    return wrong


def believe_all_has_arrived(_right: Anything) -> Anything:
    """Take an answer, whatever it says, for a receipt of everything."""

    def wrong(exchange: Any, link: Any, _state: Any) -> None:
        from cashier_app.services.administration.branch_link import note  # noqa: PLC0415

        note(exchange.database, confirmed=link.sequence)

    return wrong


def take_with_a_gap(right: Anything) -> Anything:
    """Accept entries whose forerunners are missing."""

    def wrong(work: Any, node: Any, entries: Any) -> Any:
        return list(entries) if entries[0].sequence > node.sequence + 1 else right(work, node, entries)

    return wrong


def compare_no_hash(_right: Anything) -> Anything:
    """Take entries as they come, without proving that they follow from those before."""

    def wrong(_work: Any, node: Any, entries: Any) -> Any:
        if entries[0].sequence > node.sequence + 1:
            refuse("SYNC-002", "Entries are missing.")
        return [entry for entry in entries if entry.sequence > node.sequence]

    return wrong


def apply_known_entries(_right: Anything) -> Anything:
    """Write entries once more that have arrived before."""
    return lambda _work, _node, entries: list(entries)


def count_takings_twice(right: Anything) -> Anything:
    """Add what was taken to the grand total twice."""

    def wrong(store: Any, node: Any, takings: Any) -> None:
        right(store, node, takings)
        right(store, node, takings)

    return wrong


def write_rows_only(_right: Anything) -> Anything:
    """Put rows in and leave what is kept beside them as it was."""

    def wrong(arrived: Any) -> None:
        arrived.flush()
        arrived.resolve()

    return wrong


def book_only_once(right: Anything) -> Anything:
    """Skip the booking of a delivery that begins where another one began: it was sent before, surely it is booked."""
    seen: set[tuple[int, int, int]] = set()

    def wrong(work: Any, *rest: Any) -> Any:
        entries = work.attachment.entries
        key = (id(work.store.database), work.attachment.node_id, entries[0].sequence)
        if key in seen:
            return 0, 0
        seen.add(key)
        return right(work, *rest)

    return wrong


def book_later(right: Anything) -> Anything:
    """Book in a transaction of its own, after what arrived was committed."""

    def wrong(work: Any, *rest: Any) -> Any:
        work.store.execute("COMMIT")
        work.store.execute("BEGIN IMMEDIATE")
        return right(work, *rest)

    return wrong


def book_what_is_canceled(right: Anything) -> Anything:
    """Book a payment that was taken back, though it was booked before."""

    def wrong(booking: Any, payment: Any) -> bool:
        return payment.status == PaymentStatus.CANCELED or bool(right(booking, payment))

    return wrong


def same_sequence_is_enough(_right: Anything) -> Anything:
    """Take a cursor for numbers only, whoever gave them."""

    def wrong(_store: Any, before: Any, now: Any) -> bool:
        current = {place.node: place.sequence for place in now.places}
        return any(place.sequence > current.get(place.node, 0) for place in before.places)

    return wrong


def note_the_cursor_first(right: Anything) -> Anything:
    """Remember that something is known, then write it down."""

    def wrong(exchange: Any, link: Any) -> Any:
        from cashier_app.services.administration.branch_link import note  # noqa: PLC0415

        news = exchange.line.news(link.cursor)
        note(exchange.database, cursor=news.cursor, directory_after=0 if news.reset else link.directory_after)
        line = exchange.line
        exchange.line = _Known(line, news)
        try:
            return right(exchange, link)
        finally:
            exchange.line = line

    return wrong


class _Known:
    """A line that has the news already."""

    def __init__(self, line: Any, news: Any) -> None:
        self._line = line
        self._news = news

    def news(self, _cursor: str) -> Any:
        """What was heard before."""
        return self._news

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


def order_by_time(right: Anything) -> Anything:
    """Send commands in the order of their times (R reliability S8)."""

    def wrong(*given: Any) -> Any:
        body = right(*given)
        return body._replace(entries=tuple(sorted(body.entries, key=lambda entry: entry.executed_at)))

    return wrong


def refuse_doubtful_times(right: Anything) -> Anything:
    """Refuse what comes from a machine whose clock is wrong."""

    def wrong(entries: Any, received: Any) -> Any:
        doubt = right(entries, received)
        if doubt:
            refuse("SYNC-004", doubt)
        return doubt

    return wrong


def one_series_for_all(right: Anything) -> Anything:
    """Number all receipts in one series."""
    return lambda work, _series, count=1: right(work, 1, count)


def change_nothing(_right: Anything) -> Anything:
    """Write rows as they came."""
    return lambda _forgotten, waiting: waiting


def leave_the_last_out(right: Anything) -> Anything:
    """Send pages without their last account."""

    def wrong(store: Any, config: Any, groups: Any, account_ids: Any) -> Any:
        page = right(store, config, groups, account_ids)
        return page._replace(accounts=page.accounts[:-1])

    return wrong
