"""Two offices that keep their customers to themselves, and people with every kind of data access (T10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.customers.accounts import (
    AddAlert,
)
from cashier_app.services.papers.words import Reader
from cashier_app.services.payments.taking import EventTaken, Finish
from tests.builders import (
    AnAccount,
    Ledger,
    a_payment,
    a_user,
    an_account,
    an_open_deposit,
    cash,
    check,
    usd,
)

TODAY = date(2026, 1, 5)
OF_NORTH, OF_SOUTH, OF_ALL, OF_NONE = "nora", "seth", "alma", "nils"
OFFICES = {OF_NORTH: ("NORTH-OFFICE",), OF_SOUTH: ("SOUTH-OFFICE",), OF_ALL: ("ALL-OFFICES",), OF_NONE: ()}
"""Login → data access roles. All of them may do anything else."""
MAY_SEE_NORTH, MAY_NOT = (OF_NORTH, OF_ALL), (OF_SOUTH, OF_NONE)


MICR = "064000017 1234567"
ELSEWHERE = "SEC-031"
EXTERNAL = "OLD-4711"
READER = Reader(name="Somebody", now=datetime(2026, 1, 5, 15, 0, tzinfo=UTC))


@dataclass(frozen=True)
class Offices:
    """Two offices with a drawer and a customer each, and one customer of nobody in particular."""

    ledger: Ledger
    north: AnAccount
    south: AnAccount
    open: AnAccount
    taken: EventTaken
    """A check of the north office's customer, frozen."""
    prepared: EventTaken
    """Money of the same customer, not frozen."""
    drawer: int
    """The north office's."""
    deposit: int
    alert: int

    def ask(self, by: str, query: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Ask as a screen does, for somebody's eyes."""
        with self.ledger.door.looking(self.ledger.people[by]) as (store, config):
            return query(store, config, *arguments, **more)

    def refusal_of(self, by: str, query: Callable[..., Any], *arguments: Any, **more: Any) -> str:
        try:
            self.ask(by, query, *arguments, **more)
        except RuleViolation as refused:
            return refused.problems[0].code
        return ""

    def adjustment(self) -> int:
        found = self.ledger.value(f"SELECT id FROM adjustment WHERE sa_id = {self.north.sa['ELEC']}")
        return int(found)

    def ft(self) -> int:
        sql = f"SELECT min(id) FROM financial_transaction WHERE sa_id = {self.north.sa['ELEC']}"
        return int(self.ledger.value(sql))


def two_offices(ledger: Ledger) -> Offices:
    """As they stand at noon: a drawer open in each, some money taken in the north."""
    ledger.do(LoadConfiguration(tables={"user_group": ({"code": "EVERYTHING", "rights": ("*",)},)}), "system")
    drawers = dict(zip(OFFICES, ("CASH-A01", "CASH-A02", "CASH-A03", ""), strict=True))
    for login, roles in OFFICES.items():
        source = drawers[login]
        a_user(ledger, login, "EVERYTHING", data_access_roles=roles, tender_sources=(source,) if source else ())
    deposit = an_open_deposit(ledger)
    opened = {
        login: ledger.do(OpenTenderControl(tender_source=source, starting_balance=usd("100.00")), login)
        for login, source in drawers.items()
        if source
    }
    north = an_account(
        ledger, "Nina Northcote", owing="80.00", access_group="NORTH", phone="5550101", external_number=EXTERNAL
    )
    south = an_account(ledger, "Saul Southwell", owing="70.00", access_group="SOUTH")
    anybody = an_account(ledger, "Olive Openshaw", owing="60.00")
    alert = ledger.do(AddAlert(account_id=north.id, text="Bites"), OF_NORTH).alert_id
    taken = ledger.do(a_payment(north, check("30.00", micr=MICR)), OF_NORTH)
    prepared = ledger.do(a_payment(north, cash("20.00"), finish=Finish.DISTRIBUTE), OF_NORTH)
    drawer = opened[OF_NORTH].tender_control_id
    return Offices(ledger, north, south, anybody, taken, prepared, drawer, deposit, alert)
