"""Small scenario files for tests of the runner."""

from pathlib import Path
from textwrap import dedent

HEAD = """
scenario: A small day
date: 2026-01-05
users:
  ann: {groups: CASHIER, drawers: CASH-A01}
  sue: {groups: SUPERVISOR}
customers:
  jane:
    customer_class: RES
    agreements: {electric: {sa_type: ELEC, owes: 100.00}}
steps:
  - {as: sue, do: OpenDepositControl, name: deposit}
  - {as: ann, do: OpenTenderControl, with: {tender_source: CASH-A01}, name: drawer}
  - as: ann
    do: TakePayment
    with: {payor_account_id: jane, tenders: [{tender_type: CASH, amount: 40.00}]}
    name: pay
"""
"""A drawer with one payment of 40.00; `more` steps go behind it."""


def small_day(folder: Path, more: str = "") -> Path:
    """A file with the head above and more steps, indented as they stand."""
    return written(folder, HEAD.strip() + "\n" + _indented(more))


def written(folder: Path, text: str) -> Path:
    """A scenario file with this text."""
    path = folder / "day.yaml"
    path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def _indented(text: str) -> str:
    lines = dedent(text).strip("\n").splitlines()
    return "".join(f"  {line}\n" for line in lines)
