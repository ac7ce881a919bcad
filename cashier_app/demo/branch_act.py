"""The second act: a branch loses its line, goes on taking money, and gets it back.

Office and branch are the real windows, between them stand the real server and the real exchange, over TLS. Only the
line between them is ours, so that it can be cut.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from cashier_app.demo.branch_joining import first_start
from cashier_app.demo.branch_proof import Balances
from cashier_app.demo.branch_town import BRANCH, DRAWER, furnish
from cashier_app.demo.cable import Cable, cable
from cashier_app.demo.office_server import serving
from cashier_app.demo.page import Act
from cashier_app.demo.papers import Papers
from cashier_app.demo.scene import Camera, Scene
from cashier_app.demo.stage import MORNING, Stage, open_stage
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.customers.accounts import OpenAccount

MONDAY: Final = MORNING.date() + timedelta(days=3)
TUESDAY: Final = MONDAY + timedelta(days=1)
BRANCH_DATABASE: Final = "branch/branch.db"
"""Of the branch, in the demo's folder."""
_PORT: Final = 8443
"""At which the branch calls its server, where nobody else on this machine listens there."""
_CONNECTED: Final = "Nadia Haddad"
_PARTLY: Final = "Desmond Hargrove"
_PART: Final = "100"
_WHOLE: Final = "Zoë Schröder"
_NEXT_DAY: Final = "Lin Mei"
_EARLY_PAYS: Final = "45"
_EARLY: Final = "Imani Castellanos"
"""A new customer whose account has no agreement yet: nothing on it can receive money."""


def play_branch_act(office: Stage, camera: Camera, folder: Path) -> Act:
    """Play it beside the office's open window, in whose ledger everything ends.

    Leaves the branch's database, pictures and papers in the folder.
    """
    act = Act(
        anchor="branch",
        title="A branch loses its line",
        lead=(
            "Monday. A small branch on Harbor Street joins the office over an encrypted line, which then fails for a "
            "day. The server, the exchange and both windows are the real ones; only the cable was cut on purpose."
        ),
    )
    with ExitStack() as open_things:
        state = open_things.enter_context(tempfile.TemporaryDirectory(prefix="cashier-server-"))
        log = (folder / BRANCH_DATABASE).with_name("server.log")
        port = open_things.enter_context(serving(office.backend.database_url, Path(state), office.clock, log))
        line = open_things.enter_context(cable(port, _PORT))
        _BranchAct(office, camera, folder, line, act).play(open_things)
    return act


class _BranchAct:
    """Goes between the office and the branch."""

    def __init__(self, office: Stage, camera: Camera, folder: Path, line: Cable, act: Act) -> None:
        self.act, self.folder, self.line = act, folder, line
        self._camera = camera
        papers = Papers(office.backend.door, folder / "papers", "Sue Okafor")
        self._office = _Office(office, camera, papers, act.moments, act.papers)
        self._database = folder / BRANCH_DATABASE

    def play(self, open_things: ExitStack) -> None:
        """From the invitation to the seals."""
        code = self._office.invite()
        self._join(code)
        names = (_CONNECTED, _PARTLY, _WHOLE, _EARLY, _NEXT_DAY)
        balances = Balances(self._office.stage.backend.door, {name: self._office.account(name) for name in names})
        with closing(self._open()) as stage:
            self._at_the_counter(stage).monday(self.line)
        stage = self._open()
        open_things.callback(stage.close)
        counter = self._at_the_counter(stage)
        counter.tuesday(self.line)
        self._office.look_at_the_branch()
        counter.take_seals()
        self.act.table = balances.table(stage.backend.door)
        self.act.checks += balances.seals(stage.backend.door, BRANCH)

    def _join(self, code: str) -> None:
        scene = self._office
        with first_start(self._database, self._database.parent / "joining") as joining:
            scene.at(8, 41)
            joining.type_invitation(f"https://localhost:{self.line.port}", code)
            about = (
                "The administrator has invited this workstation and reads out two things: where the server is, and a "
                "code that is good once."
            )
            scene.tell("Bea", "The first start", about, "branch-01-join", joining.window)
            scene.at(8, 43)
            joining.ask()
            about = "Before a word is said to the server, somebody compares its certificate over the telephone."
            scene.tell("Bea", "Is it the right one?", about, "branch-02-certificate", joining.window)
            scene.at(8, 44)
            joining.agree()
            about = (
                "The workstation made a key of its own, which never leaves it. People, control tables and the "
                "directory of accounts arrive."
            )
            scene.tell("", f"It is {BRANCH} now", about, "branch-03-directory", joining.window)
            joining.fetch()

    def _open(self) -> Stage:
        stage = open_stage(str(self._database), self._database.parent / "state", self._office.stage.clock)
        stage.printer = f"spool:{self._database.parent / 'spool'}"
        return stage

    def _at_the_counter(self, stage: Stage) -> _Counter:
        papers = Papers(stage.backend.door, self.folder / "papers", "Bea Fontaine")
        return _Counter(stage, self._camera, papers, self.act.moments, self.act.papers)


