"""Files of a utility made of nothing but a seed: bills to convert, and a bulk payment to upload.

Real data of a city shows the product at its best, but a stranger's clone has none. What is made here has the same shape
and the same mess, and nothing of it is copied. The same seed gives the same bytes on every machine, because amounts are
made of whole numbers only.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Final

from cashier_app.demo.generated_people import DemoAddress, DemoAgreement, DemoCustomer, DemoDebt, demo_customers
from cashier_app.demo.invented_town import STREET_KINDS, STREETS

__all__ = [
    "ControlTotals",
    "DemoAddress",
    "DemoAgreement",
    "DemoCustomer",
    "DemoDebt",
    "demo_customers",
    "write_receivables",
    "write_remittance",
]

_RECEIVABLES_COLUMNS: Final = (
    "esid",
    "business_area",
    "service_address",
    "bill_type",
    "bill_date",
    "total_due_usd",
    "usage_kwh",
)
_REMITTANCE_COLUMNS: Final = ("external_id", "amount", "date", "reference", "tender_type")

_LISTED_TWICE_EVERY: Final = 3_825
_FIRST_MONTH: Final = 7
_MONTHS: Final = 6
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """What whoever reads a file must arrive at."""

    count: int
    """Rows, the heading not counted."""
    amount: int
    """Sum of the rows in cents."""
    accounts: int
    """Distinct identifiers."""


def write_receivables(path: Path, seed: int = 1, rows: int = 26_776, year: int = 2011) -> ControlTotals:
    """Write the open bills of a city's service points over the second half of a year, as another system exports them.

    Some service points appear late and some vanish; some have several bills on one day; about one bill in four thousand
    is listed twice; identifiers of flat-rate groups contain letters; amounts are zero, tiny or huge, and end in one
    decimal or in two.
    """
    bills = _bills(Random(seed), year)  # noqa: S311 - nothing here is secret
    return _write(path, _RECEIVABLES_COLUMNS, (bill.line() for bill in islice(_some_listed_twice(bills, rows), rows)))


def write_remittance(
    path: Path,
    accounts: Iterable[tuple[str, int]],
    *,
    paid_on: date,
    tender_type: str = "CHEC",
    reference: str = "BULK",
) -> ControlTotals:
    """Write what somebody pays for many accounts at once: external identifiers and cents, in the given order."""
    return _write(path, _REMITTANCE_COLUMNS, _remittance_lines(accounts, paid_on, tender_type, reference))


def _remittance_lines(
    accounts: Iterable[tuple[str, int]], paid_on: date, tender_type: str, reference: str
) -> Iterator["_Line"]:
    for number, (external_id, cents) in enumerate(accounts, start=1):
        assert cents > 0, f"{external_id} cannot pay {cents} cents"
        amount = f"{cents // 100}.{cents % 100:02d}"
        yield external_id, cents, (external_id, amount, paid_on.isoformat(), f"{reference}-{number:06d}", tender_type)


_Line = tuple[str, int, Sequence[str]]
"""Identifier, cents, fields."""


def _write(path: Path, columns: Sequence[str], lines: Iterable[_Line]) -> ControlTotals:
    count = amount = 0
    identifiers: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for identifier, cents, fields in lines:
            writer.writerow(fields)
            identifiers.add(identifier)
            count += 1
            amount += cents
    return ControlTotals(count, amount, len(identifiers))


@dataclass(frozen=True, slots=True)
class _ServicePoint:
    identifier: str
    business_area: str
    address: str
    kind: "_Kind"
    usage: int
    """kWh of an ordinary month."""


@dataclass(frozen=True, slots=True)
class _Bill:
    point: _ServicePoint
    bill_type: str
    """T is an ordinary bill, P one of a flat-rate group, C a corrected one."""
    bill_date: date
    cents: int
    usage: int

    def line(self) -> _Line:
        point = self.point
        fields = (
            point.identifier,
            point.business_area,
            point.address,
            self.bill_type,
            self.bill_date.isoformat(),
            _as_exported(self.cents),
            str(self.usage),
        )
        return point.identifier, self.cents, fields


def _as_exported(cents: int) -> str:
    """The exporting program drops a last zero, though never the only decimal."""
    text = f"{cents // 100}.{cents % 100:02d}"
    return text.removesuffix("0")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What hangs on a service point, which decides what it costs and where it stands."""

    usage_from: int
    usage_to: int
    cents_fixed: int
    millicents_per_kwh: int
    fractions: tuple[str, ...] = ("",)
    """Poles and pumps have no house number of their own and take the neighbor's and a fraction."""


_LAMP = _Kind(1, 1, 171, 0, (" 1/8", " 1/5"))
_BRIGHT_LAMP = _Kind(1, 1, 198, 0, (" 1/5",))
_IDLE = _Kind(0, 0, 925, 0, (" 1/2", ""))
_SIGNAL = _Kind(90, 420, 700, 8_900, (" 1/2", " 1/2", " 1/3"))
_PUMP = _Kind(400, 3_000, 925, 8_700, (" 1/2", ""))
_BUILDING = _Kind(2_500, 60_000, 2_400, 8_400)
_PLANT = _Kind(90_000, 1_500_000, 31_000, 7_600)
_LARGEST_PLANT = _Kind(3_000_000, 9_900_000, 250_000, 7_900)
_LIGHTING_GROUP = _Kind(60, 300_000, 0, 18_500)

_KINDS = (_LAMP, _BRIGHT_LAMP, _IDLE, _SIGNAL, _PUMP, _BUILDING, _PLANT, _LARGEST_PLANT, _LIGHTING_GROUP)
_KIND_SHARES = (90, 45, 55, 430, 165, 170, 34, 2, 9)

