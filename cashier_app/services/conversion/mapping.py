"""Mapping files: which column of a stranger's file means what (docs/conversion.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from cashier_app.domain.errors import Problem, RuleViolation, raise_all, refuse
from cashier_app.domain.money import NotMoney, minor_digits
from cashier_app.interfaces.delimited_file import ENCODINGS
from cashier_app.services.kernel.codec import from_plain

LARGEST_MAPPING = 100_000


class UnknownValue(ValueError):  # noqa: N818  # a fact about a field, turned into a problem with its line
    """A column holds a value for which the mapping gives no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from: a column, or a template such as `Department {business_area}`."""

    column: str = ""
    template: str = ""
    values: Mapping[str, str] | None = None
    """What each value of the column becomes; a value that is not listed is a problem."""
    default: str = ""
    """What an empty column becomes."""


Value = str | Source
"""A plain text is a constant."""


class OnZero(StrEnum):
    """What becomes of a row whose amount is zero."""

    SKIP = "skip"
    """Its account is opened, no receivable is written."""
    REFUSE = "refuse"


class OnDuplicate(StrEnum):
    """What becomes of a row that repeats an earlier one in every column."""

    KEEP = "keep"
    """It is a receivable of its own: utilities do bill twice alike on one day."""
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShape:
    """How the file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal_mark: str = "."
    thousands_mark: str = ""
    date_format: str = "%Y-%m-%d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Only rows whose column holds one of these values are read."""

    column: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMapping:
    """One account per value of `key`."""

    key: Value
    customer_class: Value
    cis_division: Value
    external_number: Value | None = None
    """Default: the key."""
    mailing_address: Value = ""
    access_group: Value = ""
    """The office that keeps the account; empty: open to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMapping:
    """One person per value of `key`; several accounts may share one."""

    key: Value
    name: Value
    kind: Value = "PERSON"
    alternate_name: Value = ""
    phone: Value = ""
    email: Value = ""
    language: Value = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementMapping:
    """One agreement per account and SA type."""

    sa_type: Value
    address: Value = ""
    city: Value = ""
    postal_code: Value = ""
    service_point: Value = ""
    service_type: Value = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableMapping:
    """One open receivable per row."""

    amount: Value
    currency: str
    date: Value
    """The bill date."""
    days_until_arrears: int = 0
    """Days after the bill date at which the receivable begins to age."""
    reference: Value = ""
    """The number of the bill."""
    comment: Value = ""
    adjustment_type: str = "CONVERSION"
    zero: OnZero = OnZero.SKIP
    duplicate: OnDuplicate = OnDuplicate.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivablesMapping:
    """A mapping file as a whole."""

    name: str
    account: AccountMapping
    person: PersonMapping
    agreement: AgreementMapping
    receivable: ReceivableMapping
    description: str = ""
    file: FileShape = FileShape()
    filters: tuple[Filter, ...] = ()


def find_mapping(name_or_path: str) -> str:
    """The text of a mapping file, given by its path or by the name of one that comes with the program."""
    path = Path(name_or_path)
    supplied = resources.files("resources") / "mappings"
    if not path.suffix and (supplied / f"{name_or_path}.yaml").is_file():
        return (supplied / f"{name_or_path}.yaml").read_text("utf-8")
    try:
        if path.stat().st_size > LARGEST_MAPPING:
            refuse("IMP-010", f"{path.name} is too large for a mapping file ({LARGEST_MAPPING:,} bytes at most).")
        return path.read_text("utf-8")
    except (OSError, ValueError):
        names = ", ".join(sorted(each.name.removesuffix(".yaml") for each in supplied.iterdir())) or "none"
        refuse("IMP-010", f"There is no mapping file {name_or_path} in UTF-8. Give a path, or one of: {names}.")


def read_mapping(text: str) -> ReceivablesMapping:
    """Read a mapping file; IMP-010 when it is no YAML, IMP-011 with every field that makes no sense."""
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            refuse("IMP-010", "A mapping file uses no YAML aliases (*name); write the value out.")
        content = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        refuse("IMP-010", "The mapping is not readable as YAML; compare it with docs/conversion.md.", where)
    except (RecursionError, ValueError):
        refuse("IMP-010", "The mapping is not readable as YAML; compare it with docs/conversion.md.")
    if not isinstance(content, dict):
        refuse("IMP-010", "A mapping file is a YAML table with name, account, person, agreement and receivable.")
    raise_all(_unknown_fields(content, ReceivablesMapping, ""))
    try:
        mapping = from_plain(content, ReceivablesMapping, "mapping")
    except RuleViolation as violation:
        raise RuleViolation(Problem("IMP-011", p.sentence, p.field) for p in violation.problems) from None
    raise_all(_problems(mapping))
    return mapping


_SECTIONS = {
    "file": FileShape,
    "account": AccountMapping,
    "person": PersonMapping,
    "agreement": AgreementMapping,
    "receivable": ReceivableMapping,
}


def _unknown_fields(content: Mapping[Any, Any], shape: type, where: str) -> Iterator[Problem]:
    known = {each.name for each in fields(shape)}
    for name, value in content.items():
        place = f"{where}{name}"
        if name not in known:
            names = ", ".join(sorted(known))
            yield Problem("IMP-011", f"{place} is no field of a mapping; fields here are: {names}.", place)
        elif not where and name in _SECTIONS and isinstance(value, dict):
            yield from _unknown_fields(value, _SECTIONS[name], f"{name}.")
        elif where and shape is not Source and isinstance(value, dict):
            yield from _unknown_fields(value, Source, f"{place}.")


def _problems(mapping: ReceivablesMapping) -> Iterator[Problem]:
    file = mapping.file
    if file.encoding not in ENCODINGS:
        yield Problem("IMP-011", f"encoding is one of {', '.join(ENCODINGS)}.", "file.encoding")
    if len(file.delimiter) != 1 or file.delimiter in '"\r\n' or file.delimiter.isalnum():
        yield Problem("IMP-011", "delimiter is a single sign such as , or ;.", "file.delimiter")
    if file.decimal_mark not in {".", ","}:
        yield Problem("IMP-011", "decimal_mark is . or ,.", "file.decimal_mark")
    if file.thousands_mark not in {"", ".", ",", " ", "'"} - {file.decimal_mark}:
        yield Problem("IMP-011", "thousands_mark is empty or one of . , ' or a blank.", "file.thousands_mark")
    if "%Y" not in file.date_format or "%m" not in file.date_format or "%d" not in file.date_format:
        yield Problem("IMP-011", "date_format holds %Y, %m and %d, as %d.%m.%Y does.", "file.date_format")
    try:
        minor_digits(mapping.receivable.currency)
    except NotMoney as problem:
        yield Problem("IMP-011", str(problem), "receivable.currency")
    if not 0 <= mapping.receivable.days_until_arrears <= 3650:  # noqa: PLR2004
        yield Problem("IMP-011", "days_until_arrears lies between 0 and 3650.", "receivable.days_until_arrears")
    for place, source in _sources(mapping):
        if bool(source.column) == bool(source.template):
            yield Problem("IMP-011", f"{place} names either a column or a template.", place)


def _sources(mapping: ReceivablesMapping) -> Iterator[tuple[str, Source]]:
    for section in fields(mapping):
        part = getattr(mapping, section.name)
        if is_dataclass(part):
            for each in fields(part):
                value = getattr(part, each.name)
                if isinstance(value, Source):
                    yield f"{section.name}.{each.name}", value


Reader = Callable[[Sequence[str]], str]
"""Gives the value for a row's fields; raises UnknownValue."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def columns_of(value: Value) -> list[str]:
    """The columns that a value is made of."""
    if isinstance(value, str):
        return []
    return [value.column] if value.column else _PLACEHOLDER.findall(value.template)


def reader_of(value: Value, place: Callable[[str], int]) -> Reader:
    """A function that reads the value from the fields of a row; `place` tells where a column stands."""
    if isinstance(value, str):
        return lambda _: value
    if value.template:
        parts = _PLACEHOLDER.split(value.template)
        texts, places = parts[::2], [place(column) for column in parts[1::2]]
        return lambda row: (
            texts[0] + "".join(row[column].strip() + text for column, text in zip(places, texts[1:], strict=True))
        )
    column, default, meanings = place(value.column), value.default, value.values
    if meanings is None:
        return lambda row: row[column].strip() or default

    def looked_up(row: Sequence[str]) -> str:
        text = row[column].strip() or default
        if text not in meanings:
            raise UnknownValue(f"{text!r} is not one of {', '.join(sorted(meanings))}")
        return meanings[text]

    return looked_up
