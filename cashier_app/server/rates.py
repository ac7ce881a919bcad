"""Token buckets: how often each may ask (R reliability P14)."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from cashier_app.server.options import Rate
from cashier_app.server.refusing import Refused

MOST_KEYS: Final = 20_000
"""Whoever asked least lately is forgotten first, so that many addresses cost no memory."""


class Buckets:
    """One bucket for each key; used by one thread, that of the event loop."""

    def __init__(self, rate: Rate, now: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._now = now
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one.

        Raises:
            Refused: API-007, 429 with the seconds after which the next is there.
        """
        now = self._now()
        left, at = self._filled.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        granted = left >= 1
        self._filled[key] = (left - 1 if granted else left, now)
        while len(self._filled) > MOST_KEYS:
            self._filled.popitem(last=False)
        if not granted:
            wait = max(1, math.ceil((1 - left) / self._rate.per_second))
            raise Refused(429, "API-007", f"Too many requests. Wait {wait} s.", headers={"Retry-After": str(wait)})
