"""What a field of a control table tells the editor, the loader and *where used*."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any


def described(label: str, help_text: str, *, refers: str = "", every: bool = False, default: Any = MISSING) -> Any:
    """A field of a control table, with what the editor shows about it; with `every`, `*` stands for all records."""
    return field(default=default, metadata={"label": label, "help": help_text, "refers": refers, "every": every})
