"""The first ledger: every table, index, trigger and the search index, as released.

The statements stand written out for each database instead of being made from the models: the models will
change, a released revision must not (docs/decisions/0011).
"""

from __future__ import annotations

from alembic import op

from cashier_app.models.migrations import (
    first_postgresql_tables,
    first_postgresql_triggers,
    first_sqlite_tables,
    first_sqlite_triggers,
)

revision = "0001"
down_revision = None

_STATEMENTS = {
    "sqlite": first_sqlite_tables.STATEMENTS + first_sqlite_triggers.STATEMENTS,
    "postgresql": first_postgresql_tables.STATEMENTS + first_postgresql_triggers.STATEMENTS,
}
"""One block of lines per statement."""


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in _STATEMENTS[connection.dialect.name].strip().split("\n\n"):
        connection.exec_driver_sql(statement)
