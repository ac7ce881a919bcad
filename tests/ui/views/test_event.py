"""A payment event: seen whole, corrected in place, with a second person where one must sign."""

import pytest
from PySide6.QtCore import Qt

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.services.payments.cancellation import CancelPayment
from cashier_app.services.payments.distribution import Finish
from cashier_app.services.payments.receipts import PrintReceipt
from cashier_app.ui.receipt_printing import ReceiptDesk
from cashier_app.ui.views.event import EventScreen
from cashier_app.ui.widgets.figures import Named, figures_at, figures_below
from tests.builders import PASSWORD, a_payment, an_account, an_open_drawer, balances_of, cash, check, paid
from tests.ui.office import an_office
from tests.ui.till import jobs
from tests.ui.typing import press


@pytest.fixture
def office(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "sue") as made:
        yield made


@pytest.fixture
def jane(office):
    an_open_drawer(office.ledger)
    return an_account(office.ledger, owing={"ELEC": "30.00", "GAS": "41.25"})


def shown(office, qtbot, event_id):
    screen = office.screen(qtbot, EventScreen)
    screen.open_event(event_id)
    return screen


def test_an_event_shows_tenders_payments_and_books(office, jane, qtbot):
    taken = office.do(a_payment(jane, check("84.00"), paying="71.25"))
    facts = shown(office, qtbot, taken.event_id).facts
    assert [branch.cells[0] for branch in facts.tenders.rows.top] == ["Check 1001", "Cash back"]
    (payment,) = facts.payments.rows.top
    assert payment.cells[1:] == ("Jane Masters", "frozen", "71.25")
    assert [segment.cells[1] for segment in payment.below[:2]] == ["Electric", "Gas"]
    assert [line.cells[3] for line in payment.below[0].below[0].below] == ["Dr 30.00", "Cr 30.00"]


def test_a_returned_check_says_before_what_it_costs(office, jane, qtbot):
    taken = office.do(a_payment(jane, check("84.00"), paying="71.25"))
    screen = shown(office, qtbot, taken.event_id)
    screen._cancel_tender()
    sheet = screen.cancel_tender_sheet
    assert sheet.all_tenders.isChecked()
    sheet.reason.choose("NSF")
    words = sheet.consequences.text()
    assert "17.50: Returned check fee" in words
    assert "12.75: Cash back of a returned check" in words
    explained = {each.words: each.figure.rpartition(":")[0] for each in figures_below(sheet)}
    assert explained["Returned check fee"].startswith("control:adjustment_type:")
    assert balances_of(office.ledger, jane) == {"ELEC": 0, "GAS": 0}
    sheet.submit()
    assert not sheet.isVisible()
    assert screen.event_model.detail.state.value == "CANCELED"
    assert sum(balances_of(office.ledger, jane).values()) == 3000 + 4125 + 1750 + 1275


def test_a_cashier_cancels_cash_with_a_second_person(sqlite_ledger_url, tmp_path, qtbot):
    with an_office(sqlite_ledger_url, tmp_path, "ann") as office:
        an_open_drawer(office.ledger)
        account = an_account(office.ledger, owing="20.00")
        taken = paid(office.ledger, account, "20.00")
        screen = shown(office, qtbot, taken.event_id)
        screen._cancel_tender()
        office.asking.consents = [("sue", PASSWORD)]
        screen.cancel_tender_sheet.submit()
        assert office.asking.asked == ["SEC-010", "done"]
        assert balances_of(office.ledger, account) == {"ELEC": 2000}


