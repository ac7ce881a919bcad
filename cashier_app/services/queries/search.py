"""Finding anyone from one box: numbers, names, addresses, scans (rows A10, F2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cashier_app.domain.scan_line import MicrLine
from cashier_app.services.configuration import Configuration
from cashier_app.services.store import Store


class Why(StrEnum):
    """Why a row was found, the most specific first."""

    ACCOUNT_NUMBER = "ACCOUNT_NUMBER"
    RECEIPT_NUMBER = "RECEIPT_NUMBER"
    EXTERNAL_NUMBER = "EXTERNAL_NUMBER"
    BILL_NUMBER = "BILL_NUMBER"
    IDENTIFIER = "IDENTIFIER"
    CHECK = "CHECK"
    """A check with the same routing and account number was taken from this customer before."""
    WORDS = "WORDS"
    """Words of name or address, phone digits, or the beginning of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account that answers what was typed. Balances are minor units of `currency`."""

    account_id: int
    number: str
    name: str
    """`AAA (BBB)` where there is an alternate name."""
    address: str
    currency: str
    current_balance: int
    payoff_balance: int
    why: Why
    matched: str
    """The number or the words that matched, as stored."""
    check_digit_ok: bool = True
    """False: the number typed was wrong in its last digit; this account is meant only perhaps."""
    event_id: int | None = None
    """The payment event of a receipt number."""


class HomeKind(StrEnum):
    """What arrived in the scan field."""

    EMPTY = "EMPTY"
    SEARCH = "SEARCH"
    STUB = "STUB"
    CHECK = "CHECK"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAnswer:
    """What the scan field makes of a scan or of what was typed."""

    kind: HomeKind
    found: tuple[Found, ...] = ()
    amount: int | None = None
    """What the stub asks for, or the amount encoded on the check, in minor units of `currency`."""
    currency: str = ""
    due_date: date | None = None
    check: MicrLine | None = None
    check_digit_ok: bool | None = None
    """For a whole account or receipt number: whether its check digit is right; otherwise nothing."""
    code: str = ""
    """Of a refusal."""
    sentence: str = ""
    """Of a refusal: what would help."""


def find(store: Store, config: Configuration, text: str, limit: int = 20) -> tuple[Found, ...]:
    """Accounts that answer what was typed, the most specific first. Never raises on what was typed."""
    raise NotImplementedError


def judge_number(text: str) -> bool | None:
    """Whether the check digit of a whole account or receipt number is right; nothing for anything else."""
    raise NotImplementedError


def read_home(store: Store, config: Configuration, text: str, limit: int = 20) -> HomeAnswer:
    """A scan or typed text: our stub, a check's magnetic line, a number, words. Never raises on what was typed."""
    raise NotImplementedError
