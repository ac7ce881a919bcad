"""The benchmarks can be asked, and answer in one shape; how fast anything is, no test says."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from benchmarks.__main__ import CATALOGUE, benchmark, main

FIELDS = {"name", "unit", "product", "baseline", "ratio", "memory_mb", "hardware"}


def test_the_benchmarks_are_listed(capsys: pytest.CaptureFixture[str]):
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_name_leads_to_a_benchmark(name: str):
    assert callable(benchmark(name))


def test_an_unknown_benchmark_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]):
    assert main(["speed"]) == 2
    assert "payment, payment-postgresql" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["payment", "balance-drawer"])
def test_a_run_answers_with_one_json_object(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    for place in ("payments.ACCOUNTS", "drawers.ACCOUNTS", "drawers.TENDERS"):
        monkeypatch.setattr(f"benchmarks.{place}", 20)
    monkeypatch.setattr("benchmarks.payments.QUICK", (3, 5))
    assert main([name, "--quick", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.keys() >= FIELDS
    assert answer["ratio"] == pytest.approx(answer["product"] / answer["baseline"], rel=0.01)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_kept_large_ledger_is_found_again_with_what_was_paid_in(dialect: str):
    from benchmarks.large import large_ledger  # noqa: PLC0415
    from benchmarks.ledgers import place  # noqa: PLC0415
    from benchmarks.payments import files_paid_in, rate_of_next_file  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        data.chmod(0o755)
        for run in range(2):
            with place(dialect, data) as where:
                door = large_ledger(where, accounts=20, debts=2)
                assert files_paid_in(door.database) == run
                rate_of_next_file(door, data, 10, 20)
                assert files_paid_in(door.database) == run + 1
                door.database.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_the_baseline_writes_the_rows_that_the_product_wrote():
    from benchmarks import bare  # noqa: PLC0415
    from benchmarks.ledgers import fill, new_ledger, open_door, open_drawer, place  # noqa: PLC0415
    from benchmarks.payments import account_ids, settle, take  # noqa: PLC0415

    for dialect in ("sqlite", "postgresql"):
        with place(dialect) as where:
            door = new_ledger(where.create("product"))
            fill(door, 5)
            cashier = open_drawer(door)
            settle(door.database)
            door.database.close()
            where.copy("product", "bare")
            door, beside = open_door(where.url("product")), open_door(where.url("bare")).database
            take(door, cashier, account_ids(door.database), 5)
            rows = bare.payments_after(door.database, 0)
            bare.write_one_by_one(beside, rows)
            assert bare.payments_after(beside, 0) == rows
            assert [len(written) for _, written in rows[0]] == [1, 1, 1, 2, 2, 4]
            door.database.close()
            beside.close()