_AREAS = ("3000", "4100", "4500", "5200", "6100", "7000", "7300", "8000", "9100")
_AREA_SHARES = (790, 90, 67, 37, 6, 5, 3, 1, 1)

_BILL_COUNTS = (6, 4, 5, 3, 2, 1)
_BILL_COUNT_SHARES = (710, 222, 49, 13, 4, 2)

_USED_PER_MONTH = (118, 121, 109, 93, 84, 90)
"""Percent of the ordinary month, from July to December: the air conditioning of a warm town."""


def _some_listed_twice(bills: Iterator[_Bill], rows: int) -> Iterator[_Bill]:
    every = min(_LISTED_TWICE_EVERY, max(rows // 2, 2))
    for bill, position in zip(bills, cycle(range(1, every)), strict=False):
        yield bill
        if position == every - 1:
            yield bill


def _bills(rng: Random, year: int) -> Iterator[_Bill]:
    """Bills without end, service point after service point, the newest bill of each first."""
    calendars = [_working_days(year, month) for month in range(_FIRST_MONTH, _FIRST_MONTH + _MONTHS)]
    for point in _service_points(rng):
        yield from _bills_of(point, rng, calendars)


def _working_days(year: int, month: int) -> list[date]:
    days = (date(year, month, 1) + timedelta(days=number) for number in range(31))
    return [day for day in days if day.month == month and day.weekday() < _SATURDAY]


def _service_points(rng: Random) -> Iterator[_ServicePoint]:
    serial = 140_000_000
    while True:
        serial += rng.randrange(100, 900)
        kind = rng.choices(_KINDS, _KIND_SHARES)[0]
        is_group = kind is _LIGHTING_GROUP
        yield _ServicePoint(
            identifier=_group_identifier(serial, rng) if is_group else _identifier(serial, rng),
            business_area=rng.choices(_AREAS, _AREA_SHARES)[0],
            address="VARIOUS" if is_group else _address(kind, rng),
            kind=kind,
            usage=_usage(kind, rng),
        )


def _identifier(serial: int, rng: Random) -> str:
    return f"1007301{serial:012d}{rng.choice(('100', '100', '103', '106', '110'))}"


def _group_identifier(serial: int, rng: Random) -> str:
    letters = rng.choice("BDJNQV") + rng.choice("CKRX") + rng.choice("AEFGM")
    return f"1007301{serial % 1_000_000_000:09d}{letters}{rng.randrange(200, 210)}"


def _address(kind: _Kind, rng: Random) -> str:
    """As typed by a dozen clerks over forty years: no kind of street or three spellings of it, and double spaces."""
    street = rng.choice(STREETS)
    suffix = rng.choice(("", "", f" {rng.choice(STREET_KINDS)}", " ST", " ST.", " RD.", " DR", " FWY", " BLVD."))
    unit = rng.choice((*[""] * 14, " A", " B", " #1", "  C"))
    compass = rng.choice((*[""] * 12, "N ", "S. ", "W  ", "E "))
    text = f"{rng.randrange(1, 19_999)}{rng.choice(kind.fractions)} {compass}{street}{suffix}{unit}"
    return text if rng.randrange(60) == 0 else text.upper()


def _usage(kind: _Kind, rng: Random) -> int:
    """Small ones are common and large ones rare, as the smaller of two throws makes them."""
    return min(rng.randint(kind.usage_from, kind.usage_to) for _ in range(2))


def _bills_of(point: _ServicePoint, rng: Random, calendars: Sequence[Sequence[date]]) -> Iterator[_Bill]:
    count = rng.choices(_BILL_COUNTS, _BILL_COUNT_SHARES)[0]
    # Half of the service points with fewer bills came later, half of them went.
    first = rng.choice((0, _MONTHS - count))
    meter_reading_day = rng.randrange(20)
    for month in reversed(range(first, first + count)):
        days = calendars[month]
        bill_date = days[min(meter_reading_day + rng.randrange(2), len(days) - 1)]
        usual = _bill(point, bill_date, month, rng)
        yield usual
        if rng.randrange(800) == 0:
            yield from _more_on_the_same_day(usual, rng)


def _bill(point: _ServicePoint, bill_date: date, month: int, rng: Random) -> _Bill:
    kind = point.kind
    bill_type = "P" if kind is _LIGHTING_GROUP else "T"
    if kind in (_LAMP, _BRIGHT_LAMP, _IDLE):
        # The supplier's price changed in autumn, to everybody's surprise.
        cents = kind.cents_fixed if month > 1 or kind is not _IDLE else kind.cents_fixed - 240
        return _Bill(point, bill_date=bill_date, bill_type=bill_type, cents=cents, usage=point.usage)
    usage = point.usage * _USED_PER_MONTH[month] * rng.randint(92, 108) // 10_000
    cents = kind.cents_fixed + usage * kind.millicents_per_kwh // 1_000
    if rng.randrange(120) == 0:
        cents = 0  # paid by a grant, and exported all the same
    return _Bill(point, bill_date=bill_date, bill_type=bill_type, cents=cents, usage=usage)


def _more_on_the_same_day(usual: _Bill, rng: Random) -> Iterator[_Bill]:
    """Bills of several meters, or a correction of several months at once."""
    bill_type = rng.choice(("T", "C"))
    for number in range(1, rng.choice((1, 1, 1, 2, 3, 8)) + 1):
        yield _Bill(usual.point, bill_type, usual.bill_date, usual.cents * (10 - number) // 10 + number, usual.usage)
