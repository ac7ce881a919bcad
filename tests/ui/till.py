"""What tests of the till look at: the screen, the ledger behind it, the paper it printed."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from cashier_app.demo.stage import Stage
from cashier_app.domain.scan_line import StubLine, format_stub
from cashier_app.services.queries.accounts import AccountGlance, account_at_a_glance
from cashier_app.services.queries.board import my_drawer
from cashier_app.services.queries.events import todays_events
from cashier_app.services.queries.search import find
from cashier_app.ui.tasks import ImmediateTasks, Running, Work


class HeldTasks(ImmediateTasks):
    """Everything that is started waits until it is let go, as if the ledger were slow."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Work] = []

    def start(self, work: Work, *, on_error: Any = None) -> Running:
        self.waiting.append(work)
        return None  # type: ignore[return-value]  # nobody cancels in these tests

    def let_go(self, place: int = 0) -> None:
        ImmediateTasks.start(self, self.waiting.pop(place))

    def let_all_go(self) -> None:
        while self.waiting:
            self.let_go()


def ask(stage: Stage, function: Any, *facts: Any) -> Any:
    """A query's answer."""
    answers: list[Any] = []

    async def asking() -> None:
        answers.append(await stage.backend.query(function, *facts))

    stage.run(asking())
    return answers[0]


def account(stage: Stage, name: str) -> AccountGlance:
    """The account of a name, as it is now."""
    found = ask(stage, find, name)[0]
    return ask(stage, account_at_a_glance, found.account_id, stage.backend.business_date)


def balance(stage: Stage, name: str) -> int:
    """What a customer owes now."""
    return account(stage, name).current_balance


def drawer(stage: Stage) -> Any:
    """The drawer of who is signed in."""
    assert stage.backend.user is not None
    return ask(stage, my_drawer, stage.backend.user.id, True)


def events(stage: Stage) -> Any:
    """Today's events in the drawer of who is signed in."""
    return ask(stage, todays_events, drawer(stage).tender_control_id)


def stub_of(stage: Stage, name: str, amount: int | None = None) -> str:
    """What a scanner reads from the customer's bill."""
    owed = account(stage, name)
    stub = StubLine(account_number=owed.number, amount=amount or owed.current_balance, currency="USD", due_date=None)
    return format_stub(stub)


def scan(stage: Stage, line: str) -> None:
    """A scanner sends a line."""
    assert stage.window.shell is not None
    stage.window.shell.scan.take_scan(line)
    stage.settle()


def jobs(folder: Path) -> list[bytes]:
    """What the receipt printer got, in order."""
    return [path.read_bytes() for path in sorted((folder / "spool").glob("*.escpos"))]


def words_on(widget: QWidget) -> str:
    """Everything that can be read in what is visible of a widget."""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    named = [child.accessibleName() for child in widget.findChildren(QWidget) if child.isVisible()]
    return "\n".join([*labels, *named])


def focus_name() -> str:
    """What the keys go to."""
    focus = QApplication.focusWidget()
    return focus.accessibleName() if focus else ""
