"""What a server asks of whoever shows a token: whether they still stand, and which ledger this is."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.models.configuration import ConfigurationState
from cashier_app.models.security import User
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

_USER = Statement(select(User.active, User.password_hash, User.second_factor).where(User.id == bindparam("user_id")))
_LEDGER = Statement(select(ConfigurationState.ledger))


class Standing(NamedTuple):
    """A user as a token has to do with one."""

    active: bool
    mark: str
    """Of password and second factor; another one after either was changed."""


def standing(store: Store, user_id: int) -> Standing | None:
    """How a user stands now; nothing where there is none."""
    row = store.first(_USER, user_id=user_id)
    return None if row is None else Standing(bool(row.active), mark_of(row.password_hash + row.second_factor))


def mark_of(secret: str) -> str:
    """By which something is known again that is not to be shown."""
    return hashlib.sha256(f"cashier mark {secret}".encode()).hexdigest()[:16]


def ledger_id(store: Store) -> str:
    """By which this ledger is told apart from every other."""
    return str(store.value(_LEDGER))
