"""The people behind the counter of the demo utility. Light: the sign-in window tells the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody behind the counter."""

    login: str
    name: str
    password: str
    """Known to everybody who can read; a ledger for real money is made with `cashier init`."""
    group: str
    drawer: str = ""
    data_access: str = "ALL-OFFICES"


DEMO_USERS: Final = (
    DemoUser("ann", "Ann Baker", "ann counts the coins", "CASHIER", "CASH-A01", "NORTH-OFFICE"),
    DemoUser("ben", "Ben Castillo", "ben rings the till bell", "CASHIER", "CASH-A02", "SOUTH-OFFICE"),
    DemoUser("sue", "Sue Okafor", "sue keeps the safe shut", "SUPERVISOR", "CASH-A03"),
    DemoUser("olga", "Olga Lindqvist", "olga answers every letter", "BACKOFFICE"),
    DemoUser("adam", "Adam Reyes", "adam sets the tables", "ADMIN"),
    DemoUser("vera", "Vera Nowak", "vera reads what was done", "AUDITOR"),
)
"""Who may sign in at the demo utility, and with what."""

BRANCH_USERS: Final = (DemoUser("bea", "Bea Fontaine", "bea opens the branch at nine", "CASHIER", "CASH-B71"),)
"""Who works at the branch of the demo utility, where there is one."""
