"""Errors become words: problems beside their fields, one quiet sentence, or a crash report that can be sent."""

import contextlib
import logging
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.errors import EnvironmentProblem, NeedsConfirmation, StaleData

log = logging.getLogger(__name__)

ANYWHERE: Final = ""
"""The field of a problem that belongs to no field."""


class Kind(Enum):
    """What the person can do about it."""

    ANSWER = "answer"
    """Change what was typed: the problems stand beside their fields."""
    CONFIRM = "confirm"
    """Send it again with the problems' codes confirmed."""
    RELOAD = "reload"
    """Somebody else changed it meanwhile."""
    RETRY = "retry"
    """The disk, the line, the printer: try again when it is back."""
    REPORT = "report"
    """Our own mistake: a crash report was written."""


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """One thing that stands in the way, in words."""

    code: str
    field: str
    """Name of the field it stands beside, or `ANYWHERE`."""
    sentence: str
    """What is the matter, in one sentence."""
    accepted: str = ""
    """What would be accepted instead."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What the person sees of an error: problems to answer, or a notice."""

    kind: Kind
    problems: tuple[ShownProblem, ...] = ()
    notice: str = ""
    report: Path | None = None
    """The crash report that was written, if the error was not foreseen."""

    def by_field(self) -> dict[str, ShownProblem]:
        """The first problem of every field."""
        found: dict[str, ShownProblem] = {}
        for problem in self.problems:
            found.setdefault(problem.field, problem)
        return found


class Presenter:
    """Turns any exception into words. Refusals speak for themselves; everything else leaves a report behind."""

    def __init__(self, reports: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._reports = reports
        self._now = now

    def present(self, error: BaseException) -> Presented:
        """What to show. Never raises: a program that fails while explaining a failure explains nothing."""
        problems = problems_of(error)
        if problems:
            loose = [problem.sentence for problem in problems if problem.field == ANYWHERE]
            return Presented(_kind(error), problems, notice=" ".join(loose))
        report = self._write_report(error)
        if report is None:
            sentence = QCoreApplication.translate("presenting", "Something went wrong that was not foreseen.")
        else:
            sentence = QCoreApplication.translate(
                "presenting", "Something went wrong that was not foreseen. Nothing was lost; report {name} says more."
            ).format(name=report.stem)
        return Presented(Kind.REPORT, notice=sentence, report=report)

    def _write_report(self, error: BaseException) -> Path | None:
        log.error("not foreseen", exc_info=error)
        with contextlib.suppress(OSError):
            self._reports.mkdir(parents=True, exist_ok=True)
            at = self._now()
            report = self._reports / f"crash-{at:%Y%m%d-%H%M%S}-{id(error) % 4096:03x}.txt"
            # Only where it happened, no values: values are customers' data and reports leave the house.
            lines = [
                f"{at.isoformat()}  Python {platform.python_version()}  {platform.system()} {platform.release()}\n",
                *traceback.format_tb(error.__traceback__),
                f"{type(error).__module__}.{type(error).__qualname__}\n",
            ]
            report.write_text("".join(lines), encoding="utf-8")
            return report
        return None


def problems_of(error: BaseException) -> tuple[ShownProblem, ...]:
    """The problems an error carries, if it is a refusal: any exception with `problems` of code, field and sentence."""
    carried = getattr(error, "problems", ())
    if isinstance(carried, dict):
        carried = carried.values()
    return tuple(
        ShownProblem(
            code=str(getattr(problem, "code", "")),
            field=str(getattr(problem, "field", None) or ANYWHERE),
            sentence=str(getattr(problem, "sentence", problem)),
            accepted=str(getattr(problem, "accepted", None) or ""),
        )
        for problem in carried
    )


def _kind(error: BaseException) -> Kind:
    if isinstance(error, NeedsConfirmation):
        return Kind.CONFIRM
    if isinstance(error, StaleData):
        return Kind.RELOAD
    if isinstance(error, EnvironmentProblem):
        return Kind.RETRY
    return Kind.ANSWER
