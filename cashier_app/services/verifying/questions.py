"""Invariants as questions to the database: SQL that finds what must not be there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.verdict import MOST_OF_A_KIND, Report


class Question(NamedTuple):
    """A breach as a query; every row that it returns is one."""

    code: str
    table: str
    """What the first column is the key of."""
    sentence: str
    """Filled with the row's columns: `{1}` is the second."""
    sql: str
    """The same on both databases."""


def ask(store: Store, questions: Iterable[Question], report: Report) -> None:
    """Ask each question; note every row as a breach."""
    for question in questions:
        cursor = store.cursor
        cursor.execute(question.sql)
        rows: list[Any] = cursor.fetchmany(MOST_OF_A_KIND + 1)
        for row in rows:
            report.add(question.code, question.sentence.format(*row), f"{question.table} {row[0]}")
        report.checked["questions"] += 1
