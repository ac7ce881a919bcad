"""Every entry of the journal names every account, event, drawer and deposit that it touched: branches rely on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.branches.feed import read_changes
from cashier_app.services.conversion.importing import convert
from cashier_app.services.customers.persons import AddIdentifier, ChangePerson, LinkPerson
from cashier_app.services.kernel import work
from cashier_app.services.kernel.cursors import heads
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import Change
from cashier_app.services.queries.search import find
from cashier_app.services.uploads.paying_in import pay_in
from tests.builders import Ledger, a_payment, an_account, an_open_drawer, check, paid
from tests.services.a_day import play
from tests.services.test_conversion import a_file, mapping

_THINGS = {
    # table: the kind of thing that a row belongs to, and how its key is found
    "account": ("account", "SELECT id, id FROM account"),
    "account_alert": ("account", "SELECT id, account_id FROM account_alert"),
    "service_agreement": ("account", "SELECT id, account_id FROM service_agreement"),
    "payment_event": ("event", "SELECT id, id FROM payment_event"),
    "payment": ("event", "SELECT id, event_id FROM payment"),
    "tender": ("event", "SELECT id, event_id FROM tender"),
    "receipt_print": ("event", "SELECT id, event_id FROM receipt_print"),
    "tender_control": ("tender_control", "SELECT id, id FROM tender_control"),
    "turn_in": ("tender_control", "SELECT id, tender_control_id FROM turn_in"),
    "deposit_control": ("deposit_control", "SELECT id, id FROM deposit_control"),
    "tender_deposit": ("deposit_control", "SELECT id, deposit_control_id FROM tender_deposit"),
    "app_user": ("user", "SELECT id, id FROM app_user"),
}
_BALANCES = (
    "SELECT ft.journal_id, sa.account_id FROM financial_transaction ft JOIN service_agreement sa ON sa.id = ft.sa_id"
)
_QUIET = {("RecordSignIn", "app_user")}
"""Counting failed passwords is nothing that a screen shows."""


def untold(url: str) -> list[str]:
    """What commands touched and did not say."""
    database = Database(url)
    cursor = database.connection.cursor()

    def rows(sql: str) -> list[Any]:
        return list(cursor.execute(sql).fetchall())

    keys = {table: dict(rows(sql)) for table, (_, sql) in _THINGS.items()}
    shapes = {
        key: (operation, table, columns.partition(";"))
        for key, operation, table, columns in rows("SELECT id, operation, table_name, columns FROM journal_shape")
    }
    told = {key: {(kind, at) for kind, at in json.loads(text)} for key, text in rows("SELECT id, changes FROM journal")}
    names = dict(rows("SELECT id, name FROM journal"))
    missing = [
        f"{names[entry]}: balance of account {account}"
        for entry, account in rows(_BALANCES)
        if ("account", account) not in told[entry]
    ]
    for entry, effects in rows("SELECT id, effects FROM journal"):
        touched = list(_touched(json.loads(effects), shapes))
        # What one command makes nobody can be looking at yet; lists of events go by their drawers and accounts.
        new_events = {key for operation, table, key in touched if (operation, table) == ("INSERT", "payment_event")}
        for _, table, key in touched:
            thing = (_THINGS[table][0], keys[table].get(key))
            if thing[1] in {None, *new_events} or (names[entry], table) in _QUIET:
                continue
            if thing not in told[entry]:
                missing.append(f"{names[entry]}: {table} {key} of {thing}")
    database.close()
    return sorted(set(missing))


def _touched(effects: Any, shapes: dict[int, Any]) -> Iterator[tuple[str, str, int]]:
    for shape, rows in effects:
        operation, table, (written, _, keys) = shapes[shape]
        columns = (*written.split(), *keys.split())
        if table in _THINGS and "id" in columns:
            for row in rows:
                yield operation, table, row[columns.index("id")]


@pytest.mark.slow
def test_a_whole_day_tells_everything(database_url: str):
    play(database_url)
    assert untold(database_url) == []


def test_a_file_of_payments_names_each_account_that_it_paid(ledger: Ledger, tmp_path: Path):
    accounts = [an_account(ledger, f"Customer {number}", owing="9.00") for number in range(120)]
    with reading(ledger.database, access=EVERYTHING) as store:
        before = heads(store)
    path = tmp_path / "agency.csv"
    rows = "".join(f"{account.number},1.00,,,\n" for account in accounts)
    path.write_text(f"external_id,amount,date,reference,tender_type\n{rows}UNKNOWN,1.00,,,\n", encoding="utf-8")
    pay_in(ledger.door, path, "LOCKBOX")
    with reading(ledger.database, access=EVERYTHING) as store:
        told = set(read_changes(store, before).changes)
    suspense = ledger.value("SELECT account_id FROM service_agreement WHERE sa_type = 'SUSPENSE'")
    wanted = {account.id for account in accounts} | {suspense}
    assert {change.key for change in told if change.kind == "account"} == wanted
    assert untold(ledger.url) == []


def test_more_accounts_than_anybody_reads_one_by_one_ask_to_read_all_anew(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A conversion of a million accounts, here of three: its entry stays small, and a branch fetches its directory."""
    monkeypatch.setattr(work, "MANY", 2)
    with reading(ledger.database, access=EVERYTHING) as store:
        before = heads(store)
    convert(ledger.door, a_file(tmp_path), mapping())
    assert '["account",0]' in ledger.value("SELECT changes FROM journal ORDER BY id DESC LIMIT 1")
    with reading(ledger.database, access=EVERYTHING) as store:
        told = read_changes(store, before)
        assert (told.reset, told.changes) == (True, ())
        assert read_changes(store, told.cursor).changes == ()


def test_what_a_check_with_cash_back_moves_in_the_utilitys_own_accounts_is_told(ledger: Ledger):
    an_open_drawer(ledger)
    jane = an_account(ledger, owing="40.00")
    ledger.do(a_payment(jane, check("50.00"), paying="40.00"))
    paid(ledger, jane, "60.00")
    assert untold(ledger.url) == []


def test_all_accounts_of_a_person_are_told_and_found_under_the_new_name(ledger: Ledger):
    """Also those on which the person is not the main customer."""
    jane, john = an_account(ledger, "Jane Masters"), an_account(ledger, "John Doe")
    ledger.do(LinkPerson(account_id=john.id, person_id=jane.person_id, relationship="CO"), "olga")
    outcome = ledger.outcome(ChangePerson(person_id=jane.person_id, name="Jane Quimby"), "olga")
    assert outcome.changes >= {Change("account", jane.id), Change("account", john.id), Change("person", jane.person_id)}
    with reading(ledger.database, access=EVERYTHING) as store:
        hits = find(store, ledger.door.current_config(store), "Quimby")
    assert {hit.account_id for hit in hits} == {jane.id, john.id}
    number = ledger.outcome(AddIdentifier(person_id=jane.person_id, id_type="TAX", value="7"), "olga")
    assert number.changes >= {Change("account", jane.id), Change("person", jane.person_id)}
