"""The first start of a workstation: a ledger with control tables and one administrator, or a new workstation in one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cashier_app.domain.clock import Clock, SystemClock
from cashier_app.services.administration import nodes
from cashier_app.services.administration.setup import LoadConfiguration, install
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who may do everything else."""

    login: str
    name: str
    password: str
    group: str = "ADMIN"


def start_ledger(
    database_url: str,
    node: str,
    package: Mapping[str, Any],
    administrator: Administrator,
    clock: Clock | None = None,
) -> None:
    """Create a ledger with the control tables of a package, no customers, and its first user.

    Raises EnvironmentProblem with DB-EXISTS where there is one already, RuleViolation with SEC-040 for a weak password
    before anything is created.
    """
    password_hash = hashed(administrator.password, administrator.login)
    database = Database(database_url, must_exist=False)
    try:
        install(database, node)
        door = Door(database, node, clock or SystemClock())
        door.execute(from_plain({"tables": package}, LoadConfiguration), user_id=SYSTEM.id)
        command = CreateUser(
            login=administrator.login,
            name=administrator.name,
            password_hash=password_hash,
            groups=(administrator.group,),
        )
        door.execute(command, user_id=SYSTEM.id)
    finally:
        database.close()


def register_workstation(database_url: str, node: str) -> None:
    """Let a workstation that the ledger does not know yet work on it; NODE-002 for a name that cannot be."""
    with contextlib.closing(Database(database_url)) as database:
        nodes.register_workstation(database, node)
