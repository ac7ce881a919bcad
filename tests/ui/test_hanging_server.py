"""A server that takes connections and never says a word costs the cashier nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from cashier_app.services.administration.branch_link import note
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.kernel.database import Database
from cashier_app.sync.enrolling import BranchFiles, link_facts
from tests.ui.branch import a_branch_window, a_met_town

ROOT = Path(__file__).parents[2]

HANGING = """
import asyncio, socket, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from cashier_app import settings
from cashier_app.ui import application
from cashier_app.ui.presenting import Presenter
from cashier_app.ui.program import Program, Start
from cashier_app.ui.views.main_window import MainWindow

database, state = sys.argv[1], Path(sys.argv[2])
given = Start(settings.read({"CASHIER_DATABASE": database, "CASHIER_STATE": str(state)}))
app = application.make_application(language="en_US")
window = MainWindow(); window.show(); window.activateWindow()
presenter = Presenter(state / "reports")
program = Program(window, given, presenter, lambda url: None)
gaps, last = [], [time.monotonic()]

def tick():
    now = time.monotonic(); gaps.append(now - last[0]); last[0] = now

async def play():
    from cashier_app.services.queries.search import find
    from cashier_app.ui.view_models.home import Chosen
    while program.backend is None or program.backend.line is None:
        await asyncio.sleep(0.05)
    line = program.backend.line
    for number in range(800):
        if program.session is not None:
            break
        if number % 100 == 0:  # whoever typed before the window was ready types again
            window.sign_in.submitted.emit("bea", "bea opens the branch at nine")
        await asyncio.sleep(0.05)
    print("signed in", file=sys.stderr, flush=True)
    timer = QTimer(window); timer.setInterval(10); timer.timeout.connect(tick)
    timer.start(); last[0] = time.monotonic()
    counter = window.screen_of("counter")
    jane = (await program.backend.query(find, "Jane Masters"))[0]
    while counter.model.facts is None:
        await asyncio.sleep(0.05)
    counter.pay(Chosen(jane.account_id))
    while counter.model.visit is None or counter.model.busy:
        await asyncio.sleep(0.05)
    counter.model.accept_amount()
    while counter.model.visit.hindrance() is not None:
        await asyncio.sleep(0.05)
        counter.model.accept_amount()
    print("takes", file=sys.stderr, flush=True)
    counter.model.take()
    QTest.keyClicks(window.shell.scan, "next please")
    while counter.model.busy or not counter.model.finished:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)
    timer.stop()
    print("taken", counter.model.finished.amount > 0, "typed", window.shell.scan.text())
    print("unsent", line.state.link.unsent > 0, "phase", line.state.phase.value)
    print("gap", max(gaps) < 1.0)
    print("closes", file=sys.stderr, flush=True)
    program._is_leaving = True
    window.close()

def ready(tasks):
    program.begin(tasks)
    tasks.start(play())

began = time.monotonic()
code = application.run(app, presenter, program.show_error, ready)
print("closed", code)
"""


def test_a_server_that_hangs_leaves_the_window_responsive_and_lets_it_close(demo_ledger, tmp_path, qapp):
    """Real loop, real threads, real sockets: a port that takes connections and never says a word."""
    met = tmp_path / "met"
    met.mkdir()
    with a_branch_window(a_met_town(demo_ledger, met), tmp_path) as branch:
        branch.open_drawer()
    DeviceKey.generate().save(BranchFiles.of(branch.town.branch).key)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        database = Database(branch.town.branch)
        note(database, server_url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        ran = subprocess.run(
            [sys.executable, "-c", HANGING, branch.town.branch, str(tmp_path / "window")],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=50,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.splitlines() == [
            "taken True typed next please",
            "unsent True phase CONNECTING",
            "gap True",
            "closed 0",
        ], ran.stderr
        assert link_facts(database).unsent > 0, "closing dropped nothing"
        database.close()
