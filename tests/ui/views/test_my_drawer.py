import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from cashier_app.documents.escpos import drawer_kick
from cashier_app.documents.text import grouped
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.ui.receipt_printing import ReceiptDesk
from cashier_app.ui.views.question import SecondPerson
from tests.ui.till import ask, drawer, focus_name, jobs, words_on

FLOAT = ("", "", "3", "2", "4")
"""Three twenties, two tens, four fives: the float of 100."""


@pytest.fixture
def mine(till):
    return till.go("my_drawer")


def count(stage, screen, *loose):
    """Type a count by denomination, from hundreds down."""
    for edit, pieces in zip(screen.count.table.edits()[::2], loose, strict=False):
        edit.setText(pieces)
        edit.textEdited.emit(pieces)
    stage.settle()


def sign(stage, login, password):
    """The second person consents."""
    person = stage.window.findChildren(SecondPerson)[-1]
    person._login.setText(login)
    person._password.setText(password)
    person._consent()
    stage.settle()


def take(stage, name, *keys):
    stage.go("counter")
    stage.find(name)
    for key in keys or ("Return", "Return"):
        stage.press(key) if len(key) > 1 and not key.isdigit() else stage.type(key)
    return stage.go("my_drawer")


def test_a_drawer_opens_with_the_float_that_is_proposed(played):
    played.sign_in("ann")
    played.go("my_drawer")
    played.press("F3")
    assert focus_name() == "Float"
    played.press("Return")
    assert (drawer(played).tender_source, drawer(played).starting_balance) == ("CASH-A01", 10_000)
    assert played.window.shell.drawer.text() == "CASH-A01 open"


def test_a_drawer_opens_with_the_float_that_was_counted(played):
    played.sign_in("ann")
    screen = played.go("my_drawer")
    played.press("F3")
    played.press("Tab")
    for pieces in ("", "", "4", "1"):
        if pieces:
            played.type(pieces)
        played.press("Return")
    assert screen.sheets["open"].amount.text() == "90.00"
    screen.sheets["open"].do_button.click()
    assert drawer(played).starting_balance == 9_000


def test_part_of_the_drawer_is_turned_in_and_taken_back(till, mine):
    till.press("F4")
    till.type("40")
    till.press("Return")
    assert drawer(till).like_cash == 6_000
    assert "40.00" in words_on(mine.state)
    next(button for button in mine.state.findChildren(QPushButton) if button.text() == "Take back").click()
    till.settle()
    assert drawer(till).like_cash == 10_000


def press_button(stage, screen, text):
    next(button for button in screen.state.findChildren(QPushButton) if button.text() == text).click()
    stage.settle()


def test_a_turn_in_goes_with_a_slip_that_can_be_printed_again(till, mine, tmp_path):
    till.press("F4")
    till.type("40")
    till.press("Return")
    (slip,) = jobs(tmp_path)
    assert slip.startswith(b"\x1b@" + drawer_kick())
    number = drawer(till).pending_turn_ins[0].receipt_number
    assert grouped(number).encode() in slip
    assert all(words in slip for words in (b"40.00", b"Handed over: Ann", b"Counted and received:"))
    assert b"COPY" not in slip
    press_button(till, mine, "Slip")
    assert (mine.page.isVisible(), mine.page.page_count) == (True, 1)
    till.press("Ctrl+P")
    copy = jobs(tmp_path)[1]
    assert b"COPY" in copy
    assert drawer_kick() not in copy
    assert till.window.shell.notice.text == "Printed on the receipt printer"


def test_a_slip_that_does_not_come_out_takes_nothing_back(till, mine):
    mine.model.receipts = ReceiptDesk(till.backend, "file:/nowhere/at/all")
    till.press("F4")
    till.type("40")
    till.press("Return")
    assert drawer(till).like_cash == 6_000
    assert "It is turned in, but its slip is not printed" in till.window.shell.notice.text


def test_reports_are_printed_on_the_receipt_printer(till, mine, tmp_path):
    assert not mine._bound["drawer.print_paper"].isVisible()
    till.press("F10")
    till.press("Ctrl+P")
    till.press("F10")
    assert not mine._bound["drawer.print_paper"].isVisible()
    till.press("F8")
    count(till, mine, *FLOAT)
    mine.count.save.click()
    mine.count.close_drawer.click()
    till.settle()
    till.press("Ctrl+P")
    x_report, z_report = [job for job in jobs(tmp_path) if len(job) > 100]
    assert b"X REPORT" in x_report.upper()
    assert b"Z REPORT" in z_report.upper()
    assert b"Grand total" in z_report


def test_more_than_the_drawer_holds_is_refused_beside_the_amount(played):
    played.sign_in("sue")
    played.do(OpenTenderControl(tender_source="CASH-A03"), "sue")
    mine = played.go("my_drawer")
    played.press("F4")
    played.type("400")
    played.press("Return")
    assert "does not hold" in mine.sheets["turn_in"].form.problem("amount")


def test_a_blind_drawer_takes_a_turn_in_at_its_word(till, mine):
    till.press("F4")
    till.type("400")
    till.press("Return")
    assert not mine.sheets["turn_in"].form.problem("amount")


