"""SQLAlchemy's own SQLite dialect works through the adapter, on a disk that can lose its power."""

import random

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from cashier_app.simulation import apsw_driver
from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.faulty_files import FaultyDisk

METADATA = sa.MetaData()
ACCOUNT = sa.Table(
    "account",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String, nullable=False, unique=True),
    sa.Column("opened", sa.Date),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.CheckConstraint("balance >= 0", name="not_negative"),
    sqlite_strict=False,
)
ENTRY = sa.Table(
    "entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("amount", sa.Integer),
    sqlite_strict=True,
)


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk(random.Random(1))


def engine_on(disk: FaultyDisk) -> sa.Engine:
    engine = sa.create_engine("sqlite://", module=apsw_driver, creator=disk.connect, poolclass=StaticPool)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection, record):
        assert connection.execute("PRAGMA journal_mode=WAL").fetchall() == [("wal",)]
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@pytest.fixture
def engine(disk) -> sa.Engine:
    engine = engine_on(disk)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(ACCOUNT), [{"code": code, "balance": 1} for code in ("a", "b")])
    return engine


def codes(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(ACCOUNT.c.code).order_by(ACCOUNT.c.id)))


def test_tables_are_made_and_found_again(engine):
    inspector = sa.inspect(engine)
    assert sorted(inspector.get_table_names()) == ["account", "entry"]
    assert [column["name"] for column in inspector.get_columns("account")] == ["id", "code", "opened", "balance"]
    with engine.connect() as connection:
        assert "STRICT" in connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 'entry'").scalar_one()


def test_rows_are_written_and_read(engine):
    with engine.begin() as connection:
        result = connection.execute(sa.insert(ACCOUNT).values(code="c", balance=3))
        assert result.inserted_primary_key == (3,)
        assert connection.execute(sa.update(ACCOUNT).values(balance=9)).rowcount == 3
        returned = connection.execute(sa.insert(ACCOUNT).returning(ACCOUNT.c.id), [{"code": "d", "balance": 4}] * 1)
        assert returned.all() == [(4,)]
    assert codes(engine) == ["a", "b", "c", "d"]


def test_a_result_without_rows_is_still_a_result(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.id == 99))
        assert list(result.keys()) == ["id", "code", "opened", "balance"]
        assert result.all() == []


def test_a_rollback_leaves_nothing(engine):
    with engine.connect() as connection:
        connection.execute(sa.insert(ACCOUNT).values(code="c", balance=3))
        connection.rollback()
    assert codes(engine) == ["a", "b"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (sa.insert(ACCOUNT).values(code="a", balance=0), "UNIQUE constraint failed: account.code"),
        (sa.insert(ACCOUNT).values(code="x", balance=-1), "CHECK constraint failed: not_negative"),
        (sa.insert(ENTRY).values(account=99, amount=1), "FOREIGN KEY constraint failed"),
        (sa.insert(ENTRY).values(account=None, amount=1), "NOT NULL constraint failed: entry.account"),
    ],
)
def test_constraints_are_refused_in_the_usual_words(engine, statement, words):
    with pytest.raises(sa.exc.IntegrityError) as refused, engine.begin() as connection:
        connection.execute(statement)
    assert str(refused.value.orig) == words
    assert codes(engine) == ["a", "b"]


def test_the_text_of_a_trigger_is_heard(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER frozen BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'LDG-002: frozen'); END"
        )
    with pytest.raises(sa.exc.IntegrityError, match="LDG-002: frozen"), engine.begin() as connection:
        connection.execute(sa.delete(ACCOUNT))


def test_full_text_search_works(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE search USING fts5(name, tokenize='trigram')")
        connection.exec_driver_sql("INSERT INTO search VALUES (?)", [("Anna Kowalska",), ("Jörg Müller",)])
        found = connection.execute(sa.text("SELECT name FROM search WHERE search MATCH :wanted"), {"wanted": "mül"})
        assert found.scalars().all() == ["Jörg Müller"]


def test_transactions_begin_immediately(engine, disk):
    with engine.begin() as connection:
        raw = connection.connection.dbapi_connection.raw
        assert raw.txn_state("main") == 2, "a write transaction, before anything was written"


def test_raw_cursors_share_the_transaction(engine):
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("INSERT INTO account (code, balance) VALUES (?, ?)", ("raw", 5))
        cursor.executemany("INSERT INTO entry (account, amount) VALUES (?, ?)", [(1, 1), (2, 2)])
        assert list(cursor.execute("SELECT amount FROM entry")) == [(1,), (2,)]
        cursor.close()
    assert codes(engine) == ["a", "b", "raw"]


def test_a_power_cut_passes_through_sqlalchemy_and_the_commits_are_there_afterwards(engine, disk):
    taken = ["a", "b"]

    def work() -> None:
        for number in range(1000):
            with engine.begin() as connection:
                connection.execute(sa.insert(ACCOUNT).values(code=f"code-{number}", balance=1))
            taken.append(f"code-{number}")

    disk.arm(FaultKind.POWER_CUT, after=500)
    with pytest.raises(MachineStopped):
        work()
    engine.dispose()
    disk.restart()
    found = codes(engine_on(disk))
    assert found[: len(taken)] == taken
    assert len(found) - len(taken) in {0, 1}
    assert len(taken) > 20


def test_a_full_disk_is_an_operational_error(engine, disk):
    disk.arm(FaultKind.DISK_FULL)
    with pytest.raises(sa.exc.OperationalError, match="database or disk is full"), engine.begin() as connection:
        connection.execute(sa.insert(ACCOUNT).values(code="c", balance=3))
    assert codes(engine) == ["a", "b"]
