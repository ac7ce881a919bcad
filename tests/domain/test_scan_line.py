from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.scan_line import (
    LONGEST_SCAN,
    MicrLine,
    NumberScan,
    RefusalCode,
    ScanRefusal,
    StubLine,
    format_readable_stub,
    format_stub,
    is_routing_number,
    parse_micr,
    parse_stub,
    read_scan,
)

STUB = StubLine(account_number="00120041187", amount=12_535, currency="USD", due_date=date(2026, 12, 10))
LINE = "P1USD20261210000000012535001200411872"

stubs = st.builds(
    StubLine,
    account_number=st.text("0123456789", min_size=1, max_size=20),
    amount=st.integers(0, 10**12 - 1),
    currency=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
    due_date=st.none() | st.dates(),
)


def test_stub_line_is_letters_digits_and_a_check_digit():
    assert format_stub(STUB) == LINE
    assert format_readable_stub(STUB) == "P1USD 20261210 000000012535 00120041187 2"


@given(stubs)
def test_every_stub_is_read_back(stub):
    assert read_scan(format_stub(stub)) == stub
    assert read_scan(format_readable_stub(stub)) == stub


@pytest.mark.parametrize("scanned", [
    f"]C0{LINE}", f"]C1{LINE}\r", f"]Q3{LINE}\r\n", f"]Q1{LINE}\t", f"\x02{LINE}\x03", f"  {LINE}  ", LINE.lower(),
    f"{LINE[:5]}-{LINE[5:]}", f"\x1d{LINE}\x04",
])  # fmt: skip
def test_what_scanners_add_is_taken_off(scanned):
    assert read_scan(scanned) == STUB


@given(stubs, st.data())
def test_no_wrong_digit_goes_unnoticed(stub, data):
    line = format_stub(stub)
    position = data.draw(st.integers(5, len(line) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != line[position]]))
    assert isinstance(read_scan(line[:position] + wrong + line[position + 1 :]), ScanRefusal)


@given(stubs, st.data())
def test_no_swap_of_neighbors_goes_unnoticed(stub, data):
    line = format_stub(stub)
    position = data.draw(st.integers(5, len(line) - 2))
    swapped = line[:position] + line[position + 1] + line[position] + line[position + 2 :]
    assert swapped == line or isinstance(read_scan(swapped), ScanRefusal)


@pytest.mark.parametrize(("scanned", "code"), [
    ("", RefusalCode.EMPTY),
    ("\r\n", RefusalCode.EMPTY),
    ("]C0", RefusalCode.EMPTY),
    ("1" * (LONGEST_SCAN + 1), RefusalCode.TOO_LONG),
    ("https://example.org", RefusalCode.UNKNOWN),
    ("Jane Masters", RefusalCode.UNKNOWN),
    (LINE[:-3], RefusalCode.CHECK_DIGIT),
    (LINE[:20], RefusalCode.INCOMPLETE),
    ("P1", RefusalCode.INCOMPLETE),
    (LINE[:-1] + "3", RefusalCode.CHECK_DIGIT),
    ("P1USD２0261210000000012535001200411872", RefusalCode.INCOMPLETE),  # noqa: RUF001 - a full-width digit
    ("T123456789T 12345678U 1001", RefusalCode.MICR_ROUTING),
    ("T12?456789T 12345678U 1001", RefusalCode.MICR_UNREADABLE),
    ("T12345678T 12345678U 1001", RefusalCode.MICR_INCOMPLETE),
    ("T021000021T U 1001", RefusalCode.MICR_INCOMPLETE),
])  # fmt: skip
def test_refusals_have_a_code_and_say_what_helps(scanned, code):
    scan = read_scan(scanned)
    assert isinstance(scan, ScanRefusal)
    assert scan.code is code
    assert scan.sentence.endswith(".")


