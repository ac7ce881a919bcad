"""Users, books, journal and the panel about a figure, on a real ledger."""

import pytest

from cashier_app.services.administration.signing_in import sign_in
from cashier_app.ui.view_models.users import right_words
from cashier_app.ui.views.books import BooksScreen
from cashier_app.ui.views.journal import JournalScreen
from cashier_app.ui.views.users import UsersScreen
from cashier_app.ui.widgets.figures import figures_at
from tests.builders import a_payment, an_account, an_open_drawer, cash, paid
from tests.ui.office import an_office

GOOD = "a short sentence of mine"


@pytest.fixture
def office(request, sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, getattr(request, "param", "adam")) as made:
        yield made


def users_screen(office, qtbot):
    return office.screen(qtbot, UsersScreen)


def test_a_new_user_may_sign_in_with_the_groups_chosen(office, qtbot):
    screen = users_screen(office, qtbot)
    account = an_account(office.ledger)
    screen._new.trigger()
    sheet = screen.sheet
    sheet.login.setText("dora")
    sheet.name.setText("Dora Diaz")
    sheet.password.setText(GOOD)
    sheet.groups.tick({"CASHIER"})
    assert "Take payment" in sheet.allowed.text()
    sheet.drawers.tick({"CASH-A02"})
    sheet.own_accounts.setText(account.number)
    sheet.wanted.emit()
    assert office.said == ["User saved"]
    actor = sign_in(office.ledger.door, "dora", GOOD)
    assert actor.may("TakePayment")
    assert actor.own_accounts == {account.id}
    assert sheet.password.text() == ""


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("login", {"login": ""}, "A login name is needed"),
        ("login", {"login": "ann"}, "There is already a user"),
        ("password", {"password": "short"}, "15 to 128 characters"),
        ("password", {"password": "aaaaaaaaaaaaaaaaaa"}, "easy to guess"),
        ("own_accounts", {"own_accounts": "12345"}, "There is no account 12345"),
    ],
)
def test_what_is_wrong_with_a_user_stands_beside_the_field(office, qtbot, field, typed, words):
    screen = users_screen(office, qtbot)
    screen._new.trigger()
    for name, text in {"login": "dora", "name": "Dora Diaz", "password": GOOD, **typed}.items():
        getattr(screen.sheet, name).setText(text)
    screen.sheet.wanted.emit()
    assert words in screen.sheet.form.problem(field)
    assert screen.sheet.isVisible()


def test_an_administrator_changes_their_own_name_but_not_their_rights(office, qtbot):
    screen = users_screen(office, qtbot)
    screen.users.choose("adam")
    screen._change()
    screen.sheet.name.setText("Adam the Great")
    screen.sheet.wanted.emit()
    assert screen.users.chosen.name == "Adam the Great"
    screen._change()
    screen.sheet.groups.tick({"ADMIN", "CASHIER"})
    screen.sheet.wanted.emit()
    assert "Nobody changes their own rights" in screen.sheet.form.problem("groups")


def test_a_new_password_ends_a_lock(office, qtbot):
    screen = users_screen(office, qtbot)
    screen.users.choose("ann")
    screen._start_password()
    screen.password_sheet.password.setText(GOOD)
    screen.password_sheet.wanted.emit()
    assert sign_in(office.ledger.door, "ann", GOOD).login == "ann"


def test_what_was_typed_of_a_password_does_not_outlive_the_screen(office, qtbot):
    screen = users_screen(office, qtbot)
    screen._new.trigger()
    screen.sheet.password.setText(GOOD)
    screen.leave()
    assert screen.sheet.password.text() == ""


def test_rights_are_said_in_words():
    assert right_words("TakePayment") == "Take payment"
    assert right_words("approve-cash-cancel") == "Approve cash cancel"


@pytest.mark.parametrize("office", ["sue"], indirect=True)
def test_the_books_of_a_day_are_equal_and_open_to_their_lines(office, qtbot):
    account = an_account(office.ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
    an_open_drawer(office.ledger)
    screen = office.screen(qtbot, BooksScreen)
    office.do(a_payment(account, cash("125.35")))
    assert "Debits and credits are equal: USD" in screen.sum_words.text().replace("\u00a0", " ")
    assert [each.words for each in figures_at(screen.sum_words)] == ["Debits", "Credits"]
    place = [row.distribution_code for row in screen._totals.rows].index("CASH-MAIN")
    screen.totals.go_to(place)
    assert [row.debit for row in screen._lines.rows] == [8410, 4125]


@pytest.mark.parametrize("office", ["sue"], indirect=True)
def test_the_books_can_be_taken_along_as_csv_and_pdf(office, qtbot, tmp_path):
    account = an_account(office.ledger, owing="84.10")
    an_open_drawer(office.ledger)
    paid(office.ledger, account, "84.10")
    screen = office.screen(qtbot, BooksScreen)
    files = {}
    screen.books.csv(lambda content: files.update(csv=content))
    screen.books.pdf(lambda content: files.update(pdf=content))
    assert files["csv"].decode("utf-8-sig").splitlines()[0].startswith("date,ft,kind")
    assert files["csv"].count(b"84.10") == 4
    assert files["pdf"].startswith(b"%PDF")


@pytest.mark.parametrize("office", ["sue"], indirect=True)
def test_a_day_without_bookings_says_so(office, qtbot):
    screen = office.screen(qtbot, BooksScreen)
    screen.books.step(-1)
    assert "Nothing was booked" in screen.heading._words.text()


@pytest.mark.parametrize("office", ["sue"], indirect=True)
def test_the_day_is_sealed_and_the_seals_can_be_kept_elsewhere(office, qtbot):
    screen = office.screen(qtbot, BooksScreen)
    screen._seal.trigger()
    assert screen.tabs.current == "seals"
    (seal,) = screen.books.seals
    assert seal.kind == "DAY"
    assert seal.hash in screen.books.seals_file().decode("utf-8-sig")


@pytest.mark.parametrize("office", ["vera"], indirect=True)
def test_auditors_walk_the_journal_and_filter_it(office, qtbot):
    account = an_account(office.ledger, owing="84.10")
    an_open_drawer(office.ledger)
    taken = paid(office.ledger, account, "84.10")
    screen = office.screen(qtbot, JournalScreen)
    screen.command.setText("TakePayment")
    screen.command.editingFinished.emit()
    (row,) = screen.journal.rows
    assert row.user == "Ann"
    assert str(taken.event_id) in screen.result.toPlainText()
    screen.day.setText("2001-01-01")
    screen.day.editingFinished.emit()
    assert screen.journal.rows == []
    assert "widen the filter" in screen.heading._words.text()
    screen.day.setText("no day")
    screen.day.editingFinished.emit()
    assert "Type a day" in screen._problem.text
    assert screen.journal.csv().decode("utf-8-sig").startswith("node,sequence,command")
