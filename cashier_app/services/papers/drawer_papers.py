"""Fills drawer reports: X as the drawer is now, Z as it was sealed (row A7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select

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
from cashier_app.documents.paper import CheckLine, DenominationCount, TurnInLine
from cashier_app.domain.configuration import PayCancelReason, TenderType
from cashier_app.domain.errors import refuse
from cashier_app.domain.journal import NO_HASH
from cashier_app.domain.lifecycles import ControlStatus, EventKind, TenderStatus
from cashier_app.models.control import DrawerReport
from cashier_app.models.journal import Node
from cashier_app.models.journal import Seal as SealRow
from cashier_app.services.cashiering.drawer_statements import (
    DrawerStatement,
    TenderTypeStatement,
    TurnInFact,
    drawer_statement,
)
from cashier_app.services.cashiering.drawer_tenders import TenderFact
from cashier_app.services.cashiering.z_reports import ZContent, z_hash
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.papers.words import Reader, letterhead, shown_key

_REPORT = Statement(
    select(
        DrawerReport.number,
        DrawerReport.node_id,
        DrawerReport.content,
        DrawerReport.previous_hash,
        DrawerReport.hash,
        DrawerReport.printed_at,
        Node.name.label("node"),
    )
    .join(Node, Node.id == DrawerReport.node_id)
    .where(DrawerReport.id == bindparam("report_id"))
)
_SEAL = Statement(
    select(SealRow.sequence)
    .where(
        SealRow.node_id == bindparam("node_id"),
        SealRow.kind == "DRAWER",
        SealRow.sealed_at == bindparam("sealed_at"),
    )
    .order_by(SealRow.sequence.desc())
)
_WITH_NUMBER = frozenset((EventKind.CIS, EventKind.NON_CIS, EventKind.UPLOAD, EventKind.AUTOPAY))


def drawer_report_data(store: Store, config: Configuration, control_id: int, reader: Reader) -> DrawerReportData:
    """The X report of a drawer as it is now; blind for who may not see. Of a balanced one, its report as a copy."""
    statement = drawer_statement(store, config, control_id, may_see_expected=reader.may_see_expected)
    is_balanced = statement.status == ControlStatus.BALANCED
    kind = DrawerReportKind.TENDER_CONTROL if is_balanced else DrawerReportKind.X
    return _data(config, statement, reader, kind, f"TC {shown_key(control_id)}")


def z_report_data(store: Store, config: Configuration, report_id: int, reader: Reader) -> DrawerReportData:
    """A Z report from what was stored when the drawer was balanced; refuses with ZRP-001, or ZRP-002 if altered."""
    row = store.one(_REPORT, ("ZRP-001", "There is no such Z report."), report_id=report_id)
    if z_hash(bytes(row.previous_hash), row.number, row.content) != bytes(row.hash):
        refuse(
            "ZRP-002", f"Z report {row.number} was altered: its content does not give its hash. Run `cashier verify`."
        )
    content = from_json(row.content, ZContent)
    seal = _seal(row, content, store.value(_SEAL, node_id=row.node_id, sealed_at=row.printed_at) or 0)
    return _data(config, content.statement, reader, DrawerReportKind.Z, f"Z {row.number:06d}", seal, row.node)


def _seal(row: Any, content: ZContent, sequence: int) -> Seal:
    currency = content.statement.currency
    total = next((total for total in content.running_totals if total.amount.currency == currency), None)
    previous = bytes(row.previous_hash)
    return Seal(
        z_number=row.number,
        branch=row.node,
        sequence=sequence,
        previous_hash="" if previous == NO_HASH else previous.hex(),
        own_hash=bytes(row.hash).hex(),
        running_count=total.payments if total else 0,
        running_total=total.amount.minor if total else 0,
    )


def _data(
    config: Configuration,
    statement: DrawerStatement,
    reader: Reader,
    kind: DrawerReportKind,
    document_id: str,
    *sealed: Any,
) -> DrawerReportData:
    seal, workstation = sealed or (None, "")
    words = _Words(config, statement, reader)
    return DrawerReportData(
        letterhead=letterhead(config),
        kind=kind,
        imprint=reader.imprint(document_id),
        drawer=f"{statement.tender_source}, {statement.description}",
        tender_control=shown_key(statement.tender_control_id),
        owner=statement.owner or "everybody",
        state=statement.status.capitalize(),
        business_date=statement.business_date.isoformat(),
        opened_at=reader.moment(statement.opened_at),
        closed_at=reader.moment(statement.balanced_at),
        workstation=workstation,
        currency=statement.currency,
        lines=tuple(_line(row) for row in statement.tender_types),
        denominations=tuple(words.denominations()),
        over_unders=tuple(words.over_unders()),
        checks=tuple(words.checks()),
        turn_ins=tuple(words.turn_in(turn_in) for turn_in in statement.turn_ins),
        paid_in_out=tuple(words.paid_in_out()),
        no_sales=tuple(
            NoSaleLine(
                time=reader.time(opening.opened_at),
                by=opening.opened_by,
                reason=": ".join(part for part in (opening.reason, opening.note) if part),
            )
            for opening in statement.openings
        ),
        cancellations=tuple(words.cancellations()),
        seal=seal,
        notes=statement.notes,
        supervisor=statement.balanced_by if statement.balanced_by != statement.owner else "",
        locale=reader.locale,
    )


def _line(row: TenderTypeStatement) -> TenderTypeLine:
    return TenderTypeLine(
        tender_type=row.description,
        count=row.count,
        starting_float=row.starting,
        taken=row.taken,
        cash_back=row.cash_back,
        turned_in=row.turned_in,
        paid_in=row.paid_in,
        paid_out=row.paid_out,
        over_under=row.over_under,
        expected=row.expected,
        counted=row.counted,
    )


class _Words:
    """The lists of a report in words."""

    def __init__(self, config: Configuration, statement: DrawerStatement, reader: Reader) -> None:
        self.types = config.all(TenderType)
        self.reasons = config.all(PayCancelReason)
        self.statement = statement
        self.reader = reader

    def type_name(self, code: str) -> str:
        return self.types[code].description if code in self.types else code

    def valid(self, *kinds: EventKind) -> Iterator[TenderFact]:
        for tender in self.statement.listed:
            if tender.status == TenderStatus.VALID and tender.kind in kinds:
                yield tender

    def checks(self) -> Iterator[CheckLine]:
        for tender in self.valid(*_WITH_NUMBER):
            yield CheckLine(
                number=tender.reference,
                payor=tender.payor,
                amount=tender.amount,
                receipt_number=tender.receipt_number or "",
                bank=tender.routing.partition(" ")[0],
            )

    def over_unders(self) -> Iterator[OverUnderLine]:
        for tender in self.valid(EventKind.OVER_UNDER):
            code = tender.applies_to or tender.tender_type
            yield OverUnderLine(tender_type=self.type_name(code), amount=tender.amount, reason=tender.note)

    def paid_in_out(self) -> Iterator[PaidInOutLine]:
        for tender in self.valid(EventKind.PAY_IN_OUT):
            time = self.reader.time(tender.taken_at)
            yield PaidInOutLine(time=time, amount=tender.amount, reason=tender.note, by=tender.taken_by)

    def cancellations(self) -> Iterator[CancellationLine]:
        for tender in self.statement.listed:
            if tender.status == TenderStatus.CANCELED:
                reason = self.reasons.get(tender.cancel_reason or "")
                yield CancellationLine(
                    time=self.reader.time(tender.canceled_at),
                    receipt_number=tender.receipt_number or "",
                    tender_type=self.type_name(tender.tender_type),
                    amount=abs(tender.amount),
                    reason=reason.description if reason else tender.cancel_reason or "",
                    by=tender.canceled_by,
                )

    def denominations(self) -> Iterator[DenominationCount]:
        for row in self.statement.denominations:
            if row.pieces:
                name = self.type_name(row.tender_type)
                yield DenominationCount(value=row.amount // row.pieces, pieces=row.pieces, tender_type=name)

    def turn_in(self, turn_in: TurnInFact) -> TurnInLine:
        return TurnInLine(
            time=self.reader.time(turn_in.created_at),
            number=turn_in.receipt_number,
            tender_type=self.type_name(turn_in.tender_type),
            amount=turn_in.amount,
            handed_by=turn_in.created_by,
            received_by=turn_in.received_by or "",
            drawer=self.statement.tender_source,
        )
