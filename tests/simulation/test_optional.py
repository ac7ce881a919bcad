"""Without apsw the product imports everything and refuses only to simulate."""

import subprocess
import sys

PROGRAM = """
import sys
sys.modules["apsw"] = None
import random
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.simulation import apsw_driver, clock, faults, faulty_files, memory_disk
for attempt in (lambda: faulty_files.FaultyDisk(random.Random(1)), lambda: apsw_driver.connect(":memory:")):
    try:
        attempt()
    except EnvironmentProblem as problem:
        assert problem.code == "SIM-001" and "cashier[simulator]" in str(problem)
    else:
        raise AssertionError
"""


def test_a_missing_apsw_is_refused_clearly_and_late():
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
