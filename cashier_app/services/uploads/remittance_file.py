"""Plain files of payments for many accounts: what an agency or a bank hands in as a table (docs/conversion.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cashier_app.domain.errors import Problem, raise_all
from cashier_app.domain.money import Money, NotMoney
from cashier_app.interfaces.delimited_file import DelimitedFile
from cashier_app.services.conversion.mapping import FileShape
from cashier_app.services.conversion.receivables import LONGEST_TEXT, amount_reader, date_reader

COLUMNS = ("external_id", "amount", "date", "reference", "tender_type", "remitter")
"""The first two are needed; others of a file are left alone."""


@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """A payment of a file."""

    external_id: str
    """Number of the account, ours or that of the system before."""
    amount: Money
    tender_type: str
    pay_date: date | None = None
    """Empty: the day on which it is booked."""
    reference: str = ""
    remitter: str = ""


@dataclass(slots=True)
class RemittanceTotals:
    """What a file adds up to."""

    count: int = 0
    by_tender_type: dict[str, int] = field(default_factory=dict)
    """Minor units."""

    @property
    def amount(self) -> int:
        """Of all tender types, in minor units."""
        return sum(self.by_tender_type.values())


class RemittanceFile:
    """A file of payments in one currency, read row by row: it may be larger than memory."""

    def __init__(self, path: Path, currency: str, tender_type: str = "CHEC") -> None:
        self.file = DelimitedFile(path)
        self.currency = currency
        self.default_tender_type = tender_type
        self._amount = amount_reader(FileShape(), currency)
        self._date = date_reader("%Y-%m-%d")

    @property
    def digest(self) -> str:
        """By which the same file is known again."""
        return self.file.digest

    def totals(self, tender_types: frozenset[str], today: date) -> RemittanceTotals:
        """Check every row; refuses with all problems and their lines, or gives the control totals."""
        problems: list[Problem] = []
        totals = RemittanceTotals()
        for line, row in self._read(problems):
            if row.tender_type not in tender_types:
                known = ", ".join(sorted(tender_types))
                sentence = f"{row.tender_type!r} is no tender type that a file may bring; these are: {known}."
                problems.append(Problem("BLK-003", sentence, f"line {line}, tender_type"))
            if row.pay_date is not None and row.pay_date > today:
                sentence = f"{row.pay_date} is after today ({today}); pay it in when the day has come."
                problems.append(Problem("BLK-004", sentence, f"line {line}, date"))
            totals.count += 1
            sums = totals.by_tender_type
            sums[row.tender_type] = sums.get(row.tender_type, 0) + row.amount.minor
        if not totals.count and not problems:
            problems.append(Problem("IMP-007", "The file holds no payment; a heading line and a row are the least."))
        raise_all(problems)
        return totals

    def rows(self) -> Iterator[RemittanceRow]:
        """The rows of a file whose totals were taken."""
        problems: list[Problem] = []
        for _, row in self._read(problems):
            yield row
        raise_all(problems)

    def _read(self, problems: list[Problem]) -> Iterator[tuple[int, RemittanceRow]]:
        for needed in COLUMNS[:2]:
            self.file.place(needed, problems)
        if problems:
            return
        places = [self.file.heading.index(name) if name in self.file.heading else None for name in COLUMNS]
        for line, fields in self.file.rows(problems):
            values = [fields[place].strip() if place is not None else "" for place in places]
            row = self._row(values, line, problems)
            if row:
                yield line, row

    def _row(self, values: list[str], line: int, problems: list[Problem]) -> RemittanceRow | None:
        external_id, amount, day, reference, tender_type, remitter = values
        before = len(problems)

        def problem(code: str, sentence: str, column: str) -> None:
            problems.append(Problem(code, sentence, f"line {line}, {column}"))

        _check_texts(external_id, {"reference": reference, "remitter": remitter}, problem)
        minor = 0
        try:
            minor = self._amount(amount)
        except NotMoney as inexact:
            problem("IMP-021", str(inexact), "amount")
        else:
            if minor <= 0:
                problem("BLK-005", "A payment is more than zero.", "amount")
        pay_date = self._date(day) if day else None
        if day and pay_date is None:
            problem("IMP-022", f"{day[:40]!r} is no date of the form 2026-11-20.", "date")
        if len(problems) > before:
            return None
        money = Money(minor, self.currency)
        return RemittanceRow(external_id, money, tender_type or self.default_tender_type, pay_date, reference, remitter)


def _check_texts(external_id: str, texts: dict[str, str], problem: Callable[[str, str, str], None]) -> None:
    if not external_id:
        problem("IMP-020", "A value is needed here.", "external_id")
    for column, text in {"external_id": external_id, **texts}.items():
        if len(text) > LONGEST_TEXT:
            sentence = f"The text has {len(text):,} characters; up to {LONGEST_TEXT} are kept."
            problem("IMP-024", sentence, column)
        elif not text.isprintable() or text.startswith(("=", "+", "-", "@")):
            problem("IMP-023", f"{text[:40]!r} is no plain text; formulas and invisible signs are not kept.", column)
