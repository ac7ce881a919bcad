"""The demo's night works where the real data is not, on what it generates."""

from functools import partial

from cashier_app.demo import night
from tests.builders import OPEN_LEDGERS, a_ledger


def test_without_the_real_data_generated_accounts_are_taken_over_and_pay(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr(night, "write_receivables", partial(night.write_receivables, rows=500))
    ledger = a_ledger(sqlite_url)
    OPEN_LEDGERS.remove(ledger)
    try:
        worked = night.work_the_night(ledger.door, None, tmp_path / "files")
    finally:
        ledger.close()
    assert not worked.real
    assert worked.conversion.row_count == 500
    assert worked.payments.payments > 0.8 * worked.conversion.account_count
    assert worked.payments.amount.minor > 0
