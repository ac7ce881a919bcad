"""Matching: which transactions of an open-item account cover each other, and which are disputed."""
