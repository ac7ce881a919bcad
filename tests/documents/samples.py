"""One sample per document, harmless by default; tests replace what they are about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cashier_app.documents.deposit_slip import DepositedDrawer, DepositSlipData, OtherDeposit
from cashier_app.documents.drawer_report import (
    CancellationLine,
    DrawerReportData,
    DrawerReportKind,
    NoSaleLine,
    OverUnderLine,
    PaidInOutLine,
    Seal,
    TenderTypeLine,
)
from cashier_app.documents.endorsement import EndorsementData
from cashier_app.documents.journal_report import JournalLine, JournalReportData
from cashier_app.documents.paper import CheckLine, DenominationCount, Imprint, Letterhead, TurnInLine
from cashier_app.documents.receipt import ReceiptData, ReceiptPayment, ReceiptSegment, ReceiptTender
from cashier_app.documents.stub import StubData
from cashier_app.documents.turn_in_slip import TurnInSlipData

LETTERHEAD = Letterhead(
    utility_name="Bay Harbor Water & Power",
    address_lines=("120 Quay Street", "Bay Harbor, CA 94501"),
    contact="(510) 555-0142",
)
IMPRINT = Imprint(printed_at="Nov 20, 2026, 5:31 PM", printed_by="cashier1", document_id="TC 1042")

RECEIPT_NUMBER = "004200001178"
UNUSUAL_NAMES = ("Łucja Żółć-Ślązak, Łódź", "Ümit Çağlayan İşgör", "Ελένη Παπαδοπούλου", "Юлия Щербакова")
LONG_NAME = "The Honorable Society for the Preservation of Maritime Steam Engines and Harbor Lights, Incorporated"

RECEIPT = ReceiptData(
    letterhead=LETTERHEAD,
    location="Bay Harbor counter 1",
    receipt_number=RECEIPT_NUMBER,
    event_id="1 000 042",
    taken_at="Nov 20, 2026, 11:42 AM",
    cashier="Dana Cole (cashier1)",
    drawer="CASH-A01 / 1042",
    payor="Jane Masters",
    currency="USD",
    payments=(
        ReceiptPayment(
            account_number="2004 118-7",
            customer_name="Jane Masters",
            amount=12535,
            segments=(
                ReceiptSegment(description="Electric, 18 Oak Lane", amount=8410),
                ReceiptSegment(description="Gas, 18 Oak Lane", amount=4125),
            ),
            new_balance=0,
        ),
    ),
    tenders=(ReceiptTender(tender_type="Cash", amount=12535),),
    cash_tendered=14000,
    change_given=1465,
)

BUSY_RECEIPT = replace(
    RECEIPT,
    document_number="BH-2026-000 118",
    payor=LONG_NAME,
    payments=(
        *RECEIPT.payments,
        *(
            ReceiptPayment(account_number=f"2004 12{n}-3", customer_name=name, amount=100_000 + n, new_balance=-2_050)
            for n, name in enumerate((*UNUSUAL_NAMES, LONG_NAME))
        ),
    ),
    tenders=(
        ReceiptTender(tender_type="Cash", amount=300_000),
        ReceiptTender(tender_type="Check", amount=130_000, reference="1001"),
        ReceiptTender(tender_type="Cash back", amount=-12_750),
        ReceiptTender(tender_type="Card at the counter", amount=87_393, reference="A7710Q", card_last_four="4242"),
        ReceiptTender(
            tender_type="Euro notes",
            amount=7_902,
            alternate_currency="EUR",
            alternate_amount=7_300,
            exchange_rate=Decimal("1.08253"),
        ),
    ),
    recorded_offline=True,
    purpose="Water and power bills of November",
    notes=("Two accounts are due again on December 10.",),
)

LINES = (
    TenderTypeLine(
        tender_type="Cash", count=31, starting_float=9_500, taken=135_650, cash_back=1_275, turned_in=13_800,
        paid_in=2_000, paid_out=1_250, over_under=-450, expected=130_375, counted=130_375,
    ),
    TenderTypeLine(tender_type="Check", count=3, taken=26_030, expected=26_030, counted=26_030),
    TenderTypeLine(tender_type="Card at the counter", count=12, taken=104_215, expected=104_215, counted=104_215),
)  # fmt: skip
CHECKS = (
    CheckLine(number="1001", payor="Jane Masters", amount=9_630, receipt_number="0042 0000 1178"),
    CheckLine(number="204", payor=UNUSUAL_NAMES[0], amount=6_400, receipt_number="0042 0000 1186"),
    CheckLine(number="77120", payor=LONG_NAME, amount=10_000, receipt_number="0042 0000 1194"),
)
TURN_INS = (
    TurnInLine(
        time="2:05 PM", number="TI 31", tender_type="Cash", amount=13_800, handed_by="cashier1", received_by="head1",
        drawer="CASH-A01",
    ),
)  # fmt: skip
DENOMINATIONS = (
    DenominationCount(value=10_000, pieces=6, tender_type="Cash"),
    DenominationCount(value=5_000, pieces=4, tender_type="Cash"),
    DenominationCount(value=2_000, pieces=21, tender_type="Cash"),
    DenominationCount(value=1_000, pieces=5, tender_type="Cash"),
    DenominationCount(value=500, pieces=4, tender_type="Cash"),
    DenominationCount(value=100, pieces=10, tender_type="Cash"),
    DenominationCount(value=25, pieces=11, tender_type="Cash"),
    DenominationCount(value=1, pieces=100, tender_type="Cash", label="rolls of 50"),
)
SEAL = Seal(
    z_number=118,
    branch="WS-03",
    sequence=40_217,
    previous_hash="9f2c" * 16,
    own_hash="51ab" * 16,
    running_count=18_204,
    running_total=2_190_417_733,
)

Z_REPORT = DrawerReportData(
    letterhead=LETTERHEAD,
    kind=DrawerReportKind.Z,
    imprint=IMPRINT,
    drawer="CASH-A01 Counter 1",
    tender_control="1042",
    owner="Dana Cole (cashier1)",
    state="Balanced",
    business_date="Nov 20, 2026",
    opened_at="Nov 20, 2026, 8:01 AM",
    closed_at="Nov 20, 2026, 5:30 PM",
    workstation="WS-03",
    currency="USD",
    lines=LINES,
    denominations=DENOMINATIONS,
    over_unders=(OverUnderLine(tender_type="Cash", amount=-450, reason="Wrong change given", approved_by="super1"),),
    checks=CHECKS,
    turn_ins=TURN_INS,
    paid_in_out=(
        PaidInOutLine(time="9:40 AM", amount=2_000, reason="Change fund from the safe", by="cashier1"),
        PaidInOutLine(time="1:15 PM", amount=-1_250, reason="Postage stamps", by="cashier1"),
    ),
    no_sales=(NoSaleLine(time="10:12 AM", by="cashier1", reason="Coin roll"),),
    cancellations=(
        CancellationLine(
            time="3:20 PM", receipt_number="0042 0000 1160", tender_type="Check", amount=5_000,
            reason="Wrong account", by="cashier1", approved_by="super1",
        ),
    ),
    seal=SEAL,
    supervisor="Sam Reyes (super1)",
)  # fmt: skip
X_REPORT_BLIND = replace(
    Z_REPORT,
    kind=DrawerReportKind.X,
    state="Open",
    closed_at="",
    seal=None,
    over_unders=(),
    lines=(
        replace(LINES[0], taken=None, cash_back=None, over_under=0, expected=None, counted=None),
        replace(LINES[1], counted=None),
        replace(LINES[2], counted=None),
    ),
    denominations=(),
)

DEPOSIT_SLIP = DepositSlipData(
    letterhead=LETTERHEAD,
    imprint=replace(IMPRINT, document_id="DC 310"),
    bank_name="Harbor National Bank",
    bank_account="•••• 5678",
    slip_number="20261120-01",
    deposited_on="Nov 20, 2026",
    deposit_control="310",
    currency="USD",
    cash_total=136_675,
    denominations=DENOMINATIONS,
    checks=CHECKS,
    other=(OtherDeposit(description="Money orders", count=2, amount=8_000),),
    drawers=(
        DepositedDrawer(
            drawer="CASH-A01 Counter 1", tender_control="1042", owner="Dana Cole", counted=156_405, starting_float=9_500
        ),
        DepositedDrawer(
            drawer="CASH-A02 Counter 2", tender_control="1043", owner=UNUSUAL_NAMES[1], counted=19_500,
            starting_float=9_500,
        ),
    ),
    turn_ins=TURN_INS,
    prepared_by="Sam Reyes (super1)",
    checked_by="",
)  # fmt: skip

JOURNAL = JournalReportData(
    letterhead=LETTERHEAD,
    imprint=replace(IMPRINT, document_id="Journal 2026-11-20"),
    period="Nov 20, 2026",
    scope="All drawers",
    currency="USD",
    lines=(
        JournalLine(
            group="Payments", distribution_code="CASH-DRW", gl_account="1010-100", description="Cash in drawers",
            debit=265_445, credit=0,
        ),
        JournalLine(
            group="Payments", distribution_code="AR-ELEC", gl_account="1210-200", description="Receivables, electric",
            debit=0, credit=200_000,
        ),
        JournalLine(
            group="Payments", distribution_code="AR-GAS", gl_account="1210-300", description="Receivables, gas",
            debit=0, credit=65_445,
        ),
        JournalLine(
            group="Over and under", distribution_code="EXP-OVUN", gl_account="6910-000",
            description="Drawer over and under", debit=450, credit=0,
        ),
        JournalLine(
            group="Over and under", distribution_code="CASH-DRW", gl_account="1010-100", description="Cash in drawers",
            debit=0, credit=450,
        ),
    ),
)  # fmt: skip

STUB = StubData(
    letterhead=LETTERHEAD,
    account_number="00120041187",
    customer_name="Jane Masters",
    mailing_lines=("18 Oak Lane", "Bay Harbor, CA 94501"),
    bill_number="B 2026 1187",
    amount_due=12_535,
    currency="USD",
    due_date=date(2026, 12, 10),
)

ENDORSEMENT = EndorsementData(
    utility_name="Bay Harbor Water & Power",
    bank_name="Harbor National Bank",
    bank_account="•••• 5678",
    tender_source="CASH-A01",
    tender_control="1042",
    event_id="1 000 042",
    receipt_number=RECEIPT_NUMBER,
    account_number="2004 118-7",
    date="11/20/2026",
    amount=9_630,
    currency="USD",
    check_number="1001",
)

TURN_IN_SLIP = TurnInSlipData(
    letterhead=LETTERHEAD,
    imprint=replace(IMPRINT, document_id="Turn-in 800100000312"),
    number="800100000312",
    location="Bay Harbor counter 1",
    drawer="CASH-A01 / 1042",
    tender_type="Cash",
    amount=150_000,
    currency="USD",
    handed_at="Nov 20, 2026, 2:05 PM",
    handed_by="Dana Cole (cashier1)",
)
