"""A workstation becomes a branch: an empty database that knows its node and its server (decision 18)."""

from __future__ import annotations

from dataclasses import dataclass

from cashier_app.domain.journal import NO_HASH
from cashier_app.services.administration.branch_link import link_up
from cashier_app.services.kernel.database import Database, create_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the server said when it let the workstation in."""

    server_url: str
    server_id: str
    """The server's ledger."""
    device_id: int
    node_id: int
    workstation: str


def start_branch(database: Database, enrolment: Enrolment) -> None:
    """Make an empty database the branch's own; DB-EXISTS where there is a ledger already.

    Nothing is in it yet: users, control tables and the directory come with the first exchange.
    """
    create_schema(database)
    with database.lock, database.translated():
        cursor = database.connection.cursor()
        sql = "INSERT INTO configuration_state (id, version, ledger) VALUES (1, 0, ?)"
        cursor.execute(sql, (enrolment.server_id,))
        cursor.execute(
            "INSERT INTO node (id, name, last_key, sequence, head) VALUES (?, ?, 0, 0, ?)",
            (enrolment.node_id, enrolment.workstation, NO_HASH),
        )
    link_up(
        database,
        server_url=enrolment.server_url,
        server_id=enrolment.server_id,
        device_id=enrolment.device_id,
        node_id=enrolment.node_id,
    )
