"""A branch and its server over HTTP: whatever the line does, money arrives once."""

from __future__ import annotations

import stat
import threading
import time

import pytest

from cashier_app.domain.errors import EnvironmentProblem, RuleViolation
from cashier_app.services.branches.devices import RevokeDevice
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.branches.joining import Enrolment
from cashier_app.services.verifying import verify
from cashier_app.sync import enrolling
from cashier_app.sync.enrolling import BranchFiles, enrol, link_facts, open_exchange
from cashier_app.sync.http_line import Wire
from cashier_app.sync.pace import LONGEST_SECONDS, Pace
from cashier_app.sync.trust import Trust, UnknownServer, certificate_of, server_address
from tests.branches.town import teller
from tests.builders import a_ledger, an_account, an_open_drawer, balances_of, paid
from tests.sync.wires import IN_A_HURRY, Proxy, a_certificate, a_deaf_port, a_wired_branch, invitation, serving

TELLER = teller("BRANCH-7")


@pytest.fixture
def server(database_url):
    return a_ledger(database_url)


@pytest.fixture
def wire(server, tmp_path):
    with serving(server, tmp_path / "state") as url, Proxy(url).running() as proxy:
        yield proxy


@pytest.fixture
def branch(server, wire, tmp_path):
    with a_wired_branch(server, wire.url, tmp_path) as made:
        yield made


def take(branch, account, *amounts):
    an_open_drawer(branch, TELLER, source="CASH-BRANCH-7")
    for amount in amounts:
        paid(branch, account, amount, TELLER)


def patiently(branch, wire, mood, times=1):
    """Some steps with a line in a mood, then as many as it takes."""
    wire.mood = mood
    for _ in range(times):
        with pytest.raises(LineDown):
            branch.exchange.step()
    wire.mood = "kind"
    branch.meet()


def test_money_taken_with_the_line_down_is_booked_once_it_is_back(server, branch, wire):
    account = an_account(server, owing={"ELEC": "84.10", "GAS": "41.25"})
    branch.meet()
    wire.mood = "down"
    take(branch, account, "100.00")
    with pytest.raises(LineDown, match="LINE-001"):
        branch.exchange.step()
    assert link_facts(branch.database).unsent == 3
    assert branch.exchange.line.unsent() == (3, 0)
    branch.clock.advance(hours=2)
    assert branch.exchange.line.unsent() == (3, 7200)
    wire.mood = "kind"
    branch.meet()
    assert link_facts(branch.database).unsent == 0
    assert branch.exchange.line.unsent() == (0, 0)
    assert balances_of(server, account) == {"ELEC": 0, "GAS": 2535} == balances_of(branch, account)
    assert verify(branch.database).problems == ()


@pytest.mark.parametrize("mood", ["deaf", "cut", "portal", "hanging", "down"])
def test_what_the_line_swallows_is_asked_again_and_counts_once(server, branch, wire, mood):
    account = an_account(server, owing={"ELEC": "84.10"})
    branch.meet()
    take(branch, account, "10.00", "20.00")
    branch.exchange.step()
    patiently(branch, wire, mood, times=2)
    assert balances_of(server, account) == {"ELEC": 5410}
    assert server.value("SELECT count(*) FROM payment") == 2


def test_a_request_that_arrives_twice_counts_once(server, branch, wire):
    account = an_account(server, owing={"ELEC": "84.10"})
    branch.meet()
    wire.mood = "repeating"
    take(branch, account, "10.00", "20.00")
    branch.meet()
    assert server.value("SELECT count(*) FROM payment") == 2


def test_nothing_is_dropped_while_a_server_refuses(server, branch, wire):
    device_id = link_facts(branch.database).device_id
    account = an_account(server)
    branch.meet()
    take(branch, account, "10.00")
    server.do(RevokeDevice(device_id=device_id, reason="Stolen"), "adam")
    branch.exchange.line._token = ""
    branch.exchange._compared = False
    with pytest.raises(RuleViolation, match="LINE-004"):
        branch.exchange.step()
    link = link_facts(branch.database)
    assert (link.unsent, link.alarm[:8]) == (3, "LINE-004")


