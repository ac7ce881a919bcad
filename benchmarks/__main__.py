"""`python -m benchmarks NAME [--quick] [--json] [--data DIR] [--large]`; `--list` names them."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement, Options

CATALOGUE = {
    "payment": "payments.payment",
    "payment-postgresql": "payments.payment_postgresql",
    "bulk-payments": "payments.bulk_payments",
    "bulk-payments-postgresql": "payments.bulk_payments_postgresql",
    "adjustment": "adjustments.adjustment",
    "adjustment-postgresql": "adjustments.adjustment_postgresql",
    "cash-accounting": "cash_accounting.cash_accounting",
    "cash-accounting-postgresql": "cash_accounting.cash_accounting_postgresql",
    "balance-drawer": "drawers.balance_drawer",
    "search": "reading.search",
    "search-postgresql": "reading.search_postgresql",
    "open-account": "reading.open_account",
    "explain-balance": "reading.explain_balance",
    "startup": "programs.startup",
    "import": "programs.import_receivables",
    "verify": "programs.verify_ledger",
    "simulate": "simulating.simulate",
    "directory": "directory.directory",
    "directory-postgresql": "directory.directory_postgresql",
    "drain": "branches.drain",
    "drawers": "office.drawers",
    "lists": "lists.lists",
    "bulk-adjustments": "batches.bulk_adjustments",
    "aged-debt": "batches.aged_debt",
    "aged-debt-postgresql": "batches.aged_debt_postgresql",
    "gl-download": "general_ledger.gl_download",
    "gl-download-postgresql": "general_ledger.gl_download_postgresql",
}
"""Name → module and function; a module is imported when its benchmark is wanted."""


def main(arguments: list[str] | None = None) -> int:
    """Run one benchmark and print what came of it."""
    given = _parser().parse_args(arguments)
    if given.list:
        print("\n".join(CATALOGUE))
        return 0
    if given.name not in CATALOGUE:
        print(f"There is no benchmark {given.name!r}; there are: {', '.join(CATALOGUE)}.", file=sys.stderr)
        return 2
    options = Options(quick=given.quick, data=given.data, large=given.large)
    result: Measurement = benchmark(given.name)(options)
    print(json.dumps(asdict(result)) if given.json else _text(result))
    return 0


def benchmark(name: str) -> Any:
    """The function behind a name."""
    module, function = CATALOGUE[name].split(".")
    return getattr(import_module(f"benchmarks.{module}"), function)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="which benchmark")
    parser.add_argument("--list", action="store_true", help="name the benchmarks")
    parser.add_argument("--quick", action="store_true", help="a smaller run, under fifty seconds")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    parser.add_argument("--data", type=Path, help="keep large data sets in this directory and find them there")
    parser.add_argument("--large", action="store_true", help="with 1,000,000 accounts and 10,000,000 FTs")
    return parser


def _text(result: Measurement) -> str:
    return (
        f"{result.name}: {result.product:,g} {result.unit}, bare {result.baseline:,g}, ratio {result.ratio:.3f}, "
        f"{result.memory_mb:.0f} MB\n{result.hardware}"
    )


if __name__ == "__main__":
    sys.exit(main())
