"""Checks that accounts payable is asked to cut: asked for when an adjustment freezes, taken back when it is canceled.

Part of another command's transaction: whoever freezes or cancels adjustments calls `request_check` and `cancel_check`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentType, ApRequestType
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import CHECK_REQUEST, CheckStatus
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.check_request import CheckRequest
from cashier_app.models.customer import Account, Person
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(
    CheckRequest,
    "id adjustment_id account_id request_type amount currency payee address payment_method tax_category cut_date "
    "status",
)
_MOVE = change(CheckRequest, "status")
_OF_ADJUSTMENT = Statement(
    select(CheckRequest.id, CheckRequest.status, CheckRequest.document_number).where(
        CheckRequest.adjustment_id == bindparam("adjustment_id")
    )
)
_ADDED_ON = Statement(select(Adjustment.adjustment_date).where(Adjustment.id == bindparam("adjustment_id")))
_PAYEE = Statement(
    select(Person.name, Account.mailing_address)
    .join(Account, Account.main_person_id == Person.id)
    .where(Account.id == bindparam("account_id"))
)


class Refund(NamedTuple):
    """A frozen adjustment, as far as its check needs it."""

    adjustment_id: int
    adjustment_type: str
    account_id: int
    amount: int
    """Minor units; only what debits the customer's account is paid out."""
    currency: str


def request_check(work: Work, refund: Refund) -> int | None:
    """Ask for the check of an adjustment that freezes; nothing where its type asks for none (S1 p.122).

    Payee and address are those of now; the check is cut the request type's due days after the adjustment's date.

    Raises:
        RuleViolation: CHK-001 where the account has no address to send it to.
    """
    adjustment_type = work.config.get(AdjustmentType, refund.adjustment_type)
    if not adjustment_type.ap_request_type or refund.amount <= 0:
        return None
    request_type = work.config.get(ApRequestType, adjustment_type.ap_request_type)
    added_on = work.store.value(_ADDED_ON, adjustment_id=refund.adjustment_id)
    payee = work.store.one(_PAYEE, ("CUS-001", "There is no such account."), account_id=refund.account_id)
    if not payee.mailing_address.strip():
        refuse("CHK-001", "The account has no mailing address, and a check must go somewhere. Add one first.")
    request_id = work.new_id()
    row = (
        request_id,
        refund.adjustment_id,
        refund.account_id,
        request_type.code,
        refund.amount,
        refund.currency,
        payee.name,
        payee.mailing_address,
        request_type.payment_method,
        adjustment_type.ap_1099.value,
        added_on + timedelta(request_type.due_days),
        CheckStatus.REQUESTED.value,
    )
    work.store.write(_INSERT, [row])
    work.changed("check_request", request_id)
    return request_id


def cancel_check(work: Work, adjustment_id: int) -> int | None:
    """Take back the check of an adjustment that is being canceled; nothing where there is none (R adjustments 4).

    Before it went to accounts payable, and once that has stopped it, the request is canceled along.

    Raises:
        RuleViolation: CHK-003 while accounts payable has it; CHK-004 once it is paid.
    """
    request = work.store.first(_OF_ADJUSTMENT, adjustment_id=adjustment_id)
    if request is None or request.status == CheckStatus.CANCELED:
        return None
    if request.status == CheckStatus.EXTRACTED:
        refuse(
            "CHK-003",
            "The check is with accounts payable. Have it stopped or canceled there; its answer makes canceling "
            "possible, or does it.",
        )
    if request.status == CheckStatus.PAID:
        refuse("CHK-004", f"The refund was paid by check {request.document_number}; it cannot be canceled.")
    move_check(work, request, CheckStatus.CANCELED)
    return int(request.id)


def move_check(work: Work, request: Any, target: CheckStatus) -> None:
    """The next state of a request, given a row of its `id` and `status`."""
    CHECK_REQUEST.move(CheckStatus(request.status), target)
    work.store.write(_MOVE, [(target.value, request.id)])
    work.changed("check_request", request.id)
