"""Deposits: what goes to the bank by drawers and turn-ins, and the slips it goes on; grand totals in seals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.lifecycles import ControlStatus, TurnInStatus
from cashier_app.domain.money import Money
from cashier_app.models.control import DepositControl, TenderDeposit
from cashier_app.models.journal import Seal
from cashier_app.services.explaining.drawers import OVERSEE, statement_for, stays
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, explains, page_of
from cashier_app.services.explaining.origins import by_control, made_at, moment
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.queries.deposits import DepositStatement, deposit_statement

_SLIP = Statement(
    select(
        *(TenderDeposit.id, TenderDeposit.amount, TenderDeposit.slip_number, TenderDeposit.bank_account),
        *(TenderDeposit.deposit_control_id, TenderDeposit.deposited_at, DepositControl.currency),
    )
    .join(DepositControl, DepositControl.id == TenderDeposit.deposit_control_id)
    .where(TenderDeposit.id == bindparam("slip_id"))
)
_SEAL = Statement(
    select(Seal.id, Seal.node_id, Seal.sequence, Seal.totals, Seal.sealed_at).where(Seal.id == bindparam("seal_id"))
)
_SEAL_BEFORE = Statement(
    select(Seal.id, Seal.totals)
    .where(Seal.node_id == bindparam("node_id"), Seal.sequence < bindparam("sequence"))
    .order_by(Seal.sequence.desc(), Seal.id.desc())
    .limit(1)
)


@explains(FigureKind.DEPOSIT, *OVERSEE)
def explain_deposit(
    asked: Asked, deposit_id: int, tender_type: str, which: Literal["to_deposit", "deposited", "left"]
) -> Explanation:
    """What is to be taken to the bank, of one tender type or of all; what is on slips; what is left."""
    found = deposit_statement(asked.store, asked.config, deposit_id)
    row = found.summary
    if which == "deposited":
        parts = [
            Part(
                words=f"Slip {slip.slip_number}, {slip.bank_description}",
                amount=slip.amount,
                figure=figure(FigureKind.SLIP, slip.tender_deposit_id),
            )
            for slip in found.slips
        ]
        title, total = "On slips", row.deposited
    elif which == "left":
        parts = [
            Part(words=words, amount=amount, figure=figure(FigureKind.DEPOSIT, deposit_id, "", name))
            for words, amount, name in (
                ("To be taken to the bank", row.to_deposit, "to_deposit"),
                ("On slips", -row.deposited, "deposited"),
            )
        ]
        title, total = "Not on a slip yet", found.left_to_deposit
    else:
        parts = list(_brought(asked, found, tender_type))
        total = sum(part.amount for part in parts)
        title = f"To be taken to the bank{f' in {tender_type}' if tender_type else ''}"
        if not tender_type and total != row.to_deposit:
            parts.append(Part(words="More floats than money: nothing is taken", amount=row.to_deposit - total))
            total = row.to_deposit
    page = page_of(asked, parts, lambda part: part.amount, lambda part: part)
    reasons = [
        Reason(
            words=f"Deposit of {row.business_date}: {row.drawers_balanced} of {row.drawers} drawer(s) are balanced."
        ),
        Reason(words="A drawer brings what was counted, less its float unless that goes too (R payments 2.11)."),
        *made_at(asked, deposit_id, row.opened_at),
    ]
    return asked.answer(title, total, row.currency, page.parts, reasons, rest=page.rest, next=page.next)


def _brought(asked: Asked, found: DepositStatement, tender_type: str) -> Iterator[Part]:
    for drawer in found.drawers:
        if drawer.status != ControlStatus.BALANCED:
            continue
        if not tender_type:
            address = figure(FigureKind.DRAWER, drawer.tender_control_id, "", "brings")
            yield Part(words=f"Drawer {drawer.tender_source}, {drawer.owner}", amount=drawer.amount, figure=address)
            continue
        control = statement_for(asked, drawer.tender_control_id)
        line = next((each for each in control.tender_types if each.tender_type == tender_type), None)
        if line is not None and line.counted:
            address = figure(FigureKind.DRAWER, drawer.tender_control_id, tender_type, "counted")
            yield Part(words=f"Counted in drawer {drawer.tender_source}", amount=line.counted, figure=address)
        if line is not None and stays(asked, control) and line.starting:
            address = figure(FigureKind.DRAWER, drawer.tender_control_id, "", "float")
            yield Part(words=f"The float stays in {drawer.tender_source}", amount=-line.starting, figure=address)
    for turn_in in found.turn_ins:
        if turn_in.status == TurnInStatus.RECEIVED and tender_type in {"", turn_in.tender_type}:
            address = figure(FigureKind.TURN_IN, turn_in.turn_in_id)
            yield Part(words=f"Turn-in {turn_in.receipt_number}", amount=turn_in.amount, figure=address)


@explains(FigureKind.SLIP, *OVERSEE)
def explain_slip(asked: Asked, slip_id: int) -> Explanation:
    """Who wrote it, to which bank account, of which deposit."""
    row = asked.store.one(_SLIP, ("DC-020", "There is no such deposit slip."), slip_id=slip_id)
    reasons = [
        by_control(asked, "bank_account", row.bank_account, "To"),
        Reason(words="Of a deposit.", figure=figure(FigureKind.DEPOSIT, row.deposit_control_id, "", "to_deposit")),
        *made_at(asked, slip_id, row.deposited_at),
    ]
    return asked.answer(f"Deposit slip {row.slip_number}", row.amount, row.currency, (), reasons)


@explains(FigureKind.SEAL, "see-expected", "ViewJournal")
def explain_seal(asked: Asked, seal_id: int, currency: str) -> Explanation:
    """The grand total when the workstation's chain was sealed: what it was at the seal before, and what came since."""
    row = asked.store.first(_SEAL, seal_id=seal_id)
    if row is None:
        refuse("EXP-001", "There is no such seal.", "figure")
    amount = _grand(row.totals, currency)
    before = asked.store.first(_SEAL_BEFORE, node_id=row.node_id, sequence=row.sequence)
    parts = []
    if before is not None:
        held = _grand(before.totals, currency)
        parts.append(Part(words="At the seal before", amount=held, figure=figure(FigureKind.SEAL, before.id, currency)))
        parts.append(Part(words="Taken since", amount=amount - held))
    reasons = [
        Reason(words="Everything that became final there, cash back taken off, cancellations not; it is never reset."),
        Reason(words=f"Sealed on {moment(row.sealed_at)}, after entry {row.sequence}."),
    ]
    return asked.answer("Tenders ever taken", amount, currency, parts, reasons)


def _grand(totals: str, currency: str) -> int:
    found = (Money.parse(each["amount"]) for each in json.loads(totals))
    return next((money.minor for money in found if money.currency == currency), 0)
