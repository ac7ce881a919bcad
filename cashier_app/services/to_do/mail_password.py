"""The password for the mail server: told by the environment or by a file, never kept in the ledger."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cashier_app.domain.errors import EnvironmentProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPassword:
    """Where it is found."""

    given: str = field(default="", repr=False)
    """The password itself, where the environment has it."""
    file: Path | None = None
    """Whose first line it is; nobody else may read it."""

    def read(self) -> str:
        """The password; empty where there is none.

        Raises:
            EnvironmentProblem: TD-007 where the file cannot be read, or others may read it.
        """
        if self.given or self.file is None:
            return self.given
        try:
            mode, text = self.file.stat().st_mode, self.file.read_text(encoding="utf-8")
        except OSError as problem:
            raise EnvironmentProblem("TD-007", f"The password for mail cannot be read: {problem}.") from None
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise EnvironmentProblem(
                "TD-007", f"Others may read the password for mail in {self.file}. Take the right from them (chmod 600)."
            )
        return text.partition("\n")[0].strip()


NO_PASSWORD: Final = MailPassword()
