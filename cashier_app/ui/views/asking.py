"""Asking the people at the screen: a second person's consent, and whether to go on in spite of a warning."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from cashier_app.domain.errors import Problem
from cashier_app.ui.view_models.commanding import NEEDS_SECOND_PERSON, Consent
from cashier_app.ui.views.question import Question, SecondPerson


class WindowAsking:
    """Asks over whatever the window shows; one question at a time."""

    def __init__(self, over: Callable[[], QWidget]) -> None:
        """`over` is what the question lies over, found when it is asked."""
        self._over = over
        self._person: SecondPerson | None = None

    async def second_person(self, refused: Problem) -> Consent | None:
        """See `Asking`: opened once, then asked again beside the reason why a consent did not count."""
        if self._person is None or not isValid(self._person):
            title = QCoreApplication.translate("asking", "Somebody else must consent")
            self._person = SecondPerson(self._over(), title, refused.sentence)
        answer = self._person.ask()
        if refused.code != NEEDS_SECOND_PERSON:
            self._person.show_problem(refused.sentence, about_code=refused.field == "code")
        return await answer

    async def confirm(self, warnings: Sequence[Problem]) -> bool:
        """See `Asking`."""
        translate = QCoreApplication.translate
        question = Question(
            self._over(),
            translate("asking", "Go on?"),
            "\n".join(problem.sentence for problem in warnings),
            yes=translate("asking", "Go on"),
            no=translate("asking", "Leave it"),
            dangerous=True,
        )
        return await question.ask()

    def done(self) -> None:
        """See `Asking`."""
        person, self._person = self._person, None
        if person is not None and isValid(person):
            person.close_now()
