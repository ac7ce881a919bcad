"""A signature counts only as somebody else's, also where none was needed (R reliability C4, I15)."""

from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.verifying import verify
from tests.builders import Ledger, an_open_drawer, counted


def test_nobody_signs_for_themselves_even_where_nobody_had_to(ledger: Ledger):
    """Found by the simulator: the command was accepted, and the next verification called the ledger broken."""
    control = an_open_drawer(ledger, "sue", source="CASH-A01")
    ledger.do(StartBalancing(tender_control_id=control), "sue")
    ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")), "sue")
    balance = BalanceDrawer(tender_control_id=control)
    assert ledger.refusal(balance, "sue", second="sue") == "SEC-011"
    ledger.do(balance, "sue", second="stan")
    assert verify(ledger.database).problems == ()
