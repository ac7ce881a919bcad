"""Sets a scenario's scene: a fresh ledger with the file's control tables, customers and users."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import CashierError
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.payment import Payment, Tender
from cashier_app.scenarios.filling import filled, money_of
from cashier_app.scenarios.mistakes import REFUSED_SET_UP, Mistake
from cashier_app.scenarios.names import CustomerMade, Names
from cashier_app.scenarios.scenario import SYSTEM_USER, CustomerSpec, Scenario, UserSpec
from cashier_app.scenarios.tree import Node
from cashier_app.services.accounting.agreements import agreements_of
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration import users
from cashier_app.services.administration.setup import LoadConfiguration, add_node, install
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door, Outcome
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM

_OF_EVENT = {
    "tenders": Statement(select(Tender.id).where(Tender.event_id == bindparam("event_id")).order_by(Tender.id)),
    "payments": Statement(select(Payment.id).where(Payment.event_id == bindparam("event_id")).order_by(Payment.id)),
}
_FTS_OF = {
    column.key: Statement(
        select(FinancialTransaction.id).where(column == bindparam("key")).order_by(FinancialTransaction.id)
    )
    for column in (FinancialTransaction.journal_id, FinancialTransaction.sa_id)
}


@cache
def password_hash(password: str) -> str:
    """The hash of a password; computed once, since a good hash is slow on purpose."""
    return users.hashed(password)


@contextlib.contextmanager
def fresh_ledger(url: str | None) -> Iterator[str]:
    """The address of an empty ledger: the one given, or a file that is gone afterwards."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="cashier-scenario-") as folder:
        yield str(Path(folder) / "scenario.db")


@dataclass
class Stage:
    """A ledger and everybody who works with it."""

    scenario: Scenario
    url: str
    clock: FixedClock = field(default_factory=FixedClock)
    opening: set[int] = field(default_factory=set)
    """Journal entries of the set-up."""
    _store: Store | None = None

    def __post_init__(self) -> None:
        self.clock.instant = self.scenario.starts
        self.database = Database(self.url, must_exist=False)
        self.doors: dict[str, Door] = {}
        self.names = Names({}, self._agreements_of_type, self._keys_of_event, self._keys_of_fts)

    def close(self) -> None:
        """Let the database go."""
        self.database.close()

    def set_up(self) -> None:
        """Install, load, open accounts, create users; a Mistake (SCN-007) for what the product refuses."""
        scenario = self.scenario
        first, *others = scenario.workstations
        install(self.database, first)
        for name in others:
            add_node(self.database, name)
        self._open_doors()
        with self._refusals_at(scenario.tables_line):
            tables = {name: tuple(records) for name, records in scenario.tables.items()}
            self._execute(LoadConfiguration(tables=tables))
        with self.looking() as store:
            self.names.houses = dict(self.door.current_config(store).house_agreements)
        for customer in scenario.customers.values():
            with self._refusals_at(customer.node.line):
                self._open_account(customer)
        for user in scenario.users.values():
            with self._refusals_at(user.node.line):
                self._create_user(user)

    def restart(self) -> None:
        """Close everything and open it again, as after a power cut: only what was committed is there."""
        self.database.close()
        self.database = Database(self.url)
        self._open_doors()

    def user_id(self, login: str) -> int:
        """The key of a user of the file, or of the installation itself."""
        return SYSTEM.id if login == SYSTEM_USER else self.names.users[login]

    @property
    def door(self) -> Door:
        """The door of the first workstation."""
        return self.doors[self.scenario.workstations[0]]

    def filled(self, node: Node, wanted: Any) -> Any:
        """What is written at a node, with references replaced by what they stand for now."""
        return filled(node, wanted, self.names, self.scenario.currency)

    def _open_doors(self) -> None:
        self.doors = {name: Door(self.database, name, self.clock) for name in self.scenario.workstations}

    @contextlib.contextmanager
    def looking(self) -> Iterator[Store]:
        """A store over one snapshot of the ledger; the same one where one is open."""
        if self._store is not None:
            yield self._store
            return
        with reading(self.database, access=EVERYTHING) as store:
            self._store = store
            try:
                yield store
            finally:
                self._store = None

    def _agreements_of_type(self, account_id: int, sa_type: str) -> list[int]:
        with self.looking() as store:
            return [each.id for each in agreements_of(store, account_id) if each.sa_type == sa_type]

    def _keys_of_event(self, event_id: int, which: str) -> tuple[int, ...]:
        with self.looking() as store:
            return tuple(row.id for row in store.all(_OF_EVENT[which], event_id=event_id))

    def _keys_of_fts(self, column: str, key: int) -> tuple[int, ...]:
        with self.looking() as store:
            return tuple(row.id for row in store.all(_FTS_OF[column], key=key))

    @contextlib.contextmanager
    def _refusals_at(self, line: int) -> Iterator[None]:
        try:
            yield
        except CashierError as refusal:
            sentences = " ".join(f"{each} ({each.field})" if each.field else str(each) for each in refusal.problems)
            raise Mistake(REFUSED_SET_UP, line, sentences) from None

    def _execute(self, command: Any) -> Outcome:
        outcome = self.door.execute(command, user_id=SYSTEM.id)
        self.opening.add(outcome.journal_id)
        return outcome

    def _record(self, fields: dict[str, Node] | Any, wanted: type, **more: Any) -> Any:
        hints = get_type_hints(wanted)
        currency = self.scenario.currency
        return wanted(
            **{key: filled(node, hints[key], self.names, currency, key) for key, node in fields.items()}, **more
        )

    def _open_account(self, customer: CustomerSpec) -> None:
        agreements = tuple(self._record(each.fields, AgreementIn) for each in customer.agreements)
        named = {} if "name" in customer.fields else {"name": customer.name}
        made = self._execute(self._record(customer.fields, OpenAccount, agreements=agreements, **named)).result
        keys = dict(zip((each.name for each in customer.agreements), made.agreements, strict=True))
        self.names.customers[customer.name] = CustomerMade(made.account_id, made.person_id, made.number, keys)
        for agreement in customer.agreements:
            for debt in agreement.owes:
                with self._refusals_at(debt.node.line):
                    adjustment = AddAdjustment(
                        sa_id=keys[agreement.name],
                        adjustment_type=debt.adjustment_type,
                        amount=money_of(debt.amount, self.scenario.currency),
                        arrears_date=debt.since,
                    )
                    self._execute(adjustment)

    def _create_user(self, user: UserSpec) -> None:
        command = CreateUser(
            login=user.login,
            name=user.full_name,
            password_hash=password_hash(user.password),
            groups=user.groups,
            tender_sources=user.drawers,
            own_accounts=tuple(self.filled(each, int) for each in user.own_accounts),
        )
        self.names.users[user.login] = self._execute(command).result.user_id
