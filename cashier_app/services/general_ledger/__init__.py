"""The general ledger: what is handed over to it, how it stands; check requests to accounts payable (rows C4, C6)."""
