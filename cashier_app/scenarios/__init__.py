"""Scenario files: a day at the counter in plain text, replayed and compared to the cent (row G6)."""
