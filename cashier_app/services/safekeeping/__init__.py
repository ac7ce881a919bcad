"""Copies of a ledger that can be trusted: backup, restore, and the one made before an upgrade."""
