"""The second factor in the window: set up at signing in or later, asked for, shown by a second person, reset."""

import shutil
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QLabel

from cashier_app import settings
from cashier_app.demo.stage import NODE
from cashier_app.domain.one_time_codes import code_of, step_at
from cashier_app.services.administration import second_factors
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.queries.administration import users
from cashier_app.ui.presenting import Presenter
from cashier_app.ui.program import Program, Start
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.views.main_window import MainWindow
from cashier_app.ui.views.question import SecondPerson
from cashier_app.ui.views.second_factor import QrCode, SecondFactorSheet
from tests.ui.till import words_on

SUE = ("sue", "sue keeps the safe shut")
SECRET = second_factors.new_secret()
ISSUER = "Cashier%20Oakfield%20Municipal%20Utilities"


@pytest.fixture
def program(qtbot, tmp_path, demo_ledger, monkeypatch):
    monkeypatch.setattr(second_factors, "new_secret", lambda: SECRET)
    found = settings.read({"CASHIER_STATE": str(tmp_path / "state"), "CASHIER_NODE": NODE})
    given = Start(replace(found, database=str(tmp_path / "ledger.db")))
    shutil.copy(demo_ledger, given.settings.database)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made = Program(window, given, Presenter(given.settings.state / "reports"), lambda _url: None)
    made.begin(ImmediateTasks(on_error=lambda error: made.show_error(made._presenter.present(error))))
    made._looking.stop()
    yield made
    made.backend.close_now()


def demand(program, when="ALWAYS"):
    """Of supervisors."""
    record = {"code": "SUPERVISOR", "rights": ["*"], "second_factor": when}
    program.backend.door.execute(LoadConfiguration(tables={"user_group": [record]}), user_id=SYSTEM.id)


def sign_in(program, login, password, code=""):
    page = program.window.sign_in
    page._login.setText(login)
    page._password.setText(password)
    if code:
        page._code.setText(code)
    page._submit()


def code(program, *, steps=0):
    return code_of(SECRET, step_at(program.backend.now) + steps)


def sheet(program):
    return program.window.findChild(SecondFactorSheet)


def read_by_a_camera(shown):
    file = QBuffer()
    shown.grab().save(file, "PNG")
    return zxingcpp.read_barcode(Image.open(BytesIO(file.data().data()))).text


def test_whoever_must_have_one_sets_it_up_at_signing_in_and_is_asked_for_it_from_then_on(program):
    demand(program)
    sign_in(program, *SUE)
    assert program.session is None
    open_sheet = sheet(program)
    assert read_by_a_camera(open_sheet.findChild(QrCode)).endswith(f"sue?secret={SECRET}&issuer={ISSUER}")
    assert " ".join(SECRET[place : place + 4] for place in range(0, 32, 4)) in words_on(open_sheet)
    open_sheet._code.setText("123456")
    open_sheet._go_on()
    assert "another code" in open_sheet._problem.text
    open_sheet._code.setText(code(program, steps=-1))
    open_sheet._go_on()
    told = next(each.text() for each in open_sheet.findChildren(QLabel) if each.text().count("\n") == 9)
    assert all(len(line) == 27 for line in told.split("\n"))
    open_sheet._set_up.click()
    assert program.session.user.login == "sue"
    program.sign_out()
    sign_in(program, *SUE)
    assert "Type the code" in program.window.sign_in.problem
    sign_in(program, *SUE, code="000000")
    assert "wrong or was used" in program.window.sign_in.problem
    assert program.window.sign_in.code == ""
    sign_in(program, *SUE, code=code(program))
    assert program.session.user.login == "sue"


def test_whoever_leaves_the_sheet_is_not_let_in(program):
    demand(program)
    sign_in(program, *SUE)
    sheet(program)._leave.click()
    assert program.session is None
    assert program.window.sign_in._button.isEnabled()


def test_whoever_wants_one_sets_it_up_with_the_password_and_unlocks_without_a_code(program):
    sign_in(program, *SUE)
    program.window.second_factor_requested.emit()
    mine = sheet(program)
    mine._password.setText("something else entirely")
    mine._code.setText(code(program, steps=-1))
    mine._go_on()
    assert "wrong" in mine._problem.text
    mine._password.setText(SUE[1])
    mine._code.setText(code(program, steps=-1))
    mine._go_on()
    mine._set_up.click()
    program.lock()
    program.window.lock_view.unlock_requested.emit(SUE[1])
    assert not program.window.is_locked
    with program.backend.door.looking(None) as (store, config):
        assert next(each for each in users(store, config) if each.login == "sue").has_second_factor


def test_a_second_person_is_asked_for_a_code_where_the_password_was_right(qtbot):
    person = SecondPerson(MainWindow(), "Somebody else must consent", "Why")
    qtbot.addWidget(person)
    person._login.setText("sue")
    person._password.setText("sue keeps the safe shut")
    person.show_problem("Type the code that your authenticator app shows.", about_code=True)
    person._code.setText("123456")
    answer = person.ask()
    person._consent()
    assert answer.is_given
    assert person._password.text()
