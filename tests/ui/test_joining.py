"""The first start of a branch: an address and a code, a certificate to compare, the directory arriving; and leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cashier_app import settings
from cashier_app.services.kernel.database import Database
from cashier_app.sync.enrolling import link_facts
from cashier_app.ui.branch_line import Phase
from cashier_app.ui.presenting import Presenter
from cashier_app.ui.program import Program, Start
from cashier_app.ui.tasks import ImmediateTasks
from cashier_app.ui.views.line_words import number
from cashier_app.ui.views.main_window import MainWindow
from cashier_app.ui.views.question import Question
from tests.branches.town import teller
from tests.builders import PASSWORD, a_ledger, an_account
from tests.sync.wires import Proxy, a_certificate, invitation, serving
from tests.ui.till import words_on

TELLER = teller("BRANCH-7")


@pytest.fixture
def server(sqlite_ledger_url):
    ledger = a_ledger(sqlite_ledger_url)
    ledger.clock.instant = datetime.now(UTC)  # the window's clock is the real one
    an_account(ledger, owing={"ELEC": "84.10"})
    return ledger


@pytest.fixture
def wire(server, tmp_path):
    with serving(server, tmp_path / "state") as url, Proxy(url).running() as proxy:
        yield proxy


@pytest.fixture
def start(qtbot, tmp_path):
    """Start the program where nothing is yet, with everything happening at once."""
    programs = []

    def starting():
        found = settings.read({"CASHIER_STATE": str(tmp_path / "till")})
        given = Start(replace(found, database=str(tmp_path / "branch.db")))
        window = MainWindow()
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        made = Program(window, given, Presenter(tmp_path / "reports"), lambda _url: None)
        made.begin(ImmediateTasks(on_error=lambda error: made.show_error(made._presenter.present(error))))
        made._looking.stop()
        programs.append(made)
        return made

    yield starting
    for program in programs:
        program._is_leaving = True
        if program.backend is not None:
            program.backend.close_now()


def join(program, url, code):
    program.assistant.choose("branch")
    part = program.assistant.join
    part.server.setText(url)
    part.code.setText(code)
    part.join.click()
    return part


def sign_in(program, login=TELLER):
    program.window.sign_in.submitted.emit(login, PASSWORD)
    assert program.session is not None, program.window.sign_in.problem
    return program.session


def test_a_workstation_joins_with_an_address_and_a_code_and_its_people_sign_in(server, wire, start, tmp_path):
    program = start()
    join(program, wire.url, invitation(server).lower())
    assert program.assistant is None
    assert "BRANCH-7 · Connected" in words_on(program.window.sign_in)
    assert sign_in(program) is not None
    assert program.window.shell.line.text() == "Connected"
    again = start()
    assert again.assistant is None, "the next start opens what was joined"
    assert again.backend.node == "BRANCH-7"


def test_a_wrong_code_is_said_beside_it_and_another_may_be_tried(server, wire, start, tmp_path):
    program = start()
    part = join(program, wire.url, "ABCDE-ABCDE-ABCDE-ABCDE")
    assert "This code is wrong" in part._form.problem("code")
    assert not (tmp_path / "branch.db").exists()
    join(program, wire.url, invitation(server))
    assert program.assistant is None


@pytest.mark.parametrize(("server_typed", "code", "field", "words"), [
    ("", "CODE", "server", "Type the server's address"),
    ("cashier.example", "", "code", "Type the invitation code"),
    ("http://cashier.example", "CODE", "server", "travels encrypted"),
    ("no address", "CODE", "server", "is no server's address"),
])  # fmt: skip
def test_what_is_missing_or_cannot_be_is_said_beside_it(start, server_typed, code, field, words):
    part = join(start(), server_typed, code)
    assert words in part._form.problem(field)


def test_a_server_that_cannot_be_reached_is_said_and_the_same_may_be_tried_again(server, wire, start):
    program = start()
    code = invitation(server)
    wire.mood = "deaf"  # it even takes the invitation up, but nobody hears of it
    part = join(program, wire.url, code)
    assert part._problem.text
    wire.mood = "kind"
    part.join.click()
    assert program.assistant is None


def test_an_unknown_certificate_is_shown_and_nobody_answers_for_the_person(server, start, tmp_path):
    code = invitation(server)
    with serving(server, tmp_path / "state", a_certificate(tmp_path)) as url:
        program = start()
        part = join(program, url, code)
        assert part.fingerprint.text().count(":") == 31
        assert not part.same.isDefault()
        assert not any(button.hasFocus() for button in (part.same, part.differs))
        part.differs.click()
        assert "Nothing was joined" in part._problem.text
        assert not (tmp_path / "branch.db").exists()
        part.join.click()
        part.same.click()
        assert program.assistant is None
        assert sign_in(program) is not None


def test_the_directory_arrives_while_the_assistant_tells_and_nobody_has_to_wait(server, wire, start):
    program = start()
    wire.mood = "reserved"
    part = join(program, wire.url, invitation(server))
    assert "This workstation is BRANCH-7 now" in words_on(program.assistant)
    assert "nothing is lost" in part.progress.text()
    assert not part.enter.isEnabled(), "nobody could sign in yet"
    part.pause.click()
    assert part.pause.text() == "Go on"
    wire.mood = "kind"
    part.pause.click()
    assert program.assistant is None
    assert sign_in(program) is not None


def test_signing_in_does_not_wait_for_the_whole_directory(server, wire, start):
    program = start()
    wire.mood = "reserved"
    part = join(program, wire.url, invitation(server))
    line = program.backend.line
    fetching = replace(line.state.link, cursor="known", directory_after=7)
    line._show(replace(line.state, phase=Phase.CONNECTED, link=fetching, accounts=12_000))
    assert f"{number(12_000)} accounts" in part.progress.text()
    part.enter.click()
    assert program.assistant is None
    assert program.window.sign_in.isVisible()


def test_closing_with_something_unsent_is_said_first_and_drops_nothing(server, wire, start, tmp_path):
    program = start()
    join(program, wire.url, invitation(server))
    wire.mood = "down"
    program.backend.line.try_now()
    sign_in(program)
    program.backend.tasks.start(program.backend.line.refresh())
    assert program.backend.line.state.link.unsent == 1, "the sign-in"
    program.window.close()
    question = program.window.findChild(Question)
    assert "1 commands have not reached the server" in words_on(question)
    question._no.click()
    assert program.window.isVisible()
    program.window.close()
    program.window.findChildren(Question)[-1]._yes.click()
    assert not program.window.isVisible()
    database = Database(str(tmp_path / "branch.db"))
    assert link_facts(database).unsent == 1
    database.close()


def test_a_window_with_nothing_unsent_closes_without_a_word(server, wire, start):
    program = start()
    join(program, wire.url, invitation(server))
    program.window.close()
    assert not program.window.isVisible()
    assert Path(program.backend.database_url).exists()
