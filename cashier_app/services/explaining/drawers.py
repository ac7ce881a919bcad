"""Drawers: what one should hold and what was counted, by the tenders, turn-ins and counts behind it (R payments 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NoReturn

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.lifecycles import ControlStatus, TurnInStatus
from cashier_app.models.control import DrawerReport, TenderControl, TurnIn
from cashier_app.models.payment import PaymentEvent, Tender
from cashier_app.services.cashiering.drawer_statements import (
    DrawerStatement,
    TenderTypeStatement,
    drawer_statement,
    is_counted,
    is_from_customer,
    is_movement,
    is_over_under,
    type_in_drawer,
)
from cashier_app.services.cashiering.z_reports import ZContent
from cashier_app.services.explaining.explanation import (
    Asked,
    Explanation,
    Page,
    Part,
    Reason,
    explains,
    page_by_key,
    page_of,
)
from cashier_app.services.explaining.origins import by_control, made_at, moment
from cashier_app.services.kernel.codec import from_json
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.payments.drawers import like_cash_types

OVERSEE: Final = ("DepositControls", "see-expected")
"""Whoever holds one of them looks after everybody's drawers."""
InDrawer = Literal[
    "expected",
    "counted",
    "difference",
    "starting",
    "taken",
    "cash_back",
    "turned_in",
    "paid_in",
    "paid_out",
    "over_under",
    "count",
    "float",
    "tenders",
    "like_cash",
    "waiting",
    "brings",
]
"""Of one tender type; from `float` on of the whole drawer, whose tender type is left empty."""

_STEPS: Final = {
    "starting": ("It began with", 1),
    "taken": ("Taken from customers", 1),
    "cash_back": ("Given back to customers", -1),
    "turned_in": ("Turned in", -1),
    "paid_in": ("Put in without a customer", 1),
    "paid_out": ("Paid out", -1),
    "over_under": ("Booked as over or short", 1),
}
"""What leads from the float to what is expected (R payments 2.5)."""
_IS_OF: Final = {
    "taken": is_from_customer & (Tender.amount > 0),
    "cash_back": is_from_customer & (Tender.amount < 0),
    "paid_in": is_movement & (Tender.amount > 0),
    "paid_out": is_movement & (Tender.amount < 0),
    "over_under": is_over_under,
    "count": Tender.id > 0,
}
_TENDERS: Final = {
    name: Statement(
        select(Tender.id, Tender.amount, Tender.reference, PaymentEvent.receipt_number, PaymentEvent.created_at)
        .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
        .where(
            Tender.tender_control_id == bindparam("control_id"),
            Tender.id > bindparam("after"),
            type_in_drawer == bindparam("tender_type"),
            is_counted,
            condition,
        )
        .order_by(Tender.id)
        .limit(bindparam("most"))
    )
    for name, condition in _IS_OF.items()
}
_REPORT = Statement(
    select(DrawerReport.number, DrawerReport.tender_control_id, DrawerReport.content, DrawerReport.printed_at).where(
        DrawerReport.id == bindparam("report_id")
    )
)
_TURN_IN = Statement(
    select(
        *(TurnIn.id, TurnIn.tender_control_id, TurnIn.deposit_control_id, TurnIn.tender_type, TurnIn.amount),
        *(TurnIn.status, TurnIn.receipt_number, TurnIn.created_at, TenderControl.currency, TenderControl.tender_source),
    )
    .join(TenderControl, TenderControl.id == TurnIn.tender_control_id)
    .where(TurnIn.id == bindparam("turn_in_id"))
)


def statement_for(asked: Asked, control_id: int) -> DrawerStatement:
    """One's own drawer, or anybody's for who oversees them; blind where it is for the viewer (decision 14)."""
    viewer = asked.viewer
    found = drawer_statement(asked.store, asked.config, control_id, may_see_expected=viewer.may("see-expected"))
    if found.owner_id not in {None, viewer.user_id}:
        viewer.needs(*OVERSEE)
    return found


def stays(asked: Asked, drawer: DrawerStatement) -> int:
    """The float that does not go to the bank (R payments O-4)."""
    everything = asked.config.get(TenderSource, drawer.tender_source).deposit_everything
    return 0 if everything else drawer.starting_balance


@explains(FigureKind.DRAWER, "OpenTenderControl", *OVERSEE)
def explain_drawer(asked: Asked, control_id: int, tender_type: str, which: InDrawer) -> Explanation:
    """A figure of a drawer; refuses with SEC-003 what a blind count hides."""
    drawer = statement_for(asked, control_id)
    lines = {line.tender_type: line for line in drawer.tender_types}
    if tender_type:
        known = lines.get(tender_type) or _nothing(asked, drawer, tender_type)
        amount, page = _of_type(asked, drawer, known, which)
        title = f"{_TITLES[which]} in {known.description}, drawer {drawer.tender_source}"
    else:
        amount, page = _of_all(asked, drawer, which)
        title = f"{_TITLES[which]}, drawer {drawer.tender_source}"
    currency = "" if which in {"count", "tenders"} else drawer.currency
    reasons = [*_reasons(asked, drawer, which)]
    return asked.answer(title, amount, currency, page.parts, reasons, rest=page.rest, next=page.next)