class _Office(Scene):
    """The office's own window, on the ledger that the server serves."""

    today: date = MONDAY
    names_day = True

    def invite(self) -> str:
        """A drawer, a cashier and an invitation for the branch, and a customer who comes too early; gives the code."""
        self.at(8, 20)
        stage = self.stage
        furnish(stage.backend.door)
        stage.do(OpenAccount(name=_EARLY, customer_class="RES", phone="555-0147"), "olga")
        code = new_code()
        expires = stage.clock.now() + timedelta(days=1)
        stage.do(
            InviteDevice(name=BRANCH, access_groups=("*",), code_hash=code_hash(code), expires=expires),
            "adam",
        )
        return code

    def look_at_the_branch(self) -> None:
        """What the supervisor sees of it, the morning after."""
        self.today = TUESDAY
        stage = self.stage
        self.at(9, 5)
        stage.sign_in("sue")
        stage.go("board")
        about = (
            f"{DRAWER} is a drawer like any other: open again this morning, and below it yesterday's, balanced without "
            "the line and ready for the bank."
        )
        self.tell("Sue, at the office", "The branch on the board", about, "branch-12-board")
        self.at(9, 12)
        screen = stage.go("event")
        screen.open_event(self.event_of(_WHOLE))
        screen.facts.payments.expandAll()
        stage.settle()
        about = "Taken offline, booked here: distributed by the rules, with the debts known when it arrived."
        self.tell("Sue, at the office", "A payment of yesterday", about, "branch-13-event")
        screen.open_event(self.event_of(_EARLY))
        screen.facts.payments.expandAll()
        stage.settle()
        about = (
            f"{_EARLY} paid for an account that has no agreement yet. The money was taken, so it is booked: to "
            "suspense, with an entry on the work list that says why."
        )
        self.tell("Sue, at the office", "What could not be placed", about, "branch-14-suspense")
        self.at(9, 20)
        stage.go("books")
        stage.trigger("books.seal")
        stage.sign_out()


@dataclass
class _Sending:
    """Takes a picture in the middle of sending."""

    take: Callable[[], None]
    taken: bool = False

    def look(self, state: Any) -> None:
        """Told of each state of the line."""
        if not self.taken and state.phase.value == "CONNECTED" and state.link.unsent:
            self.taken = True
            self.take()


