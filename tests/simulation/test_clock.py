"""Simulated time: it passes only when told to, and machines may be wrong about it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cashier_app.domain.clock import Clock
from cashier_app.simulation.clock import FIRST_MORNING, SimulatedClock, TrueTime

HOUR = timedelta(hours=1)


def test_a_simulated_clock_is_a_clock_for_the_services():
    clock: Clock = SimulatedClock(TrueTime())
    assert clock.now() == FIRST_MORNING
    assert clock.business_date() == date(2026, 1, 5)


def test_time_passes_for_all_machines_alike():
    time = TrueTime()
    here, there = SimulatedClock(time), SimulatedClock(time, error=timedelta(days=-700))
    time.advance(HOUR)
    assert here.now() - there.now() == timedelta(days=700)
    assert here.now() == FIRST_MORNING + HOUR


@pytest.mark.parametrize("by", [timedelta(hours=-24), timedelta(hours=24)])
def test_a_clock_set_wrongly_shows_another_day_until_corrected(by):
    clock = SimulatedClock(TrueTime())
    clock.jump(by)
    assert clock.business_date() == date(2026, 1, 5) + by
    assert clock.error == by
    clock.correct()
    assert clock.now() == FIRST_MORNING


def test_the_true_time_never_goes_backwards():
    with pytest.raises(ValueError, match="backwards"):
        TrueTime().advance(-HOUR)


def test_a_start_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        TrueTime(datetime(2026, 1, 5))  # noqa: DTZ001


def test_the_business_date_may_be_fixed():
    clock = SimulatedClock(TrueTime())
    clock.fix_business_date(date(2026, 2, 28))
    assert clock.business_date() == date(2026, 2, 28)
    clock.fix_business_date(None)
    assert clock.business_date() == date(2026, 1, 5)


def test_the_business_date_is_the_local_day():
    time = TrueTime(datetime(2026, 1, 6, 3, tzinfo=UTC))
    assert SimulatedClock(time, ZoneInfo("America/Los_Angeles")).business_date() == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        (datetime(2026, 1, 5, 15, 20, tzinfo=UTC), 1, 3),
        (datetime(2026, 6, 1, tzinfo=UTC), 1, 1),
    ],
)
def test_daylight_saving_skips_and_repeats_an_hour_while_instants_go_on(start, before, after):
    time = TrueTime(start)
    clock = SimulatedClock(time, ZoneInfo("America/Los_Angeles"))
    wait = clock.until_daylight_saving_change()
    assert wait is not None
    time.advance(wait - HOUR)
    assert clock.local_now().hour == before
    instant = clock.now()
    time.advance(HOUR)
    assert clock.local_now().hour == after
    assert clock.now() - instant == HOUR


def test_where_there_is_no_daylight_saving_there_is_nothing_to_wait_for():
    assert SimulatedClock(TrueTime()).until_daylight_saving_change() is None
