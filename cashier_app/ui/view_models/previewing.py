"""What a form's command would do, asked of the real command while somebody types: one at a time, the latest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cashier_app.domain.errors import CashierError, Problem

if TYPE_CHECKING:
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.view_models.paying import Visit


class Preview:
    """The preview of one form. Answers to what is no longer typed are dropped; no queue of old questions builds up."""

    def __init__(self, backend: Backend, command: Callable[[], Any], told: Callable[[], None]) -> None:
        """`command` gives what to try now, or None; `told` is called after each answer."""
        self._backend, self._command, self._told = backend, command, told
        self._edition = 0
        self._running = False
        self.result: Any = None
        """What the command would give; nothing while it would be refused."""
        self.warnings: tuple[Problem, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        """Why it would be refused."""
        self.is_current = False
        """Whether this answers what is typed now."""

    def ask(self) -> None:
        """Something changed: try again."""
        self._edition += 1
        self.is_current = False
        if not self._running:
            self._running = True
            self._backend.tasks.start(self._run())

    def forget(self) -> None:
        """There is nothing to try any more."""
        self._edition += 1
        self.result, self.warnings, self.problems, self.is_current = None, (), (), False

    async def _run(self) -> None:
        try:
            seen = -1
            while seen != self._edition:
                seen = self._edition
                await self._try(seen)
        finally:
            self._running = False

    async def _try(self, edition: int) -> None:
        command = self._command()
        result: Any = None
        warnings: tuple[Problem, ...] = ()
        problems: tuple[Problem, ...] = ()
        if command is not None:
            try:
                outcome = await self._backend.preview(command)
            except CashierError as refused:
                problems = refused.problems
            else:
                result, warnings = outcome.result, outcome.warnings
        if edition == self._edition:
            self.result, self.warnings, self.problems, self.is_current = result, warnings, problems, command is not None
            self._told()


async def look_again(backend: Backend, visit: Visit | None) -> None:
    """Somebody else may have taken money for the same accounts meanwhile; what was typed stays."""
    from cashier_app.services.queries.accounts import account_at_a_glance  # noqa: PLC0415

    for payee in visit.payees if visit else ():
        payee.glance = await backend.query(account_at_a_glance, payee.glance.account_id, backend.business_date)
