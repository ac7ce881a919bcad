"""Random tampering with journal and file is noticed (R reliability P6); valid days raise no alarm."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.errors import CashierError, EnvironmentProblem
from cashier_app.models.tables import Base
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.cashiering.drawer_balancing import ResumeTaking, StartBalancing
from cashier_app.services.kernel.database import Database
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import Finish
from cashier_app.services.payments.event_editing import DeleteEvent, DistributeEvent, FreezeEvent
from cashier_app.services.verifying import verify
from tests.builders import Ledger, a_payment, an_account, an_open_drawer, cash, paid
from tests.services.a_day import SqliteCopies, play, unprotected
from tests.support.databases import SqliteDatabases

TIMES = 60

_TEXTS = ("command_id", "name", "content", "result", "effects", "business_date")
_NUMBERS = ("user_id", "executed_at", "format", "parts")


@pytest.fixture(scope="module")
def day(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> SqliteCopies:
    directory = tmp_path_factory.mktemp("tampering")
    with sqlite_databases.with_schema(directory) as url:
        sealed = play(url)
        return SqliteCopies(Path(url.removeprefix("sqlite:///")), sealed)


def edit(cursor: Any, rng: random.Random) -> None:
    """One character or number of one field."""
    key = _some_entry(cursor, rng)
    if rng.random() < 0.3:
        cursor.execute(f"UPDATE journal SET {rng.choice(_NUMBERS)} = 77 WHERE id = {key}")
        return
    column = rng.choice(_TEXTS)
    (text,) = cursor.execute(f"SELECT {column} FROM journal WHERE id = {key}").fetchone()
    place = rng.randrange(len(text))
    letter = rng.choice([letter for letter in "0123456789abc" if letter != text[place]])
    changed = text[:place] + letter + text[place + 1 :]
    cursor.execute(f"UPDATE journal SET {column} = ? WHERE id = {key}", (changed,))


def delete(cursor: Any, rng: random.Random) -> None:
    cursor.execute(f"DELETE FROM journal WHERE id = {_some_entry(cursor, rng)}")


def insert(cursor: Any, rng: random.Random) -> None:
    """A second entry like another one, behind the last."""
    rest = "name, user_id, approver_id, business_date, executed_at, content, result, effects, parts, hash"
    cursor.execute(
        f"INSERT INTO journal (id, format, command_id, {rest}) SELECT (SELECT max(id) + 1 FROM journal), format, "
        f"command_id || 'x', {rest} FROM journal WHERE id = {_some_entry(cursor, rng)}"
    )


def swap(cursor: Any, rng: random.Random) -> None:
    one = _some_entry(cursor, rng)
    other = _some_entry(cursor, rng, but=one)
    for before, after in ((one, 1), (other, one), (1, other)):
        cursor.execute(f"UPDATE journal SET id = {after} WHERE id = {before}")


def cut_tail(cursor: Any, rng: random.Random) -> None:
    """The last entries, with the head put back as if they had never been; the rows they wrote stay, or the seals."""
    (last,) = cursor.execute("SELECT max(id) FROM journal").fetchone()
    cursor.execute(f"DELETE FROM journal WHERE id > {last - rng.randrange(2, 12)}")
    cursor.execute(
        "UPDATE node SET sequence = (SELECT max(id) FROM journal) & 0xFFFFFFFFFF, "
        "head = (SELECT hash FROM journal WHERE id = (SELECT max(id) FROM journal))"
    )


def _some_entry(cursor: Any, rng: random.Random, but: int = 0) -> int:
    keys = [key for (key,) in cursor.execute("SELECT id FROM journal ORDER BY id").fetchall() if key != but]
    return int(rng.choice(keys))


@pytest.mark.slow
@pytest.mark.parametrize("tamper", [edit, delete, insert, swap, cut_tail], ids=lambda how: how.__name__)
def test_tampering_with_the_journal_is_noticed(
    day: SqliteCopies, tmp_path: Path, tamper: Callable[[Any, random.Random], None]
):
    unnoticed = [seed for seed in range(TIMES) if _is_unnoticed(day, tmp_path, tamper, random.Random(seed))]
    assert unnoticed == []


def _is_unnoticed(
    day: SqliteCopies, directory: Path, tamper: Callable[[Any, random.Random], None], rng: random.Random
) -> bool:
    with day.copy(directory) as url:
        database = Database(url)
        tamper(unprotected(database), rng)
        verdict = verify(database)
        database.close()
    return not verdict.codes & {"I11", "I12", "I13"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_is_noticed_wherever_it_changes_what_is_read(day: SqliteCopies, tmp_path: Path, seed: int):
    rng = random.Random(seed)
    original = day.original.read_bytes()
    wanted = _contents(day.original)
    path = tmp_path / "flipped.db"
    unnoticed = []
    for _ in range(TIMES):
        place, bit = rng.randrange(len(original)), rng.randrange(8)
        damaged = bytearray(original)
        damaged[place] ^= 1 << bit
        path.write_bytes(damaged)
        if not _is_noticed(path) and _contents(path) != wanted:
            unnoticed.append((place, bit))
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    assert unnoticed == []


@pytest.mark.parametrize("what", [b"CREATE TABLE journal", b'"code":"CASH-A02"'], ids=["schema", "content"])
def test_bytes_that_are_no_text_are_a_damaged_file(day: SqliteCopies, tmp_path: Path, what: bytes):
    path = tmp_path / "no-text.db"
    path.write_bytes(day.original.read_bytes().replace(what, what[:-4] + b"\xe5\xff" + what[-2:]))
    assert _refusal_or_findings(path) & {"DB-DAMAGED", "FILE"}


def _refusal_or_findings(path: Path) -> frozenset[str]:
    try:
        database = Database(f"sqlite:///{path}")
    except EnvironmentProblem as problem:
        return frozenset({problem.code})
    verdict = verify(database)
    database.close()
    return verdict.codes


def _is_noticed(path: Path) -> bool:
    try:
        database = Database(f"sqlite:///{path}")
    except CashierError:
        return True
    try:
        return not verify(database).ok
    except CashierError:
        return True
    finally:
        database.close()


# Names of workstations stand nowhere else, and the journal does not speak of them.
_NOT_PROVEN = frozenset({"node"})


def _contents(path: Path) -> str:
    """A digest of every row that anything is read from."""
    found = hashlib.sha256()
    try:
        database = Database(f"sqlite:///{path}")
        with database.translated():
            for table in Base.metadata.sorted_tables:
                if table.name not in _NOT_PROVEN:
                    rows = database.connection.execute(f"SELECT * FROM {table.name}").fetchall()
                    found.update(repr(sorted(map(repr, rows))).encode())
        database.close()
    except Exception as problem:  # noqa: BLE001  # whatever it is, it reads differently
        return repr(problem)
    return found.hexdigest()


def test_several_workstations_on_one_ledger_raise_no_alarm_and_hide_nothing(ledger: Ledger):
    account = an_account(ledger, owing="90.00")
    drawer = an_open_drawer(ledger)
    other = ledger.another_door("OFFICE-2")
    third = ledger.another_door("OFFICE-3")
    first, second = paid(ledger, account, "10.00"), paid(ledger, account, "20.00")
    sue, ann = ledger.people["sue"], ledger.people["ann"]
    cancel = CancelTender(tender_id=first.tender_ids[0], reason="ERROR")
    third.execute(cancel, user_id=sue)
    begun = third.execute(a_payment(account, cash("5.00"), finish=Finish.NOTHING), user_id=ann).result
    ledger.do(DistributeEvent(event_id=begun.event_id))
    other.execute(FreezeEvent(event_id=begun.event_id), user_id=ann)
    given_up = third.execute(a_payment(account, cash("6.00"), finish=Finish.DISTRIBUTE), user_id=ann).result
    ledger.do(DeleteEvent(event_id=given_up.event_id))
    other.execute(StartBalancing(tender_control_id=drawer), user_id=ann)
    third.execute(ResumeTaking(tender_control_id=drawer), user_id=ann)
    ledger.do(ChangeUser(login="bob", groups=("SUPERVISOR",)), "system")
    other.execute(ChangeUser(login="bob", groups=("CASHIER",)), user_id=0)
    assert verify(ledger.database).problems == ()
    cursor = unprotected(ledger.database)
    cursor.execute(f"UPDATE tender SET status = 'CANCELED' WHERE id = {second.tender_ids[0]}")
    cursor.execute("DELETE FROM user_group_member")
    codes = verify(ledger.database).codes
    assert {"I5", "I12"} <= codes
    ledger.unchecked = True
