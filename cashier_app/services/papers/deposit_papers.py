"""Fills deposit slips and the journal report (rows A6, R payments 8.3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from cashier_app.documents.deposit_slip import DepositedDrawer, DepositSlipData, OtherDeposit
from cashier_app.documents.journal_report import JournalLine, JournalReportData
from cashier_app.documents.paper import CheckLine, TurnInLine
from cashier_app.domain.configuration import BankAccount, TenderSource, TenderType
from cashier_app.domain.lifecycles import TurnInStatus
from cashier_app.models.control import TenderDeposit
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.papers.words import Reader, letterhead, shown_key
from cashier_app.services.queries.deposits import Composition, DepositStatement, SlipFact, deposit_statement
from cashier_app.services.queries.ledger import trial_totals

_SLIP = Statement(select(TenderDeposit.deposit_control_id).where(TenderDeposit.id == bindparam("slip_id")))


def deposit_slip_data(store: Store, config: Configuration, tender_deposit_id: int, reader: Reader) -> DepositSlipData:
    """The slip of a tender deposit; refuses with DC-020.

    A slip for a part of the deposit does not say which part of it is cash and which checks: nobody knows.
    """
    missing = ("DC-020", "There is no such deposit slip.")
    deposit_id = store.one(_SLIP, missing, slip_id=tender_deposit_id).deposit_control_id
    statement = deposit_statement(store, config, deposit_id)
    slip = next(slip for slip in statement.slips if slip.tender_deposit_id == tender_deposit_id)
    return _slip_data(config, statement, reader, slip)


def deposit_preview_data(store: Store, config: Configuration, deposit_id: int, reader: Reader) -> DepositSlipData:
    """The slip as it would print if everything went to the bank now."""
    return _slip_data(config, deposit_statement(store, config, deposit_id), reader, None)


def _slip_data(
    config: Configuration, statement: DepositStatement, reader: Reader, slip: SlipFact | None
) -> DepositSlipData:
    summary = statement.summary
    is_whole = slip is None or slip.amount == summary.to_deposit
    bank = _bank(config, statement, slip)
    listed = {part.tender_type for part in statement.composition if is_whole and _is_listed(config, statement, part)}
    cash = sum(part.amount for part in statement.composition if is_whole and part.is_cash)
    return DepositSlipData(
        letterhead=letterhead(config),
        imprint=reader.imprint(f"DC {shown_key(summary.deposit_control_id)}"),
        bank_name=bank.description if bank else "",
        bank_account=f"\N{HORIZONTAL ELLIPSIS}{bank.account_last_four}" if bank else "",
        slip_number=slip.slip_number if slip else "",
        deposited_on=reader.moment(slip.deposited_at) if slip else "",
        deposit_control=shown_key(summary.deposit_control_id),
        currency=summary.currency,
        cash_total=cash,
        checks=tuple(
            CheckLine(
                number=check.number,
                payor=check.payor,
                amount=check.amount,
                receipt_number=check.receipt_number,
                bank=check.routing,
            )
            for check in statement.checks
            if check.tender_type in listed
        ),
        other=tuple(_others(statement, listed)) if is_whole else (_part(slip),),
        drawers=tuple(
            DepositedDrawer(
                drawer=f"{drawer.tender_source}, {drawer.description}",
                tender_control=shown_key(drawer.tender_control_id),
                owner=drawer.owner or "everybody",
                counted=drawer.counted,
                starting_float=drawer.starting_float,
            )
            for drawer in statement.drawers
            if drawer.status == "BALANCED"
        ),
        turn_ins=tuple(_turn_ins(config, statement, reader)),
        prepared_by=slip.deposited_by if slip else reader.name,
        notes=statement.notes if is_whole else (*statement.notes, "This slip is for a part of the deposit."),
        locale=reader.locale,
    )


def _bank(config: Configuration, statement: DepositStatement, slip: SlipFact | None) -> BankAccount | None:
    """The slip's, or that of the drawers where they agree."""
    codes = {config.get(TenderSource, drawer.tender_source).bank_account for drawer in statement.drawers}
    code = slip.bank_account if slip else codes.pop() if len(codes) == 1 else ""
    return config.all(BankAccount).get(code)


def _is_listed(config: Configuration, statement: DepositStatement, part: Composition) -> bool:
    """Whether a tender type is paper that is listed piece by piece, and the pieces add up to what was counted.

    A card slip has a number as well, but it is neither like cash nor gives any back.
    """
    tender_type = config.all(TenderType).get(part.tender_type)
    if tender_type is None or part.is_cash or not (tender_type.like_cash or tender_type.allow_cash_back):
        return False
    return part.amount == sum(check.amount for check in statement.checks if check.tender_type == part.tender_type)


def _others(statement: DepositStatement, listed: set[str]) -> list[OtherDeposit]:
    return [
        OtherDeposit(description=part.description, count=part.count, amount=part.amount)
        for part in statement.composition
        if not part.is_cash and part.tender_type not in listed
    ]


def _part(slip: SlipFact | None) -> OtherDeposit:
    assert slip is not None, "only a slip that was written may be a part"
    return OtherDeposit(description="Part of the deposit", count=1, amount=slip.amount)


def _turn_ins(config: Configuration, statement: DepositStatement, reader: Reader) -> list[TurnInLine]:
    types = config.all(TenderType)
    return [
        TurnInLine(
            time=reader.time(turn_in.created_at),
            number=turn_in.receipt_number,
            tender_type=types[turn_in.tender_type].description if turn_in.tender_type in types else turn_in.tender_type,
            amount=turn_in.amount,
            handed_by=turn_in.created_by,
            received_by=turn_in.received_by or "",
        )
        for turn_in in statement.turn_ins
        if turn_in.status == TurnInStatus.RECEIVED
    ]


def journal_report_data(  # noqa: PLR0917  # a span of days, for a reader
    store: Store, config: Configuration, first: date, last: date, reader: Reader, currency: str = ""
) -> JournalReportData:
    """The GL journal of some days in one currency (default: the installation's)."""
    currency = currency or config.installation.currency
    period = first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    totals = [total for total in trial_totals(store, config, first, last) if total.currency == currency]
    return JournalReportData(
        letterhead=letterhead(config),
        imprint=reader.imprint(f"GL {period}"),
        title="General ledger journal",
        period=period,
        scope="All drawers, adjustments and corrections",
        currency=currency,
        lines=tuple(
            JournalLine(
                distribution_code=total.distribution_code,
                gl_account=total.gl_account,
                debit=total.debit,
                credit=total.credit,
                description=total.description,
            )
            for total in totals
        ),
        locale=reader.locale,
    )
