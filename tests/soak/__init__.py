"""Long runs with real processes that are killed, and over lines that fail (R reliability P2, P3, P9)."""

import os

SEED = int(os.environ.get("CASHIER_SOAK_SEED", "0"))
"""Another number kills at other moments."""
