import subprocess
import sys
from dataclasses import replace

import pytest

from cashier_app.documents.deposit_slip import render_deposit_slip
from cashier_app.documents.drawer_report import DrawerReportKind, TenderTypeLine, render_drawer_report
from cashier_app.documents.drawer_report_words import BLIND_NOTE, verdict
from cashier_app.documents.endorsement import (
    endorsement_lines,
    render_endorsement,
    render_stub_validation,
    stub_validation_line,
)
from cashier_app.documents.escpos import escpos_drawer_report
from cashier_app.documents.escpos_preview import preview
from cashier_app.documents.journal_report import render_journal_report
from cashier_app.documents.paper import Paper
from cashier_app.documents.receipt import render_receipt
from cashier_app.documents.stub import render_stub
from cashier_app.domain.scan_line import format_stub, read_scan
from tests.documents import samples
from tests.documents.reading import all_text, page_size, page_texts, pieces, scanned
from tests.documents.samples import CHECKS, DEPOSIT_SLIP, ENDORSEMENT, JOURNAL, STUB, X_REPORT_BLIND, Z_REPORT

PAGES = [Paper.A4, Paper.LETTER]
EVERYTHING = [
    (lambda: render_receipt(samples.BUSY_RECEIPT), "receipt on roll"),
    (lambda: render_receipt(samples.BUSY_RECEIPT, Paper.LETTER), "receipt on page"),
    (lambda: render_drawer_report(Z_REPORT), "Z report"),
    (lambda: render_drawer_report(Z_REPORT, Paper.ROLL_80), "Z report on roll"),
    (lambda: render_drawer_report(X_REPORT_BLIND), "blind X report"),
    (lambda: render_deposit_slip(DEPOSIT_SLIP), "deposit slip"),
    (lambda: render_journal_report(JOURNAL), "journal report"),
    (lambda: render_stub(STUB), "stub"),
    (lambda: render_endorsement(ENDORSEMENT), "endorsement"),
    (lambda: render_stub_validation(ENDORSEMENT), "stub validation"),
]


@pytest.mark.parametrize(("render", "name"), EVERYTHING, ids=[name for _, name in EVERYTHING])
def test_same_data_twice_gives_the_same_bytes(render, name):
    first = render()
    render_receipt(replace(samples.RECEIPT, payor="another one in between, ąęłóż"))
    assert render() == first
    assert first.startswith(b"%PDF-")


@pytest.mark.parametrize(("render", "name"), EVERYTHING, ids=[name for _, name in EVERYTHING])
def test_nothing_is_drawn_beyond_the_paper(render, name):
    pdf = render()
    width, height = page_size(pdf)
    assert all(0 <= piece.x < width and 0 < piece.y < height for piece in pieces(pdf))


def test_z_report_walks_from_float_to_count():
    text = all_text(render_drawer_report(Z_REPORT))
    for figure in ("95.00", "1,356.50", "−12.75", "−138.00", "20.00", "−12.50", "−4.50", "1,303.75"):  # noqa: RUF001
        assert figure in text
    assert "In balance. Cash short 4.50, booked to over/under." in text


def test_z_report_prints_its_seal():
    for paper in Paper:
        text = all_text(render_drawer_report(Z_REPORT, paper))
        assert "Z report 000118" in text
        assert "WS-03 / 40217" in text
        assert "21,904,177.33" in text
        assert "51ab51ab 51ab51ab" in text
        assert "9f2c9f2c" in text


def test_first_z_report_of_a_drawer_has_no_previous_hash():
    first = replace(Z_REPORT, seal=replace(samples.SEAL, previous_hash=""))
    assert "first of its chain" in all_text(render_drawer_report(first))


def test_only_a_z_report_is_sealed():
    with pytest.raises(AssertionError, match="sealed"):
        replace(Z_REPORT, seal=None)
    with pytest.raises(AssertionError, match="sealed"):
        replace(Z_REPORT, kind=DrawerReportKind.X)


def test_blind_report_gives_no_expected_amount_away():
    # The caller forgot to withhold what leads to the expected amount: it must not be printed all the same (C3).
    lines = (replace(X_REPORT_BLIND.lines[0], taken=135_650, cash_back=1_275), *X_REPORT_BLIND.lines[1:])
    careless = replace(X_REPORT_BLIND, lines=lines)
    printed = [all_text(render_drawer_report(careless, paper)) for paper in Paper]
    printed.append(preview(escpos_drawer_report(careless)))
    for text in printed:
        assert "1,356.50" not in text
        assert "12.75" not in text
        assert "2,658.95" not in text
        assert "not shown" in text
        assert BLIND_NOTE in " ".join(text.split())


def _line(expected: int | None, counted: int | None, over_under: int = 0) -> TenderTypeLine:
    taken = None if expected is None else expected - over_under
    return TenderTypeLine(
        tender_type="Cash", count=1, taken=taken, expected=expected, counted=counted, over_under=over_under
    )