class _Counter(Scene):
    """The branch's window."""

    drawer = DRAWER
    today: date = MONDAY
    names_day = True

    # -- the day without a line

    def monday(self, line: Cable) -> None:
        """From the float to the question whether to close."""
        self.at(8, 55)
        self.stage.do(OpenDepositControl(), "sue")
        self.stage.sign_in("bea")
        self._open_drawer()
        self._with_the_line()
        self._cut(line)
        self._without_the_line()
        self._balance()
        self._leave()

    def _open_drawer(self) -> None:
        stage = self.stage
        stage.go("my_drawer")
        stage.press("F3")
        self.count("", "", "3", "2", "2", "10")
        stage.go("my_drawer").sheets["open"].do_button.click()
        stage.settle()

    def _with_the_line(self) -> None:
        stage = self.stage
        self.at(9, 14)
        stage.go("counter")
        self.cash(_CONNECTED)
        self._look()
        stage.press("F8")
        about = (
            f"{_CONNECTED} pays in full. The branch records, the server distributes: its answer was there before the "
            "receipt was torn off."
        )
        self.tell("Bea", "With the line", about, "branch-04-connected")

    def _cut(self, line: Cable) -> None:
        self.at(10, 29)
        self._try()
        line.cut()
        self.at(10, 30)
        self._try()

    def _without_the_line(self) -> None:
        stage = self.stage
        self.at(10, 42)
        stage.go("counter")
        stage.find(_PARTLY)
        about = "The chip above says so, quietly. Accounts, debts and rules are all here; balances say as of when."
        self.tell("Bea", "The line is cut", about, "branch-05-offline")
        stage.type(_PART)
        stage.press("Return")
        stage.press("Return")
        self.keep_receipt("receipt-offline", "A receipt of the day without a line")
        self.at(11, 26)
        self.cash(_WHOLE)
        self.at(14, 8)
        self.cash(_EARLY, _EARLY_PAYS)
        self._look()
        about = f"{_EARLY} moves in next week and pays ahead. Nobody is sent away because of a cable."
        self.tell("Bea", "The line of people does not care", about, "branch-06-taken")
        self.at(15, 10)
        self._look()
        stage.trigger("line.show")
        about = "Every command that the server has not confirmed: when, what, how much, and whose."
        self.tell("Bea", "What waits to be sent", about, "branch-07-unsent")
        stage.press("Escape")

    def _balance(self) -> None:
        stage = self.stage
        self.at(16, 55)
        screen = stage.go("my_drawer")
        stage.press("F8")
        self.count_all()
        screen.count.save.click()
        stage.settle()
        self._look()
        about = "Counting needs nobody else's word: what was taken, and from whom, is all recorded here."
        self.tell("Bea", "Counted and in balance, still offline", about, "branch-08-balanced")
        screen.count.close_drawer.click()
        stage.settle()
        self.printed.append(self.papers.z_report(self.control().id, "z-report-branch", "The branch's Z report"))

    def _leave(self) -> None:
        from cashier_app.ui.leaving import is_sure_to_leave  # noqa: PLC0415  # Qt only where windows are

        stage = self.stage
        self.at(17, 10)
        self._look()
        assert stage.window.shell is not None, "somebody is signed in"
        stage.run(is_sure_to_leave(stage.window.shell, self._line.state.link.unsent))
        stage.settle()
        about = "Closing is allowed, and loses nothing: what is unsent lies in the branch's own journal overnight."
        self.tell("Bea", "Going home", about, "branch-09-leaving")
        stage.press("Return")

    # -- the day after

    def tuesday(self, line: Cable) -> None:
        """The line is back: everything goes out, and the answers come in."""
        self.today = TUESDAY
        stage = self.stage
        self.at(8, 50)
        stage.sign_in("bea")
        self._look()
        stage.trigger("line.show")
        self.at(8, 52)
        line.mend()
        about = "The line is back. One delivery, signed, in order; half of one would have counted for nothing."
        sending = _Sending(lambda: self.tell("", "The line is back", about, "branch-10-sending"))
        self._line.changed.connect(sending.look)
        self._try()
        self._line.changed.disconnect(sending.look)
        assert sending.taken, "there was something to send"
        stage.press("Escape")
        self.at(8, 54)
        screen = stage.go("event")
        screen.open_event(self.event_of(_EARLY))
        stage.settle()
        about = "What the server made of yesterday is known here, payment by payment; this one needs somebody to look."
        self.tell("Bea", "Connected", about, "branch-11-booked")
        self._open_drawer()
        self.at(9, 2)
        stage.go("counter")
        self.cash(_NEXT_DAY)

    def take_seals(self) -> None:
        """Both sides have sealed the day; each takes the other's seals."""
        self.today = TUESDAY
        self.at(9, 24)
        self.stage.do(SealDay(), "sue")
        self._try()

    # -- the line

    @property
    def _line(self) -> Any:
        assert self.stage.backend.line is not None, "the window is a branch's"
        return self.stage.backend.line

    def _try(self) -> None:
        self._line.try_now()
        self.stage.settle()

    def _look(self) -> None:
        """What the program does every second."""
        self.stage.run(self._line.refresh())
        self.stage.settle()
