"""Draws a drawer's report: in full on A4 or Letter, in short on an 80 mm roll."""

from collections.abc import Iterator, Sequence

from cashier_app.documents.drawer_report import DrawerReportData, Seal, TenderTypeLine
from cashier_app.documents.drawer_report_words import (
    hash_text,
    measure_text,
    measure_total,
    measures,
    nothing_note,
    report_facts,
    report_title,
    signed,
    verdict,
)
from cashier_app.documents.furniture import HEADER_BOTTOM, page_furniture
from cashier_app.documents.layout import (
    BODY,
    BODY_STRONG,
    LABEL,
    SMALL,
    Align,
    Ink,
    Sheet,
    Style,
    Weight,
    draw_pages,
    draw_roll,
    wrapped,
)
from cashier_app.documents.paper import Paper
from cashier_app.documents.short_report_drawing import draw_short_report
from cashier_app.documents.tables import (
    Column,
    Row,
    facts,
    money_column,
    paragraph,
    section,
    signatures,
    table,
    total_row,
)
from cashier_app.documents.text import amount_text

_VERDICT = Style(13, Weight.SEMI_BOLD)
_TYPES_PER_TABLE = 4
_ROW_HEIGHT = 18.0


def draw_drawer_report(data: DrawerReportData, paper: Paper) -> bytes:
    """Return the report as a PDF."""
    title = report_title(data)
    if paper is Paper.ROLL_80:
        return draw_roll(lambda sheet: draw_short_report(sheet, data), title=title)
    furniture = page_furniture(data.letterhead, title, f"{data.business_date} · {data.drawer}", data.imprint)
    return draw_pages(paper, furniture, lambda sheet: _content(sheet, data), title=title, top=HEADER_BOTTOM)


def _content(sheet: Sheet, data: DrawerReportData) -> None:
    for line in wrapped(verdict(data), _VERDICT, sheet.width):
        sheet.line(line, _VERDICT)
    sheet.skip(10)
    facts(sheet, report_facts(data), columns=4)
    _tender_types(sheet, data)
    _denominations(sheet, data)
    _over_unders(sheet, data)
    _checks(sheet, data)
    _turn_ins(sheet, data)
    _paid_in_out(sheet, data)
    _no_sales(sheet, data)
    _cancellations(sheet, data)
    sheet.skip(12)
    for note in (nothing_note(data), *data.notes):
        if note:
            paragraph(sheet, note)
    if data.seal is not None:
        _seal(sheet, data, data.seal)
    signatures(sheet, (("Cashier", data.owner), ("Supervisor", data.supervisor)))


def _money(data: DrawerReportData, amount: int) -> str:
    return amount_text(amount, data.currency, data.locale)


def _tender_types(sheet: Sheet, data: DrawerReportData) -> None:
    """The steps run downwards, so that each tender type adds up like a sum on paper; the last block has the totals."""
    section(sheet, "By tender type", data.currency)
    starts = range(0, len(data.lines), _TYPES_PER_TABLE)
    for start in starts:
        lines = data.lines[start : start + _TYPES_PER_TABLE]
        is_last = start == starts[-1]
        if start:
            sheet.skip(12)
            sheet.need((len(measures(data)) + 2) * _ROW_HEIGHT)  # a sum is read in one piece
        padding = _TYPES_PER_TABLE - len(lines) if start else 0  # columns stand below those of the first block
        titles = [*(line.tender_type for line in lines), *[""] * padding, "Total" if is_last else ""]
        columns = [Column("", 1.5), *(money_column(title, 1.2) for title in titles)]
        table(sheet, columns, _steps(data, lines, padding, has_total=is_last))


def _steps(data: DrawerReportData, lines: Sequence[TenderTypeLine], padding: int, *, has_total: bool) -> Iterator[Row]:
    empty = [""] * padding
    total = str(sum(line.count for line in data.lines)) if has_total else ""
    yield Row(("Tenders", *(str(line.count) for line in lines), *empty, total))
    for measure in measures(data):
        total = measure_total(data, measure) if has_total else ""
        yield Row(
            (measure.title, *(measure_text(data, line, measure) for line in lines), *empty, total),
            BODY_STRONG if measure.is_sum else BODY,
            is_total=measure.is_sum,
            warns_of_negatives=measure.is_variance,
        )


def _denominations(sheet: Sheet, data: DrawerReportData) -> None:
    for tender_type in dict.fromkeys(count.tender_type for count in data.denominations):
        counts = [count for count in data.denominations if count.tender_type == tender_type]
        section(sheet, f"Count of {tender_type}" if tender_type else "Count", data.currency)
        rows = [
            Row((_money(data, count.value), count.label or "loose", str(count.pieces), _money(data, count.amount)))
            for count in counts
        ]
        rows.append(total_row("", "", "", _money(data, sum(count.amount for count in counts))))
        columns = (
            money_column("Denomination", 1), Column("Packed", 2), money_column("Pieces", 1), money_column("Amount", 1.2)
        )  # fmt: skip
        table(sheet, columns, rows)


