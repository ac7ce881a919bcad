"""One-time codes against the examples of RFC 6238, appendix B."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from cashier_app.domain.one_time_codes import code_of, matching_step, step_at

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str):
    instant = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_at(instant)) == code
    assert matching_step(SECRET, code, instant) == seconds // 30


def test_a_clock_may_be_off_by_half_a_minute_and_no_more():
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    code = code_of(SECRET, step_at(now))
    off = [matching_step(SECRET, code, now + timedelta(seconds=30 * steps)) is not None for steps in range(-2, 3)]
    assert off == [False, True, True, True, False]
