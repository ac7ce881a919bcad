from dataclasses import replace

import pytest

from cashier_app.documents.layout import BODY, text_width
from cashier_app.documents.paper import Paper
from cashier_app.documents.receipt import ReceiptPayment, ReceiptTender, render_receipt
from tests.documents import samples
from tests.documents.reading import all_text, page_size, page_texts, pieces, scanned
from tests.documents.samples import BUSY_RECEIPT, LONG_NAME, RECEIPT, RECEIPT_NUMBER, UNUSUAL_NAMES

PAPERS = list(Paper)

ROLL = """\
Bay Harbor Water & Power
120 Quay Street
Bay Harbor, CA 94501
(510) 555-0142
Receipt
0042 0000 1178
Event
1 000 042
Date
Nov 20, 2026, 11:42 AM
Location
Bay Harbor counter 1
Drawer
CASH-A01 / 1042
Cashier
Dana Cole (cashier1)
Received from
Jane Masters
PAYMENTS
USD
Jane Masters
125.35
Account 2004 118-7
Electric, 18 Oak Lane
84.10
Gas, 18 Oak Lane
41.25
New balance 0.00
Paid
$125.35
TENDERED
USD
Cash
125.35
Cash tendered
140.00
Change
$14.65
Please keep this receipt as proof of payment.
0042 0000 1178
"""


def test_receipt_on_roll_says_everything_the_payor_needs():
    words = [line.strip() for line in all_text(render_receipt(RECEIPT)).splitlines() if line.strip()]
    assert words == ROLL.splitlines()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_says_the_same_facts(paper):
    text = all_text(render_receipt(BUSY_RECEIPT, paper))
    for fact in ("0042 0000 1178", "BH-2026-000 118", "1 000 042", "Dana Cole (cashier1)", "CASH-A01 / 1042", "$14.65"):
        assert fact in text
    for fact in ("card ending 4242", "EUR 73.00 at 1.08253", "no. 1001", "\N{MINUS SIGN}127.50", "$5,125.45"):
        assert fact in text
    assert "Recorded offline" in text.replace("\n", " ")


@pytest.mark.parametrize("paper", PAPERS)
def test_names_of_other_alphabets_are_printed_in_the_bundled_typeface(paper):
    pdf = render_receipt(BUSY_RECEIPT, paper)
    text = all_text(pdf)
    assert all(name in text for name in UNUSUAL_NAMES)
    assert {piece.font.split("-")[0] for piece in pieces(pdf)} == {"InterTabular"}


@pytest.mark.parametrize("paper", PAPERS)
def test_long_names_wrap_inside_the_paper(paper):
    pdf = render_receipt(
        replace(BUSY_RECEIPT, location=LONG_NAME * 3, cashier="x" * 300, notes=(LONG_NAME * 4,)), paper
    )
    width, height = page_size(pdf)
    for piece in pieces(pdf):
        assert 0 < piece.x < width
        assert 0 < piece.y < height
        assert piece.x + text_width(piece.text, replace(BODY, size=piece.size)) * 0.96 < width


def test_amounts_of_a_column_end_at_the_same_place():
    data = replace(
        RECEIPT,
        tenders=tuple(ReceiptTender(tender_type="Check", amount=amount) for amount in (1, 99_999, -12_750, 1_000_000)),
    )
    right_edges = {
        round(piece.x + text_width(piece.text, replace(BODY, size=piece.size)), 1)
        for piece in pieces(render_receipt(data))
        if piece.text in {"0.01", "999.99", "\N{MINUS SIGN}127.50", "10,000.00"}
    }
    assert len(right_edges) == 1


def test_credit_balances_align_their_decimals_with_the_others():
    payments = tuple(replace(RECEIPT.payments[0], new_balance=balance) for balance in (0, -2_050, 12_345))
    found = pieces(render_receipt(replace(RECEIPT, payments=payments), Paper.A4))
    strong = {piece.text: piece for piece in found if piece.text in {"20.50", "123.45"}}
    assert strong["20.50"].x > strong["123.45"].x
    assert any(piece.text == "CR" for piece in found)


@pytest.mark.parametrize("paper", PAPERS)
def test_both_codes_hold_the_receipt_number(paper):
    pdf = render_receipt(RECEIPT, paper)
    assert scanned(pdf) == {("Code128", RECEIPT_NUMBER), ("QRCode", RECEIPT_NUMBER)}


@pytest.mark.parametrize("paper", PAPERS)
def test_copies_and_canceled_receipts_say_so(paper):
    text = all_text(render_receipt(replace(RECEIPT, is_copy=True, is_void=True, reprinted="Nov 21 by super1"), paper))
    assert "VOID" in text
    assert "COPY" in text
    assert "It is no proof of payment." in text
    assert "Printed again Nov 21 by super1." in text
    assert "Please keep this receipt" not in text
    original = all_text(render_receipt(RECEIPT, paper))
    assert "VOID" not in original
    assert "COPY" not in original


def test_sixty_tenders_go_on_over_pages_with_their_titles():
    tenders = tuple(ReceiptTender(tender_type="Check", amount=100 + n, reference=str(1000 + n)) for n in range(60))
    pdf = render_receipt(replace(RECEIPT, tenders=tenders, is_copy=True), Paper.A4)
    pages = page_texts(pdf)
    assert len(pages) == 3
    assert all(f"Page {number} of 3" in page and "COPY" in page for number, page in enumerate(pages, start=1))
    assert all("TENDER" in page for page in pages[:2])
    assert all(f"no. {1000 + n}" in "".join(pages) for n in range(60))
    lowest = min(piece.y for piece in pieces(pdf) if piece.text.startswith("no. "))
    assert lowest > 50


def test_roll_is_as_long_as_its_content():
    width, short = page_size(render_receipt(RECEIPT))
    assert round(width * 25.4 / 72) == 80
    tenders = tuple(ReceiptTender(tender_type="Check", amount=100) for _ in range(60))
    _, long = page_size(render_receipt(replace(RECEIPT, tenders=tenders)))
    assert 500 < long - short < 900


def test_a_roll_longer_than_a_page_can_be_goes_on_another_page():
    payments = tuple(
        ReceiptPayment(account_number=f"{n:011d}", customer_name="Jane Masters", amount=n) for n in range(700)
    )
    assert len(page_texts(render_receipt(replace(RECEIPT, payments=payments)))) > 1


def test_currencies_keep_their_own_decimals():
    yen = all_text(render_receipt(replace(samples.RECEIPT, currency="JPY")))
    assert "12,535" in yen
    dinar = all_text(render_receipt(replace(samples.RECEIPT, currency="KWD")))
    assert "12.535" in dinar
    german = all_text(render_receipt(replace(BUSY_RECEIPT, currency="EUR", locale="de_DE")))
    assert "5.125,45 €" in german


def test_hidden_characters_in_names_are_not_printed():
    text = all_text(render_receipt(replace(RECEIPT, payor="Jane\x1b@\u202e Masters\x00\n&<b>")))
    assert "Jane@ Masters &<b>" in text
