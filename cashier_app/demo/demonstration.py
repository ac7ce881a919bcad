"""`cashier demo`: makes a utility, plays a day on it, works a night, proves the ledger, and writes the page."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

import resources
from cashier_app import settings
from cashier_app.demo.branch_act import BRANCH_DATABASE, play_branch_act
from cashier_app.demo.day import Day
from cashier_app.demo.night import Night, work_the_night
from cashier_app.demo.page import Story, write_page
from cashier_app.demo.papers import Papers
from cashier_app.demo.scene import Camera
from cashier_app.demo.stage import MORNING, NODE, Stage, open_stage
from cashier_app.demo.utility import prepare
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.money import Money, decimal_text
from cashier_app.models.payment import PaymentEvent
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.verifying import Verdict, verify_machines

_EVENTS = Statement(select(func.count()).select_from(PaymentEvent))


def demonstrate(out: Path, progress: Callable[[str], None], screens: Iterable[tuple[str, str]] = ()) -> Path:
    """Fill a folder with the demo day; returns its page. What an earlier demo left there is replaced.

    `screens` draws every screen into `out/screens` while it is read, and gives each one's file name and title.
    """
    from cashier_app.ui import look, pictures  # noqa: PLC0415  # Qt only where windows are

    pictures.offscreen()
    from cashier_app.ui.application import make_application  # noqa: PLC0415

    began = time.monotonic()
    _clear(out)
    app = make_application(theme=look.Theme.LIGHT, language="en_US")
    clock = FixedClock(MORNING - timedelta(hours=8))
    ledger = out / "cashier.db"
    progress("A new ledger: control tables, people, customers")
    prepare(str(ledger), node=NODE, clock=clock)
    story = Story(utility="Oakfield Municipal Utilities", day=f"{MORNING:%A, %d %B %Y}")
    with closing(open_stage(str(ledger), out / "state", clock)) as stage:
        papers = Papers(stage.backend.door, out / "papers", "Sue Okafor")
        progress("A day at the counter, in the real windows")
        camera = Camera(app, out / "screens")
        Day(stage, camera, papers, story.moments, story.papers).play()
        progress("The papers of the day")
        story.papers.append(papers.journal(MORNING.date(), "journal", "The day's GL journal"))
        story.journal = papers.gl_lines(MORNING.date())
        progress("A branch loses its line, goes on taking money, gets it back")
        story.acts.append(play_branch_act(stage, camera, out))
        progress("The night: a city's receivables, and a file that pays them")
        clock.advance(hours=8)
        night = work_the_night(stage.backend.door, settings.read().data, out / "files")
        progress("The proof: everything recomputed")
        _prove(stage, story, night, out / BRANCH_DATABASE)
    progress("Every screen, light and dark")
    story.screens += screens
    story.figures.append((f"{time.monotonic() - began:.0f} s", "from nothing to this page"))
    shutil.copytree(resources.path("fonts"), out / "fonts", dirs_exist_ok=True)
    return write_page(out, story)


def _clear(out: Path) -> None:
    for name in ("screens", "papers", "files", "state", "branch"):
        shutil.rmtree(out / name, ignore_errors=True)
    for name in ("cashier.db", "cashier.db-wal", "cashier.db-shm", "index.html", "gl-lines.csv"):
        (out / name).unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)


def grouped(amount: Money) -> str:
    """An amount with thousands apart, for people."""
    return f"{Decimal(decimal_text(amount.minor, amount.currency)):,} {amount.currency}"


def _prove(stage: Stage, story: Story, night: Night, branch: Path) -> None:
    with closing(Database(str(branch))) as other:
        compared = verify_machines(stage.backend.door.database, (other,))
    verdict = compared.server
    with reading(stage.backend.door.database, access=EVERYTHING) as store:
        events = store.value(_EVENTS)
    converted = night.conversion
    what = "the city's own open data" if night.real else "generated, of the same size and mess"
    taken_over = (
        f"{converted.row_count:,} bills ({what}) became {converted.receivable_count:,} receivables of "
        f"{converted.account_count:,} accounts: {grouped(converted.total)}, equal to the file's total to the cent."
    )
    paid = (
        f"{night.payments.payments:,} payments in {night.payments.chunks} chunks that count once, "
        f"{grouped(night.payments.amount)}; drawer and deposit of the file are balanced."
    )
    problems = [*verdict.problems, *compared.together.problems]
    for each in compared.branches.values():
        problems += each.problems
    story.figures += [
        (f"{events:,}", "payment events"),
        (f"{converted.row_count:,}", "bills taken over"),
        (grouped(night.payments.amount), "paid from one file"),
        (str(len(problems)), "problems found by verify"),
    ]
    story.checks += [
        ("cashier verify", _told(verdict)),
        ("Taking over", taken_over),
        ("Paying from a file", paid),
        *((problem.code, problem.sentence) for problem in problems[:20]),
    ]
    for act in story.acts:
        act.checks += [
            ("cashier verify at the office", _told(verdict)),
            *((f"cashier verify at {name}", _told(each)) for name, each in compared.branches.items()),
            ("Both held against each other", _told(compared.together)),
        ]


def _told(verdict: Verdict) -> str:
    checked = ", ".join(f"{number:,} {kind}" for kind, number in verdict.checked.items())
    return ("Clean. " if verdict.ok else "PROBLEMS FOUND. ") + f"Looked at {checked}."