def test_a_payment_goes_to_somebody_else_as_previewed(office, jane, qtbot):
    right = an_account(office.ledger, "Right Person", owing={"ELEC": "30.00", "GAS": "70.00"})
    taken = paid(office.ledger, jane, "71.25")
    screen = shown(office, qtbot, taken.event_id)
    screen._transfer()
    sheet = screen.transfer_sheet
    sheet.targets.search.setText(right.number)
    press(sheet.targets.search, Qt.Key.Key_Return)
    assert [(row.agreement, row.amount) for row in sheet.transfer.preview] == [("Electric", 3000), ("Gas", 4125)]
    gas = figure(FigureKind.SHARE, right.id, right.sa["GAS"], 4125)
    (shown_last,) = figures_at(sheet._preview._values[-1][1])
    assert shown_last == Named("Right Person · Gas", "41.25", gas)
    sheet.reason.choose("WRONG")
    sheet.submit()
    assert not sheet.isVisible()
    assert balances_of(office.ledger, right) == {"ELEC": 0, "GAS": 7000 - 4125}
    assert balances_of(office.ledger, jane) == {"ELEC": 3000, "GAS": 4125}


def test_shares_of_a_transfer_must_add_up(office, jane, qtbot):
    other = an_account(office.ledger, "Right Person", owing="10.00")
    taken = paid(office.ledger, jane, "71.25")
    screen = shown(office, qtbot, taken.event_id)
    screen._transfer()
    transfer = screen.transfer_sheet.transfer
    transfer.look_up(other.number)
    transfer.give(other.id, 1000)
    assert transfer.left == 6125
    screen.transfer_sheet.submit()
    assert "must add up to 71.25 USD" in screen.transfer_sheet.form.problem("targets")
    transfer.look_up(jane.number)
    assert transfer.left == 0
    assert not screen.transfer_sheet.whole_event.isEnabled()
    screen.transfer_sheet.submit()
    assert sum(balances_of(office.ledger, other).values()) == 0


def test_nobody_found_is_said_beside_the_search(office, jane, qtbot):
    taken = paid(office.ledger, jane, "71.25")
    screen = shown(office, qtbot, taken.event_id)
    screen._transfer()
    screen.transfer_sheet.transfer.look_up("zzz")
    assert "Nobody is found" in screen.transfer_sheet.targets._form.problem("search")


def test_an_unbalanced_event_waits_until_its_money_is_given(office, jane, qtbot):
    taken = paid(office.ledger, jane, "71.25")
    screen = shown(office, qtbot, taken.event_id)
    assert screen.lists.waiting.count == 0
    office.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    assert screen.lists.waiting.count == 1
    assert screen.event_model.allows("AddPayments")
    screen._add_payments()
    sheet = screen.add_payments_sheet
    sheet.targets.look_up(jane.number)
    sheet.submit()
    assert screen.lists.waiting.count == 0
    assert balances_of(office.ledger, jane) == {"ELEC": 0, "GAS": 0}


def test_an_unfinished_event_is_placed_by_hand_and_frozen(office, jane, qtbot):
    taken = office.do(a_payment(jane, cash("40.00"), finish=Finish.DISTRIBUTE))
    screen = shown(office, qtbot, taken.event_id)
    assert screen.event_model.allows("FreezeEvent")
    screen._place()
    sheet = screen.place_sheet
    sheet.amounts[jane.sa["ELEC"]].set_value(500)
    sheet.submit()
    assert "add up to 15.00" in sheet.problem
    sheet.amounts[jane.sa["GAS"]].set_value(3500)
    sheet.submit()
    assert not sheet.isVisible()
    screen._action["freeze"].trigger()
    assert screen.event_model.detail.state.value == "FROZEN"
    assert balances_of(office.ledger, jane) == {"ELEC": 2500, "GAS": 625}


def test_deleting_asks_first(office, jane, qtbot):
    taken = office.do(a_payment(jane, cash("40.00"), finish=Finish.NOTHING))
    screen = shown(office, qtbot, taken.event_id)
    office.asking.confirms = [False, True]
    screen._action["delete"].trigger()
    assert screen.event_model.detail is not None
    screen._action["delete"].trigger()
    assert screen.event_model.detail is None
    assert office.said == ["Event deleted"]


