"""Workstations of a ledger: each hands out its own keys and keeps its own chain of commands (design D1, D6)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from sqlalchemy import select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation, require
from cashier_app.models.journal import Node
from cashier_app.services.administration.setup import add_node
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement

LONGEST_NAME = 40

_ALL = Statement(select(Node.id, Node.name, Node.sequence).order_by(Node.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstation:
    """A workstation or worker."""

    number: int
    """First part of every key it hands out."""
    name: str
    commands: int
    """How many it has executed."""


def workstations(database: Database) -> tuple[Workstation, ...]:
    """All workstations, by number."""
    with reading(database, access=EVERYTHING) as store:
        return tuple(Workstation(number=row.id, name=row.name, commands=row.sequence) for row in store.all(_ALL))


def need_workstation(database: Database, name: str) -> None:
    """See to it that there is a workstation of this name."""
    if not any(each.name == name for each in workstations(database)):
        with contextlib.suppress(RuleViolation):  # known meanwhile
            register_workstation(database, name)


def register_workstation(database: Database, name: str) -> Workstation:
    """Register a workstation; refuses with NODE-002 a name that is empty, too long or taken."""
    name = name.strip()
    require(
        name and name.isprintable() and len(name) <= LONGEST_NAME,
        "NODE-002",
        f"A workstation's name has 1 to {LONGEST_NAME} characters, such as TILL-2.",
        "name",
    )
    add_node(database, name)
    return next(each for each in workstations(database) if each.name == name)
