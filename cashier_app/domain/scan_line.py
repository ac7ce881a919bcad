"""What a scanner may send: our own payment stub, the magnetic line of a check, or a plain number (feature A10).

Nothing here raises on what was scanned, however hostile: the answer is a value, a refusal included. What a scanner
adds around the content (AIM identifier, control characters, spaces) is taken off first.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cashier_app.domain.identifiers import check_digit

LONGEST_SCAN = 200
"""Longer input is not a line of ours; it is refused unread."""

_VERSION = "P1"
_AMOUNT_WIDTH = 12
_STUB = re.compile(r"P1([A-Z]{3})([0-9]{8})([0-9]{12})([0-9]{1,20})([0-9])")
_NO_DATE = "00000000"


class RefusalCode(Enum):
    """Why a scan was not accepted; the value is the stable code shown to the operator."""

    EMPTY = "SCAN-EMPTY"
    TOO_LONG = "SCAN-TOO-LONG"
    UNKNOWN = "SCAN-UNKNOWN"
    INCOMPLETE = "SCAN-INCOMPLETE"
    CHECK_DIGIT = "SCAN-CHECK-DIGIT"
    DUE_DATE = "SCAN-DUE-DATE"
    MICR_UNREADABLE = "MICR-UNREADABLE"
    MICR_INCOMPLETE = "MICR-INCOMPLETE"
    MICR_ROUTING = "MICR-ROUTING"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRefusal:
    """A scan that cannot be used: a stable code, and a sentence that says what would help."""

    code: RefusalCode
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StubLine:
    """What a payment stub says of itself."""

    account_number: str
    """One to twenty digits, the account's own check digit included."""
    amount: int
    """Amount due in minor units, 0 to 999 999 999 999."""
    currency: str
    """ISO 4217 code."""
    due_date: date | None
    """None where the bill has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrLine:
    """The magnetic line of a check drawn on a bank of the United States."""

    routing_number: str
    """Nine digits whose check digit is right."""
    account_number: str
    check_number: str
    """Empty where the line has none."""
    amount: int | None = None
    """In cents, on a check that a bank has already encoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberScan:
    """Digits alone: an account, bill or receipt number, judged by whoever knows those."""

    digits: str


Scan = StubLine | MicrLine | NumberScan | ScanRefusal


def format_stub(stub: StubLine) -> str:
    """Return the line the bar code and the QR code of a stub hold: letters and digits only, ending in a check digit.

    No separators: keyboard-wedge scanners translate them wrongly on foreign keyboards.
    """
    assert re.fullmatch(r"[0-9]{1,20}", stub.account_number, re.ASCII), "an account number is 1 to 20 digits"
    assert 0 <= stub.amount < 10**_AMOUNT_WIDTH, "a stub asks for 0 to 999 999 999 999 minor units"
    assert re.fullmatch(r"[A-Z]{3}", stub.currency, re.ASCII), "a currency is three capital letters"
    due = _NO_DATE if stub.due_date is None else f"{stub.due_date:%Y%m%d}".rjust(8, "0")
    body = f"{_VERSION}{stub.currency}{due}{stub.amount:0{_AMOUNT_WIDTH}d}{stub.account_number}"
    return body + damm_digit(body)


def format_readable_stub(stub: StubLine) -> str:
    """Return the same line in groups, for the row that people and OCR readers read."""
    line = format_stub(stub)
    return " ".join((line[:5], line[5:13], line[13:25], line[25:-1], line[-1]))


def read_scan(text: str) -> Scan:
    """Tell what was scanned and read it; never raises."""
    if len(text) > LONGEST_SCAN:
        return _refused(
            RefusalCode.TOO_LONG, "This code is too long to be ours. Scan the bar code of the payment stub."
        )
    content = _without_scanner_marks(text)
    packed = re.sub(r"[\s-]", "", content)
    if not packed:
        return _refused(RefusalCode.EMPTY, "Nothing was read. Scan again, or type the account number.")
    if packed.isascii() and packed.isdigit():
        return NumberScan(digits=packed)
    if packed.upper().startswith(_VERSION):
        return _read_stub(packed.upper())
    if _looks_like_micr(content):
        return _read_micr(content)
    return _refused(
        RefusalCode.UNKNOWN,
        "This code is not a payment stub, a check or a number of ours. Scan the stub, or type the account number.",
    )


def parse_stub(text: str) -> StubLine | ScanRefusal:
    """Read a payment stub, and refuse everything else."""
    scan = read_scan(text)
    if isinstance(scan, StubLine | ScanRefusal):
        return scan
    return _refused(RefusalCode.UNKNOWN, "This is not a payment stub. Scan the bar code at the foot of the bill.")


def parse_micr(text: str) -> MicrLine | ScanRefusal:
    """Read the magnetic line of a check, and refuse everything else."""
    scan = read_scan(text)
    if isinstance(scan, MicrLine | ScanRefusal):
        return scan
    return _refused(RefusalCode.MICR_INCOMPLETE, "This is not the line of a check. Feed the check again, face up.")


