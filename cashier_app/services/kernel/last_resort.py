"""The last line before the ledger: input that no database takes, and errors that slipped through a handler.

A handler refuses what it can explain. What it overlooked is refused here, with a code, and logged as the
bug that it is; nobody sees a raw exception because of what was typed (R reliability P8).
"""

from __future__ import annotations

import logging
import re
from types import ModuleType
from typing import Any

from cashier_app.domain.errors import Problem, RuleViolation, refuse
from cashier_app.domain.money import NotMoney
from cashier_app.services.kernel.codec import to_json

_log = logging.getLogger(__name__)

_TOO_LONG = ("CMD-005", "A number is longer than any key of ours. Choose from the list instead of typing it.")
_OUT_OF_RANGE = "22003"
"""What PostgreSQL says of it; SQLite's driver raises OverflowError."""

_UNPRINTABLE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u00|b|f)|\x7f")
"""Control characters as they stand in JSON; tabs and line ends are welcome."""


def content_of(command: Any) -> str:
    """The command as the journal keeps it; CMD-004 for text that no database and no printer takes."""
    try:
        content = to_json(command)
    except UnicodeEncodeError:
        refuse("CMD-004", "A text holds half a character. Type it again.")
    except OverflowError:
        refuse(*_TOO_LONG)
    if _UNPRINTABLE.search(content):
        refuse("CMD-004", "A text holds a control character that cannot be printed. Type it again without.")
    return content


def as_refusal(problem: BaseException, driver: ModuleType) -> RuleViolation | None:
    """The refusal that an exception amounts to; nothing where it is a bug that must be seen."""
    if isinstance(problem, NotMoney):
        return RuleViolation([Problem("AMT-001", f"{problem} Enter a smaller amount.")])
    if isinstance(problem, OverflowError) or getattr(problem, "sqlstate", None) == _OUT_OF_RANGE:
        return RuleViolation([Problem(*_TOO_LONG)])
    if isinstance(problem, driver.IntegrityError | driver.DataError):
        _log.error("A handler let through what the database refused", exc_info=problem)
        sentence = "Something this refers to does not exist, or exists already. Look it up again; nothing was changed."
        return RuleViolation([Problem("DAT-001", sentence)])
    return None
