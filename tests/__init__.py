"""The tests; importable so that they can share `tests.support`, `tests.builders` and `tests.checkers`."""
