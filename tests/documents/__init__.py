"""Tests of the documents; `samples` holds one harmless sample of each."""
