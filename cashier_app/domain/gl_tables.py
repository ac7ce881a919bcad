"""The control tables of the general ledger: divisions, distribution codes, and what interface files look like."""

# ruff: noqa: RUF009
# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cashier_app.domain.control_fields import described


@dataclass(frozen=True, slots=True, kw_only=True)
class GlDivision:
    """Ties agreements to an accounting calendar (S1 p.47)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    calendar: str = described("Calendar", "Its fiscal periods.", refers="accounting_calendar")


class AccountingMethod(StrEnum):
    """How a holding code is accounted for (S1 p.73, 123)."""

    CASH = "CASH"
    DEFERRED_ACCRUAL = "DEFERRED_ACCRUAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlAccount:
    """The account behind a distribution code from a date on."""

    effective: date
    gl_account: str
    active: bool = True
    statistic_code: str = ""
    """What the quantity beside the money counts, such as KWH (S1 p.74)."""
    fund: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionCode:
    """To which account a GL line goes (S1 p.73-74)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    gl_accounts: tuple[GlAccount, ...] = described("GL accounts", "Effective-dated.", default=())
    gl_account_rule: str = described(
        "GL account algorithm", "Finds its account; empty for the installation's.", refers="algorithm", default=""
    )
    real_code: str = described(
        "Real code",
        "What is posted here becomes payable there, when the customer pays (S1 p.123). Makes this a holding code.",
        refers="distribution_code",
        default="",
    )
    accounting_method: AccountingMethod = described(
        "Accounting method", "Of a holding code (S1 p.73).", default=AccountingMethod.CASH
    )
    accounting_priority: int = described(
        "Accounting priority", "Lower is released first among debts of one age (S1 p.127).", default=0
    )
    write_off_division: str = described(
        "Write-off division", "Of the agreement that takes its bad debt (S1 p.74).", refers="cis_division", default=""
    )
    write_off_sa_type: str = described(
        "Write-off SA type",
        "Of that agreement; its special role is Write Off (S1 p.74).",
        refers="sa_type",
        default="",
    )
    write_off_override: bool = described(
        "Override at write-off",
        "Bad debt is debited to this code itself, as liabilities want it (S1 p.74).",
        default=False,
    )


class FieldForm(StrEnum):
    """How a value is written into a file."""

    PLAIN = "PLAIN"
    """Texts as they are, days as 2026-01-31, amounts with a point: -40.00."""
    MINOR = "MINOR"
    """Amounts in minor units without a point: -4000."""
    COMPACT = "COMPACT"
    """Days as 20260131."""


class Side(StrEnum):
    """At which end of its width a value stands."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutField:
    """One field of a record."""

    value: str
    """Name of what stands there; `=` and a text for that text."""
    width: int = 0
    """Of a layout with fixed widths. What does not fit is refused, never cut off."""
    side: Side = Side.LEFT
    fill: str = " "
    form: FieldForm = FieldForm.PLAIN


class FileUse(StrEnum):
    """What an interface file carries."""

    GENERAL_LEDGER = "GENERAL_LEDGER"
    ACCOUNTS_PAYABLE = "ACCOUNTS_PAYABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLayout:
    """What an interface file looks like, record by record (R batch 4-5)."""

    code: str = described("Code", "Short and stable; part of the file's name.")
    description: str = described("Description", "For which program it is.", default="")
    use: FileUse = described("Use", "What the file carries.", default=FileUse.GENERAL_LEDGER)
    delimiter: str = described("Delimiter", "Between fields; empty for fixed widths.", default="")
    header: tuple[LayoutField, ...] = described("Header", "Fields of the first record of a currency.", default=())
    detail: tuple[LayoutField, ...] = described("Detail", "Fields of each record.", default=())
    trailer: tuple[LayoutField, ...] = described("Trailer", "Fields of the last record.", default=())
    windows_lines: bool = described("Windows line ends", "CR LF instead of LF.", default=False)
    extension: str = described("Extension", "Of the file's name.", default="txt")
