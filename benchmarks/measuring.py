"""What a measurement is, and the machine it was made on."""

from __future__ import annotations

import gc
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cashier_app.services.kernel.database import sqlite_driver


@dataclass(frozen=True, slots=True)
class Options:
    """How a benchmark is asked for."""

    quick: bool = False
    """Small enough for a coffee break: under fifty seconds."""
    data: Path | None = None
    """Where large data sets are kept between runs; without it they are made anew."""
    large: bool = False
    """With a million accounts in the database; the baseline is then the product itself with a thousand."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The answer of a benchmark."""

    name: str
    unit: str
    """Of product and baseline."""
    product: float
    """Median over the rounds."""
    baseline: float
    """Median of the bare work beside it, in the same run."""
    ratio: float
    """Product over baseline."""
    memory_mb: float
    """Most memory that the product's process held."""
    hardware: str
    detail: dict[str, Any] = field(default_factory=dict)
    """Sizes, spreads and whatever else explains the figures."""


def measurement(
    name: str,
    unit: str,
    product: list[float],
    baseline: list[float],
    *,
    memory_mb: float | None = None,
    **detail: Any,
) -> Measurement:
    """The medians of rounds of both sides.

    `memory_mb` gives the product's peak where the baseline, which holds its rows ready, would otherwise hide it.
    """
    middle, bare = statistics.median(product), statistics.median(baseline)
    return Measurement(
        name=name,
        unit=unit,
        product=_rounded(middle),
        baseline=_rounded(bare),
        ratio=_rounded(middle / bare) if bare else 0.0,
        memory_mb=peak_memory_mb() if memory_mb is None else memory_mb,
        hardware=hardware(),
        detail={**detail, "rounds": {"product": [*map(_rounded, product)], "baseline": [*map(_rounded, baseline)]}},
    )


def peak_memory_mb() -> float:
    """Most memory that this process has held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    with undisturbed():
        started = time.perf_counter()
        work()
        return time.perf_counter() - started


@contextmanager
def undisturbed() -> Iterator[None]:
    """Start with a clean heap, so that one side does not pay for the garbage of the other."""
    gc.collect()
    yield


def hardware() -> str:
    """The machine and the versions that matter, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    sqlite = sqlite_driver().sqlite_version
    return (
        f"{os.cpu_count()} cores {_processor()}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {sys.version.split()[0]}, SQLite {sqlite}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
