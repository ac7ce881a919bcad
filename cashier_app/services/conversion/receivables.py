"""From the rows of a stranger's file to accounts with open receivables; all is checked before any is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from cashier_app.domain.errors import Problem
from cashier_app.domain.money import NotMoney, minor_of
from cashier_app.interfaces.delimited_file import DelimitedFile, Row
from cashier_app.services.conversion.mapping import (
    FileShape,
    OnDuplicate,
    OnZero,
    Reader,
    ReceivablesMapping,
    UnknownValue,
    Value,
    columns_of,
    reader_of,
)
from cashier_app.services.customers.account_rows import AgreementIn, NewAccount

LONGEST_TEXT = 300
"""Characters of a name, an address or a number; anything longer is a mistake of the file."""

_EARLIEST, _LATEST = date(1950, 1, 1), date(2099, 12, 31)


class Receivable(NamedTuple):
    """An open receivable: a bill that was not paid when the utility changed over."""

    amount: int
    """Minor units; negative where the customer has a credit."""
    arrears_date: date
    reference: str
    comment: str


class ConvertedAgreement(NamedTuple):
    """An agreement to start and what is open on it."""

    new: AgreementIn
    receivables: list[Receivable]


@dataclass(slots=True)
class ConvertedAccount:
    """An account to open, the person it belongs to, and its agreements by SA type."""

    line: int
    """Where the file mentions it first."""
    person_key: str
    new: NewAccount
    agreements: dict[str, ConvertedAgreement] = field(default_factory=dict)


@dataclass(slots=True)
class Receivables:
    """What a file says, read through its mapping."""

    accounts: dict[str, ConvertedAccount] = field(default_factory=dict)
    currency: str = ""
    adjustment_type: str = ""
    rows: int = 0
    filtered: int = 0
    """Rows that the mapping's filters left out; they are not counted in `rows`."""
    total: int = 0
    receivables: int = 0
    zeros: int = 0
    credits: int = 0
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    """Lines that repeat an earlier line in every column, each with that line."""

    @property
    def persons(self) -> int:
        """How many persons the accounts belong to."""
        return len({account.person_key for account in self.accounts.values()})


def read_receivables(file: DelimitedFile, mapping: ReceivablesMapping) -> tuple[Receivables, list[Problem]]:
    """Read a whole file; returns what it says, and every problem with its line."""
    problems: list[Problem] = []
    reader = _RowReader(file, mapping, problems)
    if not problems:
        for row in file.rows(problems):
            reader.read(row)
        if not reader.found.rows and not problems:
            problems.append(Problem("IMP-007", "No row is left to read; a heading line and a row are the least.", ""))
    return reader.found, problems


