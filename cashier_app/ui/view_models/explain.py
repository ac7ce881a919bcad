"""About this figure: its parts and reasons, the way further and the way back (row H7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cashier_app.domain.figures import NO_FIGURE, Figure
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.explaining.explanation import Explanation, Part, Viewer

PAGE: Final = 50


class Place(NamedTuple):
    """A figure that was looked at, and how many of its parts."""

    figure: Figure
    parts: int = PAGE


class Explain(Screen):
    """One figure at a time; how it was reached is kept."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "event", "tender_control", "deposit_control", "to_do", "approval_request")
        self.explanation: Explanation | None = None
        self.parts: tuple[Part, ...] = ()
        """As far as they were asked for."""
        self.rest = 0
        """What the others come to."""
        self._next = ""
        self._way: list[Place] = []

    @property
    def figure(self) -> Figure:
        """What is explained."""
        return self._way[-1].figure if self._way else NO_FIGURE

    @property
    def can_go_back(self) -> bool:
        """Whether this figure was reached from another."""
        return len(self._way) > 1

    @property
    def has_more(self) -> bool:
        """Whether there are parts that are not shown."""
        return bool(self._next)

    def open(self, figure: Figure) -> None:
        """Begin with a figure."""
        self._way = []
        self.follow(figure)

    def follow(self, figure: Figure) -> None:
        """Explain one that was reached from here."""
        self._way.append(Place(figure))
        self._start()

    def back(self) -> None:
        """The figure before."""
        if self.can_go_back:
            self._way.pop()
            self._start()

    def more(self) -> None:
        """Further parts of the same figure."""
        if self._next:
            after, self._next = self._next, ""
            self._ask(self._append, after, PAGE)

    def refresh(self) -> None:
        """Look again, as far as was looked."""
        if self._way:
            self._ask(self._show, "", self._way[-1].parts)

    def _start(self) -> None:
        self.explanation, self.parts, self.rest, self._next, self.problem = None, (), 0, "", ""
        self.refresh()

    def _ask(self, then: object, after: str, most: int) -> None:
        # Imported late: half the services stand behind it.
        from cashier_app.services.explaining.explanation import explain  # noqa: PLC0415

        self.ask(then, explain, self.figure, self._viewer(), after, most)  # type: ignore[arg-type]

    def _viewer(self) -> Viewer:
        from cashier_app.services.explaining.explanation import Viewer  # noqa: PLC0415

        backend = self.desk.backend
        assert backend.user is not None, "somebody has signed in"
        return Viewer(backend.user.may, backend.business_date, backend.now, backend.user.id)

    def _show(self, explanation: Explanation) -> None:
        if explanation.figure == self.figure:
            self.explanation, self.parts = explanation, explanation.parts
            self._note(explanation)

    def _append(self, page: Explanation) -> None:
        if page.figure == self.figure:
            self.parts = (*self.parts, *page.parts)
            self._note(page)

    def _note(self, page: Explanation) -> None:
        self.rest, self._next = page.rest, page.next
        self._way[-1] = Place(page.figure, max(PAGE, len(self.parts)))
        self.notify()