_TITLES: Final = {
    "expected": "Expected",
    "counted": "Counted",
    "difference": "Over or short",
    "starting": "It began with",
    "taken": "Taken from customers",
    "cash_back": "Given back to customers",
    "turned_in": "Turned in",
    "paid_in": "Put in",
    "paid_out": "Paid out",
    "over_under": "Booked as over or short",
    "count": "Tenders",
    "float": "Float",
    "tenders": "Tenders",
    "like_cash": "Cash and its like",
    "waiting": "Turned in and not received yet",
    "brings": "Goes to the bank",
}


def _hidden() -> NoReturn:
    refuse(
        "SEC-003",
        "The drawer is counted blind: what it should hold is told once it is counted. Ask somebody with the right "
        "see-expected.",
    )


def _nothing(asked: Asked, drawer: DrawerStatement, tender_type: str) -> TenderTypeStatement:
    description = asked.config.get(TenderType, tender_type).description
    zero = None if drawer.blind else 0
    return TenderTypeStatement(
        tender_type=tender_type,
        description=description,
        count=0,
        starting=0,
        taken=zero,
        cash_back=zero,
        turned_in=0,
        paid_in=0,
        paid_out=0,
        over_under=0,
        expected=zero,
        counted=None,
    )


def _address(drawer: DrawerStatement, tender_type: str, which: str) -> Any:
    return figure(FigureKind.DRAWER, drawer.tender_control_id, tender_type, which)


def _of_type(asked: Asked, drawer: DrawerStatement, line: TenderTypeStatement, which: InDrawer) -> tuple[int, Page]:
    def of(name: str) -> int:
        value = getattr(line, name)
        if value is None and name != "counted":
            _hidden()
        return int(value or 0)

    code = line.tender_type
    if which == "expected":
        parts = [
            Part(words=words, amount=sign * of(name), figure=_address(drawer, code, name))
            for name, (words, sign) in _STEPS.items()
            if of(name)
        ]
        return of("expected"), Page(tuple(parts))
    if which == "difference":
        both = (
            Part(words="Counted", amount=of("counted"), figure=_address(drawer, code, "counted")),
            Part(words="Expected", amount=-of("expected"), figure=_address(drawer, code, "expected")),
        )
        return of("counted") - of("expected"), Page(both)
    if which == "counted":
        return of("counted"), _counted(asked, drawer, line)
    if which == "turned_in":
        return of("turned_in"), _turned_in(asked, drawer, code)
    if which in _TENDERS:
        return of(which), _tenders(asked, drawer, line, which)
    if which != "starting":
        refuse("EXP-001", f"{which} is of the whole drawer: leave the tender type empty.", "figure")
    return of("starting"), Page(())


def _tenders(asked: Asked, drawer: DrawerStatement, line: TenderTypeStatement, which: str) -> Page:
    if drawer.blind:
        _hidden()
    count, sign = which == "count", -1 if which in {"cash_back", "paid_out"} else 1
    total = line.count if count else int(getattr(line, which) or 0)

    def read(after: int, most: int) -> list[Any]:
        return asked.store.all(
            _TENDERS[which], control_id=drawer.tender_control_id, tender_type=line.tender_type, after=after, most=most
        )

    def part(row: Any) -> Part:
        number = " ".join(
            text for text in (row.reference, row.receipt_number and f"receipt {row.receipt_number}") if text
        )
        return Part(
            words=f"{moment(row.created_at)} {number}".strip(),
            amount=1 if count else sign * row.amount,
            figure=figure(FigureKind.TENDER, row.id),
        )

    return page_by_key(
        asked, total, read, lambda row: int(row.id), lambda row: 1 if count else sign * int(row.amount), part
    )


def _counted(asked: Asked, drawer: DrawerStatement, line: TenderTypeStatement) -> Page:
    pieces = [each for each in drawer.denominations if each.tender_type == line.tender_type and each.amount]
    if sum(each.amount for each in pieces) != (line.counted or 0):
        return Page(())
    return page_of(
        asked,
        pieces,
        lambda each: each.amount,
        lambda each: Part(words=f"{each.pieces} x {each.denomination}", amount=each.amount),
    )


def _turned_in(asked: Asked, drawer: DrawerStatement, code: str) -> Page:
    rows = [row for row in drawer.turn_ins if row.tender_type == code and row.status != TurnInStatus.VOIDED]
    return page_of(
        asked,
        rows,
        lambda row: row.amount,
        lambda row: Part(
            words=f"{moment(row.created_at)} by {row.created_by}, {row.receipt_number}",
            amount=row.amount,
            figure=figure(FigureKind.TURN_IN, row.turn_in_id),
        ),
    )


