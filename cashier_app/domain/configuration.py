"""The control tables: what a utility sets up once and every rule obeys (design D9, D11).

Each class is one table. Its fields carry a label, a help text and, where they name a record of
another table, that table: the editor, the loader's checks and *where used* live on that alone.
Records are plain values; a package of them is a YAML file (`docs/configuration.md`).
"""

# ruff: noqa: RUF009
# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cashier_app.domain.access_tables import AccessGroup, DataAccessRole, UserGroup
from cashier_app.domain.adjustment_types import (
    AccountingDateOption,
    AdjustmentCancelReason,
    AdjustmentType,
    AdjustmentTypeProfile,
    ApRequestType,
    CharacteristicType,
    FreezeOption,
)
from cashier_app.domain.approvals import ApprovalProfile
from cashier_app.domain.batch_controls import BatchControl
from cashier_app.domain.calendars import AccountingCalendar
from cashier_app.domain.control_fields import described
from cashier_app.domain.gl_tables import DistributionCode, FileLayout, GlDivision
from cashier_app.domain.lifecycles import SourceType
from cashier_app.domain.money import Money
from cashier_app.domain.to_do import AccountManagementGroup, RoleForType, ToDoRole, ToDoType


@dataclass(frozen=True, slots=True, kw_only=True)
class Denomination:
    """One kind of note or coin."""

    label: str
    value: int
    """Minor units."""
    coin: bool = False
    roll: int = 0
    """Pieces in a roll or bundle; 0 where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency that drawers hold."""

    code: str = described("Code", "ISO 4217, such as USD.")
    description: str = described("Description", "Name of the currency.", default="")
    denominations: tuple[Denomination, ...] = described("Denominations", "Notes and coin, largest first.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What holds for the whole utility (S1 p.35-45)."""

    code: str = described("Code", "Always MAIN.", default="MAIN")
    name: str = described("Utility", "Printed on receipts and reports.")
    address: tuple[str, ...] = described("Address", "Lines under the name.", default=())
    currency: str = described("Currency", "Base currency.", refers="currency", default="USD")
    starting_tender_type: str = described(
        "Starting balance tender type",
        "In what a drawer's float is held (S1 p.35).",
        refers="tender_type",
        default="CASH",
    )
    quick_add_tender_type: str = described(
        "Quick add tender type", "Proposed in quick entry (S1 p.35).", refers="tender_type", default="CASH"
    )
    over_under_tender_type: str = described(
        "Over/under tender type", "Records what a drawer was over or short.", refers="tender_type", default="OVUN"
    )
    beginning_credit_rating: int = described(
        "Beginning credit rating", "Points of a new account (S1 p.40).", default=700
    )
    credit_rating_threshold: int = described("Credit rating threshold", "Below it an alert is shown.", default=600)
    beginning_cash_only_score: int = described("Beginning cash-only score", "Points of a new account.", default=0)
    cash_only_threshold: int = described(
        "Cash-only threshold", "Above it only cash is welcome (S1 p.121).", default=500
    )
    oldest_bucket_age: int = described("Oldest bucket age", "Days from which debt is one lump (S1 p.40).", default=180)
    payment_amount: str = described(
        "Payment amount",
        "Algorithm that proposes what a customer pays (S1 p.44).",
        refers="algorithm",
        default="PAYAMT-BALANCE",
    )
    alerts: tuple[str, ...] = described(
        "Alerts", "Algorithms that look for something to tell the cashier (S1 p.42).", refers="algorithm", default=()
    )
    gl_account: str = described(
        "GL account",
        "Algorithm that finds the account of a distribution code.",
        refers="algorithm",
        default="GLACCT-BASE",
    )
    gl_batch_code: str = described("G/L batch code", "Stamped on what goes to the general ledger.", default="GLDL")
    ap_batch_code: str = described("A/P batch code", "Stamped on what goes to accounts payable.", default="APDL")
    fund_accounting: bool = described("Fund accounting", "Accounts belong to funds (S1 p.41).", default=False)
    gl_file_layouts: tuple[str, ...] = described(
        "G/L file layouts", "Files of a run, beside the CSV for people.", refers="file_layout", default=()
    )
    ap_file_layout: str = described(
        "A/P file layout", "Of check requests; empty for CSV.", refers="file_layout", default=""
    )
    ap_cancel_reason: str = described(
        "A/P cancel reason",
        "Of adjustments whose check accounts payable has canceled.",
        refers="adjustment_cancel_reason",
        default="",
    )
    second_person_for_cash_cancel: bool = described(
        "Second person cancels cash", "A cashier alone may not cancel a cash tender (R payments 10.6).", default=True
    )
    separate_balancing: bool = described(
        "Separate balancing", "Over/under is accepted by somebody else (R payments O-5).", default=True
    )
    charge_cash_back_of_returned_check: bool = described(
        "Charge cash back of a returned check", "Charge the payor for cash handed out (R payments O-7).", default=True
    )
    cash_back_adjustment_type: str = described(
        "Cash-back adjustment type", "Books that charge.", refers="adjustment_type", default=""
    )
    bill_segment_freeze: FreezeOption = described(
        "Bill segment freeze",
        "At will, and then adjustments too; or at bill completion, and then each adjustment type says (S1 p.66).",
        default=FreezeOption.AT_WILL,
    )
    accounting_date_at_freeze: AccountingDateOption = described(
        "Accounting date at freeze",
        "Whether what was generated on another day takes the day on which it freezes (S1 p.69).",
        default=AccountingDateOption.CHANGE_IF_CLOSED,
    )
    mail_host: str = described("Mail server", "Takes mail of what waits, by SMTP; empty for none.", default="")
    mail_port: int = described("Mail server's port", "25 where it takes mail without signing in.", default=25)
    mail_sender: str = described("Sender of mail", "Address that people see.", default="")
    mail_encrypted: bool = described("Encrypted mail", "Ask the mail server for TLS.", default=False)
    mail_user: str = described(
        "Mail user", "Signs in; the password is told to the program, not kept here. Needs encrypted mail.", default=""
    )
    adjustment_information: str = described(
        "Adjustment information", "Algorithm that says what an adjustment is (S1 p.92).", refers="algorithm", default=""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CisDivision:
    """A jurisdiction that selects business rules (S1 p.71)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    to_do_roles: tuple[RoleForType, ...] = described(
        "To Do roles", "Who is told of entries for its accounts, by To Do type.", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """An account of the utility at a bank (S1 p.48)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name of bank and account.", default="")
    account_last_four: str = described("Last four", "Digits shown on slips; the full number is not kept.", default="")
    currency: str = described("Currency", "Its currency.", refers="currency", default="USD")
    distribution_code: str = described("Distribution code", "The cash side of payments.", refers="distribution_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderType:
    """A form of value that customers hand over (S1 p.106-107)."""

    code: str = described("Code", "Four letters, such as CASH.")
    description: str = described("Description", "Name.", default="")
    like_cash: bool = described("Like cash", "Cash or equal to it: cash-only customers may use it.", default=False)
    allow_cash_back: bool = described("Cash back", "More than the payment may be handed over.", default=False)
    generate_auto_pay: bool = described("Generates automatic payment", "Adding one makes a request.", default=False)
    external_type: str = described("External type", "Transaction code of automatic payments.", default="")
    require_external_source_id: bool = described("Needs routing number", "Of the source.", default=False)
    require_expiration_date: bool = described("Needs expiry date", "On the account's option.", default=False)
    authorization_required: bool = described("Needs authorization", "Through a gateway.", default=False)
    require_reference: bool = described("Needs a number", "Check number or the like must be typed.", default=False)
    kick_drawer: bool = described("Opens the drawer", "The drawer springs open when one is taken.", default=False)
    endorse: bool = described("Endorsed at once", "Its back is printed right after the receipt.", default=False)
    offered_at_counter: bool = described("Offered at the counter", "Cashiers may choose it.", default=True)

    @property
    def is_endorsable(self) -> bool:
        """Whether it is numbered paper that stands for money, such as a check; a card slip is not."""
        return self.endorse or (self.require_reference and (self.like_cash or self.allow_cash_back))


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderSource:
    """Where tenders come from: a drawer per currency, a lockbox, an autopay destination (S1 p.107-109)."""

    code: str = described("Code", "Short and stable, such as CASH-A01.")
    description: str = described("Description", "Name.", default="")
    type: SourceType = described("Type", "Kinds are never mixed in one deposit.", default=SourceType.ONLINE_CASHIERING)
    currency: str = described("Currency", "Of all its tenders.", refers="currency", default="USD")
    bank_account: str = described("Bank account", "Where its takings go.", refers="bank_account")
    location: str = described("Location", "Printed on receipts.", default="")
    external_source_id: str = described("External source", "Of a lockbox or processor.", default="")
    default_starting_balance: Money | None = described("Starting balance", "Float proposed at opening.", default=None)
    max_amount_balance: Money | None = described("Maximum", "Like-cash beyond this asks for a turn-in.", default=None)
    suspense_agreement: str = described(
        "Suspense agreement", "Takes unknown money.", refers="house_agreement", default=""
    )
    over_under_agreement: str = described(
        "Over/under agreement", "Takes differences.", refers="house_agreement", default=""
    )
    receipt_series: int = described("Receipt series", "Four digits; numbers run without gaps in it.", default=1)
    blind_count: bool = described(
        "Blind count", "The owner does not see expected amounts before counting.", default=True
    )
    tolerance: Money | None = described("Tolerance", "A difference up to this is booked by itself.", default=None)
    deposit_everything: bool = described("Deposit everything", "The float goes to the bank as well.", default=False)
    workstation: str = described(
        "Workstation", "Of a branch whose drawer it is; empty for drawers at the office.", default=""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingCenter:
    """A place whose receipt numbers an authority has authorized (S1 p.49). Needed only where the law asks for it."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name of the place.", default="")
    receipt_series: int = described("Receipt series", "The series that the authorization covers.")
    authorization: str = described("Authorization", "Its number, printed on receipts.", default="")
    valid_from: date = described("Valid from", "First day on which numbers may be given.", default=date.min)
    valid_to: date = described("Valid to", "Last such day.", default=date.max)
    last_number: int = described("Last number", "Up to which number it reaches.", default=9_999_999)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAgreement:
    """An agreement of the utility with itself: suspense, over/under, petty cash."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    customer_class: str = described("Customer class", "Decides how payments to it are placed.", refers="customer_class")
    sa_type: str = described("SA type", "Carries its distribution code.", refers="sa_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerClass:
    """Rules shared by accounts of one kind (S1 p.69-71)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    payment_distribution: str = described(
        "Payment distribution", "How a payment is placed on agreements.", refers="algorithm", default="PYDIST-PRIORITY"
    )
    overpayment: str = described("Overpayment", "Where the rest goes.", refers="algorithm", default="OVRPY-PRIORITY")
    nsf: str = described("NSF", "What a returned check costs.", refers="algorithm", default="")
    open_item: bool = described("Open item", "Payments are matched to bills.", default=False)
    days_until_due: int = described("Days until due", "From bill to due date.", default=21)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaType:
    """Rules shared by agreements of one kind (S1 p.71-73)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name on receipts.", default="")
    cis_division: str = described("CIS division", "Jurisdiction.", refers="cis_division")
    gl_division: str = described("GL division", "Accounting calendar.", refers="gl_division")
    currency: str = described("Currency", "Of everything it owes.", refers="currency", default="USD")
    distribution_code: str = described("Distribution code", "Normally the receivable.", refers="distribution_code")
    payment_priority: int = described("Payment priority", "Lower is paid first.", default=50)
    do_not_overpay: bool = described("Do not overpay", "Never takes what is left over.", default=False)
    payment_ft: str = described("Payment FT", "Books a payment segment.", refers="algorithm", default="PS-NORMAL")
    nsf_adjustment_type: str = described(
        "NSF adjustment", "Fee of a returned check.", refers="adjustment_type", default=""
    )
    adjustment_profiles: tuple[str, ...] = described(
        "Adjustment profiles",
        "Only adjustments of a type that one of them holds may be added (S1 p.90).",
        refers="adjustment_type_profile",
        default=(),
    )
    debt_class: str = described("Debt class", "Empty where debt is not watched.", default="")
    special_role: str = described("Special role", "Deposit, write off, …", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCancelReason:
    """Why a payment or tender is canceled, and what follows for the payor (S1 p.120-121)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    nsf_charge: bool = described("NSF charge", "Canceling a tender charges the payor.", default=False)
    cash_only_points: int = described("Cash-only points", "0 or more.", default=0)
    credit_rating_points: int = described("Credit rating points", "0 or less.", default=0)
    months_affecting_rating: int = described("Months", "How long the points count.", default=0)
    system_default: str = described("System default", "REOPENED_BILL or empty.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementReason:
    """Why cash goes into or out of a drawer without a customer (pay-in, pay-out)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    agreement: str = described("Agreement", "Booked against it.", refers="house_agreement")
    pay_in: bool = described("Pay-in", "Cash may be put in for it.", default=False)
    pay_out: bool = described("Pay-out", "Cash may be taken out for it.", default=False)
    limit: Money | None = described("Limit", "Above it a second person is needed.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmVersion:
    """Parameter values from a date on."""

    effective: date
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A rule with its parameter values (S1 p.41-45)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "What it decides.", default="")
    rule: str = described("Rule", "Name under which an installed package offers it.")
    versions: tuple[AlgorithmVersion, ...] = described("Versions", "Effective-dated parameters.", default=())


ControlRecord = Any
"""One of the classes below; every one has a `code`."""

CONTROL_TABLES: dict[str, type] = {
    "installation": Installation,
    "currency": Currency,
    "cis_division": CisDivision,
    "accounting_calendar": AccountingCalendar,
    "gl_division": GlDivision,
    "file_layout": FileLayout,
    "distribution_code": DistributionCode,
    "bank_account": BankAccount,
    "tender_type": TenderType,
    "tender_source": TenderSource,
    "issuing_center": IssuingCenter,
    "house_agreement": HouseAgreement,
    "customer_class": CustomerClass,
    "sa_type": SaType,
    "to_do_role": ToDoRole,
    "to_do_type": ToDoType,
    "account_management_group": AccountManagementGroup,
    "approval_profile": ApprovalProfile,
    "batch_control": BatchControl,
    "characteristic_type": CharacteristicType,
    "ap_request_type": ApRequestType,
    "adjustment_type": AdjustmentType,
    "adjustment_type_profile": AdjustmentTypeProfile,
    "adjustment_cancel_reason": AdjustmentCancelReason,
    "pay_cancel_reason": PayCancelReason,
    "movement_reason": MovementReason,
    "algorithm": Algorithm,
    "user_group": UserGroup,
    "access_group": AccessGroup,
    "data_access_role": DataAccessRole,
}
"""All control tables by the name that packages use, in the order of dependency."""
