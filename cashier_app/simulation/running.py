"""Runs: cut into pieces, each with a fresh machine and a generator of its own, played in any number of processes.

What comes out depends on the seed alone: not on the number of processes, nor on which of them is faster.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from cashier_app.simulation.branches import TownSimulation, days_of_a_piece
from cashier_app.simulation.faults import FaultKind
from cashier_app.simulation.office import furnished
from cashier_app.simulation.planted import PLANTED, planted
from cashier_app.simulation.report import Report
from cashier_app.simulation.simulator import DAYS_OF_A_PIECE, Simulation
from cashier_app.simulation.town import furnished_town

BRANCHES = 3
"""Of the town in which a planted fault of branches is looked for."""

Weather = Mapping[FaultKind, int]


class Piece(NamedTuple):
    """A part of a run that needs none of the others."""

    seed: int
    number: int
    days: int
    """Cashier-days."""
    branches: int = 0
    """None for an office alone."""
    weather: Weather | None = None
    planted: str = ""
    """A mistake that the product has while this piece is played."""


def pieces(run: Piece, only: int | None = None) -> Iterator[Piece]:
    """What a run of so many cashier-days is cut into, or one piece of it."""
    size = days_of_a_piece(run.branches) if run.branches else DAYS_OF_A_PIECE
    for number, before in enumerate(range(0, run.days, size)):
        if only in {None, number}:
            yield run._replace(number=number, days=min(size, run.days - before))


def play(piece: Piece) -> Report:
    """Play one piece in this process."""
    _furnish(piece.branches)  # by the product as it should be
    with planted(piece.planted) if piece.planted else contextlib.nullcontext():
        report = _played(piece)
    gc.collect()  # machines, their disks and their connections know each other
    return report


def _played(piece: Piece) -> Report:
    if piece.branches:
        town = TownSimulation(piece.seed, piece.number, branches=piece.branches, weather=piece.weather)
        report = town.run(piece.days)
        for machine in town.machines:
            machine.put_away()
        return report
    alone = Simulation(piece.seed, piece.number, weather=piece.weather)
    report = alone.run(piece.days)
    alone.office.put_away()
    return report


def _furnish(branches: int) -> None:
    if branches:
        furnished_town(branches)
    else:
        furnished()


def simulate(
    seed: int,
    cashier_days: int,
    *,
    branches: int = 0,
    weather: Weather | None = None,
    planted: str = "",
    stop_at_violation: bool = False,
    only: int | None = None,
    jobs: int = 1,
) -> Report:
    """Play so many cashier-days of a seed, in so many processes."""
    # No decision depends on the time: it is only told.
    began = time.perf_counter()
    whole = Report(seed)
    wanted = list(pieces(Piece(seed, 0, cashier_days, branches, weather, planted), only))
    with contextlib.closing(played(wanted, min(jobs, len(wanted)))) as reports:
        for report in reports:
            whole.add(report)
            if stop_at_violation and whole.violations:
                break
    whole.seconds = round(time.perf_counter() - began, 3)
    return whole


def hunt(name: str, seed: int = 1, most_days: int = 1000) -> Report:
    """Simulate the product with a planted fault until it is found, or for so many cashier-days."""
    branches = BRANCHES if PLANTED[name].at_branches else 0
    return simulate(seed, most_days, branches=branches, planted=name, stop_at_violation=True)


def played(wanted: Sequence[Piece], jobs: int) -> Generator[Report]:
    """Reports of pieces in their order, as they come."""
    if jobs <= 1:
        with _seldom_collected(wanted[0].branches if wanted else 0):
            yield from map(play, wanted)
        return
    # Spawned, as Windows can no other way: what is inherited by a fork depends on what ran before.
    given = (wanted[0].branches, _log_level())
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _make_ready, given)
    try:
        yield from executor.map(play, wanted)
    finally:
        executor.shutdown(cancel_futures=True)


def cores() -> int:
    """How many processes this machine works on at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _log_level() -> int:
    return logging.root.manager.disable


def _make_ready(branches: int, log_level: int) -> None:
    logging.disable(log_level)
    _furnish(branches)
    _collect_seldom()


def _collect_seldom() -> None:
    """Nearly all that a simulation makes is gone with its last name; what was imported stays for good."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@contextlib.contextmanager
def _seldom_collected(branches: int) -> Iterator[None]:
    before = gc.get_threshold()
    _furnish(branches)
    _collect_seldom()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