def _of_all(asked: Asked, drawer: DrawerStatement, which: InDrawer) -> tuple[int, Page]:
    if which == "brings" and drawer.status != ControlStatus.BALANCED:
        return 0, Page(())
    if which in {"expected", "like_cash", "counted", "difference", "tenders", "brings"}:
        if drawer.blind and which != "tenders":
            _hidden()
        name = {"tenders": "count", "like_cash": "expected", "brings": "counted"}.get(which, which)
        kinds = like_cash_types(asked.config)
        parts = [
            Part(words=line.description, amount=_value(line, name), figure=_address(drawer, line.tender_type, name))
            for line in drawer.tender_types
            if _value(line, name) and (which != "like_cash" or line.tender_type in kinds)
        ]
        if which == "brings" and stays(asked, drawer):
            parts.append(
                Part(
                    words="The float stays in the drawer",
                    amount=-stays(asked, drawer),
                    figure=_address(drawer, "", "float"),
                )
            )
        return sum(part.amount for part in parts), Page(tuple(parts))
    if which == "waiting":
        pending = [row for row in drawer.turn_ins if row.status == TurnInStatus.PENDING]
        page = page_of(
            asked,
            pending,
            lambda row: row.amount,
            lambda row: Part(
                words=f"{row.receipt_number} of {moment(row.created_at)}",
                amount=row.amount,
                figure=figure(FigureKind.TURN_IN, row.turn_in_id),
            ),
        )
        return sum(row.amount for row in pending), page
    if which != "float":
        refuse("EXP-001", f"{which} is of one tender type: name it.", "figure")
    return drawer.starting_balance, Page(())


def _value(line: TenderTypeStatement, name: str) -> int:
    if name == "difference":
        return (line.counted or 0) - (line.expected or 0)
    return int(getattr(line, name) or 0)


def _reasons(asked: Asked, drawer: DrawerStatement, which: InDrawer) -> Iterator[Reason]:
    if which == "expected":
        yield Reason(words="What it began with and was taken, less what left it (R payments 2.5).")
    if which == "like_cash" and drawer.limit is not None:
        yield by_control(asked, "tender_source", drawer.tender_source, "How much it may hold is set up")
    if which == "brings":
        yield Reason(words="What was counted, less the float unless that goes too (R payments 2.11).")
    if which in {"counted", "difference", "brings"}:
        yield Reason(words=f"Counted {drawer.counts} time(s); the last count is the one that holds.")
        if drawer.balanced_at is not None:
            yield Reason(words=f"Balanced on {moment(drawer.balanced_at)} by {drawer.balanced_by or 'System'}.")
            yield from made_at(asked, drawer.tender_control_id, drawer.opened_at)
            return
    if which == "float":
        yield by_control(asked, "tender_source", drawer.tender_source, "The float that is proposed")
    owner = drawer.owner or "everybody"
    yield Reason(words=f"Drawer {drawer.tender_source} of {owner}, business date {drawer.business_date}.")
    yield from made_at(asked, drawer.tender_control_id, drawer.opened_at)


@explains(FigureKind.TURN_IN, "OpenTenderControl", *OVERSEE)
def explain_turn_in(asked: Asked, turn_in_id: int) -> Explanation:
    """Who handed it in, and what became of it."""
    row = asked.store.one(_TURN_IN, ("TC-013", "There is no such turn-in."), turn_in_id=turn_in_id)
    drawer = statement_for(asked, row.tender_control_id)
    state = {"PENDING": "It waits to be received.", "RECEIVED": "It was received.", "VOIDED": "It was taken back."}
    received = next((each.received_by for each in drawer.turn_ins if each.turn_in_id == turn_in_id), None)
    reasons = [
        Reason(words=f"{state.get(row.status, row.status)}{f' By {received}.' if received else ''}"),
        Reason(
            words=f"It left drawer {row.tender_source}.",
            figure=figure(FigureKind.DRAWER, row.tender_control_id, row.tender_type, "turned_in"),
        ),
        *made_at(asked, turn_in_id, row.created_at),
    ]
    return asked.answer(f"Turn-in {row.receipt_number}", row.amount, row.currency, (), reasons)


@explains(FigureKind.Z_REPORT, *OVERSEE)
def explain_z_report(
    asked: Asked, report_id: int, tender_type: str, which: Literal["expected", "counted", "difference"]
) -> Explanation:
    """What a Z report said, line by line, beside what its drawer says of itself."""
    row = asked.store.one(_REPORT, ("ZRP-001", "There is no such Z report."), report_id=report_id)
    said = from_json(row.content, ZContent)
    lines = [line for line in said.statement.tender_types if tender_type in {"", line.tender_type}]
    parts = [
        Part(
            words=line.description,
            amount=_value(line, which),
            figure=figure(FigureKind.DRAWER, row.tender_control_id, line.tender_type, which),
        )
        for line in lines
    ]
    reasons = [
        Reason(words=f"As Z report {row.number} said on {moment(row.printed_at)}; it never changes."),
        *(Reason(words=f"Grand total then: {each.payments} tender(s), {each.amount}.") for each in said.running_totals),
        *made_at(asked, report_id, row.printed_at),
    ]
    title = f"{_TITLES[which]}, Z report {row.number} of drawer {said.statement.tender_source}"
    return asked.answer(title, sum(part.amount for part in parts), said.statement.currency, parts, reasons)