@pytest.mark.parametrize(("line", "sentence"), [
    # expected counted booked
    (_line(10_000, None), "Not counted yet."),
    (_line(10_000, 10_000), "In balance."),
    (_line(10_000, 9_550), "Cash short 4.50. Not booked."),
    (_line(10_000, 10_215), "Cash over 2.15. Not booked."),
    (_line(9_550, 9_550, -450), "In balance. Cash short 4.50, booked to over/under."),
    (_line(None, 9_550), BLIND_NOTE),
])  # fmt: skip
def test_report_begins_with_its_verdict(line, sentence):
    data = replace(Z_REPORT, kind=DrawerReportKind.TENDER_CONTROL, seal=None, lines=(line,))
    assert verdict(data) == sentence


def test_figures_that_do_not_add_up_are_said_first():
    line = replace(samples.LINES[0], taken=135_649)
    assert line.unexplained == 1
    assert verdict(replace(Z_REPORT, lines=(line,))).startswith("The figures of Cash do not add up")


def test_what_did_not_happen_is_said():
    quiet = replace(Z_REPORT, checks=(), turn_ins=(), paid_in_out=(), no_sales=(), cancellations=())
    text = " ".join(all_text(render_drawer_report(quiet)).split())
    assert "None in this drawer: checks, turn-ins, money paid in or out, no-sale openings, cancellations." in text


def test_many_tender_types_and_checks_go_on_over_pages():
    lines = tuple(replace(samples.LINES[1], tender_type=f"Type {number}") for number in range(9))
    pages = page_texts(render_drawer_report(replace(Z_REPORT, lines=lines, checks=CHECKS * 20), Paper.LETTER))
    assert all(f"TYPE {number}" in pages[0] + pages[1] for number in range(9))
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
    assert sum("77120" in page for page in pages) >= 2


@pytest.mark.parametrize("paper", PAGES)
def test_deposit_slip_lists_its_composition_and_its_sources(paper):
    text = all_text(render_deposit_slip(DEPOSIT_SLIP, paper))
    for fact in ("$1,707.05", "$1,366.75", "not itemized", "63.00", "77120", "3 checks", "•••• 5678", "Turn-in TI 31"):
        assert fact in text
    assert "differ from this slip" not in text
    assert DEPOSIT_SLIP.total == DEPOSIT_SLIP.sources_total == 170_705


def test_deposit_slip_says_where_composition_and_sources_differ():
    text = all_text(render_deposit_slip(replace(DEPOSIT_SLIP, cash_total=136_600)))
    assert "Drawers and turn-ins differ from this slip by 0.75." in text


def test_journal_report_says_whether_it_balances():
    text = all_text(render_journal_report(JOURNAL))
    assert "Debits equal credits." in text
    assert "2,658.95" in text
    broken = replace(JOURNAL, lines=JOURNAL.lines[:-1])
    assert "Debits and credits differ by USD 4.50." in all_text(render_journal_report(broken))


def test_journal_report_without_lines_is_a_page_all_the_same():
    assert "Debits equal credits." in all_text(render_journal_report(replace(JOURNAL, lines=())))


@pytest.mark.parametrize("paper", PAGES)
def test_stub_is_read_back_by_scan_to_pay(paper):
    codes = scanned(render_stub(STUB, paper))
    assert codes == {("Code128", format_stub(STUB.scan_line)), ("QRCode", format_stub(STUB.scan_line))}
    assert {read_scan(text) for _, text in codes} == {STUB.scan_line}


def test_readable_line_of_a_stub_is_read_back_too():
    line = next(piece.text for piece in pieces(render_stub(STUB)) if piece.text.startswith("P1USD"))
    assert read_scan(line) == STUB.scan_line


def test_endorsement_and_validation_lines():
    assert endorsement_lines(ENDORSEMENT) == (
        "FOR DEPOSIT ONLY",
        "Bay Harbor Water & Power",
        "Harbor National Bank •••• 5678",
        "CASH-A01 / 1042  Event 1 000 042",
        "Account 2004 118-7  11/20/2026  USD 96.30",
    )
    validation = "PAID 11/20/2026 USD 96.30  004200001178  CASH-A01/1042  2004 118-7"
    assert stub_validation_line(ENDORSEMENT) == validation
    assert "FOR DEPOSIT ONLY" in all_text(render_endorsement(ENDORSEMENT))
    assert " ".join(validation.split()) in all_text(render_stub_validation(ENDORSEMENT))


def test_naming_a_document_loads_no_drawing_library():
    modules = ("receipt", "drawer_report", "deposit_slip", "journal_report", "stub", "endorsement", "csv_out")
    imports = "; ".join(f"import cashier_app.documents.{module}" for module in modules)
    program = f"import sys; {imports}; print({{'reportlab', 'babel', 'segno', 'escpos'}} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