def damm_digit(text: str) -> str:
    """Return the Damm check digit of letters and digits; a letter counts as two digits, A = 10 to Z = 35.

    It finds every single wrong digit and every swap of two neighboring digits.
    """
    return str(check_digit("".join(str(int(character, 36)) for character in text)))


def is_routing_number(digits: str) -> bool:
    """Tell whether nine digits are a routing number: weights 3, 7, 1 sum to a multiple of ten (ANSI X9.100-160)."""
    if not re.fullmatch(r"[0-9]{9}", digits, re.ASCII):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True))
    return weighted % 10 == 0 and digits != "000000000"


def _refused(code: RefusalCode, sentence: str) -> ScanRefusal:
    return ScanRefusal(code=code, sentence=sentence)


def _without_scanner_marks(text: str) -> str:
    """Take off control characters, then one AIM symbology identifier such as `]C0` or `]Q3` (ISO/IEC 15424)."""
    visible = re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()
    return re.sub(r"^\][A-Za-z][0-9A-Za-z]", "", visible)


def _read_stub(packed: str) -> StubLine | ScanRefusal:
    """Read a line that says it is ours; `packed` is upper case and has no spaces."""
    match = _STUB.fullmatch(packed) if packed.isascii() else None
    if match is None:
        return _refused(
            RefusalCode.INCOMPLETE, "The stub was read only in part. Scan again, or type the account number."
        )
    currency, due, amount, account, check = match.groups()
    if damm_digit(packed[:-1]) != check:
        return _refused(
            RefusalCode.CHECK_DIGIT, "The stub was read wrongly: its check digit differs. Scan or type it again."
        )
    due_date = _date_of(due)
    if due_date is None and due != _NO_DATE:
        return _refused(
            RefusalCode.DUE_DATE, "The due date on the stub is not a date. Type the account number instead."
        )
    return StubLine(account_number=account, amount=int(amount), currency=currency, due_date=due_date)


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


# The four symbols of the E-13B font as readers send them: transit, on-us, amount, dash.
_DIALECTS = (
    str.maketrans("⑆⑈⑇⑉", "TUS-"),
    str.maketrans("TU$", "TUS"),
    str.maketrans("tu$", "TUS"),
    str.maketrans("TO$", "TUS"),
    str.maketrans("toa", "TUS"),
    str.maketrans("ACBD", "TUS-"),
    str.maketrans("acbd", "TUS-"),
    str.maketrans(":<;=", "TUS-"),
)
_UNREADABLE = "?@!*"
_TRANSIT = re.compile(r"T\s*([0-9]{9})\s*T")
_AUXILIARY = re.compile(r"U\s*([0-9]{1,20})\s*U")
_ENCODED_AMOUNT = re.compile(r"S\s*([0-9]{1,12})\s*S?\s*$")
_MICR_SHAPE = re.compile(r"[0-9TUS\s-]+")
_MICR_RAW = re.compile(r"[TtAa:⑆][0-9?@!*\s-]{6,14}[TtAa:⑆]")
_CHECK_NUMBER_WIDTH = 6


def _looks_like_micr(content: str) -> bool:
    """Tell a check by its transit symbols around about nine digits."""
    return _MICR_RAW.search(content) is not None


def _read_micr(content: str) -> MicrLine | ScanRefusal:
    if any(mark in content for mark in _UNREADABLE):
        return _refused(
            RefusalCode.MICR_UNREADABLE, "Part of the check's line could not be read. Feed it again, or type it."
        )
    for dialect in _DIALECTS:
        line = content.translate(dialect)
        if _MICR_SHAPE.fullmatch(line) and (transit := _TRANSIT.search(line)):
            return _micr_fields(line[: transit.start()], transit[1], line[transit.end() :])
    return _refused(
        RefusalCode.MICR_INCOMPLETE, "The check's line has no routing number of nine digits. Feed the check again."
    )


def _micr_fields(before: str, routing: str, after: str) -> MicrLine | ScanRefusal:
    """Split the on-us field: `account U check`, `check account U`, or `U check U` ahead of the routing number."""
    if not is_routing_number(routing):
        return _refused(
            RefusalCode.MICR_ROUTING, "The routing number of the check is wrong by its check digit. Feed it again."
        )
    encoded = _ENCODED_AMOUNT.search(after)
    on_us = after[: encoded.start()] if encoded else after
    auxiliary = _AUXILIARY.search(before)
    head, _, tail = on_us.partition("U")
    check_number = auxiliary[1] if auxiliary else _digits(tail)
    groups = head.split()
    if not check_number and len(groups) > 1 and len(_digits(groups[0])) <= _CHECK_NUMBER_WIDTH:
        check_number, head = _digits(groups[0]), " ".join(groups[1:])
    account = _digits(head)
    if not account:
        return _refused(
            RefusalCode.MICR_INCOMPLETE, "The check's line has no account number. Feed the check again, or type it."
        )
    return MicrLine(
        routing_number=routing,
        account_number=account,
        check_number=check_number,
        amount=int(encoded[1]) if encoded else None,
    )


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
