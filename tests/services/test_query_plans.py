"""What a payment asks for is found by indexes, however large the ledger grows."""

from __future__ import annotations

import re

import pytest

from cashier_app.services.accounting import agreements
from cashier_app.services.customers import account_rows
from cashier_app.services.kernel import door, elsewhere
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.payments import drawers
from cashier_app.services.uploads import bulk_payments
from tests.builders import Ledger, an_account, an_open_drawer, paid

HOT: dict[str, tuple[Statement, dict[str, object]]] = {
    "the node and an earlier result": (door._STATE, {"name": "COUNTER-1", "command_id": "0" * 32}),
    "an account": (account_rows.ACCOUNT, {"account_id": 1}),
    "agreements of an account": (agreements._OF_ACCOUNT, {"account_id": 1}),
    "open debts of an agreement": (agreements._DEBITS, {"sa_id": 1}),
    "a drawer": (drawers._BY_ID, {"control_id": 1}),
    "what a drawer should hold": (drawers.TOTALS, {"control_id": 1}),
    "whose accounts a command touched": (elsewhere._GROUPS, {"account_ids": [1], "event_ids": [1]}),
    "accounts of a file by number": (bulk_payments._BY_NUMBER, {"numbers": ["1", "2"]}),
    "accounts of a file by their old number": (bulk_payments._BY_EXTERNAL_NUMBER, {"numbers": ["1", "2"]}),
}
SMALL = {"node", "configuration_state", "tender_control_total", "tender_control", "search_document", "json_each"}
"""Tables of a few rows, which may be read whole."""


@pytest.fixture
def used_ledger(ledger: Ledger) -> Ledger:
    an_open_drawer(ledger)
    for number in range(5):
        paid(ledger, an_account(ledger, f"Person {number}", owing={"ELEC": "10.00", "GAS": "20.00"}), "15.00")
    return ledger


@pytest.mark.parametrize("what", HOT)
def test_no_table_that_grows_is_read_whole(used_ledger: Ledger, what: str):
    statement, parameters = HOT[what]
    assert set(_scanned(used_ledger, statement, parameters)) <= SMALL


def test_open_debts_are_read_from_their_index_alone_on_sqlite(sqlite_url: str):
    from tests.builders import a_ledger  # noqa: PLC0415

    plan = _plan(a_ledger(sqlite_url), *HOT["open debts of an agreement"])
    assert "USING COVERING INDEX ix_ft_debt" in plan
    assert "TEMP B-TREE" not in plan, "the index is in the order that is wanted"


def _scanned(ledger: Ledger, statement: Statement, parameters: dict[str, object]) -> list[str]:
    plan = _plan(ledger, statement, parameters)
    return re.findall(r"(?:Seq Scan on|^SCAN) (\w+)", plan, re.MULTILINE)


def _plan(ledger: Ledger, statement: Statement, parameters: dict[str, object]) -> str:
    from cashier_app.services.kernel.codec import to_json  # noqa: PLC0415

    sqlite = ledger.database.dialect == "sqlite"
    compiled = statement.compiled(ledger.database.dialect)
    bound = {
        name: to_json(value) if sqlite and isinstance(value, list) else value for name, value in parameters.items()
    }
    cursor = ledger.database.connection.cursor()
    if not sqlite:
        # A table of five rows is read whole whatever indexes it has; forbidden that, the plan shows what it could do.
        cursor.execute("SET enable_seqscan = off")
    cursor.execute(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + compiled.sql, compiled.bind(bound))
    return "\n".join(str(row[-1]) for row in cursor.fetchall())
