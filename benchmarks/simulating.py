"""Days at the counter with power cuts and full disks, beside the same simulator in fair weather."""

from __future__ import annotations

from benchmarks.measuring import Measurement, Options, measurement, seconds
from cashier_app.simulation.report import Report
from cashier_app.simulation.running import simulate as play


def simulate(options: Options) -> Measurement:
    """Cashier-days a second, each step checked; refused to be a figure if the simulator found anything."""
    rounds, days = (5, 9) if options.quick else (9, 60)
    product, baseline = [], []
    faults = steps = 0
    _played(0, 3)
    for seed in range(1, rounds + 1):
        stormy: list[Report] = []
        product.append(days / seconds(lambda: stormy.append(_played(seed, days))))  # noqa: B023
        faults += stormy[0].faults
        steps += stormy[0].steps
        baseline.append(days / seconds(lambda: _played(seed, days, fair=True)))  # noqa: B023
    return measurement("simulate", "cashier-days/s", product, baseline, steps=steps, faults=faults)


def _played(seed: int, days: int, *, fair: bool = False) -> Report:
    report = play(seed, days, weather={} if fair else None)
    assert not report.violations, report.first_violation
    return report
