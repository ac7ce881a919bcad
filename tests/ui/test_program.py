import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cashier_app import settings
from cashier_app.demo.stage import NODE
from cashier_app.demo.utility import prepare
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.ui import look, preferences
from cashier_app.ui.presenting import Presenter
from cashier_app.ui.program import Program, Start
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.view_models.home import Chosen
from cashier_app.ui.views.assistant import NewLedger
from cashier_app.ui.views.main_window import MainWindow
from cashier_app.ui.views.question import Question
from tests.ui.till import words_on

ROOT = Path(__file__).parents[2]
ANN = ("ann", "ann counts the coins")


@pytest.fixture
def given(tmp_path):
    found = settings.read({"CASHIER_STATE": str(tmp_path / "state"), "CASHIER_NODE": NODE})
    return Start(replace(found, database=str(tmp_path / "ledger.db")))


@pytest.fixture
def start(qtbot, given):
    """Start the program, in the settings of `given`, with everything happening at once."""
    programs = []

    def starting(given=given, prepare_demo=None):
        window = MainWindow()
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        made = Program(window, given, Presenter(given.settings.state / "reports"), prepare_demo or _small_demo)
        made.begin(ImmediateTasks(on_error=lambda error: made.show_error(made._presenter.present(error))))
        made._looking.stop()
        programs.append(made)
        return made

    yield starting
    for program in programs:
        if program.backend is not None:
            program.backend.close_now()


def _small_demo(url):
    prepare(url, customers=3, node=NODE)


@pytest.fixture
def program(start, given, demo_ledger):
    shutil.copy(demo_ledger, given.settings.database)
    return start()


def sign_in(program, login, password):
    program.window.sign_in.submitted.emit(login, password)


def test_a_person_signs_in_and_gets_the_areas_they_have_rights_to(program):
    sign_in(program, *ANN)
    assert program.window.current_area == "counter"
    assert not program.window.offers("users")
    assert program.window.shell.user.text() == "Ann Baker"


def test_a_wrong_password_says_so_and_lets_try_again(program):
    sign_in(program, "ann", "something else entirely")
    assert "wrong" in program.window.sign_in.problem
    sign_in(program, *ANN)
    assert program.session is not None


def test_somebody_quicker_than_the_program_is_let_in_when_it_is_ready(qtbot, given, demo_ledger):
    shutil.copy(demo_ledger, given.settings.database)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    early = Program(window, given, Presenter(given.settings.state), _small_demo)
    sign_in(early, *ANN)
    early.begin(ImmediateTasks())
    assert early.session is not None
    early.backend.close_now()


def test_the_first_start_offers_what_can_be_done_about_it(start):
    program = start()
    words = words_on(program.window)
    assert "There is no ledger here yet" in words
    assert not program.window.sign_in.isVisible()
    program.assistant.demo_wanted.emit()
    assert program.window.sign_in.isVisible()
    sign_in(program, *ANN)
    assert program.session is not None


def test_an_empty_ledger_is_started_with_its_administrator(start, given):
    program = start()
    program.assistant.empty_wanted.emit(NewLedger("root", "Robin Ott", "short"))
    assert "15" in words_on(program.assistant)
    assert not Path(given.settings.database).exists()
    program.assistant.empty_wanted.emit(NewLedger("robin", "Robin Ott", "a short sentence of mine"))
    sign_in(program, "robin", "a short sentence of mine")
    assert program.window.offers("users")


def test_another_ledger_can_be_opened_instead(start, given, demo_ledger, tmp_path):
    program = start()
    program.assistant.other_wanted.emit(str(tmp_path / "nowhere.db"))
    assert "There is no ledger here yet" in words_on(program.window)
    elsewhere = tmp_path / "elsewhere.db"
    shutil.copy(demo_ledger, elsewhere)
    program.assistant.other_wanted.emit(str(elsewhere))
    assert program.window.sign_in.isVisible()


def test_a_file_that_is_no_ledger_is_told_and_left_alone(start, given):
    Path(given.settings.database).write_text("somebody's letter, long enough to be no database at all" * 40)
    program = start()
    assert "cannot be opened" in words_on(program.window)
    assert Path(given.settings.database).read_text().startswith("somebody's letter")


def test_a_new_workstation_is_registered_from_the_window(start, given, demo_ledger):
    shutil.copy(demo_ledger, given.settings.database)
    program = start(replace(given, settings=replace(given.settings, node="TILL-7")))
    assert "knows no workstation TILL-7" in words_on(program.window)
    program.assistant.register_wanted.emit()
    assert program.window.sign_in.isVisible()


def test_demo_makes_its_utility_without_asking(start, given):
    program = start(replace(given, demo=True))
    assert program.window.sign_in.isVisible()
    sign_in(program, *ANN)
    assert program.session is not None