class _RowReader:
    """Takes row after row and gathers accounts."""

    def __init__(self, file: DelimitedFile, mapping: ReceivablesMapping, problems: list[Problem]) -> None:
        self.found = Receivables(
            currency=mapping.receivable.currency, adjustment_type=mapping.receivable.adjustment_type
        )
        self.problems = problems
        self.mapping = mapping
        self.amount_of = amount_reader(mapping.file, mapping.receivable.currency)
        self.date_of = date_reader(mapping.file.date_format)
        self.seen: dict[tuple[str, ...], int] = {}
        self.persons: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._line = 0
        self.file = file
        self.filters = [(self._place(each.column), frozenset(each.any_of)) for each in mapping.filters]
        account, person, agreement, owed = mapping.account, mapping.person, mapping.agreement, mapping.receivable
        self.key = self._text(account.key, required=True)
        self.account = self._texts(
            account.key if account.external_number is None else account.external_number,
            account.mailing_address,
            account.access_group,
        )
        self.account_codes = self._codes(account.customer_class, account.cis_division)
        self.person_key = self._text(person.key, required=True)
        self.name = self._text(person.name, required=True)
        self.person = self._texts(person.alternate_name, person.phone, person.email, person.language)
        self.kind = self._codes(person.kind)
        self.sa_type = self._codes(agreement.sa_type)
        self.place_texts = self._texts(
            agreement.address, agreement.city, agreement.postal_code, agreement.service_point, agreement.service_type
        )
        self.amount = self._raw(owed.amount)
        self.date = self._raw(owed.date)
        self.owed_texts = self._texts(owed.reference, owed.comment)

    def read(self, row: Row) -> None:
        fields = row.fields
        if any(fields[place].strip() not in accepted for place, accepted in self.filters):
            self.found.filtered += 1
            return
        self.found.rows += 1
        self._line = row.line
        before = len(self.problems)
        account = self._account(fields)
        amount, day = self._money(fields), self._day(fields)
        self._note_duplicate(fields)
        if len(self.problems) > before or account is None or amount is None or day is None:
            return
        sa_type, agreement = account
        converted = agreement.agreements[sa_type]
        reference, comment = self._read(self.owed_texts, fields)
        self.found.total += amount
        if not amount:
            self.found.zeros += 1
            return
        self.found.receivables += 1
        self.found.credits += amount < 0
        converted.receivables.append(Receivable(amount, day, reference, comment))

    def _account(self, fields: Sequence[str]) -> tuple[str, ConvertedAccount] | None:
        """The SA type and the account of a row; nothing where the row does not even say that properly."""
        before = len(self.problems)
        key = self.key(fields)
        person_key = self.person_key(fields)
        external, mailing, access_group = self._read(self.account, fields)
        customer_class, division = self._read(self.account_codes, fields)
        name = self.name(fields)
        alternate, phone, email, language = self._read(self.person, fields)
        (kind,) = self._read(self.kind, fields)
        (sa_type,) = self._read(self.sa_type, fields)
        address, city, postal_code, point, service_type = self._read(self.place_texts, fields)
        if len(self.problems) > before:
            return None
        self._check_person(person_key, (name, alternate, phone, email, language, kind))
        new = NewAccount(
            name,
            customer_class,
            division,
            self.found.currency,
            kind,
            alternate,
            phone,
            email,
            language,
            external,
            mailing,
            access_group=access_group,
        )
        known = self.found.accounts.get(key)
        if known is None:
            known = self.found.accounts[key] = ConvertedAccount(self._line, person_key, new)
        elif known.new != new or known.person_key != person_key:
            self._differs(f"Account {key}", known.line)
        agreement = AgreementIn(
            sa_type=sa_type,
            address=address,
            city=city,
            postal_code=postal_code,
            service_point=point,
            service_type=service_type,
        )
        first = known.agreements.setdefault(sa_type, ConvertedAgreement(agreement, []))
        if first.new != agreement:
            self._differs(f"The {sa_type} agreement of account {key}", known.line)
        return sa_type, known

    def _check_person(self, key: str, facts: tuple[str, ...]) -> None:
        line, before = self.persons.setdefault(key, (self._line, facts))
        if before != facts:
            self._differs(f"Person {key}", line)
        if facts[-1] not in {"PERSON", "BUSINESS"}:
            self._problem("IMP-025", f"{facts[-1]!r} is no kind of person; PERSON and BUSINESS are.", "person.kind")

    def _differs(self, what: str, line: int) -> None:
        self._problem("IMP-026", f"{what} was described differently in line {line}; make the two agree.", "")

    def _money(self, fields: Sequence[str]) -> int | None:
        text = self.amount(fields)
        try:
            amount = self.amount_of(text)
        except NotMoney as problem:
            self._problem("IMP-021", str(problem), _columns(self.mapping.receivable.amount))
            return None
        if amount == 0 and self.mapping.receivable.zero is OnZero.REFUSE:
            self._problem("IMP-027", "The amount is zero, which the mapping refuses.", "")
        return amount

    def _day(self, fields: Sequence[str]) -> date | None:
        text = self.date(fields)
        day = self.date_of(text)
        if day is None:
            wanted = self.mapping.file.date_format
            self._problem(
                "IMP-022",
                f"{text[:40]!r} is no date from {_EARLIEST.year} to {_LATEST.year} of the form {wanted}.",
                _columns(self.mapping.receivable.date),
            )
            return None
        return day + timedelta(days=self.mapping.receivable.days_until_arrears)

    def _note_duplicate(self, fields: Sequence[str]) -> None:
        first = self.seen.setdefault(tuple(fields), self._line)
        if first == self._line:
            return
        self.found.duplicates.append((self._line, first))
        if self.mapping.receivable.duplicate is OnDuplicate.REFUSE:
            self._problem("IMP-028", f"The row repeats line {first}, which the mapping refuses.", "")

    # -- reading single values

    def _place(self, column: str) -> int:
        return self.file.place(column, self.problems)

    def _raw(self, value: Value) -> Reader:
        """A value as it stands; a meaning that is missing becomes a problem."""
        read = reader_of(value, self._place)
        columns = _columns(value)

        def checked(fields: Sequence[str]) -> str:
            try:
                return read(fields)
            except UnknownValue as problem:
                self._problem("IMP-025", f"{problem}, the values that the mapping knows.", columns)
                return ""

        return checked

    def _text(self, value: Value, *, required: bool = False) -> Reader:
        """A value that will be stored and shown: no formulas, no invisible signs, of sensible length."""
        read = self._raw(value)
        columns = _columns(value)

        def checked(fields: Sequence[str]) -> str:
            before = len(self.problems)
            text = read(fields)
            if len(self.problems) > before:
                return text
            if (required and not text) or not _is_plain(text):
                self._problem(*_what_is_wrong(text), columns)
            return text

        return checked

    def _texts(self, *values: Value) -> list[Reader]:
        return [self._text(value) for value in values]

    def _codes(self, *values: Value) -> list[Reader]:
        return [self._text(value, required=True) for value in values]

    @staticmethod
    def _read(readers: list[Reader], fields: Sequence[str]) -> list[str]:
        return [read(fields) for read in readers]

    def _problem(self, code: str, sentence: str, columns: str) -> None:
        where = f"line {self._line}" + (f", {columns}" if columns else "")
        self.problems.append(Problem(code, sentence, where))


