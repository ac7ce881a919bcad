"""The one door to apsw, which only the simulator needs and which is therefore not always installed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from cashier_app.domain.errors import EnvironmentProblem


@cache
def apsw_module() -> Any:
    """The module apsw.

    Raises:
        EnvironmentProblem: SIM-001, where the extra `simulator` is not installed.
    """
    try:
        return import_module("apsw")
    except ImportError as error:
        raise EnvironmentProblem(
            "SIM-001",
            "The simulator cuts the power inside the database's files, which needs the package apsw. "
            "Install it with: pip install 'cashier[simulator]'",
        ) from error
