"""What every act of the demo day needs: a clock to set, a camera, hands at the keys, and somebody who tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, select

from cashier_app.demo.page import Moment, Paper
from cashier_app.demo.papers import Papers
from cashier_app.demo.stage import MORNING, Stage
from cashier_app.domain.access import EVERYTHING
from cashier_app.models.control import TenderControl
from cashier_app.models.payment import Payment, PaymentEvent
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.search import find

_LAST_EVENT: Final = Statement(
    select(PaymentEvent.id).where(PaymentEvent.receipt_number.is_not(None)).order_by(PaymentEvent.id.desc())
)
_PAID: Final = Statement(
    select(Payment.event_id).where(Payment.account_id == bindparam("account_id")).order_by(Payment.id.desc())
)
_CONTROL: Final = Statement(
    select(TenderControl.id, TenderControl.deposit_control_id)
    .where(TenderControl.tender_source == bindparam("drawer"))
    .order_by(TenderControl.id.desc())
)


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes every picture twice: in light and in dark."""

    app: Any
    folder: Path

    def take(self, window: Any, name: str) -> None:
        """Save what a window looks like now."""
        from cashier_app.ui import look, pictures, playing  # noqa: PLC0415  # Qt only where windows are

        playing.point_at_nothing(window)
        playing.clear_away()
        now = look.theme()
        other = look.Theme.LIGHT if now is look.Theme.DARK else look.Theme.DARK
        for theme in (now, other):  # it takes long to dress all windows: the next picture begins as this one ends
            if theme is not now:
                look.apply(self.app, theme)
            playing.settle()
            pictures.grab(window, self.folder / theme.value / f"{name}.png", 1.0)


class Scene:
    """Plays on one stage; what is told goes to `moments`, what is printed to `printed`."""

    drawer: str
    """The drawer that is opened, filled and counted."""
    today: date = MORNING.date()
    names_day = False
    """Whether the weekday is told as well: the scene lasts longer than one."""

    def __init__(
        self, stage: Stage, camera: Camera, papers: Papers, moments: list[Moment], printed: list[Paper]
    ) -> None:
        self.stage, self.camera, self.papers, self.moments, self.printed = stage, camera, papers, moments, printed

    def at(self, hour: int, minute: int) -> None:
        """Set the clock of the day."""
        self.stage.clock.instant = datetime.combine(self.today, time(hour, minute, tzinfo=UTC))

    def tell(self, who: str, title: str, text: str, screen: str, window: Any = None) -> None:
        """Take a picture, and say what it shows."""
        self.camera.take(window or self.stage.window, screen)
        clock = f"{self.stage.clock.instant:%H:%M}"
        weekday = f"{self.today:%A}" if self.names_day else ""
        who = ", ".join(part for part in (weekday, who) if part)
        self.moments.append(Moment(time=clock, who=who, title=title, text=text, screen=screen))

    def cash(self, name: str, paid: str = "") -> None:
        """A customer pays cash; no amount: what is proposed."""
        self.stage.find(name)
        if paid:
            self.stage.type(paid)
        self.stage.press("Return")
        self.stage.press("Return")

    def keep_receipt(self, name: str, title: str) -> None:
        """Keep the last receipt as a PDF."""
        self.printed.append(self.papers.receipt(self.first(_LAST_EVENT).id, name, title))

    def first(self, statement: Statement, **more: Any) -> Any:
        """The first row, of everything."""
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            return store.first(statement, **more)

    def control(self) -> Any:
        """The drawer of this act, as it was opened last."""
        return self.first(_CONTROL, drawer=self.drawer)

    def account(self, name: str) -> int:
        """Somebody's account."""
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            return find(store, self.stage.backend.door.current_config(store), name)[0].account_id

    def event_of(self, name: str) -> int:
        """The last payment event for somebody's account."""
        return int(self.first(_PAID, account_id=self.account(name)).event_id)

    def count(self, *loose: str) -> None:
        """Type how many pieces of each denomination lie there, the largest first."""
        from cashier_app.ui.widgets.denominations import DenominationTable  # noqa: PLC0415

        tables = self.stage.window.findChildren(DenominationTable)
        table = next(table for table in tables if table.isVisible())
        for edit, pieces in zip(table.edits()[::2], loose, strict=False):
            edit.setText(pieces)
            edit.textEdited.emit(pieces)
        self.stage.settle()

    def count_all(self, missing: int = 0) -> None:
        """Count the cash as it lies there: what the drawer should hold, less what slipped away."""
        from cashier_app.domain.configuration import Currency  # noqa: PLC0415
        from cashier_app.services.payments.drawers import expected  # noqa: PLC0415

        control = self.control()
        with reading(self.stage.backend.door.database, access=EVERYTHING) as store:
            left = expected(store, control.id)["CASH"] - missing
            denominations = self.stage.backend.door.current_config(store).get(Currency, "USD").denominations
        pieces = []
        for denomination in denominations:
            number, left = divmod(left, denomination.value)
            pieces.append(str(number) if number else "")
        self.count(*pieces)
        checks = self.stage.go("my_drawer").count.ticks
        for box in checks.boxes if checks else ():
            box.setChecked(True)
        self.stage.settle()