def _over_unders(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.over_unders:
        return
    section(sheet, "Over and under booked", data.currency)
    rows = [
        Row((line.tender_type, line.reason, line.approved_by or "within tolerance", signed(line.amount, data)))
        for line in data.over_unders
    ]
    table(sheet, (Column("Tender type", 1.4), Column("Reason", 3), Column("Approved by", 1.4), _amount()), rows)


def _checks(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.checks:
        return
    section(sheet, "Checks", data.currency)
    rows = [Row((line.number, line.payor, line.receipt_number, _money(data, line.amount))) for line in data.checks]
    total = _money(data, sum(line.amount for line in data.checks))
    rows.append(total_row(_counted(len(data.checks), "check"), "", "", total))
    table(sheet, (Column("Number", 1), Column("Payor", 3), Column("Receipt", 1.5), _amount()), rows)


def _turn_ins(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.turn_ins:
        return
    section(sheet, "Turn-ins", data.currency)
    rows = [
        Row((line.time, line.number, line.tender_type, line.received_by or "not yet", _money(data, line.amount)))
        for line in data.turn_ins
    ]
    rows.append(total_row("Total", "", "", "", _money(data, sum(line.amount for line in data.turn_ins))))
    columns = (Column("Time", 1), Column("Number", 1), Column("Tender type", 1.4), Column("Received by", 1.4))
    table(sheet, (*columns, _amount()), rows)


def _paid_in_out(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.paid_in_out:
        return
    section(sheet, "Paid in and out", data.currency)
    rows = [Row((line.time, line.reason, line.by, signed(line.amount, data))) for line in data.paid_in_out]
    table(sheet, (Column("Time", 1), Column("Reason", 3), Column("By", 1.2), _amount()), rows)


def _no_sales(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.no_sales:
        return
    section(sheet, "Drawer opened without a payment", _counted(len(data.no_sales), "opening"))
    rows = [Row((line.time, line.reason, line.by)) for line in data.no_sales]
    table(sheet, (Column("Time", 1), Column("Reason", 3), Column("By", 2.4)), rows)


def _cancellations(sheet: Sheet, data: DrawerReportData) -> None:
    if not data.cancellations:
        return
    section(sheet, "Cancellations", data.currency)
    rows = []
    for line in data.cancellations:
        people = f"{line.by}, {line.approved_by}" if line.approved_by else line.by
        amount = _money(data, line.amount)
        rows.append(Row((line.time, line.receipt_number, line.tender_type, line.reason, people, amount)))
    total = _money(data, sum(line.amount for line in data.cancellations))
    rows.append(total_row(_counted(len(rows), "item"), "", "", "", "", total))
    columns = (
        Column("Time", 0.8), Column("Receipt", 1.4), Column("Tender type", 1.2), Column("Reason", 2),
        Column("By, approved by", 1.5), _amount(),
    )  # fmt: skip
    table(sheet, columns, rows)


def _seal(sheet: Sheet, data: DrawerReportData, seal: Seal) -> None:
    """The figures that never reset, and the hashes that tie this report to the one before it."""
    height = 92.0
    sheet.need(height + 20)
    sheet.skip(16)
    top = sheet.y
    sheet.box(sheet.left, top, sheet.right, top + height, Ink.SHADE)
    figures = (
        ("Seal", f"Z {seal.z_number:06d}"),
        ("Branch and sequence", f"{seal.branch} / {seal.sequence}"),
        ("Payments ever", f"{seal.running_count:,d}"),
        ("Grand total, never reset", f"{data.currency} {_money(data, seal.running_total)}"),
    )
    width = (sheet.width - 24) / len(figures)
    for index, (label, figure) in enumerate(figures):
        x = sheet.left + 12 + index * width
        sheet.text(x, top + 17, label.upper(), LABEL)
        sheet.text(x, top + 30, figure, Style(10, Weight.SEMI_BOLD))
    for index, (label, value) in enumerate((("Previous hash", seal.previous_hash), ("Own hash", seal.own_hash))):
        y = top + 48 + index * 22
        sheet.text(sheet.left + 12, y, label.upper(), LABEL)
        sheet.text(sheet.left + 12, y + 10, hash_text(value), Style(8, ink=SMALL.ink))
    sheet.y = top + height


def _amount() -> Column:
    return Column("Amount", 1.2, Align.RIGHT)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
