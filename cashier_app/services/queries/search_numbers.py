"""Accounts found by a number: of account, receipt, bill, other system, person, service point, or check."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text

from cashier_app.domain.identifiers import ACCOUNT_DIGITS, RECEIPT_DIGITS, has_valid_check_digit
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.customer import (
    Account,
    AgreementServicePoint,
    PersonIdentifier,
    ServiceAgreement,
    ServicePoint,
)
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.services.kernel.guarded import GROUPS, Guarded, guarded
from cashier_app.services.kernel.statements import among
from cashier_app.services.kernel.store import Store


class Why(StrEnum):
    """Why a row was found, the most specific first."""

    ACCOUNT_NUMBER = "ACCOUNT_NUMBER"
    RECEIPT_NUMBER = "RECEIPT_NUMBER"
    EXTERNAL_NUMBER = "EXTERNAL_NUMBER"
    BILL_NUMBER = "BILL_NUMBER"
    IDENTIFIER = "IDENTIFIER"
    """Of a person elsewhere, or of a service point."""
    CHECK = "CHECK"
    """A check with the same routing and account number was taken from this customer before."""
    WORDS = "WORDS"
    """Words of name or address, or digits of a phone number."""


class Hit(NamedTuple):
    """An account, and why it was found."""

    account_id: int
    why: Why
    matched: str
    check_digit_ok: bool = True
    event_id: int | None = None
    whole: bool = True
    """False where only the beginning of a number was typed."""


_BY_NUMBER = guarded(select(Account.id, Account.number).where(among(Account.number, "codes")), Account.id)
_FIRST = 2_000
"""Of so many accounts whose numbers begin alike a small office's own are picked; the next digit finds the others."""


def _beginning(number: Any) -> Guarded:
    """Accounts whose number lies between `low` and `high`, by number."""
    alike = select(Account.id, number).where(number >= bindparam("low"), number <= bindparam("high"))
    ordered = alike.order_by(number, Account.id)
    first = ordered.add_columns(Account.access_group).limit(_FIRST).subquery()
    seen = select(first.c.id, first.c[number.key]).where(among(first.c.access_group, GROUPS))
    most: Any = bindparam("most")
    return Guarded(ordered.limit(most), seen.order_by(first.c[number.key], first.c.id).limit(most))


_NUMBERS_FROM = _beginning(Account.number)
_BY_EXTERNAL = guarded(
    select(Account.id, Account.external_number)
    .where(among(Account.external_number, "codes"))
    .order_by(Account.id)
    .limit(bindparam("most")),
    Account.id,
)
_EXTERNALS_FROM = _beginning(Account.external_number)
_payor = (
    select(Tender.payor_account_id)
    .where(Tender.event_id == PaymentEvent.id)
    .order_by(Tender.id)
    .limit(1)
    .correlate(PaymentEvent)
    .scalar_subquery()
)
_RECEIPTS_FROM = guarded(
    select(PaymentEvent.id, PaymentEvent.receipt_number, _payor.label("payor"))
    .where(PaymentEvent.receipt_number >= bindparam("low"), PaymentEvent.receipt_number <= bindparam("high"))
    .order_by(PaymentEvent.receipt_number)
    .limit(bindparam("most")),
    _payor,
)
_BY_BILL = guarded(
    select(ServiceAgreement.account_id, Adjustment.reference)
    .join(ServiceAgreement, ServiceAgreement.id == Adjustment.sa_id)
    .where(among(Adjustment.reference, "codes"))
    .order_by(Adjustment.id.desc())
    .limit(bindparam("most")),
    ServiceAgreement.account_id,
)
_BY_IDENTIFIER = guarded(
    select(Account.id, PersonIdentifier.value)
    .join(Account, Account.main_person_id == PersonIdentifier.person_id)
    .where(among(PersonIdentifier.value, "codes"))
    .order_by(Account.id)
    .limit(bindparam("most")),
    Account.id,
)
_BY_SERVICE_POINT = guarded(
    select(ServiceAgreement.account_id, ServicePoint.external_id)
    .join(AgreementServicePoint, AgreementServicePoint.service_point_id == ServicePoint.id)
    .join(ServiceAgreement, ServiceAgreement.id == AgreementServicePoint.sa_id)
    .where(among(ServicePoint.external_id, "codes"))
    .order_by(ServiceAgreement.id.desc())
    .limit(bindparam("most")),
    ServiceAgreement.account_id,
)
_PAYORS_BY_CHECK = guarded(
    select(Tender.payor_account_id)
    # Written out, so that the partial index serves.
    .where(Tender.micr == bindparam("micr"), text("tender.micr <> ''"))
    .order_by(Tender.id.desc())
    .limit(bindparam("most")),
    Tender.payor_account_id,
)
_LONGEST_NUMBER = 40
_SHORTEST_BEGINNING = 3
_SEPARATORS = str.maketrans("", "", " \t-./()+")


