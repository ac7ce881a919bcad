"""Opening an account in one compact form: who, where, and which agreements start there today (row F1)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.configuration import CustomerClass, HouseAgreement, SaType
from cashier_app.domain.errors import Problem
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AccountOpened, OpenAccount
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

Codes = tuple[tuple[str, str], ...]
"""Codes with their words."""

NO_OFFICE: Final = ("", "")
"""Of an account that is open to everybody."""


@dataclass(frozen=True, slots=True)
class AccountChoices:
    """What may be chosen when an account is opened."""

    customer_classes: Codes = ()
    sa_types: Codes = ()
    """In payment priority."""
    offices: Codes = ()
    """Those that may keep the account; empty where offices keep nothing to themselves."""


def account_choices(store: Store, config: Configuration) -> AccountChoices:
    """Classes and agreement types for customers; what the utility keeps with itself is left out."""
    house = config.all(HouseAgreement).values()
    classes = {record.customer_class for record in house}
    types = {record.sa_type for record in house}
    currency = config.installation.currency
    ordered = sorted(config.all(SaType).values(), key=lambda sa_type: (sa_type.payment_priority, sa_type.code))
    return AccountChoices(
        tuple(
            (record.code, record.description)
            for record in config.all(CustomerClass).values()
            if record.code not in classes
        ),
        tuple(
            (record.code, record.description)
            for record in ordered
            if record.code not in types and record.currency == currency
        ),
        offices(store, config),
    )


def offices(store: Store, config: Configuration) -> Codes:
    """The offices whose accounts the user sees; whoever sees only some proposes their own first, others nobody's."""
    known = [(code, group.description or code) for code, group in config.all(AccessGroup).items()]
    if not known:
        return ()
    seen = [office for office in known if store.access.may_see(office[0])]
    return (NO_OFFICE, *seen) if store.access.everything else (*seen, NO_OFFICE)


class AccountForm(Screen):
    """The form; what is typed stays with the view until it is sent."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "configuration")
        self.choices = AccountChoices()
        self.sending = desk.sending()

    def refresh(self) -> None:
        """Read what may be chosen."""
        self.ask(self._show_choices, account_choices)

    def open_account(
        self,
        then: Callable[[AccountOpened], None],
        *,
        name: str,
        kind: str,
        customer_class: str,
        phone: str,
        email: str,
        place: tuple[str, str, str],
        sa_types: Collection[str],
        access_group: str = "",
    ) -> None:
        """Open the account; every chosen agreement starts today at the one place (address, city, postal code)."""
        address, city, postal_code = (part.strip() for part in place)
        problems = []
        if not name.strip():
            problems.append(Problem("CUS-001", "The customer's name is needed.", "name"))
        if sa_types and not address:
            problems.append(Problem("CUS-020", "Say where the agreements serve, or choose none.", "address"))
        if problems:
            self.sending.refuse(*problems)
            return
        command = OpenAccount(
            name=name.strip(),
            kind=kind,
            customer_class=customer_class,
            phone=phone.strip(),
            email=email.strip(),
            mailing_address=", ".join(part for part in (address, f"{postal_code} {city}".strip()) if part),
            agreements=tuple(
                AgreementIn(sa_type=code, address=address, city=city, postal_code=postal_code) for code in sa_types
            ),
            access_group=access_group,
        )
        self.sending.send(command, lambda outcome: then(outcome.result), f"Open an account for {name.strip()}")

    def _show_choices(self, choices: AccountChoices) -> None:
        self.choices = choices
        self.notify()
