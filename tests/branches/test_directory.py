"""What a branch knows of the server's accounts: the same as the server, and nothing that is not its business."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.demo.utility import prepare
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.identifiers import has_valid_check_digit
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.branch_link import link_of
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.branches.directory import (
    DirectoryPage,
    directory_of,
    directory_page,
)
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AddAlert, ChangeAccessGroup, EndAlert, StartAgreement, StopAgreement
from cashier_app.services.customers.persons import AddIdentifier, ChangePerson, LinkPerson
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.verifying import verify
from tests.branches.copies import ALL, Branch, a_branch, found, glance, seen
from tests.builders import (
    Ledger,
    a_charge,
    a_payment,
    an_account,
    an_open_drawer,
    check,
    paid,
    usd,
)
from tests.checkers import digest


def test_a_branch_shows_every_account_of_a_utility_as_the_server_does(empty_database_url: str, tmp_path: Path) -> None:
    clock = FixedClock()
    prepare(empty_database_url, customers=90, clock=clock)
    server = Database(empty_database_url)
    door = Door(server, "TILL-1", clock)
    branch = a_branch(tmp_path / "branch.db", door)
    branch.fetch()
    cursor = server.connection.cursor()
    accounts = cursor.execute("SELECT id, number FROM account ORDER BY id").fetchall()
    assert len(accounts) > 90
    cash_only = 0
    for account_id, number in accounts:
        there, here = glance(server, door, account_id), glance(branch.database, branch.door, account_id)
        assert here == there
        assert found(branch.database, branch.door, number) == [account_id]
        for words in (there.name, there.address, there.phone):
            assert found(branch.database, branch.door, words) == found(server, door, words)
        cash_only += there.credit.is_cash_only
    assert cash_only
    assert branch.value("SELECT count(*) FROM account_alert")
    assert branch.value("SELECT sum(disputed_balance) FROM service_agreement")
    assert branch.value("SELECT count(*) FROM financial_transaction") == 0
    server.close()
    assert verify(branch.database).problems == ()
    branch.database.close()


def test_persons_numbers_alerts_and_pieces_travel(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, "Jane Masters", owing={"ELEC": "80.00", "GAS": "20.00"})
    a_charge(ledger, account.sa["ELEC"], "41.00", None)
    other = an_account(ledger, "Ólafur Þórsson", owing="1.00")
    ledger.do(LinkPerson(account_id=account.id, person_id=other.person_id, relationship="CO"), "olga")
    ledger.do(AddIdentifier(person_id=account.person_id, id_type="TAX", value="TX-4711"), "olga")
    ledger.do(AddAlert(account_id=account.id, text="Dog bites."), "olga")
    ledger.do(AddAdjustment(sa_id=account.sa["GAS"], adjustment_type="CONVERSION", amount=usd("-50.00")), "system")
    branch.fetch()
    there, here = seen(ledger, branch, account.id)
    assert here == there
    assert [person.relationship for person in here.persons] == ["MAIN", "CO"]
    assert [(piece.amount) for row in here.agreements for piece in row.pieces] == [8000, 4100]
    for text in ("TX-4711", "masters", "olafur", "18 oak"):
        assert found(branch.database, branch.door, text) == found(ledger.database, ledger.door, text) != []


def test_a_returned_check_makes_the_customer_cash_only_at_the_branch(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, owing="80.00")
    an_open_drawer(ledger)
    branch.fetch()
    for number in ("1", "2", "3"):
        taken = ledger.do(a_payment(account, check("1.00", number)), confirmed=["PAY-011"])
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
    assert branch.look(account.id) == (account.id,)
    there, here = seen(ledger, branch, account.id)
    assert here == there
    assert here.credit.is_cash_only
    with reading(ledger.database, access=EVERYTHING) as store:
        (known,) = directory_of(store, branch.office.current_config(store), ALL, [account.id]).accounts
    first = known.ratings[0]._replace(reason="Another one")
    branch.hold(DirectoryPage((known._replace(ratings=(first,)),)))  # so a server says that came back from a backup
    assert branch.rows("SELECT id, reason FROM credit_rating_entry") == [(first.id, "Another one")]
    assert branch.look(account.id) == (account.id,)


def test_what_changes_at_the_server_changes_at_the_branch(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, owing={"ELEC": "80.00", "WATER": "20.00"})
    an_open_drawer(ledger)
    alert = ledger.do(AddAlert(account_id=account.id, text="Dog bites."), "olga").alert_id
    branch.fetch()
    paid(ledger, account, "90.00")
    ledger.do(EndAlert(alert_id=alert), "olga")
    ledger.do(StopAgreement(sa_id=account.sa["WATER"]), "olga")
    ledger.do(ChangePerson(person_id=account.person_id, name="Jane Hill"), "olga")
    new = AgreementIn(sa_type="GAS", address="7 Elm Street")
    ledger.do(StartAgreement(account_id=account.id, agreement=new), "olga")
    assert branch.look(account.id) == (account.id,)
    there, here = seen(ledger, branch, account.id)
    assert here == there
    assert here.current_balance == 1000
    assert found(branch.database, branch.door, "hill") == [account.id]
    assert found(branch.database, branch.door, "7 elm") == [account.id]
    assert found(branch.database, branch.door, "masters") == []


def test_what_changes_about_anybody_of_an_account_is_said_of_the_account(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, "Jane Masters", owing="5.00")
    friend = an_account(ledger, "Old Friend")
    ledger.do(LinkPerson(account_id=account.id, person_id=friend.person_id, relationship="CO"), "olga")
    branch.fetch()
    renamed = ledger.outcome(ChangePerson(person_id=friend.person_id, name="New Friend"), "olga")
    numbered = ledger.outcome(AddIdentifier(person_id=friend.person_id, id_type="TAX", value="TX-4711"), "olga")
    for outcome in (renamed, numbered):
        changed = {change.key for change in outcome.changes if change.kind == "account"}
        assert changed == {account.id, friend.id}
    branch.look(account.id, friend.id)
    for database, door in ((ledger.database, ledger.door), (branch.database, branch.door)):
        assert set(found(database, door, "new friend")) == {account.id, friend.id}
        assert found(database, door, "old friend") == []


def test_a_paid_debt_leaves_no_pieces(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, owing="80.00")
    an_open_drawer(ledger)
    branch.fetch()
    assert branch.value(f"SELECT count(*) FROM open_debt WHERE sa_id = {account.sa['ELEC']}") == 1
    paid(ledger, account, "80.00")
    branch.look(account.id)
    assert branch.value(f"SELECT count(*) FROM open_debt WHERE sa_id = {account.sa['ELEC']}") == 0


def test_nothing_is_written_twice(ledger: Ledger, branch: Branch) -> None:
    accounts = [an_account(ledger, f"Customer {number}", owing="5.00") for number in range(12)]
    branch.fetch()
    before = digest(branch.database)
    branch.again()
    assert branch.fetch() == []
    assert branch.look(*(account.id for account in accounts)) == ()
    assert not branch.refer()
    assert digest(branch.database) == before


def test_fetching_goes_on_where_it_was_interrupted(ledger: Ledger, branch: Branch) -> None:
    accounts = {an_account(ledger, f"Customer {number}", owing="5.00").id for number in range(12)}
    first = branch.fetch(limit=3, pages=2)
    with reading(branch.database, access=EVERYTHING) as store:
        link = link_of(store)
    assert link is not None
    assert link.directory_after is not None
    rest = branch.fetch(limit=3)
    assert not set(first) & set(rest)
    assert accounts <= {*first, *rest}
    assert branch.value("SELECT directory_after FROM branch_link") is None


def test_a_page_that_could_not_be_written_leaves_nothing(ledger: Ledger, branch: Branch) -> None:
    an_account(ledger, owing="5.00")
    with reading(ledger.database, access=EVERYTHING) as store:
        page = directory_page(store, branch.office.current_config(store), ALL, None, 100)
    before = digest(branch.database)
    spoilt = page.accounts[-1]._replace(persons=(page.accounts[-1].persons[0]._replace(name=None),))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        branch.hold(page._replace(accounts=(*page.accounts[:-1], spoilt)))
    assert digest(branch.database) == before


def regroup(ledger: Ledger, account_id: int, group: str) -> None:
    known = {"tables": {"access_group": ({"code": group},)}}
    ledger.do(from_plain(known, LoadConfiguration), "system")
    ledger.do(ChangeAccessGroup(account_id=account_id, access_group=group), "system")


def test_a_branch_gets_the_accounts_of_its_groups_only(ledger: Ledger, tmp_path: Path) -> None:
    north, south, anybody = (an_account(ledger, name, owing="5.00") for name in ("North", "South", "Anybody"))
    regroup(ledger, north.id, "NORTH")
    regroup(ledger, south.id, "SOUTH")
    house = ledger.value(
        "SELECT account_id FROM service_agreement WHERE id IN (SELECT sa_id FROM house_agreement_link)"
    )
    regroup(ledger, house, "HEAD-OFFICE")
    branch = a_branch(tmp_path / "north.db", ledger.door, ["NORTH", "EAST"])
    branch.fetch(limit=2)
    held = {row[0] for row in branch.rows("SELECT id FROM account")}
    assert {north.id, anybody.id, house} <= held
    assert south.id not in held
    assert branch.look(south.id, north.id) == ()
    assert found(branch.database, branch.door, "south") == []
    everybody = a_branch(tmp_path / "all.db", ledger.door)
    everybody.fetch()
    assert everybody.value(f"SELECT access_group FROM account WHERE id = {south.id}") == "SOUTH"
    for each in (branch, everybody):
        assert verify(each.database).problems == ()
        each.database.close()


def test_an_account_that_goes_to_another_office_is_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    account = an_account(ledger, "Jane Masters", owing="5.00")
    kept = an_account(ledger, "Jane Kept", owing="5.00")
    ledger.do(AddIdentifier(person_id=account.person_id, id_type="TAX", value="TX-4711"), "olga")
    branch = a_branch(tmp_path / "north.db", ledger.door, ["NORTH"])
    branch.fetch()
    regroup(ledger, account.id, "SOUTH")
    assert branch.look(account.id, kept.id) == (account.id,)
    assert found(branch.database, branch.door, "jane") == [kept.id]
    assert found(branch.database, branch.door, "TX-4711") == []
    for table, column, key in (
        ("account", "id", account.id),
        ("person", "id", account.person_id),
        ("service_agreement", "account_id", account.id),
        ("open_debt", "sa_id", account.sa["ELEC"]),
    ):
        assert branch.value(f"SELECT count(*) FROM {table} WHERE {column} = {key}") == 0
    regroup(ledger, account.id, "")
    assert branch.look(account.id) == (account.id,)
    assert seen(ledger, branch, account.id)[0] == seen(ledger, branch, account.id)[1]
    assert verify(branch.database).problems == ()
    branch.database.close()


def test_an_account_that_was_paid_at_the_branch_stays_for_its_receipt_but_is_not_offered(
    ledger: Ledger, tmp_path: Path
) -> None:
    account = an_account(ledger, "Jane Masters", owing="5.00")
    branch = a_branch(tmp_path / "north.db", ledger.door, ["NORTH"])
    branch.fetch()
    _name_in_an_event(branch, account.id)
    number = str(branch.value(f"SELECT number FROM account WHERE id = {account.id}"))
    regroup(ledger, account.id, "SOUTH")
    assert branch.look(account.id) == (account.id,)
    assert branch.value(f"SELECT number FROM account WHERE id = {account.id}") == number
    assert branch.value(f"SELECT count(*) FROM service_agreement WHERE account_id = {account.id}") == 0
    for text in (number, "masters", number[:5]):
        assert account.id not in found(branch.database, branch.door, text)
    assert branch.look(account.id) == ()
    regroup(ledger, account.id, "NORTH")
    branch.look(account.id)
    assert found(branch.database, branch.door, "masters") == [account.id]
    branch.database.close()


def _name_in_an_event(branch: Branch, account_id: int) -> None:
    """Something of the branch's own that refers to the account, as plain as it can be."""
    cursor = branch.database.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute(
        "INSERT INTO tender (id, event_id, payor_account_id, tender_type, amount, status) "
        f"VALUES (1, 1, {account_id}, 'CASH', 500, 'VALID')"
    )
    cursor.execute("PRAGMA foreign_keys = ON")


