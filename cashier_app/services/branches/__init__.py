"""Branches: what they record, how it travels, what the server makes of it (decision 18)."""
