"""The papers of a drawer, each as a page and in short form for the receipt printer (rows A3, A7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashier_app.documents.drawer_report import DrawerReportData
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store
    from cashier_app.services.papers.words import Reader


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper that is filled; drawing it waits until somebody looks or prints."""

    page: Callable[[], bytes]
    job: Callable[[], bytes]


def x_report(store: Store, config: Configuration, control_id: int, reader: Reader) -> Drawn:
    """What the drawer says of itself now."""
    from cashier_app.services.papers.printing import drawer_report_data  # noqa: PLC0415  # who looks at no report loads none

    return _report(drawer_report_data(store, config, control_id, reader))


def z_report(store: Store, config: Configuration, report_id: int, reader: Reader) -> Drawn:
    """What a drawer said of itself when it was balanced."""
    from cashier_app.services.papers.printing import z_report_data  # noqa: PLC0415

    return _report(z_report_data(store, config, report_id, reader))


def _report(data: DrawerReportData) -> Drawn:
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415
    from cashier_app.documents.escpos import escpos_drawer_report  # noqa: PLC0415

    return Drawn(partial(render_drawer_report, data), partial(escpos_drawer_report, data))


def turn_in_slip(  # noqa: PLR0917  # a turn-in, for a reader
    store: Store, config: Configuration, turn_in_id: int, reader: Reader, is_copy: bool, kick_drawer: bool = False
) -> Drawn:
    """The slip that goes with a turn-in."""
    from cashier_app.documents.escpos import escpos_turn_in_slip  # noqa: PLC0415
    from cashier_app.documents.turn_in_slip import render_turn_in_slip  # noqa: PLC0415
    from cashier_app.services.papers.printing import turn_in_slip_data  # noqa: PLC0415

    data = turn_in_slip_data(store, config, turn_in_id, reader, is_copy)
    return Drawn(partial(render_turn_in_slip, data), partial(escpos_turn_in_slip, data, kick_drawer=kick_drawer))
