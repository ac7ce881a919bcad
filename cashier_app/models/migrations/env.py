"""What Alembic runs: the revisions that are missing, on the connection and in the transaction it is given.

There is no `alembic.ini`: `services.safekeeping.upgrading` opens the database the one safe way and hands it over.
"""

from __future__ import annotations

from alembic import context

from cashier_app.models.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=False,  # the transaction around all of it is begun and ended by services.safekeeping.upgrading
)
context.run_migrations()
