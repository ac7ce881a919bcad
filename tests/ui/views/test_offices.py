"""What screens show and offer where offices keep their customers to themselves."""

from __future__ import annotations

import pytest

from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.customers.accounts import ChangeAccessGroup
from cashier_app.ui.views.customer import CustomerScreen
from cashier_app.ui.views.journal import JournalScreen
from cashier_app.ui.views.users import UsersScreen
from tests.builders import an_account
from tests.ui.office import an_office

GOOD = "a short sentence of mine"


@pytest.fixture
def office(request, sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, getattr(request, "param", "olga")) as made:
        yield made


def give(office, login, *roles):
    office.do(ChangeUser(login=login, data_access_roles=roles), "system")


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_an_administrator_gives_data_access_by_ticking_offices(office, qtbot):
    screen = office.screen(qtbot, UsersScreen)
    screen._new.trigger()
    sheet = screen.sheet
    for editor, text in ((sheet.login, "dora"), (sheet.name, "Dora Diaz"), (sheet.password, GOOD)):
        editor.setText(text)
    sheet.groups.tick({"CASHIER"})
    sheet.roles.tick({"NORTH-OFFICE"})
    sheet.wanted.emit()
    assert sign_in(office.ledger.door, "dora", GOOD).access_groups == {"NORTH"}
    assert "Data access: North office" in screen.facts.accessibleName()
    screen._change()
    assert screen.sheet.roles.codes == ("NORTH-OFFICE",)
    screen.sheet.roles.tick({"ALL-OFFICES"})
    screen.sheet.wanted.emit()
    assert sign_in(office.ledger.door, "dora", GOOD).access.everything


@pytest.mark.parametrize("office", ["adam"], indirect=True)
def test_saving_a_user_keeps_own_accounts_that_the_administrator_may_not_see(office, qtbot):
    kept = an_account(office.ledger, "Nina Northcote", access_group="NORTH")
    shown = an_account(office.ledger, "Olive Openshaw")
    office.do(ChangeUser(login="ann", own_accounts=(kept.id, shown.id)), "system")
    screen = office.screen(qtbot, UsersScreen)
    screen.users.choose("ann")
    screen._change()
    assert screen.sheet.own_accounts.text() == shown.number
    screen.sheet.name.setText("Ann B.")
    screen.sheet.wanted.emit()
    assert set(screen.users.chosen.own_accounts) == {kept.id, shown.id}


def test_an_account_moves_to_an_office_and_says_so(office, qtbot):
    give(office, "olga", "ALL-OFFICES")
    account = an_account(office.ledger)
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(account.id)
    screen._move()
    assert screen.office_sheet.office.code == ""
    screen.office_sheet.office.choose("SOUTH")
    screen.office_sheet.submit()
    assert office.said == ["Account moved"]
    assert screen.customer.glance.office == "South office"


def test_what_another_office_takes_away_is_shown_no_longer(office, qtbot):
    account = an_account(office.ledger)
    screen = office.screen(qtbot, CustomerScreen)
    screen.open_account(account.id)
    assert screen.customer.glance is not None
    office.do(ChangeAccessGroup(account_id=account.id, access_group="SOUTH"), "system")
    assert screen.customer.glance is None
    assert "another office" in office.said[-1]


@pytest.mark.parametrize(
    ("role", "offered"), [("NORTH-OFFICE", ["NORTH", ""]), ("ALL-OFFICES", ["", "NORTH", "SOUTH"])]
)
def test_a_new_account_is_proposed_for_ones_own_office(office, qtbot, role, offered):
    give(office, "olga", role)
    screen = office.screen(qtbot, CustomerScreen)
    screen._start_account()
    form = screen.account_sheet
    assert [form.office.itemData(place) for place in range(form.office.count())] == offered
    form.name.setText("Paul Newcomer")
    form.sheet.wanted.emit()
    assert screen.customer.glance.access_group == offered[0]


@pytest.mark.parametrize("office", ["vera"], indirect=True)
def test_the_journal_says_why_it_shows_no_content(office, qtbot):
    give(office, "vera", "NORTH-OFFICE")
    screen = office.screen(qtbot, JournalScreen)
    screen._show(screen.journal.rows[0])
    assert screen.content.toPlainText() == "Shown to whoever may see the customers of all offices."
