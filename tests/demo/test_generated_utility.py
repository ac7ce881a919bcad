"""Generated files have the shape and the mess of the real ones, and say what they add up to."""

import csv
import hashlib
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cashier_app.demo.generated_utility import write_receivables, write_remittance


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def receivables(tmp_path_factory):
    path = tmp_path_factory.mktemp("receivables") / "bills.csv"
    return write_receivables(path), path, _rows(path)


def test_control_totals_are_what_a_reader_arrives_at(receivables):
    totals, _, rows = receivables
    assert totals.count == len(rows) == 26_776
    assert Decimal(totals.amount) / 100 == sum(Decimal(row["total_due_usd"]) for row in rows)
    assert totals.accounts == len({row["esid"] for row in rows})


def test_columns_are_those_of_the_real_export(receivables):
    _, path, _ = receivables
    heading = path.read_bytes().splitlines(keepends=True)[0]
    assert heading == b"esid,business_area,service_address,bill_type,bill_date,total_due_usd,usage_kwh\r\n"


def test_every_mess_of_the_real_export_is_there(receivables):
    totals, _, rows = receivables
    bills_of_point = Counter(row["esid"] for row in rows)
    bills_of_day = Counter((row["esid"], row["bill_date"]) for row in rows)
    amounts = Counter(row["total_due_usd"] for row in rows)
    addresses = {row["service_address"] for row in rows}

    assert abs(totals.accounts - 4_912) < 100
    assert sum(count - 1 for count in Counter(tuple(row.values()) for row in rows).values()) == 7
    assert sum(count > 1 for count in bills_of_day.values()) > 20
    assert {1, 2, 3, 4, 5, 6} <= set(bills_of_point.values())
    assert {len(point) for point in bills_of_point} == {22}
    assert 20 < sum(not point.isdigit() for point in bills_of_point) < 100
    assert {row["bill_type"] for row in rows} == {"T", "P", "C"}
    assert amounts["0.0"] > 100
    assert amounts["1.71"] > 1_000
    assert {len(amount.partition(".")[2]) for amount in amounts} == {1, 2}
    assert max(Decimal(amount) for amount in amounts) > 500_000
    assert "VARIOUS" in addresses
    assert any(" 1/2 " in address for address in addresses)
    assert any("  " in address for address in addresses)


def test_bills_lie_in_the_second_half_of_the_year_on_working_days(receivables):
    days = {date.fromisoformat(row["bill_date"]) for row in receivables[2]}
    assert {day.month for day in days} == {7, 8, 9, 10, 11, 12}
    assert {day.year for day in days} == {2011}
    assert all(day.weekday() < 5 for day in days)


def test_same_seed_gives_the_same_bytes_on_every_machine(tmp_path):
    path = tmp_path / "bills.csv"
    write_receivables(path, seed=1, rows=2_000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == "d8d6f63bdf1e8fd55de08018f4532f12ffe72ac2be94833b27cb780182c086dd", (
        "the generator changed: figures in documents and tests that come from it change too"
    )


def test_another_seed_gives_another_city(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    write_receivables(one, seed=1, rows=500)
    write_receivables(other, seed=2, rows=500)
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 2, 17, 500])
def test_any_number_of_rows_is_kept_exactly(tmp_path, rows):
    path = tmp_path / "bills.csv"
    assert write_receivables(path, rows=rows).count == len(_rows(path)) == rows


def test_a_short_file_has_bills_listed_twice_as_well(tmp_path):
    write_receivables(tmp_path / "bills.csv", rows=500)
    assert max(Counter(tuple(row.values()) for row in _rows(tmp_path / "bills.csv")).values()) == 2


@pytest.mark.shared_data
def test_nothing_is_copied_from_the_real_export(receivables, shared_data):
    real = _rows(shared_data / "houston-municipal-electricity-2011H2.csv")
    _, _, rows = receivables
    for column in ("esid", "service_address"):
        assert not ({row[column] for row in rows} & {row[column] for row in real}) - {"VARIOUS"}


def test_remittance_names_each_account_and_its_amount(tmp_path):
    path = tmp_path / "remittance.csv"
    totals = write_remittance(path, [("A-1", 12_500), ("A-2", 1), ("A-1", 205)], paid_on=date(2026, 11, 20))
    assert path.read_text(encoding="utf-8").splitlines() == [
        "external_id,amount,date,reference,tender_type",
        "A-1,125.00,2026-11-20,BULK-000001,CHEC",
        "A-2,0.01,2026-11-20,BULK-000002,CHEC",
        "A-1,2.05,2026-11-20,BULK-000003,CHEC",
    ]
    assert (totals.count, totals.amount, totals.accounts) == (3, 12_706, 2)


@pytest.mark.parametrize("cents", [0, -1])
def test_nobody_remits_nothing(tmp_path, cents):
    with pytest.raises(AssertionError, match="A-1"):
        write_remittance(tmp_path / "remittance.csv", [("A-1", cents)], paid_on=date(2026, 11, 20))
