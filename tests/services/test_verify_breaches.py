"""Each invariant broken by hand, on both databases: `cashier verify` finds it and says which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying import KeptSeal, verify
from tests.services.a_day import Copies, PostgresqlCopies, SqliteCopies, play, unprotected
from tests.support.databases import PostgresqlDatabases, SqliteDatabases, prepare


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    if request.param == "sqlite":
        databases: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        with databases.with_schema(tmp_path_factory.mktemp("day")) as url:
            yield SqliteCopies(Path(url.removeprefix("sqlite:///")), play(url))
        return
    others: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    server = request.getfixturevalue("postgresql_server")
    url = server.create("finished_day", template=others.template(prepare))
    yield PostgresqlCopies(server, "finished_day", play(url))
    server.drop("finished_day")


@dataclass(frozen=True)
class Breach:
    code: str
    what: str
    sql: str


A_PAYMENT_FT = "(SELECT min(id) FROM financial_transaction WHERE kind = 'PS')"
A_REVERSAL = "(SELECT min(id) FROM financial_transaction WHERE kind = 'PX')"
HALF_A_TRANSFER = "(SELECT min(id) FROM adjustment WHERE transfer_id IS NOT NULL)"
BALANCED = "(SELECT id FROM tender_control WHERE status = 'BALANCED')"
WAITS = "WHERE status = 'IN_PROGRESS'"
WHOSE_REQUEST_WAITS = f"WHERE approval_request_id IN (SELECT id FROM approval_request {WAITS})"
BREACHES = (
    Breach(
        "I1", "a GL line says more", f"UPDATE gl_line SET amount = amount + 1 WHERE ft_id = {A_PAYMENT_FT} AND line = 1"
    ),
    Breach("I1", "an FT has no GL lines", f"DELETE FROM gl_line WHERE ft_id = {A_PAYMENT_FT}"),
    Breach(
        "I1",
        "an FT is in another currency",
        f"UPDATE financial_transaction SET currency = 'EUR' WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I2",
        "a balance is a cent off",
        "UPDATE service_agreement SET current_balance = current_balance + 1 "
        "WHERE id = (SELECT min(sa_id) FROM financial_transaction)",
    ),
    Breach(
        "I2",
        "a payoff balance is a cent off",
        "UPDATE service_agreement SET payoff_balance = payoff_balance - 1 "
        "WHERE id = (SELECT min(sa_id) FROM financial_transaction)",
    ),
    Breach(
        "I2",
        "an FT is redundant that nothing cancels out",
        f"UPDATE financial_transaction SET redundant = true WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I3",
        "a debt that no charge explains",
        "UPDATE service_agreement SET current_balance = 10000000 "
        "WHERE id = (SELECT min(sa_id) FROM financial_transaction)",
    ),
    Breach(
        "I4",
        "a segment is larger than its payment",
        "UPDATE payment_segment SET amount = amount + 5 WHERE id = (SELECT min(id) FROM payment_segment)",
    ),
    Breach("I4", "a frozen segment was never booked", f"DELETE FROM financial_transaction WHERE id = {A_PAYMENT_FT}"),
    Breach("I4", "a canceled segment has no mirror", f"DELETE FROM financial_transaction WHERE id = {A_REVERSAL}"),
    Breach(
        "I4",
        "a mirror has the wrong sign",
        "UPDATE financial_transaction SET current_amount = -current_amount, "
        f"payoff_amount = -payoff_amount WHERE id = {A_REVERSAL}",
    ),
    Breach(
        "I4",
        "a mirror's GL line goes elsewhere",
        f"UPDATE gl_line SET distribution_code = 'SUSPENSE' WHERE ft_id = {A_REVERSAL} AND line = 1",
    ),
    Breach(
        "I4",
        "a segment pays somebody else's agreement",
        "UPDATE payment_segment SET sa_id = "
        "(SELECT max(id) FROM service_agreement) WHERE id = (SELECT min(id) FROM payment_segment)",
    ),
    Breach("I1", "what waits does not balance", "UPDATE unfrozen_gl_line SET amount = amount + 1 WHERE line = 1"),
    Breach("I4", "what waits has no FT", "DELETE FROM unfrozen_ft"),
    Breach("I4", "what waits would book another amount", "UPDATE unfrozen_ft SET current_amount = current_amount + 1"),
    Breach(
        "I4",
        "a calculation does not make up its adjustment",
        "UPDATE adjustment_line SET amount = amount + 1 WHERE line = 2",
    ),
    Breach(
        "I4",
        "half a transfer was canceled",
        f"UPDATE adjustment SET status = 'CANCELED' WHERE id = {HALF_A_TRANSFER}",
    ),
    Breach(
        "I4",
        "half a transfer forgets the other",
        f"UPDATE adjustment SET transfer_id = NULL WHERE id = {HALF_A_TRANSFER}",
    ),
    Breach(
        "I4",
        "an adjustment is of another amount than it booked",
        f"UPDATE adjustment SET amount = 301 WHERE id = {HALF_A_TRANSFER}",
    ),
    Breach(
        "I5",
        "an event forgets what it is unbalanced by",
        "UPDATE payment_event SET unbalanced_by = 7 WHERE id = (SELECT min(id) FROM payment_event)",
    ),
    Breach(
        "I5",
        "an unfrozen payment in a balanced drawer",
        "UPDATE payment SET status = 'FREEZABLE' WHERE id = ("
        "SELECT min(p.id) FROM payment p JOIN tender t ON t.event_id = p.event_id "
        f"WHERE t.tender_control_id = {BALANCED} AND p.status = 'FROZEN')",
    ),
    Breach(
        "I5",
        "a canceled tender leaves its payment frozen",
        "UPDATE tender SET status = 'CANCELED' WHERE id = ("
        "SELECT min(t.id) FROM tender t JOIN payment p ON p.event_id = t.event_id WHERE p.status = 'FROZEN')",
    ),
    Breach(
        "I6",
        "a frozen FT was redated",
        f"UPDATE financial_transaction SET accounting_date = '2026-01-04' WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I6",
        "a frozen FT changed a column that no command changed",
        f"UPDATE financial_transaction SET redundant = NOT redundant WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I7",
        "a drawer's total is off",
        "UPDATE tender_control_total SET amount_expected = amount_expected + 100 WHERE tender_type = 'CASH'",
    ),
    Breach("I7", "a drawer has no total", "DELETE FROM tender_control_total WHERE tender_type = 'CASH'"),
    Breach(
        "I7",
        "a count was changed afterwards",
        "UPDATE drawer_count_line SET amount = amount + 30 WHERE tender_type = 'CASH'",
    ),
    Breach(
        "I7",
        "an accepted count was changed",
        "UPDATE tender_control_count SET amount_counted = amount_counted + 1 WHERE tender_type = 'CASH'",
    ),
    Breach("I7", "a turn-in became smaller", "UPDATE turn_in SET amount = amount - 1000"),
    Breach(
        "I8",
        "a slip became smaller",
        "UPDATE tender_deposit SET amount = amount - 1000 WHERE id = (SELECT min(id) FROM tender_deposit)",
    ),
    Breach(
        "I8", "an open drawer in a closed deposit", f"UPDATE tender_control SET status = 'OPEN' WHERE id = {BALANCED}"
    ),
    Breach(
        "I8",
        "a tender lies nowhere",
        "UPDATE tender SET tender_control_id = NULL WHERE id = (SELECT min(id) FROM tender)",
    ),
    Breach(
        "I9",
        "cash that was never counted",
        "UPDATE tender SET amount = amount + 500 WHERE id = (SELECT min(id) FROM tender)",
    ),
    Breach("I9", "a grand total was reset", "UPDATE node_total SET amount_total = 0, payment_count = 0"),
    Breach(
        "I10",
        "a receipt is missing",
        "UPDATE payment_event SET receipt_number = NULL WHERE receipt_number = "
        "(SELECT min(receipt_number) FROM payment_event)",
    ),
    Breach(
        "I10",
        "a counter was set back",
        "UPDATE number_series SET last_number = last_number - 1 WHERE code = 'RECEIPT-0001'",
    ),
    Breach(
        "I10",
        "a slip number was never used",
        "UPDATE number_series SET last_number = last_number + 1 WHERE code LIKE 'SLIP-%'",
    ),
    Breach(
        "I10",
        "a check digit is wrong",
        "UPDATE account SET number = '00100000012' WHERE id = (SELECT min(id) FROM account)",
    ),
    Breach(
        "I11",
        "a journal entry was altered",
        "UPDATE journal SET result = '{}' WHERE id = (SELECT max(id) - 3 FROM journal)",
    ),
    Breach("I11", "a journal entry was deleted", "DELETE FROM journal WHERE id = (SELECT max(id) - 3 FROM journal)"),
    Breach("I11", "the journal's tail was cut", "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)"),
    Breach("I11", "a seal was altered", "UPDATE seal SET head = (SELECT hash FROM journal ORDER BY id LIMIT 1)"),
    Breach("I11", "a Z report was altered", "UPDATE drawer_report SET content = replace(content, 'CASH', 'CHEC')"),
    Breach(
        "I11",
        "a shape of effects was altered",
        "UPDATE journal_shape SET columns = replace(columns, 'amount', 'amounts')",
    ),
    Breach(
        "I12",
        "a tender that no command took",
        "INSERT INTO tender (id, event_id, payor_account_id, tender_type, amount, "
        "tender_control_id, status) SELECT 1099511600000, event_id, payor_account_id, 'CASH', 1, tender_control_id, "
        "'VALID' "
        "FROM tender WHERE id = (SELECT min(id) FROM tender)",
    ),
    Breach(
        "I12",
        "a row that a command wrote is gone",
        "DELETE FROM drawer_opening WHERE id = (SELECT min(id) FROM drawer_opening)",
    ),
    Breach(
        "I12",
        "a right nobody gave",
        "INSERT INTO user_group_member (user_id, group_code) SELECT id, 'ADMIN' FROM app_user WHERE login = 'ann'",
    ),
    Breach(
        "I12",
        "a control table changed by hand",
        "UPDATE control_record SET content = replace(content, '1.00 USD', '9.00 USD') "
        "WHERE table_name = 'tender_source' AND code = 'CASH-A01'",
    ),
    Breach(
        "I12",
        "a payor was changed",
        "UPDATE tender SET payor_account_id = (SELECT max(id) FROM account) WHERE id = (SELECT min(id) FROM tender)",
    ),
    Breach("I12", "a key that was not handed out", "UPDATE node SET last_key = last_key - 1"),
    Breach("I15", "somebody received their own turn-in", "UPDATE turn_in SET received_by = created_by"),
    Breach(
        "I16",
        "an FT of a closed period",
        f"UPDATE financial_transaction SET accounting_date = '2019-03-04' WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I16",
        "an FT of nobody's command",
        f"UPDATE financial_transaction SET journal_id = 77 WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I19",
        "an amount beyond all bounds",
        "UPDATE adjustment SET amount = 2000000000000000 WHERE id = (SELECT min(id) FROM adjustment)",
    ),
    Breach(
        "I19",
        "an amount without a currency",
        f"UPDATE financial_transaction SET currency = '' WHERE id = {A_PAYMENT_FT}",
    ),
    Breach(
        "I15",
        "whoever submitted has approved",
        "UPDATE approval_level SET decided_by = (SELECT requested_by FROM approval_request WHERE id = request_id) "
        "WHERE outcome <> ''",
    ),
    Breach("I15", "a request is approved before its level", f"UPDATE approval_request SET status = 'APPROVED' {WAITS}"),
    Breach("I15", "another amount than was approved", f"UPDATE approval_request SET amount = 500000 {WAITS}"),
    Breach("I15", "an adjustment counts as approved", f"UPDATE adjustment SET approved = '1' {WHOSE_REQUEST_WAITS}"),
    Breach("FILE", "history is not guarded any more", "DROP TRIGGER protect_journal_update ON journal"),
)


def test_a_day_with_something_of_everything_is_right(day: Copies, tmp_path: Path):
    with day.copy(tmp_path) as url:
        database = Database(url)
        verdict = verify(database)
        quick = verify(database, quick=True)
        database.close()
    assert (verdict.problems, quick.problems) == ((), ())
    assert verdict.checked["rows"] > 200


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.code}: {breach.what}")
def test_a_breach_is_found_by_name(day: Copies, tmp_path: Path, breach: Breach):
    with day.copy(tmp_path) as url:
        database = Database(url)
        cursor = unprotected(database)
        sql = breach.sql
        if database.dialect == "sqlite" and sql.startswith("DROP"):
            sql = "SELECT 1"  # all triggers are gone already
        for constraint in _CHECKS if database.dialect == "postgresql" else ():
            cursor.execute(constraint)
        cursor.execute(sql)
        verdict = verify(database)
        database.close()
    assert breach.code in verdict.codes, verdict.problems
    assert all(problem.sentence.endswith(".") for problem in verdict.problems)


_CHECKS = (
    "ALTER TABLE adjustment DROP CONSTRAINT ck_adjustment_amount_bounds",
    "ALTER TABLE service_agreement DROP CONSTRAINT ck_service_agreement_current_balance_bounds",
    "ALTER TABLE turn_in DROP CONSTRAINT ck_turn_in_other_person",
)


_STEP_BACK = (
    "UPDATE node SET sequence = sequence - 1, "
    "head = (SELECT hash FROM journal WHERE id = (SELECT max(id) FROM journal))"
)


def test_only_a_seal_kept_elsewhere_shows_a_cleanly_cut_tail(day: Copies, tmp_path: Path):
    """Journal, head, rows and seals taken back together: inside the database nothing is left to see."""
    kept = tuple(KeptSeal(seal.node, seal.sequence, seal.hash) for seal in day.sealed.seals)
    with day.copy(tmp_path) as url:
        database = Database(url)
        cursor = unprotected(database)
        last = "(SELECT max(id) FROM journal)"
        cursor.execute("DELETE FROM seal WHERE kind = 'DAY'")
        cursor.execute(f"DELETE FROM journal WHERE id = {last}")
        cursor.execute(_STEP_BACK)
        assert verify(database, seals=kept).codes <= {"FILE"}, "the seal was of the entry before its own"
        cursor.execute(f"DELETE FROM journal WHERE id = {last}")
        cursor.execute(_STEP_BACK)
        verdict = verify(database, seals=kept)
        database.close()
    assert any("the journal was cut" in problem.sentence for problem in verdict.problems)
