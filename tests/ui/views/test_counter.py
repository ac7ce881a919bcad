from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cashier_app.documents.escpos import drawer_kick
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.queries.events import event_detail
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.view_models.home import Chosen
from cashier_app.ui.views.question import Question
from tests.ui.till import HeldTasks, account, ask, balance, drawer, events, focus_name, jobs, scan, stub_of, words_on

HOME = "Scan, number, name or address"


@pytest.fixture
def counter(till):
    return till.go("counter")


def test_scan_enter_enter_takes_an_exact_cash_payment(till, counter, tmp_path):
    scan(till, stub_of(till, "Jane Masters"))
    assert (counter.what.amount.text(), focus_name()) == ("125.35", "Amount paid")
    till.press("Return")
    assert (counter.how.amount_edit(0).text(), focus_name()) == ("125.35", "Cash")
    till.press("Return")
    assert balance(till, "Jane Masters") == 0
    assert [(event.name, event.amount) for event in events(till)] == [("Jane Masters", 12_535)]
    assert till.window.shell.scan.text() == ""
    assert focus_name() == HOME
    (receipt,) = jobs(tmp_path)
    assert drawer_kick() in receipt
    assert b"Jane Masters" in receipt
    assert "printed" in till.window.shell.notice.text


def test_a_bill_asks_for_what_stands_on_it(till, counter):
    scan(till, stub_of(till, "Jane Masters", amount=4_000))
    assert counter.what.amount.text() == "40.00"
    assert "of 125.35" in words_on(counter.what)


def test_a_larger_figure_shows_the_change_before_and_until_the_next_customer(till, counter):
    till.find("Jane Masters")
    till.press("Return")
    till.type("140")
    assert counter.how.change.text == "14.65"
    till.press("Return")
    assert counter.how.change.text == "14.65"
    assert "Jane Masters paid 125.35" in words_on(counter.how)
    till.find("Leilani")
    assert counter.how.change.text == ""


def test_a_hundred_is_typed_as_100(till, counter):
    till.find("Jane Masters")
    till.type("100")
    till.press("Return")
    assert counter.how.amount_edit(0).text() == "100.00"


def test_the_distribution_follows_while_the_amount_is_typed(till, counter):
    till.find("Jane Masters")
    assert list(counter.model.shares.values()) == [8_410, 4_125]
    till.type("90")
    assert list(counter.model.shares.values()) == [8_410, 590]
    assert balance(till, "Jane Masters") == 12_535, "a preview keeps nothing"


@pytest.mark.parametrize("again", ["key", "click"])
def test_a_second_enter_or_click_while_it_is_under_way_pays_nothing_twice(till, counter, again):
    till.find("Jane Masters")
    till.press("Return")
    held = HeldTasks()
    till.backend.tasks = held
    for _ in range(2):
        if again == "key":
            till.press("Return")
        else:
            QTest.mouseClick(counter.how.button, Qt.MouseButton.LeftButton)
    assert counter.model.busy
    assert not counter.how.button.isEnabled()
    held.let_all_go()
    till.backend.tasks = ImmediateTasks()
    assert len(events(till)) == 1


def test_what_the_ledger_has_not_answered_is_sent_again_under_the_same_id(till, counter, monkeypatch):
    from cashier_app.domain.errors import EnvironmentProblem  # noqa: PLC0415

    till.find("Jane Masters")
    till.press("Return")
    door, sent = till.backend.door, []

    def lost(command, **how):
        sent.append(how["command_id"])
        outcome = type(door).execute(door, command, **how)
        if len(sent) == 1:
            raise EnvironmentProblem("DB-UNKNOWN", "Whether this was taken is not known.")
        return outcome

    monkeypatch.setattr(door, "execute", lost)
    till.press("Return")
    assert "not known" in words_on(counter.how)
    till.press("Return")
    assert sent[0] == sent[1]
    assert len(events(till)) == 1
    assert counter.model.visit is None


def test_a_check_needs_its_number_and_typing_it_keeps_the_keys(till, counter):
    till.find("Jane Masters")
    till.press("F6")
    till.press("Return")
    assert "Type its number first." in words_on(counter.how)
    assert focus_name() == "Number of Check"
    till.type("4711")
    assert focus_name() == "Number of Check"
    till.press("Return")
    (event,) = events(till)
    (tender,) = ask(till, event_detail, event.event_id).tenders
    assert (tender.tender_type, tender.reference, tender.amount) == ("CHEC", "4711", 12_535)


def test_several_tenders_cover_a_payment_together(till, counter):
    till.find("Jane Masters")
    till.press("F5")
    till.type("100")
    till.press("Return")
    assert "Less was handed over" in words_on(counter.how)
    assert counter.how.change.text == "25.35"
    till.press("F7")
    assert counter.how.amount_edit(2).text() == "25.35"
    till.press("Return")
    till.type("889")
    till.press("Return")
    tenders = ask(till, event_detail, events(till)[0].event_id).tenders
    assert [(tender.tender_type, tender.amount) for tender in tenders] == [("CASH", 10_000), ("CARD", 2_535)]


def test_two_checks_are_two_lines(till, counter):
    till.find("Jane Masters")
    till.press("F6")
    till.type("100")
    till.press("Return")
    counter.model.set_reference(1, "1")
    till.press("F6")
    assert counter.how.amount_edit(2).text() == "25.35"
    assert counter.how.amount_edit(2).isVisible()


def test_one_visit_pays_for_two_accounts(till, counter):
    till.find("Jane Masters")
    till.press("F3")
    assert focus_name() == HOME
    till.find("Leilani")
    till.press("Return")
    till.press("Return")
    detail = ask(till, event_detail, events(till)[0].event_id)
    assert sorted(payment.name.split()[0] for payment in detail.payments) == ["Jane", "Leilani"]
    assert len({tender.payor_account_id for tender in detail.tenders}) == 1