def test_what_the_server_has_lost_with_a_backup_goes_when_the_directory_is_fetched_anew(
    ledger: Ledger, branch: Branch
) -> None:
    kept = an_account(ledger, "Kept", owing="5.00")
    branch.fetch()
    with reading(ledger.database, access=EVERYTHING) as store:
        (lost,) = directory_of(store, branch.office.current_config(store), ALL, [kept.id]).accounts
    agreement = lost.agreements[0]._replace(id=kept.sa["ELEC"] + 1000)
    person = lost.persons[0]._replace(id=kept.person_id + 1000, name="Lost Soul")
    new = an_account(ledger, "New Customer", owing="5.00")
    number = ledger.value(f"SELECT number FROM account WHERE id = {new.id}")
    lost = lost._replace(id=kept.id + 1000, number=number, persons=(person,), agreements=(agreement,))
    branch.hold(DirectoryPage((lost,)))
    assert found(branch.database, branch.door, "lost") == [lost.id]
    branch.again()
    branch.fetch(limit=100)
    assert found(branch.database, branch.door, "lost") == []
    assert found(branch.database, branch.door, number) == [new.id]
    assert branch.rows("SELECT id FROM account ORDER BY id") == ledger.rows("SELECT id FROM account ORDER BY id")
    assert all(has_valid_check_digit(str(row[0])) for row in branch.rows("SELECT number FROM account"))


