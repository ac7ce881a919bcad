"""What it takes to provoke a refusal: a prepared ledger, and somebody who tries the wrong thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cashier_app.domain.money import Money
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    StartBalancing,
)
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.payments.distribution import Finish, PaymentIn
from tests.builders import (
    AnAccount,
    Ledger,
    a_payment,
    an_account,
    an_open_drawer,
    cash,
    counted,
    usd,
)

GONE = 7
"""A key that nothing has."""
PAIN = Money.of("5.00", "EUR")

Attempt = tuple[Any, str] | tuple[Any, str, dict[str, Any]]
PROVOKED: dict[str, list[Callable[[Ledger], Attempt]]] = {}


def provokes(code: str) -> Callable[[Callable[[Ledger], Attempt]], Callable[[Ledger], Attempt]]:
    """The function prepares a ledger and returns what to try: command, login, how."""

    def note(function: Callable[[Ledger], Attempt]) -> Callable[[Ledger], Attempt]:
        PROVOKED.setdefault(code, []).append(function)
        return function

    return note


def till(ledger: Ledger, owing: str = "50.00") -> AnAccount:
    account = an_account(ledger, owing=owing)
    an_open_drawer(ledger)
    return account


def closing(ledger: Ledger, by: str = "ann", **more: Any) -> int:
    control = an_open_drawer(ledger, by, **more)
    ledger.do(StartBalancing(tender_control_id=control), by)
    return control


def balanced(ledger: Ledger, by: str = "ann") -> int:
    control = closing(ledger, by)
    ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")), by)
    ledger.do(BalanceDrawer(tender_control_id=control), by)
    return control


def loose(ledger: Ledger, **more: Any) -> Any:
    return ledger.do(a_payment(till(ledger), cash("10.00"), finish=Finish.DISTRIBUTE, **more))


def deposit_of(ledger: Ledger) -> int:
    return int(ledger.value("SELECT max(id) FROM deposit_control"))


def loaded(ledger: Ledger, **tables: Any) -> str:
    """Load control tables; the code of the refusal, or nothing."""
    return ledger.refusal(from_plain({"tables": tables}, LoadConfiguration), "system")


def all_to(account: AnAccount, amount: str) -> tuple[PaymentIn, ...]:
    return (PaymentIn(account_id=account.id, amount=usd(amount)),)


def close(ledger: Ledger, control: int, amount: str, note: str = "") -> None:
    """Count and balance a drawer of Ann's; with a note, Sue accepts what is off."""
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted(amount)))
    ledger.do(BalanceDrawer(tender_control_id=control, note=note), "sue" if note else "ann")
