"""A server and its branches; what must always hold of each is looked at after every test."""

from tests.support.ledgers import ledger, no_ledger_stays_open, pytest_pyfunc_call

__all__ = ["ledger", "no_ledger_stays_open", "pytest_pyfunc_call"]
