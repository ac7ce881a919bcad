"""What tests of adjustments have in common."""

from __future__ import annotations

import json
from typing import Any

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.codec import from_plain
from tests.builders import Ledger, an_account, usd


def set_up(ledger: Ledger, **tables: Any) -> None:
    ledger.do(from_plain({"tables": tables}, LoadConfiguration), "system")


def changed_type(ledger: Ledger, table: str, code: str, **fields: Any) -> None:
    """A record of a control table with other values."""
    known = ledger.value(f"SELECT content FROM control_record WHERE table_name = '{table}' AND code = '{code}'")
    set_up(ledger, **{table: ({**json.loads(known), **fields},)})


def installation(ledger: Ledger, **fields: Any) -> None:
    changed_type(ledger, "installation", "MAIN", **fields)


def a_fee(ledger: Ledger, amount: str = "5.00", sa_id: int = 0) -> int:
    """A freezable fee."""
    add = AddAdjustment(
        sa_id=sa_id or an_account(ledger).sa["ELEC"],
        adjustment_type="FEE",
        amount=usd(amount),
        finish=AdjustmentFinish.GENERATE,
    )
    return int(ledger.do(add, "olga").adjustment_id)
