"""Writes reports of GL accounts as XLSX: numbers as numbers, sums as formulas with values, texts never formulas."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from cashier_app.documents.text import EN_DASH, clean
from cashier_app.documents.trial_balance import AccountLine, AccountSection, AccountsReportData
from cashier_app.domain.money import minor_digits

_BEFORE_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written as the moment of creation, so that the same report is the same bytes."""
_LONGEST_NAME = 31
_HEADING = 3
"""Row of the column titles, from 0."""


def write_workbook(data: AccountsReportData) -> bytes:
    """Return the workbook; the same report gives the same bytes."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"{data.title} {data.period}", "created": _BEFORE_TIME})
        taken: set[str] = set()
        for section in data.sections or (AccountSection(title="Nothing was booked", currency="USD", lines=()),):
            _write_section(book, book.add_worksheet(_sheet_name(section, taken)), section, data)
    return buffer.getvalue()


def _sheet_name(section: AccountSection, taken: set[str]) -> str:
    plain = "".join("-" if character in "[]:*?/\\'" else character for character in clean(section.title))
    name = f"{plain[: _LONGEST_NAME - 8]} {section.currency}"
    place = 2
    while name.lower() in taken:
        name = f"{plain[: _LONGEST_NAME - 12]} {section.currency} {place}"
        place += 1
    taken.add(name.lower())
    return name


def _write_section(book: Any, sheet: Any, section: AccountSection, data: AccountsReportData) -> None:
    digits = minor_digits(section.currency)
    figures = "#,##0" + ("." + "0" * digits if digits else "")
    number = f"{figures};[Red]-{figures};{EN_DASH}"
    money = book.add_format({"num_format": number, "align": "right"})
    strong = book.add_format({"bold": True, "num_format": number, "top": 1, "align": "right"})
    titled = book.add_format({"bold": True, "bottom": 1})
    right = book.add_format({"bold": True, "bottom": 1, "align": "right"})
    large = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"{data.title}, {data.period}", large)
    sheet.write_string(1, 0, f"{data.letterhead.utility_name}: {section.title}, {section.currency}")
    titles = _titles(data)
    for column, title in enumerate(titles):
        sheet.write_string(_HEADING, column, title, titled if column < 2 else right)  # noqa: PLR2004
    for row, line in enumerate(section.lines, start=_HEADING + 1):
        sheet.write_string(row, 0, clean(line.gl_account))
        sheet.write_string(row, 1, clean(line.description))
        for column, amount in enumerate(_amounts(line, data), start=2):
            sheet.write_number(row, column, _major(amount, digits), money)
        if not data.has_balances:
            sheet.write_string(row, 4, line.note)
    _write_sums(sheet, section, data, strong)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 36)
    sheet.set_column(2, len(titles) - 1, 18)
    sheet.freeze_panes(_HEADING + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _titles(data: AccountsReportData) -> tuple[str, ...]:
    if data.has_balances:
        return ("GL account", "Description", "Opening", "Debit", "Credit", "Closing")
    return ("GL account", "Description", "Debit", "Credit", "Statistic")


def _amounts(line: AccountLine, data: AccountsReportData) -> tuple[int, ...]:
    if data.has_balances:
        return (line.opening, line.debit, line.credit, line.closing)
    return (line.debit, line.credit)


def _write_sums(sheet: Any, section: AccountSection, data: AccountsReportData, strong: Any) -> None:
    digits = minor_digits(section.currency)
    end = _HEADING + 1 + len(section.lines)
    opening, debit, credit, closing = section.sums
    sheet.write_string(end, 0, "Total", strong)
    sheet.write_blank(end, 1, None, strong)
    for column, amount in enumerate((opening, debit, credit, closing) if data.has_balances else (debit, credit), 2):
        letter = chr(ord("A") + column)
        formula = f"=SUM({letter}{_HEADING + 2}:{letter}{end})" if section.lines else "=0"
        sheet.write_formula(end, column, formula, strong, _major(amount, digits))


def _major(minor: int, digits: int) -> Decimal:
    """What a spreadsheet shows. It keeps every number as a float; the report and the CSV are exact."""
    return Decimal(minor).scaleb(-digits)
