"""Two windows on one ledger: each sees what the other did, and neither overwrites it."""

import pytest

from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.services.customers.persons import ChangePerson
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.distribution import Finish
from cashier_app.services.payments.event_editing import FreezeEvent
from cashier_app.ui.backend import Backend
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.board import BoardScreen
from cashier_app.ui.views.customer import CustomerScreen
from cashier_app.ui.views.event import EventScreen
from cashier_app.ui.views.users import UsersScreen
from tests.builders import PASSWORD, a_payment, an_account, an_open_drawer, cash, paid
from tests.ui.office import AnOffice, ListedConsent, an_office


@pytest.fixture
def office(ledger_url, tmp_path):
    """Sue's window; Stan sits at another workstation of the same ledger."""
    with an_office(ledger_url, tmp_path / "sue", "sue") as made:
        yield made


def window(office, tmp_path, login):
    """One more window, at a workstation of its own."""
    door: Door = office.ledger.another_door(f"OFFICE-{login}")
    asking, said = ListedConsent(), []
    backend = Backend(
        ImmediateTasks(),
        database=office.ledger.url,
        node=door.node_name,
        state=tmp_path / login,
        clock=office.ledger.clock,
    )
    desk = Desk(backend, asking, say=lambda text, _tone="neutral": said.append(text))

    async def open_and_sign_in():
        await backend.open()
        await backend.sign_in(login, PASSWORD)

    backend.tasks.start(open_and_sign_in())
    return AnOffice(office.ledger, desk, asking, said)


@pytest.fixture
def stans(office, tmp_path):
    made = window(office, tmp_path, "stan")
    yield made
    made.backend.close_now()


def look(*offices):
    """A second passes."""
    for each in offices:
        each.backend.tasks.start(each.backend.look())


@pytest.fixture
def jane(office):
    an_open_drawer(office.ledger)
    return an_account(office.ledger, owing="90.00")


def events(office, qtbot, event_id):
    screen = office.screen(qtbot, EventScreen)
    screen.open_event(event_id)
    return screen


def test_an_event_says_that_somebody_else_changed_it_and_shows_how_it_stands(office, stans, jane, qtbot):
    taken = paid(office.ledger, jane, "10.00")
    sues, other = events(office, qtbot, taken.event_id), events(stans, qtbot, taken.event_id)
    assert not other.changed_by.isVisible()
    sues._cancel_payment()
    sues.cancel_payment_sheet.reason.choose("ERROR")
    sues.cancel_payment_sheet.submit()
    look(office, stans)
    assert other.changed_by.isVisible()
    assert "Sue changed this event at" in other.changed_by.text()
    assert "cancel payment" in other.changed_by.text()
    assert other.event_model.detail.payments[0].status == "CANCELED"
    assert not sues.changed_by.isVisible(), "one knows what one did oneself"
    other.open_event(paid(office.ledger, jane, "1.00").event_id)
    assert not other.changed_by.isVisible()


def test_what_was_decided_on_an_old_picture_is_refused_and_the_new_one_shown(office, stans, jane, qtbot):
    """Stan presses before his window has heard of what Sue did a moment ago."""
    taken = office.ledger.do(a_payment(jane, cash("10.00"), finish=Finish.DISTRIBUTE))
    sues, other = events(office, qtbot, taken.event_id), events(stans, qtbot, taken.event_id)
    done = []
    sues.event_model.place(taken.payments[0].payment_id, {jane.sa["ELEC"]: 1000}, done.append)
    other.event_model.freeze(done.append)
    assert len(done) == 1
    (problem,) = other.event_model.sending.problems
    assert problem.code == "STALE-001"
    assert problem.sentence.startswith("Sue changed this payment event just now (place segments).")
    assert other._problem.isVisible()
    assert "Sue" in other.changed_by.text()
    other.event_model.freeze(done.append)
    assert len(done) == 2, "having seen it, he may"


def test_a_form_that_is_open_meanwhile_is_about_what_its_user_saw(office, stans, jane, qtbot):
    """The screen behind the form follows; the form's command is still asked about once."""
    taken = office.ledger.do(a_payment(jane, cash("10.00"), finish=Finish.DISTRIBUTE))
    other = events(stans, qtbot, taken.event_id)
    other._cancel_tender()
    sheet = other.cancel_tender_sheet
    sheet.reason.choose("ERROR")
    office.ledger.do(FreezeEvent(event_id=taken.event_id))
    look(stans)
    sheet.submit()
    assert [problem.code for problem in other.event_model.sending.problems] == ["STALE-001"]
    assert sheet.isVisible()
    sheet.submit()
    assert not sheet.isVisible()


def test_a_list_keeps_its_place_when_others_change_what_is_in_it(office, stans, jane, qtbot):
    first, second, third = (
        office.ledger.do(a_payment(jane, cash(f"{number}.00"), finish=Finish.NOTHING)).event_id for number in (1, 2, 3)
    )
    screen = stans.screen(qtbot, EventScreen)
    model = screen.waiting.model()
    group = model.index(0, 0)
    screen.waiting.setCurrentIndex(model.index(1, 0, group))
    chosen = screen.waiting.current_row()
    newest = office.ledger.do(a_payment(jane, cash("4.00"), finish=Finish.NOTHING)).event_id
    look(stans)
    assert {line.event_id for line in screen.lists.waiting.unfrozen} == {first, second, third, newest}
    assert screen.waiting.current_row().event_id == chosen.event_id


def test_a_customer_follows_only_what_concerns_it(office, stans, jane, qtbot):
    john = an_account(office.ledger, "John Doe", owing="9.00")
    screen = stans.screen(qtbot, CustomerScreen)
    screen.open_account(jane.id)
    look(stans)
    asked = []
    refresh = screen.customer.refresh
    screen.customer.refresh = lambda: (asked.append(1), refresh())
    paid(office.ledger, john, "1.00")
    look(stans)
    assert not asked
    office.ledger.do(AddAlert(account_id=jane.id, text="Beware of the dog"), "olga")
    look(stans)
    assert len(asked) == 1
    assert [alert.text for alert in screen.customer.glance.alerts] == ["Beware of the dog"]


def test_a_name_that_was_corrected_meanwhile_is_not_put_back(office, jane, tmp_path, qtbot):
    olgas = window(office, tmp_path, "olga")
    screen = olgas.screen(qtbot, CustomerScreen)
    screen.open_account(jane.id)
    screen.customer.decide()
    office.ledger.do(ChangePerson(person_id=jane.person_id, name="Jane Quimby"), "system")
    look(olgas)
    done = []
    screen.customer.change_person(jane.person_id, lambda: done.append(1), name="Jane M. Masters")
    assert not done
    assert "System changed this customer" in screen.customer.sending.problems[0].sentence
    olgas.backend.close_now()


def test_rights_that_were_given_meanwhile_are_not_taken_away(office, tmp_path, qtbot):
    adams = window(office, tmp_path, "adam")
    screen = adams.screen(qtbot, UsersScreen)
    screen.users.choose("ann")
    screen._change()
    office.ledger.do(ChangeUser(login="ann", groups=("CASHIER", "SUPERVISOR")), "system")
    look(adams)
    screen._save()
    assert [problem.code for problem in screen.users.sending.problems] == ["STALE-001"]
    adams.backend.close_now()


def test_the_board_moves_by_itself(office, stans, jane, qtbot):
    screen = stans.screen(qtbot, BoardScreen)
    before = screen.board.cards[0].tender_count
    paid(office.ledger, jane, "10.00")
    look(stans)
    assert screen.board.cards[0].tender_count == before + 1
