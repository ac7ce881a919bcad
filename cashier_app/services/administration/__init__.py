"""Founding and keeping a ledger: set-up, users, workstations, seals, backup, upgrade."""
