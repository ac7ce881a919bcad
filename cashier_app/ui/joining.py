"""The first start of a branch: enrols in the background, asks about certificates, shows the directory arriving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cashier_app.ui.branch_line import BranchLine, LineState

if TYPE_CHECKING:
    from cashier_app.ui.presenting import Presenter
    from cashier_app.ui.tasks import Running, Tasks
    from cashier_app.ui.views.assistant import Assistant
    from cashier_app.ui.views.assistant_branch import BranchWanted


class Joining:
    """Lives as long as the assistant."""

    def __init__(
        self,
        assistant: Assistant,
        tasks: Tasks,
        database: Callable[[], str],
        presenter: Presenter,
        open_ledger: Callable[[], None],
    ) -> None:
        """`database` says where it is to be; `open_ledger` is called once it is there."""
        self._assistant, self._part = assistant, assistant.join
        self._tasks, self._database, self._presenter = tasks, database, presenter
        self._open_ledger = open_ledger
        self._running: Running | None = None
        self._joined = False
        self._line: BranchLine | None = None
        self._done: Callable[[], None] = open_ledger
        self._part.join_wanted.connect(self._join)
        self._part.stop_wanted.connect(self._stop)

    def watch(self, line: BranchLine, done: Callable[[], None]) -> bool:
        """Show how the directory arrives, where it was just joined; `done` is called when nobody waits any more."""
        if not self._joined or not line.state.is_fetching:
            return False
        self._line, self._done = line, done
        line.changed.connect(self._show)
        self._part.enter_wanted.connect(self._enter)
        self._part.pause_wanted.connect(self._pause)
        self._show(line.state)
        return True

    def _join(self, wanted: BranchWanted) -> None:
        self._part.show_busy(busy=True)
        self._running = self._tasks.start(self._enrol(wanted), on_error=self._refused)

    async def _enrol(self, wanted: BranchWanted) -> None:
        def enrol() -> None:
            from cashier_app.sync.enrolling import enrol  # noqa: PLC0415  # the line is heavy, and few need it

            enrol(wanted.server, wanted.code, self._database(), fingerprint=wanted.fingerprint)

        await self._tasks.in_line(enrol)
        self._joined = True
        self._open_ledger()

    def _refused(self, error: BaseException) -> None:
        certificate = getattr(error, "certificate", None)
        if certificate is not None:
            self._part.ask_about(certificate.fingerprint)
            return
        presented = self._presenter.present(error)
        self._part.show_problems(presented.problems)
        if not presented.problems:
            self._assistant.show_closed(presented.notice)

    def _stop(self) -> None:
        """What the server may have done meanwhile is found again: the same code answers the same key."""
        if self._running is not None:
            self._running.cancel()
        self._part.show_busy(busy=False)

    # -- the directory

    def _show(self, state: LineState) -> None:
        if state.is_fetching:
            self._assistant.show_joined(state)
        else:
            self._end()

    def _enter(self) -> None:
        if self._line is not None:
            self._line.start()  # paused or not, the rest arrives while people work
        self._end()

    def _pause(self, paused: bool) -> None:
        if self._line is not None:
            self._line.pause() if paused else self._line.start()

    def _end(self) -> None:
        if self._line is not None:
            self._line.changed.disconnect(self._show)
            self._line = None
            self._done()