def number_in(asked: str) -> str:
    """The digits of a text that is nothing but a number, however it is grouped; empty for anything else."""
    packed = asked.translate(_SEPARATORS)
    return packed if packed.isascii() and packed.isdigit() and len(packed) <= _LONGEST_NUMBER else ""


def judge_number(asked: str) -> bool | None:
    """Whether the check digit of a whole account or receipt number is right; nothing for anything else."""
    digits = number_in(asked)
    return has_valid_check_digit(digits) if len(digits) in {ACCOUNT_DIGITS, RECEIPT_DIGITS} else None


def hits_of_number(store: Store, asked: str, most: int) -> list[Hit]:
    """Accounts that a number leads to, the most specific first; nothing for words."""
    codes = _codes(asked)
    if not codes:
        return []
    hits = list(_whole(store, codes, most))
    digits = number_in(asked)
    if digits and not hits:
        hits = list(_nearly(store, digits))
    if digits and len(hits) < most:
        hits += _beginnings(store, digits, most)
    return hits


def hits_of_check(store: Store, micr: str, most: int) -> list[Hit]:
    """Customers who paid with this check's account before, the latest first."""
    rows = store.all(_PAYORS_BY_CHECK, micr=micr, most=most * 4)
    return [Hit(row.payor_account_id, Why.CHECK, micr) for row in rows]


def _codes(asked: str) -> list[str]:
    """The ways in which a number or code may be stored; nothing where there is no digit, or several words."""
    digits = number_in(asked)
    if not digits and (len(asked.split()) != 1 or not any(c.isdigit() for c in asked) or len(asked) > _LONGEST_NUMBER):
        return []
    forms = (asked.strip(), asked.strip().upper(), digits)
    return list(dict.fromkeys(form for form in forms if form and "\0" not in form))


def _whole(store: Store, codes: list[str], most: int) -> Iterator[Hit]:
    for row in store.all(_BY_NUMBER, codes=codes):
        yield Hit(row.id, Why.ACCOUNT_NUMBER, row.number)
    for code in codes:
        if len(code) == RECEIPT_DIGITS:
            yield from _receipts(store, code, code, ok=True)
    for query, why in (
        (_BY_EXTERNAL, Why.EXTERNAL_NUMBER),
        (_BY_BILL, Why.BILL_NUMBER),
        (_BY_IDENTIFIER, Why.IDENTIFIER),
        (_BY_SERVICE_POINT, Why.IDENTIFIER),
    ):
        for account_id, matched in store.all(query, codes=codes, most=most):
            yield Hit(account_id, why, matched)


def _nearly(store: Store, digits: str) -> Iterator[Hit]:
    """The account or receipt whose number differs in its check digit alone."""
    if judge_number(digits) is not False:
        return
    low, high = f"{digits[:-1]}0", f"{digits[:-1]}9"
    if len(digits) == ACCOUNT_DIGITS:
        for row in store.all(_NUMBERS_FROM, low=low, high=high, most=1):
            yield Hit(row.id, Why.ACCOUNT_NUMBER, row.number, check_digit_ok=False)
    else:
        yield from _receipts(store, low, high, ok=False)


def _receipts(store: Store, low: str, high: str, *, ok: bool) -> Iterator[Hit]:
    for row in store.all(_RECEIPTS_FROM, low=low, high=high, most=1):
        if row.payor is not None:
            yield Hit(row.payor, Why.RECEIPT_NUMBER, row.receipt_number, check_digit_ok=ok, event_id=row.id)


def _beginnings(store: Store, digits: str, most: int) -> Iterator[Hit]:
    if len(digits) < _SHORTEST_BEGINNING:
        return
    # Digits alone as bounds: they compare alike in every collation.
    bounds = {"low": digits, "high": digits + "9" * _LONGEST_NUMBER}
    if len(digits) < ACCOUNT_DIGITS:
        for row in store.all(_NUMBERS_FROM, **bounds, most=most):
            yield Hit(row.id, Why.ACCOUNT_NUMBER, row.number, whole=False)
    for row in store.all(_EXTERNALS_FROM, **bounds, most=most):
        yield Hit(row.id, Why.EXTERNAL_NUMBER, row.external_number, whole=False)
