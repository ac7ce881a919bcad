"""The settings of an installation, read once; nobody else looks at the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

REAL_RECEIVABLES = "houston-municipal-electricity-2011H2.csv"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this program keeps and finds things."""

    database: str
    """URL or path of the ledger."""
    node: str
    """Name of this workstation in the ledger."""
    printer: str
    """Address of the receipt printer: `spool:DIR`, `tcp://host:9100`, `file:/dev/…`, `lp:queue`."""
    theme: str
    """light, dark or auto."""
    data: Path | None
    """Folder with real receivables, where there is one."""
    state: Path
    """Folder for what the program keeps between starts: commands under way, spooled receipts."""
    mail_password: str = field(default="", repr=False)
    """With which a job signs in to the mail server; it stands in no ledger."""
    mail_password_file: Path | None = None
    """Where it stands instead."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, with defaults that work alone on one machine."""
    given = os.environ if environment is None else environment
    state = Path(given.get("CASHIER_STATE") or _default_state())
    return Settings(
        database=given.get("CASHIER_DATABASE") or str(state / "cashier.db"),
        node=given.get("CASHIER_NODE") or "TILL-1",
        printer=given.get("CASHIER_PRINTER") or f"spool:{state / 'spool'}",
        theme=given.get("CASHIER_THEME") or "light",
        data=_data(given.get("CASHIER_DATA")),
        state=state,
        mail_password=given.get("CASHIER_MAIL_PASSWORD") or "",
        mail_password_file=Path(file) if (file := given.get("CASHIER_MAIL_PASSWORD_FILE")) else None,
    )


@cache
def _default_state() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  # only where nothing else is given

    return user_data_path("cashier", appauthor=False)


def _data(given: str | None) -> Path | None:
    for folder in (Path(given),) if given else (Path("../shared/data"),):
        if (folder / REAL_RECEIVABLES).exists():
            return folder
    return None
