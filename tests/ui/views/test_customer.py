"""Control central: an account whole, and what is done to it in place."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.ui.views.customer import CustomerScreen
from tests.builders import a_charge, an_account, an_open_drawer, balances_of, paid
from tests.services.adjustments.office import changed_type
from tests.ui.office import an_office
from tests.ui.typing import press, press_where_the_focus_is


@pytest.fixture
def office(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "olga") as made:
        yield made


@pytest.fixture
def account(office):
    return an_account(office.ledger, owing={"ELEC": "84.10", "GAS": "41.25"})


@pytest.fixture
def screen(office, account, qtbot):
    made = office.screen(qtbot, CustomerScreen)
    made.open_account(account.id)
    return made


def texts(tree):
    return [branch.cells for branch in tree.rows.top]


def test_an_account_is_shown_with_what_each_agreement_owes(screen):
    assert screen.header.heading._title.text() == "Jane Masters"
    assert texts(screen.facts.agreements) == [("Electric", "84.10", "84.10"), ("Gas", "41.25", "41.25")]


def test_debt_opens_to_the_day(screen):
    screen.facts.open_debt()
    electric = screen.facts.agreements.rows.top[0]
    assert electric.below[0].cells == ("35 days old", "84.10", "")


def test_history_is_newest_first_and_opens_down_to_the_books(office, account, screen):
    an_open_drawer(office.ledger)
    taken = paid(office.ledger, account, "125.35")
    screen.customer.refresh()
    first = screen.river.tree.rows.top[0]
    assert first.cells[2:] == (taken.receipt_number, "−125.35", "0.00")  # noqa: RUF001
    fts = [below for below in first.below if below.below]
    assert [line.cells[3] for line in fts[0].below] == ["Dr 84.10", "Cr 84.10"]


def test_chips_show_one_kind_only(office, account, screen):
    an_open_drawer(office.ledger)
    paid(office.ledger, account, "10.00")
    screen.customer.refresh()
    assert len(screen.customer.rows) == 3
    screen.river.chips["payments"].click()
    assert [row.kind.value for row in screen.customer.rows] == ["PAYMENT"]
    screen.river.chips["payments"].click()
    assert len(screen.customer.rows) == 3


def test_a_long_history_comes_page_by_page(office, account, screen, qtbot):
    for _ in range(60):
        a_charge(office.ledger, account.sa["ELEC"], "1.00")
    screen.customer.clear()
    screen.open_account(account.id)
    assert screen.river.tree.rows.rowCount() == 40
    screen.river.tree.setFocus()
    press_where_the_focus_is(Qt.Key.Key_End)
    assert screen.river.tree.rows.rowCount() == 62
    assert screen.river.tree.more is None


def test_what_somebody_else_writes_shows_by_itself(office, account, screen):
    office.do(AddAlert(account_id=account.id, text="Dog in the yard"), "olga")
    assert [alert.text for alert in screen.customer.glance.alerts] == ["Dog in the yard"]


def test_a_note_without_words_is_refused_beside_its_field(screen):
    screen._add_note()
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert screen.alert_sheet.form.problem("text") == "Say what should be seen."
    screen.alert_sheet.text.setText("Rings twice")
    screen.alert_sheet.ends.setText("someday")
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert "Type a day such as" in screen.alert_sheet.form.problem("ends")
    screen.alert_sheet.ends.setText("+30")
    press_where_the_focus_is(Qt.Key.Key_Return)
    assert not screen.alert_sheet.isVisible()
    assert [alert.text for alert in screen.customer.glance.alerts] == ["Rings twice"]


def test_escape_leaves_a_form_and_goes_back_to_the_history(screen):
    screen._add_note()
    press_where_the_focus_is(Qt.Key.Key_Escape)
    assert not screen.alert_sheet.isVisible()
    assert screen.river.tree.isVisible()


def test_an_adjustment_proposes_its_amount_and_freezes_at_once(office, account, screen):
    screen.adjusting.add()
    sheet = screen.adjusting.add_sheet
    sheet.kind.choose("FEE")
    assert sheet.amount.value == 2500
    sheet.amount.set_value(0)
    sheet.submit()
    assert sheet.form.problem("amount") == "An amount other than zero is needed."
    sheet.amount.set_value(-1000)
    sheet.submit()
    assert office.said == ["Adjustment frozen"]
    assert screen.customer.glance.current_balance == 12535 - 1000


def test_an_adjustment_says_when_it_ages_in_which_books_and_by_what(office, account, screen):
    screen.adjusting.add()
    sheet = screen.adjusting.add_sheet
    sheet.kind.choose("FEE")
    sheet.reference.setText("W-4711")
    sheet.arrears.setText("2025-12-01")
    sheet.day.setText("yesterday")
    sheet.submit()
    assert "Type a day" in sheet.form.problem("accounting_date")
    sheet.day.setText("+1")
    sheet.submit()
    assert office.said == ["Adjustment frozen"]
    tomorrow = office.backend.business_date + timedelta(days=1)
    assert office.ledger.rows(
        "SELECT a.reference, f.arrears_date, f.accounting_date FROM adjustment a "
        "JOIN financial_transaction f ON f.source_id = a.id WHERE a.adjustment_type = 'FEE'"
    ) == [("W-4711", "2025-12-01", tomorrow.isoformat())]
    screen.adjusting.add()
    sheet.finish.choose("ADD")
    assert not sheet.day.isVisible(), "what is only begun is in no books yet"
    assert sheet.arrears.isVisible()


def test_only_types_that_the_agreement_takes_are_offered(office, qtbot):
    account = an_account(office.ledger, owing={"DEPOSIT": "-50.00"})
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(account.id)
    screen.adjusting.add()
    kind = screen.adjusting.add_sheet.kind
    assert [kind.itemData(place) for place in range(kind.count())] == ["CONVERSION", "REFUNDAP"]
    kind.choose("REFUNDAP")
    assert screen.adjusting.add_sheet.amount.value == 5000


def enabled(screen):
    return {way for way, action in screen.adjusting._ways.items() if action.isEnabled()}


def test_an_adjustment_goes_step_by_step_through_the_list(office, account, screen):
    screen.adjusting.add()
    sheet = screen.adjusting.add_sheet
    sheet.kind.choose("FEE")
    sheet.finish.choose("ADD")
    sheet.submit()
    screen.adjusting.show_list()
    page = screen.adjusting.page
    assert texts(page.tree)[0][1:] == ("Service fee", "incomplete", "25.00")
    assert enabled(screen) == {"GENERATE", "DELETE"}
    screen.adjusting._ways["GENERATE"].trigger()
    screen.adjusting.generate_sheet.amount.set_value(2000)
    screen.adjusting.generate_sheet.submit()
    assert texts(page.tree)[0][1:] == ("Service fee", "to be frozen", "20.00")
    assert screen.customer.glance.current_balance == 12535
    screen.adjusting._ways["FREEZE"].trigger()
    assert not screen.adjusting.freeze_sheet.day.isVisible()
    screen.adjusting.freeze_sheet.submit()
    assert texts(page.tree)[0][1:] == ("Service fee", "frozen", "20.00")
    assert screen.customer.glance.current_balance == 14535
    screen.adjusting.cancel()
    screen.adjusting.cancel_sheet.reason.choose("WAIVED")
    screen.adjusting.cancel_sheet.submit()
    assert texts(page.tree)[0][2] == "canceled"
    assert screen.customer.glance.current_balance == 12535
    press_where_the_focus_is(Qt.Key.Key_Escape)
    assert screen.river.tree.isVisible()


def test_what_is_not_wanted_is_deleted(screen):
    screen.adjusting.add()
    screen.adjusting.add_sheet.kind.choose("FEE")
    screen.adjusting.add_sheet.finish.choose("GENERATE")
    screen.adjusting.add_sheet.submit()
    assert screen.adjusting.adjustments.waiting == 1
    assert not screen.adjusting._ways["DELETE"].isEnabled(), "no list is on the screen"
    screen.adjusting.show_list()
    assert screen.adjusting._ways["DELETE"].isEnabled()
    screen.adjusting._ways["DELETE"].trigger()
    screen.adjusting.delete_sheet.submit()
    assert screen.adjusting.adjustments.waiting == 0


def test_what_others_must_approve_is_submitted_instead_of_frozen(office, screen):
    changed_type(office.ledger, "adjustment_type", "FEE", approval_profile="FEES")
    office.ledger.do(ChangeUser(login="sue", to_do_roles=("ADJ-LEVEL-1",)), "system")
    screen.customer.refresh()
    screen.adjusting.adjustments.refresh()
    screen.adjusting.add()
    screen.adjusting.add_sheet.kind.choose("FEE")
    assert screen.adjusting.add_sheet.finish.count() == 2
    screen.adjusting.add_sheet.submit()
    screen.adjusting.show_list()
    assert texts(screen.adjusting.page.tree)[0][2] == "to be submitted"
    assert enabled(screen) == {"GENERATE", "SUBMIT", "DELETE"}
    screen.adjusting._ways["SUBMIT"].trigger()
    screen.adjusting.submit_sheet.submit()
    assert office.said[-1] == "Submitted; ADJ-LEVEL-1 must approve it"
    assert texts(screen.adjusting.page.tree)[0][2] == "waits for approval"
    assert enabled(screen) == set()
    told = [below.cells[1] for below in screen.adjusting.page.tree.rows.top[0].below]
    assert [line.partition(": ")[2] for line in told if line.startswith("Approval")] == [
        "submitted by Olga",
        "asked by Olga: Approvers of level 1",
    ]


def test_a_credit_is_transferred_to_another_customer(office, account, qtbot):
    giver = an_account(office.ledger, "Bob Brown", owing="-40.00")
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(giver.id)
    screen.adjusting.transfer()
    sheet = screen.adjusting.transfer_sheet
    assert sheet.amount.value == 4000
    sheet.search.setFocus()
    sheet.search.setText(account.number)
    press(sheet.search, Qt.Key.Key_Return)
    sheet.target.choose(str(account.sa["GAS"]))
    sheet.submit()
    assert office.said == ["Adjustment frozen"]
    assert balances_of(office.ledger, giver) == {"ELEC": 0}
    assert balances_of(office.ledger, account)["GAS"] == 125


def test_a_charge_is_disputed_and_the_dispute_ended_in_place(office, qtbot):
    shop = an_account(office.ledger, "Tea House", owing="84.10", customer_class="COM")
    a_charge(office.ledger, shop.sa["ELEC"], "-4.10")
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(shop.id)
    dispute, end = screen.disputing.actions
    assert (dispute.isEnabled(), end.isVisible()) == (False, False), "a credit is not disputed"
    press(screen.river.tree, Qt.Key.Key_Down)
    dispute.trigger()
    sheet = screen.disputing.dispute_sheet
    press(sheet.reason, Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert balances_of(office.ledger, shop) == {"ELEC": 8000}
    sheet.reason.setText("The meter was exchanged")
    press(sheet.reason, Qt.Key.Key_Return)
    assert screen.customer.glance.aged.disputed == 8410
    assert "Disputed" in screen.header.bar.accessibleName()
    assert screen.river.tree.rows.top[1].cells[1] == "Opening receivable, disputed"
    screen.river.tree.go_to(screen.river.tree.rows.top[1].key)
    assert (dispute.isVisible(), end.isVisible()) == (False, True)
    end.trigger()
    screen.disputing.end_sheet.reason.setText("The reading was right")
    press(screen.disputing.end_sheet.reason, Qt.Key.Key_Return)
    assert screen.customer.glance.aged.disputed == 0
    assert office.said[-2:] == ["Charge disputed", "Dispute ended"]


def test_a_residential_customer_is_offered_no_dispute(screen):
    assert not any(action.isVisible() for action in screen.disputing.actions)


def test_only_what_was_changed_of_a_person_is_sent(office, screen):
    sheet = screen.person_sheet
    screen._change_person()
    sheet.fields["phone"].setText("555-0100")
    sheet.submit()
    assert screen.customer.glance.phone == "555-0100"
    assert screen.customer.glance.name == "Jane Masters"


def test_an_account_is_opened_in_one_form(office, screen):
    screen._start_account()
    form = screen.account_sheet
    form.sheet.wanted.emit()
    assert form.sheet.form.problem("name") == "The customer's name is needed."
    form.name.setText("Paul Newcomer")
    form.customer_class.choose("RES")
    form.address.setText("7 Elm Street")
    form.agreements.tick({"ELEC", "WATER"})
    form.sheet.wanted.emit()
    glance = screen.customer.glance
    assert glance.name == "Paul Newcomer"
    assert [row.sa_type for row in glance.agreements] == ["ELEC", "WATER"]
    assert office.said == [f"Account {glance.number} opened"]


def test_agreements_need_a_place(screen):
    screen._start_account()
    form = screen.account_sheet
    form.name.setText("Paul Newcomer")
    form.agreements.tick({"ELEC"})
    form.sheet.wanted.emit()
    assert "Say where" in form.sheet.form.problem("address")


def test_escape_escape_leaves_nothing_of_the_customer(screen):
    screen.clear()
    assert screen.customer.glance is None
    assert screen.empty.isVisible()


def test_a_branch_says_where_the_history_is(office, qtbot):
    account = an_account(office.ledger, owing={"ELEC": ""})
    cursor = office.ledger.database.connection.cursor()
    cursor.execute(
        "INSERT INTO branch_link (id, server_url, server_id, device_id, node_id, confirmed) "
        "SELECT 1, '', '', 1, id, 0 FROM node LIMIT 1"
    )
    cursor.execute("UPDATE configuration_state SET version = version + 1")
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(account.id)
    assert screen.river._pages.currentWidget() is screen.river.at_the_server