def test_a_second_person_that_leaves_an_account_is_found_no_more(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, "Jane Masters", owing="5.00")
    branch.fetch()
    with reading(branch.office.database, access=EVERYTHING) as store:
        (now,) = directory_of(store, branch.office.current_config(store), ALL, [account.id]).accounts
    friend = now.persons[0]._replace(id=1, name="Old Friend", relationship="CO", identifiers=(("TAX", "TX-1"),))
    branch.hold(DirectoryPage((now._replace(persons=(*now.persons, friend)),)))
    assert found(branch.database, branch.door, "friend") == [account.id]
    branch.look(account.id)
    assert found(branch.database, branch.door, "friend") == []
    assert branch.value("SELECT count(*) FROM person WHERE id = 1") == 0
    assert branch.value("SELECT count(*) FROM person_identifier WHERE person_id = 1") == 0


def test_a_branch_whose_books_are_not_empty_is_no_branch(ledger: Ledger, tmp_path: Path) -> None:
    """Whoever plants a link to switch the proof of the books off is found out."""
    an_account(ledger, owing="5.00")
    ledger.unchecked = True
    insert = (
        "INSERT INTO branch_link (id, server_url, server_id, device_id, node_id, confirmed) "
        f"VALUES (1, '', '', 1, {ledger.value('SELECT min(id) FROM node')}, 0)"
    )
    ledger.database.connection.cursor().execute(insert)
    assert "I1" in {problem.code for problem in verify(ledger.database).problems}


def test_an_open_account_at_the_server_reads_no_copies(ledger: Ledger) -> None:
    """At a server nobody writes copies, so a row there is a breach."""
    ledger.unchecked = True
    account = an_account(ledger, owing="5.00")
    ledger.database.connection.cursor().execute(
        f"INSERT INTO open_debt (sa_id, pieces) VALUES ({account.sa['ELEC']}, '[[1,\"2020-01-01\"]]')"
    )
    assert "I12" in {problem.code for problem in verify(ledger.database).problems}
