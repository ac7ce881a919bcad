"""What can be done to an event, each as a form in place: cancel, transfer, add payments, place by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QPushButton

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.services.payments.cancellation import CancelTender, Charged
from cashier_app.services.queries.accounts import AgreementRow
from cashier_app.services.queries.events import PaymentRow, TenderRow
from cashier_app.ui.view_models.event import CancelPreview, Event
from cashier_app.ui.view_models.transfer import Targets, Transfer
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.targets import TargetsEditor
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, label
from cashier_app.ui.widgets.work_place import ActionSheet, Choice

Said = Callable[[str], None]


class EventSheet(ActionSheet):
    """A form whose command goes out through the event's view model."""

    def __init__(self, event: Event, said: Said, title: str, do_it: str, *, dangerous: bool = False) -> None:
        super().__init__(title, do_it, dangerous=dangerous)
        self._event, self._said = event, said
        self.wanted.connect(self.submit)
        self.follow(event.sending)

    def submit(self) -> None:
        """Send what is typed."""
        raise NotImplementedError

    def _done(self, sentence: str) -> Callable[[Any], None]:
        def done(_outcome: Any = None) -> None:
            self.close_sheet()
            self._said(sentence)

        return done


class CancelTenderSheet(EventSheet):
    """Takes a tender back, and says before what that brings with it."""

    def __init__(self, event: Event, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            event, said, translate("event", "Cancel a tender"), translate("event", "Cancel the tender"), dangerous=True
        )
        self._tender: TenderRow | None = None
        self.reason, self.bank = Choice(), Choice()
        self.all_tenders = QCheckBox(translate("event", "Cancel every tender of this event"))
        self.form.add("reason", translate("event", "Reason"), self.reason)
        self.form.add("bank_account", translate("event", "Bank account that pays it back"), self.bank)
        self.form.add("all_tenders", "", self.all_tenders)
        self.consequences = label(role="muted", wraps=True)
        self.body.addWidget(self.consequences)
        self.reason.currentIndexChanged.connect(self._ask_preview)
        self.bank.currentIndexChanged.connect(self._ask_preview)
        self.all_tenders.toggled.connect(self._ask_preview)

    def start(self, tender: TenderRow) -> None:
        """Open for a tender. Where cash went back over the counter, all tenders are proposed."""
        event = self._event
        event.sending.forget()
        self._tender = tender
        detail = event.detail
        tenders = detail.tenders if detail else ()
        gave_cash_back = any(row.amount < 0 and row.status == "VALID" for row in tenders)
        self.reason.offer([(reason.code, reason.words) for reason in event.choices.reasons])
        where = QCoreApplication.translate("event", "Where it was deposited")
        self.bank.offer([("", where), *event.choices.bank_accounts])
        self.all_tenders.setChecked(gave_cash_back)
        self.all_tenders.setEnabled(sum(row.status == "VALID" for row in tenders) > 1)
        words = manner(detail.currency) if detail else manner("USD")
        self.open_sheet(f"{tender.description} {tender.reference}  {words.with_currency(tender.amount)}")
        self._ask_preview()

    def submit(self) -> None:
        """See `EventSheet`."""
        command = self._command()
        if command is not None:
            self._event.cancel_tender(command, self._done(QCoreApplication.translate("event", "Tender canceled")))

    def _command(self) -> CancelTender | None:
        if self._tender is None:
            return None
        return CancelTender(
            tender_id=self._tender.tender_id,
            reason=self.reason.code,
            bank_account=self.bank.code,
            all_tenders=self.all_tenders.isChecked(),
        )

    def _ask_preview(self) -> None:
        command = self._command()
        if command is not None and self.isVisible():
            self._event.preview_cancel(command, self._show_preview)

    def _show_preview(self, preview: CancelPreview) -> None:
        names = dict(self._event.choices.charges)
        self.consequences.setText("\n".join(_consequences(preview, names)))
        charges = preview.canceled.charges if preview.canceled else ()
        carry(self.consequences, *(_charge(each, names) for each in charges))


def _consequences(preview: CancelPreview, names: dict[str, str]) -> list[str]:
    translate = QCoreApplication.translate
    if preview.canceled is None:
        return [preview.refusal]
    canceled = preview.canceled
    count = len(canceled.payment_ids)
    said = [translate("event", "Payments taken back: {count}.").format(count=count)]
    for charge in canceled.charges:
        amount = manner(charge.amount.currency).with_currency(charge.amount.minor)
        said.append(
            translate("event", "The payor is charged {amount}: {what}.").format(
                amount=amount, what=names.get(charge.adjustment_type) or charge.adjustment_type
            )
        )
    return [*said, *preview.warnings]


