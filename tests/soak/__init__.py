"""Long runs with real processes that are killed, and over lines that fail (R reliability P2, P3, P9)."""
