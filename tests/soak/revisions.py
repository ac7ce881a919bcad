"""Revisions that a later program would bring along, so that a workstation can be killed in the middle of an upgrade."""

from __future__ import annotations

import shutil
from pathlib import Path

import cashier_app.models
from cashier_app.services.kernel.database import SCHEMA_REVISION

_REVISION = '''"""Soak revision {number}: a table with as many rows as the journal, and an index over it."""

from alembic import op

revision = "{number:04}"
down_revision = "{number_before:04}"


def upgrade() -> None:
    op.execute("CREATE TABLE soak_{number} (id INTEGER NOT NULL PRIMARY KEY, words TEXT NOT NULL)")
    op.execute("INSERT INTO soak_{number} SELECT id, content || effects FROM journal")
    op.execute("CREATE INDEX ix_soak_{number} ON soak_{number} (words)")
    op.execute("DROP TABLE IF EXISTS soak_{number_before}")
'''


class Revisions:
    """The product's own revisions, and as many more as are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(
            Path(cashier_app.models.__file__).parent / "migrations",
            folder,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        self._last = int(SCHEMA_REVISION)

    def add(self) -> str:
        """The program gets a later version; returns its revision."""
        self._last += 1
        text = _REVISION.format(number=self._last, number_before=self._last - 1)
        (self.folder / "versions" / f"r{self._last:04}_soak.py").write_text(text, encoding="utf-8")
        return f"{self._last:04}"
