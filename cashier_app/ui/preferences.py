"""What a workstation remembers of its window between starts: theme, rail. Losing it costs a click."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that is remembered."""

    theme: str = ""
    """light, dark or system; empty: as the settings say."""


def read(state: Path) -> Preferences:
    """What was remembered; defaults where nothing readable is."""
    try:
        found = json.loads((state / "window.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    theme = found.get("theme", "") if isinstance(found, dict) else ""
    return Preferences(theme if isinstance(theme, str) else "")


def remember(state: Path, **changes: Any) -> None:
    """Remember this too. A disk that does not take it is no reason to stop."""
    kept = replace(read(state), **changes)
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
        (state / "window.json").write_text(json.dumps(asdict(kept)), encoding="utf-8")
