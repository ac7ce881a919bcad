"""Users and their rights: who may sign in, what their groups allow, their usual drawers, accounts that are theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cashier_app.domain.access_tables import DataAccessRole
from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import CashierError, Problem, RuleViolation
from cashier_app.domain.lifecycles import SourceType
from cashier_app.domain.to_do import ToDoRole
from cashier_app.services.administration.second_factors import ResetSecondFactor
from cashier_app.services.administration.users import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    SHORTEST_WITH_CODE,
    ChangeUser,
    CreateUser,
    SetPassword,
    hashed,
    shortest_password,
)
from cashier_app.services.customers.names import account_names
from cashier_app.services.queries.administration import GroupRow, UserRow, groups, users
from cashier_app.services.queries.search import Why, find
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

Then = Callable[[Any], None]

PASSWORD_LENGTHS: Final = (SHORTEST_PASSWORD, LONGEST_PASSWORD, SHORTEST_WITH_CODE)
_NUMBERS: Final = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Office:
    """Everything on the screen in one read."""

    users: tuple[UserRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    drawers: tuple[tuple[str, str], ...] = ()
    account_numbers: tuple[tuple[int, str], ...] = ()
    """Numbers of the accounts that users call their own; empty where another office keeps one."""
    roles: tuple[tuple[str, str], ...] = ()
    """Data access roles."""
    to_do_roles: tuple[tuple[str, str], ...] = ()


def read_office(store: Store, config: Configuration) -> Office:
    """Users, groups, drawers and data access roles."""
    everybody = users(store, config)
    own = sorted({account_id for user in everybody for account_id in user.own_accounts})
    return Office(
        everybody,
        groups(store, config),
        tuple(
            (source.code, f"{source.code} {source.description}")
            for source in config.all(TenderSource).values()
            if source.type is SourceType.ONLINE_CASHIERING
        ),
        tuple((account_id, account.number) for account_id, account in account_names(store, own).items()),
        tuple((code, role.description or code) for code, role in config.all(DataAccessRole).items()),
        tuple((code, role.description or code) for code, role in config.all(ToDoRole).items()),
    )


def accounts_of(store: Store, config: Configuration, numbers: Sequence[str]) -> tuple[int, ...]:
    """The accounts of account numbers; refuses with CUS-010 where one is not known."""
    found = []
    for number in numbers:
        hit = next((hit for hit in find(store, config, number, 1) if hit.why is Why.ACCOUNT_NUMBER), None)
        if hit is None:
            raise RuleViolation([Problem("CUS-010", f"There is no account {number}.", "own_accounts")])
        found.append(hit.account_id)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UserForm:
    """A user as typed."""

    login: str
    name: str
    groups: tuple[str, ...]
    drawers: tuple[str, ...]
    own_accounts: str
    """Account numbers, separated by spaces or commas."""
    roles: tuple[str, ...] = ()
    """Data access roles."""
    active: bool = True
    password: str = ""
    """For a new user only."""
    to_do_roles: tuple[str, ...] = ()
    e_mail: str = ""


class Users(Screen):
    """The users, and the one the form is about."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "user", "configuration")
        self.office = Office()
        self.chosen_login = ""
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again."""
        self.ask(self._show, dated(read_office))

    @property
    def chosen(self) -> UserRow | None:
        """The user on the right."""
        return next((user for user in self.office.users if user.login == self.chosen_login), None)

    def choose(self, login: str) -> None:
        """Show a user."""
        if login != self.chosen_login:
            self.chosen_login = login
            self.sending.forget()
            self.notify()

    def numbers(self, user: UserRow) -> str:
        """The numbers of a user's own accounts, as far as they are not kept by another office."""
        known = dict(self.office.account_numbers)
        return " ".join(known[account_id] for account_id in user.own_accounts if known.get(account_id))

    def create(self, form: UserForm, then: Then) -> None:
        """Let somebody new sign in."""
        self._start(self._create(form, then))

    def change(self, form: UserForm, then: Then) -> None:
        """Change name, rights, drawers, own accounts, or whether they may sign in."""
        self._start(self._change(form, then))

    def reset_second_factor(self, login: str, then: Then) -> None:
        """The telephone and the recovery codes are lost."""
        self.sending.send(ResetSecondFactor(login=login), then, f"Reset the second factor of {login}")

    def set_password(self, login: str, password: str, then: Then) -> None:
        """A new password; it ends a lock, too."""
        self._start(self._set_password(login, password, then))

    async def _create(self, form: UserForm, then: Then) -> None:
        password_hash = await self._hashed(form.password, form.login, form.groups)
        command = CreateUser(
            login=form.login.strip(),
            name=form.name.strip(),
            password_hash=password_hash,
            groups=form.groups,
            tender_sources=form.drawers,
            own_accounts=await self._accounts(form),
            data_access_roles=form.roles,
            to_do_roles=form.to_do_roles,
            e_mail=form.e_mail,
        )
        self.chosen_login = command.login
        self.sending.send(command, then, f"Add user {command.login}")

    async def _change(self, form: UserForm, then: Then) -> None:
        before = self.chosen
        command = ChangeUser(
            login=form.login,
            name=form.name.strip(),
            active=form.active,
            # Nobody changes their own rights: leaving them out lets the rest be changed.
            groups=None if before is not None and set(before.groups) == set(form.groups) else form.groups,
            data_access_roles=(
                None if before is not None and set(before.data_access_roles) == set(form.roles) else form.roles
            ),
            to_do_roles=(
                None if before is not None and set(before.to_do_roles) == set(form.to_do_roles) else form.to_do_roles
            ),
            e_mail=form.e_mail,
            tender_sources=form.drawers,
            own_accounts=(*await self._accounts(form), *self._own_elsewhere(before)),
        )
        seen = None if before is None else self.seen(("user", before.user_id))
        self.sending.send(command, then, f"Change user {form.login}", seen=seen)

    async def _set_password(self, login: str, password: str, then: Then) -> None:
        command = SetPassword(login=login, password_hash=await self._hashed(password, login))
        self.sending.send(command, then, f"New password for {login}")

    async def _accounts(self, form: UserForm) -> tuple[int, ...]:
        numbers = [number for number in _NUMBERS.split(form.own_accounts.strip()) if number]
        return await self.desk.backend.query(accounts_of, numbers) if numbers else ()

    def _own_elsewhere(self, user: UserRow | None) -> tuple[int, ...]:
        """Own accounts that the form cannot show: they stay."""
        known = dict(self.office.account_numbers)
        return tuple(account_id for account_id in (user.own_accounts if user else ()) if not known.get(account_id))

    async def _hashed(self, password: str, login: str, groups: Sequence[str] | None = None) -> str:
        """Beside the window: hashing a password is slow on purpose."""
        shortest = await self.desk.backend.query(shortest_password, login, groups)
        return await self.desk.backend.tasks.in_files(partial(hashed, password, login.strip(), shortest=shortest))

    def _start(self, work: Any) -> None:
        async def guarded() -> None:
            try:
                await work
            except CashierError as refused:
                self.sending.refuse(*refused.problems)

        self.desk.backend.tasks.start(guarded())

    def _show(self, found: Dated[Office]) -> None:
        self.office, self.shown_at = found.answer, found.cursor
        if self.chosen is None and self.office.users:
            self.chosen_login = self.office.users[0].login
        self.notify()


def right_words(right: str) -> str:
    """A right as words: `TakePayment` is "Take payment"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", right).replace("-", " ").lower()
    return words[:1].upper() + words[1:]