def test_impossible_due_date_is_refused():
    line = "P1USD20261310000000012535001200411870"
    refusals = {read_scan(line[:-1] + check).code for check in "0123456789"}
    assert refusals == {RefusalCode.CHECK_DIGIT, RefusalCode.DUE_DATE}


@pytest.mark.parametrize(("scanned", "digits"), [
    ("004200001178", "004200001178"), ("0042 0000 1178", "0042 0000 1178".replace(" ", "")),
    ("]C0004200001178\r", "004200001178"), ("2004 118-7", "20041187"),
])  # fmt: skip
def test_digits_alone_are_a_number(scanned, digits):
    assert read_scan(scanned) == NumberScan(digits=digits)


@pytest.mark.parametrize(("scanned", "account", "check"), [
    # as readers send it                         account     check
    ("T021000021T 12345678U 1001", "12345678", "1001"),
    ("T021000021T12345678U1001", "12345678", "1001"),
    ("t021000021t 12345678u 1001\r", "12345678", "1001"),
    ("t021000021t 12345678o 1001", "12345678", "1001"),
    ("T021000021T 12345678O 1001", "12345678", "1001"),
    ("A021000021A 12345678C 1001", "12345678", "1001"),
    ("a021000021a 12345678c 1001", "12345678", "1001"),
    ("⑆021000021⑆ 12345678⑈ 1001", "12345678", "1001"),
    (":021000021: 12345678< 1001", "12345678", "1001"),
    ("U001001U T021000021T 12345678U", "12345678", "001001"),
    ("T021000021T 1001 12345678U", "12345678", "1001"),
    ("T021000021T 123-456 78U 1001", "12345678", "1001"),
    ("T021000021T 12345678U", "12345678", ""),
])  # fmt: skip
def test_check_lines_of_many_readers_are_read(scanned, account, check):
    expected = MicrLine(routing_number="021000021", account_number=account, check_number=check)
    assert read_scan(scanned) == expected
    assert parse_micr(scanned) == expected


def test_encoded_amount_of_a_check_is_read():
    scan = read_scan("T021000021T 12345678U 1001 $0000012535$")
    assert scan == MicrLine(routing_number="021000021", account_number="12345678", check_number="1001", amount=12_535)


@pytest.mark.parametrize(("digits", "is_valid"), [
    ("021000021", True), ("011401533", True), ("091000019", True), ("123456789", False), ("021000012", False),
    ("000000000", False), ("02100002", False), ("0210000210", False), ("٠٢١٠٠٠٠٢١", False),
])  # fmt: skip
def test_routing_numbers_are_checked(digits, is_valid):
    assert is_routing_number(digits) is is_valid


@given(st.text(max_size=300))
def test_hostile_input_never_raises(text):
    for read in (read_scan, parse_stub, parse_micr):
        assert read(text) is not None


@given(st.text("P1USDTAC:⑆⑈0123456789 -?$]\x1d\r", max_size=80))
def test_input_that_resembles_ours_never_raises(text):
    for read in (read_scan, parse_stub, parse_micr):
        scan = read(text)
        if isinstance(scan, ScanRefusal):
            assert scan.sentence


def test_each_parser_refuses_the_other_kinds():
    assert isinstance(parse_stub("T021000021T 12345678U 1001"), ScanRefusal)
    assert isinstance(parse_stub("004200001178"), ScanRefusal)
    assert isinstance(parse_micr(LINE), ScanRefusal)


@pytest.mark.parametrize("stub", [
    StubLine(account_number="12A", amount=0, currency="USD", due_date=None),
    StubLine(account_number="", amount=0, currency="USD", due_date=None),
    StubLine(account_number="1", amount=-1, currency="USD", due_date=None),
    StubLine(account_number="1", amount=10**12, currency="USD", due_date=None),
    StubLine(account_number="1", amount=0, currency="usd", due_date=None),
])  # fmt: skip
def test_a_stub_that_cannot_be_read_back_is_not_written(stub):
    with pytest.raises(AssertionError):
        format_stub(stub)