def test_petty_cash_above_its_limit_needs_a_second_person(till, mine):
    till.press("F6")
    mine.sheets["pay_out"].reason.choose("PETTY")
    till.type("60")
    till.press("Return")
    till.type("Stamps")
    till.press("Return")
    sign(till, "ann", "ann counts the coins")
    assert drawer(till).like_cash == 10_000, "nobody consents to their own request"
    sign(till, "sue", "sue keeps the safe shut")
    assert drawer(till).like_cash == 4_000


def test_opening_without_a_sale_needs_a_word_why_and_springs_the_drawer(till, mine, tmp_path):
    till.press("F7")
    till.press("Return")
    assert "Say why" in mine.sheets["no_sale"].form.problem("note")
    till.type("Change for a twenty")
    till.press("Return")
    assert len(jobs(tmp_path)) == 1


def test_a_drawer_in_balance_is_closed_and_its_report_drawn_at_once(till, mine):
    till.press("F8")
    assert focus_name() == "$100, loose pieces"
    count(till, mine, *FLOAT)
    mine.count.save.click()
    assert "In balance" in words_on(mine.count)
    mine.count.close_drawer.click()
    till.settle()
    assert drawer_is_closed(till)
    assert mine.page.page_count >= 1
    assert mine.page.isVisible()
    assert "Z report" in till.window.shell.notice.text


def drawer_is_closed(stage):
    from cashier_app.services.queries.board import my_drawer  # noqa: PLC0415

    return ask(stage, my_drawer, stage.backend.user.id, True) is None


def test_checks_are_ticked_off(till):
    mine = take(till, "Jane Masters", "F6", "Return", "4711", "Return")
    till.press("F8")
    assert "Check 4711" in mine.count.ticks.boxes[0].text()
    count(till, mine, *FLOAT)
    mine.count.ticks.boxes[0].setChecked(True)
    mine.count.save.click()
    assert "In balance" in words_on(mine.count)


def test_a_missing_check_is_named_by_its_kind(till):
    mine = take(till, "Jane Masters", "F6", "Return", "4711", "Return")
    till.press("F8")
    count(till, mine, *FLOAT)
    mine.count.save.click()
    assert "Check is short 125.35. Recount, or book it with a reason." in words_on(mine.count)


def test_a_blind_drawer_tells_no_amount_before_it_is_counted(till):
    mine = take(till, "Jane Masters")
    for where in (mine, till.window.shell):
        assert "225.35" not in words_on(where)
        assert "125.35" not in words_on(mine.state)
    till.press("F10")
    assert "225.35" not in words_on(mine)
    till.press("F10")
    till.press("F8")
    assert "225.35" not in words_on(mine)
    assert mine.model.card.like_cash is None


def test_a_shortage_above_tolerance_needs_a_reason_and_somebody_else(till, mine):
    till.press("F8")
    count(till, mine, "", "", "3", "1", "4")
    mine.count.save.click()
    assert "Cash is short 10.00. Recount, or book it with a reason." in words_on(mine.count)
    assert focus_name() == "Reason of the difference"
    mine.count.close_drawer.click()
    assert "note" in mine.count._problem.text
    mine.count.note.setText("A ten may have stuck to another")
    mine.count.close_drawer.click()
    sign(till, "sue", "sue keeps the safe shut")
    assert drawer_is_closed(till)


def test_a_recount_begins_with_the_figures_typed(till, mine):
    till.press("F8")
    count(till, mine, "", "", "3", "1", "4")
    mine.count.save.click()
    mine.count.recount.click()
    assert mine.count.table.edits()[4].text() == "3"
    count(till, mine, *FLOAT)
    mine.count.save.click()
    assert "In balance" in words_on(mine.count)


def test_counting_can_be_left_to_take_money_again(till, mine):
    till.press("F8")
    counter = till.go("counter")
    till.find("Jane Masters")
    assert "being counted" in words_on(counter.how)
    till.go("my_drawer")
    till.press("F11")
    assert drawer(till).status == "OPEN"
    assert mine.count.isHidden() or not mine.count.isVisible()


def test_a_drawer_balanced_before_can_be_read_again(till, mine):
    till.press("F8")
    count(till, mine, *FLOAT)
    mine.count.save.click()
    mine.count.close_drawer.click()
    till.settle()
    till.go("counter")
    till.go("my_drawer")
    assert not mine.page.isVisible()
    next(button for button in mine.state.findChildren(QPushButton) if button.text() == "Report").click()
    till.settle()
    assert mine.page.isVisible()


def test_escape_leaves_a_form_without_doing_anything(till, mine):
    till.press("F4")
    till.type("40")
    till.press("Escape")
    assert not mine.sheets["turn_in"].isVisible()
    assert drawer(till).pending_turn_ins == ()


def test_the_report_in_view_is_saved_as_a_pdf_where_one_says(till, mine, tmp_path):
    till.press("F10")
    till.trigger("drawer.save_report")
    (dialog,) = mine.findChildren(QFileDialog)
    wanted = tmp_path / "x.pdf"
    dialog.findChild(QLineEdit, "fileNameEdit").setText(str(wanted))
    dialog.accept()
    till.settle()
    assert wanted.read_bytes().startswith(b"%PDF")
