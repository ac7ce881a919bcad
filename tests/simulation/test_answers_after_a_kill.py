"""What is told after a restart lies on the disk: a program killed in its commit leaves bytes that nobody synced.

Found by seed 602: the command sent again was acknowledged from such bytes, and a power cut then took them.
"""

import contextlib
import random

import pytest

from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.simulation.clock import TrueTime
from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.office import NODE, furnished
from cashier_app.simulation.workstation import Workstation

COMMAND = OpenAccount(name="Somebody", customer_class="RES")
ID = "f" * 32


def _send(office):
    return office.door.execute(COMMAND, user_id=SYSTEM.id, command_id=ID)


@pytest.mark.parametrize("after", range(10, 60, 2))
def test_what_was_told_after_a_kill_outlives_a_power_cut(after):
    for seed in range(8):
        office = Workstation(NODE, random.Random(seed), TrueTime())
        office.furnish(furnished().files)
        office.disk.arm(FaultKind.PROCESS_KILLED, after=after)
        try:
            _send(office)
        except MachineStopped:
            office.restart()
        office.disk.disarm()
        told = _send(office).result
        office.disk.cut_power()
        office.restart()
        again = _send(office)
        assert again.repeated, "acknowledged, and gone"
        assert again.result == told


@pytest.mark.parametrize("after", range(0, 80, 4))
def test_a_page_that_cannot_be_read_is_told_in_our_own_words(after):
    """Found by seed 2026, piece 84 of five branches: an error of the driver came out of the door."""
    for extra in range(4):
        office = Workstation(NODE, random.Random(after), TrueTime())
        office.furnish(furnished().files)
        office.disk.arm(FaultKind.READ_ERROR, after=after + extra)
        with contextlib.suppress(EnvironmentProblem):
            _send(office)
        office.disk.disarm()
        assert _send(office).result.account_id
