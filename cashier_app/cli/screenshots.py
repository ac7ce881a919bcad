"""Draws every screen on a demo ledger, through the real windows, without a display.

The list of screens is data: each module named below has `SHOTS`. Every picture starts from a copy of the same prepared
ledger and a clock that stands still, so that two runs on one machine give the same bytes.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from cashier_app.demo.stage import MORNING, NODE, Shot, stage
from cashier_app.domain.clock import FixedClock

MODULES: Final = ("till_shots", "office_shots", "ledger_shots", "branch_shots")
"""Modules of `cashier_app.cli` with `SHOTS`."""


def shots() -> Iterator[Shot]:
    """All screens, in the order of their modules."""
    for name in MODULES:
        yield from import_module(f"cashier_app.cli.{name}").SHOTS


def take(out: Path, *, themes: Sequence[str] = ("light", "dark"), only: Sequence[str] = ()) -> Iterator[Path]:
    """Draw the screens into `out/THEME/NAME.png`; `only` takes those whose name has one of the words."""
    from cashier_app.ui import pictures  # noqa: PLC0415

    pictures.offscreen()
    os.environ["TZ"] = "UTC"
    time.tzset()
    from cashier_app.demo.branch_town import branch_stage  # noqa: PLC0415
    from cashier_app.demo.utility import prepare  # noqa: PLC0415
    from cashier_app.ui import look  # noqa: PLC0415
    from cashier_app.ui.application import make_application  # noqa: PLC0415

    app = make_application(theme=look.Theme.LIGHT, language="en_US")
    with tempfile.TemporaryDirectory(prefix="cashier-shots-") as folder:
        original = Path(folder) / "original.db"
        prepare(str(original), node=NODE, clock=FixedClock(MORNING))
        for number, shot in enumerate(wanted for wanted in shots() if _is_wanted(wanted, only)):
            look.apply(app, look.Theme(themes[0]))
            make = branch_stage if shot.at_branch else stage
            with make(original, Path(folder) / str(number), shot) as played:
                for theme in map(look.Theme, themes):
                    if theme is not look.theme():  # dressing a whole window takes longer than drawing it
                        look.apply(app, theme)
                    played.settle()
                    yield pictures.grab(played.window, out / theme.value / f"{shot.name}.png", shot.scale)


def take_titled(out: Path) -> Iterator[tuple[str, str]]:
    """Draw all screens; gives the file name and a title of each once both themes are drawn."""
    for _ in take(out):
        pass
    for shot in shots():
        yield shot.name, shot.name.partition("-")[2].replace("-", " ").capitalize()


def _is_wanted(shot: Shot, only: Sequence[str]) -> bool:
    return not only or any(word in shot.name for word in only)
