"""Founding a ledger: the database, its first workstation, its control tables, its first administrator."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.access_tables import UserGroup
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import refuse
from cashier_app.services.administration.packages import Tables
from cashier_app.services.administration.setup import ConfigurationLoaded, LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.kernel.database import Database, parse_url
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM

MAINTAIN_USERS = "MaintainUsers"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    """Who lets everybody else in."""

    login: str
    name: str
    password_hash: str
    """From `users.hashed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFounded:
    """A new ledger."""

    database: str
    workstation: str
    records: int
    """Records of control tables loaded."""
    administrator: str


def found_ledger(url: str, node: str, tables: Tables, administrator: FirstAdministrator, clock: Clock) -> LedgerFounded:
    """Create a ledger in an empty database.

    Everything is tried first where it does not matter: a package with a mistake leaves nothing half made.

    Raises:
        RuleViolation: CFG-… for every mistake in the tables, SEC-… for the administrator.
        EnvironmentProblem: DB-EXISTS when there is a ledger already; it is left as it is.
    """
    with tempfile.TemporaryDirectory(prefix="cashier-init-") as folder:
        _found(str(Path(folder) / "rehearsal.db"), node, tables, administrator, clock)
    address = parse_url(url)
    if address.get_backend_name() != "postgresql":
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
    loaded = _found(url, node, tables, administrator, clock)
    return LedgerFounded(database=url, workstation=node, records=loaded.added, administrator=administrator.login)


def _found(url: str, node: str, tables: Tables, administrator: FirstAdministrator, clock: Clock) -> ConfigurationLoaded:
    database = Database(url, must_exist=False)
    try:
        install(database, node)
        door = Door(database, node, clock)
        command = LoadConfiguration(tables={name: tuple(records) for name, records in tables.items()})
        loaded: ConfigurationLoaded = door.execute(command, user_id=SYSTEM.id).result
        door.execute(
            CreateUser(
                login=administrator.login,
                name=administrator.name,
                password_hash=administrator.password_hash,
                groups=(administrators_group(door),),
            ),
            user_id=SYSTEM.id,
        )
    finally:
        database.close()
    return loaded


def administrators_group(door: Door) -> str:
    """The user group that may maintain users; refuses with CFG-021 where the package has none."""
    with reading(door.database, access=EVERYTHING) as store:
        groups = door.current_config(store).all(UserGroup)
    codes = [code for code, group in groups.items() if {MAINTAIN_USERS, "*"} & set(group.rights)]
    if not codes:
        refuse("CFG-021", f"No user group of the package has the right {MAINTAIN_USERS}; add one to user_group.")
    return min(codes)
