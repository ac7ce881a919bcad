"""The change feed: nothing is skipped, nothing is told twice on a page, and a cursor of another ledger is noticed."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.branches.feed import Changes, heads, read_changes
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AddAlert, StartAgreement
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import Change
from cashier_app.services.payments.cancellation import CancelPayment
from tests.builders import Ledger, a_ledger, an_account, an_open_drawer, paid
from tests.support.databases import Databases


def now(ledger: Ledger) -> str:
    with reading(ledger.database, access=EVERYTHING) as store:
        return heads(store)


def read(ledger: Ledger, cursor: str, limit: int = 1000) -> Changes:
    with reading(ledger.database, access=EVERYTHING) as store:
        return read_changes(store, cursor, limit)


def pages(database: Database, cursor: str, limit: int) -> Iterator[Changes]:
    """Page after page until there is nothing more."""
    more = True
    while more:
        with reading(database, access=EVERYTHING) as store:
            page = read_changes(store, cursor, limit)
        yield page
        cursor, more = page.cursor, page.more


def test_a_payment_tells_its_event_its_account_and_its_drawer(ledger: Ledger):
    account = an_account(ledger, owing="10.00")
    control = an_open_drawer(ledger)
    before = now(ledger)
    taken = paid(ledger, account, "5.00")
    told = read(ledger, before)
    assert set(told.changes) == {
        Change("event", taken.event_id),
        Change("account", account.id),
        Change("tender_control", control),
    }
    assert (told.more, told.reset) == (False, False)
    assert read(ledger, told.cursor) == Changes(told.cursor)


def test_what_changed_three_times_is_told_once(ledger: Ledger):
    account = an_account(ledger, owing="10.00")
    before = now(ledger)
    for text in ("one", "two", "three"):
        ledger.do(AddAlert(account_id=account.id, text=text), "system")
    assert read(ledger, before).changes == (Change("account", account.id),)


def test_a_refused_command_tells_nothing(ledger: Ledger):
    before = now(ledger)
    assert ledger.refusal(CancelPayment(payment_id=1, reason="ERROR"), "sue") == "PAY-122"
    assert read(ledger, before) == Changes(before)


def test_a_workstation_registered_later_is_heard_from_its_first_command(ledger: Ledger):
    account = an_account(ledger)
    before = now(ledger)
    door = ledger.another_door("COUNTER-2")
    door.execute(AddAlert(account_id=account.id, text="Dog"), user_id=0)
    assert read(ledger, before).changes == (Change("account", account.id),)


def test_who_wrote_an_entry_need_not_be_told_of_it(ledger: Ledger):
    account, other = an_account(ledger), an_account(ledger, "John Doe")
    before = now(ledger)
    own = ledger.outcome(AddAlert(account_id=account.id, text="Mine"), "system").journal_id
    ledger.do(AddAlert(account_id=other.id, text="Somebody's"), "system")
    with reading(ledger.database, access=EVERYTHING) as store:
        told = read_changes(store, before, without={own})
    assert told.changes == (Change("account", other.id),)
    assert told.cursor == now(ledger)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_any_size_tell_everything(ledger: Ledger, limit: int):
    before = now(ledger)
    accounts = [an_account(ledger, f"Customer {number}") for number in range(5)]
    control = an_open_drawer(ledger)
    events = [paid(ledger, account, "1.00").event_id for account in accounts]
    door = ledger.another_door("COUNTER-2")
    for account in accounts:
        door.execute(AddAlert(account_id=account.id, text="Dog"), user_id=0)
    wanted = {("account", account.id) for account in accounts} | {("event", event) for event in events}
    found: set[tuple[str, int]] = set()
    for page in pages(ledger.database, before, limit):
        assert len(page.changes) <= limit
        assert len(set(page.changes)) == len(page.changes)
        found.update(page.changes)
    assert found >= wanted | {("tender_control", control)}


def test_one_entry_of_many_changes_is_read_in_pages(ledger: Ledger):
    before = now(ledger)
    changes = [["account", key] for key in range(1, 5001)]
    account = an_account(ledger)
    _say(ledger, changes)
    sizes, found = [], set()
    for page in pages(ledger.database, before, 700):
        sizes.append(len(page.changes))
        found.update(page.changes)
    assert found == {Change("account", key) for key in (*range(1, 5001), account.id)}
    assert max(sizes) == 700
    assert len(sizes) == 8, "no page repeats what another told"


def _say(ledger: Ledger, changes: list[list[object]]) -> None:
    """A command of the last node that changed very much; the chain is not looked at here."""
    from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415

    ledger.unchecked = True
    last = ledger.value("SELECT max(id) FROM journal")
    cursor = ledger.database.connection.cursor()
    if ledger.database.dialect == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        for (name,) in cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    told = ledger.value(f"SELECT changes FROM journal WHERE id = {last}")
    everything = to_json(changes)[:-1] + "," + told[1:]
    cursor.execute(f"UPDATE journal SET changes = '{everything}' WHERE id = {last}")


def test_a_busy_workstation_keeps_nobody_elses_news_waiting(ledger: Ledger):
    account, other = an_account(ledger), an_account(ledger, "John Doe")
    before = now(ledger)
    accounts = [an_account(ledger, f"Customer {number}").id for number in range(30)]
    ledger.another_door("COUNTER-2").execute(AddAlert(account_id=other.id, text="Dog"), user_id=0)
    page = read(ledger, before, 10)
    assert page.more
    assert Change("account", other.id) in page.changes
    assert len(set(page.changes) & {Change("account", key) for key in accounts}) == 5
    assert account.id != other.id


# -- cursors that do not fit


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _good: "",
        lambda _good: "c1",
        lambda _good: "17",
        lambda _good: "c1é",
        lambda good: good[:-3],
        lambda good: good.replace("c1", "c2", 1),
        lambda good: good[:12] + ("A" if good[12] != "A" else "B") + good[13:],
        lambda good: good + "AAAA",
        lambda _good: "c1" + base64.urlsafe_b64encode(b"\0\0\0\0[]").decode(),
    ],
)
def test_what_is_no_cursor_is_refused(ledger: Ledger, spoil: object):
    assert callable(spoil)
    with pytest.raises(RuleViolation, match="FEED-001"):
        read(ledger, spoil(now(ledger)))


def test_a_cursor_is_safe_in_an_address(ledger: Ledger):
    assert now(ledger).isascii()
    assert now(ledger).replace("-", "").replace("_", "").isalnum()


def test_a_cursor_of_another_ledger_starts_anew(databases: Databases, tmp_path: Path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with databases.with_schema(tmp_path / "one") as one, databases.with_schema(tmp_path / "two") as two:
        first, second = a_ledger(one, ()), a_ledger(two, ())
        foreign = read(second, now(first))
        first.unchecked = second.unchecked = True  # they are gone when the test is over
        first.close()
        second.close()
    assert (foreign.reset, foreign.changes) == (True, ())


def test_a_restored_backup_starts_anew_even_when_it_has_gone_on_further(sqlite_url: str, tmp_path: Path):
    """The number of commands alone would not tell: the ledger has as many as before, but others."""
    ledger = a_ledger(sqlite_url)
    account = an_account(ledger)
    copy = tmp_path / "backup.db"
    ledger.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    ledger.do(AddAlert(account_id=account.id, text="Forgotten"), "system")
    known = now(ledger)

    restored = Database(f"sqlite:///{copy}")
    with reading(restored, access=EVERYTHING) as store:
        assert read_changes(store, known).reset, "it has fewer commands"
    door = Door(restored, "COUNTER-1", ledger.clock)
    for text in ("Another", "And another"):
        door.execute(AddAlert(account_id=account.id, text=text), user_id=0)
        with reading(restored, access=EVERYTHING) as store:
            anew = read_changes(store, known)
        assert anew.reset
    with reading(restored, access=EVERYTHING) as store:
        assert read_changes(store, anew.cursor) == Changes(anew.cursor)
    restored.close()


# -- together with others


def test_a_reader_misses_nothing_while_many_workstations_write(ledger: Ledger):
    """P7 for the feed: every committed change is told, and when it is told it can be read."""
    workstations, commands = 6, 25
    doors = [ledger.another_door(f"WRITER-{number}") for number in range(workstations)]
    accounts = [an_account(ledger, f"Customer {number}") for number in range(workstations * commands)]
    follower = ledger.another_door().database
    start, done = now(ledger), threading.Event()
    seen: dict[Change, int] = {}

    def write(number: int) -> None:
        for account in accounts[number::workstations]:
            doors[number].execute(AddAlert(account_id=account.id, text="Dog"), user_id=0)

    def follow() -> int:
        cursor, rounds = start, 0
        last = False
        while not last:
            last = done.is_set()
            for page in pages(follower, cursor, 5):
                cursor = page.cursor
                rounds += 1
                for change in page.changes:
                    seen[change] = seen.get(change, 0) + 1
                    assert _alerts(follower, change.key) == 1, "what is told can be read"
        return rounds

    with ThreadPoolExecutor(workstations + 1) as pool:
        reader = pool.submit(follow)
        try:
            list(pool.map(write, range(workstations)))
        finally:
            done.set()
        rounds = reader.result()
    assert seen == {Change("account", account.id): 1 for account in accounts}
    assert rounds > 1


def _alerts(database: Database, account_id: int) -> int:
    cursor = database.connection.cursor()
    (count,) = cursor.execute(f"SELECT count(*) FROM account_alert WHERE account_id = {account_id}").fetchone()
    return int(count)


@pytest.mark.postgresql
def test_a_commit_that_waits_is_told_when_it_is_done_though_others_were_told_first(postgresql_url: str):
    """The case in which one number for all skips rows: the older entry commits after the younger."""
    ledger = a_ledger(postgresql_url)
    slow, quick = an_account(ledger), an_account(ledger, "John Doe")
    first, second = ledger.another_door("FIRST"), ledger.another_door("SECOND")
    before = now(ledger)
    holding = Database(postgresql_url)
    cursor = holding.connection.cursor()
    cursor.execute("BEGIN")
    cursor.execute("LOCK TABLE account_alert IN SHARE MODE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(first.execute, AddAlert(account_id=slow.id, text="Late"), user_id=0)
        while not ledger.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass
        second.execute(StartAgreement(account_id=quick.id, agreement=AgreementIn(sa_type="ELEC")), user_id=0)
        early = read(ledger, before)
        cursor.execute("COMMIT")
        waiting.result()
    holding.close()
    late = read(ledger, early.cursor)
    assert early.changes == (Change("account", quick.id),)
    assert late.changes == (Change("account", slow.id),)
