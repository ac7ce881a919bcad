"""The mistakes themselves: each takes what is right and gives what a hurried programmer might have written."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import bindparam, update

from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.journal import NodeTotal
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.statements import Statement

Anything = Callable[..., Any]


def _balance_changed(times: int) -> Statement:
    return Statement(
        update(ServiceAgreement)
        .where(ServiceAgreement.id == bindparam("sa_id"))
        .values(
            current_balance=ServiceAgreement.current_balance + times * bindparam("current"),
            payoff_balance=ServiceAgreement.payoff_balance + times * bindparam("payoff"),
        )
    )


NO_CHANGE_OF_BALANCE = _balance_changed(0)
TWICE_THE_BALANCE = _balance_changed(2)
_RESET = Statement(update(NodeTotal).values(payment_count=0, amount_total=0))


def instead(other: Any) -> Anything:
    """Something else altogether."""
    return lambda _right: other


def give(value: Any) -> Anything:
    """Answer without doing anything."""
    return lambda _right: lambda *_, **__: value


def do_nothing(_right: Anything) -> Anything:
    """Leave a step out."""
    return lambda *_, **__: None


def forget_the_id(right: Anything) -> Anything:
    """Give each attempt an id of its own."""
    number = count(1)

    def wrong(door: Any, command: Any, *, command_id: str, **how: Any) -> Any:
        return right(door, command, command_id=f"{command_id[:24]}{next(number):08x}", **how)

    return wrong


def take_any_content(_right: Anything) -> Anything:
    """Answer a known id without looking at what was sent."""
    from cashier_app.services.kernel.door import Outcome  # noqa: PLC0415  # it is being changed

    return lambda handler, _content, known: Outcome(
        from_json(known.result, handler.result) if known.name == handler.name else None,
        repeated=True,
        journal_id=known.id,
    )


def commit_before(right: Anything) -> Anything:
    """Write the journal entry in a transaction of its own."""

    def wrong(work: Any, *rest: Any, **how: Any) -> None:
        work.store.execute("COMMIT")
        work.store.execute("BEGIN IMMEDIATE")
        right(work, *rest, **how)

    return wrong


def roll_back_now_and_then(right: Anything) -> Anything:
    """Forget every twentieth commit."""
    number = count(1)

    def wrong(door: Any, store: Any, *, commit: bool) -> None:
        right(door, store, commit=commit and next(number) % 20 != 0)

    return wrong


def commit_always(right: Anything) -> Anything:
    """Keep what a preview has tried."""
    return lambda door, store, *, commit: right(door, store, commit=True)  # noqa: ARG005


def begin_nothing(right: Anything) -> Anything:
    """Leave the transaction before anything is written; a last BEGIN makes the COMMIT go well."""

    def wrong(door: Any) -> Any:
        store = right(door)
        store.execute("COMMIT")
        cursor = store.cursor

        class Careless:
            """A cursor that commits each statement."""

            def execute(self, sql: str, values: Any = ()) -> Any:
                if sql in {"COMMIT", "ROLLBACK"}:
                    return cursor
                return cursor.execute(sql, values)

            def __getattr__(self, name: str) -> Any:
                return getattr(cursor, name)

        store.cursor = Careless()
        return store

    return wrong


def synchronous(level: str) -> Anything:
    """Prepare the file with a weaker guarantee."""

    def make(right: Anything) -> Anything:
        def wrong(connection: Any, *, exclusive: bool) -> None:
            right(connection, exclusive=exclusive)
            connection.execute(f"PRAGMA synchronous = {level}")

        return wrong

    return make


def skip_change(right: Anything) -> Anything:
    """Count tenders, but not the cash that goes back."""

    def wrong(totals: Any, tender: Any) -> None:
        if tender.cash_back_of is None:
            right(totals, tender)

    return wrong


def count_in_memory(right: Anything) -> Anything:
    """Remember the last number instead of asking for it."""
    last: dict[tuple[int, str], int] = {}

    def wrong(work: Any, series: str, number: int = 1) -> range:
        asked = right(work, series, number)
        remembered = (id(work.store.database), series)
        first = max(asked[0], last.get(remembered, 0) + 1)
        last[remembered] = first + number - 1
        return range(first, first + number)

    return wrong


def keep_the_sign(right: Anything) -> Anything:
    """Repeat an FT where it should be undone."""

    def wrong(*given: Any, **how: Any) -> Any:
        posts = right(*given, **how)
        return [post._replace(draft=_negated(post.draft)) for post in posts]

    return wrong


def _negated(draft: Any) -> Any:
    lines = tuple(line._replace(amount=-line.amount) for line in draft.lines)
    return draft._replace(current_amount=-draft.current_amount, payoff_amount=-draft.payoff_amount, lines=lines)


def first_only(right: Anything) -> Anything:
    """Undo the first FT only."""
    return lambda *given, **how: right(*given, **how)[:1]


def drop_a_line(right: Anything) -> Anything:
    """Write all GL lines but the last."""

    def wrong(store: Any, recorded: Any, rows: Any) -> None:
        right(store, recorded, rows[:-1] if recorded.table.name == "gl_line" else rows)

    return wrong


def book_nothing(right: Anything) -> Anything:
    """GL lines of zero, which add up to zero like any others."""

    def wrong(*given: Any, **how: Any) -> Any:
        return [post._replace(draft=_emptied(post.draft)) for post in right(*given, **how)]

    return wrong


def _emptied(draft: Any) -> Any:
    return draft._replace(lines=tuple(line._replace(amount=0) for line in draft.lines))


def count_only(*, taken_out: bool) -> Anything:
    """Keep totals only of what goes out of a drawer, or only of what comes in."""

    def make(right: Anything) -> Anything:
        def wrong(work: Any, changes: Any) -> None:
            right(work, {key: change for key, change in changes.items() if (change[0] < 0) is taken_out})

        return wrong

    return make


def hash_without_content(right: Anything) -> Anything:
    """Hash an entry as if it had no content."""
    return lambda previous, entry: right(previous, entry._replace(content=""))


def record_insertions_only(right: Anything) -> Anything:
    """Change rows without telling the journal."""

    def wrong(store: Any, recorded: Any, rows: Any) -> None:
        if recorded.operation == "UPDATE":
            store._execute(recorded.sql(store.dialect), rows)  # noqa: SLF001
        else:
            right(store, recorded, rows)

    return wrong


def show_everything(right: Anything) -> Anything:
    """Forget who is looking."""
    return lambda store, config, control_id, **_: right(store, config, control_id, may_see_expected=True)


def reset_the_grand_total(right: Anything) -> Anything:
    """Start the grand total anew with each drawer."""

    def wrong(work: Any) -> Any:
        work.store.apply(_RESET, [{}])
        return right(work)

    return wrong


def hash_of_its_own(right: Anything) -> Anything:
    """Hash a report without the one before."""
    return lambda _previous, number, content: right(b"", number, content)


def seal_one_too_far(right: Anything) -> Anything:
    """Seal the entry after the one whose hash is known."""
    return lambda work, kind, chain: right(work, kind, (chain[0], chain[1] + 1, chain[2]))


def give_the_drawer(_right: Anything) -> Anything:
    """Ask nobody whose drawer it is."""
    return lambda _work, control: control
