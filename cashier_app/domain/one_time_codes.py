"""One-time codes as every authenticator app shows them: RFC 6238, HMAC-SHA-1, six digits, a new one each 30 seconds.

A code belongs to a step, the number of half minutes since 1970. Whoever accepts one keeps its step and takes no code of
that or an earlier step again (R reliability 5.2).
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final

DIGITS: Final = 6
STEP_SECONDS: Final = 30
SECRET_BYTES: Final = 20
"""As many as SHA-1 gives, which RFC 4226 recommends."""
TOLERANCE: Final = 1
"""Steps by which the clock of a telephone, or a slow hand, may be off."""


def step_at(instant: datetime) -> int:
    """The step of an instant."""
    return int(instant.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of a secret (Base32) in a step."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, instant: datetime) -> int | None:
    """The latest step around the instant that the code belongs to; nothing where it belongs to none."""
    now = step_at(instant)
    steps = range(now + TOLERANCE, now - TOLERANCE - 1, -1)
    return next((step for step in steps if hmac.compare_digest(code_of(secret, step), code)), None)
