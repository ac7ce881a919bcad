"""The ledger itself: what agreements owe, adjustments, and the one writer of financial transactions."""
