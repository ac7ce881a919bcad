"""A run of the window on real threads: beside everything else, and stopped when the window closes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier_app.ui.backend import Backend
from cashier_app.ui.tasks import LoopTasks
from cashier_app.ui.view_models.batch import Batch
from cashier_app.ui.view_models.desk import Desk
from tests.builders import PASSWORD, Ledger, a_ledger, an_account
from tests.services.adjustments.office import set_up
from tests.ui.office import ListedConsent


@pytest.fixture
def ledger(ledger_url: str) -> Ledger:
    made = a_ledger(ledger_url)
    an_account(made, owing="10.00")
    set_up(made, batch_control=[{"code": "REDSAAMT", "job": "mark-redundant", "chunk_size": 1}])
    return made


async def until(question: Callable[[], bool]) -> None:
    while not question():  # noqa: ASYNC110  # of whoever has nothing to be told by
        await asyncio.sleep(0.01)


def at_a_window(ledger: Ledger, state: Path, look: Callable[[Batch, Callable[[str], None]], None]) -> list[str]:
    """Start REDSAAMT at a window with a loop of its own; what became of it. `look` is called whenever it tells."""
    ended: list[str] = []

    async def sit() -> None:
        failed: list[BaseException] = []
        tasks = LoopTasks(asyncio.get_running_loop(), on_error=failed.append)
        backend = Backend(tasks, database=ledger.url, node="COUNTER-1", state=state, clock=ledger.clock)
        await backend.open()
        await backend.sign_in("olga", PASSWORD)
        batch = Batch(Desk(backend, ListedConsent()))
        batch.enter()
        over = asyncio.Event()

        def done(how: str) -> None:
            ended.append(how)
            over.set()

        await until(lambda: bool(batch.jobs.controls))
        batch.changed.connect(lambda: look(batch, done))
        (control,) = (each for each in batch.jobs.controls if each.code == "REDSAAMT")
        batch.start(control, {}, lambda: None, done)
        await asyncio.wait_for(over.wait(), 60)
        await until(lambda: not tasks.busy)
        await backend.close()
        tasks.close()
        assert failed == []

    asyncio.run(sit())
    return ended


def test_a_run_tells_the_window_how_far_it_is(ledger: Ledger, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    threads: set[str] = set()

    def look(batch: Batch, _done: Callable[[str], None]) -> None:
        threads.add(threading.current_thread().name)
        if batch.under_way is not None and batch.under_way.total:
            told.append(batch.under_way[1:3])

    assert at_a_window(ledger, tmp_path, look) == ["finished"]
    chunks = ledger.value("SELECT chunks FROM batch_plan")
    assert (told[0], told[-1]) == ((0, chunks), (chunks, chunks))
    assert threads == {threading.current_thread().name}, "view models live on the window's thread"
    assert ledger.rows("SELECT status, worker FROM batch_run") == [("FINISHED", "COUNTER-1-RUNS")]


def test_a_run_is_stopped_between_two_chunks(ledger: Ledger, tmp_path: Path) -> None:
    def look(batch: Batch, _done: Callable[[str], None]) -> None:
        if batch.under_way is not None and batch.under_way.done == 2:
            batch.stop()

    assert at_a_window(ledger, tmp_path, look) == ["stopped"]
    assert ledger.rows("SELECT status FROM batch_run") == [("INTERRUPTED",)]
    assert 2 <= ledger.value("SELECT count(*) FROM batch_chunk WHERE status = 'DONE'") < 5