def test_a_copy_is_marked_and_noted(office, jane, qtbot):
    taken = paid(office.ledger, jane, "71.25")
    office.do(PrintReceipt(event_id=taken.event_id))
    screen = shown(office, qtbot, taken.event_id)
    screen._action["reprint"].trigger()
    assert office.said == [f"Copy 1 of receipt {taken.receipt_number}"]
    assert screen.paper.page_count == 1
    assert [row.copy for row in screen.event_model.detail.prints] == [0, 1]


def test_a_receipt_goes_to_the_printer_and_what_failed_does_not_count(office, jane, qtbot, tmp_path):
    screen = shown(office, qtbot, paid(office.ledger, jane, "71.25").event_id)
    reprint, alive = screen._action["reprint"], screen.event_model.receipts
    assert reprint.text() == "Print the receipt"
    screen.event_model.receipts = ReceiptDesk(office.backend, f"file:{tmp_path}/no/such/device")
    reprint.trigger()
    assert "Nothing was printed" in office.said[-1]
    assert reprint.text() == "Print the receipt", "no original came out"
    screen.event_model.receipts = alive
    reprint.trigger()
    reprint.trigger()
    assert [b"COPY" in job for job in jobs(tmp_path)] == [False, True]
    words = screen.facts._prints.text().splitlines()
    assert [line.partition(":")[0] for line in words] == ["Original", "Original", "Copy 1"]
    assert words[0].endswith("did not come out")


def test_a_print_that_nobody_has_in_hand_can_be_told(office, jane, qtbot, tmp_path):
    taken = paid(office.ledger, jane, "71.25")
    office.do(PrintReceipt(event_id=taken.event_id))
    screen = shown(office, qtbot, taken.event_id)
    office.asking.confirms = [False, True]
    screen._action["not_printed"].trigger()
    assert screen._action["reprint"].text() == "Print a copy"
    screen._action["not_printed"].trigger()
    assert not screen._action["not_printed"].isVisible()
    screen._action["reprint"].trigger()
    (job,) = jobs(tmp_path)
    assert b"COPY" not in job


def test_a_check_is_endorsed_and_a_stub_validated(office, jane, qtbot, tmp_path):
    taken = office.do(a_payment(jane, cash("20.00"), check("60.00", "4711"), paying="71.25"))
    screen = shown(office, qtbot, taken.event_id)
    screen._action["endorse"].trigger()
    assert (office.said[-1], screen.paper.page_count) == ("Check 4711 endorsed", 1)
    screen._action["validate"].trigger()
    assert office.said[-1] == f"Stub of account {jane.number} validated"
    endorsement, stub = jobs(tmp_path)
    assert all(words in endorsement for words in (b"FOR DEPOSIT ONLY", b"CASH-A01", b"USD 60.00"))
    assert b"USD 71.25" in stub.replace(b"\n", b" ")


def test_a_slip_that_does_not_come_out_is_told(office, jane, qtbot, tmp_path):
    taken = office.do(a_payment(jane, check("71.25")))
    screen = shown(office, qtbot, taken.event_id)
    screen.event_model.receipts = ReceiptDesk(office.backend, f"file:{tmp_path}/no/such/device")
    screen._action["endorse"].trigger()
    assert "Nothing was printed: The printer at" in office.said[-1]
    assert screen.paper.isVisible(), "it can still be seen, and copied by hand"


def test_cash_has_no_back_to_print_on(office, jane, qtbot):
    screen = shown(office, qtbot, paid(office.ledger, jane, "71.25").event_id)
    assert not screen._action["endorse"].isVisible()
    assert screen._action["validate"].isVisible()


def test_only_what_the_state_allows_is_offered(office, jane, qtbot):
    taken = paid(office.ledger, jane, "71.25")
    screen = shown(office, qtbot, taken.event_id)
    offered = {name for name, action in screen._action.items() if action.isVisible()}
    assert offered == {"cancel_tender", "cancel_payment", "transfer", "reprint", "validate", "account"}
