import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.documents.csv_out import csv_bytes, csv_text, escaped
from cashier_app.documents.text import amount_text, balance_text, clean, date_text, grid_text, grouped, price_text
from cashier_app.domain.money import LARGEST_AMOUNT, decimal_text, minor_of

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(("minor", "currency", "locale", "amount", "price"), [
    # minor    cur    locale   in a column         alone
    (12_535, "USD", "en_US", "125.35", "$125.35"),
    (-450, "USD", "en_US", f"{MINUS}4.50", f"{MINUS}$4.50"),
    (123_456_789, "USD", "en_US", "1,234,567.89", "$1,234,567.89"),
    (123_456_789, "EUR", "de_DE", "1.234.567,89", "1.234.567,89 €"),
    (123_456_789, "EUR", "fr_FR", "1 234 567,89", "1 234 567,89 €"),
    (123_456_789, "INR", "en_IN", "12,34,567.89", "₹12,34,567.89"),
    (5, "JPY", "en_US", "5", "¥5"),
    (12_535, "KWD", "en_US", "12.535", "KWD 12.535"),
    (7_902, "BBD", "en_US", "79.02", "BBD 79.02"),
    (0, "USD", "en_US", "0.00", "$0.00"),
])  # fmt: skip
def test_amounts_are_written_as_the_reader_expects(minor, currency, locale, amount, price):
    assert amount_text(minor, currency, locale) == amount
    assert price_text(minor, currency, locale).replace("KWD12", "KWD 12").replace("BBD79", "BBD 79") == price


def test_grids_show_zero_as_a_dash_and_the_unknown_as_nothing():
    assert grid_text(0, "USD") == "\N{EN DASH}"
    assert grid_text(None, "USD") == ""
    assert grid_text(100, "USD") == "1.00"


def test_credits_carry_their_mark_behind_the_figure():
    assert balance_text(-2_050, "USD") == "20.50 CR"
    assert balance_text(2_050, "USD") == "20.50"


@given(st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT), st.sampled_from(["USD", "JPY", "KWD"]))
def test_no_cent_is_lost_in_writing(minor, currency):
    assert minor_of(amount_text(minor, currency).replace(",", "").replace(MINUS, "-"), currency) == minor


@given(st.text())
def test_clean_text_holds_nothing_a_printer_would_obey(text):
    shown = clean(text)
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert "\u202e" not in shown
    assert clean(shown) == shown


def test_dates_and_groups():
    assert date_text(date(2026, 12, 10)) == "Dec 10, 2026"
    assert date_text(date(2026, 12, 10), "de_DE") == "10.12.2026"
    assert grouped("004200001178") == "0042 0000 1178"


@pytest.mark.parametrize(("cell", "written"), [
    ("Jane", "Jane"),
    ("=1+1", "'=1+1"),
    ("+49 30 1", "'+49 30 1"),
    ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("  =1+1", "'  =1+1"),
    ("\t=1", "'\t=1"),
    ("＝1+1", "'＝1+1"),  # noqa: RUF001 - the full-width sign is the point
    ("-4.50", "-4.50"),
    ("-4.50.1", "'-4.50.1"),
    (-450, "-450"),
    (None, ""),
    ("", ""),
])  # fmt: skip
def test_no_cell_begins_a_formula(cell, written):
    assert escaped(cell) == written


@given(st.lists(st.lists(st.one_of(st.text(), st.integers(), st.none()), min_size=2, max_size=2)))
def test_written_rows_are_read_back(rows):
    text = csv_text(("name", "amount"), rows)
    read = list(csv.reader(StringIO(text, newline="")))
    assert read[0] == ["name", "amount"]
    assert read[1:] == [[escaped(cell) for cell in row] for row in rows]


@given(st.text(min_size=1))
def test_a_text_either_stays_itself_or_gains_an_apostrophe(text):
    assert escaped(text) in {text.replace("\x00", ""), "'" + text.replace("\x00", "")}


def test_spreadsheets_are_told_the_encoding():
    assert csv_bytes(("name",), [("Łódź",)]) == b"\xef\xbb\xbfname\r\n" + "Łódź\r\n".encode()


def test_amounts_are_exported_as_plain_numbers():
    assert csv_text(("amount",), [(decimal_text(-450, "USD"),)]) == "amount\r\n-4.50\r\n"