def test_a_token_that_ended_is_renewed_without_a_word(branch, wire):
    branch.exchange.line._token = "what was good before the server was started anew"
    branch.meet()
    branch.exchange.line._now = lambda: time.monotonic() + 3600
    asked = len(wire.asked)
    branch.meet()
    assert "POST /api/v1/tokens/device" in wire.asked[asked:]


def test_a_server_that_never_answers_costs_no_more_than_its_patience(branch):
    listening, url = a_deaf_port()
    with listening, pytest.raises(LineDown):
        Wire(url, BranchFiles.of(branch.url).trust, IN_A_HURRY).ask("GET", "/branch/state")


def test_hanging_up_from_another_thread_ends_what_waits(branch):
    listening, url = a_deaf_port()
    wire = Wire(url, BranchFiles.of(branch.url).trust)  # with the patience of work days: thirty seconds
    ended = []

    def ask():
        with pytest.raises(LineDown):
            wire.ask("GET", "/branch/state")
        ended.append(True)

    with listening:
        asking = threading.Thread(target=ask)
        asking.start()
        connection, _ = listening.accept()
        with connection:
            connection.recv(1)
            wire.hang_up()
            asking.join(10)
    assert ended == [True]
    with pytest.raises(LineDown, match="closing"):
        wire.ask("GET", "/branch/state")


# -- enrolling


def test_only_the_branch_itself_may_read_its_key_and_its_customers(branch):
    files = BranchFiles.of(branch.url)
    for file in (files.key, files.database):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not files.unfinished.exists()


def test_a_code_that_is_wrong_leaves_nothing_that_could_be_taken_for_a_ledger(server, wire, tmp_path):
    with pytest.raises(RuleViolation, match="DEV-003"):
        enrol(wire.url, "ABCDE-ABCDE-ABCDE-ABCDE", str(tmp_path / "new.db"))
    assert not (tmp_path / "new.db").exists()
    enrol(wire.url, invitation(server), str(tmp_path / "new.db"))


def test_an_enrolment_whose_answer_was_lost_is_done_again_with_the_same_code(server, wire, tmp_path):
    code, path = invitation(server), str(tmp_path / "new.db")
    wire.mood = "deaf"
    with pytest.raises(LineDown):
        enrol(wire.url, code, path)
    wire.mood = "kind"
    assert enrol(wire.url, code, path).workstation == "BRANCH-7"


def test_a_branch_is_not_made_over_a_ledger(branch, wire, tmp_path):
    assert enrol(wire.url, "WHATEVER", branch.url).workstation == "BRANCH-7", "it has joined before"
    with pytest.raises(RuleViolation, match="BR-009"):
        enrol("https://elsewhere.example", "WHATEVER", branch.url)
    (tmp_path / "letter.db").write_text("no ledger at all")
    with pytest.raises(RuleViolation, match="BR-009"):
        enrol(wire.url, "WHATEVER", str(tmp_path / "letter.db"))
    with pytest.raises(RuleViolation, match="BR-008"):
        enrol(wire.url, "CODE", "postgresql://office/ledger")


def test_two_programs_that_join_at_once_overwrite_nothing_that_one_has_taken(branch):
    """The second asked before the first had made its file, and is answered when money lies in it."""
    link = link_facts(branch.database)
    late = Enrolment(
        server_url=link.server_url,
        server_id=link.server_id,
        device_id=link.device_id,
        node_id=link.node_id,
        workstation=link.workstation,
    )
    with pytest.raises(RuleViolation, match="BR-009"):
        enrolling._start(BranchFiles.of(branch.url), late)
    assert branch.value("SELECT cursor FROM branch_link") == link.cursor != ""
    assert not BranchFiles.of(branch.url).unfinished.exists()