def _charge(charge: Charged, names: dict[str, str]) -> Named:
    """Nothing is charged yet: what its type proposes explains it."""
    return Named(
        names.get(charge.adjustment_type) or charge.adjustment_type,
        manner(charge.amount.currency).with_currency(charge.amount.minor),
        figure(FigureKind.CONTROL, "adjustment_type", charge.adjustment_type, 0),
    )


class CancelPaymentSheet(EventSheet):
    """Takes a payment back and leaves its tenders."""

    def __init__(self, event: Event, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            event,
            said,
            translate("event", "Cancel a payment"),
            translate("event", "Cancel the payment"),
            dangerous=True,
        )
        self._payment: PaymentRow | None = None
        self.reason = Choice()
        self.form.add("reason", translate("event", "Reason"), self.reason)

    def start(self, payment: PaymentRow) -> None:
        """Open for a payment."""
        event = self._event
        event.sending.forget()
        self._payment = payment
        self.reason.offer([(reason.code, reason.words) for reason in event.choices.reasons if not reason.nsf_charge])
        words = QCoreApplication.translate(
            "event", "{name} {amount}. The tenders stay: the event must then be given to somebody else."
        )
        currency = event.detail.currency if event.detail else "USD"
        self.open_sheet(words.format(name=payment.name, amount=manner(currency).with_currency(payment.amount)))

    def submit(self) -> None:
        """See `EventSheet`."""
        if self._payment is not None:
            done = self._done(QCoreApplication.translate("event", "Payment canceled"))
            self._event.cancel_payment(self._payment.payment_id, self.reason.code, done)


class TransferSheet(EventSheet):
    """Gives a payment to one account, with its payor or without, or shares it among several."""

    def __init__(self, event: Event, transfer: Transfer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            event, said, translate("event", "Transfer a payment"), translate("event", "Transfer the payment")
        )
        self.transfer = transfer
        self.reason = Choice()
        self.targets = TargetsEditor(transfer)
        self.whole_event = QCheckBox(translate("event", "The payor was wrong too: tenders move to the new account"))
        self.freeze = QCheckBox(translate("event", "Freeze at once"))
        self.form.add("reason", translate("event", "Reason"), self.reason)
        self.form.add("targets", "", self.targets)
        self.form.add("whole_event", "", self.whole_event)
        self.form.add("freeze", "", self.freeze)
        self._preview_title = SectionLabel(translate("event", "Where the money will go"))
        self._preview = FactList()
        self._preview_problem = label(role="danger", wraps=True)
        for part in (self._preview_title, self._preview, self._preview_problem):
            self.body.addWidget(part)
        self._asked: object = None
        transfer.changed.connect(self._render)
        transfer.sending.changed.connect(self._follow_transfer)
        transfer.sending.stale.connect(event.told)
        for box in (self.whole_event, self.freeze):
            box.toggled.connect(self._render)
        self.reason.currentIndexChanged.connect(self._render)

    def start(self, payment: PaymentRow) -> None:
        """Open for a payment."""
        event = self._event
        currency = event.detail.currency if event.detail else "USD"
        self.reason.offer([(reason.code, reason.words) for reason in event.choices.reasons if reason.blames_nobody])
        self.whole_event.setChecked(False)
        self.freeze.setChecked(True)
        self._asked = None
        self.transfer.start_with(payment, currency)
        words = manner(currency).with_currency(payment.amount)
        self.open_sheet(f"{payment.name}  {words}", focus=self.targets.search)

    def submit(self) -> None:
        """See `EventSheet`."""
        done = self._done(QCoreApplication.translate("event", "Payment transferred"))
        self.transfer.send(self._command(), done, self._event.seen_event)

    def _command(self) -> Any:
        return self.transfer.command(
            self.reason.code, whole_event=self.whole_event.isChecked(), freeze=self.freeze.isChecked()
        )

    def _render(self) -> None:
        if self.transfer.payment is None:
            return
        one = len(self.transfer.targets) == 1
        self.whole_event.setEnabled(one)
        if not one and self.whole_event.isChecked():
            self.whole_event.setChecked(False)
        words = manner(self.transfer.currency or "USD")
        self._preview.show_facts(
            [
                Fact(f"{row.name} · {row.agreement}", words.text(row.amount), amount=True, figure=row.figure)
                for row in self.transfer.preview
            ]
        )
        self._preview_title.setVisible(bool(self.transfer.preview))
        self._preview_problem.setText(self.transfer.preview_problem)
        self._preview_problem.setVisible(bool(self.transfer.preview_problem))
        command = self._command()
        if command != self._asked:
            self._asked = command
            self.transfer.show_preview(command)

    def _follow_transfer(self) -> None:
        if self.isVisible():
            self.show_busy(busy=self.transfer.sending.busy)
            self.show_problems(self.transfer.sending.problems)


