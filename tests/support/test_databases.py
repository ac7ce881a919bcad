"""The tests' own databases: fresh, separate, gone afterwards."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from cashier_app.interfaces.throwaway_postgresql import throwaway_postgresql
from tests.support import postgresql
from tests.support.databases import Databases


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _create_table(url: str, name: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {name} (a INTEGER)"))
    engine.dispose()


@pytest.mark.parametrize("visit", [1, 2])
def test_what_one_test_leaves_behind_the_next_does_not_see(database_url, visit):
    assert "left_behind" not in _tables(database_url)
    _create_table(database_url, "left_behind")
    assert "left_behind" in _tables(database_url)


def test_empty_database_has_no_table(empty_database_url):
    assert _tables(empty_database_url) == set()


def test_one_test_may_hold_several_databases(databases: Databases, tmp_path: Path):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with databases.empty(tmp_path / "one") as one, databases.empty(tmp_path / "other") as other:
        _create_table(one, "only_here")
        assert _tables(other) == set()


def test_connection_left_open_does_not_keep_a_database(postgresql_databases, tmp_path):
    with postgresql_databases.empty(tmp_path) as url:
        engine = create_engine(url)
        connection = engine.connect()
    connection.invalidate()
    engine.dispose()


@pytest.mark.postgresql
def test_durable_server_waits_for_the_disk():
    with throwaway_postgresql(durable=True) as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                assert connection.execute(text(f"SHOW {setting}")).scalar_one() == "on"
        engine.dispose()


@pytest.mark.postgresql
def test_kept_data_outlive_their_server():
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        _let_everyone_in(directory)
        with throwaway_postgresql(kept=directory / "kept") as url:
            _create_table(url, "left_behind")
        with throwaway_postgresql(kept=directory / "kept") as url:
            assert _tables(url) == {"left_behind"}


@pytest.mark.postgresql
def test_directory_too_long_for_a_socket_does_no_harm():
    with tempfile.TemporaryDirectory() as short:
        long = Path(short) / ("d" * 100)
        long.mkdir()
        _let_everyone_in(Path(short), long)
        with throwaway_postgresql(below=long) as url:
            assert _tables(url) == set()


@pytest.mark.postgresql
def test_server_is_gone_even_when_its_user_was_killed():
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from cashier_app.interfaces.throwaway_postgresql import throwaway_postgresql\n"
        "with throwaway_postgresql(below=Path(sys.argv[1])):\n"
        "    print('up', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        _let_everyone_in(directory)
        user = subprocess.Popen([sys.executable, "-c", program, name], stdout=subprocess.PIPE)
        assert user.stdout.readline() == b"up\n"
        assert list(directory.iterdir())
        user.kill()
        user.communicate()

        deadline = time.monotonic() + 10
        while list(directory.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list(directory.iterdir()) == []


@pytest.mark.parametrize(
    ("continuous_integration", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_without_postgresql_tests_skip_at_a_desk_and_fail_in_continuous_integration(
    monkeypatch, continuous_integration, outcome
):
    monkeypatch.setattr(postgresql, "server_programs", lambda: None)
    monkeypatch.setenv("CI", continuous_integration)
    with pytest.raises(outcome, match="no PostgreSQL"), postgresql.session_server():
        pass


def _let_everyone_in(*directories: Path) -> None:
    """Where root runs the tests the server belongs to somebody else."""
    for directory in directories:
        directory.chmod(0o777)
