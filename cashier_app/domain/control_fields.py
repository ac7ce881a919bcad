"""What a field of a control table tells the editor, the loader and *where used*."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any


def described(label: str, help_text: str, *, refers: str = "", default: Any = MISSING) -> Any:
    """A field of a control table, with what the editor shows about it."""
    return field(default=default, metadata={"label": label, "help": help_text, "refers": refers})
