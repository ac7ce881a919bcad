"""Closing the window of a branch with something unsent: allowed, and said; nothing is ever dropped."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cashier_app.ui.views.line_words import number
from cashier_app.ui.views.question import Question


async def is_sure_to_leave(over: QWidget, unsent: int) -> bool:
    """Ask whether to close now and send later."""
    translate = QCoreApplication.translate
    words = translate(
        "program",
        "{count} commands have not reached the server yet. They are kept on this machine and go out when the program "
        "runs again; no other workstation can send them.",
    )
    question = Question(
        over,
        translate("program", "Close with something unsent?"),
        words.format(count=number(unsent)),
        yes=translate("program", "Close; send it later"),
        no=translate("program", "Stay, and send"),
    )
    return bool(await question.ask())
