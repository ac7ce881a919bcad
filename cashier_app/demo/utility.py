"""Makes the demo utility, by real commands: a small town's ledger, people behind the counter, customers who owe."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import yaml

import resources
from cashier_app.demo.demo_users import DEMO_USERS, DemoUser
from cashier_app.demo.generated_utility import DemoAgreement, DemoCustomer, demo_customers
from cashier_app.domain.clock import Clock, FixedClock, SystemClock
from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AddAlert, OpenAccount
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.matching.match_events import CreateMatchEvent
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.queries.transactions import fts_of_sources

if TYPE_CHECKING:
    from cashier_app.services.customers.accounts import AccountOpened

PACKAGE: Final = "packages/demo-utility.yaml"
CURRENCY: Final = "USD"
FLOAT: Final = 10_000
"""Cents with which the drawers of the demo start."""


_SA_TYPES: Final = {"electric": "ELEC", "gas": "GAS", "water": "WATER", "deposit": "DEPOSIT"}


def prepare(database_url: str, *, customers: int = 60, node: str = "TILL-1", clock: Clock | None = None) -> None:
    """Create the demo utility in an empty database, as it stands in the morning of a working day.

    Raises EnvironmentProblem with DB-EXISTS where there is a ledger already; that one is left as it is.
    """
    database = Database(database_url, must_exist=False)
    try:
        install(database, node)
        _Maker(database, node, clock or SystemClock()).make(customers)
    finally:
        database.close()


class _Maker:
    """One morning's worth of commands."""

    def __init__(self, database: Database, node: str, clock: Clock) -> None:
        self._database, self._node, self._clock = database, node, clock
        self._today = clock.business_date()
        self._door = Door(database, node, clock)
        self._users: dict[str, int] = {}

    def make(self, customers: int) -> None:
        # Set up the days before, so that today's books hold today's work only.
        self._door = self._door_before(2)
        package = yaml.safe_load(resources.path(PACKAGE).read_text(encoding="utf-8"))
        self._do(from_plain({"tables": package}, LoadConfiguration))
        for user in DEMO_USERS:
            self._users[user.login] = self._do(_create(user)).user_id
        opened = [(customer, self._open(customer)) for customer in demo_customers(count=customers)]
        self._yesterday([(customer, account) for customer, account in opened if customer.cash_only])
        self._door = Door(self._database, self._node, self._clock)
        self._do(OpenDepositControl(), "sue")

    def _door_before(self, days: int) -> Door:
        """The door as it stood some days ago."""
        before = timedelta(days=days)
        return Door(self._database, self._node, FixedClock(self._clock.now() - before, self._today - before))

    def _do(self, command: Any, login: str = "") -> Any:
        return self._door.execute(command, user_id=self._users.get(login, SYSTEM.id)).result

    def _open(self, customer: DemoCustomer) -> AccountOpened:
        address = customer.address
        opened: AccountOpened = self._do(
            OpenAccount(
                name=customer.name,
                kind="BUSINESS" if customer.is_business else "PERSON",
                customer_class="COM" if customer.is_business else "RES",
                phone=customer.phone,
                email=customer.email,
                agreements=tuple(
                    AgreementIn(
                        sa_type=_SA_TYPES[agreement.service],
                        address=address.street,
                        city=address.city,
                        postal_code=address.postal_code,
                        starts=self._today - timedelta(days=800),
                    )
                    for agreement in customer.agreements
                ),
            )
        )
        for sa_id, agreement in zip(opened.agreements, customer.agreements, strict=True):
            charged = [self._do(command).adjustment_id for command in _balances(sa_id, agreement, self._today)]
            if agreement.service == customer.disputes:
                self._dispute(opened.account_id, charged[-1])
        if customer.alert:
            self._do(AddAlert(account_id=opened.account_id, text=customer.alert))
        return opened

    def _dispute(self, account_id: int, adjustment_id: int) -> None:
        with self._door.looking(None) as (store, config):
            (charge,) = fts_of_sources(store, config, [adjustment_id])[adjustment_id]
        reason = "The meter was exchanged in the middle of the month"
        self._do(CreateMatchEvent(account_id=account_id, ft_ids=(charge.ft_id,), dispute=reason), "olga")

    def _yesterday(self, bouncing: list[tuple[DemoCustomer, AccountOpened]]) -> None:
        """A drawer of the day before, whose checks from these customers came back: their history is real."""
        if not bouncing:
            return
        self._door = self._door_before(1)
        self._do(OpenDepositControl(), "sue")
        control = self._do(OpenTenderControl(tender_source="CASH-A03"), "sue").tender_control_id
        taken = [
            self._take_check(account, number * 10 + times)
            for number, (_, account) in enumerate(bouncing, start=1)
            for times in range(_BOUNCES)
        ]
        self._do(StartBalancing(tender_control_id=control), "sue")
        counted = (
            Counted(tender_type="CASH", amount=_usd(FLOAT)),
            Counted(tender_type="CHEC", amount=_usd(_CHECK * len(taken))),
        )
        self._do(CountDrawer(tender_control_id=control, count=counted), "sue")
        self._do(BalanceDrawer(tender_control_id=control), "sue")
        self._door = Door(self._database, self._node, self._clock)
        for tender_id in taken:
            self._do(CancelTender(tender_id=tender_id, reason="NSF"), "olga")

    def _take_check(self, account: AccountOpened, number: int) -> int:
        tender = TenderIn(tender_type="CHEC", amount=_usd(_CHECK), reference=str(4_700 + number))
        event = self._do(TakePayment(payor_account_id=account.account_id, tenders=(tender,)), "sue")
        return int(event.tender_ids[0])


_CHECK: Final = 12_500
_BOUNCES: Final = 3
"""So many returned checks make a customer cash-only."""


def _usd(cents: int) -> Money:
    return Money(cents, CURRENCY)


def _create(user: DemoUser) -> CreateUser:
    return CreateUser(
        login=user.login,
        name=user.name,
        password_hash=hashed(user.password, user.login),
        groups=(user.group,),
        tender_sources=(user.drawer,) if user.drawer else (),
        data_access_roles=(user.data_access,),
    )


def _balances(sa_id: int, agreement: DemoAgreement, today: date) -> list[AddAdjustment]:
    held = [AddAdjustment(sa_id=sa_id, adjustment_type="CONVERSION", amount=_usd(-agreement.deposit_held))]
    return [
        *(
            AddAdjustment(
                sa_id=sa_id,
                adjustment_type="CONVERSION",
                amount=_usd(debt.cents),
                arrears_date=today - timedelta(days=debt.days),
            )
            for debt in agreement.debts
        ),
        *(held if agreement.deposit_held else ()),
    ]
