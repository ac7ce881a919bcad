"""`cashier serve` as it is, but for how often one address may sign in: branches here start anew every second."""

from __future__ import annotations

import faulthandler
import signal
import sys
from pathlib import Path

from cashier_app.server.options import Limits, Options, Rate
from cashier_app.server.serving import serve

PLENTY = Rate(10_000, 10_000)

if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)  # where it hangs, should it hang
    database, state, port, workers = sys.argv[1:]
    limits = Limits(sign_ins=PLENTY, per_address=PLENTY, per_identity=PLENTY)
    serve(Options(database=database, state=Path(state), port=int(port), workers=int(workers), limits=limits))
