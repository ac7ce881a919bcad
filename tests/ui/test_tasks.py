import asyncio
import threading
import time

import pytest

from cashier_app.ui.tasks import Answer, ImmediateTasks, LoopTasks, stop_requested


@pytest.fixture
def loop():
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def errors():
    return []


@pytest.fixture
def tasks(loop, errors):
    made = LoopTasks(loop, on_error=errors.append)
    yield made
    made.close()


def settle(loop, tasks):
    async def until_quiet():
        while tasks.busy:  # noqa: ASYNC110 - a test may look again and again
            await asyncio.sleep(0.001)

    loop.run_until_complete(asyncio.wait_for(until_quiet(), 10))


def test_database_work_leaves_the_windows_thread_and_stays_on_one_other(loop, tasks):
    threads = []

    async def work():
        threads.append(await tasks.in_database(threading.get_ident))

    tasks.start(work())
    tasks.start(work())
    settle(loop, tasks)
    assert len(set(threads)) == 1
    assert threading.get_ident() not in threads


def test_printing_does_not_wait_for_the_database(loop, tasks):
    printed = threading.Event()

    async def count():
        assert await tasks.in_database(printed.wait, 5), "the printer got its turn meanwhile"

    async def print_it():
        await tasks.in_files(printed.set)

    tasks.start(count())
    tasks.start(print_it())
    settle(loop, tasks)


def test_database_work_happens_in_the_order_it_was_asked_for(loop, tasks):
    done = []

    async def work(name, seconds):
        await tasks.in_database(time.sleep, seconds)
        done.append(name)

    tasks.start(work("first", 0.02))
    tasks.start(work("second", 0))
    settle(loop, tasks)
    assert done == ["first", "second"]


def test_an_error_reaches_whoever_asked(loop, tasks, errors):
    own = []

    async def fail():
        raise ValueError("no")

    tasks.start(fail(), on_error=own.append)
    tasks.start(fail())
    settle(loop, tasks)
    assert [str(error) for error in own] == ["no"]
    assert [str(error) for error in errors] == ["no"]


def test_cancelling_stops_a_long_function_at_its_next_step(loop, tasks, errors):
    begun, ended = threading.Event(), threading.Event()

    def long():
        begun.set()
        while not stop_requested():
            time.sleep(0.001)
        ended.set()

    async def work():
        await tasks.in_database(long)

    running = tasks.start(work())
    loop.run_until_complete(loop.run_in_executor(None, begun.wait, 5))
    running.cancel()
    settle(loop, tasks)
    assert running.done
    assert ended.wait(5)
    assert errors == []


def test_nobody_else_is_asked_to_stop(loop, tasks):
    seen = []

    async def work():
        seen.append(await tasks.in_database(stop_requested))

    tasks.start(asyncio.sleep(30)).cancel()
    tasks.start(work())
    settle(loop, tasks)
    assert seen == [False]


def test_a_decision_can_be_awaited_on_the_loop(loop, tasks):
    answer, heard = Answer(), []

    async def ask():
        heard.append(await answer)

    tasks.start(ask())
    loop.call_later(0.01, answer.give, "yes")
    settle(loop, tasks)
    assert heard == ["yes"]


def test_immediate_tasks_finish_before_start_returns():
    tasks, done = ImmediateTasks(), []

    async def work():
        done.append(await tasks.in_database(lambda: 42))

    running = tasks.start(work())
    assert done == [42]
    assert running.done


def test_immediate_tasks_wait_for_an_answer():
    tasks, answer, heard = ImmediateTasks(), Answer(), []

    async def ask():
        heard.append(await answer)

    running = tasks.start(ask())
    assert not running.done
    answer.give("yes")
    answer.give("no, too late")
    assert heard == ["yes"]
    assert running.done


def test_immediate_tasks_raise_what_nobody_takes():
    async def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ImmediateTasks().start(fail())


def test_cancelled_immediate_work_does_not_go_on():
    answer, heard = Answer(), []

    async def ask():
        heard.append(await answer)

    ImmediateTasks().start(ask()).cancel()
    answer.give("yes")
    assert heard == []


def test_the_line_has_a_thread_of_its_own_and_gives_results_and_errors_back(loop, tasks, errors):
    threads, database = [], threading.Event()

    async def call():
        threads.append(await tasks.in_line(threading.get_ident))
        await tasks.in_line(database.set)
        await tasks.in_line(lambda: 1 / 0)

    async def write():
        assert await tasks.in_database(database.wait, 5), "the line got its turn meanwhile"
        threads.append(await tasks.in_database(threading.get_ident))

    tasks.start(write())
    tasks.start(call())
    settle(loop, tasks)
    assert len(set(threads)) == 2
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_the_end_of_the_program_does_not_wait_for_the_line(loop, errors):
    made = LoopTasks(loop, on_error=errors.append)
    called, answered = threading.Event(), threading.Event()

    def call():
        called.set()
        answered.wait(60)

    async def work():
        await made.in_line(call)

    made.start(work())
    loop.run_until_complete(asyncio.sleep(0))
    assert called.wait(5)
    made._line._PATIENCE = 0.01
    made.close()
    assert not answered.is_set()
    answered.set()