@lru_cache(maxsize=65536)
def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST_TEXT and text.isprintable() and not text.startswith(("=", "+", "-", "@"))


def _what_is_wrong(text: str) -> tuple[str, str]:
    if not text:
        return "IMP-020", "A value is needed here."
    if len(text) > LONGEST_TEXT:
        return "IMP-024", f"The text has {len(text):,} characters; up to {LONGEST_TEXT} are kept."
    if not text.isprintable():
        return "IMP-023", f"{text[:40]!r} holds signs that cannot be seen; remove them."
    return "IMP-023", f"{text[:40]!r} begins like a spreadsheet formula; a name, address or number does not."


def _columns(value: Value) -> str:
    return ", ".join(columns_of(value))


def amount_reader(shape: FileShape, currency: str) -> Callable[[str], int]:
    """Reads amounts as a file writes them into minor units; raises NotMoney for anything inexact or badly grouped."""
    decimal, thousands = re.escape(shape.decimal_mark), re.escape(shape.thousands_mark)
    whole = rf"(?:\d+|\d{{1,3}}(?:{thousands}\d{{3}})+)" if thousands else r"\d+"
    form = re.compile(rf"[+-]?{whole}(?:{decimal}\d+)?", re.ASCII)

    def read(text: str) -> int:
        if not form.fullmatch(text):
            raise NotMoney(f"{text[:40]!r} is not an amount such as 1234{shape.decimal_mark}50.")
        if shape.thousands_mark:
            text = text.replace(shape.thousands_mark, "")
        return minor_of(text.replace(shape.decimal_mark, "."), currency)

    return read


def date_reader(form: str) -> Callable[[str], date | None]:
    """Reads dates of a form; nothing for what is none or lies centuries away."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> date | None:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007  # a calendar day has no zone
        except ValueError:
            return None
        return day if _EARLIEST <= day <= _LATEST else None

    return read


def notes(found: Receivables) -> Iterator[str]:
    """What whoever converts should know, though nothing is wrong."""
    if found.filtered:
        yield f"{found.filtered} rows were left out by the mapping's filters."
    if found.zeros:
        yield f"{found.zeros} rows of zero open their account and leave no receivable."
    if found.credits:
        yield f"{found.credits} rows are credits."
    if found.duplicates:
        lines = ", ".join(f"{line} (as {first})" for line, first in found.duplicates[:20])
        more = ", …" if len(found.duplicates) > 20 else ""  # noqa: PLR2004
        yield f"{len(found.duplicates)} rows repeat an earlier row and count all the same: lines {lines}{more}."
