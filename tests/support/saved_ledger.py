"""Saves a small ledger of this version for the upgrade tests of later ones: `python -m tests.support.saved_ledger`.

Run once per released revision; a saved ledger is never made again.
"""

import gzip
import tempfile
from pathlib import Path

from cashier_app.services.administration.seals import SealDay
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.kernel.database import SCHEMA_REVISION, Database, create_schema
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.receipts import PrintReceipt
from tests.builders import a_ledger, a_payment, an_account, an_open_drawer, cash, check, counted, paid
from tests.support.source_tree import ROOT


def save(path: Path) -> None:
    """A day with payments, change, a returned check, a short drawer and a seal."""
    database = Database(str(path), must_exist=False)
    create_schema(database)
    database.close()
    ledger = a_ledger(str(path))
    account = an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
    control = an_open_drawer(ledger)
    first = paid(ledger, account, "20.00")
    ledger.do(PrintReceipt(event_id=first.event_id))
    ledger.do(a_payment(account, cash("100.00"), paying="91.35"))
    returned = ledger.do(a_payment(account, check("14.00")))
    ledger.do(CancelTender(tender_id=returned.tender_ids[0], reason="NSF"), "sue")
    paid(ledger, account, "17.50")
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("227.35")))
    ledger.do(BalanceDrawer(tender_control_id=control, note="short"), second="sue")
    ledger.do(SealDay(), "sue")
    ledger.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ledger.database.connection.execute("VACUUM")
    ledger.close()


if __name__ == "__main__":
    target = ROOT / "tests" / "data" / "ledgers" / f"{SCHEMA_REVISION}.db.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise SystemExit(f"{target.name} is saved already; take it away only if its version was never released")
    with tempfile.TemporaryDirectory() as directory:
        saved = Path(directory) / "ledger.db"
        save(saved)
        target.write_bytes(gzip.compress(saved.read_bytes(), mtime=0))