def test_a_branch_without_its_key_says_so_and_keeps_what_it_has(branch):
    BranchFiles.of(branch.url).key.unlink()
    with pytest.raises(EnvironmentProblem, match="BR-010"):
        open_exchange(branch.url, branch.clock)


def test_a_database_of_no_branch_has_no_line(server, database_url):
    if server.database.dialect == "sqlite":
        with pytest.raises(RuleViolation, match="BR-007"):
            open_exchange(database_url, server.clock)


# -- whom it believes


def test_an_unknown_certificate_is_shown_before_anything_is_said_and_then_the_only_one_believed(server, tmp_path):
    shown, other = a_certificate(tmp_path), a_certificate(tmp_path, "other.example")
    code, path = invitation(server), str(tmp_path / "branch.db")
    with serving(server, tmp_path / "state", shown) as url:
        with pytest.raises(UnknownServer, match="LINE-002") as asked:
            enrol(url, code, path)
        fingerprint = asked.value.certificate.fingerprint
        assert fingerprint == certificate_of(url).fingerprint
        with pytest.raises(UnknownServer):
            enrol(url, code, path, fingerprint="AB:CD")
        enrol(url, code, path, fingerprint=fingerprint.lower().replace(":", " "))
        exchange = open_exchange(path, server.clock, IN_A_HURRY)
        assert exchange.step().more
        exchange.line.close()
    with serving(server, tmp_path / "state", other) as impostor:
        trust = BranchFiles.of(path).trust
        with pytest.raises(UnknownServer):
            Wire(impostor, trust, IN_A_HURRY).ask("GET", "/branch/state")
    exchange.database.close()


def test_a_file_of_authorities_may_be_believed_instead(server, tmp_path):
    certificate, key = a_certificate(tmp_path, "localhost")
    code = invitation(server)
    with serving(server, tmp_path / "state", (certificate, key)) as url:
        by_name = url.replace("127.0.0.1", "localhost")
        enrol(by_name, code, str(tmp_path / "branch.db"), authority=certificate)
        nobody = tmp_path / "nobody.pem"
        nobody.write_text("no certificate at all")
        with pytest.raises(EnvironmentProblem, match="LINE-005"):
            enrol(by_name, code, str(tmp_path / "other.db"), authority=nobody)


@pytest.mark.parametrize(("typed", "meant"), [
    ("cashier.example", "https://cashier.example"),
    (" cashier.example:8443/ ", "https://cashier.example:8443"),
    ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
    ("http://localhost:8000", "http://localhost:8000"),
    ("http://[::1]:8000", "http://[::1]:8000"),
])  # fmt: skip
def test_an_address_is_taken_as_it_is_read_out(typed, meant):
    assert server_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "http://cashier.example", "ftp://cashier.example", "https://cashier.example/api", "a b:x", "https://[::1"],
)
def test_what_is_no_address_or_would_travel_unencrypted_is_refused(typed):
    with pytest.raises(RuleViolation, match="LINE-003"):
        server_address(typed)


def test_the_machine_s_own_authorities_decide_where_nothing_was_pinned(tmp_path):
    context = Trust(tmp_path / "none", tmp_path / "neither").context()
    assert context.check_hostname


# -- the rhythm


def test_a_line_that_stays_down_is_tried_ever_less_often_and_soon_again_when_somebody_asks():
    pace = Pace()
    waits = [pace.after_failure() for _ in range(40)]
    assert waits[0] <= 1
    assert all(LONGEST_SECONDS / 2 <= wait <= LONGEST_SECONDS for wait in waits[10:])
    assert len(set(waits)) == len(waits), "branches do not come back together"
    pace.start_afresh()
    assert pace.after_failure() <= 1
    assert pace.after_success(more=True) == 0
    assert pace.after_success(more=False) > 0
