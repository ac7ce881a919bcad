"""Gathers the command line from the modules beside this one."""

from __future__ import annotations

from importlib import import_module

import typer

MODULES = (
    "ledger",
    "printing",
    "conversion",
    "branch",
    "checking",
    "sealing",
    "batch",
    "general_ledger",
    "explaining",
    "scenarios",
    "windows",
    "demonstration",
    "serving",
)
"""Modules of `cashier_app.cli`; each has `register(app)`."""

app = typer.Typer(
    name="cashier",
    help="The workstation with which a utility takes money and keeps its customers' accounts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _name in MODULES:
    import_module(f"cashier_app.cli.{_name}").register(app)
