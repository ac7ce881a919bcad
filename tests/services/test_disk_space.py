"""A disk that runs full stops the till before it is full, and warns before that."""

from typing import NamedTuple

import pytest

from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.kernel import disk_space
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.disk_space import LOW, RESERVE, DiskWatch


class Usage(NamedTuple):
    """What the operating system says."""

    total: int
    used: int
    free: int


@pytest.fixture
def watch(sqlite_url):
    database = Database(sqlite_url)
    yield DiskWatch(database)
    database.close()


def _free(monkeypatch, free):
    monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda _folder: Usage(0, 0, free))


def test_with_room_nothing_is_said(watch, monkeypatch):
    _free(monkeypatch, LOW)
    assert watch.look() is None


def test_short_of_room_a_warning_is_given_and_work_goes_on(watch, monkeypatch):
    _free(monkeypatch, LOW - 1)
    warning = watch.look()
    assert warning is not None
    assert warning.code == "DB-LOW"


def test_without_the_reserve_nothing_is_taken_until_there_is_room_again(watch, monkeypatch):
    _free(monkeypatch, RESERVE - 1)
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as stopped:
            watch.look()
        assert stopped.value.code == "DB-FULL"
    _free(monkeypatch, LOW)
    assert watch.look() is None
