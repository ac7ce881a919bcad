"""Writes interface files as a control table describes them; the same values give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cashier_app.documents.csv_out import csv_bytes
from cashier_app.domain.errors import refuse
from cashier_app.domain.gl_tables import FieldForm, FileLayout, FileUse, LayoutField, Side
from cashier_app.domain.money import Money

CSV: Final = "CSV"
"""Code of the file that every run has: for people and their spreadsheets."""

_RUN = ("run_number", "run_moment", "business_date", "batch_code")
_SUMS = ("currency", "detail_count", "total_debit", "total_credit")
_NAMES: Final[Mapping[tuple[FileUse, str], tuple[str, ...]]] = {
    (FileUse.GENERAL_LEDGER, "header"): (*_RUN, *_SUMS),
    (FileUse.GENERAL_LEDGER, "detail"): (
        *("run_number", "gl_division", "fiscal_year", "period", "gl_account", "fund", "amount", "currency"),
        *("statistic_code", "statistic_quantity"),
    ),
    (FileUse.GENERAL_LEDGER, "trailer"): (*_RUN, *_SUMS),
    (FileUse.ACCOUNTS_PAYABLE, "header"): (*_RUN, "currency", "detail_count", "total"),
    (FileUse.ACCOUNTS_PAYABLE, "detail"): (
        *("run_number", "request_id", "adjustment_id", "payee", "address", "amount", "currency", "cut_date"),
        *("payment_method", "tax_category", "request_type"),
    ),
    (FileUse.ACCOUNTS_PAYABLE, "trailer"): (*_RUN, "currency", "detail_count", "total"),
}

Value = str | int | date | datetime | Money


@dataclass(frozen=True, slots=True)
class Section:
    """What a file says in one currency."""

    facts: Mapping[str, Value]
    """Of header and trailer."""
    details: tuple[Mapping[str, Value], ...]


def names_of(use: FileUse, record: str) -> tuple[str, ...]:
    """What a record of a file can say: names for `LayoutField.value`."""
    return _NAMES[use, record]


def write_file(layout: FileLayout | None, use: FileUse, sections: Iterable[Section]) -> bytes:
    """The file of a layout; without one, CSV with titles.

    Raises:
        RuleViolation: GL-008 where a value is longer than its field; nothing is cut off.
    """
    if layout is None:
        titles = names_of(use, "detail")
        rows = [[_plain(detail[name]) for name in titles] for section in sections for detail in section.details]
        return csv_bytes(titles, rows)
    end = "\r\n" if layout.windows_lines else "\n"
    return "".join(f"{record}{end}" for record in _records(layout, sections)).encode()


def _records(layout: FileLayout, sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if layout.header:
            yield _record(layout, layout.header, section.facts)
        for detail in section.details:
            yield _record(layout, layout.detail, detail)
        if layout.trailer:
            yield _record(layout, layout.trailer, section.facts)


def _record(layout: FileLayout, fields: Iterable[LayoutField], values: Mapping[str, Value]) -> str:
    return layout.delimiter.join(_field(layout, field, values) for field in fields)


def _field(layout: FileLayout, field: LayoutField, values: Mapping[str, Value]) -> str:
    named = not field.value.startswith("=")
    # Neither a line end nor a delimiter inside a value may begin a new record or field.
    text = _formed(values[field.value], field.form) if named else field.value[1:]
    text = " ".join(text.split()) if named else text
    if layout.delimiter:
        return text.replace(layout.delimiter, " ")
    if len(text) > field.width:
        refuse(
            "GL-008",
            f"{field.value} {text!r} is longer than the {field.width} characters that file layout {layout.code} "
            "gives it. Widen the field or shorten the value.",
        )
    if field.side is Side.LEFT:
        return text.ljust(field.width, field.fill)
    if field.fill == "0" and text.startswith("-"):
        return "-" + text[1:].rjust(field.width - 1, "0")
    return text.rjust(field.width, field.fill)


def _formed(value: Value, form: FieldForm) -> str:
    if form is FieldForm.MINOR and isinstance(value, Money):
        return str(value.minor)
    if form is FieldForm.COMPACT and isinstance(value, datetime):
        return f"{value:%Y%m%d%H%M%S}"
    if form is FieldForm.COMPACT and isinstance(value, date):
        return f"{value:%Y%m%d}"
    return str(_plain(value))


def _plain(value: Value) -> str | int:
    if isinstance(value, Money):
        return str(value).partition(" ")[0]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else value
