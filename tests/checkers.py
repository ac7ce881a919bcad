"""What must always hold of a ledger, said in plain SQL and apart from the code that keeps it so.

`check` runs after every test of services, server and branches, asked for or not (`tests.support.ledgers`).
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.identifiers import counter_of, has_valid_check_digit, node_of
from cashier_app.domain.journal import NO_HASH, Entry, entry_hash
from cashier_app.models.journal import JournalEntry, JournalPart, Node
from cashier_app.models.tables import Base
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.verifying import verify

NOTHING_FOUND = {
    "GL lines of every FT add up to zero (I1)": """
        SELECT ft_id, sum(amount) FROM gl_line GROUP BY ft_id HAVING sum(amount) <> 0""",
    "an FT that moves the payoff balance has GL lines (I1)": """
        SELECT id FROM financial_transaction f WHERE payoff_amount <> 0
        AND NOT EXISTS (SELECT 1 FROM gl_line g WHERE g.ft_id = f.id)""",
    "kept balances are the sums of frozen FTs (I2)": """
        SELECT s.id, s.current_balance, s.payoff_balance FROM service_agreement s
        WHERE s.current_balance <> (SELECT coalesce(sum(current_amount), 0) FROM financial_transaction f
                                    WHERE f.sa_id = s.id AND f.frozen_at IS NOT NULL)
           OR s.payoff_balance <> (SELECT coalesce(sum(payoff_amount), 0) FROM financial_transaction f
                                   WHERE f.sa_id = s.id AND f.frozen_at IS NOT NULL)""",
    "segments add up to their payment (I4)": """
        SELECT p.id FROM payment p WHERE p.status IN ('FREEZABLE', 'FROZEN', 'CANCELED')
        AND p.amount <> (SELECT coalesce(sum(amount), 0) FROM payment_segment s WHERE s.payment_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.transferred_from = p.id AND r.event_id = p.event_id)""",
    "each frozen segment has one PS FT and each canceled one its mirror (I4)": """
        SELECT s.id FROM payment_segment s JOIN payment p ON p.id = s.payment_id
        WHERE p.status IN ('FROZEN', 'CANCELED') AND (
            (SELECT count(*) FROM financial_transaction f WHERE f.source_id = s.id AND f.kind = 'PS') <> 1
            OR (SELECT count(*) FROM financial_transaction f WHERE f.source_id = s.id AND f.kind = 'PX')
               <> CASE p.status WHEN 'CANCELED' THEN 1 ELSE 0 END)""",
    "a reversal takes back exactly what it reverses (I4)": """
        SELECT r.id FROM financial_transaction r JOIN financial_transaction f ON f.id = r.reverses_ft_id
        WHERE r.current_amount <> -f.current_amount OR r.payoff_amount <> -f.payoff_amount OR r.sa_id <> f.sa_id""",
    "an event knows by how much it is unbalanced (I5)": """
        SELECT e.id, e.unbalanced_by FROM payment_event e WHERE e.unbalanced_by <>
          (SELECT coalesce(sum(amount), 0) FROM tender t WHERE t.event_id = e.id AND t.status = 'VALID')
          - (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.event_id = e.id AND p.status <> 'CANCELED')""",
    "a drawer's kept totals are its float, counted tenders and turn-ins (I7)": """
        SELECT k.tender_control_id, k.tender_type, k.amount_expected FROM tender_control_total k
        JOIN tender_control c ON c.id = k.tender_control_id
        WHERE k.amount_expected <>
          (CASE WHEN k.tender_type = c.starting_tender_type THEN c.starting_balance ELSE 0 END)
          + (SELECT coalesce(sum(t.amount), 0) FROM tender t WHERE t.tender_control_id = k.tender_control_id
             AND coalesce(t.applies_to_tender_type, t.tender_type) = k.tender_type
             AND (t.status = 'VALID' OR t.canceled_after_balance = {true}))
          - (SELECT coalesce(sum(i.amount), 0) FROM turn_in i WHERE i.tender_control_id = k.tender_control_id
             AND i.tender_type = k.tender_type AND i.status <> 'VOIDED')""",
    "a balanced drawer was counted as expected (I7)": """
        SELECT tender_control_id FROM tender_control_count WHERE amount_expected <> amount_counted""",
    "a tender sits in the drawer of its currency": """
        SELECT t.id FROM tender t JOIN tender_control c ON c.id = t.tender_control_id
        JOIN payment_event e ON e.id = t.event_id WHERE c.currency <> e.currency""",
    "whoever receives a turn-in is not who made it (I15)": """
        SELECT id FROM turn_in WHERE received_by = created_by""",
    "amounts are FTs of the agreement's currency (I19)": """
        SELECT f.id FROM financial_transaction f JOIN service_agreement s ON s.id = f.sa_id
        WHERE s.currency <> f.currency""",
    "the grand total of a workstation covers all that it took": """
        SELECT node_id FROM node_total WHERE payment_count < 0""",
}


def _is_branch(database: Database) -> bool:
    return bool(_rows(database, "SELECT id FROM branch_link"))


def _is_of_books(what: str) -> bool:
    """A branch books nothing: its balances are copies, and what it took is frozen at the server."""
    return what.endswith(("(I1)", "(I2)", "(I4)"))


def check(url: str) -> None:
    """Assert everything that must hold; also `cashier verify`, where it exists."""
    database = Database(url)
    try:
        asked = {what: sql for what, sql in NOTHING_FOUND.items() if not (_is_branch(database) and _is_of_books(what))}
        breaches = {what: rows for what, sql in asked.items() if (rows := _rows(database, sql))}
        assert breaches == {}
        _receipts_run_without_gaps(database)
        _the_journal_is_one_chain_per_node(database)
        _verify_agrees(database)
    finally:
        database.close()


_DIGEST_ON_POSTGRESQL = "SELECT sha256(string_agg(rows, ';' ORDER BY place)::bytea) FROM ({}) tables".format(
    " UNION ALL ".join(
        f"SELECT {place} AS place, coalesce(string_agg(t::text, ',' ORDER BY t::text), '') AS rows FROM {table.name} t"
        for place, table in enumerate(Base.metadata.sorted_tables)
    )
)
"""One question instead of one for each table, which costs a trip to the server."""


def digest(database: Database) -> str:
    """A hash over every row of every table: equal digests, nothing changed."""
    if database.dialect == "postgresql":
        return str(_rows(database, _DIGEST_ON_POSTGRESQL)[0][0])
    found = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        columns = ", ".join(str(place) for place in range(1, len(table.columns) + 1))
        found.update(repr(_rows(database, f"SELECT * FROM {table.name} ORDER BY {columns}")).encode())
    return found.hexdigest()


class Watch:
    """`digest` for whoever asks before and after each of very many inputs: made anew only after something was written.

    On SQLite a connection of its own tells whether any other has committed; PostgreSQL tells nothing so cheap.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._look = Database(str(database.url)).connection.cursor() if database.dialect == "sqlite" else None
        self._version: tuple[int, ...] | None = None
        self._digest = ""

    def digest(self) -> str:
        """As the function of this name."""
        version = self._look.execute("PRAGMA data_version").fetchone() if self._look else None
        if version is None or version != self._version:
            self._digest, self._version = digest(self._database), version
        return self._digest


