"""Batch: long jobs, how far they are, and what came of them."""
