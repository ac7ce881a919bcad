"""After a crash: what was under way, and whether it was taken, before anything is entered again (R reliability S3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cashier_app.ui.views.question import Question
from cashier_app.ui.widgets.when import moment

if TYPE_CHECKING:
    from cashier_app.services.queries.window import Taken
    from cashier_app.ui.session import Session
    from cashier_app.ui.under_way import UnderWay

_MOVES_MONEY = frozenset({"TakePayment", "MoveDrawerCash", "TurnInFunds"})


async def settle(session: Session, command: UnderWay, taken: Taken | None) -> None:
    """Show one command that was under way when the program ended; send it again under the same id where asked."""
    backend = session.backend
    if taken is not None:
        await _tell_taken(session, command, taken)
        await backend.settle(command)
    elif command.user_id != session.user.id:
        if not await _keep_for_its_user(session, command):
            await _forget_if_sure(session, command)
    elif await _send_again(session, command):
        outcome = await backend.send_again(command)
        done = QCoreApplication.translate("interrupted", "{what}: taken now, once.")
        already = QCoreApplication.translate("interrupted", "{what}: it had been taken already; it counts once.")
        session.desk.say((already if outcome.repeated else done).format(what=_what(command)), "good")
    else:
        await _forget_if_sure(session, command)


async def _forget_if_sure(session: Session, command: UnderWay) -> None:
    """Escape leads here too: what may be money in the drawer is forgotten by a decision only."""
    translate = QCoreApplication.translate
    sure = await Question(
        session.shell,
        translate("interrupted", "Forget it for good?"),
        translate("interrupted", "{what} was not taken. Forget it if no money changed hands.").format(
            what=_what(command)
        ),
        yes=translate("interrupted", "Forget it"),
        no=translate("interrupted", "Ask again at the next sign-in"),
        dangerous=True,
    ).ask()
    if sure:
        await session.backend.settle(command)


async def _tell_taken(session: Session, command: UnderWay, taken: Taken) -> None:
    translate = QCoreApplication.translate
    sentence = translate(
        "interrupted", "{what} was under way when the program ended. It WAS taken, at {at}. Do not enter it again."
    ).format(what=_what(command), at=moment(taken.executed_at))
    again = await Question(
        session.shell,
        translate("interrupted", "This was taken"),
        sentence,
        yes=translate("interrupted", "Go on"),
        no=translate("interrupted", "Show today's payments"),
    ).ask()
    if not again:
        session.desk.go.area.emit("counter")


async def _send_again(session: Session, command: UnderWay) -> bool:
    translate = QCoreApplication.translate
    sentence = translate(
        "interrupted", "{what} was under way at {at} when the program ended. It was NOT taken."
    ).format(what=_what(command), at=moment(datetime.fromisoformat(command.at)))
    money = translate("interrupted", "Send it again only if the money changed hands; it cannot count twice.")
    other = translate("interrupted", "Send it again if it is still wanted; it cannot count twice.")
    sentence = f"{sentence} {money if command.name in _MOVES_MONEY else other}"
    return await Question(
        session.shell,
        translate("interrupted", "This was not taken"),
        sentence,
        yes=translate("interrupted", "Send it again"),
        no=translate("interrupted", "Do not send it"),
        dangerous=True,
    ).ask()


async def _keep_for_its_user(session: Session, command: UnderWay) -> bool:
    translate = QCoreApplication.translate
    sentence = translate(
        "interrupted",
        "{what} was under way when the program ended. It was NOT taken. Only {login} can send it again.",
    ).format(what=_what(command), login=command.login)
    return await Question(
        session.shell,
        translate("interrupted", "This was not taken"),
        sentence,
        yes=translate("interrupted", "Keep it for {login}").format(login=command.login),
        no=translate("interrupted", "Do not keep it"),
    ).ask()


def _what(command: UnderWay) -> str:
    return command.words or command.name