def _rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    cursor = database.connection.cursor()
    text = sql.replace("{true}", "true" if database.dialect == "postgresql" else "1")
    return [tuple(row) for row in cursor.execute(text).fetchall()]


def _receipts_run_without_gaps(database: Database) -> None:
    numbers = [number for (number,) in _rows(database, "SELECT receipt_number FROM payment_event") if number]
    series: dict[str, list[int]] = {}
    for number in numbers:
        assert has_valid_check_digit(number), number
        series.setdefault(number[:4], []).append(int(number[4:11]))
    for which, counts in series.items():
        first = min(counts)
        assert sorted(counts) == list(range(first, first + len(counts))), f"series {which} has gaps or repeats (I10)"


_ENTRIES = Statement(
    select(
        JournalEntry.id,
        JournalEntry.format,
        JournalEntry.command_id,
        JournalEntry.name,
        JournalEntry.user_id,
        JournalEntry.approver_id,
        JournalEntry.business_date,
        JournalEntry.executed_at,
        JournalEntry.content,
        JournalEntry.result,
        JournalEntry.changes,
        JournalEntry.effects,
        JournalEntry.hash,
    ).order_by(JournalEntry.id)
)
_PARTS = Statement(
    select(JournalPart.journal_id, JournalPart.effects).order_by(JournalPart.journal_id, JournalPart.part)
)
_NODES = Statement(select(Node.id, Node.sequence, Node.head))


def _the_journal_is_one_chain_per_node(database: Database) -> None:
    with reading(database, access=EVERYTHING) as store:
        parts: dict[int, tuple[str, ...]] = {}
        for part in store.all(_PARTS):
            parts[part.journal_id] = (*parts.get(part.journal_id, ()), part.effects)
        heads: dict[int, tuple[int, bytes]] = {}
        for row in store.all(_ENTRIES):
            node = node_of(row.id)
            sequence, previous = heads.get(node, (0, NO_HASH))
            assert counter_of(row.id) == sequence + 1, f"node {node} has no entry {sequence + 1} (I11)"
            entry = Entry(*row[:11], effects=(row.effects, *parts.get(row.id, ())))
            assert entry_hash(previous, entry) == bytes(row.hash), f"entry {sequence + 1} of node {node} (I11)"
            heads[node] = (sequence + 1, bytes(row.hash))
        for node in store.all(_NODES):
            assert heads.get(node.id, (0, NO_HASH)) == (node.sequence, bytes(node.head)), f"head of node {node.id}"


def _verify_agrees(database: Database) -> None:
    problems = verify(database).problems
    assert problems == (), problems
