"""What of the control tables must be in one currency: a drawer, its bank, the agreements that take its differences."""

from __future__ import annotations

from collections.abc import Iterator

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import BankAccount, HouseAgreement, MovementReason, SaType, TenderSource
from cashier_app.domain.errors import Problem
from cashier_app.services.kernel.configuration import Configuration


def currency_problems(config: Configuration) -> Iterator[Problem]:
    """CFG-007 and CFG-011: cents of one currency that would be booked as cents of another."""
    for source in config.all(TenderSource).values():
        yield from _of_source(config, source)
    for reason in config.all(MovementReason).values():
        currency = _house_currency(config, reason.agreement)
        if reason.limit and currency not in {"", reason.limit.currency}:
            yield Problem(
                "CFG-011",
                f"Movement reason {reason.code} is limited in {reason.limit.currency}, its agreement is in {currency}.",
                f"movement_reason.{reason.code}.limit",
            )
    for sa_type in config.all(SaType).values():
        fee = config.all(AdjustmentType).get(sa_type.nsf_adjustment_type)
        if fee and fee.default_amount and fee.default_amount.currency != sa_type.currency:
            yield Problem(
                "CFG-011",
                f"SA type {sa_type.code} is in {sa_type.currency}, the fee of its returned checks is "
                f"{fee.default_amount}.",
                f"sa_type.{sa_type.code}.nsf_adjustment_type",
            )


def _of_source(config: Configuration, source: TenderSource) -> Iterator[Problem]:
    where = f"tender_source.{source.code}"
    bank = config.all(BankAccount).get(source.bank_account)
    if bank and bank.currency != source.currency:
        yield Problem("CFG-007", f"Tender source {source.code} and its bank account differ in currency.", where)
    for amount in (source.default_starting_balance, source.max_amount_balance, source.tolerance):
        if amount is not None and (amount.currency != source.currency or amount.minor < 0):
            yield Problem(
                "CFG-007", f"Tender source {source.code}: {amount} must be 0 or more {source.currency}.", where
            )
    for code in (source.over_under_agreement, source.suspense_agreement):
        currency = _house_currency(config, code)
        if currency not in {"", source.currency}:
            yield Problem(
                "CFG-011",
                f"Tender source {source.code} holds {source.currency}; house agreement {code} is in {currency}. "
                f"Name one in {source.currency}.",
                where,
            )


def _house_currency(config: Configuration, code: str) -> str:
    """The currency of a house agreement; empty where there is none, which is told elsewhere."""
    house = config.all(HouseAgreement).get(code)
    sa_type = config.all(SaType).get(house.sa_type) if house else None
    return sa_type.currency if sa_type else ""