class AddPaymentsSheet(EventSheet):
    """Gives what an unbalanced event still holds to accounts."""

    def __init__(self, event: Event, targets: Targets, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(event, said, translate("event", "Add payments"), translate("event", "Add the payments"))
        self.targets = targets
        self.editor = TargetsEditor(targets)
        self.freeze = QCheckBox(translate("event", "Freeze at once"))
        self.form.add("payments", "", self.editor)
        self.form.add("finish", "", self.freeze)

    def start(self) -> None:
        """Open for what is left."""
        detail = self._event.detail
        if detail is None:
            return
        self._event.sending.forget()
        self.freeze.setChecked(True)
        self.targets.start(max(0, detail.unbalanced_by), detail.currency)
        words = QCoreApplication.translate("event", "The event holds {amount} that nobody was given.")
        amount = manner(detail.currency).with_currency(detail.unbalanced_by)
        self.open_sheet(words.format(amount=amount), focus=self.editor.search)

    def submit(self) -> None:
        """See `EventSheet`."""
        shares = [(target.account_id, target.amount) for target in self.targets.targets]
        done = self._done(QCoreApplication.translate("event", "Payments added"))
        self._event.add_payments(shares, done, freeze=self.freeze.isChecked())


class PlaceSheet(EventSheet):
    """Places a payment on agreements by hand."""

    def __init__(self, event: Event, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(event, said, translate("event", "Place by hand"), translate("event", "Place the payment"))
        self._payment: PaymentRow | None = None
        self.amounts: dict[int, MoneyEdit] = {}
        self._left = label(role="muted")
        self.body.addWidget(self._left)
        self.rest = QPushButton(translate("event", "Put the rest here"))
        self.rest.setProperty("kind", "quiet")
        self.body.addWidget(self.rest)
        self.rest.clicked.connect(self._put_rest)
        self._last: MoneyEdit | None = None

    def start(self, payment: PaymentRow) -> None:
        """Open for a payment; its agreements are read first."""
        self._event.sending.forget()
        self._payment = payment
        self._event.read_agreements(payment.account_id, self._show)

    def submit(self) -> None:
        """See `EventSheet`."""
        if self._payment is not None:
            amounts = {sa_id: edit.value or 0 for sa_id, edit in self.amounts.items()}
            done = self._done(QCoreApplication.translate("event", "Payment placed"))
            self._event.place(self._payment.payment_id, amounts, done)

    def _show(self, agreements: tuple[AgreementRow, ...]) -> None:
        payment = self._payment
        if payment is None:
            return
        placed = {segment.sa_id: segment.amount for segment in payment.segments}
        self.form.clear()
        self.amounts = {}
        for row in agreements:
            words = manner(row.currency)
            edit = MoneyEdit(row.description, words, negative=True)
            edit.set_value(placed.get(row.sa_id) or None)
            owes = QCoreApplication.translate("event", "{agreement}, owes {amount}")
            title = owes.format(agreement=row.description, amount=words.balance(row.current_balance))
            self.form.add(f"segments.{len(self.amounts) + 1}", title, edit)
            self.amounts[row.sa_id] = edit
            edit.value_changed.connect(lambda _value, edit=edit: self._typed(edit))
        self._last = next(iter(self.amounts.values()), None)
        self.open_sheet(payment.name, focus=self._last)
        self._show_left()

    def _typed(self, edit: MoneyEdit) -> None:
        self._last = edit
        self._show_left()

    def _put_rest(self) -> None:
        if self._last is not None:
            self._last.set_value((self._last.value or 0) + self._unplaced())

    def _unplaced(self) -> int:
        amount = self._payment.amount if self._payment else 0
        return amount - sum(edit.value or 0 for edit in self.amounts.values())

    def _show_left(self) -> None:
        left = self._unplaced()
        currency = self._event.detail.currency if self._event.detail else "USD"
        words = QCoreApplication.translate("event", "Still to be placed: {amount}")
        self._left.setText(words.format(amount=manner(currency).with_currency(left)) if left else "")
        self.rest.setVisible(bool(left))
