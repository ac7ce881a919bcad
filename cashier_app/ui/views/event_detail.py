"""An event's facts: the info line, tenders, payments down to their GL lines, prints."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.booked import BookedView
from cashier_app.services.queries.events import EventDetail, EventState, PaymentRow, SegmentRow, TenderRow
from cashier_app.ui import look
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.views.event_booked import BookedFacts
from cashier_app.ui.views.ledger_words import ft_branch, manner, status_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import Heading as ScreenHeading

_CELLS = 4
_AMOUNT = 3


class EventFacts(QWidget):
    """Shows an event; the keys choose the tender or payment that an action is about."""

    def __init__(self) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self.heading = ScreenHeading("")
        self.badge = StatusBadge()
        self.heading.add(self.badge)
        self._trouble = label(role="danger", wraps=True)
        self._facts = FactList()
        self.tenders = TreeView(
            translate("event", "Tenders"),
            (
                Heading(translate("event", "Tender"), stretch=2, sample="Money order 12345"),
                Heading(translate("event", "From"), stretch=2, sample="Jane Masters"),
                Heading(translate("event", "Drawer"), stretch=1, sample="CASH-A01, balanced"),
                amount_heading(translate("event", "Amount")),
            ),
        )
        self.payments = TreeView(
            translate("event", "Payments"),
            (
                Heading(translate("event", "Account"), sample="0000100 0018-7"),
                Heading(translate("event", "Who, agreement, account of the books"), stretch=3),
                Heading(translate("event", "State"), stretch=1, sample="to be frozen"),
                amount_heading(translate("event", "Amount")),
            ),
        )
        self.booked = BookedFacts()
        self._prints = label(role="muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        column.addWidget(self._trouble)
        column.addWidget(self._facts)
        for words, part in (
            (translate("event", "What was handed over"), self.tenders),
            (translate("event", "Whom it paid"), self.payments),
            (translate("event", "Receipt"), self._prints),
        ):
            if part is self._prints:
                column.addWidget(self.booked)
            column.addSpacing(look.SPACE * 2)
            column.addWidget(SectionLabel(words))
            column.addWidget(part)
        for tree in (self.tenders, self.payments):
            tree.expanded.connect(lambda _index, tree=tree: tree.fit(30))
            tree.collapsed.connect(lambda _index, tree=tree: tree.fit(30))

    def show_detail(self, detail: EventDetail) -> None:
        """Show an event."""
        words = manner(detail.currency)
        self.heading.show_words(words.with_currency(detail.amount), detail.info)
        carry(
            self.heading,
            Named(
                QCoreApplication.translate("event", "Paid"),
                words.text(detail.amount),
                figure(FigureKind.EVENT, detail.event_id, "amount"),
            ),
        )
        self.badge.show_state(*status_words(detail.state.value))
        self._trouble.setText(_trouble(detail))
        self._trouble.setVisible(bool(detail.unbalanced_by))
        missing = figure(FigureKind.EVENT, detail.event_id, "unbalanced")
        carry(self._trouble, Named(self._trouble.text(), words.text(detail.unbalanced_by), missing))
        self._facts.show_facts(_facts(detail))
        self.tenders.show_branches([_tender_branch(row, detail) for row in detail.tenders])
        self.payments.show_branches([_payment_branch(row, detail) for row in detail.payments])
        for tree in (self.tenders, self.payments):
            tree.go_to_first()
            tree.fit(30)
        self._prints.setText(_prints(detail))

    def show_booked(self, detail: EventDetail, booked: BookedView | None) -> None:
        """At a branch: show what the server made of it, or that it has not told yet."""
        self.booked.show_booked(detail, booked)
        if booked is not None and detail.state in {EventState.RECORDED, EventState.CANCELED}:
            self.badge.show_state(*status_words(booked.state.value))

    @property
    def tender(self) -> TenderRow | None:
        """The tender the keys are on."""
        row = self.tenders.current_row()
        return row if isinstance(row, TenderRow) else None

    @property
    def payment(self) -> PaymentRow | None:
        """The payment the keys are on or in."""
        row = self.payments.current_row()
        return row if isinstance(row, PaymentRow) else None


def _trouble(detail: EventDetail) -> str:
    translate = QCoreApplication.translate
    amount = manner(detail.currency).with_currency(abs(detail.unbalanced_by))
    if detail.unbalanced_by > 0:
        words = translate("event", "{amount} was handed over and given to nobody: add payments, or cancel its tender.")
    else:
        words = translate("event", "{amount} more was paid than handed over: cancel a payment.")
    return words.format(amount=amount)


def _facts(detail: EventDetail) -> list[Fact]:
    translate = QCoreApplication.translate
    receipt = detail.receipt_number or translate("event", "none yet: the event is not frozen")
    facts = [
        (translate("event", "Receipt"), receipt),
        (translate("event", "Paid on"), when.day(detail.pay_date)),
        (translate("event", "Taken"), f"{when.moment(detail.created_at)}, {detail.created_by}"),
        (translate("event", "Note"), detail.note),
    ]
    return [Fact(name, value) for name, value in facts if value]


def _tender_branch(row: TenderRow, detail: EventDetail) -> Branch:
    translate = QCoreApplication.translate
    words = manner(detail.currency)
    canceled = row.status == "CANCELED"
    name = " ".join(part for part in (row.description or row.tender_type, row.reference) if part)
    if row.cash_back_of is not None:
        name = translate("event", "Cash back")
    if canceled:
        name = translate("event", "{name}, canceled").format(name=name)
    drawer = row.tender_source
    if row.control_status:
        drawer = f"{drawer}, {status_words(row.control_status)[0]}"
    about = []
    if row.amount_change:
        about.append(
            translate("event", "{handed} handed over, {change} change").format(
                handed=words.text(row.amount_tendered or 0), change=words.text(row.amount_change)
            )
        )
    if row.remitter:
        about.append(translate("event", "Handed over by {name}").format(name=row.remitter))
    if row.micr:
        about.append(translate("event", "Check line {micr}").format(micr=row.micr))
    if canceled:
        words_canceled = translate("event", "Canceled {moment} by {user}: {reason}")
        about.append(
            words_canceled.format(moment=when.moment(row.canceled_at), user=row.canceled_by, reason=row.cancel_reason)
        )
        if row.canceled_after_balance:
            about.append(translate("event", "It stays in its drawer's count: that was made before."))
    return Branch(
        (name, f"{row.payor_name}", drawer, words.text(row.amount)),
        key=row.tender_id,
        row=row,
        below=tuple(Branch((line,), role="muted", tips=(line,)) for line in about),
        role="muted" if canceled else "",
        struck=canceled,
        tips=(name, f"{row.payor_name} {row.payor_number}", drawer),
        figures=(*[NO_FIGURE] * _AMOUNT, figure(FigureKind.TENDER, row.tender_id)),
    )


def _payment_branch(row: PaymentRow, detail: EventDetail) -> Branch:
    translate = QCoreApplication.translate
    words = manner(detail.currency)
    status, _ = status_words(row.status)
    canceled = row.status == "CANCELED"
    about = []
    if row.error_message:
        about.append(Branch(("", row.error_message), role="danger", tips=("", row.error_message)))
    if row.distributed_by:
        rule = translate("event", "Distributed by {rule}").format(rule=row.distributed_by)
        about.append(Branch(("", rule), role="muted", tips=("", rule)))
    if row.cancel_reason:
        about.append(
            Branch(("", translate("event", "Canceled: {reason}").format(reason=row.cancel_reason)), role="muted")
        )
    if row.transferred_from:
        about.append(Branch(("", translate("event", "Took the place of another payment")), role="muted"))
    return Branch(
        (row.account_number, row.name, status, words.text(row.amount)),
        key=row.payment_id,
        row=row,
        below=(*(_segment_branch(segment, detail) for segment in row.segments), *about),
        role="muted" if canceled else "",
        struck=canceled,
        tips=(row.account_number, row.name),
        figures=(*[NO_FIGURE] * _AMOUNT, figure(FigureKind.PAYMENT, row.payment_id)),
    )


def _segment_branch(row: SegmentRow, detail: EventDetail) -> Branch:
    amount = manner(detail.currency).text(row.amount)
    return Branch(
        ("", row.description or row.sa_type, "", amount),
        key=("segment", row.segment_id),
        below=tuple(ft_branch(ft, _CELLS, _AMOUNT, detail.pay_date) for ft in row.fts),
        figures=(*[NO_FIGURE] * _AMOUNT, figure(FigureKind.SEGMENT, row.segment_id)),
    )


def _prints(detail: EventDetail) -> str:
    translate = QCoreApplication.translate
    if not detail.prints:
        return translate("event", "Not printed yet.")
    lines = []
    for print_ in detail.prints:
        kind = (
            translate("event", "Original") if not print_.copy else translate("event", "Copy {n}").format(n=print_.copy)
        )
        line = f"{kind}: {when.moment(print_.printed_at)}, {print_.printed_by}"
        failed = translate("event", "{print}: did not come out").format(print=line)
        lines.append(failed if print_.has_failed else line)
    return "\n".join(lines)
