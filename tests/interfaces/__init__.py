"""Tests of what talks to devices."""
