"""Founding and keeping a ledger: set-up, users, workstations, the line to the server, seals."""
