"""The second act of the demo: a branch over the real server and the real exchange, a day without its line."""

import re
from contextlib import closing
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget

from cashier_app.demo.branch_act import BRANCH_DATABASE, play_branch_act
from cashier_app.demo.scene import Camera
from cashier_app.demo.stage import MORNING, NODE, open_stage
from cashier_app.demo.utility import prepare
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.money import Money
from cashier_app.services.kernel.database import Database
from cashier_app.services.queries.to_do import to_do_entries
from cashier_app.services.verifying import verify_machines
from cashier_app.sync.enrolling import link_facts


class Notebook(Camera):
    """Writes down what is to be seen instead of drawing it, which takes ten times as long."""

    def take(self, window, name):
        assert window.isVisible(), name
        path = self.folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = [part for part in window.findChildren(QWidget) if part.isVisible() and hasattr(part, "text")]
        path.write_text("\n".join(str(part.text()) for part in parts if callable(part.text)))


class Played:
    """What the act left behind."""

    def __init__(self, folder, act, office):
        self.folder, self.act = folder, act
        with office.looking(None) as (store, config):
            self.waiting = to_do_entries(store, config)

    def seen(self, name):
        return (self.folder / "screens" / f"{name}.txt").read_text()

    def amounts(self, name):
        (row,) = [row for row in self.act.table.rows if row[0] == name]
        return row[1:]


@pytest.fixture(scope="module")
def played(tmp_path_factory, qapp):
    folder = tmp_path_factory.mktemp("act")
    clock = FixedClock(MORNING - timedelta(hours=8))
    ledger = str(folder / "cashier.db")
    prepare(ledger, customers=46, node=NODE, clock=clock)
    with closing(open_stage(ledger, folder / "state", clock)) as office:
        act = play_branch_act(office, Notebook(qapp, folder / "screens"), folder)
        yield Played(folder, act, office.backend.door)


def test_the_branch_joins_with_a_code_and_a_certificate_that_was_compared(played):
    assert re.search(r"([0-9A-F]{2}:){15}", played.seen("branch-02-certificate"))
    assert "This workstation is BRANCH-7 now" in played.seen("branch-03-directory")


def test_with_the_line_the_servers_distribution_is_there_at_once(played):
    seen = played.seen("branch-04-connected")
    assert "Connected" in seen
    assert "booked at the office" in seen


def test_without_the_line_it_is_said_and_everything_goes_on(played):
    assert "Offline since" in played.seen("branch-05-offline")
    assert "Imani Castellanos paid 45.00" in played.seen("branch-06-taken")
    assert "6 unsent" in played.seen("branch-06-taken")
    assert "In balance" in played.seen("branch-08-balanced")
    assert "kept on this machine" in played.seen("branch-09-leaving")


def test_the_line_comes_back_and_everything_is_sent_then_told(played):
    assert "Sending 10" in played.seen("branch-10-sending")
    assert "in suspense at the office" in played.seen("branch-11-booked")
    with closing(Database(str(played.folder / BRANCH_DATABASE))) as branch:
        assert link_facts(branch).unsent == 0


def test_what_can_be_placed_nowhere_waits_on_the_work_list(played):
    assert [item.to_do_type for item in played.waiting] == ["SUSPENSE"]
    assert "No agreement can receive" in played.waiting[0].text


def test_balances_move_by_what_was_taken_to_the_cent(played):
    assert played.amounts("Nadia Haddad") == ("231.29", "231.29", "0.00")
    assert played.amounts("Desmond Hargrove") == ("177.76", "100.00", "77.76")
    assert played.amounts("Suspense, at the office") == ("0.00", "0.00", "\N{MINUS SIGN}45.00")
    before, taken, after = (Money.of(text, "USD").minor for text in played.amounts("Together"))
    assert before - taken == after
    assert "to the cent" in played.act.table.note


def test_both_ledgers_are_clean_and_keep_each_others_seals(played):
    paths = (played.folder / "cashier.db", played.folder / BRANCH_DATABASE)
    with closing(Database(str(paths[0]))) as office, closing(Database(str(paths[1]))) as branch:
        compared = verify_machines(office, (branch,))
    assert compared.ok, compared
    assert compared.together.checked["commands of branches"] >= 20
    (told,) = [found for what, found in played.act.checks if what.startswith("Seals")]
    assert [int(number) > 0 for number in re.findall(r"keeps (\d+)", told)] == [True, True]


def test_the_papers_of_the_day_without_a_line_lie_beside_the_others(played):
    for paper in played.act.papers:
        assert (played.folder / paper.file).read_bytes().startswith(b"%PDF")
    receipt = (played.folder / "papers" / "receipt-offline.escpos").read_bytes()
    assert b"Recorded offline" in receipt


def test_the_story_is_told_in_its_order_with_a_picture_for_each_sentence(played):
    names = [moment.screen for moment in played.act.moments]
    assert names == sorted(names)
    assert len(names) == len(set(names)) == 14
    for moment in played.act.moments:
        assert moment.text
        assert played.seen(moment.screen)
