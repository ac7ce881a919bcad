"""Every list that can grow long, walked to its end over 100,000 rows: how long the window is busy with one step."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.ledgers import NODE, fill, new_ledger
from benchmarks.measuring import Measurement, Options, measurement
from cashier_app.domain.clock import FixedClock
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.users import CreateUser, hashed
from cashier_app.services.branches.alarms import RaiseAlarm
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView, QApplication

    from cashier_app.ui.view_models.desk import Desk

STEP: Final = 2_400
"""Pixels that one step moves at most: some pages, as when the bar is dragged."""
SIZE: Final = (1366, 768)
PASSWORD: Final = "correct horse battery"
FEW: Final = 200
"""Frames of the empty list."""


class Walk(NamedTuple):
    """A list walked to its end."""

    rows: int
    """That were in view on the way; a step passes over some."""
    frames: list[float]
    """Milliseconds each, by the clock."""
    busy: list[float]
    """Of these the window's own thread computed so many: on a shared machine the clock runs on."""

    def share(self, part: float) -> float:
        """A percentile of what the thread computed."""
        return _share(self.busy, part)


def _share(frames: list[float], part: float) -> float:
    ordered = sorted(frames)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2)


def lists(options: Options) -> Measurement:
    """The worst 99th percentile of a frame over all lists, beside that of the same list with nothing in it.

    A frame is a step down the list, painted, and whatever else the window had to do before the next one: rows arrive
    from the database's thread meanwhile. The figure is what the window's thread computed; `detail` has every list, and
    the clock's figures.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    many = 2_000 if options.quick else 100_000
    with TemporaryDirectory(prefix="cashier-benchmark-") as folder:
        empty = _walked(_ledger(Path(folder) / "empty.db", 0), Path(folder) / "before")
        full = _walked(_ledger(Path(folder) / "full.db", many), Path(folder) / "after")
    worst = max(full, key=lambda name: full[name].share(0.99))
    return measurement(
        "lists",
        "ms",
        [full[worst].share(0.99)],
        [empty[worst].share(0.99)],
        rows=many,
        worst=worst,
        lists={
            name: {
                "rows": walk.rows,
                "frames": len(walk.frames),
                **{f"p{round(part * 100)}": walk.share(part) for part in (0.5, 0.99)},
                "longest": walk.share(1.0),
                "p99 by the clock": _share(walk.frames, 0.99),
                "empty p99": empty[name].share(0.99),
            }
            for name, walk in full.items()
        },
    )


# -- ledgers


def _ledger(path: Path, many: int) -> str:
    """A ledger with so many rows behind each list; nobody's lists are empty for who signs in."""
    url = f"sqlite:///{path}"
    door = new_ledger(url)
    door.execute(LoadConfiguration(tables={"user_group": ({"code": "ALL", "rights": ["*"]},)}), user_id=SYSTEM.id)
    someone = CreateUser(login="all", name="All", password_hash=hashed(PASSWORD), groups=("ALL",))
    door.execute(someone, user_id=SYSTEM.id)
    fill(door, 1, max(1, many))
    if many:
        run_gl(door, user_id=SYSTEM.id)
        _copies(door, many)
    door.database.close()
    return url


def _copies(door: Door, many: int) -> None:
    """What would take its commands hours is copied from one row: lists only read it."""
    door.execute(RaiseAlarm(node_id=1, code="SYNC-009", text="It does not fit."), user_id=SYSTEM.id)
    cursor = door.database.connection.cursor()
    cursor.execute("SELECT max(a.id), s.account_id, s.id FROM adjustment a JOIN service_agreement s ON s.id = a.sa_id")
    adjustment, account, agreement = cursor.fetchone()
    cursor.execute(
        "INSERT INTO approval_request (id, adjustment_id, approval_profile, status, level, adjustment_type, "
        "account_id, sa_id, amount, currency, requested_by, requested_at, decided_at) "
        "SELECT 1, ?, 'FEES', 'APPROVED', 1, 'FEE', ?, ?, 100, 'USD', 1, executed_at, executed_at FROM journal LIMIT 1",
        (adjustment, account, agreement),
    )
    cursor.execute(
        "INSERT INTO check_request (id, adjustment_id, account_id, request_type, amount, currency, payee, address, "
        "payment_method, cut_date, status) "
        "SELECT 1, ?, ?, 'CHECK', 100, 'USD', 'Jane', '18 Oak Lane', 'CHECK', business_date, 'PENDING' FROM journal "
        "LIMIT 1",
        (adjustment, account),
    )
    for table, changed in (
        ("to_do", {"subject": "'copy ' || n.i"}),
        ("approval_request", {}),
        ("check_request", {"adjustment_id": f"{adjustment} - n.i"}),
        ("journal", {"command_id": "'copy ' || n.i"}),
    ):
        _multiply(cursor, table, many, changed)
    cursor.execute(f"UPDATE node SET sequence = sequence + {many}, last_key = last_key + {many}")


def _multiply(cursor: Any, table: str, many: int, changed: dict[str, str]) -> None:
    """Copy the newest row of a table, with keys that follow it."""
    names = [row[1] for row in cursor.execute(f"PRAGMA table_info({table})").fetchall()]
    values = {name: f"t.{name}" for name in names} | {"id": "t.id + n.i"} | changed
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) "
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many - 1}) "
        f"SELECT {', '.join(values[name] for name in names)} FROM n, "
        f"(SELECT * FROM {table} ORDER BY id DESC LIMIT 1) t"
    )


# -- windows


