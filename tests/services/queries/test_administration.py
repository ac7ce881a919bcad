"""Reading the books, the journal, users and reports."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.cancellation import CancelPayment
from cashier_app.services.queries.administration import (
    JournalRow,
    groups,
    journal_entries,
    journal_entry,
    seals,
    users,
    z_reports,
)
from cashier_app.services.queries.ledger import ledger_lines, trial_totals
from tests.builders import AnAccount, Ledger, an_account, an_open_drawer, paid
from tests.services.queries.conftest import Ask


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    an_open_drawer(ledger)
    account = an_account(ledger, owing="84.10")
    ledger.clock.advance(minutes=1)
    taken = paid(ledger, account, "50.00")
    ledger.clock.advance(minutes=1)
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    return account


def test_the_books_of_a_day_balance(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    today = ledger.clock.business_date()
    totals = {row.distribution_code: (row.debit, row.credit, row.gl_account) for row in ask(trial_totals, today)}
    assert totals == {
        "CASH-MAIN": (5000, 5000, "10-1010"),
        "A/R-ELEC": (13410, 5000, "10-1210"),
        "CONVERSION": (0, 8410, "30-3900"),
    }
    with reading(ledger.database, access=EVERYTHING) as store:
        lines = list(ledger_lines(store, ledger.door.current_config(store), today))
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == 18410
    assert [line.kind for line in lines] == ["AD", "AD", "PS", "PS", "PX", "PX"]
    assert ask(trial_totals, today + timedelta(1)) == ()


def test_journal_pages_join(ledger: Ledger, account: AnAccount) -> None:
    ledger.another_door("COUNTER-2").execute(SealDay(), user_id=ledger.people["sue"])
    today = ledger.clock.business_date()
    for filters in ({}, {"business_date": today}):
        with reading(ledger.database, access=EVERYTHING) as store:
            whole = journal_entries(store, limit=500, **filters)  # type: ignore[arg-type]
            assert whole.next is None
            found: list[JournalRow] = []
            cursor = None
            while True:
                page = journal_entries(store, cursor, 3, **filters)  # type: ignore[arg-type]
                found += page.rows
                if (cursor := page.next) is None:
                    break
        assert found == list(whole.rows)
        assert len(found) == ledger.value("SELECT count(*) FROM journal")
    assert found[0].executed_at >= found[-1].executed_at
    assert {row.node for row in found} == {"COUNTER-1", "COUNTER-2"}


def test_a_journal_entry_says_who_did_what(ledger: Ledger, account: AnAccount) -> None:
    with reading(ledger.database, access=EVERYTHING) as store:
        (row,) = journal_entries(store, command="CancelPayment").rows
        assert journal_entry(store, row.journal_id) == row
        with pytest.raises(RuleViolation, match="JRN-001"):
            journal_entry(store, 1)
    assert (row.user, row.approver, row.command) == ("Sue", "", "CancelPayment")
    assert json.loads(row.content)["reason"] == "WRONG"


def test_users_and_groups(ask: Ask) -> None:
    ann = next(row for row in ask(users) if row.login == "ann")
    assert (ann.name, ann.groups, ann.tender_sources) == ("Ann", ("CASHIER",), ("CASH-A01",))
    assert "TakePayment" in ann.rights
    members = {row.code: row.members for row in ask(groups)}
    assert members["CASHIER"] == ("ann", "bob", "cleo")
    assert members["AUDITOR"] == ("vera",)


def test_seals_newest_first(ledger: Ledger, account: AnAccount) -> None:
    ledger.do(SealDay(), "sue")
    with reading(ledger.database, access=EVERYTHING) as store:
        (seal,) = seals(store)
        assert (seal.kind, seal.node, len(seal.hash)) == ("DAY", "COUNTER-1", 64)
        assert z_reports(store) == ()
