"""Rows for Qt tables, over frozen dataclasses."""