def _walked(url: str, state: Path) -> dict[str, Walk]:
    """Every list of a ledger, walked in a window of its own."""
    from cashier_app.ui import look  # noqa: PLC0415
    from cashier_app.ui.application import make_application  # noqa: PLC0415

    app = make_application(theme=look.Theme.LIGHT, language="en_US")
    app.setQuitOnLastWindowClosed(False)
    found: dict[str, Walk] = {}

    async def walk() -> None:
        with _a_desk(url, state) as desk:
            await desk.backend.open()
            await desk.backend.sign_in("all", PASSWORD)
            for name, (kind, show, view) in _LISTS.items():
                screen = _screen(desk, kind)
                show(screen)
                await _settled(desk)
                found[name] = await _to_the_end(view(screen), desk)
                print(f"{name}: {found[name].rows:,} rows, p99 {found[name].share(0.99)} ms", file=sys.stderr)
                screen.leave()
                screen.deleteLater()
            await desk.backend.close()

    _run(app, walk())
    return found


def _run(app: QApplication, work: Any) -> None:
    import qasync  # noqa: PLC0415

    loop: Any = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(work)


@contextmanager
def _a_desk(url: str, state: Path) -> Iterator[Desk]:
    from cashier_app.ui.backend import Backend  # noqa: PLC0415
    from cashier_app.ui.tasks import LoopTasks  # noqa: PLC0415
    from cashier_app.ui.view_models.desk import Desk  # noqa: PLC0415

    def fail(error: BaseException) -> None:
        raise error

    tasks = LoopTasks(asyncio.get_running_loop(), on_error=fail)
    backend = Backend(tasks, database=url, node=NODE, state=state, clock=FixedClock())
    try:
        yield Desk(backend, None)  # type: ignore[arg-type]  # nobody is asked anything
    finally:
        tasks.close()


def _screen(desk: Desk, kind: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    from cashier_app.ui.actions import Actions  # noqa: PLC0415
    from cashier_app.ui.catalog import catalog  # noqa: PLC0415

    module, name = kind.split(".")
    screen = getattr(import_module(f"cashier_app.ui.views.{module}"), name)(desk, Actions(catalog(), desk.may))
    screen.resize(*SIZE)
    screen.show()
    screen.enter()
    return screen


async def _settled(desk: Desk) -> None:
    """Until nothing is asked any more."""
    tasks: Any = desk.backend.tasks
    for _ in range(2):
        await asyncio.sleep(0.05)
        while tasks.busy:  # noqa: ASYNC110  # the tasks tell nobody that they have ended
            await asyncio.sleep(0.005)


async def _to_the_end(view: QAbstractItemView, desk: Desk) -> Walk:
    """Go down until nothing moves and nothing more comes."""
    bar, still = view.verticalScrollBar(), 0
    frames: list[float] = []
    busy: list[float] = []
    nothing = bar.maximum() == 0
    seen: set[Any] = set()
    while still < 3 and not (nothing and len(frames) >= FEW):
        began, computed, was = time.perf_counter(), time.thread_time(), bar.value()
        bar.setValue(was + STEP)
        view.viewport().repaint()
        await asyncio.sleep(0)
        frames.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.thread_time() - computed))
        if nothing:
            continue
        seen.update(_texts(view))
        if bar.value() == bar.maximum():
            await _settled(desk)
            still = still + 1 if bar.value() == bar.maximum() else 0
    return Walk(len(seen), frames, busy)


def _texts(view: Any) -> Iterator[Any]:
    """What the rows in view are about."""
    from cashier_app.ui.table_models.rows import ROW_ROLE  # noqa: PLC0415

    last = view.viewport().height()
    for y in range(0, last, 14):
        index = view.indexAt(view.viewport().rect().topLeft() + _down(y))
        if index.isValid():
            yield id(index.siblingAtColumn(0).data(ROW_ROLE))


def _down(y: int) -> Any:
    from PySide6.QtCore import QPoint  # noqa: PLC0415

    return QPoint(2, y)


def _account(screen: Any, then: Callable[[], None] = lambda: None) -> None:
    """The account that has everything."""

    async def find() -> None:
        from cashier_app.services.queries.search import find as finding  # noqa: PLC0415

        found = await screen.customer.desk.backend.query(finding, "X00000000")
        screen.open_account(found[0].account_id)
        then()

    screen.customer.desk.backend.tasks.start(find())


def _adjustments(screen: Any) -> None:
    _account(screen, screen.show_adjustments)


def _page(name: str) -> Callable[[Any], None]:
    return lambda screen: screen.tabs.show_page(name)


def _nothing(_screen: Any) -> None:
    return None


_LISTS: Final[dict[str, tuple[str, Callable[[Any], None], Callable[[Any], Any]]]] = {
    "history of an account": ("customer.CustomerScreen", _account, lambda screen: screen.river.tree),
    "adjustments of an account": ("customer.CustomerScreen", _adjustments, lambda screen: screen.adjusting.page.tree),
    "journal": ("journal.JournalScreen", _nothing, lambda screen: screen.entries),
    "to do": ("to_do.ToDoScreen", _nothing, lambda screen: screen.tree),
    "decided requests": ("to_do.ToDoScreen", _page("decided"), lambda screen: screen.decided),
    "checks": ("general_ledger.GeneralLedgerScreen", _page("checks"), lambda screen: screen.checks.table),
    "work on payments": ("event.EventScreen", _nothing, lambda screen: screen.waiting),
}
"""Screen, what shows the list on it, and the list."""
