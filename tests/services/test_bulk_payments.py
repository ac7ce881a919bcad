"""Files of payments: everything is booked once, unknown money is kept, and the batch balances."""

import json
from pathlib import Path

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount, StartAgreement
from cashier_app.services.payments.event_editing import DistributeEvent, FreezeEvent
from cashier_app.services.uploads import bulk_payments
from cashier_app.services.uploads.paying_in import PayInReport, pay_in
from tests.builders import Ledger, an_account, balances_of, usd
from tests.checkers import digest

HEADING = "external_id,amount,date,reference,tender_type\n"


def a_file(directory: Path, *rows: str, heading: str = HEADING) -> Path:
    path = directory / "agency.csv"
    path.write_text(heading + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def pay(ledger: Ledger, path: Path, source: str = "LOCKBOX") -> PayInReport:
    return pay_in(ledger.door, path, source)


def statuses(ledger: Ledger) -> tuple[str, str]:
    return (
        ledger.value("SELECT status FROM tender_control WHERE tender_source = 'LOCKBOX'"),
        ledger.value("SELECT status FROM deposit_control WHERE source_type = 'LOCKBOX'"),
    )


def test_each_row_pays_its_account_and_the_batch_is_balanced(ledger: Ledger, tmp_path: Path):
    jane = an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
    bob = an_account(ledger, "Bob Hill", owing="20.00")
    report = pay(ledger, a_file(tmp_path, f"{jane.number},100.00,2026-01-05,1001,CHEC", f"{bob.number},25.50,,,"))
    assert (report.payments, report.amount, report.balanced) == (2, usd("125.50"), True)
    assert (balances_of(ledger, jane), balances_of(ledger, bob)) == ({"ELEC": 0, "GAS": 2535}, {"ELEC": -550})
    assert statuses(ledger) == ("BALANCED", "BALANCED")
    assert ledger.value("SELECT amount FROM tender_deposit") == 12550


def test_the_report_of_a_batch_counts_its_payments_and_leaves_listing_them_to_the_file(ledger: Ledger, tmp_path: Path):
    jane = an_account(ledger, owing="84.10")
    pay(ledger, a_file(tmp_path, f"{jane.number},50.00,,1001,CHEC", f"{jane.number},30.00,,1002,CHEC"))
    statement = json.loads(ledger.value("SELECT content FROM drawer_report"))["statement"]
    assert statement["tender_count"] == 2
    assert statement["listed"] == []


def test_money_for_nobody_known_goes_to_suspense_with_the_number_given(ledger: Ledger, tmp_path: Path):
    report = pay(ledger, a_file(tmp_path, "77-UNKNOWN,12.00,,,"))
    assert (report.in_suspense, report.balanced) == (1, True)
    assert ledger.value("SELECT current_balance FROM service_agreement WHERE sa_type = 'SUSPENSE'") == -1200
    assert ledger.value("SELECT note FROM payment_event WHERE kind = 'UPLOAD'") == "Unknown account 77-UNKNOWN"


def test_an_account_is_also_found_by_its_number_in_the_system_before(ledger: Ledger, tmp_path: Path):
    for name, external in (("Ann", "OLD-1"), ("Bea", "OLD-2"), ("Cy", "OLD-2")):
        agreements = (AgreementIn(sa_type="ELEC"),)
        ledger.do(
            OpenAccount(name=name, customer_class="RES", external_number=external, agreements=agreements), "system"
        )
    report = pay(ledger, a_file(tmp_path, "OLD-1,1.00,,,", "OLD-2,1.00,,,"))
    assert report.in_suspense == 1, "a number of two accounts is nobody's"


def test_a_second_payment_of_an_account_in_one_file_finds_less_debt(ledger: Ledger, tmp_path: Path):
    jane = an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
    pay(ledger, a_file(tmp_path, *[f"{jane.number},50.00,,,"] * 3))
    assert balances_of(ledger, jane) == {"ELEC": -2465, "GAS": 0}
    segments = ledger.rows("SELECT amount FROM payment_segment ORDER BY id")
    assert [amount for (amount,) in segments] == [5000, 3410, 1590, 2535, 2465]


def test_what_nobody_can_receive_waits_in_error_and_keeps_the_batch_open(ledger: Ledger, tmp_path: Path):
    empty = ledger.do(OpenAccount(name="Nothing Here", customer_class="RES"), "system")
    path = a_file(tmp_path, f"{empty.number},5.00,,,")
    report = pay(ledger, path)
    assert (report.in_error, report.balanced) == (1, False)
    assert report.notes[0].startswith("BLK-011: 1 payments")
    assert statuses(ledger) == ("OPEN", "OPEN")

    ledger.do(StartAgreement(account_id=empty.account_id, agreement=AgreementIn(sa_type="ELEC")), "system")
    event = ledger.value("SELECT id FROM payment_event")
    ledger.do(DistributeEvent(event_id=event), "olga")
    ledger.do(FreezeEvent(event_id=event), "system")
    told = "SELECT t.status, j.name FROM to_do t JOIN journal j ON j.id = t.completed_in"
    assert ledger.rows(told) == [("COMPLETE", "FreezeEvent")], "who was told of it is told no more"
    assert pay(ledger, path).balanced
    assert statuses(ledger) == ("BALANCED", "BALANCED")


def test_the_same_file_again_pays_nothing(ledger: Ledger, tmp_path: Path):
    jane = an_account(ledger, owing="84.10")
    path = a_file(tmp_path, f"{jane.number},50.00,,,")
    pay(ledger, path)
    before = ledger.rows("SELECT count(*), sum(amount) FROM tender")
    again = pay(ledger, path)
    assert ledger.rows("SELECT count(*), sum(amount) FROM tender") == before
    assert again.balanced


def test_a_run_that_died_goes_on_where_it_stopped(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cashier_app.services.uploads.paying_in.CHUNK", 2)
    accounts = [an_account(ledger, f"Person {number}", owing="10.00") for number in range(5)]
    path = a_file(tmp_path, *[f"{account.number},4.00,,," for account in accounts])

    class PowerCutError(Exception):
        pass

    def dies(done: int, _of: int) -> None:
        if done >= 4:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        pay_in(ledger.door, path, "LOCKBOX", progress=dies)
    assert ledger.value("SELECT count(*) FROM tender") == 4
    report = pay(ledger, path)
    assert (report.chunks, report.chunks_repeated, report.balanced) == (3, 2, True)
    assert [balances_of(ledger, account) for account in accounts] == [{"ELEC": 600}] * 5


def test_another_file_waits_until_the_first_is_finished(ledger: Ledger, tmp_path: Path):
    empty = ledger.do(OpenAccount(name="Nothing Here", customer_class="RES"), "system")
    pay(ledger, a_file(tmp_path, f"{empty.number},5.00,,,"))
    with pytest.raises(RuleViolation, match="BLK-006"):
        pay(ledger, a_file(tmp_path, f"{empty.number},6.00,,,"))


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("X,0.00,,,", ("BLK-005", "line 2, amount")),
        ("X,-5.00,,,", ("BLK-005", "line 2, amount")),
        ("X,5.001,,,", ("IMP-021", "line 2, amount")),
        ("X,five,,,", ("IMP-021", "line 2, amount")),
        (",5.00,,,", ("IMP-020", "line 2, external_id")),
        ("=X,5.00,,,", ("IMP-023", "line 2, external_id")),
        ("X,5.00,yesterday,,", ("IMP-022", "line 2, date")),
        ("X,5.00,2026-01-06,,", ("BLK-004", "line 2, date")),
        ("X,5.00,,,GOLD", ("BLK-003", "line 2, tender_type")),
        ("X,5.00,,,DDCH", ("BLK-003", "line 2, tender_type")),
        ("X,5.00,,", ("IMP-005", "line 2")),
    ],
)
def test_a_bad_row_stops_the_whole_file(ledger: Ledger, tmp_path: Path, row: str, found: tuple[str, str]):
    before = digest(ledger.database)
    with pytest.raises(RuleViolation) as refusal:
        pay(ledger, a_file(tmp_path, row, "Y,1.00,,,"))
    assert [(problem.code, problem.field) for problem in refusal.value.problems] == [found]
    assert digest(ledger.database) == before


def test_files_are_paid_in_to_a_lockbox_only(ledger: Ledger, tmp_path: Path):
    with pytest.raises(RuleViolation, match="BLK-001"):
        pay(ledger, a_file(tmp_path, "X,5.00,,,"), "CASH-A01")


def test_a_file_needs_its_two_columns(ledger: Ledger, tmp_path: Path):
    with pytest.raises(RuleViolation) as refusal:
        pay(ledger, a_file(tmp_path, "1,2", heading="account,sum\n"))
    assert refusal.value.codes == ("IMP-006", "IMP-006")


def test_a_batch_whose_tenders_are_not_the_files_is_not_balanced(ledger: Ledger):
    start = bulk_payments.StartBulkPayments(
        tender_source="LOCKBOX", file_name="a.csv", digest="a" * 64, count=1, amount=usd("5.00")
    )
    control = ledger.do(start, "olga").tender_control_id
    finish = bulk_payments.FinishBulkPayments(tender_control_id=control, totals={"CHEC": usd("5.00")})
    assert ledger.refusal(finish, "olga") == "BLK-010"
    assert ledger.refusal(finish, "ann") == "SEC-003"