def _jane_at_the_counter(program):
    from cashier_app.services.queries.search import find  # noqa: PLC0415

    found = []

    async def look_for() -> None:
        await program.backend.execute(OpenTenderControl(tender_source="CASH-A01"))
        found.extend(await program.backend.query(find, "Jane Masters"))

    program.backend.tasks.start(look_for())
    counter = program.window.screen_of("counter")
    counter.pay(Chosen(found[0].account_id))
    return counter


def test_an_idle_till_locks_and_keeps_what_is_open(program):
    sign_in(program, *ANN)
    counter = _jane_at_the_counter(program)
    program._idle.idle.emit()
    assert program.window.is_locked
    assert "Jane Masters" in words_on(program.window.lock_view)
    program.window.lock_view.unlock_requested.emit("not it at all")
    assert program.window.is_locked
    program.window.lock_view.unlock_requested.emit(ANN[1])
    assert not program.window.is_locked
    assert counter.model.payee.glance.name == "Jane Masters"


def test_another_person_cannot_go_on_with_an_open_payment(program):
    sign_in(program, *ANN)
    _jane_at_the_counter(program)
    program.lock()
    program.window.lock_view.unlock_requested.emit("ben rings the till bell")
    assert program.window.is_locked
    assert not program.window.lock_view._other.isEnabled()


def test_nothing_of_a_session_outlives_it(program):
    sign_in(program, *ANN)
    program.window.sign_out_requested.emit()
    assert program.session is None
    assert program.backend.user is None
    sign_in(program, "sue", "sue keeps the safe shut")
    assert program.window.offers("board")


def test_signing_out_over_an_open_payment_asks(program):
    sign_in(program, *ANN)
    _jane_at_the_counter(program)
    program.window.sign_out_requested.emit()
    question = program.window.findChildren(Question)[-1]
    question._no.click()
    assert program.session is not None
    program.window.sign_out_requested.emit()
    program.window.findChildren(Question)[-1]._yes.click()
    assert program.session is None


def test_the_theme_is_switched_and_remembered(program, given):
    sign_in(program, *ANN)
    program.window.theme_switch_requested.emit()
    assert look.theme() is look.Theme.DARK
    assert preferences.read(given.settings.state).theme == "dark"


def test_what_was_under_way_in_a_crash_is_asked_about_before_anything_else(program, given):
    sign_in(program, *ANN)
    _jane_at_the_counter(program)
    account_id = program.window.screen_of("counter").model.payee.glance.account_id
    command = TakePayment(
        payor_account_id=account_id, tenders=(TenderIn(tender_type="CASH", amount=Money.of("10.00", "USD")),)
    )
    user = program.backend.user
    folder = given.settings.state / "under-way" / "9-crashed"
    folder.mkdir(parents=True)
    note = {
        "command_id": "c" * 32,
        "name": "TakePayment",
        "user_id": user.id,
        "login": user.login,
        "ledger": given.settings.database,
        "at": "2026-11-20T15:00:00+00:00",
        "content": to_json(command),
        "words": "10.00 USD · Jane Masters",
    }
    (folder / "note.json").write_text(json.dumps(note))
    (folder / "note.json").rename(folder / f"{'c' * 32}.json")
    program.sign_out()

    sign_in(program, "sue", "sue keeps the safe shut")
    question = program.window.findChildren(Question)[-1]
    assert "10.00 USD · Jane Masters" in words_on(question)
    assert "NOT taken" in words_on(question)
    question._yes.click()  # kept for ann
    program.sign_out()

    sign_in(program, *ANN)
    program.window.findChildren(Question)[-1]._no.click()  # Escape does the same
    program.window.findChildren(Question)[-1]._no.click()  # but nothing is forgotten by it
    program.sign_out()

    sign_in(program, *ANN)
    program.window.findChildren(Question)[-1]._yes.click()  # sent again
    assert "taken now, once" in program.window.shell.notice.text
    assert not list((given.settings.state / "under-way").glob("*/*.json"))


def test_nothing_of_the_ledger_is_imported_before_the_window_is_painted(tmp_path):
    program = """
import sys
import cashier_app.ui.program as program
def run(app, presenter, show, ready):
    heavy = ("sqlalchemy", "asyncio", "qasync", "typer", "reportlab", "argon2", "yaml")
    print([name for name in sys.modules if name.split(".")[0] in heavy or name.startswith("cashier_app.services")])
    return 0
program.run = run
from cashier_app.main import run as main
sys.exit(main(["run", "--demo"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=ROOT, timeout=60,
        env={"CASHIER_STATE": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin"},
    )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stderr


def test_going_through_every_area_opens_no_other_window(program, qapp):
    sign_in(program, "sue", "sue keeps the safe shut")
    for area in ("counter", "my_drawer", "customer", "event", "board", "books"):
        if program.window.offers(area):
            program.window.show_area(area)
    assert program.window.isActiveWindow()
    assert [window for window in qapp.topLevelWidgets() if window.isVisible()] == [program.window]
