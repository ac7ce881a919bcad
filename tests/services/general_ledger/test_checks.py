"""Refund checks through accounts payable: asked for, cut, answered, taken back (R batch 5, R adjustments 3-4)."""

from __future__ import annotations

import dataclasses

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.general_ledger.answering import take_answers
from cashier_app.services.general_ledger.check_runs import ExtractChecks, file_of
from cashier_app.services.kernel.reading import reading
from tests.builders import an_account, an_open_drawer, balances_of, paid, usd


@pytest.fixture
def account(ledger):
    """Who has paid 63.00 too much."""
    account = an_account(ledger, owing={"ELEC": "10.00"}, mailing_address="18 Oak Lane, Oakfield")
    an_open_drawer(ledger)
    paid(ledger, account, "73.00")
    return account


def refund(ledger, account, amount="63.00"):
    """A refund check is asked for; returns the adjustment and the request."""
    sa_id = ledger.value(f"SELECT id FROM service_agreement WHERE account_id = {account.id} AND current_balance < 0")
    command = AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP", amount=usd(amount))
    adjustment = ledger.do(command, "system").adjustment_id
    return adjustment, ledger.value(f"SELECT id FROM check_request WHERE adjustment_id = {adjustment}")


def status(ledger, request):
    return ledger.value(f"SELECT status FROM check_request WHERE id = {request}")


def later(ledger, days=2):
    ledger.clock.advance(days=days)


def extracted(ledger, account):
    adjustment, request = refund(ledger, account)
    later(ledger)
    ledger.do(ExtractChecks(), "olga")
    return adjustment, request


def answer(ledger, tmp_path, *rows, name="answers.csv"):
    path = tmp_path / name
    path.write_text("request_id,status,check_number,check_date,amount\n" + "\n".join(rows) + "\n")
    return take_answers(ledger.door, path, user_id=ledger.people["olga"])


def test_a_refund_asks_for_a_check_on_its_cut_date(ledger, account):
    _, request = refund(ledger, account)
    row = ledger.rows(
        f"SELECT amount, payee, address, payment_method, cut_date FROM check_request WHERE id = {request}"
    )
    assert [(*each[:4], str(each[4])) for each in row] == [
        (6300, "Jane Masters", "18 Oak Lane, Oakfield", "CHECK", "2026-01-07")
    ]
    assert sum(balances_of(ledger, account).values()) == 0


def test_a_check_needs_an_address(ledger):
    account = an_account(ledger, owing={"ELEC": "10.00"})
    an_open_drawer(ledger)
    paid(ledger, account, "73.00")
    sa_id = ledger.value(f"SELECT id FROM service_agreement WHERE account_id = {account.id} AND current_balance < 0")
    wanted = AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP", amount=usd("63.00"))
    assert ledger.refusal(wanted, "system") == "ADJ-013"


def test_a_check_is_handed_over_once_and_only_when_its_day_has_come(ledger, account):
    adjustment, request = refund(ledger, account)
    assert ledger.do(ExtractChecks(), "olga").number is None
    later(ledger)
    done = ledger.do(ExtractChecks(), "olga")
    assert (done.number, done.requests, [str(total) for total in done.totals]) == (1, 1, ["63.00 USD"])
    with reading(ledger.database, access=EVERYTHING) as store:
        name, content = file_of(store, 1)
    assert name == "APDL-000001-AP-STANDARD.txt"
    wanted = f"R|{request}|{adjustment}|Jane Masters|18 Oak Lane, Oakfield|63.00|USD|2026-01-07|CHECK|"
    assert content.decode() == wanted + "\n"
    assert ledger.do(ExtractChecks(), "olga").number is None


def test_canceling_a_refund_before_the_cut_takes_its_check_back(ledger, account):
    adjustment, request = refund(ledger, account)
    ledger.do(CancelAdjustment(adjustment_id=adjustment, reason="MISTAKE"), "olga")
    assert status(ledger, request) == "CANCELED"
    later(ledger)
    assert ledger.do(ExtractChecks(), "olga").number is None


def test_a_refund_cannot_be_canceled_while_accounts_payable_has_its_check(ledger, account):
    adjustment, request = extracted(ledger, account)
    cancel = CancelAdjustment(adjustment_id=adjustment, reason="MISTAKE")
    assert ledger.refusal(cancel, "olga") == "CHK-003"
    assert status(ledger, request) == "EXTRACTED"


def test_a_paid_check_keeps_its_number_and_cannot_be_taken_back(ledger, account, tmp_path):
    adjustment, request = extracted(ledger, account)
    taken = answer(ledger, tmp_path, f"{request},P,100245,2026-01-08,63.00")
    assert (taken.paid, taken.exceptions) == (1, ())
    assert ledger.value(f"SELECT document_number FROM check_request WHERE id = {request}") == "100245"
    assert ledger.refusal(CancelAdjustment(adjustment_id=adjustment, reason="MISTAKE"), "olga") == "CHK-004"


def test_a_held_check_leaves_the_refund_until_somebody_cancels_it(ledger, account, tmp_path):
    adjustment, request = extracted(ledger, account)
    assert answer(ledger, tmp_path, f"{request},C,,,").held == 1
    assert ledger.value(f"SELECT status FROM adjustment WHERE id = {adjustment}") == "FROZEN"
    ledger.do(CancelAdjustment(adjustment_id=adjustment, reason="MISTAKE"), "olga")
    assert status(ledger, request) == "CANCELED"


def test_a_check_canceled_by_accounts_payable_cancels_the_refund(ledger, account, tmp_path):
    adjustment, request = extracted(ledger, account)
    assert answer(ledger, tmp_path, f"{request},X,,,63.00").canceled == 1
    assert status(ledger, request) == "CANCELED"
    row = ledger.rows(f"SELECT status, cancel_reason FROM adjustment WHERE id = {adjustment}")
    assert row == [("CANCELED", "AP-CANCELED")]
    assert sum(balances_of(ledger, account).values()) == -6300


def test_what_does_not_fit_is_kept_as_an_exception_and_stops_no_other_row(ledger, account, tmp_path):
    _, request = extracted(ledger, account)
    rows = ("77,P,1,2026-01-08,1.00", f"{request},P,1,2026-01-08,62.99", f"{request},P,,,", f"{request},Q,,,")
    taken = answer(ledger, tmp_path, *rows, f"{request},P,100245,2026-01-08,63.00")
    assert taken.paid == 1
    assert [problem.split(": ")[1] for problem in taken.exceptions] == ["CHK-007", "CHK-009", "CHK-010", "CHK-008"]
    kept = ledger.rows("SELECT line, outcome FROM check_response ORDER BY line")
    assert kept == [(2, "EXCEPTION"), (3, "EXCEPTION"), (4, "EXCEPTION"), (5, "EXCEPTION"), (6, "PAID")]


def test_the_same_file_of_answers_changes_nothing_the_second_time(ledger, account, tmp_path):
    _, request = extracted(ledger, account)
    rows = (f"{request},P,100245,2026-01-08,63.00", "77,P,1,2026-01-08,1.00")
    first = answer(ledger, tmp_path, *rows)
    entries = ledger.value("SELECT count(*) FROM journal")
    again = answer(ledger, tmp_path, *rows, name="again.csv")
    assert dataclasses.replace(again, file_name="answers.csv") == first
    assert ledger.value("SELECT count(*) FROM journal") == entries