def test_with_many_accounts_the_one_in_view_is_among_those_shown(till, counter):
    till.find("Jane Masters")
    for name in ("Leilani", "Wolfeschlegel", "Bakery"):
        till.press("F3")
        till.find(name)
    assert "4 of 4" in words_on(counter.what)
    till.press("Ctrl+Tab")
    assert "1 of 4" in words_on(counter.what)
    assert counter.model.payee.glance.name == "Jane Masters"
    till.press("Ctrl+Backspace")
    assert len(counter.model.visit.payees) == 3


def test_somebody_else_pays(till, counter):
    till.find("Jane Masters")
    till.press("F4")
    till.find("Leilani")
    assert "Paid by Leilani" in words_on(counter.who)
    till.press("Return")
    till.press("Return")
    detail = ask(till, event_detail, events(till)[0].event_id)
    assert detail.payments[0].name == "Jane Masters"
    assert detail.tenders[0].payor_name.startswith("Leilani")
    assert balance(till, "Jane Masters") == 0


def test_a_payment_is_placed_by_hand(till, counter):
    till.find("Jane Masters")
    till.press("F11")
    till.type("20")
    till.press("Down")
    till.type("30")
    assert counter.what.amount.text() == "50.00"
    till.press("Return")
    till.press("Return")
    owed = {row.sa_type: row.current_balance for row in account(till, "Jane Masters").agreements}
    assert (owed["ELEC"], owed["GAS"]) == (6_410, 1_125)


def _cash_only_name(till):
    from cashier_app.demo.generated_utility import demo_customers  # noqa: PLC0415

    return next(customer.name for customer in demo_customers() if customer.cash_only)


def _question(till):
    return till.window.findChildren(Question)[-1]


def test_a_check_of_a_cash_only_customer_is_asked_about(till, counter):
    name = _cash_only_name(till)
    before = balance(till, name)
    till.find(name)
    assert "Cash only" in words_on(counter.who)
    till.press("F6")
    assert "cash-only" in words_on(counter.how)
    till.press("Return")
    till.type("77")
    till.press("Return")
    _question(till)._no.click()
    assert (balance(till, name), counter.model.busy) == (before, False)
    assert counter.model.visit is not None, "what was typed stays"
    counter.model.take()
    _question(till)._yes.click()
    till.settle()
    assert balance(till, name) < before


def test_without_a_drawer_the_counter_says_which_key_opens_one(played):
    played.sign_in("ben")
    counter = played.go("counter")
    played.find("Jane Masters")
    assert "You have no open drawer" in words_on(counter.how)
    assert not counter.how.button.isEnabled()
    played.press("F9")
    assert played.window.current_area == "my_drawer"


def test_escape_twice_clears_everything_of_this_customer(till, counter):
    till.find("Jane Masters")
    till.window.shell.scan.go_home()
    till.press("Escape")
    assert counter.model.visit is None
    assert "Jane Masters" not in words_on(counter.who) or not counter.who.isVisible()
    assert events(till) == ()


def test_f8_leads_to_the_last_payment(till, counter):
    asked = []
    till.session.desk.go.event.connect(asked.append)
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    till.press("F8")
    assert asked == [events(till)[0].event_id]


def test_an_account_that_arrives_late_is_not_seated(till, counter):
    jane, leilani = account(till, "Jane Masters"), account(till, "Leilani")
    held = HeldTasks()
    till.backend.tasks = held
    counter.pay(Chosen(jane.account_id))
    counter.pay(Chosen(leilani.account_id))
    held.let_go(1)
    held.let_all_go()
    assert counter.model.payee.glance.account_id == leilani.account_id


def test_canceled_payments_are_marked_in_words(till, counter):
    till.find("Jane Masters")
    till.press("Return")
    till.press("Return")
    (event,) = events(till)
    tender = ask(till, event_detail, event.event_id).tenders[0]
    till.do(CancelTender(tender_id=tender.tender_id, reason="ERROR"), "sue")
    till.settle()
    assert "canceled" in words_on(counter.strip)


def test_a_drawer_that_holds_too_much_says_so(till, counter):
    till.find("Jane Masters")
    till.type("1600")
    till.press("Return")
    till.press("Return")
    assert drawer(till).limit_passed
    assert till.window.shell.drawer.text() == "CASH-A01 · turn in"


def test_a_note_on_the_account_is_seen_before_the_money(till, counter):
    till.do(AddAlert(account_id=account(till, "Jane Masters").account_id, text="Speaks only Greek"), "olga")
    till.find("Jane Masters")
    assert "Speaks only Greek" in words_on(counter.who)


def test_a_payment_taken_elsewhere_is_seen_while_the_customer_still_stands_here(till, counter):
    from cashier_app.domain.money import Money  # noqa: PLC0415
    from cashier_app.services.adjustments.adding import AddAdjustment  # noqa: PLC0415

    till.find("Jane Masters")
    electric = account(till, "Jane Masters").agreements[0]
    till.do(AddAdjustment(sa_id=electric.sa_id, adjustment_type="FEE", amount=Money.of("25", "USD")), "olga")
    till.settle()
    assert "of 150.35" in words_on(counter.what)
    assert counter.what.amount.text() == "125.35", "what was typed or proposed stays"


def test_names_with_an_ampersand_are_shown_as_they_are(till, counter):
    glance = account(till, "Jane Masters")
    till.find("Jane Masters")
    till.press("F3")
    till.find("Leilani")
    counter.model.visit.payees[0].glance = replace(glance, name="Bread & Sons")
    counter.model.notify()
    assert "&&" in counter.what._tabs._buttons[0].text()
