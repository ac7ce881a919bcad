"""The control tables of adjustments: what kinds there are, who may use them, what each does (R adjustments 1)."""

# ruff: noqa: RUF009
# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cashier_app.domain.control_fields import described
from cashier_app.domain.money import Money


class FreezeOption(StrEnum):
    """When something may begin to count: S1 p.66-68."""

    AT_WILL = "AT_WILL"
    AT_BILL_COMPLETION = "AT_BILL_COMPLETION"


class AccountingDateOption(StrEnum):
    """Which accounting date freezing gives to what was generated before: S1 p.69."""

    ALWAYS_CHANGE = "ALWAYS_CHANGE"
    CHANGE_IF_CLOSED = "CHANGE_IF_CLOSED"


class AmountType(StrEnum):
    """Whether people or rules say the amount: S1 p.90."""

    NON_CALCULATED = "NON_CALCULATED"
    CALCULATED = "CALCULATED"


class TaxReport(StrEnum):
    """How accounts payable reports what is paid out (1099): S1 p.91."""

    NONE = ""
    INTEREST = "INTEREST"
    MISCELLANEOUS = "MISCELLANEOUS"


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicType:
    """Something that may be said of an adjustment beyond its fields."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name on screens.", default="")
    values: tuple[str, ...] = described("Values", "Those that may be given; none for free text.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicRule:
    """A characteristic that adjustments of a type may have, or must."""

    characteristic_type: str
    required: bool = False
    default: str | None = None
    """Taken where none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """One thing said."""

    characteristic_type: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApRequestType:
    """How accounts payable is asked for a check (S1 p.41, 122)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    due_days: int = described("Due days", "From the adjustment's date to the date of the check.", default=0)
    payment_method: str = described("Payment method", "In the words of accounts payable.", default="CHECK")
    bank_account: str = described("Bank account", "From which it is paid.", refers="bank_account", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentType:
    """A kind of correction or fee (S1 p.89-97)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name in the history.", default="")
    description_on_bill: str = described("Description on bill", "What the customer reads.", default="")
    amount_type: AmountType = described(
        "Amount type", "Calculated amounts come from an algorithm.", default=AmountType.NON_CALCULATED
    )
    distribution_code: str = described(
        "Distribution code",
        "Against the receivable. Empty where the books are not touched, or calculation lines bring their codes.",
        refers="distribution_code",
        default="",
    )
    currency: str = described(
        "Currency", "Of the agreements it is meant for; empty for any.", refers="currency", default=""
    )
    sync_current: bool = described(
        "Sync current", "Brings the current balance to the payoff balance; never touches the books.", default=False
    )
    default_amount: Money | None = described("Default amount", "Proposed when none is given.", default=None)
    ap_request_type: str = described(
        "A/P request type", "Freezing asks accounts payable for a check.", refers="ap_request_type", default=""
    )
    ap_1099: TaxReport = described("A/P 1099", "How the payout is reported.", default=TaxReport.NONE)
    print_by_default: bool = described("Print by default", "The next bill shows it.", default=True)
    freeze_option: FreezeOption = described(
        "Freeze option",
        "When it may freeze; at will wherever the installation freezes bill segments at will.",
        default=FreezeOption.AT_WILL,
    )
    approval_profile: str = described(
        "Approval profile", "Who must approve it before it freezes.", refers="approval_profile", default=""
    )
    transfer: bool = described("Transfer", "Moves a balance between two agreements, always in pairs.", default=False)
    characteristics: tuple[Characteristic, ...] = described(
        "Characteristics", "What holds for all adjustments of the type.", default=()
    )
    adjustment_characteristics: tuple[CharacteristicRule, ...] = described(
        "Adjustment characteristics", "What one adjustment may or must have, in order.", default=()
    )
    adjustment_ft: str = described("Adjustment FT", "Books it.", refers="algorithm", default="AD-NORMAL")
    default_amount_rule: str = described(
        "Default amount algorithm", "Proposes an amount for an agreement.", refers="algorithm", default=""
    )
    determine_agreement: str = described(
        "Determine SA", "Finds the agreement where only the account is known.", refers="algorithm", default=""
    )
    generate_adjustment: str = described(
        "Generate adjustment", "Calculates the amount; needed where it is calculated.", refers="algorithm", default=""
    )
    validate_adjustment: tuple[str, ...] = described(
        "Validate adjustment", "Look at it once it is generated, in order.", refers="algorithm", default=()
    )
    adjustment_freeze: tuple[str, ...] = described(
        "Adjustment freeze", "What else follows when it freezes, in order.", refers="algorithm", default=()
    )
    adjustment_cancellation: tuple[str, ...] = described(
        "Adjustment cancellation", "What else follows when it is canceled, in order.", refers="algorithm", default=()
    )
    adjustment_information: str = described(
        "Adjustment information", "Says what it is; else the installation's.", refers="algorithm", default=""
    )
    resolve_suspense: str = described(
        "Resolve suspense", "Finds the agreement of one in suspense.", refers="algorithm", default=""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentTypeProfile:
    """Adjustment types that belong together; SA types name profiles (S1 p.90, 96)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    adjustment_types: tuple[str, ...] = described(
        "Adjustment types", "Those it holds; * for all.", refers="adjustment_type", every=True, default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentCancelReason:
    """Why an adjustment is taken back."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
