"""P5: the database itself refuses to change history, whoever asks and with whatever program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.domain.errors import StaleData
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.models.protection import CHANGEABLE_ON_FROZEN_FT, PROTECTIONS, Protection
from cashier_app.models.tables import Base
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.batch.executing import InThisProcess
from cashier_app.services.batch.mass_adjustments import AdjustAgreements
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.general_ledger.check_responses import CheckAnswer, TakeCheckAnswer
from cashier_app.services.general_ledger.check_runs import ExtractChecks
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.kernel.codec import from_plain, to_plain
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.matching.match_events import CreateMatchEvent
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.to_do.working import CommentToDo
from tests.builders import (
    OPEN_LEDGERS,
    AnAccount,
    Ledger,
    a_ledger,
    a_payment,
    a_user,
    an_account,
    an_open_drawer,
    check,
    counted,
    furnished,
    paid,
    usd,
)
from tests.services.adjustments.office import changed_type
from tests.services.approvals.office import approve, submitted
from tests.support.databases import Databases

_LATER = {"import_run", "journal_part"}
"""Protected tables that a day at the counter does not fill; one row is put in by hand."""


@pytest.fixture
def busy_ledger(databases: Databases, tmp_path: Path) -> Iterator[Ledger]:
    """With a row in every protected table."""
    with databases.copy_of(a_busy_day, tmp_path) as url:
        yield a_ledger(url)


def a_busy_day(url: str) -> None:
    furnished(url)
    ledger = a_ledger(url)
    _do_something_of_everything(ledger)
    ledger.close()
    OPEN_LEDGERS.pop()


def _do_something_of_everything(ledger: Ledger) -> None:
    account = an_account(ledger, owing={"ELEC": "84.10"})
    control = an_open_drawer(ledger)
    for kind, amount in (("SERVICE", "50.00"), ("CUSTREL", "-54.00")):
        add = AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type=kind, amount=usd(amount))
        ledger.do(add, "olga")
    taken = paid(ledger, account, "20.00")
    returned = ledger.do(a_payment(account, check("30.00")))
    printed = ledger.do(PrintReceipt(event_id=taken.event_id))
    ledger.do(NotePrintFailure(print_id=printed.print_id, problem="no paper"))
    ledger.do(CancelTender(tender_id=returned.tender_ids[0], reason="NSF"), "sue")
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("119.50")))
    ledger.do(BalanceDrawer(tender_control_id=control, note="x"))
    ledger.do(SealDay(), "sue")
    _hand_over(ledger)
    _run_a_batch(ledger)
    _have_approved(ledger, account)
    _dispute(ledger)


def _dispute(ledger: Ledger) -> None:
    """A shop says that it does not owe what it was charged."""
    shop = an_account(ledger, "Tea House", owing="5.00", customer_class="COM")
    charge = int(ledger.value(f"SELECT id FROM financial_transaction WHERE sa_id = {shop.sa['ELEC']}"))
    ledger.do(CreateMatchEvent(account_id=shop.id, ft_ids=(charge,), dispute="Nobody was there."), "olga")


def _run_a_batch(ledger: Ledger) -> None:
    """A run that could not do everything: without an address nobody can be sent a check."""
    refund = AdjustAgreements(adjustment_type="REFUNDAP", amount=usd("1.00"), sa_type="ELEC")
    run_in_chunks(ledger.door, "ADJMASS", refund, run_id="b" * 32, user_id=SYSTEM.id, executor=InThisProcess())


def _have_approved(ledger: Ledger, account: AnAccount) -> None:
    """A fee that somebody has approved, and an entry about which something was said."""
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    a_user(ledger, "ben", "SUPERVISOR", to_do_roles=("ADJ-LEVEL-1",))
    request = submitted(ledger, account, "20.00")
    to_do_id = int(ledger.value("SELECT id FROM to_do WHERE to_do_type = 'APPROVAL'"))
    ledger.do(CommentToDo(to_do_id=to_do_id, text="Looks right."), "ben")
    ledger.do(approve(request), "ben")
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="")


def _hand_over(ledger: Ledger) -> None:
    """A run to the general ledger in which something had waited, and a check that accounts payable has answered."""
    held = to_plain(ledger.door.config.get(DistributionCode, "REV-MISC"))
    sa_id = an_account(ledger, mailing_address="18 Oak Lane").sa["ELEC"]
    for accounts in ((), held["gl_accounts"]):
        code = {**held, "gl_accounts": accounts}
        ledger.do(from_plain({"tables": {"distribution_code": (code,)}}, LoadConfiguration), "system")
        ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="FEE", amount=usd("5.00")), "system")
        run_gl(ledger.door, user_id=ledger.people["olga"])
    ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="CONVERSION", amount=usd("-70.00")), "system")
    ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP", amount=usd("60.00")), "system")
    ledger.clock.advance(days=2)
    ledger.do(ExtractChecks(), "olga")
    request = str(ledger.value("SELECT id FROM check_request"))
    paid_out = CheckAnswer(request_id=request, status="P", check_number="1", check_date="2026-01-07")
    ledger.do(TakeCheckAnswer(file_name="answers.csv", file_digest="0", line=2, answer=paid_out), "olga")


def _refused(ledger: Ledger, sql: str) -> bool:
    try:
        with ledger.database.translated():
            ledger.database.connection.cursor().execute(sql)
    except StaleData as refusal:
        return refusal.codes == ("LEDGER-001",)
    return False


@pytest.mark.parametrize("protection", [p for p in PROTECTIONS if p.table not in _LATER], ids=lambda p: p.table)
def test_protected_rows_can_neither_be_changed_nor_deleted(protection: Protection, busy_ledger: Ledger):
    table = Base.metadata.tables[protection.table]
    assert busy_ledger.value(f"SELECT count(*) FROM {table.name}") > 0, "the day fills every protected table"
    frozen = protection.columns or tuple(column.name for column in table.columns)
    tried = {column: _refused(busy_ledger, f"UPDATE {table.name} SET {column} = {column}") for column in frozen}
    assert tried == dict.fromkeys(frozen, True)
    assert not protection.delete or _refused(busy_ledger, f"DELETE FROM {table.name}")


def test_the_columns_that_billing_still_fills_in_are_the_only_ones_open(busy_ledger: Ledger):
    columns = {column.name for column in Base.metadata.tables["financial_transaction"].columns}
    open_columns = {
        column
        for column in columns
        if not _refused(busy_ledger, f"UPDATE financial_transaction SET {column} = {column}")
    }
    assert open_columns == set(CHANGEABLE_ON_FROZEN_FT)


def test_an_event_that_is_not_frozen_can_still_be_corrected(busy_ledger: Ledger):
    assert not _refused(busy_ledger, "UPDATE payment SET status = status")
    assert not _refused(busy_ledger, "UPDATE tender SET cancel_reason = cancel_reason")


def test_frozen_amounts_stay_even_for_the_owner_of_the_database(busy_ledger: Ledger):
    assert _refused(busy_ledger, "UPDATE payment SET amount = amount + 1 WHERE status = 'FROZEN'")
    assert _refused(busy_ledger, "UPDATE tender SET amount = 1")
    assert _refused(busy_ledger, "UPDATE gl_line SET amount = -amount")
