"""Writes the statements of the first revision from the models: `python -m tests.support.first_migration`.

Only until the first release; from then on a change of the models is a revision of its own.
"""

import textwrap
from pathlib import Path

from cashier_app.services.kernel.database import schema
from tests.support.source_tree import PACKAGE

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def statements(dialect: str) -> list[str]:
    """What a new database of this version runs, each statement on one line; Alembic keeps its own table."""
    return [" ".join(statement.split()) for statement in schema(dialect) if "alembic_version" not in statement]


def module(dialect: str, what: str) -> str:
    first = f'"""The first ledger on {_NAMES[dialect]}, as released: {what}. Never edited again."""'
    blocks = []
    for statement in statements(dialect):
        if _is_protection(statement) == (what == "triggers"):
            pieces = textwrap.wrap(statement, 118, break_long_words=False, break_on_hyphens=False)
            blocks.append("\n".join(pieces))
    text = "\n\n".join(blocks)
    assert '"' not in text
    assert "\\" not in text
    return f'{first}\n\nSTATEMENTS = """\n{text}\n"""\n'


def _is_protection(statement: str) -> bool:
    return "TRIGGER" in statement or "FUNCTION" in statement


if __name__ == "__main__":
    for name in _NAMES:
        for part in ("tables", "triggers"):
            path = Path(PACKAGE) / "models" / "migrations" / f"first_{name}_{part}.py"
            path.write_text(module(name, part), encoding="utf-8")
